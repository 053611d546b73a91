"""What plans and states say once they are parsed, and what must not survive parsing."""

from typing import Any

import pytest

from fivetabs.providers.terraform.port import PlanRaw
from fivetabs.providers.terraform.shapes.changes import ResourceChange, parse_change
from fivetabs.providers.terraform.shapes.plans import Planned, parse_plan


def changed(before: Any, after: Any, **parts: Any) -> ResourceChange:
    reason = parts.pop("reason", "")
    change = {"actions": ["update"], "before": before, "after": after, **parts}
    raw = {"address": "a.b", "type": "a", "mode": "managed", "change": change}
    return parse_change({**raw, "action_reason": reason}, frozenset())


def told(change: ResourceChange) -> list[str]:
    return [str(field) for field in change.fields]


def test_only_what_differs_is_told_by_its_path() -> None:
    before = {"a": 1, "tags": {"x": "1", "y": "2"}, "disk": [{"size": 8, "type": "gp3"}]}
    after = {"a": 1, "tags": {"x": "1", "z": "3"}, "disk": [{"size": 9, "type": "gp3"}]}
    assert told(changed(before, after)) == [
        "disk[0].size: 8 → 9",
        "tags.y: 2 → null",
        "tags.z: null → 3",
    ]


def test_what_is_known_only_after_apply_says_so() -> None:
    change = changed({"id": "1", "n": 1}, {"n": 2}, after_unknown={"id": True})
    assert told(change) == ["n: 1 → 2", "id: 1 → (known after apply)"]


def test_lists_that_grow_are_told_whole() -> None:
    grown = '["a"] → ["a","b"]'
    assert told(changed({"l": ["a"]}, {"l": ["a", "b"]})) == [f"l: {grown}"]


def test_the_forcing_attribute_comes_first() -> None:
    change = changed({"a": 1, "z": 1}, {"a": 2, "z": 2}, replace_paths=[["z"]])
    assert [(field.path, field.forces) for field in change.fields] == [("z", True), ("a", False)]
    assert change.forced_by == ("z",)


@pytest.mark.parametrize(
    ("before", "after", "marks"),
    [
        ({"v": "hush-one"}, {"v": "hush-two"}, {"v": True}),
        ({"v": {"deep": ["hush-one"]}}, {"v": {"deep": ["hush-two"]}}, {"v": {"deep": [True]}}),
        ({"v": ["hush-one"]}, {"v": ["hush-one", "hush-two"]}, {"v": [True]}),
        ({"v": ["x", "hush-one"]}, {"v": ["y", "hush-one", "z"]}, {"v": [False, True]}),
        ({"master_password": "hush-one"}, {"master_password": "hush-two"}, {}),
        ({"env": {"DB_PASSWORD": "hush-one"}}, {"env": {"DB_PASSWORD": "hush-two"}}, {}),
        ({"l": [{"token": "hush-one"}]}, {"l": []}, {}),
        ({"user_data": "hush-one"}, {"user_data": "hush-two"}, {}),
        ({"url": "postgres://u:hush-one@h/db"}, {"url": "postgres://u:hush-two@h/db"}, {}),
        ({"json": '{"password": "hush-one"}'}, {"json": '{"password": "hush-two"}'}, {}),
        ({"a": None}, {"a": "-----BEGIN RSA PRIVATE KEY----- hush-one"}, {}),
    ],
)
def test_sensitive_values_do_not_survive_parsing(before: Any, after: Any, marks: Any) -> None:
    change = changed(before, after, before_sensitive=marks, after_sensitive=marks)
    assert change.fields
    assert "hush" not in str(change)


def test_a_secret_known_from_one_place_is_masked_in_another() -> None:
    marked = {"v": True}
    entry = {
        "address": "a.b",
        "type": "a",
        "mode": "managed",
        "change": {
            "actions": ["create"],
            "before": None,
            "after": {"v": "hush-hush", "copy": "user:hush-hush"},
            "after_sensitive": marked,
        },
    }
    outputs = {"url": {"actions": ["create"], "before": None, "after": "see hush-hush"}}
    plan = planned(resource_changes=[entry], output_changes=outputs)
    assert "hush" not in str(plan)
    assert plan.outputs[0].fields[0].after == "<sensitive>"


def test_a_sensitive_variable_is_masked_wherever_it_is_used() -> None:
    entry = {
        "address": "a.b",
        "type": "a",
        "change": {"actions": ["create"], "before": None, "after": {"x": "the-pass-phrase"}},
    }
    plan = planned(
        variables={"p": {"value": "the-pass-phrase"}},
        configuration={"root_module": {"variables": {"p": {"sensitive": True}}}},
        resource_changes=[entry],
    )
    assert "the-pass-phrase" not in str(plan)


def planned(**plan: Any) -> Planned:
    return parse_plan(PlanRaw("infra/x", "default", "local", plan))


def drifted(change: dict[str, Any] | None, drift: dict[str, Any]) -> Planned:
    entry = {"address": "a.b", "type": "a", "mode": "managed"}
    changes = [{**entry, "change": change}] if change else []
    return planned(resource_drift=[{**entry, "change": drift}], resource_changes=changes)


DRIFT = {"actions": ["update"], "before": {"size": "m"}, "after": {"size": "s"}}


@pytest.mark.parametrize(
    ("change", "drift", "then"),
    [
        (None, DRIFT, "leave"),
        ({"actions": ["no-op"], "before": {}, "after": {}}, DRIFT, "leave"),
        ({"actions": ["update"], "before": {"size": "s"}, "after": {"size": "m"}}, DRIFT, "revert"),
        ({"actions": ["update"], "before": {"size": "s"}, "after": {"size": "l"}}, DRIFT, "change"),
        (
            {"actions": ["create"], "before": None, "after": {"size": "m"}},
            {"actions": ["delete"], "before": {"size": "m"}, "after": None},
            "revert",
        ),
    ],
)
def test_drift_is_told_apart_from_change(change: Any, drift: Any, then: str) -> None:
    plan = drifted(change, drift)
    assert [each.planned for each in plan.drift] == [then]


def test_a_move_that_changes_nothing_is_no_drift() -> None:
    assert drifted(None, {"actions": ["no-op"], "before": {"a": 1}, "after": {"a": 1}}).drift == ()


def test_every_action_has_its_word() -> None:
    words = {"delete create": "replace", "create delete": "replace", "delete": "destroy"}
    for actions, word in (words | {"forget": "forget", "odd": "odd"}).items():
        raw = {"address": "a.b", "change": {"actions": actions.split()}}
        assert parse_change(raw, frozenset()).action == word


def test_provisioners_of_what_changes_are_named_in_modules_too() -> None:
    inner = {"address": "a.b", "provisioners": [{"type": "local-exec"}]}
    idle = {"address": "a.idle", "provisioners": [{"type": "remote-exec"}]}
    module = {"resources": [inner, idle]}
    plan = planned(
        resource_changes=[
            {"address": 'module.m["k"].a.b[0]', "change": {"actions": ["create"]}},
            {"address": "module.m.a.idle", "change": {"actions": ["no-op"]}},
        ],
        configuration={"root_module": {"module_calls": {"m": {"module": module}}}},
    )
    assert [(each.address, each.type) for each in plan.provisioners] == [
        ("module.m.a.b", "local-exec")
    ]


def test_deferred_changes_make_a_plan_incomplete() -> None:
    plan = planned(
        complete=False,
        deferred_changes=[
            {"reason": "provider_config_unknown", "resource_change": {"address": "a.b"}}
        ],
    )
    assert plan.deferred == ("a.b (provider config unknown)",)
    assert not plan.complete
