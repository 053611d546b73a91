"""The real cluster: the only room of this house that speaks to the network."""

from fivetabs.providers.kubernetes.live.view import connect

__all__ = ["connect"]
