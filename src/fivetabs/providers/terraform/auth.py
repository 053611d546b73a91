"""What Terraform is run with: which binary, in which folders, and with which environment."""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from fivetabs.core import Misconfigured, NotConfigured, Program
from fivetabs.core.secrecy import named
from fivetabs.providers.terraform.settings import Settings
from fivetabs.providers.terraform.shapes.roots import Root, by_name, meant

NAMES = ("terraform", "tofu")
PLACES = (
    "/usr/local/bin",
    "/usr/bin",
    "/opt/homebrew/bin",
    "/home/linuxbrew/.linuxbrew/bin",
    "~/.tfenv/bin",
    "~/.tofuenv/bin",
    "~/.local/bin",
    "~/bin",
    "/snap/bin",
)
# Of Terraform's own variables only these are handed on: values for variables, the workspace,
# credentials and mirrors. Everything else can add arguments (TF_CLI_ARGS*), attach a foreign
# process as provider (TF_REATTACH_PROVIDERS), write files (TF_LOG_PATH) or move what is read.
KEPT = (
    "TF_VAR_",
    "TF_TOKEN_",
    "TF_HTTP_",
    "TF_REGISTRY_",
    "TF_CLOUD_",
    "TF_ENCRYPTION",
    "TF_WORKSPACE",
    "TF_PLUGIN_CACHE_DIR",
)
_OURS = ("TF_", "TOFU_", "TERRAFORM_CONFIG", "TERRAFORM_ALLOWED_DIRS")
_CLI_CONFIG = "TF_CLI_CONFIG_FILE"


def find_binary(settings: Settings) -> str:
    """The binary to run: the setting, else PATH, else the usual places.

    Raises:
        Misconfigured: If there is none.
    """
    if settings.binary:
        found = shutil.which(os.path.expanduser(settings.binary))  # noqa: PTH111
        if found:
            return found
        raise Misconfigured(
            f"the Terraform binary {settings.binary!r} does not exist or cannot be run",
            hint="correct FIVETABS_TERRAFORM__BINARY, or leave it out to look on PATH",
        )
    places = os.pathsep.join(str(Path(place).expanduser()) for place in PLACES)
    for path in (None, places):
        for name in NAMES:
            if found := shutil.which(name, path=path):
                return found
    raise Misconfigured(
        "neither terraform nor tofu is on this process's PATH or in the usual places",
        hint="install Terraform, or set FIVETABS_TERRAFORM__BINARY=/path/to/terraform",
    )


def programs(settings: Settings) -> tuple[Program, ...]:
    """The binary that is set, or those that are looked for."""
    if settings.binary:
        path = os.path.expanduser(settings.binary)  # noqa: PTH111
        return (Program(path, "the setting terraform.binary"),)
    return tuple(Program(name, "plans and states", needed=False) for name in NAMES)


def find_roots(settings: Settings) -> tuple[Path, ...]:
    """The allowed folders, resolved.

    Raises:
        NotConfigured: If none is allowed.
        Misconfigured: If one is not absolute, or none of them exists.
    """
    example = f"TERRAFORM_ALLOWED_DIRS=/path/to/infra (several joined by {os.pathsep!r})"
    if not settings.allowed_dirs:
        raise NotConfigured(
            "no folder is allowed for Terraform, so nothing was read",
            hint=f"to allow one, set {example} in the server's environment",
        )
    paths = tuple(Path(each).expanduser() for each in settings.allowed_dirs)
    if relative := [str(path) for path in paths if not path.is_absolute()]:
        raise Misconfigured(
            f"the allowed Terraform folder {relative[0]!r} is not an absolute path",
            hint=f"write {example}",
        )
    roots = tuple(dict.fromkeys(path.resolve() for path in paths if path.is_dir()))
    if not roots:
        raise Misconfigured(
            f"none of the allowed Terraform folders exists: {', '.join(map(str, paths))}",
            hint=f"correct {example}",
        )
    return roots


def roots_by_name(roots: Sequence[Path]) -> Mapping[str, Path]:
    """The roots by the names that a caller gives as target."""
    return {name: Path(root.path) for name, root in by_name(_rooted(roots)).items()}


def root_of(roots: Sequence[Path], target: str) -> str:
    """The one name of the root that a target means, by whatever path it is written.

    Raises:
        Invalid: If several roots are called so.
        NotFound: If there is none.
    """
    bare = target.rstrip("/") or target
    path = ""
    if Path(bare).is_absolute():
        with suppress(OSError, RuntimeError, ValueError):  # A circle of symlinks, a NUL: no root.
            path = str(Path(bare).resolve())
    return meant(bare, path, _rooted(roots))


def naming(settings: Settings, target: str) -> str | None:
    """The one name of a target; None where there is only that root, which unset means too.

    Raises:
        Fault: As `find_roots` and `root_of` do.
    """
    roots = find_roots(settings)
    name = root_of(roots, target)
    return name if len(roots) > 1 else None


def _rooted(roots: Sequence[Path]) -> tuple[Root, ...]:
    return tuple(Root(root.name, str(root)) for root in roots)


def child_environment(
    settings: Settings, environment: Mapping[str, str], data_dir: str
) -> dict[str, str]:
    """The environment of one terraform process, with its data folder moved to `data_dir`."""
    kept = {
        name: value
        for name, value in environment.items()
        if not name.startswith(_OURS) or name.startswith(KEPT)
    }
    if settings.allow_cli_config and _CLI_CONFIG in environment:
        kept[_CLI_CONFIG] = environment[_CLI_CONFIG]
    return kept | {"TF_DATA_DIR": data_dir, "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}


def secrets_of_environment(environment: Mapping[str, str]) -> Iterator[str]:
    """The secrets that a terraform process would be given: values of variables, tokens, keys."""
    for name, value in environment.items():
        yield from named(name, value)
