"""The configuration files of the docker command line."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from fivetabs.core import Misconfigured


def read_json(file: Path) -> Mapping[str, Any]:
    """A JSON object from a file; nothing where there is no file.

    Raises:
        Misconfigured: If the file is there and cannot be read.
    """
    try:
        value: Any = json.loads(file.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise Misconfigured(
            f"the Docker configuration {file} cannot be read: {error}", hint=f"mend {file}"
        ) from error
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
