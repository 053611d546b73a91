"""The secrets that answers of AWS hold, and the credentials in use."""

import base64
from typing import Any

from fivetabs.providers.aws.auth import Identity, credentials_in_use
from fivetabs.providers.aws.shapes.secrets import secrets_in


def test_tags_and_user_data() -> None:
    script = base64.b64encode(b"#!/bin/sh\nexport DB_PASSWORD=script-Xy1\n").decode()
    tags = [{"Key": "db-password", "Value": "tag-Xy2"}, {"Key": "Name", "Value": "worker"}]
    answer: dict[str, Any] = {
        "Reservations": [{"Instances": [{"InstanceId": "i-1", "Tags": tags}]}],
        "UserData": {"Value": script},
    }
    found = set(secrets_in(answer))
    assert found >= {"script-Xy1", "tag-Xy2"}
    assert not found & {"worker", "i-1"}


def test_user_data_in_plain_text_is_read_as_it_is() -> None:
    assert "plain-Xy3" in set(secrets_in({"UserData": "API_TOKEN=plain-Xy3"}))


def test_the_credentials_in_use_are_told_without_asking_for_them() -> None:
    from botocore.credentials import Credentials, RefreshableCredentials

    def never(*_: object) -> Any:
        raise AssertionError("the credentials were asked for")

    plain: Any = type("Session", (), {"_credentials": Credentials("id", "key-Xy4", "token-Xy5")})()
    assert set(credentials_in_use(Identity(plain, "p", "r", everywhere=False))) == {
        "key-Xy4",
        "token-Xy5",
    }
    fresh: Any = RefreshableCredentials("id", "key-Xy6", "token-Xy7", None, never, "role")
    role: Any = type("Session", (), {"_credentials": fresh})()
    assert "key-Xy6" in set(credentials_in_use(Identity(role, "p", "r", everywhere=False)))
    none: Any = type("Session", (), {"_credentials": None})()
    assert not list(credentials_in_use(Identity(none, "p", "r", everywhere=False)))
