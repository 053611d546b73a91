"""From a plan to its outcome: nothing without the right agreement, everything written down."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from fivetabs.app.calls import App, open_app
from fivetabs.app.persons import NOBODY, Person, Question, Unanswered
from fivetabs.app.records import Records
from fivetabs.app.render import structured, text
from fivetabs.app.settings import AppSettings
from fivetabs.core import Conflict, Denied, Invalid, NotFound, Outcome, Turn, Unavailable, Verdict
from tests.app.house import Settings, Shelf, house
from tests.app.records import Clock, Lines, records

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def opened(
    shelf: Shelf, kept: Records | None, *, targets: tuple[str, ...] = (), **settings: Any
) -> AsyncGenerator[App]:
    shelf.hold.set()
    marks = count()
    given = {"changes": "ask", "asking_seconds": 0, "verify_seconds": 5, **settings}
    app_settings = AppSettings.model_validate(given)
    houses = {"shelf": Settings()}
    provider = house(shelf, targets=targets)
    mark = lambda: f"m{next(marks)}"  # noqa: E731
    async with open_app((provider,), app_settings, houses, mark, records=kept) as app:
        yield app


@dataclass
class Says:
    """A person at the client who says this, and remembers what they were asked."""

    word: bool | None
    way: str = "elicitation"
    asked: list[Question] = field(default_factory=list[Question])

    async def agrees(self, question: Question) -> bool | None:
        self.asked.append(question)
        return self.word


async def change(app: App, person: Person = NOBODY, **given: Any) -> Outcome:
    answer = await app.call("update_box", {"box": "a", **given}, person)
    assert isinstance(answer, Outcome)
    return answer


async def until(true: Any) -> None:
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110  (what is polled has no event to wait for)
            await asyncio.sleep(0.005)


def remove(folder: Path, names: str) -> None:
    for each in folder.glob(names):
        each.unlink()


def corrupt(store: Path) -> None:
    store.write_bytes(b"not a database at all" * 100)


def replace_by_folder(store: Path) -> None:
    store.unlink()
    store.mkdir()


class TestAPersonAgrees:
    async def test_at_the_client_and_it_is_done_once(self, tmp_path: Path) -> None:
        shelf, lines, person = Shelf(), Lines(), Says(word=True)
        async with opened(shelf, records(tmp_path, lines)) as app:
            done = await change(app, person)
        assert (done.state, done.result, shelf.boxes["a"]) == ("done", "it is full", "full")
        assert lines.events() == ["asked", "agreed", "begin", "step", "step", "end", "verified"]
        assert "Fill box a" in person.asked[0].text
        assert "state: empty -> full" in person.asked[0].text

    async def test_and_saying_no_changes_nothing(self, tmp_path: Path) -> None:
        shelf, lines = Shelf(), Lines()
        async with opened(shelf, records(tmp_path, lines)) as app:
            told = await change(app, Says(word=False))
        assert (told.state, shelf.boxes["a"]) == ("declined", "empty")
        assert lines.events() == ["asked", "declined"]

    async def test_on_a_terminal_while_the_call_waits(self, tmp_path: Path) -> None:
        shelf, kept = Shelf(), records(tmp_path)
        async with opened(shelf, kept, asking_seconds=10) as app:
            call = asyncio.create_task(change(app))
            await until(kept.approvals.waiting)
            kept.approvals.decide(kept.approvals.waiting()[0].id, agreed=True, who="ann")
            assert (await call).state == "done"
        assert shelf.boxes["a"] == "full"

    async def test_or_later_and_the_next_call_goes_on(self, tmp_path: Path) -> None:
        shelf, kept = Shelf(), records(tmp_path)
        async with opened(shelf, kept) as app:
            waiting = await change(app)
            assert (waiting.state, shelf.boxes["a"]) == ("waiting", "empty")
            assert f"fivetabs approve {waiting.id}" in text(waiting)
            assert (await change(app)).id == waiting.id
            kept.approvals.decide(waiting.id, agreed=True, who="ann")
        async with opened(shelf, kept) as another_server:
            assert (await change(another_server)).state == "done"
        assert shelf.boxes["a"] == "full"

    async def test_through_a_call_that_is_made_again(self, tmp_path: Path) -> None:
        @dataclass
        class Later:
            answers: dict[str, bool]
            way: str = "elicitation"

            async def agrees(self, question: Question) -> bool | None:
                if question.id not in self.answers:
                    raise Unanswered(question)
                return self.answers[question.id]

        shelf = Shelf()
        async with opened(shelf, records(tmp_path)) as app:
            with pytest.raises(Unanswered) as first:
                await change(app, Later({}))
            key = first.value.question.id
            assert (await change(app, Later({key: True}))).state == "done"
            shelf.boxes["a"] = "empty"
            with pytest.raises(Unanswered) as second:
                await change(app, Later({key: True}))
        assert second.value.question.id != key
        assert shelf.boxes["a"] == "empty"


class TestNothingIsDone:
    async def test_without_anybody_to_agree(self, tmp_path: Path) -> None:
        shelf = Shelf()
        async with opened(shelf, records(tmp_path)) as app:
            for approve in ("", "c0ffee", "0123456789ab", "yes", "true"):
                assert (await change(app, approve=approve)).state == "waiting"
        assert shelf.boxes["a"] == "empty"

    async def test_when_the_world_changed_since_it_was_agreed_to(self, tmp_path: Path) -> None:
        shelf, kept = Shelf(), records(tmp_path)
        async with opened(shelf, kept) as app:
            first = await change(app)
            kept.approvals.decide(first.id, agreed=True, who="ann")
            shelf.boxes["a"] = "dented"
            anew = await change(app)
        assert (anew.state, shelf.boxes["a"]) == ("waiting", "dented")
        assert anew.id != first.id
        assert "dented" in text(anew)

    async def test_when_it_changed_between_the_question_and_the_answer(
        self, tmp_path: Path
    ) -> None:
        shelf = Shelf()

        class Slow(Says):
            async def agrees(self, question: Question) -> bool | None:
                if not self.asked:
                    shelf.boxes["a"] = "dented"
                    return await super().agrees(question)
                self.asked.append(question)
                return None

        person = Slow(word=True)
        async with opened(shelf, records(tmp_path)) as app:
            told = await change(app, person)
        assert (told.state, shelf.boxes["a"]) == ("waiting", "dented")
        assert "changed since" in text(told)
        assert "dented -> full" in person.asked[1].text

    async def test_when_the_approval_is_too_old(self, tmp_path: Path) -> None:
        shelf, clock = Shelf(), Clock()
        kept = records(tmp_path, clock=clock)
        async with opened(shelf, kept) as app:
            first = await change(app)
            kept.approvals.decide(first.id, agreed=True, who="ann")
            clock.now += 601
            assert (await change(app)).id != first.id
            with pytest.raises(Conflict, match="too old"):
                kept.approvals.decide(first.id, agreed=True, who="ann")
        assert shelf.boxes["a"] == "empty"

    async def test_a_second_time_with_one_approval(self, tmp_path: Path) -> None:
        shelf, kept = Shelf(), records(tmp_path)
        async with opened(shelf, kept) as app:
            first = await change(app)
            kept.approvals.decide(first.id, agreed=True, who="ann")
            assert (await change(app)).state == "done"
            shelf.boxes["a"] = "empty"
            assert (await change(app)).state == "waiting"
            assert (await change(app, approve=first.id)).state == "done"  # What became of it then.
        assert shelf.boxes["a"] == "empty"

    async def test_for_an_approval_of_another_plan(self, tmp_path: Path) -> None:
        shelf, kept = Shelf(), records(tmp_path)
        async with opened(shelf, kept) as app:
            other = await app.call("update_box", {"box": "b"})
            assert isinstance(other, Outcome)
            kept.approvals.decide(other.id, agreed=True, who="ann")
            assert (await change(app, approve=other.id)).state == "waiting"
        assert shelf.boxes == {"a": "empty", "b": "empty"}

    async def test_twice_when_two_calls_wait_for_the_same_word(self, tmp_path: Path) -> None:
        shelf, lines = Shelf(), Lines()
        kept = records(tmp_path, lines)
        async with (
            opened(shelf, kept, asking_seconds=10) as one,
            opened(shelf, kept, asking_seconds=10) as two,
        ):
            calls = [asyncio.create_task(change(app)) for app in (one, two)]
            await until(kept.approvals.waiting)
            (request,) = kept.approvals.waiting()
            kept.approvals.decide(request.id, agreed=True, who="ann")
            await asyncio.gather(*calls, return_exceptions=True)
        assert lines.events().count("begin") == 1

    @pytest.mark.parametrize("harm", [corrupt, replace_by_folder])
    async def test_when_the_store_cannot_be_used(
        self, tmp_path: Path, harm: Callable[[Path], None]
    ) -> None:
        shelf, kept = Shelf(), records(tmp_path)
        async with opened(shelf, kept) as app:
            first = await change(app)
            kept.approvals.decide(first.id, agreed=True, who="ann")
            remove(tmp_path, "approvals.db-*")
            harm(tmp_path / "approvals.db")
            with pytest.raises(Unavailable, match="nothing was done"):
                await change(app)
        assert shelf.boxes["a"] == "empty"

    async def test_when_the_store_was_deleted(self, tmp_path: Path) -> None:
        shelf, kept = Shelf(), records(tmp_path)
        async with opened(shelf, kept) as app:
            first = await change(app)
            kept.approvals.decide(first.id, agreed=True, who="ann")
            remove(tmp_path, "approvals.db*")
            assert (await change(app)).state == "waiting"
        assert shelf.boxes["a"] == "empty"

    async def test_where_nothing_can_be_written_down(self, tmp_path: Path) -> None:
        shelf = Shelf()
        async with opened(shelf, None, changes="allow") as app:
            with pytest.raises(Unavailable, match="no approval store"):
                await change(app)
        for written in range(3):
            folder = tmp_path / str(written)
            folder.mkdir()
            kept = records(folder, Lines(broken=written))
            async with opened(shelf, kept) as app:
                with pytest.raises(Unavailable) if written < 2 else _failed():
                    outcome = await change(app, Says(word=True))
                    assert outcome.state == "failed"
                    raise AssertionError(outcome.notes)
        assert shelf.boxes["a"] == "empty"


def _failed() -> Any:
    return pytest.raises(AssertionError, match="audit trail cannot be written")


class TestTheOwnersPolicy:
    async def test_show_only_shows_and_says_why(self, tmp_path: Path) -> None:
        shelf = Shelf()
        async with opened(shelf, records(tmp_path), changes="show") as app:
            told = await change(app, Says(word=True))
        assert (told.state, shelf.boxes["a"]) == ("planned", "empty")
        assert "FIVETABS_CHANGES=show" in text(told)

    async def test_off_neither_lists_nor_runs_a_change(self, tmp_path: Path) -> None:
        async with opened(Shelf(), records(tmp_path), changes="off") as app:
            assert "update_box" not in [offer.tool.name for offer in app.listed()]
            with pytest.raises(Denied, match="FIVETABS_CHANGES=off"):
                await change(app)

    async def test_allow_carries_out_at_once_and_writes_it_down(self, tmp_path: Path) -> None:
        shelf, lines = Shelf(), Lines()
        async with opened(shelf, records(tmp_path, lines), changes="allow") as app:
            assert (await change(app)).state == "done"
        assert lines.events()[:3] == ["asked", "agreed", "begin"]

    async def test_model_shows_first_and_goes_on_with_the_digest(self, tmp_path: Path) -> None:
        shelf = Shelf()
        async with opened(shelf, records(tmp_path), changes="model") as app:
            planned = await change(app)
            assert (planned.state, shelf.boxes["a"]) == ("planned", "empty")
            with pytest.raises(Conflict, match="nothing was done"):
                await app.call("update_box", {"box": "b", "approve": planned.digest})
            assert (await change(app, approve=planned.digest)).state == "done"
            shelf.boxes["a"] = "empty"
            with pytest.raises(Conflict, match="used already"):
                await change(app, approve=planned.digest)

    async def test_a_word_about_a_part_of_the_world_holds_there(self, tmp_path: Path) -> None:
        shelf = Shelf()
        policy = [
            {"match": "shelf:main/box/a", "changes": "off"},
            {"match": "shelf:main", "changes": "allow"},
        ]
        async with opened(shelf, records(tmp_path), changes="ask", policy=policy) as app:
            with pytest.raises(Denied, match="shelf:main/box/a"):
                await change(app, Says(word=True))
            await app.call("update_box", {"box": "b"})
            with pytest.raises(Denied):
                await app.call("update_boxes", {})
        assert shelf.boxes == {"a": "empty", "b": "full"}

    async def test_a_plan_beyond_the_owners_limits_is_refused(self, tmp_path: Path) -> None:
        async with opened(Shelf(), records(tmp_path), changes="allow", most_pods=0) as app:
            with pytest.raises(Denied, match="1 pods, and the owner's limit is 0"):
                await change(app)

    async def test_with_several_targets_a_change_names_its_own(self, tmp_path: Path) -> None:
        shelf, kept = Shelf(), records(tmp_path)
        async with opened(shelf, kept, targets=("main", "spare"), changes="allow") as app:
            with pytest.raises(Invalid, match="target must be named"):
                await change(app)
            await change(app, target="main")
        assert shelf.boxes["a"] == "full"


class TestWhatBecomesOfIt:
    async def test_it_is_finished_though_its_caller_goes_and_can_be_asked_about(
        self, tmp_path: Path
    ) -> None:
        shelf, kept = Shelf(), records(tmp_path)
        async with opened(shelf, kept, changes="allow") as app:
            shelf.hold.clear()
            call = asyncio.create_task(change(app))
            await shelf.filling.wait()
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            key = kept.approvals.all()[0].id
            shelf.hold.set()
            assert (await change(app, approve=key)).state == "done"
        async with opened(shelf, kept) as another_server:
            told = await change(another_server, approve=key)
        assert (told.state, told.steps) == ("done", ("filled a",))

    async def test_its_connection_stays_open_until_it_ended(self, tmp_path: Path) -> None:
        shelf = Shelf()
        async with opened(shelf, records(tmp_path), changes="allow") as app:
            shelf.hold.clear()
            call = asyncio.create_task(change(app))
            await shelf.filling.wait()
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            shelf.broken = True
            with pytest.raises(Unavailable):
                await app.call("list_boxes", {})
            with pytest.raises(Unavailable):
                await app.call("list_boxes", {})
            await until(lambda: shelf.closed == 1)
            assert shelf.opened == 2
            shelf.hold.set()
            await until(lambda: shelf.closed == 2)
            assert shelf.boxes["a"] == "full"

    async def test_a_step_that_fails_says_how_far_it_came(self, tmp_path: Path) -> None:
        shelf, lines = Shelf(jammed="b"), Lines()
        async with opened(shelf, records(tmp_path, lines), changes="allow") as app:
            told = await app.call("update_boxes", {})
        assert structured(told)["state"] == "failed"
        assert "1 steps were done, 1 were not" in text(told)
        assert shelf.boxes == {"a": "full", "b": "empty"}

    async def test_one_that_did_not_help_says_so(self, tmp_path: Path) -> None:
        shelf = Shelf(verdicts=[Verdict(Turn.UNDER_WAY, "filling"), Verdict(Turn.FAILING, "leaks")])
        async with opened(shelf, records(tmp_path), changes="allow") as app:
            assert (await change(app)).result == "leaks"

    async def test_one_that_takes_long_is_watched_on(self, tmp_path: Path) -> None:
        shelf = Shelf(verdicts=[Verdict(Turn.UNDER_WAY, "filling")])
        async with opened(shelf, records(tmp_path), changes="allow", verify_seconds=0.2) as app:
            told = await change(app)
            assert (told.state, told.result) == ("done", "filling")
            assert f"approve='{told.id}'" in text(told)
            await until(lambda: not shelf.verdicts)
            watching = app.changing.courses[told.id].task
            assert watching is not None
            await watching
            assert (await change(app, approve=told.id)).result == "it is full"

    async def test_an_interrupted_one_is_told_as_far_as_it_is_known(self, tmp_path: Path) -> None:
        shelf, clock = Shelf(), Clock()
        kept = records(tmp_path, clock=clock)
        async with opened(shelf, kept) as app:
            first = await change(app)
            kept.approvals.decide(first.id, agreed=True, who="ann")
            kept.approvals.spend(first.id, first.digest)
            kept.approvals.note(first.id, steps='{"of": 1, "begun": 1, "done": []}')
            assert (await change(app, approve=first.id)).state == "under way"
            clock.now += 60
            told = await change(app, approve=first.id)
        assert told.state == "interrupted"
        assert "it may be done or not" in text(told)


class TestUndo:
    async def test_it_is_a_plan_of_its_own_and_brings_the_start_back(self, tmp_path: Path) -> None:
        shelf, kept = Shelf(), records(tmp_path)
        async with opened(shelf, kept) as app:
            done = await change(app, Says(word=True))
            assert done.undo == f"undo(change={done.id!r})"
            waiting = await app.call("undo", {"change": done.id})
            assert (structured(waiting)["state"], shelf.boxes["a"]) == ("waiting", "full")
            person = Says(word=True)
            undone = await app.call("undo", {"change": done.id}, person)
            assert structured(undone)["state"] == "done"
            assert "Undo update_box" in person.asked[0].text
        assert shelf.boxes["a"] == "empty"

    async def test_what_was_never_done_cannot_be_undone(self, tmp_path: Path) -> None:
        async with opened(Shelf(), records(tmp_path)) as app:
            waiting = await change(app)
            with pytest.raises(Conflict, match="nothing to take back"):
                await app.call("undo", {"change": waiting.id})
            with pytest.raises(NotFound):
                await app.call("undo", {"change": "ffffff"})

    async def test_what_says_it_is_irreversible_stays(self, tmp_path: Path) -> None:
        async with opened(Shelf(), records(tmp_path), changes="allow") as app:
            done = await app.call("update_boxes", {})
            with pytest.raises(Conflict, match="what was in them is gone"):
                await app.call("undo", {"change": structured(done)["id"]})
