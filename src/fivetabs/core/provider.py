"""What a house shows the rest of the project: one value, its nameplate."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache, partial
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, Generic, TypeVar, cast, overload

from pydantic import BaseModel

from fivetabs.core.estate import Chart
from fivetabs.core.findings import Rule
from fivetabs.core.programs import Program
from fivetabs.core.tool import AnyTool, Tool
from fivetabs.core.ways import Checkup, Spread, alone

V = TypeVar("V")
S = TypeVar("S")
T = TypeVar("T")
C = TypeVar("C", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Connection(Generic[V, S]):
    """An open backend. Tools are handed `view`; only the pipeline ever holds `commit`.

    `target` names the backend as a `Subject` would (`k8s:shop-eu`, `aws:123456789012/eu-west-1`).
    `commit` returns one sentence of what happened. `now` is the clock answers are stamped with.
    `targets` are all targets that a caller could have named instead: where there are several, a
    change must name its own. `secrets` gives the secret values that came by so far: credentials in
    use, and those found in what was read; none of them is ever shown. `stale` says, without asking
    anybody, that the files it was opened by say something else now: then it is opened afresh.
    `spans` are the targets it reads where it is more than the one that `target` names. One that is
    `passing` is not kept when its users have left.
    """

    view: V
    commit: Callable[[S], Awaitable[str]]
    target: str
    now: Callable[[], datetime]
    targets: tuple[str, ...] = ()
    secrets: Callable[[], Iterable[str]] = tuple
    stale: Callable[[], bool] = bool
    spans: tuple[str, ...] = ()
    passing: bool = False


def _no_programs(_: Any) -> tuple[Program, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Provider(Generic[V, S, C]):
    """A house: its name, its tools and rules, and how to open it for real or as a demo.

    `live` and `demo` take the target the caller named (None: the backend's own default) and raise
    a `Fault` when they cannot open it. `target` describes the target argument to the model; a
    house without targets leaves it empty. `chart` is how the house tells its part of the estate,
    `checkup` how it looks at the ways to its targets; `programs` are those that it starts or has
    started, as its configuration names them. `spread` tells which of its targets a caller's words
    mean, where they mean several that the pipeline asks one by one. `scheme` is what its targets
    and subjects begin with. `naming` gives the one name of a target that can be written in several
    ways (None: what unset means); it reads files only, and blocks.
    """

    name: str
    title: str
    tools: Sequence[AnyTool[V]]
    rules: Sequence[Rule[Any]]
    settings: type[C]
    live: Callable[[C, str | None], AbstractAsyncContextManager[Connection[V, S]]]
    demo: Callable[[str | None], AbstractAsyncContextManager[Connection[V, S]]]
    target: str = ""
    chart: Chart[V, Any] | None = None
    programs: Callable[[C], Iterable[Program]] = _no_programs
    checkup: Checkup[V] | None = None
    spread: Spread = alone
    scheme: str = ""
    naming: Callable[[C, str], str | None] | None = None


def door(room: str) -> Callable[..., AbstractAsyncContextManager[Connection[Any, Any]]]:
    """The `connect` of a room that is imported when it is first opened, in a thread.

    So the start of the server pays for no house's backend and no house's demo world, and nobody's
    answer waits for the imports of another house.
    """

    @asynccontextmanager
    async def connect(*given: Any) -> AsyncGenerator[Connection[Any, Any]]:
        module = await asyncio.to_thread(import_module, room)
        async with module.connect(*given) as connection:
            yield connection

    return connect


@dataclass(frozen=True, slots=True, eq=False)
class Room(Sequence[T]):
    """What a room declares; its modules are imported when somebody first looks in."""

    look: Callable[[], tuple[T, ...]]

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T, ...]: ...
    def __getitem__(self, index: int | slice) -> T | tuple[T, ...]:
        return self.look()[index]

    def __len__(self) -> int:
        return len(self.look())


def tools_in(package: ModuleType) -> Room[AnyTool[Any]]:
    """Every tool the room declares. Declaring is registering; there is no list to keep."""
    return Room(cache(lambda: tuple(cast("AnyTool[Any]", v) for v in _values(package, Tool))))


def rules_in(package: ModuleType) -> Room[Rule[Any]]:
    """Every rule the room declares, in the order of the modules and their lines."""
    return Room(cache(lambda: tuple(cast("Rule[Any]", v) for v in _values(package, Rule))))


def chart_in(room: str) -> Chart[Any, Any]:
    """The chart that a module keeps as CHART; the module is imported when it is first used."""

    def part(name: str, *given: Any) -> Any:
        return getattr(import_module(room).CHART, name)(*given)

    return Chart(*(partial(part, each.name) for each in fields(Chart)))


def programs_in(room: str) -> Callable[[Any], Iterable[Program]]:
    """The `programs` of a room that is imported when somebody asks for them."""
    return lambda settings: import_module(room).programs(settings)


def naming_in(room: str) -> Callable[[Any, str], str | None]:
    """The `naming` of a room that is imported when a target is first named."""
    return lambda settings, target: import_module(room).naming(settings, target)


def checkup_in(room: str) -> Checkup[Any]:
    """The `found` and `ask` of a room that is imported when they are first used."""

    def part(name: str, *given: Any) -> Any:
        return getattr(import_module(room), name)(*given)

    return Checkup(partial(part, "found"), partial(part, "ask"))


def _values(package: ModuleType, kind: type) -> Iterator[object]:
    """Each value once, though modules may import it from one another."""
    seen: set[int] = set()
    for info in iter_modules(package.__path__):
        for value in vars(import_module(f"{package.__name__}.{info.name}")).values():
            if isinstance(value, kind) and id(value) not in seen:
                seen.add(id(value))
                yield value
