"""What an owner may set for Kubernetes: `[kubernetes]` in TOML, `FIVETABS_KUBERNETES__…`, flags."""

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """Durations are in seconds. Clusters and credentials come from the kubeconfig alone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    connect_timeout: float = Field(default=3.0, gt=0, description="Longest wait for a connection.")
    quiet: float = Field(
        default=1.9, gt=0, description="Silence after which the API server is asked if it lives."
    )
    plugin_timeout: float = Field(
        default=30.0, gt=0, description="Longest run of a credential plugin."
    )
    grace: float = Field(
        default=60.0, ge=0, description="How long a pod may start, or be unready, unaccused."
    )
    service_account: str = Field(
        default="/var/run/secrets/kubernetes.io/serviceaccount",
        description="Folder of the in-cluster token, used when there is no kubeconfig.",
    )
