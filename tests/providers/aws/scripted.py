"""An account that answers from a script, and remembers what it was asked."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fivetabs.providers.aws.demo import CLOCK
from fivetabs.providers.aws.port import PAGES, READS, Json

GROUP = "/shop/api"
NOW = round(CLOCK.timestamp() * 1000)
Answer = Json | Exception | Callable[[Mapping[str, Any]], Json]


def group(name: str = GROUP, **told: Any) -> Json:
    return {"logGroupName": name, "storedBytes": 1000, "creationTime": 0, **told}


def event(at: int, message: str, stream: str = "s", number: int = 0) -> Json:
    """An event so many milliseconds before the clock."""
    return {
        "timestamp": NOW - at,
        "message": message,
        "logStreamName": stream,
        "ingestionTime": NOW - at,
        "eventId": f"{number}",
    }


@dataclass
class Scripted:
    """`says` holds the answers of each operation in turn; the last one is given again."""

    says: dict[str, Sequence[Answer]] = field(default_factory=dict[str, Sequence[Answer]])
    places: tuple[str, ...] = ("eu-west-1",)
    asked: list[tuple[str, str, Json]] = field(default_factory=list[tuple[str, str, Json]])
    name: str = "123456789012"
    list_seconds: float = 60.0

    def __post_init__(self) -> None:
        self.says.setdefault("DescribeLogGroups", [{"logGroups": [group()]}])

    async def preview(self, step: object, /) -> None:
        raise AssertionError(f"nothing is changed here: {step}")

    async def regions(self) -> tuple[str, ...]:
        return self.places

    async def read(self, service: str, operation: str, region: str = "", **params: Any) -> Json:
        assert operation in READS[service]
        self.asked.append((operation, region, params))
        script = self.says.get(operation, [{}])
        answer = script[min(self.count(operation), len(script)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer({**params, "region": region}) if callable(answer) else answer

    async def pages(
        self, service: str, operation: str, region: str = "", **params: Any
    ) -> AsyncIterator[Json]:
        token: Json = {}
        while True:
            page = await self.read(service, operation, region, **params, **token)
            yield page
            if not (more := page.get(PAGES[operation].told)):
                return
            token = {PAGES[operation].asked: more}

    def now(self) -> datetime:
        return CLOCK

    def count(self, operation: str) -> int:
        return sum(name == operation for name, _, _ in self.asked)

    def params(self, operation: str) -> list[Json]:
        return [params for name, _, params in self.asked if name == operation]
