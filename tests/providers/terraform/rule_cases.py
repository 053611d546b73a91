"""For every rule a plan or state that makes it fire, and one that keeps it quiet."""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from fivetabs.providers.terraform.rules.holding import Held
from fivetabs.providers.terraform.shapes.changes import ResourceChange
from fivetabs.providers.terraform.shapes.checks import Check
from fivetabs.providers.terraform.shapes.diagnostics import Diagnostic
from fivetabs.providers.terraform.shapes.fields import Field
from fivetabs.providers.terraform.shapes.locks import Lock
from fivetabs.providers.terraform.shapes.plans import Drift, Planned, Provisioner
from fivetabs.providers.terraform.shapes.snapshots import Unread
from fivetabs.providers.terraform.shapes.states import Resource, State

LOCK = Lock("ana@desk", "apply", "2026-03-12T10:00:01Z")


def plan(**parts: object) -> Planned:
    """A plan of infra/shop."""
    return Planned("infra/shop", "default", "s3", "1.11.4", **parts)  # type: ignore[arg-type]


def state(**parts: object) -> State:
    """A state of infra/shop."""
    return State("infra/shop", "default", "s3", 42, **parts)  # type: ignore[arg-type]


def change(address: str, action: str, **parts: object) -> ResourceChange:
    """A planned change of a managed resource."""
    kind = address.split(".")[-2]
    return ResourceChange(address, kind, "managed", action, **parts)  # type: ignore[arg-type]


def resource(status: str) -> Resource:
    """A resource of a state."""
    return Resource("aws_instance.a", "aws_instance", "managed", "hashicorp/aws", "i-1", status)


def held(lock: Lock | None) -> Held:
    """A state with a lock, looked at on the demo's clock."""
    return Held(state(lock=lock), datetime(2026, 3, 12, 10, 14, tzinfo=UTC))


OLD_LOCK = Lock("ana@desk", "apply", "2026-03-11T17:20:11Z")
NEWER = "state snapshot was created by Terraform v1.14.0, which is newer than current v1.11.4"
RESIZED = (Field("instance_type", "m5.large", "t3.small"),)
UPDATE = change("aws_instance.a", "update", fields=RESIZED)
FORCED = change(
    "aws_instance.a",
    "replace",
    fields=(Field("ami", "ami-1", "ami-2", forces=True),),
    forced_by=("ami",),
)

CASES: Mapping[str, tuple[object, object]] = MappingProxyType(
    {
        "TF101": (plan(drift=(Drift(UPDATE, "revert"),)), plan(changes=(UPDATE,))),
        "TF102": (
            plan(changes=(change("aws_db_instance.orders", "destroy"),)),
            plan(changes=(change("aws_s3_bucket_policy.assets", "destroy"),)),
        ),
        "TF103": (
            plan(changes=(change("aws_instance.a", "destroy"),)),
            plan(changes=(change("aws_instance.a", "forget"), UPDATE)),
        ),
        "TF104": (plan(changes=(FORCED,)), plan(changes=(UPDATE,))),
        "TF105": (plan(provisioners=(Provisioner("aws_instance.a", "local-exec"),)), plan()),
        "TF106": (
            plan(errored=True, diagnostics=(Diagnostic("error", "boom"),)),
            plan(diagnostics=(Diagnostic("warning", "careful"),)),
        ),
        "TF107": (
            plan(checks=(Check("check.up", "fail", ("it is down",)),)),
            plan(checks=(Check("check.up", "pass"), Check("check.on", "unknown"))),
        ),
        "TF108": (plan(lock=LOCK), plan()),
        "TF121": (state(resources=(resource("tainted"),)), state(resources=(resource(""),))),
        "TF122": (state(resources=(resource("deposed"),)), state(resources=(resource(""),))),
        "TF123": (
            state(checks=(Check("check.up", "error"),)),
            state(checks=(Check("check.up", "pass"),)),
        ),
        "TF124": (state(lock=LOCK), state()),
        "TF125": (held(OLD_LOCK), held(LOCK)),
        "TF126": (held(LOCK), held(OLD_LOCK)),
        "TF127": (Unread("infra/shop", "invalid", NEWER), Unread("infra/shop", "invalid", "")),
    }
)
