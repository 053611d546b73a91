"""`python -m bundle FOLDER` lays out what is packed; `make bundle` has it validated and packed."""

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
_PIN = re.compile(r"^([A-Za-z0-9._-]+==[^ \\]+(?: ; [^\\]+?)?) *\\$", re.MULTILINE)


def lay_out(folder: Path) -> None:
    """The manifest, the code, and a project of exactly the versions that are tested here."""
    if folder.exists():
        shutil.rmtree(folder)
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
    shutil.copytree(ROOT / "src" / "fivetabs", folder / "src" / "fivetabs", ignore=ignored)
    for name in ("manifest.json", "server.py"):
        shutil.copy(ROOT / "bundle" / name, folder / name)
    for name in ("README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / name)
    (folder / "pyproject.toml").write_text(_project(), "utf-8")


def _project() -> str:
    pins = _PIN.findall((ROOT / "requirements-run.txt").read_text("utf-8"))
    listed = "".join(f'    "{pin}",\n' for pin in pins)
    return (
        '[project]\nname = "fivetabs-bundle"\nversion = "0"\nrequires-python = ">=3.11"\n'
        f"dependencies = [\n{listed}]\n\n[tool.uv]\npackage = false\n"
    )


if __name__ == "__main__":
    lay_out(Path(sys.argv[1]))
