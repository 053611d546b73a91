"""Terraform's share of the estate: the states that were read, what they made, who wrote them."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fivetabs.core import NotConfigured, Relation, Scope, TimedOut
from fivetabs.core.quoting import unmarked
from fivetabs.providers.terraform import PROVIDER
from fivetabs.providers.terraform.demo import DemoWorkspaces
from fivetabs.providers.terraform.port import Directory, StateRaw
from fivetabs.providers.terraform.settings import Settings
from fivetabs.providers.terraform.shapes.snapshots import Snapshot, rewritten
from fivetabs.providers.terraform.tools import estate_reading
from fivetabs.providers.terraform.tools.estate import CHART
from tests.providers.terraform.worlds import (
    everything_in,
    needs_terraform,
    opened,
    terraform,
    write,
)

pytestmark = pytest.mark.anyio
SCOPE = Scope()
START = datetime(2026, 1, 1, tzinfo=UTC)


async def loaded() -> Snapshot:
    return await CHART.load(DemoWorkspaces(), SCOPE)


async def test_two_states_are_read_and_well() -> None:
    survey = CHART.survey(await loaded())
    assert survey.findings == survey.missing == ()
    assert survey.healthy == (
        "infra/network: serial 17, 6 resources, none tainted, no lock",
        "infra/shop: serial 42, 13 resources, none tainted, no lock",
    )


async def test_what_a_resource_made_is_managed_by_its_address() -> None:
    found = {
        link.source: str(link.target)
        for link in CHART.links(await loaded())
        if link.relation is Relation.MANAGED_BY
    }
    assert found["i-0c3a5f7e9b1d20003"] == "tf:infra/shop/aws_instance.worker_c"
    assert found["arn:aws:s3:::shop-assets-123456789012"] == "tf:infra/shop/aws_s3_bucket.assets"
    assert "none" not in found


async def test_an_address_is_known_with_and_without_its_directory() -> None:
    known = CHART.aliases(await loaded())
    assert str(known["aws_instance.worker_c"]) == "tf:infra/shop/aws_instance.worker_c"
    assert known["infra/shop/aws_instance.worker_c"] == known["aws_instance.worker_c"]
    assert str(known["infra/shop"]) == "tf:infra/shop"


@pytest.mark.parametrize(
    ("words", "name", "score"),
    [
        ("aws_instance.worker_c", "aws_instance.worker_c", 1.0),
        ("tf:infra/shop/aws_instance.worker_c", "aws_instance.worker_c", 1.0),
        ("infra/shop", "infra/shop", 1.0),
        ("worker c", "aws_instance.worker_c", 0.682),
    ],
)
async def test_a_name_or_plain_words_find_an_address(words: str, name: str, score: float) -> None:
    first = CHART.find(await loaded(), words)[0]
    assert (first.subject.name, first.score) == (name, score)


async def test_nonsense_finds_nothing() -> None:
    assert CHART.find(await loaded(), "xyzzy plugh") == ()


async def test_a_closer_look_tells_what_the_state_remembers() -> None:
    seen = await loaded()
    subject = CHART.aliases(seen)["aws_instance.worker_c"]
    closer = await CHART.look(DemoWorkspaces(), seen, subject)
    assert closer.evidence[0].quote.startswith("instance_type = m5.large, ")
    assert closer.evidence[-1].quote == "serial 42, Terraform 1.11.4, backend s3"


async def test_no_secret_is_carried_over() -> None:
    seen = await loaded()
    password = CHART.aliases(seen)["random_password.db"]
    closer = await CHART.look(DemoWorkspaces(), seen, password)
    state = (await DemoWorkspaces().state("infra/shop")).state
    assert state is not None
    (block,) = (each for each in state["resources"] if each["type"] == "random_password")
    secret = block["instances"][0]["attributes"]["result"]
    assert len(secret) > 8
    assert secret not in repr((seen, closer, CHART.links(seen)))


class Slow(DemoWorkspaces):
    """One state hangs, one is refused."""

    async def directories(self) -> tuple[Directory, ...]:
        more = (
            Directory("infra/slow", initialised=True),
            Directory("infra/new", initialised=False),
        )
        return (*await DemoWorkspaces.directories(self), *more)

    async def state(self, directory: str, /) -> StateRaw:
        if directory == "infra/slow":
            await asyncio.Event().wait()
        if directory == "infra/network":
            raise TimedOut("the s3 backend does not answer")
        return await DemoWorkspaces.state(self, directory)


async def test_a_state_that_hangs_is_named_and_the_others_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(estate_reading, "DEADLINE", 0.3)
    survey = CHART.survey(await CHART.load(Slow(), SCOPE))
    assert survey.missing == (
        "directories without terraform init, no state read: infra/new",
        "the state of infra/network: timed out: the s3 backend does not answer",
        "the state of infra/slow: timed out: not read within 0.3 s",
    )
    assert len(survey.healthy) == 1


async def test_a_slow_state_is_not_waited_for_when_no_other_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(estate_reading, "PAUSE", 0.2)
    async with asyncio.timeout(estate_reading.DEADLINE):
        survey = CHART.survey(await CHART.load(Slow(), SCOPE))
    assert "the state of infra/slow: timed out: not read within 0.2 s" in survey.missing
    assert len(survey.healthy) == 1


async def test_modules_below_a_directory_are_part_of_it() -> None:
    found = (Directory("infra/shop", initialised=True), Directory("infra/shop/buckets", False))
    assert estate_reading.ready_of(found) == (["infra/shop"], [])


async def test_without_an_allowed_folder_the_house_says_so() -> None:
    with pytest.raises(NotConfigured):
        async with PROVIDER.live(Settings(), None):
            pass


async def test_a_remote_state_tells_no_time_of_its_write() -> None:
    history = await CHART.changes(DemoWorkspaces(), START, SCOPE)
    assert history.changes == ()
    assert history.checked == (
        "infra/network: serial 17 in s3, when it was written is not told",
        "infra/shop: serial 42 in s3, when it was written is not told",
    )


def test_a_write_is_told_by_addresses_alone() -> None:
    def state(**inputs: str) -> dict[str, object]:
        return {
            "resources": [
                {"type": "terraform_data", "name": n, "instances": [{"attributes": {"input": v}}]}
                for n, v in inputs.items()
            ]
        }

    assert list(rewritten(state(a="1", b="1"), state(b="2", c="1"))) == [
        ("terraform_data.a", "removed"),
        ("terraform_data.b", "changed"),
        ("terraform_data.c", "created"),
    ]


LOCAL = 'resource "terraform_data" "web" { input = "%s" }\n'


@needs_terraform
async def test_a_real_state_tells_its_last_write_and_a_lock(tmp_path: Path) -> None:
    root = tmp_path / "infra"
    shop = write(root / "shop", LOCAL % "one")
    terraform(shop, "init")
    terraform(shop, "apply", "-auto-approve")
    write(shop, LOCAL % "two")
    terraform(shop, "apply", "-auto-approve")
    lock = {"Who": "ana@desk", "Operation": "OperationTypeApply", "Created": "2026-03-11T17:20:11Z"}
    (shop / ".terraform.tfstate.lock.info").write_text(json.dumps(lock))
    before = everything_in(root)
    async with opened(root) as view:
        seen = await CHART.load(view, SCOPE)
        history = await CHART.changes(view, START, SCOPE)
        by_source = {change.source: change for change in history.changes}
    assert everything_in(root) == before
    assert [(f.code, f.since) for f in CHART.survey(seen).findings] == [
        ("TF125", "2026-03-11T17:20:11Z")
    ]
    change, taken = by_source["the state file"], by_source["the state's lock"]
    assert str(change.subject) == "tf:infra/shop/terraform_data.web"
    assert unmarked(change.what) == "the state was written: terraform_data.web changed"
    assert change.when > datetime.now(UTC) - timedelta(minutes=10)
    assert int(change.after.split()[1]) > int(change.before.split()[1])
    assert (taken.who, taken.what) == ("ana@desk", "the state was locked for apply")


@needs_terraform
async def test_a_state_of_a_newer_terraform_is_a_finding(tmp_path: Path) -> None:
    root = tmp_path / "infra"
    shop = write(root / "shop", LOCAL % "one")
    terraform(shop, "init")
    terraform(shop, "apply", "-auto-approve")
    state = shop / "terraform.tfstate"
    newer = {**json.loads(state.read_text()), "version": 5, "terraform_version": "9.9.9"}
    state.write_text(json.dumps(newer))
    async with opened(root) as view:
        survey = CHART.survey(await CHART.load(view, SCOPE))
    assert [finding.code for finding in survey.findings] == ["TF127"]
