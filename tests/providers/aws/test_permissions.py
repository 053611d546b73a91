"""The least-privilege policy follows the closed set of reads."""

from fivetabs.providers.aws.port import PAGES, READS
from fivetabs.providers.aws.shapes.permissions import iam_policy


def test_the_policy_names_one_action_for_each_read_under_iams_own_name() -> None:
    (statement,) = iam_policy()["Statement"]
    assert statement["Effect"] == "Allow"
    assert statement["Action"] == [
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeScalingActivities",
        "ce:GetCostAndUsage",
        "cloudtrail:LookupEvents",
        "cloudwatch:DescribeAlarmHistory",
        "cloudwatch:DescribeAlarms",
        "cloudwatch:GetMetricData",
        "ec2:DescribeInstanceStatus",
        "ec2:DescribeInstances",
        "ec2:DescribeRegions",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeVolumeStatus",
        "ec2:DescribeVolumes",
        "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeTargetHealth",
        "logs:DescribeLogGroups",
        "logs:DescribeLogStreams",
        "logs:FilterLogEvents",
        "logs:GetQueryResults",
        "logs:StartQuery",
        "logs:StopQuery",
        "rds:DescribeDBInstances",
        "rds:DescribeEvents",
        "s3:GetAccountPublicAccessBlock",
        "s3:GetBucketAcl",
        "s3:GetBucketLocation",
        "s3:GetBucketPolicyStatus",
        "s3:GetBucketPublicAccessBlock",
        "s3:ListAllMyBuckets",
        "sqs:ListQueues",
        "sts:GetCallerIdentity",
    ]
    assert len(statement["Action"]) == sum(map(len, READS.values()))


def test_what_changes_need_stands_apart_from_the_reads() -> None:
    _, statement = iam_policy(changes=True)["Statement"]
    assert statement["Action"] == ["ec2:RebootInstances"]
    (reads,) = iam_policy()["Statement"]
    assert not set(reads["Action"]) & set(statement["Action"])


def test_every_read_only_reads() -> None:
    operations = {operation for each in READS.values() for operation in each}
    named_otherwise = {"FilterLogEvents", "StartQuery", "StopQuery"}  # They change no resource.
    others = operations - named_otherwise
    assert all(name.startswith(("Describe", "Get", "List", "Lookup")) for name in others)
    assert set(PAGES) <= operations
