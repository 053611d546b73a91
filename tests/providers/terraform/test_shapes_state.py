"""States once they are parsed, secrets by name and form, values and boxed errors."""

from typing import Any

import pytest

from fivetabs.core import Invalid, quoted
from fivetabs.providers.terraform.port import StateRaw
from fivetabs.providers.terraform.shapes.diagnostics import parse_text
from fivetabs.providers.terraform.shapes.masks import secret_form, secret_name
from fivetabs.providers.terraform.shapes.states import parse_attributes, parse_state
from fivetabs.providers.terraform.shapes.values import show, show_both, show_path


def stored(**state: Any) -> StateRaw:
    return StateRaw("infra/x", "default", "s3", {"version": 4, "serial": 1, **state})


def test_a_state_names_its_resources_as_terraform_does() -> None:
    blocks: list[dict[str, Any]] = [
        {"mode": "managed", "type": "a", "name": "one", "instances": [{"attributes": {"id": "1"}}]},
        {"mode": "data", "type": "a", "name": "two", "instances": [{"attributes": {}}]},
        {
            "module": 'module.m["k"]',
            "mode": "managed",
            "type": "a",
            "name": "three",
            "provider": 'module.m.provider["registry.terraform.io/hashicorp/aws"].eu',
            "instances": [
                {"index_key": 0, "status": "tainted", "attributes": {"name": "n"}},
                {"index_key": "x", "deposed": "ab12", "attributes": {"arn": "arn:1"}},
            ],
        },
    ]
    found = parse_state(stored(resources=blocks)).resources
    assert [(each.address, each.identity, each.status) for each in found] == [
        ("a.one", "1", ""),
        ("data.a.two", "", ""),
        ('module.m["k"].a.three[0]', "n", "tainted"),
        ('module.m["k"].a.three["x"]', "arn:1", "deposed"),
    ]
    assert found[2].provider == "hashicorp/aws"


def test_what_a_state_marks_is_masked_there_and_elsewhere() -> None:
    marked = [[{"type": "get_attr", "value": "deep"}, {"type": "get_attr", "value": "x"}]]
    instance = {
        "attributes": {"id": "hush-hush", "deep": {"x": "hush-hush"}, "api_token": "hush"},
        "sensitive_attributes": marked,
    }
    block = {"mode": "managed", "type": "a", "name": "b", "instances": [instance]}
    raw = stored(resources=[block], outputs={"o": {"value": {"k": "to hush-hush"}}})
    assert "hush" not in str(parse_state(raw)) + str(parse_attributes(raw, "a.b"))
    assert [name for name, _ in parse_attributes(raw, "a.b")] == ["api_token", "deep", "id"]


def test_an_unknown_state_format_is_refused() -> None:
    with pytest.raises(Invalid, match="format 5"):
        parse_state(StateRaw("x", "default", "s3", {"version": 5}))


@pytest.mark.parametrize(
    "name",
    ["password", "db_password", "masterUserPassword", "secret", "client_secret", "auth_token",
     "private_key_pem", "secret_access_key", "api-key", "kube_config_raw", "user_data_base64",
     "secrets"],
)  # fmt: skip
def test_names_of_secrets_are_known(name: str) -> None:
    assert secret_name(name)


@pytest.mark.parametrize(
    "name", ["key_name", "public_key", "kms_key_id", "token_ttl", "secret_name", "author", "id"]
)
def test_other_names_are_left_alone(name: str) -> None:
    assert not secret_name(name)


def test_forms_of_secrets_are_known() -> None:
    assert secret_form("postgres://orders:pw@db/shop")
    assert secret_form("Server=db;Password=pw")
    assert not secret_form("https://7C1E.gr7.eu-west-1.eks.amazonaws.com")
    assert not secret_form("arn:aws:s3:::shop-assets")


def test_values_are_one_short_line() -> None:
    assert show("a\nb") == '"a\\nb"'
    assert show({"a": [1, None]}) == '{"a":[1,null]}'
    assert len(show("x" * 500)) == 60
    assert show_path(("tags", "a/b", 0, "c-d")) == 'tags["a/b"][0].c-d'


def test_of_two_long_values_the_difference_is_shown() -> None:
    one, two = show_both("x" * 300 + "A" + "y" * 300, "x" * 300 + "B" + "y" * 300)
    assert "A" in one
    assert "B" in two
    assert max(len(one), len(two)) <= 62


BOXED = """
\x1b[31m╷\x1b[0m
│ Error: Unsupported thing
│
│   on main.tf line 12, in resource "a" "b":
│   12:   input = 1
│
│ First line of the detail,
│ second line.
╵
╷
│ Warning: Careful
╵
"""


def test_boxed_errors_are_read() -> None:
    (found,) = parse_text(BOXED)
    said = quoted("Unsupported thing: First line of the detail, second line.")
    assert str(found) == f"main.tf:12: {said}"
    assert [str(each) for each in parse_text("Failed to load: no such thing")] == [
        quoted("Failed to load: no such thing")
    ]
    assert parse_text("") == ()
