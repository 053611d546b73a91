"""What the owner of this server may set about the server itself. Values only; `cli` reads them."""

import json
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from fivetabs.app.seals import check
from fivetabs.core import Invalid

_LIMITED = ("k8s", "aws", "docker", "tf")


class Changes(StrEnum):
    """Who must agree before a plan is carried out."""

    OFF = "off"
    SHOW = "show"
    ASK = "ask"
    MODEL = "model"
    ALLOW = "allow"


class Ward(BaseModel):
    """The owner's word on a part of the world that is told apart by a pattern.

    `match` is a shell pattern (`*`, `?`, `[...]`; `*` matches slashes too) over subjects as answers
    write them: `k8s:prod-*`, `k8s:*/payments/*`, `aws:123456789012/*`, `docker:*`, `tf:infra/*`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    match: str = Field(min_length=1)
    changes: Changes


def _from_text(value: Any) -> Any:
    """A variable of the environment holds JSON; a file holds tables."""
    return json.loads(value) if isinstance(value, str) else value


def _key(value: str) -> str:
    """A key with a slip in it would approve nothing, and say so only then."""
    if value:
        try:
            check(value)
        except Invalid as error:
            raise ValueError(str(error)) from error
    return value


def _pattern(value: str) -> str:
    """A pattern of a kind that does not exist would limit nothing."""
    scheme, colon, rest = value.partition(":")
    if scheme not in _LIMITED or not colon or not rest:
        kinds = ", ".join(f"{each}:NAME" for each in _LIMITED)
        raise ValueError(f"write it like {kinds}")
    return value


Patterns = Annotated[
    tuple[Annotated[str, AfterValidator(_pattern)], ...], BeforeValidator(_from_text)
]
Wards = Annotated[tuple[Ward, ...], BeforeValidator(_from_text)]


class AppSettings(BaseModel):
    """The server's own settings; each house has a section of its own beside them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    demo: bool = Field(default=False, description="Answer from the demo world, marked as such.")
    changes: Changes = Field(
        default=Changes.ASK,
        description="off: no change tools; show: plans only; ask: a person agrees; "
        "model: a second call with the plan's digest; allow: at once.",
    )
    policy: Wards = Field(
        default=(),
        description='Parts of the world with a word of their own, as JSON: [{"match": "k8s:prod-*",'
        ' "changes": "off"}]. Of all that match, the strictest holds.',
    )
    targets: Patterns = Field(
        default=(),
        description='Only these targets may be used, as JSON: ["k8s:shop-*", "aws:1234567/*", '
        '"tf:infra-*"]. '
        "A house that none of them names is not limited.",
    )
    most_pods: int = Field(
        default=100, ge=0, description="Most pods, containers or instances one change may end."
    )
    most_replicas: int = Field(
        default=100, ge=0, description="Most replicas a workload may be scaled to."
    )
    most_destroyed: int = Field(
        default=10, ge=0, description="Most resources one Terraform plan may destroy or replace."
    )
    approver: Annotated[str, AfterValidator(_key)] = Field(
        default="",
        description="Public key of the owner's passphrase, as `fivetabs approve passphrase` "
        "prints it: from then on only that passphrase approves.",
    )
    state: str = Field(
        default="", description="Folder of approvals and audit; the user's state folder if unset."
    )
    open_seconds: float = Field(
        default=10.0, gt=0, description="Longest wait for a house to open, seconds."
    )
    call_seconds: float = Field(default=50.0, gt=0, description="Longest a call may take, seconds.")
    job_seconds: float = Field(
        default=4.0, ge=0, description="A long call answers with a handle after this, seconds."
    )
    house_seconds: float = Field(
        default=8.0, gt=0, description="Longest a house may take in a report, seconds."
    )
    budget: int = Field(
        default=2000, ge=200, le=8000, description="Most tokens of an answer, in each form."
    )
    handle_seconds: float = Field(
        default=1800.0, gt=0, description="How long the rest of an answer is kept, seconds."
    )
    approval_seconds: float = Field(
        default=600.0, gt=0, description="How long a shown plan may be approved, seconds."
    )
    asking_seconds: float = Field(
        default=20.0,
        ge=0,
        description="How long a call waits for `fivetabs approve` before it answers, seconds.",
    )
    verify_seconds: float = Field(
        default=25.0, ge=0, description="How long a call watches what a change did, seconds."
    )
