"""What the owner of this server decides about Docker. `DOCKER_*` stays Docker's own."""

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """Times are in seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    connect_timeout: float = Field(default=3.0, gt=0, description="Longest wait for a connection.")
    quiet: float = Field(default=2.0, gt=0, description="Silence after which the engine is probed.")
    restart_margin: float = Field(
        default=20.0,
        gt=0,
        description="Longest wait for a restart beyond the container's own stop grace.",
    )
    most_connections: int = Field(
        default=8, ge=1, description="Connections to an engine at a time."
    )
    hosts: tuple[str, ...] = Field(
        default=(), description="Host URLs a call may name as target, beside the Docker contexts."
    )
    ssh: str = Field(default="ssh", description="The ssh program for ssh:// hosts.")
