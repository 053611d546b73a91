"""What was not read is told in one line for each house, and once."""

from fivetabs.core import History, Part, Survey, Told
from fivetabs.core.quoting import quoted
from fivetabs.incident.gaps import unread


def aws(*missing: str) -> Part:
    return Part("AWS", "aws:1234/all", survey=Survey(missing=missing))


def changes(*missing: str) -> Told:
    return Told("AWS", History(missing=missing))


def test_reads_that_failed_in_one_way_are_one_with_the_first_reason() -> None:
    regions = tuple(f"alarms in region-{n}: denied: no {n}" for n in range(6))
    (line,) = unread((aws(*regions, "buckets: timed out: not read within 5 s"),))
    assert line == (
        "AWS: alarms in region-0, alarms in region-1, alarms in region-2, alarms in region-3 "
        "and 2 more: denied, the first: no 0; buckets: timed out: not read within 5 s"
    )


def test_what_is_missing_for_both_diagnosis_and_changes_is_told_once() -> None:
    line = "the state of infra/slow: timed out: not read within 3 s"
    assert unread((aws(line),), (changes(line, "history: unavailable: HTTP 500"),)) == (
        f"AWS: {line}; changes: history: unavailable: HTTP 500",
    )


def test_a_house_that_was_not_read_is_told_with_what_mends_it_and_not_again_for_its_changes() -> (
    None
):
    part = Part("AWS", status="expired: the session is over", hint="aws sso login")
    told = Told("AWS", status="expired: the session is over")
    assert unread((part,), (told,)) == ("AWS: expired: the session is over (aws sso login)",)


def test_a_house_whose_changes_alone_were_not_read_says_so() -> None:
    assert unread((aws(),), (Told("AWS", status="timed out: not within 8 s"),)) == (
        "AWS: changes: timed out: not within 8 s",
    )


def test_a_house_that_is_not_set_up_is_no_gap() -> None:
    part = Part("AWS", status="not configured: no credentials", unset=True)
    assert unread((part,), (Told("AWS", status="not configured", unset=True),)) == ()


def test_a_backends_own_words_are_left_out_where_ours_say_enough() -> None:
    ours = "what answers ec2:DescribeVolumeStatus is not AWS"
    line = f"volumes: unreachable: {ours}: {quoted('<!doctype html>' * 30)}"
    assert unread((aws(line),)) == (f"AWS: volumes: unreachable: {ours}",)
    assert quoted("no") in unread((aws(f"volumes: denied: {quoted('no')}"),))[0]


def test_a_line_without_a_status_stands_by_itself() -> None:
    assert unread((aws("all namespaces but shop: denied", "2 more states: too many"),)) == (
        "AWS: all namespaces but shop: denied; 2 more states: too many",
    )
