"""The corpus of `tests/corpus`: every secret hidden wherever it stands, no look-alike touched."""

import re
from collections import Counter

import pytest

from fivetabs.app.redact import Redactor
from tests.corpus import Lookalike, Planted, lookalikes, planted
from tests.corpus.judging import leaked

MARKER = re.compile(r"<secret:[0-9a-f]+>")
KINDS = sorted({each.kind for each in planted()})
LIKE_KINDS = sorted({each.kind for each in lookalikes()})
# More than the secret is hidden here, and should be: the id that stands beside its key, all of a
# credential's scope, the other value of a cookie.
WIDER = frozenset(("AWS secret access key", "HTTP header", "pre-signed URL", "password by name"))


def of_kind(kind: str) -> list[Planted]:
    return [each for each in planted() if each.kind == kind]


def test_the_corpus_is_as_large_as_it_says() -> None:
    secrets = {secret for each in planted() for secret in each.secrets}
    assert len(secrets) >= 120
    assert len(KINDS) >= 30
    assert len(lookalikes()) >= 300
    surroundings = Counter(kind for kind, _ in {(e.kind, e.around) for e in planted()})
    assert sum(count > 1 for count in surroundings.values()) >= 30


@pytest.mark.parametrize("kind", KINDS)
def test_every_secret_of_a_kind_is_hidden_in_every_surrounding(
    redactor: Redactor, kind: str
) -> None:
    shown = [(each, redactor.text(each.text)) for each in of_kind(kind)]
    assert not [(each.text, text) for each, text in shown if leaked(each, text)]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in WIDER])
def test_nothing_but_the_secret_is_hidden(redactor: Redactor, kind: str) -> None:
    for each in of_kind(kind):
        around = each.text
        for secret in each.secrets:
            around = around.replace(secret, "\0")
        assert MARKER.sub("\0", redactor.text(each.text)) == around


@pytest.mark.parametrize("kind", KINDS)
def test_redacting_twice_changes_nothing(redactor: Redactor, kind: str) -> None:
    once = [redactor.text(each.text) for each in of_kind(kind)]
    assert [redactor.text(text) for text in once] == once


@pytest.mark.parametrize("kind", LIKE_KINDS)
def test_no_lookalike_is_hidden(redactor: Redactor, kind: str) -> None:
    texts = [each.text for each in lookalikes() if each.kind == kind]
    assert [redactor.text(text) for text in texts] == texts


def test_lookalikes_in_one_log_stay_as_they_are(redactor: Redactor) -> None:
    log = "\n".join(map(_one_line, lookalikes()))
    assert redactor.text(log).splitlines() == log.splitlines()


def test_secrets_and_lookalikes_in_one_log_are_told_apart(redactor: Redactor) -> None:
    """What stands on other lines changes nothing: neither hides a look-alike nor saves a secret."""
    likes = [_one_line(each) for each in lookalikes()]
    hidden = [each for each in planted() if "\n" not in each.text and not _is_open(each)]
    pairs = list(zip(hidden, likes * (len(hidden) // len(likes) + 1), strict=False))
    log = "\n".join(f"{each.text}\n{like}" for each, like in pairs)
    shown = redactor.text(log).splitlines()
    assert [line for line, (_, like) in zip(shown[1::2], pairs, strict=True) if line != like] == []
    assert not [e.text for line, (e, _) in zip(shown[::2], pairs, strict=True) if leaked(e, line)]


def _one_line(each: Lookalike) -> str:
    return each.text.replace("\n", " ") if "-----" not in each.text else "a certificate"


def _is_open(each: Planted) -> bool:
    """A PEM key whose end is missing may go on on the next line."""
    return "PEM" in each.kind
