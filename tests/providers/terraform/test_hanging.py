"""Backends that are gone, silent or slow, and calls that are cancelled: nothing hangs or stays."""

import asyncio
from pathlib import Path

import pytest

from fivetabs.core import Denied, Fault, TimedOut, Unauthorised, Unreachable
from tests.providers.terraform.backends import (
    Answer,
    HttpBackend,
    http_backend,
    never,
    response,
)
from tests.providers.terraform.worlds import (
    call,
    everything_in,
    needs_terraform,
    opened,
    processes_with,
    terraform,
    until,
    write,
)

pytestmark = [pytest.mark.anyio, needs_terraform]
STATE = b'{"version":4,"terraform_version":"1.5.0","serial":7,"lineage":"a","outputs":{}}'


def stored_at(tmp_path: Path, port: int) -> Path:
    text = f"""
    terraform {{
      backend "http" {{ address = "http://127.0.0.1:{port}/state" }}
    }}
    resource "terraform_data" "x" {{}}
    """
    folder = write(tmp_path / "infra" / "remote", text)
    terraform(folder, "init")
    return folder


async def stored(tmp_path: Path, backend: HttpBackend, answer: Answer) -> Path:
    folder = await asyncio.to_thread(stored_at, tmp_path, backend.port)
    backend.answer = answer
    return folder


@pytest.mark.parametrize("tool", ["run_terraform_plan", "check_terraform_state"])
async def test_a_backend_that_never_answers_is_timed_out(tmp_path: Path, tool: str) -> None:
    async with http_backend() as backend:
        folder = await stored(tmp_path, backend, never)
        before = everything_in(folder)
        async with opened(folder.parent, quiet=0.2) as view:
            with pytest.raises(TimedOut, match="http backend of infra/remote: it accepted the con"):
                await call(view, tool, directory="infra/remote")
        assert processes_with(str(folder)) == []
        assert everything_in(folder) == before


@pytest.mark.parametrize("tool", ["run_terraform_plan", "check_terraform_state"])
async def test_a_closed_port_is_unreachable(tmp_path: Path, tool: str) -> None:
    async with http_backend() as backend:
        folder = await stored(tmp_path, backend, never)
    async with opened(folder.parent) as view:
        with pytest.raises(Unreachable, match=f"nothing answers at 127.0.0.1:{backend.port}"):
            await call(view, tool, directory="infra/remote")


@pytest.mark.parametrize(
    ("status", "kind"), [("401 Unauthorized", Unauthorised), ("403 Forbidden", Denied)]
)
async def test_a_backend_that_refuses_us_is_told(
    tmp_path: Path, status: str, kind: type[Fault]
) -> None:
    async def refuse(_method: str) -> bytes:
        return response(status)

    async with http_backend() as backend:
        folder = await stored(tmp_path, backend, refuse)
        async with opened(folder.parent) as view:
            with pytest.raises(kind):
                await call(view, "check_terraform_state", directory="remote")


async def test_a_slow_backend_that_is_alive_is_waited_for(tmp_path: Path) -> None:
    probed = asyncio.Event()

    async def slow(method: str) -> bytes:
        if method == "HEAD":
            probed.set()
            return response("200 OK")
        await probed.wait()
        return response("200 OK", STATE)

    async with http_backend() as backend:
        folder = await stored(tmp_path, backend, slow)
        async with opened(folder.parent, quiet=0.2) as view:
            answer = await call(view, "check_terraform_state", directory="remote")
    assert answer.facts["serial"] == 7


async def test_a_limit_is_a_limit(tmp_path: Path) -> None:
    async def alive(method: str) -> bytes:
        return response("200 OK") if method == "HEAD" else await never(method)

    async with http_backend() as backend:
        folder = await stored(tmp_path, backend, alive)
        async with opened(folder.parent, quiet=0.1, state_timeout=0.7) as view:
            with pytest.raises(TimedOut, match=r"took more than 0\.7 s"):
                await call(view, "check_terraform_state", directory="remote")
        assert processes_with(str(folder)) == []


def reading(tmp_path: Path, port: int) -> Path:
    """A plan that hangs while it is made: it reads another state that never comes."""
    text = f"""
    data "terraform_remote_state" "other" {{
      backend = "http"
      config  = {{ address = "http://127.0.0.1:{port}/other" }}
    }}
    resource "terraform_data" "x" {{ input = data.terraform_remote_state.other.outputs }}
    """
    return write(tmp_path / "infra" / "reading", text)


async def test_cancelling_a_plan_ends_terraform_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = tmp_path / "tmp"
    private.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(private))
    asked = asyncio.Event()

    async def silent(method: str) -> bytes:
        asked.set()
        return await never(method)

    async with http_backend(silent) as backend:
        folder = reading(tmp_path, backend.port)
        before = everything_in(folder)
        async with opened(folder.parent) as view:
            task = asyncio.ensure_future(call(view, "run_terraform_plan", directory="reading"))
            await asked.wait()
            assert processes_with(str(private))
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await until(lambda: not processes_with(str(private)))
        assert list(private.iterdir()) == []
        assert everything_in(folder) == before


async def test_leaving_ends_what_still_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = tmp_path / "tmp"
    private.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(private))
    asked = asyncio.Event()

    async def silent(method: str) -> bytes:
        asked.set()
        return await never(method)

    async with http_backend(silent) as backend:
        folder = reading(tmp_path, backend.port)
        async with opened(folder.parent) as view:
            task = asyncio.ensure_future(call(view, "run_terraform_plan", directory="reading"))
            await asked.wait()
        assert processes_with(str(private)) == []
        assert list(private.iterdir()) == []
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_a_caller_that_leaves_does_not_take_the_plan_from_the_other(tmp_path: Path) -> None:
    asked, answer = asyncio.Event(), asyncio.Event()

    async def later(_method: str) -> bytes:
        asked.set()
        await answer.wait()
        return response("200 OK", STATE)

    async with http_backend(later) as backend:
        folder = reading(tmp_path, backend.port)
        async with opened(folder.parent) as view:
            leaving = asyncio.ensure_future(view.plan("reading"))
            staying = asyncio.ensure_future(view.plan("reading"))
            await asked.wait()
            leaving.cancel()
            answer.set()
            assert (await staying).directory == "infra/reading"
