"""What the incident wrote into CloudWatch Logs, second by second, on the day of the demo clock."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

_DAY = datetime(2026, 3, 12, tzinfo=UTC)
_LOST = timedelta(hours=10, minutes=5)
_RENEWED = timedelta(hours=9, minutes=50)
_API = "orders-api-6c9d8f7b5-"
_STARTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "x2k4p": ("10:05:08", "10:05:29", "10:06:11", "10:07:40", "10:10:52"),
        "t7w9z": ("10:05:11", "10:05:35", "10:06:20", "10:07:58", "10:11:17"),
    }
)
_START = (
    "{at} INFO  orders-api 1.8.2 starting on :8080",
    "{at} INFO  connecting to $DB_HOST:5432 (orders-db)",
    "{at} WARN  attempt 1 of 3 failed, retrying in 1s",
    "{at} WARN  attempt 2 of 3 failed, retrying in 1s",
    "FATAL could not connect to orders-db:5432: connection refused",
)
_TRACE = (
    "[ERROR] HTTPError: 502 Server Error: Bad Gateway for url: https://edge-1.shop.example/orders\n"
    "Traceback (most recent call last):\n"
    '  File "/var/task/handler.py", line 41, in handler\n'
    "    response.raise_for_status()\n"
)
_CONTROLLER = "kube-controller-manager-4f1a9c"
_SCHEDULER = "kube-scheduler-4f1a9c"


class Event(NamedTuple):
    """One event: when, in which stream, what, and its place in the group."""

    at: timedelta
    stream: str
    message: str
    number: int = 0

    @property
    def timestamp(self) -> int:
        """Milliseconds since 1970."""
        return round((_DAY + self.at).timestamp() * 1000)


def events(group: str) -> tuple[Event, ...]:
    """Everything a group holds, oldest first."""
    made: Iterator[Event]
    match group:
        case "/shop/orders-api":
            made = _orders_api()
        case "/shop/storefront":
            made = _storefront()
        case "/aws/lambda/order-events":
            made = _order_events()
        case "/aws/eks/shop-eu/cluster":
            made = _cluster()
        case _:
            made = iter(())
    ordered = sorted(made, key=lambda event: event.at)
    return tuple(event._replace(number=n) for n, event in enumerate(ordered))


def _orders_api() -> Iterator[Event]:
    for n in range(int((_LOST - timedelta(hours=6)).total_seconds()) // 15):
        at, pod = timedelta(hours=6, seconds=15 * n), "xt"[n % 2]
        stream = _API + ("x2k4p" if pod == "x" else "t7w9z")
        told = f"{_stamp(at)} INFO  GET /orders/{4100 + n * 37 % 900} 200 {n * 29 % 70 + 6}ms"
        yield Event(at, stream, told)
    for pod, starts in _STARTS.items():
        lost = _LOST + timedelta(seconds=2)
        gone = f"{_stamp(lost)} ERROR lost connection to orders-db:5432: connection reset by peer"
        yield Event(lost, _API + pod, gone)
        yield Event(lost + timedelta(seconds=1), _API + pod, _START[-1])
        for start in starts:
            at = _time(start)
            for n, words in enumerate(_START):
                yield Event(
                    at + timedelta(seconds=max(0, n - 1)), _API + pod, words.format(at=_stamp(at))
                )


def _storefront() -> Iterator[Event]:
    for n in range(240):
        at = timedelta(hours=9, seconds=18 * n + 4)
        pod = ("4hq2n", "b8m5d", "z6r3v")[n % 3]
        told = f'10.42.0.7 - "GET /products/{101 + n % 60} HTTP/1.1" 200 {n * 37 % 90 + 4}ms'
        yield Event(at, f"storefront-7d5b9c64f8-{pod}", told)


def _order_events() -> Iterator[Event]:
    """A function that a schedule invokes each minute, and that needs the shop to answer."""
    for n in range(74):
        at = timedelta(hours=9, minutes=n, seconds=1)
        stream = f"2026/03/12/[$LATEST]{'7c1e5b0d9a3f' if at < _RENEWED else 'e04d8826b1c7'}"
        request = f"{0x5F2B0000 + n:08x}-1c3d-4e5f-8a9b-{n * 7919:012x}"
        fails = at > _LOST + timedelta(minutes=1)
        done = _TRACE if fails else f"[INFO] {n % 7 + 1} orders announced"
        spent = 3012 if fails else 180 + n * 17 % 60
        told = (
            f"START RequestId: {request} Version: $LATEST\n",
            done,
            f"END RequestId: {request}\n",
            f"REPORT RequestId: {request}\tDuration: {spent}.00 ms\tMax Memory Used: 71 MB\n",
        )
        for place, words in enumerate(told):
            yield Event(at + timedelta(milliseconds=40 * place), stream, words)


def _cluster() -> Iterator[Event]:
    for n in range(123):
        at = timedelta(minutes=5 * n)
        told = f"I0312 {_clock(at)} garbagecollector.go:241] synced garbage collector"
        yield Event(at, _CONTROLLER, told)
    lost, pending = _time("10:03:14"), _time("10:05:04")
    yield Event(
        lost,
        _CONTROLLER,
        f"I0312 {_clock(lost)} node_lifecycle_controller.go:1044] Node worker-c is unresponsive. "
        "Adding it to the Taint queue",
    )
    yield Event(
        pending,
        _SCHEDULER,
        f'I0312 {_clock(pending)} schedule_one.go:1055] "Unable to schedule pod; no fit; waiting" '
        'pod="shop/orders-db-0" err="0/3 nodes are available: 1 node(s) had untolerated taint '
        "{node.kubernetes.io/unreachable: }, 2 node(s) didn't match Pod's node "
        'affinity/selector"',
    )


def _time(clock: str) -> timedelta:
    hours, minutes, seconds = map(int, clock.split(":"))
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _stamp(at: timedelta) -> str:
    return f"{_DAY + at:%Y-%m-%dT%H:%M:%SZ}"


def _clock(at: timedelta) -> str:
    return f"{_DAY + at:%H:%M:%S.000000}"
