"""What the bundle starts: the boxes of its form become the settings of the server.

Copied to the root of the bundle, beside `src/`; its packages come from the pins beside it.
"""

import argparse
import os
import sys
from collections.abc import Iterable
from pathlib import Path

_UNFILLED = "${user_config."


def settle() -> None:
    """Take what was filled in, and forget what was not."""
    parser = argparse.ArgumentParser(prog="fivetabs bundle", allow_abbrev=False)
    parser.add_argument("--terraform", nargs="*", default=())
    parser.add_argument("--path", nargs="*", default=())
    options = parser.parse_args()
    for name, value in tuple(os.environ.items()):
        if not value or value.startswith(_UNFILLED):
            del os.environ[name]
    if folders := _filled(options.terraform):
        os.environ["TERRAFORM_ALLOWED_DIRS"] = os.pathsep.join(folders)
    if folders := _filled(options.path):
        path = os.environ.get("PATH", os.defpath)
        os.environ["PATH"] = os.pathsep.join((*folders, path))
    del sys.argv[1:]


def _filled(folders: Iterable[str]) -> list[str]:
    return [each for each in folders if each and not each.startswith(_UNFILLED)]


if __name__ == "__main__":
    settle()
    sys.path.insert(0, str(Path(__file__).resolve().parent / "src"))
    from fivetabs.cli import main

    main()
