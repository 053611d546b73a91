"""A home of its own for every test, without any of this machine's configuration."""

import os
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

_OTHERS = ("KUBE", "AWS_", "DOCKER_", "TERRAFORM_", "TF_", "FIVETABS_", "XDG_")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in os.environ:
        if name.startswith(_OTHERS) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return tmp_path


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter, as pytest's own may not be."""
    with tempfile.TemporaryDirectory(prefix="fivetabs-doctor-") as made:
        folder = Path(made)
        folder.chmod(0o755)
        yield folder


@contextmanager
def _not_root() -> Generator[None]:
    """Root reads every file and opens every socket: inside, this process is nobody."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def not_root() -> Callable[[], AbstractContextManager[None]]:
    return _not_root
