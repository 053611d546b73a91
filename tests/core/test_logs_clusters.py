"""Templates: what is one shape, what is not, and how much is kept of a log without shapes."""

from random import Random

import pytest

from fivetabs.core.logs.clusters import MOST_KINDS, Clusters, Kind
from fivetabs.core.logs.ranking import ranked, united
from fivetabs.core.logs.trees import MOST_CLUSTERS


def counted(*lines: str, clusters: Clusters | None = None) -> list[Kind]:
    """The templates of these lines, the most frequent first."""
    clusters = clusters or Clusters()
    for line in lines:
        kind = clusters.find(line.encode(), None)
        if kind is not None:
            kind.count += 1
    return sorted(united(clusters.kinds.values()), key=lambda kind: -kind.count)


@pytest.mark.parametrize(
    "lines",
    [
        ("took 12 ms", "took 7 ms", "took 1234 ms"),
        (
            "order 0b54a1f2-1c2d-4e5f-8a9b-aabbccddeeff",
            "order 12345678-0000-4e5f-8a9b-000000000000",
        ),
        ("at 0x7ffdeadbeef", "at 0x1"),
        ("from 10.0.0.1:443", "from 192.168.100.7:80"),
        ("2026-03-12 10:00:00,123 up", "2027-11-01 23:59:59,9 up"),
        ("user alice logged in from here", "user bob logged in from here"),
        (
            '{"level":"info","msg":"order accepted","user":"alice","n":1}',
            '{"n":2,"user":"bob","extra":{"a":[1]},"msg":"order accepted","level":"info"}',
        ),
        ('ts=1 level=info msg="logged in" user=alice', 'ts=22 level=info msg="logged in" user=bob'),
    ],
)
def test_lines_that_differ_in_values_only_are_one_template(lines: tuple[str, ...]) -> None:
    (kind,) = counted(*lines)
    assert kind.count == len(lines)


@pytest.mark.parametrize(
    "lines",
    [
        ('1.2.3.4 "GET / HTTP/1.1" 200 7', '1.2.3.4 "GET / HTTP/1.1" 503 7'),
        ("worker exited with code 0", "worker exited with code 137"),
        ("finished: 0 errors", "finished: 3 errors"),
        ("ERROR cannot reach the store", "INFO cannot reach the store"),
        ('{"level":"info","msg":"done"}', '{"level":"error","msg":"done"}'),
        ('{"level":"error","msg":"failed","error":"refused"}', '{"level":"error","msg":"failed"}'),
        ("a short line", "a line with a different number of words"),
    ],
)
def test_lines_that_differ_in_what_matters_are_several(lines: tuple[str, ...]) -> None:
    assert len(counted(*lines)) == len(lines)


def test_one_odd_word_among_thousands_is_not_taken_for_a_parameter() -> None:
    usual = [f"order {n} accepted by warehouse north" for n in range(3000)]
    kinds = counted(*usual, "order 4711 forgotten by warehouse north")
    assert [kind.count for kind in kinds] == [3000, 1]
    assert kinds[1].example == b"order 4711 forgotten by warehouse north"


def test_a_word_that_varies_after_long_is_a_parameter_in_the_end() -> None:
    usual = [f"job {n} of tenant alice has ended well" for n in range(1000)]
    others = [f"job {n} of tenant t{chr(97 + n % 26)}x has ended well" for n in range(500)]
    (kind,) = counted(*usual, *others)
    assert kind.count == 1500


def test_a_trace_is_told_from_others_by_its_last_line() -> None:
    refused = "ERROR order 1 failed\nConnectionRefusedError: [Errno 111] refused"
    missing = "ERROR order 2 failed\nKeyError: 'DB_HOST'"
    assert len(counted(refused, missing, refused.replace("order 1", "order 3"))) == 2


def test_of_a_log_without_shapes_a_bounded_part_is_kept_and_everything_is_counted() -> None:
    dice = Random(7)  # noqa: S311
    letters = "abcdefghijklmnopqrstuvwxyz"
    clusters = Clusters()
    lines, lost = 5000, 0
    for _ in range(lines):
        words = ("".join(dice.choices(letters, k=6)) for _ in range(dice.randrange(3, 30)))
        kind = clusters.find(" ".join(words).encode(), None)
        if kind is None:
            lost += 1
        else:
            kind.count += 1
    assert len(clusters.kinds) <= MOST_KINDS
    assert sum(kind.count for kind in clusters.kinds.values()) + clusters.rest + lost == lines
    assert MOST_CLUSTERS < MOST_KINDS


def test_errors_survive_where_the_rest_is_shed() -> None:
    clusters, dice = Clusters(), Random(8)  # noqa: S311
    counted("ERROR the store is on fire", clusters=clusters)
    for _ in range(MOST_KINDS + 10):
        words = " ".join("".join(dice.choices("abcdefgh", k=9)) for _ in range(6))
        kind = clusters.find(words.encode(), None)
        assert kind is not None
        kind.count += 1
    assert clusters.rest
    assert any(kind.level == "error" for kind in clusters.kinds.values())


@pytest.mark.parametrize(
    "line",
    [
        "{" * 3000 + "}",
        '{"msg": 1}',
        '{"msg": {"deep": {"deeper": ["x"]}}}',
        '{"message": null, "error": ["a"]}',
        "[]}{",
        "msg=",
        'msg="unclosed',
        "\x00\x01\x02",
        "=" * 4000,
    ],
)
def test_odd_lines_are_lines_like_others(line: str) -> None:
    assert counted(line, line)[0].count == 2


def test_errors_come_first_and_the_rare_before_the_frequent() -> None:
    lines = [f"INFO tick {n}" for n in range(800)] + [f"WARN slow {n} ms" for n in range(50)]
    lines += [f"ERROR pool empty {n}" for n in range(40)]
    lines += ["ERROR disk is full", "INFO the tide is high", "INFO sync failed: refused"]
    order = ranked(counted(*lines), len(lines), fresh=False)
    assert [kind.example.decode() for kind in order] == [
        "ERROR disk is full",
        "ERROR pool empty 0",
        "INFO sync failed: refused",
        "INFO the tide is high",
        "WARN slow 0 ms",
        "INFO tick 0",
    ]
