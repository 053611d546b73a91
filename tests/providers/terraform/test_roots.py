"""Allowed roots as targets: which is meant, what it closes off, and which the owner allows."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from fivetabs.app.calls import App
from fivetabs.core import Answer, Denied, Detail, Fault, Invalid, NotFound, Outcome
from fivetabs.providers.terraform import PROVIDER
from fivetabs.providers.terraform.auth import naming
from fivetabs.providers.terraform.live.checkup import found
from fivetabs.providers.terraform.live.folders import Folders
from fivetabs.providers.terraform.settings import Settings
from tests.carrying import allowed
from tests.providers.terraform.worlds import fake_binary, needs_terraform, terraform, write

pytestmark = pytest.mark.anyio
STATE, PLAN, APPLY = "check_terraform_state", "run_terraform_plan", "apply_terraform_plan"


def directory(path: Path) -> Path:
    """An initialised directory of the demo world, whose state is in S3."""
    write(path, "# the demo world\n")
    (path / ".terraform").mkdir()
    chosen = {"backend": {"type": "s3"}}
    (path / ".terraform" / "terraform.tfstate").write_text(json.dumps(chosen))
    return path


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A place without any root."""
    return tmp_path.resolve()


@pytest.fixture
def place(empty: Path) -> Path:
    """The roots `infra`, with `infra/shop`, and `other`, with `other/network`."""
    directory(empty / "infra" / "shop")
    directory(empty / "other" / "network")
    (empty / "link").symlink_to(empty / "infra")
    (empty / "sly").symlink_to(empty / "other")
    return empty


def settings(place: Path, *roots: str, **more: Any) -> Settings:
    dirs = tuple(str(place / each) for each in roots or ("infra", "other"))
    given = {"allowed_dirs": dirs, "binary": fake_binary(place / "bin"), "grace": 1}
    return Settings.model_validate(given | more)


@asynccontextmanager
async def opened(place: Path, *roots: str, **more: Any) -> AsyncGenerator[App]:
    """The server over these roots; `more` are its own settings."""
    async with allowed(PROVIDER, place / "records", settings(place, *roots), **more) as app:
        yield app


def ran(place: Path) -> bool:
    """Whether anything was run in a directory."""
    return any(path.is_file() for path in place.rglob("calls"))


def where(answer: Answer) -> str:
    return answer.summary.split(":")[0].split(" ")[0]


async def test_a_target_is_one_root_and_unset_is_all_of_them(place: Path) -> None:
    async with opened(place) as app:
        for root, only in (("infra", "infra/shop"), ("other", "other/network")):
            answer = await app.call(STATE, {"target": root})
            assert (answer.target, where(answer)) == (f"tf:{root}", only)
        with pytest.raises(Invalid, match="name one directory of 2"):
            await app.call(STATE, {})
        for name in ("infra/shop", "other/network"):
            answer = await app.call(STATE, {"directory": name})
            assert (answer.target, where(answer)) == ("tf:infra,other", name)


@pytest.mark.parametrize("tool", [STATE, PLAN])
@pytest.mark.parametrize("name", ["other/network", "other/nothing", "{}/other/network", "{}/other"])
async def test_a_directory_of_another_root_is_refused_unread(
    place: Path, tool: str, name: str
) -> None:
    async with opened(place) as app:
        with pytest.raises(Denied, match="outside the root that target names") as fault:
            await app.call(tool, {"directory": name.format(place), "target": "infra"})
        assert "other/" not in fault.value.hint
        assert f"that root is {place}/infra:" in fault.value.hint
        with pytest.raises(NotFound):
            await app.call(tool, {"directory": "network", "target": "infra"})
    assert not ran(place)


async def test_a_name_means_the_directory_of_the_root_it_begins_with(place: Path) -> None:
    """`other/network` is never `infra/other/network`, whatever the target."""
    directory(place / "infra" / "other" / "network")
    async with opened(place) as app:
        with pytest.raises(Denied, match="outside the root that target names"):
            await app.call(STATE, {"directory": "other/network", "target": "infra"})
        answer = await app.call(STATE, {"directory": "infra/other/network", "target": "infra"})
        assert where(answer) == "infra/other/network"


async def test_a_link_out_of_the_target_is_refused(place: Path) -> None:
    (place / "infra" / "away").symlink_to(place / "other" / "network")
    async with opened(place) as app:
        with pytest.raises(Denied, match="outside the root that target names"):
            await app.call(STATE, {"directory": "infra/away", "target": "infra"})
        assert where(await app.call(STATE, {"directory": "infra/away"})) == "other/network"


async def test_a_module_of_another_root_is_not_read_for_a_target(place: Path) -> None:
    modules = place / "infra" / "shop" / ".terraform" / "modules"
    modules.mkdir()
    told = {"Key": "net", "Source": "../../other/network", "Dir": "../../other/network"}
    (modules / "modules.json").write_text(json.dumps({"Modules": [told]}))
    async with opened(place) as app:
        with pytest.raises(Denied, match=r"module net .* outside the root that target names"):
            await app.call(PLAN, {"target": "infra"})
        assert not ran(place)
        assert where(await app.call(PLAN, {"directory": "infra/shop"})) == "infra/shop"


def spellings(place: Path, root: str, link: str) -> list[str]:
    plain = [f"{root}/", f"{place}/{root}", f"{place}/{root}//", f"{place}/{link}/../{root}"]
    return [root, *plain, f"{place}/{link}", f"{place}/{link}/", f"{place}/./{root}"]


async def test_however_a_root_is_written_it_is_the_same_one(place: Path) -> None:
    async with opened(place) as app:
        for target in spellings(place, "infra", "link"):
            assert (await app.call(STATE, {"target": target})).target == "tf:infra"
        assert set(app.connections.hosts) == {("terraform", "infra")}


@pytest.mark.parametrize(
    ("target", "hint"),
    [
        ("infr", "did you mean 'infra'? roots: 'infra', 'other'"),
        ("zzz", "roots: 'infra', 'other'"),
        ("..", "roots: 'infra', 'other'"),
        ("infra/../other", "roots: 'infra', 'other'"),
        ("infra/shop", "roots: 'infra', 'other'"),
        ("/nowhere", "roots: 'infra', 'other'"),
        ("/", "roots: 'infra', 'other'"),
        ("{}", "roots: 'infra', 'other'"),
        ("{}/infra/shop", "roots: 'infra', 'other'"),
        ("{}/round", "roots: 'infra', 'other'"),
        ("/in\0fra", "roots: 'infra', 'other'"),
    ],
)
async def test_what_is_no_root_is_not_found_and_all_roots_are_listed(
    place: Path, target: str, hint: str
) -> None:
    (place / "round").symlink_to(place / "round")
    async with opened(place) as app:
        with pytest.raises(NotFound, match="is no allowed root of Terraform") as fault:
            await app.call(STATE, {"target": target.format(place)})
    assert hint in fault.value.hint
    assert not ran(place)


async def test_roots_of_the_same_name_are_named_by_their_paths(empty: Path) -> None:
    place = empty
    for each in ("a/infra/shop", "b/infra/shop"):
        directory(place / each)
    async with opened(place, "a/infra", "b/infra") as app:
        with pytest.raises(Invalid, match="several allowed roots are called 'infra'") as fault:
            await app.call(STATE, {"target": "infra"})
        assert fault.value.hint == f"roots: '{place}/a/infra', '{place}/b/infra'"
        second = {"target": f"{place}/b/infra/"}
        for more in ({}, {"directory": "infra/shop"}, {"directory": "shop"}):
            answer = await app.call(STATE, second | more)
            assert answer.target == f"tf:{place}/b/infra"
            assert where(answer) == f"{place}/b/infra/shop"
        with pytest.raises(NotFound, match="there is no Terraform directory"):
            await app.call(STATE, {**second, "directory": "infra/network"})
    names = [way.name for way in found(settings(place, "a/infra", "b/infra"))]
    assert names == [f"{place}/a/infra", f"{place}/b/infra"]


def test_a_directory_is_called_the_same_through_every_target(empty: Path) -> None:
    outer = empty / "infra"
    inner = directory(outer / "shop")
    for among in ((outer, inner), (inner, outer)):
        whole = Folders(among, 5).locate(str(inner))
        for root in among:
            one = Folders((root,), 5, among)
            assert one.locate(str(inner)) == one.locate("") == one.locate(whole.name) == whole
            assert [each.name for each in one.found()] == [whole.name]


async def test_no_allowed_target_lets_another_be_read(place: Path) -> None:
    async with opened(place, targets=("tf:infra",)) as app:
        for target in spellings(place, "infra", "link"):
            assert (await app.call(STATE, {"target": target})).target == "tf:infra"
    (place / "calls").unlink()
    async with opened(place, targets=("tf:infra",)) as app:
        for target in spellings(place, "other", "sly"):
            for tool in (STATE, PLAN):
                with pytest.raises(Denied, match="tf:other may not be used here"):
                    await app.call(tool, {"target": target})
    assert not ran(place)


@pytest.mark.parametrize("pattern", ["tf:infra", "tf:inf*", "tf:infra*"])
async def test_without_a_target_every_root_must_be_allowed(place: Path, pattern: str) -> None:
    async with opened(place, targets=(pattern,)) as app:
        for tool in (STATE, PLAN):
            with pytest.raises(Denied) as fault:
                await app.call(tool, {"directory": "infra/shop"})
            assert str(fault.value) == (
                "no target was named, which means tf:infra, tf:other; tf:other may not be used "
                f"here: the owner's setting targets has {pattern}; nothing was read"
            )
            assert fault.value.hint == "name as target one that may be used: infra"
    assert not ran(place)


@pytest.mark.parametrize("patterns", [("tf:*",), ("tf:infra", "tf:other"), ("k8s:x",)])
async def test_where_all_roots_are_allowed_no_target_is_needed(
    place: Path, patterns: tuple[str, ...]
) -> None:
    async with opened(place, targets=patterns) as app:
        assert (await app.call(STATE, {"directory": "other/network"})).target == "tf:infra,other"


async def test_a_pattern_that_fits_no_root_closes_all(place: Path) -> None:
    async with opened(place, targets=("tf:prod-*",)) as app:
        with pytest.raises(Denied, match="tf:infra, tf:other may not be used") as fault:
            await app.call(STATE, {"directory": "infra/shop"})
        assert "FIVETABS_TARGETS" in fault.value.hint
    async with opened(place, "infra", targets=("tf:prod-*",)) as app:
        with pytest.raises(Denied, match=r"^tf:infra may not be used"):
            await app.call(STATE, {})


async def test_all_asks_each_root_and_names_the_one_that_may_not_be_used(place: Path) -> None:
    async with opened(place) as app:
        answer = await app.call(STATE, {"target": "all"})
        assert answer.summary.startswith("2 of 2 targets answer. tf:infra: infra/shop")
        for tool, given in ((PLAN, {}), (APPLY, {"directory": "infra/shop", "plan": "0" * 12})):
            with pytest.raises(Invalid, match=r"one target at a time|never spreads"):
                await app.call(tool, {**given, "target": "all"})
    async with opened(place, targets=("tf:infra",)) as app:
        answer = await app.call(STATE, {"target": "all"})
    assert answer.target == "tf:infra"
    assert answer.missing[0].startswith("other: denied: tf:other may not be used here")


async def test_each_root_is_a_way_of_its_own_that_is_asked(place: Path) -> None:
    told = [(way.name, way.target, way.default) for way in found(settings(place))]
    assert told == [("infra", "tf:infra", True), ("other", "tf:other", True)]


async def test_the_demo_world_has_its_one_root(place: Path) -> None:
    for target in (None, "infra", "infra/", "/infra", "/infra/"):
        async with PROVIDER.demo(target) as connection:
            assert connection.target == "tf:infra"
    for target, hint in (("infr", "did you mean 'infra'? roots: 'infra'"), ("/", "roots: 'infra'")):
        with pytest.raises(NotFound, match="is no allowed root") as fault:
            async with PROVIDER.demo(target):
                pass
        assert fault.value.hint == hint


async def planned(app: App, **given: str) -> tuple[str, str]:
    """The name of a plan that was made and kept, and what is said of applying it."""
    answer = await app.call(PLAN, given)
    assert isinstance(answer, Detail)
    return str(answer.facts["plan"]), answer.notes[-1]


async def test_a_plan_is_applied_with_the_target_it_was_made_with(place: Path) -> None:
    async with opened(place) as app:
        name, told = await planned(app, directory="infra/shop", target=f"{place}/link")
        assert told.endswith(
            f"apply_terraform_plan(plan='{name}', target='infra') applies exactly this"
        )
        call = {"directory": "infra/shop", "plan": name}
        with pytest.raises(
            NotFound, match=r"for calls without target.*made with another target"
        ) as fault:
            await app.call(APPLY, call)
        assert "give the target that run_terraform_plan had" in fault.value.hint
        with pytest.raises(Denied, match="outside the root that target names"):
            await app.call(APPLY, {**call, "target": "other"})
        assert not (place / "infra" / "shop" / "applied").exists()
        outcome = await app.call(APPLY, {**call, "target": f"{place}/infra/"})
        assert isinstance(outcome, Outcome)
        assert outcome.state == "done"
    assert (place / "infra" / "shop" / "applied").exists()


async def test_a_plan_made_without_target_is_not_one_of_a_targets(place: Path) -> None:
    async with opened(place) as app:
        name, told = await planned(app, directory="infra/shop")
        assert told.endswith(f"apply_terraform_plan(plan='{name}') applies exactly this")
        call = {"directory": "infra/shop", "plan": name}
        with pytest.raises(NotFound, match=r"is kept for target 'infra'.*with another target"):
            await app.call(APPLY, {**call, "target": "infra"})
        outcome = await app.call(APPLY, call)
        assert isinstance(outcome, Outcome)
        assert outcome.state == "done"


@pytest.mark.parametrize(("first", "then"), [({}, {"target": "infra"}), ({"target": "infra"}, {})])
async def test_the_only_root_is_what_no_target_means(
    place: Path, first: dict[str, str], then: dict[str, str]
) -> None:
    assert naming(settings(place, "infra"), f"{place}/link") is None
    async with opened(place, "infra") as app:
        name, _ = await planned(app, directory="infra/shop", **first)
        outcome = await app.call(APPLY, {"directory": "infra/shop", "plan": name, **then})
        assert isinstance(outcome, Outcome)
        assert outcome.state == "done"
        assert set(app.connections.hosts) == {("terraform", None)}


async def test_an_agreement_is_for_the_target_it_was_given_for(place: Path) -> None:
    policy = [{"match": "tf:infra/*", "changes": "model"}]
    async with opened(place, policy=policy) as app:
        digests: dict[str, str] = {}
        calls: dict[str, dict[str, str]] = {}
        for target in ({}, {"target": "infra"}):
            name, _ = await planned(app, directory="infra/shop", **target)
            key = target.get("target", "")
            calls[key] = {"directory": "infra/shop", "plan": name, **target}
            shown = await app.call(APPLY, calls[key])
            assert isinstance(shown, Outcome)
            assert shown.state == "planned"
            digests[key] = shown.digest
        with pytest.raises(Fault, match="is not the digest of the plan"):
            await app.call(APPLY, {**calls["infra"], "approve": digests[""]})
        outcome = await app.call(APPLY, {**calls["infra"], "approve": digests["infra"]})
        assert isinstance(outcome, Outcome)
        assert outcome.state == "done"


@pytest.mark.parametrize("target", [{}, {"target": "infra"}, {"target": "shop"}])
async def test_the_owners_policy_about_a_directory_holds_through_every_target(
    place: Path, target: dict[str, str]
) -> None:
    policy = [{"match": "tf:infra/shop", "changes": "off"}]
    async with opened(place, "infra", "infra/shop", "other", policy=policy) as app:
        name, _ = await planned(app, directory="infra/shop", **target)
        with pytest.raises(Denied, match="changes of this are off"):
            await app.call(APPLY, {"directory": "infra/shop", "plan": name, **target})
    assert not (place / "infra" / "shop" / "applied").exists()


@needs_terraform
async def test_terraform_applies_in_the_root_that_was_named(empty: Path) -> None:
    place = empty
    for each in ("a/infra/shop", "b/infra/shop"):
        folder = write(place / each, 'resource "terraform_data" "x" { input = 1 }\n')
        terraform(folder, "init")
    chosen = Settings.model_validate(
        {"allowed_dirs": (str(place / "a/infra"), str(place / "b/infra")), "grace": 20}
    )
    target = {"target": f"{place}/b/infra"}
    async with allowed(PROVIDER, place / "records", chosen) as app:
        name, _ = await planned(app, directory="shop", **target)
        outcome = await app.call(APPLY, {"directory": "shop", "plan": name, **target})
        assert isinstance(outcome, Outcome)
        assert outcome.state == "done"
        state = await app.call(STATE, target)
    assert "terraform_data" in state.model_dump_json()
    assert (place / "b/infra/shop/terraform.tfstate").exists()
    assert not (place / "a/infra/shop/terraform.tfstate").exists()
