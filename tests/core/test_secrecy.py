"""Which names announce a secret, which values give nothing away, and the secrets of raw JSON."""

from typing import Any

import pytest

from fivetabs.core.secrecy import Secrecy, Seen, hides, secrecy, secrets_of, secrets_of_text


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "DB_PASSWORD",
        "dbPassword",
        "db.password",
        "db-passwd",
        "POSTGRES_PWD",
        "passphrase",
        "PASSWORD_2",
        "mysql_root_password",
        "SMTP_PASS",
    ],
)
def test_a_password_s_name(name: str) -> None:
    assert secrecy(name) is Secrecy.PASSWORD


@pytest.mark.parametrize(
    "name",
    [
        "api_key",
        "apiKey",
        "X-Api-Key",
        "AWS_SECRET_ACCESS_KEY",
        "client_secret",
        "privateKey",
        "JWT_SECRET",
        "SECRET_KEY_BASE",
        "account-key",
        "tls_private_key",
    ],
)
def test_a_key_s_name(name: str) -> None:
    assert secrecy(name) is Secrecy.KEY


@pytest.mark.parametrize(
    "name",
    [
        "max_tokens",
        "token_ttl",
        "tokenizer",
        "PASSWORD_FILE",
        "secretName",
        "secretKeyRef",
        "partition_key",
        "public_key",
        "token_url",
        "compass",
        "bypass",
        "nextToken",
        "ContinuationToken",
        "kms_key_id",
        "credentialsProvider",
        "name",
        "",
        "12",
        "passwordResetEnabled",
        "monkey",
    ],
)
def test_a_name_that_only_speaks_about_secrets(name: str) -> None:
    assert secrecy(name) is Secrecy.NONE


@pytest.mark.parametrize(
    "value",
    [
        "",
        "<none>",
        "REDACTED",
        "****",
        "${VAR}",
        "$(VAR)",
        "{{ .x }}",
        "(sensitive value)",
        "null",
        "true",
        "arn:aws:secretsmanager:eu-west-1:1:secret:a",
        "/run/secrets/x",
        "vault:secret/a#b",
        "https://a.example/b",
        "required",
        "var.db_password",
        "read_password()",
    ],
)
def test_a_value_that_gives_nothing_away(value: str) -> None:
    assert not hides(value, Secrecy.PASSWORD)


def test_secrets_are_found_wherever_name_and_value_stand() -> None:
    raw: Any = {
        "env": [{"name": "DB_PASSWORD", "value": "one-Xy1"}, {"name": "PORT", "value": "8080"}],
        "tags": [{"Key": "api_key", "Value": "two-Xy2"}, {"Key": "Name", "Value": "web"}],
        "Env": ["PATH=/bin", "API_TOKEN=three-Xy3"],
        "args": ["--db-password", "four-Xy4", "--port", "80", "--token=five-Xy5"],
        "command": ["sh", "-c", "export PGPASSWORD=six-Xy6; run --api-key seven-Xy7"],
        "labels": {"auth-token": "eight-Xy8", "tier": "front"},
        "DATABASE_URL": "postgres://app:nine-Xy9@db/shop",
        "dsn": "Server=db;Password=ten-Xy10;Encrypt=True",
        "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}},
        "secretName": "db-credentials",
    }
    found = set(secrets_of(raw))
    words = "one two three four five six seven eight nine ten".split()  # noqa: SIM905
    assert {f"{word}-Xy{number}" for number, word in enumerate(words, 1)} <= found
    assert not found & {"8080", "web", "front", "80", "db", "password", "db-credentials", "/bin"}


def test_secrets_of_a_script() -> None:
    script = "#!/bin/sh\nexport DB_PASSWORD='one-Xy1'\nrun --token two-Xy2\nPORT=80\n"
    assert {"one-Xy1", "two-Xy2"} <= set(secrets_of_text(script))
    assert "80" not in set(secrets_of_text(script))


def test_the_memory_of_secrets_is_bounded_and_keeps_the_newest() -> None:
    seen = Seen()
    seen.note(f"value-{number}" for number in range(5000))
    seen.note(["x" * 100_000, ""])
    kept = list(seen)
    assert len(kept) == 2000
    assert kept[-1] == "value-4999"
    assert "value" not in repr(seen)
