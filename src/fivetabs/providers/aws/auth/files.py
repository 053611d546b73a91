"""The SDK's files and variables: whether somebody set AWS up here, by what, and when it changed."""

import os
from contextlib import suppress
from pathlib import Path


def configured() -> bool:
    """Whether somebody set AWS up here: a file, or a variable that chooses or holds credentials."""
    named = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    roles = ("AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI")
    variables = (*named, *roles, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
    return any(map(os.environ.get, variables)) or any(path.is_file() for path in files())


def files() -> tuple[Path, Path]:
    """The files in which the SDK looks for profiles and for keys."""
    return (
        Path(os.environ.get("AWS_CONFIG_FILE") or "~/.aws/config").expanduser(),
        Path(os.environ.get("AWS_SHARED_CREDENTIALS_FILE") or "~/.aws/credentials").expanduser(),
    )


def stamp() -> tuple[tuple[int, int], ...]:
    """When each of those files was last changed, and its size; one that is not there has none."""
    found: list[tuple[int, int]] = []
    for path in files():
        with suppress(OSError):
            status = path.stat()
            found.append((status.st_mtime_ns, status.st_size))
    return tuple(found)


def origin() -> str:
    """Where profile and credentials come from, for people; the variables by their names alone."""
    variables = ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE")
    named = [name for name in variables if os.environ.get(name)]
    return ", ".join((*named, *(str(path) for path in files() if path.is_file())))
