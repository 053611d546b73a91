"""What the owner decides about Terraform: where it may look, and how long it may take."""

import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _listed(value: object) -> object:
    return tuple(filter(None, value.split(os.pathsep))) if isinstance(value, str) else value


class Settings(BaseModel):
    """Section `[terraform]` of the settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ENVIRONMENT: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"TERRAFORM_ALLOWED_DIRS": "allowed_dirs"}
    )

    allowed_dirs: Annotated[tuple[str, ...], BeforeValidator(_listed)] = Field(
        default=(), description="Folders Terraform may be run in, with all below; none when unset."
    )
    binary: str = Field(
        default="", description="The terraform or tofu binary; when empty it is looked for."
    )
    allow_external_data: bool = Field(
        default=False, description="Plan configurations whose data sources run programs."
    )
    allow_cli_config: bool = Field(
        default=False, description="Hand TF_CLI_CONFIG_FILE on to terraform."
    )
    allow_provisioners: bool = Field(
        default=False, description="Apply plans that run programs (local-exec, remote-exec...)."
    )
    keep_plans: float = Field(
        default=1800,
        ge=0,
        description="Seconds a plan's file is kept so that it can be applied; 0: not at all.",
    )
    most_plans: int = Field(default=8, ge=1, description="Most plans that are kept at a time.")
    plan_timeout: float = Field(default=3600, gt=0, description="Seconds a plan may take.")
    state_timeout: float = Field(default=120, gt=0, description="Seconds reading a state may take.")
    quiet: float = Field(
        default=2, gt=0, description="Seconds of silence before the state's backend is probed."
    )
    grace: float = Field(
        default=3, gt=0, description="Seconds between asking terraform to stop and killing it."
    )
    search_depth: int = Field(
        default=5, ge=0, description="How deep below an allowed folder directories are looked for."
    )
