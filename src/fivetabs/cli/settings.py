"""Where settings come from: a TOML file, over it the environment, over that the flags.

The file is the one named by --config or FIVETABS_CONFIG, else `fivetabs/settings.toml` in
XDG_CONFIG_HOME (`~/.config`). `changes` is FIVETABS_CHANGES in the environment; a house's setting
is `[kubernetes] field` in the file and FIVETABS_KUBERNETES__FIELD in the environment. Variables
that belong to others (KUBE_MOCK_MODE, TERRAFORM_ALLOWED_DIRS) mean what their owners meant.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel, ValidationError, create_model
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from fivetabs.app.connections import AnyProvider
from fivetabs.app.settings import AppSettings
from fivetabs.core import Invalid, did_you_mean

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Settings:
    """The server's own settings, and those of each house by name."""

    app: AppSettings
    houses: Mapping[str, BaseModel]


class _Sources(BaseSettings):
    """Flags over the environment over the file; strings are read by each field's own validator."""

    model_config = SettingsConfigDict(
        env_prefix="FIVETABS_", env_nested_delimiter="__", enable_decoding=False, extra="forbid"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the owners' variables and the file below our own variables."""
        given = cast("dict[str, Values]", init_settings())
        layers = (given["owners"], given["file"])
        return (
            InitSettingsSource(settings_cls, given["flags"]),
            env_settings,
            *(InitSettingsSource(settings_cls, layer) for layer in layers),
        )


def load(
    providers: tuple[AnyProvider, ...], flags: Mapping[str, Any], config: str | None = None
) -> Settings:
    """Read every source and check the result.

    Raises:
        Invalid: If the file cannot be read or a value or key is wrong.
    """
    fields: Values = {
        name: (info.annotation, info) for name, info in AppSettings.model_fields.items()
    }
    for provider in providers:
        fields[provider.name] = (provider.settings, FieldInfo(default=provider.settings()))
    model = create_model("Settings", __base__=_Sources, **fields)
    sources = {"flags": dict(flags), "owners": _owners(providers), "file": _file(config)}
    try:
        loaded = model(**sources)
    except ValidationError as error:
        raise Invalid(f"settings: {_problems(error, fields)}") from error
    app = {name: getattr(loaded, name) for name in AppSettings.model_fields}
    return Settings(AppSettings(**app), {p.name: getattr(loaded, p.name) for p in providers})


def _owners(providers: tuple[AnyProvider, ...]) -> Values:
    """What variables with an owner of their own say."""
    values: Values = {}
    if mock := os.environ.get("KUBE_MOCK_MODE"):
        values["demo"] = mock
    for provider in providers:
        named = cast("Mapping[str, str]", getattr(provider.settings, "ENVIRONMENT", {}))
        for variable, field in named.items():
            if variable in os.environ:
                values.setdefault(provider.name, {})[field] = os.environ[variable]
    return values


def _file(config: str | None) -> Values:
    named = config or os.environ.get("FIVETABS_CONFIG")
    home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    path = Path(named) if named else Path(home) / "fivetabs" / "settings.toml"
    if not named and not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise Invalid(f"settings file {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"settings file {path}: {error}") from error


def _problems(error: ValidationError, known: Mapping[str, Any]) -> str:
    told: list[str] = []
    for each in error.errors(include_url=False):
        name = ".".join(map(str, each["loc"]))
        near = did_you_mean(name, known) if each["type"] == "extra_forbidden" else ""
        told.append(f"{name}: {each['msg']} {near}".strip())
    return "; ".join(told)
