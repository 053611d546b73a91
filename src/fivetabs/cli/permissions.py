"""`fivetabs permissions HOUSE`: the least rights the tools need, from each house's closed sets."""

import argparse
import json
import sys
from collections.abc import Iterator
from types import MappingProxyType
from typing import Any

from fivetabs.providers.aws.shapes.permissions import iam_policy
from fivetabs.providers.kubernetes.shapes.permissions import cluster_role


def run(options: argparse.Namespace) -> int:
    """Print one house's manifest as JSON (kubectl and IAM both take it so)."""
    kind = "changes" if options.changes else "reads"
    made = next(made for name, made in manifests() if name == _NAMES[options.house, kind])
    if not options.changes:
        print("# reading only; with --changes, what changes need as well", file=sys.stderr)
    print(json.dumps(made, indent=2))
    return 0


def manifests() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each manifest under its file's name."""
    yield _NAMES["kubernetes", "reads"], cluster_role()
    yield _NAMES["kubernetes", "changes"], cluster_role(changes=True)
    yield _NAMES["aws", "reads"], iam_policy()
    yield _NAMES["aws", "changes"], iam_policy(changes=True)


_NAMES = MappingProxyType(
    {
        ("kubernetes", "reads"): "kubernetes-cluster-role.json",
        ("kubernetes", "changes"): "kubernetes-cluster-role-changes.json",
        ("aws", "reads"): "aws-iam-policy.json",
        ("aws", "changes"): "aws-iam-policy-changes.json",
    }
)
