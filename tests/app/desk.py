"""A desk with one kept answer and one change on it, for the tests that go over every tool."""

from pathlib import Path
from tempfile import TemporaryDirectory

from fivetabs.app import desk
from fivetabs.app.arguments import offers_of
from fivetabs.app.connections import AnyProvider, Connections
from fivetabs.app.handles import Handles, Kept, Part
from fivetabs.app.records import Records
from fivetabs.app.store.approvals import Approvals, Draft
from fivetabs.app.tools.handles import read_more
from fivetabs.app.undoing import Undoing
from fivetabs.cli.houses import PROVIDERS
from fivetabs.core import Outcome
from tests.app.records import records

EXAMPLE = str(read_more.example["handle"])
KEPT = Kept(
    tool="list_containers",
    target="docker:edge-1",
    observed="2026-03-12T10:14:00Z",
    demo=True,
    parts=(Part("rows", ("name", "state"), tuple((f"box-{n}", "running") for n in range(300))),),
)
SCALED = Draft(
    digest="0123456789ab",
    tool="restart_deployment",
    target="k8s:shop-eu",
    told={"text": "", "outcome": Outcome(summary="Restarted", state="planned").model_dump()},
    undo={
        "tool": "restart_deployment",
        "arguments": {"name": "orders-api", "namespace": "shop"},
        "target": None,
    },
)


def with_example(handles: Handles) -> Handles:
    """The handles, with `KEPT` under the handle of `read_more`'s example."""
    given, handles.new_handle = handles.new_handle, lambda: EXAMPLE
    handles.keep(KEPT)
    handles.new_handle = given
    return handles


def with_change(folder: Path) -> Records:
    """Records in which the change of `undo`'s example was carried out."""
    made = records(folder)
    key = made.approvals.ask(SCALED).id
    made.approvals.decide(key, agreed=True, who="ann")
    made.approvals.spend(key, SCALED.digest)
    made.approvals.note(key, status="done")
    return made


class _Folder:
    """A temporary folder that lives as long as what is kept in it."""

    def __init__(self) -> None:
        self.kept = TemporaryDirectory(prefix="fivetabs-desk-")
        self.approvals: Approvals = with_change(Path(self.kept.name)).approvals


def sample_desk() -> AnyProvider:
    """The nameplate of such a desk, over the demo worlds of the houses."""
    handles = with_example(Handles(3600.0, str, lambda: 0.0))
    folder = _Folder()
    offers = offers_of(*PROVIDERS)
    connections = Connections(True, {}, 10.0, lambda _: folder)
    undoing = Undoing(folder.approvals, connections, offers.__getitem__)
    return desk.provider(desk.OpenDesk(handles, desk.no_call, undoing))
