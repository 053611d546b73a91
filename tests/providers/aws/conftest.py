"""A clean AWS environment, and the demo account behind real HTTP."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.providers.aws.serving import HOST, Behaviour, serve


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No AWS configuration at all, but two files to write one into."""
    for name in os.environ:
        if name.startswith("AWS_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def configured(clean: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two profiles with keys, the default one in eu-west-1."""
    (clean / "credentials").write_text(
        "[default]\naws_access_key_id = testing\naws_secret_access_key = testing\n"
        "[prod]\naws_access_key_id = testing\naws_secret_access_key = testing\n"
    )
    (clean / "config").write_text("[default]\nregion = eu-west-1\n[profile prod]\noutput = json\n")
    return clean


@pytest.fixture
def aws(configured: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Behaviour]:
    """The demo account over HTTP, reached through a proxy as http://aws.test."""
    behaviour = Behaviour()
    with serve(behaviour) as port:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{HOST}")
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{port}")
        yield behaviour
