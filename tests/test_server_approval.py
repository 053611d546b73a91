"""Agreeing through the client: elicitation in both eras, a client that declines, one without."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from mcp import Client
from mcp.client import ClientRequestContext
from mcp.types import ElicitRequestParams, ElicitResult

from fivetabs.app.calls import open_app
from fivetabs.app.records import Records
from fivetabs.app.seals import approver
from fivetabs.app.settings import AppSettings
from fivetabs.server import build
from tests.app.house import Settings, Shelf, house
from tests.app.records import records

pytestmark = pytest.mark.anyio
ERAS = pytest.mark.parametrize("era", ["auto", "legacy"])
Era = Literal["auto", "legacy"]


@dataclass
class Form:
    """What a person does with the form, and what they were shown."""

    answer: ElicitResult
    shown: list[str] = field(default_factory=list[str])

    async def __call__(
        self, context: ClientRequestContext, params: ElicitRequestParams
    ) -> ElicitResult:
        del context
        self.shown.append(params.message)
        return self.answer


AGREES = ElicitResult(action="accept", content={"agree": True})
NOT_AGREEING = (
    ElicitResult(action="decline"),
    ElicitResult(action="cancel"),
    ElicitResult(action="accept", content={"agree": False}),
    ElicitResult(action="accept", content={}),
    ElicitResult(action="accept", content={"agree": "true"}),
    ElicitResult(action="accept", content={"agree": 1}),
)


@asynccontextmanager
async def connected(
    shelf: Shelf, kept: Records, era: Era, form: Form | None, **settings: Any
) -> AsyncGenerator[Client]:
    shelf.hold.set()
    given = AppSettings.model_validate({"asking_seconds": 0, "verify_seconds": 5, **settings})
    houses = {"shelf": Settings()}
    async with (
        open_app((house(shelf),), given, houses, lambda: "mark", records=kept) as app,
        Client(build(app), mode=era, elicitation_callback=form) as client,
    ):
        yield client


@ERAS
async def test_a_form_that_is_agreed_to_carries_out_what_it_showed(
    era: Era, tmp_path: Path
) -> None:
    shelf, form = Shelf(), Form(AGREES)
    async with connected(shelf, records(tmp_path), era, form) as client:
        done = await client.call_tool("update_box", {"box": "a"})
    assert done.structured_content is not None
    assert done.structured_content["state"] == "done"
    assert shelf.boxes == {"a": "full", "b": "empty"}
    (shown,) = form.shown
    assert "Fill box a" in shown
    assert "state: empty -> full" in shown


@ERAS
@pytest.mark.parametrize("answer", NOT_AGREEING, ids=lambda a: f"{a.action}-{a.content}")
async def test_anything_but_a_ticked_form_changes_nothing(
    era: Era, answer: ElicitResult, tmp_path: Path
) -> None:
    shelf = Shelf()
    async with connected(shelf, records(tmp_path), era, Form(answer)) as client:
        told = await client.call_tool("update_box", {"box": "a"})
    assert told.structured_content is not None
    assert told.structured_content["state"] == "declined"
    assert shelf.boxes["a"] == "empty"


@ERAS
async def test_a_client_without_forms_is_told_who_can_agree_and_how(
    era: Era, tmp_path: Path
) -> None:
    """As Claude Desktop: the answer names the command, and the next call goes on."""
    shelf, kept = Shelf(), records(tmp_path)
    async with connected(shelf, kept, era, None) as client:
        told = (await client.call_tool("update_box", {"box": "a"})).structured_content
        assert told is not None
        assert (told["state"], shelf.boxes["a"]) == ("waiting", "empty")
        assert any(f"fivetabs approve {told['id']}" in note for note in told["notes"])
        kept.approvals.decide(told["id"], agreed=True, who="ann")
        done = (await client.call_tool("update_box", {"box": "a"})).structured_content
    assert done is not None
    assert (done["state"], shelf.boxes["a"]) == ("done", "full")


@ERAS
async def test_where_a_passphrase_is_set_a_form_is_not_enough(era: Era, tmp_path: Path) -> None:
    shelf, form = Shelf(), Form(AGREES)
    key = approver("a passphrase of mine", bytes(16))
    async with connected(shelf, records(tmp_path), era, form, approver=key) as client:
        told = (await client.call_tool("update_box", {"box": "a"})).structured_content
    assert told is not None
    assert (told["state"], shelf.boxes["a"], form.shown) == ("waiting", "empty", [])


@ERAS
async def test_a_form_is_asked_anew_for_each_change(era: Era, tmp_path: Path) -> None:
    shelf, form = Shelf(), Form(AGREES)
    async with connected(shelf, records(tmp_path), era, form) as client:
        for _ in range(2):
            shelf.boxes["a"] = "empty"
            await client.call_tool("update_box", {"box": "a"})
    assert len(form.shown) == 2
