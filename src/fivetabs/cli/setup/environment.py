"""What of the shell's environment the server needs again when a desktop program starts it."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from fivetabs.cli.origins import variable
from fivetabs.core.secrecy import named

THEIRS = (
    *("KUBECONFIG", "AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_CONFIG_FILE"),
    *("AWS_SHARED_CREDENTIALS_FILE", "AWS_ENDPOINT_URL", "DOCKER_HOST", "DOCKER_CONTEXT"),
    *("DOCKER_CONFIG", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY", "TERRAFORM_ALLOWED_DIRS"),
    *("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "AWS_CA_BUNDLE"),
)
_PATHS = (
    *("KUBECONFIG", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "DOCKER_CONFIG"),
    *("DOCKER_CERT_PATH", "TERRAFORM_ALLOWED_DIRS", "FIVETABS_CONFIG", "FIVETABS_STATE"),
    "AWS_CA_BUNDLE",
)


@dataclass(frozen=True, slots=True)
class Carried:
    """Variables to hand on, and the names of those that were not because they hold a secret."""

    values: Mapping[str, str]
    secret: tuple[str, ...]


def carry(
    environment: Mapping[str, str],
    names: tuple[str, ...],
    hides: Callable[[str], bool],
    absolute: Callable[[str], str] = os.path.abspath,
) -> Carried:
    """The variables of these names that are set; file names in them are made absolute.

    `hides` says of a value whether it has the form of a secret; its name is judged here.
    """
    values: dict[str, str] = {}
    secret: list[str] = []
    for name in names:
        value = environment.get(name, "")
        if not value:
            continue
        if any(named(name, value)) or hides(value):
            secret.append(name)
        else:
            values[name] = _absolute(value, absolute) if name in _PATHS else value
    return Carried(values, tuple(secret))


def ours(app: type[BaseModel], houses: Mapping[str, type[BaseModel]]) -> Iterator[str]:
    """The name of each variable that sets something of our own."""
    yield "FIVETABS_CONFIG"
    for field in app.model_fields:
        yield variable((field,))
    for house, settings in houses.items():
        for field in settings.model_fields:
            yield variable((house, field))


def _absolute(value: str, absolute: Callable[[str], str]) -> str:
    parts = (absolute(os.path.expanduser(p)) for p in value.split(os.pathsep) if p)  # noqa: PTH111
    return os.pathsep.join(parts)
