"""The least-privilege policy follows the closed set of reads."""

from fivetabs.providers.aws.port import PAGES, READS
from fivetabs.providers.aws.shapes.permissions import iam_policy


def test_the_policy_names_one_action_for_each_read_under_iams_own_name() -> None:
    (statement,) = iam_policy()["Statement"]
    assert statement["Effect"] == "Allow"
    assert statement["Action"] == [
        "ce:GetCostAndUsage",
        "cloudwatch:DescribeAlarms",
        "ec2:DescribeInstanceStatus",
        "ec2:DescribeInstances",
        "ec2:DescribeRegions",
        "logs:DescribeLogGroups",
        "logs:DescribeLogStreams",
        "logs:FilterLogEvents",
        "logs:GetQueryResults",
        "logs:StartQuery",
        "logs:StopQuery",
        "s3:GetAccountPublicAccessBlock",
        "s3:GetBucketAcl",
        "s3:GetBucketLocation",
        "s3:GetBucketPolicyStatus",
        "s3:GetBucketPublicAccessBlock",
        "s3:ListAllMyBuckets",
        "sts:GetCallerIdentity",
    ]
    assert len(statement["Action"]) == sum(map(len, READS.values()))


def test_every_read_only_reads() -> None:
    operations = {operation for each in READS.values() for operation in each}
    named_otherwise = {"FilterLogEvents", "StartQuery", "StopQuery"}  # They change no resource.
    others = operations - named_otherwise
    assert all(name.startswith(("Describe", "Get", "List")) for name in others)
    assert set(PAGES) <= operations
