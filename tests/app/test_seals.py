"""A passphrase seals exactly one request, and the server can check that and not make it."""

from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import ValidationError

from fivetabs.app.seals import approver, genuine, seal
from fivetabs.app.settings import AppSettings
from fivetabs.app.store.approvals import Draft
from fivetabs.app.store.rows import Request
from fivetabs.core import Invalid
from tests.app.records import records

WORDS = "correct horse battery staple"
KEY = approver(WORDS, b"0123456789abcdef")


@pytest.fixture
def request_(tmp_path: Path) -> Request:
    draft = Draft("0123456789ab", "restart_deployment", "k8s:prod", {"text": "", "outcome": {}})
    return records(tmp_path).approvals.ask(draft, KEY)


def test_the_passphrase_seals_and_the_key_recognises_it(request_: Request) -> None:
    assert genuine(KEY, request_.sealed(), seal(WORDS, KEY, request_.sealed()))


def test_another_passphrase_seals_nothing(request_: Request) -> None:
    with pytest.raises(Invalid, match="not the passphrase"):
        seal("correct horse battery stapler", KEY, request_.sealed())


@pytest.mark.parametrize(
    "changed",
    [
        {"id": "ffffff"},
        {"digest": "f" * 12},
        {"tool": "x"},
        {"target": "k8s:dev"},
        {"expires": 9e9},
    ],
    ids=str,
)
def test_a_seal_is_of_no_other_request(request_: Request, changed: dict[str, object]) -> None:
    made = seal(WORDS, KEY, request_.sealed())
    other = replace(request_, **changed)  # type: ignore[arg-type]
    assert not genuine(KEY, other.sealed(), made)


@pytest.mark.parametrize("forged", ["", "AAAA", "A" * 86, "not base64 at all!"])
def test_a_forged_seal_is_none(request_: Request, forged: str) -> None:
    assert not genuine(KEY, request_.sealed(), forged)


def test_a_key_by_somebody_else_does_not_count(request_: Request) -> None:
    other = approver("another pass phrase", b"0123456789abcdef")
    made = seal("another pass phrase", other, request_.sealed())
    assert not genuine(KEY, request_.sealed(), made)


@pytest.mark.parametrize("key", ["x", "ed25519.AAAA", f"{KEY}A", KEY.replace("ed25519", "rsa")])
def test_a_key_with_a_slip_in_it_is_refused_at_the_start(key: str) -> None:
    with pytest.raises(ValidationError, match="approver is not a key"):
        AppSettings(approver=key)
