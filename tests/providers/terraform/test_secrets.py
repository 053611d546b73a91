"""The secrets that plans, states, backends and the environment hold."""

from fivetabs.providers.terraform.auth import secrets_of_environment
from fivetabs.providers.terraform.port import PlanRaw, StateRaw
from fivetabs.providers.terraform.shapes.secrets import secrets_in


def test_what_a_plan_marks_and_what_its_names_say() -> None:
    change = {"before": None, "after": {"pin": "marked-Xy1"}, "after_sensitive": {"pin": True}}
    plan = {
        "resource_changes": [{"change": change}],
        "planned_values": {"root_module": {"resources": [{"values": {"api_key": "named-Xy2"}}]}},
    }
    found = set(secrets_in(PlanRaw("a", "default", "local", plan)))
    assert found >= {"marked-Xy1", "named-Xy2"}


def test_what_a_state_marks() -> None:
    state = {"version": 4, "outputs": {"o": {"value": "output-Xy3", "sensitive": True}}}
    assert "output-Xy3" in set(secrets_in(StateRaw("a", "default", "local", state)))
    assert not list(secrets_in(StateRaw("a", "default", "local", None)))


def test_variables_and_tokens_of_the_environment() -> None:
    environment = {
        "TF_VAR_db_password": "variable-Xy4",
        "TF_TOKEN_app_example_io": "token-Xy5",
        "TF_VAR_region": "eu-west-1",
        "HOME": "/root",
    }
    found = set(secrets_of_environment(environment))
    assert found == {"variable-Xy4", "token-Xy5"}
