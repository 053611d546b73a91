"""What the owner of this server may set about the server itself. Values only; `cli` reads them."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Changes(StrEnum):
    """Who must agree before a plan is carried out."""

    OFF = "off"
    SHOW = "show"
    ASK = "ask"
    MODEL = "model"
    ALLOW = "allow"


class AppSettings(BaseModel):
    """The server's own settings; each house has a section of its own beside them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    demo: bool = Field(default=False, description="Answer from the demo world, marked as such.")
    changes: Changes = Field(
        default=Changes.ASK,
        description="off: no change tools; show: plans only; ask: a person agrees; "
        "model: a second call with the plan's digest; allow: at once.",
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
        default=600.0, gt=0, description="How long the digest of a shown plan is good, seconds."
    )
