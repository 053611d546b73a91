"""Terraform directories: one with a local state, one whose state is kept at an address."""

import os
from pathlib import Path

from tests.rig.processes import run

_MAIN = """\
terraform {
%s}

resource "terraform_data" "item" {
  count = 20
  input = "value-${count.index}"
}

output "items" {
  value = length(terraform_data.item)
}
"""
_REMOTE = """\
  backend "http" {
    address = "http://127.0.0.1:%d/state"
  }
"""


def make(folder: Path) -> Path:
    """A directory that was applied; its state is a file."""
    place = folder / "shop"
    _write(place, "")
    _terraform(place, "init", "-input=false")
    _terraform(place, "apply", "-input=false", "-auto-approve")
    return place


def remote(folder: Path, port: int) -> Path:
    """A directory that was initialised with a state at this port of loopback."""
    place = folder / f"remote-{port}"
    _write(place, _REMOTE % port)
    _terraform(place, "init", "-input=false")
    return place


def _write(place: Path, backend: str) -> None:
    place.mkdir(parents=True, exist_ok=True)
    (place / "main.tf").write_text(_MAIN % backend)


def _terraform(place: Path, *words: str) -> None:
    run("terraform", f"-chdir={place}", *words, env={**os.environ, "CHECKPOINT_DISABLE": "1"})
