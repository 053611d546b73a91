"""A desk with one kept answer on it, for the tests that go over every tool."""

from fivetabs.app import desk
from fivetabs.app.connections import AnyProvider
from fivetabs.app.handles import Handles, Kept, Part
from fivetabs.app.tools.handles import read_more

EXAMPLE = str(read_more.example["handle"])
KEPT = Kept(
    tool="list_containers",
    target="docker:edge-1",
    observed="2026-03-12T10:14:00Z",
    demo=True,
    parts=(Part("rows", ("name", "state"), tuple((f"box-{n}", "running") for n in range(300))),),
)


def with_example(handles: Handles) -> Handles:
    """The handles, with `KEPT` under the handle of `read_more`'s example."""
    given, handles.new_handle = handles.new_handle, lambda: EXAMPLE
    handles.keep(KEPT)
    handles.new_handle = given
    return handles


def sample_desk() -> AnyProvider:
    """The nameplate of such a desk."""
    handles = with_example(Handles(3600.0, str, lambda: 0.0))
    return desk.provider(desk.OpenDesk(handles, desk.no_call))
