"""Applying with the real binary: what it does, and every way in which it could be another plan."""

import asyncio
import json
import os
import signal
import stat
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fivetabs.app.calls import App
from fivetabs.core import Conflict, Connection, Denied, Detail, Fault, NotFound, Plan
from fivetabs.providers.terraform import PROVIDER
from fivetabs.providers.terraform.port import Apply, Step, Workspaces
from fivetabs.providers.terraform.settings import Settings
from tests.carrying import allowed, planned, seen_through
from tests.providers.terraform.worlds import (
    TOOLS,
    everything_in,
    needs_terraform,
    terraform,
    until,
    write,
)

pytestmark = [pytest.mark.anyio, needs_terraform]

FIRST = """
variable "password" {
  default   = "hunter2-hunter2"
  sensitive = true
}
resource "terraform_data" "kept" { input = "same" }
resource "terraform_data" "gone" { input = "old" }
resource "terraform_data" "secret" { input = "%s ${var.password}" }
output "kept" { value = terraform_data.kept.output }
"""
SECOND = FIRST.replace('resource "terraform_data" "gone" { input = "old" }', "").replace(
    '"same"', '"other"'
)
# The first is made at once, the second waits for a file.
SLOW = """
resource "terraform_data" "quick" { input = 1 }
resource "terraform_data" "slow" {
  depends_on = [terraform_data.quick]
  provisioner "local-exec" {
    command = "touch ${path.module}/waiting; while [ ! -e ${path.module}/go ]; do sleep 0.1; done"
  }
}
"""


@pytest.fixture(autouse=True)
def private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place for temporary files, of this test alone."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = write(tmp_path / "infra" / "shop", FIRST % "with")
    terraform(folder, "init")
    terraform(folder, "apply", "-auto-approve")
    write(folder, SECOND % "and")
    return folder


@pytest.fixture
def slow(tmp_path: Path) -> Path:
    folder = write(tmp_path / "infra" / "slow", SLOW)
    terraform(folder, "init")
    return folder


def settings(folder: Path, **more: Any) -> Settings:
    return Settings.model_validate({"allowed_dirs": (str(folder.parent),), "grace": 20} | more)


@asynccontextmanager
async def opened(folder: Path, **more: Any) -> AsyncGenerator[Connection[Workspaces, Step]]:
    async with PROVIDER.live(settings(folder, **more), None) as connection:
        yield connection


async def made(connection: Connection[Workspaces, Step], folder: Path) -> Plan[Apply]:
    """A plan that is kept, and the plan of its apply."""
    raw = await connection.view.plan(folder.name)
    tool = TOOLS["apply_terraform_plan"]
    plan = await tool.run(connection.view, **tool.parse(named(folder, raw.kept)))
    assert isinstance(plan, Plan)
    return plan  # pyright: ignore[reportUnknownVariableType]


def named(folder: Path, plan: str) -> dict[str, str]:
    return {"directory": f"infra/{folder.name}", "plan": plan}


def state(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "terraform.tfstate").read_text())


def resources(folder: Path) -> set[str]:
    return {each["name"] for each in state(folder)["resources"]}


async def kept_by(app: App, folder: Path) -> str:
    answer = await app.call("run_terraform_plan", {"directory": folder.name})
    assert isinstance(answer, Detail)
    return str(answer.facts["plan"])


async def test_from_the_question_to_the_verified_outcome(shop: Path, tmp_path: Path) -> None:
    before = state(shop)["serial"]
    async with allowed(PROVIDER, tmp_path / "records", settings(shop)) as app:
        name = await kept_by(app, shop)
        outcome = await seen_through(app, "apply_terraform_plan", named(shop, name))
        assert outcome.state == "done"
        assert outcome.changes[0] == (
            "destroy terraform_data.gone: there -> gone (it is no longer in the configuration)"
        )
        (told,) = outcome.steps
        assert "1 destroyed: terraform_data.gone" in told
        assert "2 changed: terraform_data.kept, terraform_data.secret" in told
        assert "nothing is left to apply" in outcome.result
        assert f"from serial {before} to {state(shop)['serial']}" in outcome.result
        assert "hunter2" not in outcome.model_dump_json()
        with pytest.raises(NotFound, match="no plan"):
            await app.call("apply_terraform_plan", named(shop, name))
    assert resources(shop) == {"kept", "secret"}
    assert b"hunter2" not in b"".join(
        each.read_bytes() for each in (tmp_path / "records").rglob("*") if each.is_file()
    )


async def test_what_was_destroyed_in_error_is_made_again_from_the_former_configuration(
    shop: Path, tmp_path: Path
) -> None:
    """There is no undo; the former configuration is the way back that the plan names."""
    async with allowed(PROVIDER, tmp_path / "records", settings(shop)) as app:
        await seen_through(app, "apply_terraform_plan", named(shop, await kept_by(app, shop)))
        write(shop, FIRST % "with")
        back = await seen_through(
            app, "apply_terraform_plan", named(shop, await kept_by(app, shop))
        )
    assert "1 created: terraform_data.gone" in back.steps[0]
    assert resources(shop) == {"kept", "gone", "secret"}


async def test_the_plans_file_is_private_and_goes_with_the_connection(
    shop: Path, private: Path
) -> None:
    async with opened(shop) as connection:
        raw = await connection.view.plan("shop")
        (file,) = found(private, "*.tfplan")
        assert file.name == f"{raw.kept}.tfplan"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert found(private, "*") == []


async def test_plans_are_few_and_each_is_kept_for_a_while(shop: Path, private: Path) -> None:
    async with opened(shop, most_plans=2) as connection:
        names: list[str] = []
        for word in ("one", "two", "three"):
            write(shop, SECOND % word)
            names.append((await connection.view.plan("shop")).kept)
        assert {file.stem for file in found(private, "*.tfplan")} == set(names[1:])
        with pytest.raises(NotFound, match="nothing was done"):
            await connection.view.saved("shop", names[0])
    async with opened(shop, keep_plans=0.01) as connection:
        name = (await connection.view.plan("shop")).kept
        await until(lambda: not found(private, "*.tfplan"))
        with pytest.raises(NotFound, match="older than"):
            await connection.view.saved("shop", name)
    async with opened(shop, keep_plans=0) as connection:
        assert (await connection.view.plan("shop")).kept == ""


async def test_a_plan_file_that_was_swapped_on_the_disk_is_not_applied(
    shop: Path, private: Path
) -> None:
    async with opened(shop) as connection:
        plan = await made(connection, shop)
        terraform(shop, "plan", "-destroy", f"-out={shop.parent.parent / 'evil'}")
        before = everything_in(shop)
        (file,) = found(private, "*.tfplan")
        for evil in ((shop.parent.parent / "evil").read_bytes(), b"", file.read_bytes() + b"\0"):
            file.write_bytes(evil)
            with pytest.raises(Conflict, match=r"was changed on the disk .* nothing was done"):
                await connection.commit(plan.steps[0])
            with pytest.raises(Conflict, match="was changed on the disk"):
                await connection.view.saved("shop", plan.steps[0].sha256[:12])
        file.unlink()
        with pytest.raises(Conflict, match="was changed on the disk"):
            await connection.commit(plan.steps[0])
        assert everything_in(shop) == before
    assert resources(shop) == {"kept", "gone", "secret"}


async def test_another_hash_another_place_and_another_workspace_are_refused(shop: Path) -> None:
    async with opened(shop) as connection:
        (step,) = (await made(connection, shop)).steps
        for other in (
            replace(step, sha256=step.sha256[:12] + "0" * 52),
            replace(step, sha256="0" * 64),
            replace(step, path="/etc"),
        ):
            with pytest.raises((Conflict, NotFound), match="nothing was done"):
                await connection.commit(other)
        terraform(shop, "workspace", "new", "staging")
        with pytest.raises(Conflict, match="by now staging is selected; nothing was done"):
            await connection.commit(step)
    assert resources(shop) == {"kept", "gone", "secret"}


async def test_a_state_that_moved_between_plan_and_apply_is_a_conflict(
    shop: Path, tmp_path: Path
) -> None:
    async with allowed(PROVIDER, tmp_path / "records", settings(shop)) as app:
        name = await kept_by(app, shop)
        plan = await planned(app, "apply_terraform_plan", named(shop, name))
        terraform(shop, "apply", "-auto-approve", "-target=terraform_data.kept")
        with pytest.raises(Conflict, match=r"moved on since the plan was made .* nothing was done"):
            await app.call("apply_terraform_plan", named(shop, name))
        async with app.connections.use(app.offers["apply_terraform_plan"].provider, None) as c:
            with pytest.raises(Conflict, match="moved on since the plan was made"):
                await c.commit(plan.steps[0])
            # And were it to move after our own look: terraform looks once more, under its lock.
            late = replace(plan.steps[0], serial=state(shop)["serial"])
            with pytest.raises(Conflict, match=r"Saved plan is stale.*nothing was applied"):
                await c.commit(late)
    assert resources(shop) == {"kept", "gone", "secret"}


async def test_a_directory_that_leads_elsewhere_by_now_is_denied(
    shop: Path, tmp_path: Path
) -> None:
    async with opened(shop) as connection:
        plan = await made(connection, shop)
        moved_out(shop, tmp_path / "elsewhere")
        with pytest.raises(Denied, match="outside the folders that are allowed"):
            await connection.commit(plan.steps[0])
    assert resources(tmp_path / "elsewhere") == {"kept", "gone", "secret"}


async def test_provisioners_need_the_owners_word(slow: Path) -> None:
    async with opened(slow) as connection:
        with pytest.raises(Denied, match=r"would run programs: terraform_data\.slow \(local-exec"):
            await made(connection, slow)
    assert not (slow / "terraform.tfstate").exists()
    assert not (slow / "waiting").exists()


async def test_a_state_that_somebody_holds_is_not_waited_for_and_nothing_is_done(
    shop: Path, slow: Path
) -> None:
    async with opened(slow, allow_provisioners=True) as connection:
        first, second = await made(connection, slow), await made(connection, slow)
        applying = asyncio.ensure_future(connection.commit(first.steps[0]))
        await until((slow / "waiting").exists)
        with pytest.raises(Fault, match=r"nothing was (applied|done)") as refused:
            await connection.commit(second.steps[0])
        assert not applying.done()
        (slow / "go").touch()
        assert "2 created" in await applying
    assert "lock" in str(refused.value) or "state" in str(refused.value)
    assert resources(slow) == {"quick", "slow"}


async def test_a_terraform_that_is_killed_in_the_middle_is_told_truly(slow: Path) -> None:
    async with opened(slow, allow_provisioners=True) as connection:
        plan = await made(connection, slow)
        applying = asyncio.ensure_future(connection.commit(plan.steps[0]))
        await until((slow / "waiting").exists)
        (pid,) = applies(slow)
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(Fault) as failed:
            await applying
        told = str(failed.value)
        (slow / "go").touch()
    assert "was ended in the middle by SIGKILL" in told
    assert "done: 1 created: terraform_data.quick" in told
    assert "begun, and not known whether done: terraform_data.slow" in told
    assert "what it made last may be missing in the state" in told
    assert "a lock is left: " in told
    assert "the state is at serial" in told or "there is no state" in told


async def test_a_failing_apply_tells_what_was_done_before(slow: Path) -> None:
    write(slow, SLOW.replace("touch ${path.module}/waiting; while", "exit 3; while"))
    async with opened(slow, allow_provisioners=True) as connection:
        plan = await made(connection, slow)
        with pytest.raises(Fault) as failed:
            await connection.commit(plan.steps[0])
        told = str(failed.value)
        with pytest.raises(NotFound):
            await connection.view.saved("slow", plan.steps[0].sha256[:12])
    assert "done: 1 created: terraform_data.quick" in told
    assert "failed: terraform_data.slow" in told
    assert "exit status 3" in told
    assert resources(slow) == {"quick", "slow"}


async def test_an_end_of_the_server_asks_terraform_to_stop_and_it_writes_its_state(
    slow: Path, private: Path
) -> None:
    async with opened(slow, allow_provisioners=True) as connection:
        plan = await made(connection, slow)
        applying = asyncio.ensure_future(connection.commit(plan.steps[0]))
        await until((slow / "waiting").exists)
        applying.cancel()
        with pytest.raises(asyncio.CancelledError):
            await applying
    assert applies(slow) == []
    assert "quick" in resources(slow)
    assert not (slow / ".terraform.tfstate.lock.info").exists()
    assert found(private, "*") == []


KILLED = """
import asyncio, sys
from fivetabs.providers.terraform import PROVIDER
from fivetabs.providers.terraform.settings import Settings
tool = next(t for t in PROVIDER.tools if t.name == "apply_terraform_plan")
async def main():
    chosen = Settings(allowed_dirs=(sys.argv[1],), allow_provisioners=True)
    async with PROVIDER.live(chosen, None) as connection:
        raw = await connection.view.plan("slow")
        plan = await tool.run(connection.view, directory="slow", plan=raw.kept)
        await connection.commit(plan.steps[0])
asyncio.run(main())
"""


async def test_kill_9_of_the_server_leaves_terraform_to_its_end(slow: Path, private: Path) -> None:
    environment = os.environ | {"TMPDIR": str(private)}
    argv = (sys.executable, "-c", KILLED, str(slow.parent))
    server = await asyncio.create_subprocess_exec(*argv, env=environment)
    await until((slow / "waiting").exists, within=90)
    server.kill()
    await server.wait()
    assert applies(slow)
    async with opened(slow):  # A new server sweeps what was left behind, but not what is in use.
        assert len(found(private, "out")) == 1
    (slow / "go").touch()
    await until(lambda: not applies(slow))
    assert resources(slow) == {"quick", "slow"}
    async with opened(slow):
        assert found(private, "*") == []


def found(folder: Path, pattern: str) -> list[Path]:
    """Every file and folder below that is called so."""
    return list(folder.rglob(pattern))


def moved_out(folder: Path, to: Path) -> None:
    """Put a symlink to somewhere else in its place."""
    folder.rename(to)
    folder.symlink_to(to, target_is_directory=True)


def applies(folder: Path) -> list[int]:
    """The processes of terraform apply in a directory."""
    found: list[int] = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            words = (each / "cmdline").read_bytes().split(b"\0")
            if b"apply" in words and (each / "cwd").readlink() == folder:
                found.append(int(each.name))
        except OSError:
            continue
    return found
