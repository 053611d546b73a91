"""What a person may fill in when they install: one table for the bundle and for the registry."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from annotated_types import Ge, Le

from fivetabs.app.settings import AppSettings, Changes
from fivetabs.providers.terraform.settings import Settings as Terraform


@dataclass(frozen=True, slots=True)
class Box:
    """One setting in a form.

    `variable` is what the server reads; `kind` is the bundle's: string, number, boolean, file or
    directory. A box with `option` takes several folders, handed over as arguments after it.
    """

    name: str
    variable: str
    kind: str
    title: str
    description: str
    default: str | int | bool = ""
    least: Any = None
    most: Any = None
    choices: tuple[str, ...] = ()
    option: str = ""


def boxes() -> tuple[Box, ...]:
    """Every box; those of our own settings say what the settings say."""
    return (*_theirs(), *map(_ours, ("changes", "budget", "demo")), *_folders())


def _theirs() -> Iterator[Box]:
    """Variables of the backends' own tools."""
    told = "The kubeconfig to read clusters from; ~/.kube/config if left empty."
    yield Box("kubeconfig", "KUBECONFIG", "file", "Kubeconfig", told)
    told = "A profile of ~/.aws; the default one if left empty."
    yield Box("aws_profile", "AWS_PROFILE", "string", "AWS profile", told)
    told = "Such as eu-west-1; the profile's own if left empty."
    yield Box("aws_region", "AWS_REGION", "string", "AWS region", told)
    told = "Such as ssh://me@box; the current Docker context if left empty."
    yield Box("docker_host", "DOCKER_HOST", "string", "Docker host", told)


def _ours(field: str) -> Box:
    info = AppSettings.model_fields[field]
    default: Any = json.loads(AppSettings().model_dump_json())[field]
    kind = "boolean" if isinstance(default, bool) else "string"
    return Box(
        name=field,
        variable=f"FIVETABS_{field.upper()}",
        kind="number" if info.annotation is int else kind,
        title=f"fivetabs: {field}",
        description=str(info.description),
        default=default,
        least=next((each.ge for each in info.metadata if isinstance(each, Ge)), None),
        most=next((each.le for each in info.metadata if isinstance(each, Le)), None),
        choices=tuple(Changes) if info.annotation is Changes else (),
    )


def _folders() -> Iterator[Box]:
    told = str(Terraform.model_fields["allowed_dirs"].description)
    yield Box(
        "terraform_dirs",
        "TERRAFORM_ALLOWED_DIRS",
        "directory",
        "Terraform folders",
        told,
        option="--terraform",
    )
    told = (
        "Where exec plugins, credential helpers, terraform and aws are: a desktop program does "
        "not know your shell's PATH."
    )
    yield Box("tool_dirs", "PATH", "directory", "Folders of programs", told, option="--path")
