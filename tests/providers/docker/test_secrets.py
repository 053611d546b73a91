"""The secrets that an engine's answers hold."""

from fivetabs.providers.docker.shapes.secrets import secrets_in


def test_variables_labels_flags_and_health_checks() -> None:
    container = {
        "Id": "a1",
        "Config": {
            "Env": ["DB_PASSWORD=env-Xy1", "PORT=80"],
            "Labels": {"app.auth-token": "label-Xy2", "tier": "front"},
            "Cmd": ["serve", "--api-key=flag-Xy3"],
            "Healthcheck": {"Test": ["CMD-SHELL", "check --password health-Xy4"]},
        },
        "Args": ["--token", "arg-Xy5"],
    }
    found = set(secrets_in(container))
    assert found >= {"env-Xy1", "label-Xy2", "flag-Xy3", "health-Xy4", "arg-Xy5"}
    assert not found & {"80", "front", "a1"}


def test_rows_of_several_containers() -> None:
    rows = [{"Labels": {"db-password": "label-Xy6"}, "Command": "run --password word-Xy7"}]
    assert set(secrets_in(rows)) >= {"label-Xy6"}
