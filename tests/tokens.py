"""The estimate of tokens that the server itself fits its answers by."""

from fivetabs.app.tokens import estimate

__all__ = ["estimate"]
