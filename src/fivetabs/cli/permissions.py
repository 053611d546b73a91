"""`fivetabs permissions HOUSE`: the least rights the tools need, from the closed set of reads."""

import argparse
import json
from collections.abc import Iterator
from typing import Any

from fivetabs.providers.aws.shapes.permissions import iam_policy
from fivetabs.providers.kubernetes.shapes.permissions import cluster_role


def run(options: argparse.Namespace) -> int:
    """Print the manifests of one house as JSON (kubectl and IAM both take it so)."""
    for name, made in manifests():
        if name.startswith(options.house):
            print(json.dumps(made, indent=2))
    return 0


def manifests() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each manifest under its file's name."""
    yield "kubernetes-cluster-role.json", cluster_role()
    yield "aws-iam-policy.json", iam_policy()
