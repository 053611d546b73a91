"""What every test may use: the event loop, the demo world, and the rig of real backends."""

import os
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.rig import Rig


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def rig() -> "Iterator[Rig]":
    """Real backends, up once for the whole run; skipped with the reason where they cannot run."""
    from tests.rig import Rig  # noqa: PLC0415  (the other rungs need none of it)

    world = Rig()
    if reasons := world.missing():
        told = "; ".join(reasons)
        if os.environ.get("CI"):
            pytest.fail(f"the live rung cannot run here: {told}")
        pytest.skip(told)
    try:
        world.up()
        yield world
    finally:
        world.down()


@pytest.fixture
def on_rig(rig: "Rig", monkeypatch: pytest.MonkeyPatch) -> "Rig":
    """The rig, with its environment set for this test."""
    for name, value in rig.environment.items():
        monkeypatch.setenv(name, value)
    return rig


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """In CI a test of the live rung that skips has failed."""
    report = yield
    if report.skipped and os.environ.get("CI") and item.get_closest_marker("live"):
        report.outcome = "failed"
    return report
