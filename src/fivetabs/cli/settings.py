"""Where settings come from: a TOML file, over it the environment, over that the flags.

The file is the one named by --config or FIVETABS_CONFIG, else `fivetabs/settings.toml` in
XDG_CONFIG_HOME (`~/.config`). `changes` is FIVETABS_CHANGES in the environment; a house's setting
is `[kubernetes] field` in the file and FIVETABS_KUBERNETES__FIELD in the environment. Variables
that belong to others (KUBE_MOCK_MODE, TERRAFORM_ALLOWED_DIRS) mean what their owners meant.
"""

import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
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
from fivetabs.app.settings import AppSettings, Ward
from fivetabs.cli.origins import PREFIX, Key, Origins, strange_variables, variable
from fivetabs.core import Invalid, did_you_mean, near

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Settings:
    """The server's own settings, those of each house by name, and where each came from."""

    app: AppSettings
    houses: Mapping[str, BaseModel]
    origins: Origins


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
        Invalid: If the file cannot be read or a value or key is wrong; says where it stands.
    """
    model, fields = _model(providers)
    path, text = _file(config)
    owners, named = _owners(providers)
    sources: Values = {"flags": dict(flags), "owners": owners, "file": _parsed(path, text)}
    origins = Origins(flags, named, path, text, sources["file"])
    problems = [*_strange(fields)]
    try:
        loaded = model(**sources)
    except ValidationError as error:
        sections = {provider.name: provider.settings for provider in providers}
        problems += _problems(error, sections, origins)
        raise Invalid(_told(problems)) from error
    if problems:
        raise Invalid(_told(problems))
    app = {name: getattr(loaded, name) for name in AppSettings.model_fields}
    houses = {p.name: getattr(loaded, p.name) for p in providers}
    return Settings(AppSettings(**app), houses, origins)


def _model(providers: tuple[AnyProvider, ...]) -> tuple[type[_Sources], Values]:
    """All settings as one model: the server's own, and a section for each house."""
    fields: Values = {
        name: (info.annotation, info) for name, info in AppSettings.model_fields.items()
    }
    for provider in providers:
        fields[provider.name] = (provider.settings, FieldInfo(default=provider.settings()))
    return create_model("Settings", __base__=_Sources, **fields), fields


def _told(problems: Sequence[str]) -> str:
    return f"settings: {'; '.join(problems)}"


def _owners(providers: tuple[AnyProvider, ...]) -> tuple[Values, dict[Key, str]]:
    """What variables with an owner of their own say, and which variable sets which key."""
    values: Values = {}
    names: dict[Key, str] = {}
    if mock := os.environ.get("KUBE_MOCK_MODE"):
        values["demo"] = mock
        names["demo",] = "KUBE_MOCK_MODE"
    for provider in providers:
        named = cast("Mapping[str, str]", getattr(provider.settings, "ENVIRONMENT", {}))
        for variable_, field in named.items():
            if variable_ in os.environ:
                values.setdefault(provider.name, {})[field] = os.environ[variable_]
                names[provider.name, field] = variable_
    return values, names


def file_of(config: str | None) -> tuple[Path, bool]:
    """The settings file, and whether somebody named it."""
    named = config or os.environ.get("FIVETABS_CONFIG")
    home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return (Path(named) if named else Path(home) / "fivetabs" / "settings.toml"), bool(named)


def _file(config: str | None) -> tuple[Path | None, str]:
    path, named = file_of(config)
    if not named and not path.exists():
        return None, ""
    try:
        return path, path.read_text("utf-8")
    except OSError as error:
        raise Invalid(f"settings file {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise Invalid(f"settings file {path}: {error}") from error


def _parsed(path: Path | None, text: str) -> Values:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid(f"settings file {path}: {error}") from error


def _strange(fields: Mapping[str, Any]) -> Iterator[str]:
    """Variables of ours that set nothing: whoever wrote one believes that it does."""
    for name in strange_variables(fields):
        close = near(name[len(PREFIX) :].lower(), fields)
        meant = f"; did you mean {variable((close[0],))}?" if close else ""
        yield f"{name}: there is no such setting{meant}"


def _problems(
    error: ValidationError, sections: Mapping[str, type[BaseModel]], origins: Origins
) -> Iterator[str]:
    """Each wrong key and value with its place, and what was meant."""
    for each in error.errors(include_url=False):
        key: Key = each["loc"]
        name = ".".join(map(str, key))
        place = origins.of(key)
        if each["type"] == "extra_forbidden":
            meant = did_you_mean(name, _known(key, sections))
            yield f"{place}: there is no setting {name!r}{meant and f'; {meant}'}"
        else:
            said = each["msg"].removeprefix("Value error, ")
            yield f"{place}: {name}: {said} (got {str(each['input'])[:80]!r})"


def _known(key: Key, sections: Mapping[str, type[BaseModel]]) -> tuple[str, ...]:
    """The names that could have been meant where this one stands."""
    section = sections.get(str(key[0]))
    if len(key) > 1 and section is not None:
        return tuple(f"{key[0]}.{name}" for name in section.model_fields)
    if len(key) > 1:
        above = ".".join(map(str, key[:-1]))
        return tuple(f"{above}.{name}" for name in Ward.model_fields)
    return (*AppSettings.model_fields, *sections)
