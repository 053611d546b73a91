"""Versions of an API server, and from which on all reads of this house are there."""

import re

OLDEST = (1, 23)
"""autoscaling/v2 is the youngest API that is read: https://kubernetes.io/docs/reference/using-api/
deprecation-guide/ (v1.23)."""


def too_old(git_version: str) -> str:
    """What an older API server does not have, in a few words; empty for one that has all."""
    told = re.match(r"v?(\d+)\.(\d+)", git_version)
    if told is None or (int(told[1]), int(told[2])) >= OLDEST:
        return ""
    oldest = ".".join(map(str, OLDEST))
    return f"older than v{oldest}, so some of what is read (autoscaling/v2) is not there"
