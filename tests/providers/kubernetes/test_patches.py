"""Patches worked out: exact differences, what would be lost by them, and hostile ones."""

import json
import random
from copy import deepcopy
from typing import Any

import pytest

from fivetabs.core import Conflict, Denied, Fault, Invalid
from fivetabs.core.quoting import hidden, unmarked
from fivetabs.providers.kubernetes.demo import make_world
from fivetabs.providers.kubernetes.demo.merging import merge
from fivetabs.providers.kubernetes.port import Edit, Field, Json, path_of, writable
from fivetabs.providers.kubernetes.shapes.deltas import deltas
from fivetabs.providers.kubernetes.shapes.drafts import check_bookkeeping, parse_wish
from fivetabs.providers.kubernetes.shapes.drops import check_drops, worked_out
from fivetabs.providers.kubernetes.shapes.edits import (
    Change,
    edit_of,
    edited,
    operations,
    undoing,
    written,
)
from fivetabs.providers.kubernetes.shapes.identity import as_patch, taken_back
from fivetabs.providers.kubernetes.shapes.json_patches import Untrue, apply_patch
from fivetabs.providers.kubernetes.shapes.pointers import look_up, pointer, tokens_of

# The examples of RFC 6902's appendix A: document, patch, and what comes of it (None: an error).
RFC_6902: tuple[tuple[Any, list[Json], Any], ...] = (
    ({"foo": "bar"}, [{"op": "add", "path": "/baz", "value": "qux"}], {"baz": "qux", "foo": "bar"}),
    (
        {"foo": ["bar", "baz"]},
        [{"op": "add", "path": "/foo/1", "value": "qux"}],
        {"foo": ["bar", "qux", "baz"]},
    ),
    ({"baz": "qux", "foo": "bar"}, [{"op": "remove", "path": "/baz"}], {"foo": "bar"}),
    ({"foo": ["bar", "qux", "baz"]}, [{"op": "remove", "path": "/foo/1"}], {"foo": ["bar", "baz"]}),
    ({"baz": "qux"}, [{"op": "replace", "path": "/baz", "value": "boo"}], {"baz": "boo"}),
    (
        {"foo": {"bar": "baz", "waldo": "fred"}, "qux": {"corge": "grault"}},
        [{"op": "move", "from": "/foo/waldo", "path": "/qux/thud"}],
        {"foo": {"bar": "baz"}, "qux": {"corge": "grault", "thud": "fred"}},
    ),
    (
        {"foo": ["all", "grass", "cows", "eat"]},
        [{"op": "move", "from": "/foo/1", "path": "/foo/3"}],
        {"foo": ["all", "cows", "eat", "grass"]},
    ),
    (
        {"baz": "qux", "foo": ["a", 2, "c"]},
        [
            {"op": "test", "path": "/baz", "value": "qux"},
            {"op": "test", "path": "/foo/1", "value": 2},
        ],
        {"baz": "qux", "foo": ["a", 2, "c"]},
    ),
    ({"baz": "qux"}, [{"op": "test", "path": "/baz", "value": "bar"}], None),
    (
        {"foo": "bar"},
        [{"op": "add", "path": "/child", "value": {"grandchild": {}}}],
        {"child": {"grandchild": {}}, "foo": "bar"},
    ),
    ({"foo": "bar"}, [{"op": "add", "path": "/baz/bat", "value": "qux"}], None),
    ({"/": 9, "~1": 10}, [{"op": "test", "path": "/~01", "value": 10}], {"/": 9, "~1": 10}),
    ({"/": 9, "~1": 10}, [{"op": "test", "path": "/~01", "value": "10"}], None),
    (
        {"foo": ["bar"]},
        [{"op": "add", "path": "/foo/-", "value": ["abc", "def"]}],
        {"foo": ["bar", ["abc", "def"]]},
    ),
)


@pytest.mark.parametrize(("document", "patch", "wanted"), RFC_6902)
def test_a_json_patch_does_what_the_rfc_says(
    document: Json, patch: list[Json], wanted: Any
) -> None:
    before = deepcopy(document)
    if wanted is None:
        with pytest.raises(Invalid):
            apply_patch(document, patch)
    else:
        assert apply_patch(document, patch) == wanted
    assert document == before


@pytest.mark.parametrize(
    "path", ["/a/01", "/a/-1", "/a/+1", "/a/1e1", "/a/٣", "/a/3", "/a/9999999"]
)
def test_what_is_no_index_of_a_list_leads_nowhere(path: str) -> None:
    with pytest.raises(Invalid, match="there is nothing at"):
        apply_patch({"a": [1, 2, 3]}, [{"op": "replace", "path": path, "value": 0}])


def test_true_is_not_one_to_a_test() -> None:
    with pytest.raises(Untrue):
        apply_patch({"a": 1}, [{"op": "test", "path": "/a", "value": True}])


def test_a_pointer_is_escaped_and_read_back() -> None:
    names = ("metadata", "annotations", "a~b/c~1")
    assert pointer(*names) == "/metadata/annotations/a~0b~1c~01"
    assert tokens_of(pointer(*names)) == names
    assert look_up({"metadata": {"annotations": {"a~b/c~1": 7}}}, pointer(*names)) == 7


DEPLOYMENT: Json = make_world().objects["/apis/apps/v1/namespaces/shop/deployments/orders-api"]


def scrambled(raw: Json, drawn: random.Random) -> Json:
    """The object with some of its pods' containers, variables, ports and numbers changed."""
    made = deepcopy(raw)
    spec = made["spec"]["template"]["spec"]
    names = ["orders-api", "side", "proxy", "agent"]
    drawn.shuffle(names)
    spec["containers"] = [
        {
            "name": name,
            "image": f"registry.example/{name}:{drawn.randint(1, 3)}",
            "env": [
                {"name": each, "value": str(drawn.randint(0, 2))}
                for each in drawn.sample(["A", "B", "C", "D"], drawn.randint(0, 4))
            ],
            "args": drawn.sample(["-a", "-b", "-c"], drawn.randint(0, 3)),
            "ports": [
                {"containerPort": p} for p in drawn.sample([80, 443, 8080], drawn.randint(1, 3))
            ],
        }
        for name in names[: drawn.randint(1, 4)]
    ]
    spec["tolerations"] = [
        {"key": each, "operator": "Exists"}
        for each in drawn.choices(["x", "y", "z"], k=drawn.randint(0, 4))
    ]
    made["metadata"]["labels"] = {k: str(drawn.randint(0, 2)) for k in drawn.sample("abc", 2)}
    if drawn.random() < 0.5:
        del spec["tolerations"]
    return made


@pytest.mark.parametrize("seed", range(120))
def test_the_changes_lead_from_before_to_after_and_back(seed: int) -> None:
    """The differences of any two forms of an object, its edit's patch, and their inverse."""
    drawn = random.Random(seed)  # noqa: S311
    before, after = scrambled(DEPLOYMENT, drawn), scrambled(DEPLOYMENT, drawn)
    changes = edited(before, after)
    made = apply_patch(before, list(operations(changes)))
    assert written(made) == written(after)
    assert written(apply_patch(before, as_patch(before, edit_of(before, changes)))) == written(
        after
    )
    assert written(apply_patch(after, undoing(changes))) == written(before)
    assert len(deltas(before, changes)) >= len(changes)
    assert taken_back(after, edit_of(before, changes)) == ""


@pytest.mark.parametrize("seed", range(40))
def test_an_undo_is_a_patch_that_drops_nothing_unnamed(seed: int) -> None:
    drawn = random.Random(seed)  # noqa: S311
    before, after = scrambled(DEPLOYMENT, drawn), scrambled(DEPLOYMENT, drawn)
    back = parse_wish(undoing(edited(before, after)), "Deployment", "shop", "orders-api")
    assert written(worked_out(after, back.body)) == written(before)


def test_an_index_means_the_element_that_was_looked_at() -> None:
    """Somebody puts a sidecar in front: the image of the wrong container would be written."""
    after = deepcopy(DEPLOYMENT)
    after["spec"]["template"]["spec"]["containers"][0]["image"] = "registry.example/other:2"
    edit = edit_of(DEPLOYMENT, edited(DEPLOYMENT, after))
    moved = deepcopy(DEPLOYMENT)
    containers = moved["spec"]["template"]["spec"]["containers"]
    containers.insert(0, {"name": "proxy", "image": containers[0]["image"]})
    with pytest.raises(
        Conflict, match=r"containers\[proxy\].name of Deployment/orders-api was changed"
    ):
        as_patch(moved, edit)


def test_what_moves_by_itself_is_no_part_of_an_edit() -> None:
    after = deepcopy(DEPLOYMENT)
    after["spec"]["replicas"] = 5
    busy = deepcopy(DEPLOYMENT)
    busy["metadata"] |= {
        "resourceVersion": "99",
        "generation": 7,
        "managedFields": [{"manager": "x"}],
    }
    busy["status"]["replicas"] = 1
    changed = deepcopy(after)
    changed["status"] = busy["status"]
    assert edit_of(DEPLOYMENT, edited(DEPLOYMENT, after)) == edit_of(busy, edited(busy, changed))


def test_a_step_holds_no_value_that_stood_there_before() -> None:
    before = deepcopy(DEPLOYMENT)
    container = before["spec"]["template"]["spec"]["containers"][0]
    container["env"] = [{"name": "API_PASSWORD", "value": "correct-horse"}]
    after = deepcopy(before)
    after["spec"]["template"]["spec"]["containers"][0]["env"][0]["value"] = "battery-staple"
    changes = edited(before, after)
    assert "correct-horse" not in repr(edit_of(before, changes))
    (shown,) = deltas(before, changes)
    assert (list(hidden(shown.before)), list(hidden(shown.after))) == (
        ["correct-horse"],
        ["battery-staple"],
    )


def told(before: Json, after: Json) -> list[str]:
    return [unmarked(str(each)) for each in deltas(before, edited(before, after))]


def config(**data: str) -> Json:
    meta = {"name": "c", "namespace": "shop", "uid": "u"}
    return {"kind": "ConfigMap", "metadata": meta, "data": data}


def test_of_a_long_text_the_lines_that_differ_are_shown() -> None:
    lines = [f"line {number}" for number in range(200)]
    changed = [*lines[:50], "LINE 50", *lines[51:120], *lines[122:], "the end"]
    assert told(config(a="\n".join(lines)), config(a="\n".join(changed))) == [
        "data.a, line 51: line 50 -> LINE 50",
        "data.a, line 121: line 120\nline 121 -> none",
        "data.a, line 201: none -> the end",
    ]


def test_of_a_long_line_what_differs_is_shown() -> None:
    assert told(config(a=f"{'x' * 300}A{'y' * 300}"), config(a=f"{'x' * 300}B{'y' * 300}")) == [
        f"data.a: ...{'x' * 20}A{'y' * 20}... -> ...{'x' * 20}B{'y' * 20}..."
    ]


def test_a_secret_in_a_file_of_settings_is_only_marked() -> None:
    before = config(**{"app.env": "URL=http://a\nDB_PASSWORD=correct-horse\n"})
    after = config(**{"app.env": "URL=http://a\nDB_PASSWORD=battery-staple\n"})
    (shown,) = deltas(before, edited(before, after))
    assert list(hidden(shown.after)) == ["battery-staple"]
    assert "correct-horse" not in unmarked(shown.before.replace("\ue002correct-horse\ue003", ""))


LOST: tuple[tuple[Json, str], ...] = (
    ({"spec": {"template": {"spec": {"tolerations": []}}}}, "tolerations/0"),
    ({"spec": {"template": {"spec": {"tolerations": [{"key": "z"}]}}}}, "tolerations/0"),
)


@pytest.mark.parametrize(("patch", "what"), LOST)
def test_a_merge_patch_that_forgets_elements_of_a_nameless_list_is_refused(
    patch: Json, what: str
) -> None:
    before = deepcopy(DEPLOYMENT)
    before["spec"]["template"]["spec"]["tolerations"] = [{"key": "x"}, {"key": "y"}]
    with pytest.raises(Invalid, match=what):
        check_drops(before, merge(before, patch), patch)


NAMED: tuple[Json, ...] = (
    {"spec": {"template": {"spec": {"containers": [{"name": "orders-api", "env": None}]}}}},
    {"spec": {"template": {"spec": {"containers": [{"name": "orders-api", "ports": [
        {"containerPort": 8080, "$patch": "delete"}]}]}}}},
    {"spec": {"template": {"spec": {"containers": [{"name": "orders-api", "resources": {
        "limits": {"memory": None}}}]}}}},
    {"spec": {"strategy": None}},
)  # fmt: skip


@pytest.mark.parametrize("patch", NAMED)
def test_what_a_merge_patch_names_may_go(patch: Json) -> None:
    after = merge(DEPLOYMENT, patch)
    assert edited(DEPLOYMENT, after)
    check_drops(DEPLOYMENT, after, patch)


def test_a_map_that_is_emptied_key_by_key_may_go_as_a_whole() -> None:
    """The API leaves out what is empty."""
    before = config(a="1", b="2")
    after = {k: v for k, v in before.items() if k != "data"}
    check_drops(before, after, {"data": {"a": None, "b": None}})
    with pytest.raises(Invalid, match="data/b"):
        check_drops(before, after, {"data": {"a": None}})


CONTAINER = "/spec/template/spec/containers/0"
FORGETFUL: tuple[tuple[list[Json], str], ...] = (
    ([{"op": "replace", "path": CONTAINER, "value": {"name": "orders-api", "image": "x"}}], "env"),
    ([{"op": "add", "path": f"{CONTAINER}/resources", "value": {"limits": {}}}], "limits/memory"),
    ([{"op": "replace", "path": "/spec/template/spec/containers", "value": []}], "containers"),
    ([{"op": "replace", "path": f"{CONTAINER}/env", "value": [{"name": "DB_HOST", "value": "x"}]}],
     "DB_PASSWORD"),
    ([{"op": "copy", "from": "/spec/strategy", "path": f"{CONTAINER}/resources"}], "limits"),
)  # fmt: skip


@pytest.mark.parametrize(("patch", "what"), FORGETFUL)
def test_a_json_patch_that_replaces_something_by_less_is_refused(
    patch: list[Json], what: str
) -> None:
    with pytest.raises(Invalid, match=what):
        worked_out(DEPLOYMENT, patch)


def nested(depth: int) -> Json:
    value: Json = {"a": 1}
    for _ in range(depth):
        value = {"a": value}
    return value


HOSTILE: list[tuple[Any, str]] = [
    # By what it is refused for; all of these without asking the API server.
    ("", "JSON"),
    ("{", "JSON"),
    ("spec: {replicas: 3}", "JSON"),
    ('{"spec": {"replicas": NaN}}', "JSON"),
    ({"spec": {"replicas": float("inf")}}, "JSON"),
    ("3", "neither"),
    ("null", "neither"),
    ({}, "empty"),
    ([], "empty"),
    ("{}", "empty"),
    ({"metadata": {}}, "empty"),
    ({"kind": "Deployment", "metadata": {"name": "orders-api"}}, "empty"),
    ({"data": {"a": "b"}}, "touches data"),
    ({"status": {"replicas": 1}}, "touches status"),
    ({"kind": "Secret", "spec": {}}, "touches kind"),
    ({"kind": {"a": 1}, "spec": {}}, "touches kind"),
    ({"apiVersion": "rbac.authorization.k8s.io/v1", "spec": {}}, "touches apiVersion"),
    ({"items": [{"kind": "Secret"}]}, "touches items"),
    ({"rules": [{"verbs": ["*"]}]}, "touches rules"),
    ({"roleRef": {"name": "cluster-admin"}}, "touches roleRef"),
    ({"webhooks": []}, "touches webhooks"),
    ({"stringData": {"a": "b"}}, "touches stringData"),
    ({"metadata": {"name": "another"}}, r"metadata\.name"),
    ({"metadata": {"namespace": "kube-system"}}, r"metadata\.namespace"),
    ({"metadata": {"uid": "x"}}, r"metadata\.uid"),
    ({"metadata": {"resourceVersion": "1"}}, r"metadata\.resourceVersion"),
    ({"metadata": {"generation": 1}}, r"metadata\.generation"),
    ({"metadata": {"ownerReferences": []}}, r"metadata\.ownerReferences"),
    ({"metadata": {"finalizers": None}}, r"metadata\.finalizers"),
    ({"metadata": {"managedFields": [{}]}}, r"metadata\.managedFields"),
    ({"metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"}}, "deletionTimestamp"),
    ({"metadata": None}, "touches metadata"),
    ({"$patch": "replace", "spec": {"replicas": 1}}, "would drop fields"),
    ({"$patch": "delete"}, "touches"),
    ({"spec": {"$patch": "replace", "replicas": 1}}, "would drop fields"),
    ({"spec": {"$retainKeys": ["replicas"], "replicas": 1}}, "would drop fields"),
    (
        {"spec": {"template": {"spec": {"containers": [{"$patch": "replace"}]}}}},
        "would drop fields",
    ),
    ({"$gt": ""}, "would drop fields"),
    ([{"op": "remove", "path": ""}], "the whole object"),
    ([{"op": "replace", "path": "", "value": {}}], "the whole object"),
    ([{"op": "replace", "path": "/metadata/name", "value": "x"}], r"metadata\.name"),
    ([{"op": "replace", "path": "/metadata", "value": {}}], "touches metadata"),
    ([{"op": "add", "path": "/metadata/finalizers", "value": ["a"]}], "finalizers"),
    ([{"op": "add", "path": "/status/replicas", "value": 1}], r"status\.replicas"),
    ([{"op": "move", "from": "/metadata/uid", "path": "/spec/a"}], r"metadata\.uid"),
    ([{"op": "copy", "from": "/metadata/managedFields", "path": "/spec/a"}], "managedFields"),
    ([{"op": "add", "path": "/specs", "value": 1}], "touches specs"),
    ([{"op": "add", "path": "spec/replicas", "value": 1}], "no.*JSON pointer"),
    ([{"op": "add", "path": "/spec/~2", "value": 1}], "no.*JSON pointer"),
    ([{"op": "add", "path": "/spec/replicas"}], "no operation"),
    ([{"op": "sudo", "path": "/spec/replicas", "value": 1}], "no operation"),
    ([{"op": "add", "path": ["spec"], "value": 1}], "no operation"),
    ([{"op": "add", "path": "/spec/replicas", "value": 1, "dryRun": False}], "no operation"),
    ([{"op": "remove", "path": "/spec/replicas", "from": 3}], "no operation"),
    ([["op", "add"]], "no operation"),
    (["/spec/replicas"], "no operation"),
    ([{"op": "test", "path": "/spec/a", "value": 1}] * 201, "more than 200"),
    ({"spec": {"a": "x" * 40_000}}, "more than 32 kB"),
    (f'{{"spec": "{"x" * 40_000}"}}', "more than 32 kB"),
    ({"spec": nested(60)}, "nested"),
    ('{"spec": ' + "[" * 20_000 + "]" * 20_000 + "}", "more than 32 kB|JSON"),
    ({"spec": {"a": "<secret:1f2e>"}}, "mark of this server"),
    ({"spec": {"a": "</data-4f1c>"}}, "mark of this server"),
    ({"spec": {"image": "registry.example/a\u200bb:1"}}, "cannot be seen"),
    ({"spec": {"image": "registry.example/\u202eb:1"}}, "cannot be seen"),
    ({"spec": {"a\U000e0041": 1}}, "cannot be seen"),
    ({"spec": {"a": "\x1b[31m"}}, "cannot be seen"),
    ({"spec": {"a": "\ue000x\ue001"}}, "cannot be seen"),
]


@pytest.mark.parametrize(("patch", "why"), HOSTILE, ids=lambda v: str(v)[:50])
def test_a_hostile_patch_is_refused_before_anything_is_asked(patch: Any, why: str) -> None:
    with pytest.raises(Fault, match=why) as caught:
        parse_wish(patch, "Deployment", "shop", "orders-api")
    assert isinstance(caught.value, Invalid | Denied)
    assert "nothing was done" in str(caught.value) or "JSON pointer" in str(caught.value)
    assert len(str(caught.value)) < 400


def test_kind_version_and_name_may_be_repeated() -> None:
    manifest = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "orders-api", "namespace": "shop", "labels": {"a": "b"}},
        "spec": {"replicas": 3},
    }
    wish = parse_wish(json.dumps(manifest), "Deployment", "shop", "orders-api")
    assert wish.body == {"metadata": {"labels": {"a": "b"}}, "spec": {"replicas": 3}}
    with pytest.raises(Denied, match=r"metadata\.name"):
        parse_wish(manifest, "Deployment", "shop", "another")


@pytest.mark.parametrize(
    ("namespace", "name"),
    [("kube-system", "aws-auth"), ("kube-system", "extension-apiserver-authentication")],
)
def test_a_config_map_that_decides_about_rights_is_left_alone(namespace: str, name: str) -> None:
    with pytest.raises(Denied, match="decides about rights"):
        parse_wish({"data": {"mapUsers": "[]"}}, "ConfigMap", namespace, name)


@pytest.mark.parametrize(
    "path",
    [
        "/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration",
        "/metadata/annotations/deployment.kubernetes.io~1revision",
    ],
)
def test_the_books_of_other_programs_are_left_alone(path: str) -> None:
    with pytest.raises(Denied, match="keeps its books"):
        check_bookkeeping([Change(path, '"1"', '"2"')])
    whole = json.dumps({tokens_of(path)[-1]: "1"})
    with pytest.raises(Denied, match="keeps its books"):
        check_bookkeeping([Change("/metadata/annotations", whole, "")])


@pytest.mark.parametrize(
    "where", ["/metadata/uid", "/status/a", "/specs", "/metadata", "", "/kind", "/data/../metadata"]
)
def test_a_step_that_writes_anything_else_has_no_path(where: str) -> None:
    """The last door, whatever planned the step."""
    if where.startswith("/data/"):
        assert writable(where)  # A key of data may have any name; a pointer does not climb.
        return
    edit = Edit("Deployment", "shop", "a", "u", (Field(where, "", "1"),))
    with pytest.raises(Denied, match="not among the fields"):
        path_of(edit)


@pytest.mark.parametrize(
    "kind", ["Secret", "Role", "ClusterRoleBinding", "Pod", "Node", "Namespace"]
)
def test_a_step_on_another_kind_has_no_path(kind: str) -> None:
    with pytest.raises(Denied, match="not among what this server changes"):
        path_of(Edit(kind, "shop", "a", "u", (Field("/spec/a", "", "1"),)))
