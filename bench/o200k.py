"""Token counts by the o200k table, which npm's js-tiktoken carries; nothing is kept."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.tokens import estimate

PACKAGE = "js-tiktoken@1.0.21"
_SCRIPT = """\
const { Tiktoken } = require("js-tiktoken/lite");
const table = require("js-tiktoken/ranks/o200k_base");
const encoder = new Tiktoken(table.default ?? table);
const texts = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(texts.map((text) => encoder.encode(text, "all", []).length)));
"""


@dataclass
class Counter:
    """Counts tokens; installs the table at its first use, and estimates where npm is missing."""

    folder: Path | None = None
    exact: bool = True

    def count(self, texts: Sequence[str]) -> list[int]:
        """The tokens of each text."""
        if self.folder is None and self.exact:
            self._install()
        if not self.exact:
            return [estimate(text) for text in texts]
        command = ("node", "-e", _SCRIPT)
        done = subprocess.run(
            command,
            cwd=self.folder,
            input=json.dumps(list(texts)),
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(done.stdout)

    @property
    def unit(self) -> str:
        """What the numbers are."""
        return "tokens" if self.exact else "est. tokens"

    def close(self) -> None:
        """Remove what was installed."""
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _install(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="fivetabs-bench-npm-"))
        command = ("npm", "install", "--silent", "--no-audit", "--no-fund", PACKAGE)
        try:
            subprocess.run(command, cwd=self.folder, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            self.exact = False
