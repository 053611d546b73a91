"""Private keys that a log spells out line by line: their bodies are never shown."""

from base64 import b64encode
from random import Random

import pytest

from tests.core.log_sources import dated, of_bytes, told

pytestmark = pytest.mark.anyio

BODY = [b64encode(Random(n).randbytes(48)).decode() for n in range(20)] + ["c2hvcnQ="]  # noqa: S311
KEY = ["-----BEGIN RSA PRIVATE KEY-----", *BODY, "-----END RSA PRIVATE KEY-----"]
HIDE, SHOW = "\ue002", "\ue003"


def bare(text: str) -> str:
    """The text without what is marked as secret."""
    pieces = text.split(HIDE)
    return pieces[0] + "".join(piece.partition(SHOW)[2] for piece in pieces[1:])


def leaks(text: str) -> list[str]:
    return [line for line in BODY if line in bare(text)]


async def test_a_key_is_shown_without_its_body() -> None:
    found = await told(of_bytes(dated(["loading", *KEY, "loaded"])))
    assert not leaks(found.text)
    assert found.text.count(HIDE) == len(BODY)
    assert bare(found.text).split("\n")[:2] == ["loading", KEY[0]]
    assert bare(found.text).endswith(f"{KEY[-1]}\nloaded")


@pytest.mark.parametrize("lines", [1, 2, 5, 15])
async def test_a_page_that_begins_inside_a_key_shows_nothing_of_it(lines: int) -> None:
    for page in range(1, 30):
        assert not leaks((await told(of_bytes(dated(KEY)), lines=lines, page=page)).text)


@pytest.mark.parametrize("begin", [1, 2, 10, 20])
async def test_a_log_that_begins_inside_a_key_shows_nothing_of_it(begin: int) -> None:
    found = await told(of_bytes(dated([*KEY[begin:], "next"])))
    assert not leaks(found.text)
    assert found.text.endswith("next")


async def test_a_log_that_ends_inside_a_key_shows_nothing_of_it() -> None:
    assert not leaks((await told(of_bytes(dated(["loading", *KEY[:9]])))).text)


async def test_a_key_behind_a_prefix_is_hidden_too() -> None:
    found = await told(of_bytes(dated(f"INFO config: {line}" for line in KEY)))
    assert not leaks(found.text)
    assert bare(found.text).startswith("INFO config: -----BEGIN")


async def test_grep_gets_nothing_out_of_a_key() -> None:
    found = await told(of_bytes(dated(KEY)), grep=BODY[3][:8].replace("+", "."))
    assert found.matched == 1
    assert not leaks(found.text)


async def test_neither_templates_nor_neighbours_hold_a_key() -> None:
    busy = [f"INFO request {n}" for n in range(600)]
    lines = [*busy, *KEY, "ERROR odd", *KEY, *busy]
    found = await told(of_bytes(dated(lines)))
    cells = " ".join(str(cell) for table in found.tables for row in table.rows for cell in row)
    assert not leaks(cells)


async def test_what_is_no_key_is_shown() -> None:
    lines = ["-----BEGIN CERTIFICATE-----", BODY[0], "-----END CERTIFICATE-----", BODY[1]]
    found = await told(of_bytes(dated(["up", *lines])))
    assert found.text.split("\n") == ["up", *lines]


async def test_a_key_that_never_ends_hides_no_more_than_a_key() -> None:
    lines = [KEY[0], *(f"INFO plain words {n}" for n in range(30))]
    found = await told(of_bytes(dated(lines)))
    assert found.text.split("\n") == lines
