"""Changing one member of a config loses no other byte of it, whoever wrote the file and however."""

import re
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from fivetabs.cli.setup.reading import Broken, data, place, read
from fivetabs.cli.setup.splicing import Lost, Splice, drop, get, put, spliced, undone
from tests.cli.setup.configs import Config

ENTRY: dict[str, Any] = {
    "command": "/opt/five tabs/ü",
    "args": [],
    "env": {"PATH": "/a:/b", "X": '"\\//*'},
}
OTHER: dict[str, Any] = {
    "command": "old",
    "args": ["--demo"],
    "env": {"MINE": "kept"},
    "disabled": True,
}
Path = tuple[str, str]


def configs() -> Iterator[tuple[str, Path]]:
    """Four hundred files, half with each of the two keys."""
    for seed in range(400):
        key = ("mcpServers", "servers")[seed % 2]
        yield Config(seed, key).text, (key, "fivetabs")


def is_within(part: str, whole: str) -> bool:
    """Whether `whole` is `part` with something put in: no character of it lost or moved."""
    letters = iter(whole)
    return all(letter in letters for letter in part)


def comments(text: str) -> list[str]:
    """Every comment, in its order; strings are skipped as in any language like it."""
    found = re.findall(r'"(?:[^"\\]|\\.)*"|//[^\r\n]*|/\*.*?\*/', text, re.DOTALL)
    return [each for each in found if each.startswith("/")]


def whole(text: str) -> Any:
    root = read(text)
    return data(text, root) if root is not None else {}


def test_an_entry_is_added_and_everything_else_stays_byte_for_byte() -> None:
    for text, path in configs():
        added = put(text, path, ENTRY)
        assert get(added, path) == ENTRY
        assert is_within(text, added)
        before, after = whole(text), whole(added)
        del after[path[0]][path[1]]
        assert after == {path[0]: {}, **before}


def test_adding_then_removing_gives_the_same_bytes_back() -> None:
    for text, path in configs():
        assert undone(put(text, path, ENTRY), path, ["{", "", text]).encode() == text.encode()


def test_beside_other_servers_no_earlier_copy_is_needed_for_that() -> None:
    for before, path in configs():
        alone = not get(before, path[:1])
        text = put(before, (path[0], "neighbour"), OTHER) if alone else before
        assert drop(put(text, path, ENTRY), path).encode() == text.encode()


def test_an_entry_that_a_person_wrote_is_taken_out_and_no_comment_with_it() -> None:
    """Wherever it stands among the others, and whatever stands around it."""
    for seed in range(400):
        path = ("servers", "fivetabs")
        text = Config(seed, "servers", '{"command": "/mine", "env": {"A": "/* b */"}}').text
        without = drop(text, path)
        assert is_within(without, text)
        assert comments(without) == comments(text)
        meant = whole(text)
        del meant["servers"]["fivetabs"]
        assert whole(without) == meant


def test_a_second_time_changes_nothing() -> None:
    for text, path in configs():
        added = put(text, path, ENTRY)
        assert put(added, path, ENTRY) is added
        assert drop(text, path) is text


def test_one_value_of_an_entry_is_replaced_and_nothing_else() -> None:
    for text, path in configs():
        there = put(text, path, OTHER)
        changed = put(there, (*path, "command"), "new")
        assert changed.replace('"new"', '"old"') == there
        assert put(changed, (*path, "command"), "old") == there
        more = put(there, (*path, "env", "PATH"), "/a")
        assert drop(more, (*path, "env", "PATH")) == there


def test_a_file_that_was_cut_short_is_refused_with_its_line_and_column() -> None:
    dice = Random(7)  # noqa: S311
    for before, path in configs():
        text = put(before, path, ENTRY)
        root = read(text)
        assert root is not None
        cut = text[: dice.randrange(root.start + 1, root.end - 1)]
        with pytest.raises(Broken) as told:
            put(cut, path, ENTRY)
        assert 1 <= told.value.line <= len(cut.splitlines()) + 1
        assert f"line {told.value.line}, column {told.value.column}: " in str(told.value)


def test_a_file_with_a_slip_in_it_is_refused_or_means_what_it_says() -> None:
    dice, refused = Random(7), 0  # noqa: S311
    for before, path in configs():
        text = put(before, path, ENTRY)
        at = dice.randrange(len(text))
        slip = text[:at] + dice.choice('{}[]",:/*\\\n\x00x') + text[at + 1 :]
        try:
            added = put(slip, path, ENTRY)
        except Broken:
            refused += 1
            continue
        assert get(added, path) == ENTRY
        assert added == slip or is_within(slip, added) or get(slip, path) is not None
    assert 100 < refused < 400


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"a": 1\n  "b": 2}', "line 2, column 3: a comma or } is missing"),
        ('{"a": 1, , "b": 2}', "line 1, column 10: a name in double quotes is missing"),
        ('{\n  "a" 1}', "line 2, column 7: a colon is missing after the name"),
        ('{"a": }', "line 1, column 7: a value is missing before }"),
        ("{'a': 1}", "line 1, column 2: ' cannot stand here"),
        ('{"a": "b\n"}', "line 1, column 7: a string does not end on its line"),
        ('{"a": 1} /* x', "line 1, column 10: a comment does not end"),
        ('{"a": 1}}', "line 1, column 9: something follows the end of the value"),
        ('{"a": [1, 2', "line 1, column 12: the file ends too early: a comma or ] is missing"),
        ('\ufeff{\r\n"a": tru}', "line 2, column 6: t cannot stand here"),
        ('{"a": 01}', "line 1, column 7: 0 cannot stand here"),
        ('{"a": NaN}', "line 1, column 7: N cannot stand here"),
        ("[1]", "line 1, column 1: an object is needed here, to hold 'mcpServers'"),
        ('{"mcpServers": []}', "line 1, column 16: an object is needed here, to hold 'fivetabs'"),
        ('{"mcpServers": null}', "line 1, column 16: an object is needed here"),
        (
            '{"mcpServers": {},\n "mcpServers": {}}',
            "line 2, column 2: 'mcpServers' is there a second time",
        ),
        ("[" * 300, "line 1, column 201: nested deeper than 200"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, told: str) -> None:
    with pytest.raises(Broken) as broken:
        put(text, ("mcpServers", "fivetabs"), ENTRY)
    assert str(broken.value).startswith(told)


def test_an_added_entry_looks_like_its_neighbours() -> None:
    text = (
        '{\r\n\t// of mine\r\n\t"mcpServers": {\r\n\t\t"a": {"command": "x"}, // last\r\n'
        "\t},\r\n}\r\n"
    )
    assert put(text, ("mcpServers", "fivetabs"), {"command": "y"}) == (
        '{\r\n\t// of mine\r\n\t"mcpServers": {\r\n\t\t"a": {"command": "x"}, // last\r\n'
        '\t\t"fivetabs": {\r\n\t\t\t"command": "y"\r\n\t\t},\r\n\t},\r\n}\r\n'
    )
    assert put('{"a":1}', ("mcpServers", "fivetabs"), {"command": "y"}) == (
        '{"a":1,"mcpServers":{"fivetabs":{"command":"y"}}}'
    )


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("{}", '{\n  "servers": {\n    "fivetabs": 1\n  }\n}'),
        ('{\n "servers": {}\n}', '{\n "servers": {\n  "fivetabs": 1\n }\n}'),
        (
            '{\n\t"servers": {\n\t\t// none yet\n\t}\n}',
            '{\n\t"servers": {\n\t\t// none yet\n\t\t"fivetabs": 1\n\t}\n}',
        ),
        (
            '{"servers": {"a": 1 // last\n}}',
            '{"servers": {"a": 1, // last\n"fivetabs": 1\n}}',
        ),
        ('{"servers": {"a": 1 /* last */ }}', '{"servers": {"a": 1, /* last */ "fivetabs": 1 }}'),
    ],
)
def test_where_an_entry_is_put(text: str, added: str) -> None:
    assert put(text, ("servers", "fivetabs"), 1) == added
    assert drop(added, ("servers", "fivetabs")) == text or text == "{}"


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ('{"a": {"f": 1}}', '{"a": {}}'),
        ('{"a": { /* keep */ "f": 1, }}', '{"a": { /* keep */ }}'),
        ('{"a": {"f": 1 /* keep */, "g": 2}}', '{"a": { /* keep */ "g": 2}}'),
        ('{"a": {"g": 2, // keep\n "f": 1}}', '{"a": {"g": 2 // keep\n }}'),
        ('{"a": {"g": 2,\n\n "f": 1\n}}', '{"a": {"g": 2\n}}'),
    ],
)
def test_what_is_left_when_an_entry_is_taken_out(text: str, without: str) -> None:
    assert drop(text, ("a", "f")) == without


@pytest.mark.parametrize(
    "splices",
    [[Splice(1, 7)], [Splice(1, 1, '"f": 1, "b": 2, ')], [Splice(1, 1, '"f": 1 ')], []],
)
def test_a_result_that_was_not_meant_is_not_handed_out(splices: list[Splice]) -> None:
    with pytest.raises(Lost):
        spliced('{"a": 1}', splices, ("f",), 1)


def test_lines_end_as_they_do_in_the_file() -> None:
    assert place("a\r\nb\rc\nd", 7) == (4, 1)
