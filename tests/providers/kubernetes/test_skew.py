"""Ages are told by the API server's clock where this machine's is wrong."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from fivetabs.core.clocks import lag_of

NOW = datetime(2026, 3, 12, 10, 14, tzinfo=UTC)


@pytest.mark.parametrize("minutes", [-90, 10])
def test_a_clock_that_is_wrong_is_set_right(minutes: int) -> None:
    server = NOW + timedelta(minutes=minutes)
    assert lag_of(format_datetime(server, usegmt=True), NOW) == timedelta(minutes=minutes)


@pytest.mark.parametrize("seconds", [-20, 0, 20])
def test_a_slow_answer_is_no_wrong_clock(seconds: int) -> None:
    server = NOW + timedelta(seconds=seconds)
    assert lag_of(format_datetime(server, usegmt=True), NOW) == timedelta()


@pytest.mark.parametrize("date", ["", "soon", "Thu, 12 Mar 2026 10:14:00"])
def test_a_header_that_says_nothing_changes_nothing(date: str) -> None:
    assert lag_of(date, NOW) == timedelta()
