"""Four alarms: the check of worker-c and what follows it, one without data, one that is well."""

from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]
_ARN = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:"
_TOPIC = "arn:aws:sns:eu-west-1:123456789012:shop-oncall"
_MADE = datetime(2026, 1, 19, 9, 0, tzinfo=UTC)


def metric_alarms() -> list[Json]:
    """DescribeAlarms, `MetricAlarms`."""
    return [_latency(), _disk(), _status_check()]


def composite_alarms() -> list[Json]:
    """DescribeAlarms, `CompositeAlarms`."""
    return [
        _alarm("shop-capacity", "ALARM", datetime(2026, 3, 12, 10, 2, 31, tzinfo=UTC))
        | {
            "AlarmRule": 'ALARM("worker-c-status-check") OR ALARM("disk-worker-a")',
            "StateReason": f"{_ARN}worker-c-status-check transitioned to ALARM at "
            "Thursday 12 March, 2026 10:02:24 UTC",
        }
    ]


def _status_check() -> Json:
    return _alarm(
        "worker-c-status-check", "ALARM", datetime(2026, 3, 12, 10, 2, 24, tzinfo=UTC)
    ) | {
        "StateReason": "Threshold Crossed: 1 out of the last 1 datapoints [1.0 (12/03/26 "
        "10:01:00)] was greater than or equal to the threshold (1.0)",
        "Namespace": "AWS/EC2",
        "MetricName": "StatusCheckFailed",
        "Statistic": "Maximum",
        "Dimensions": [{"Name": "InstanceId", "Value": "i-0c3a5f7e9b1d20003"}],
        "Period": 60,
        "EvaluationPeriods": 1,
        "DatapointsToAlarm": 1,
        "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
    }


def _latency() -> Json:
    when = datetime(2026, 3, 11, 22, 40, 3, tzinfo=UTC)
    return _alarm("api-latency-p99", "INSUFFICIENT_DATA", when) | {
        "StateReason": "Insufficient Data: 3 datapoints were unknown.",
        "Namespace": "AWS/ApplicationELB",
        "MetricName": "TargetResponseTime",
        "ExtendedStatistic": "p99",
        "Dimensions": [{"Name": "LoadBalancer", "Value": "app/shop/5d0e1f2a3b4c5d6e"}],
        "Period": 300,
        "EvaluationPeriods": 3,
        "Threshold": 1.5,
        "ComparisonOperator": "GreaterThanThreshold",
    }


def _disk() -> Json:
    return _alarm("disk-worker-a", "OK", datetime(2026, 2, 2, 6, 11, 40, tzinfo=UTC)) | {
        "StateReason": "Threshold Crossed: 1 datapoint [41.8 (02/02/26 06:06:00)] was not "
        "greater than the threshold (85.0).",
        "Namespace": "CWAgent",
        "MetricName": "disk_used_percent",
        "Statistic": "Average",
        "Dimensions": [
            {"Name": "InstanceId", "Value": "i-0a1b2c3d4e5f60001"},
            {"Name": "path", "Value": "/"},
        ],
        "Period": 300,
        "EvaluationPeriods": 1,
        "Threshold": 85.0,
        "ComparisonOperator": "GreaterThanThreshold",
    }


def _alarm(name: str, state: str, when: datetime) -> Json:
    return {
        "AlarmName": name,
        "AlarmArn": f"{_ARN}{name}",
        "AlarmConfigurationUpdatedTimestamp": _MADE,
        "ActionsEnabled": True,
        "OKActions": [],
        "AlarmActions": [_TOPIC],
        "InsufficientDataActions": [],
        "StateValue": state,
        "StateUpdatedTimestamp": when,
        "StateTransitionedTimestamp": when,
    }
