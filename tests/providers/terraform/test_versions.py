"""Version constraints, as Terraform reads them."""

import pytest

from fivetabs.providers.terraform.shapes.versions import parse_version, required_in, satisfies


@pytest.mark.parametrize(
    ("constraint", "good", "bad"),
    [
        (">= 1.5", "1.5.0", "1.4.9"),
        ("~> 1.5", "1.9.0", "2.0.0"),
        ("~> 1.5.2", "1.5.9", "1.6.0"),
        ("> 1.5, < 1.9", "1.8.5", "1.9.0"),
        ("1.5.7", "1.5.7", "1.5.8"),
        ("= 1.5.7", "1.5.7", "1.5.8"),
        ("!= 1.5.7", "1.5.8", "1.5.7"),
        ("<=v1.5", "1.5.0", "1.5.1"),
    ],
)
def test_a_constraint_accepts_what_it_says(constraint: str, good: str, bad: str) -> None:
    accepted, refused = parse_version(good), parse_version(bad)
    assert accepted is not None
    assert refused is not None
    assert satisfies(accepted, constraint)
    assert not satisfies(refused, constraint)


def test_a_constraint_that_cannot_be_read_refuses_nothing() -> None:
    assert satisfies((1, 5, 0), "whatever you like")


def test_constraints_are_found_in_a_configuration_and_not_in_its_comments() -> None:
    text = 'terraform {\n  required_version = ">= 1.5"\n}\n# required_version = "1.0"\n'
    assert required_in(text) == (">= 1.5",)


def test_what_is_no_version_is_none() -> None:
    assert parse_version("latest") is None
