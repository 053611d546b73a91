"""`fivetabs permissions HOUSE`: the least rights the tools need, from each house's closed sets.

What the tools need that change something stands in a manifest of its own, to be left out.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from typing import Any

from fivetabs.providers.aws.shapes.permissions import iam_policy, iam_policy_of_changes
from fivetabs.providers.kubernetes.shapes.permissions import cluster_role


def run(options: argparse.Namespace) -> int:
    """Print the manifests of one house as JSON (kubectl and IAM both take each so)."""
    for name, made in manifests():
        if name.startswith(options.house):
            print(f"# {name}: {_purpose(name)}", file=sys.stderr)
            print(json.dumps(made, indent=2))
    return 0


def manifests() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each manifest under its file's name."""
    yield "kubernetes-cluster-role.json", cluster_role()
    yield "aws-iam-policy.json", iam_policy()
    yield "aws-iam-policy-changes.json", iam_policy_of_changes()


def _purpose(name: str) -> str:
    if name.endswith("-changes.json"):
        return "beside it, what changes need; left out, nothing can be changed"
    return "what reading needs"
