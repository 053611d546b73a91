"""What can be set about AWS. Credentials, profiles, regions and endpoints stay the SDK's own."""

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """Limits of this house. All times in seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sign_in_seconds: float = Field(
        default=4.0,
        gt=0,
        description="Longest wait for credentials (SSO, roles, credential_process).",
    )
    connect_seconds: float = Field(
        default=3.0, gt=0, description="Longest wait for a TCP connection."
    )
    quiet_seconds: float = Field(
        default=1.7,
        gt=0,
        description="Silence after which the endpoint is probed; twice this gives up.",
    )
    read_seconds: float = Field(
        default=30.0, gt=0, description="Longest silence of one request whose endpoint is alive."
    )
    queue_seconds: float = Field(
        default=30.0, gt=0, description="Longest wait for one of the concurrent calls to end."
    )
    list_seconds: float = Field(
        default=5.0, gt=0, description="Longest wait for one list of the whole account's report."
    )
    concurrent_calls: int = Field(default=12, ge=1, le=64, description="Most calls to AWS at once.")
    account: str = Field(
        default="", description="Account id to show; unset: asked of sts:GetCallerIdentity."
    )
