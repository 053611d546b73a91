"""The AWS account's share of the incident, written into a moto server with botocore."""

import importlib
import json
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from fivetabs.providers.aws.demo import CLOCK
from fivetabs.providers.aws.demo.log_events import events

ACCOUNT = "123456789012"
REGION, SECOND_REGION = "eu-west-1", "us-east-1"
IMAGE = "ami-12c6146b"
INSTANCES = {
    "worker-a": ("m5.large", "eu-west-1a"),
    "worker-b": ("m5.large", "eu-west-1b"),
    "worker-c": ("t3.small", "eu-west-1c"),
    "bastion": ("t3.micro", "eu-west-1a"),
}
BUCKETS = ("shop-assets", "shop-backups", "shop-tfstate")
ALARMS = {
    "worker-c-status-check": ("StatusCheckFailed", "ALARM", "worker-c"),
    "disk-worker-a": ("disk_used_percent", "OK", "worker-a"),
    "api-latency-p99": ("TargetResponseTime", "INSUFFICIENT_DATA", ""),
}
LOG_GROUPS = {
    "/aws/eks/shop-eu/cluster": 0,
    "/aws/lambda/image-thumbs": 7,
    "/aws/lambda/order-events": 0,
    "/shop/orders-api": 30,
    "/shop/storefront": 14,
}
COMPUTE, QUIET, EXTRA, DEAR_DAYS = 37.5, 3.5, 9.5, 2  # USD a day
QUESTIONS = 50


@dataclass(frozen=True)
class Account:
    """One moto server."""

    endpoint: str

    def client(self, service: str, region: str = REGION) -> Any:
        """A botocore client; botocore's own types are too dynamic to say more."""
        session: Any = importlib.import_module("botocore.session").Session()
        return session.create_client(
            service,
            region_name=region,
            endpoint_url=self.endpoint,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",  # noqa: S106
        )

    def moto(self, path: str, body: object = None) -> None:
        """A request to moto itself, beside AWS."""
        request = urllib.request.Request(  # noqa: S310
            f"{self.endpoint}/moto-api/{path}",
            data=json.dumps(body or {}).encode(),
            headers={"Content-Type": "application/json"},
            method="POST",
        )
        with urllib.request.urlopen(request, timeout=20):  # noqa: S310
            pass


def _instance(account: Account, name: str, kind: str, zone: str) -> str:
    made = account.client("ec2", zone[:-1]).run_instances(
        ImageId=IMAGE,
        InstanceType=kind,
        MinCount=1,
        MaxCount=1,
        Placement={"AvailabilityZone": zone},
        TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": name}]}],
    )
    return made["Instances"][0]["InstanceId"]


def _alarms(account: Account, ids: dict[str, str]) -> None:
    watch = account.client("cloudwatch")
    for name, (metric, state, instance) in ALARMS.items():
        dimensions = [{"Name": "InstanceId", "Value": ids[instance]}] if instance else []
        watch.put_metric_alarm(
            AlarmName=name,
            MetricName=metric,
            Namespace="AWS/EC2" if instance else "AWS/ApplicationELB",
            Dimensions=dimensions,
            Statistic="Maximum",
            Period=60,
            EvaluationPeriods=2,
            Threshold=1.0,
            ComparisonOperator="GreaterThanOrEqualToThreshold",
        )
        watch.set_alarm_state(
            AlarmName=name,
            StateValue=state,
            StateReason="Threshold Crossed: 2 datapoints were greater than the threshold (1.0)."
            if state == "ALARM"
            else "Set by the rig.",
        )
    watch.put_composite_alarm(AlarmName="shop-capacity", AlarmRule='ALARM("worker-c-status-check")')
    watch.set_alarm_state(
        AlarmName="shop-capacity", StateValue="ALARM", StateReason="worker-c-status-check is ALARM"
    )


def _measurements(account: Account, ids: dict[str, str]) -> None:
    now = datetime.now(UTC)
    data = [
        {
            "MetricName": metric,
            "Dimensions": [{"Name": "InstanceId", "Value": ids["worker-c"]}],
            "Timestamp": now - timedelta(minutes=minute),
            "Value": value,
        }
        for minute in range(15)
        for metric, value in (
            ("StatusCheckFailed", 1.0 if minute < 12 else 0.0),
            ("CPUUtilization", 99.0 - minute),
        )
    ]
    account.client("cloudwatch").put_metric_data(Namespace="AWS/EC2", MetricData=data)


def _buckets(account: Account) -> None:
    store = account.client("s3")
    for name in BUCKETS:
        full = f"{name}-{ACCOUNT}"
        place = {"LocationConstraint": REGION}
        store.create_bucket(Bucket=full, CreateBucketConfiguration=place)
        store.put_object(Bucket=full, Key="README.txt", Body=f"{full}\n".encode())


def _money(amount: float) -> dict[str, dict[str, str]]:
    return {"UnblendedCost": {"Amount": f"{amount:.2f}", "Unit": "USD"}}


def _costs(account: Account) -> None:
    """Queue daily costs; moto gives one entry of the queue to each different question."""
    today = datetime.now(UTC).date()
    days: list[dict[str, Any]] = []
    for back in range(14, 0, -1):
        day = today - timedelta(days=back)
        transfer = QUIET + (EXTRA if back <= DEAR_DAYS else 0.0)
        groups = {
            ("Amazon Elastic Compute Cloud - Compute", "EU-BoxUsage:m5.large"): COMPUTE,
            ("EC2 - Other", "EU-DataTransfer-Regional-Bytes"): transfer,
        }
        days.append(
            {
                "TimePeriod": {"Start": f"{day}", "End": f"{day + timedelta(days=1)}"},
                "Total": _money(sum(groups.values())),
                "Groups": [{"Keys": list(k), "Metrics": _money(v)} for k, v in groups.items()],
                "Estimated": False,
            }
        )
    answer = {"ResultsByTime": days, "DimensionValueAttributes": []}
    account.moto("static/ce/cost-and-usage-results", {"results": [answer] * QUESTIONS})


def _logs(account: Account) -> None:
    """The demo's events, as old now as they are at the demo clock."""
    store = account.client("logs")
    late = round((datetime.now(UTC) - CLOCK).total_seconds() * 1000)
    for name, retention in LOG_GROUPS.items():
        store.create_log_group(logGroupName=name)
        if retention:
            store.put_retention_policy(logGroupName=name, retentionInDays=retention)
        streams: dict[str, list[dict[str, Any]]] = {}
        for event in events(name):
            told = {"timestamp": event.timestamp + late, "message": event.message}
            streams.setdefault(event.stream, []).append(told)
        for stream, written in streams.items():
            store.create_log_stream(logGroupName=name, logStreamName=stream)
            store.put_log_events(logGroupName=name, logStreamName=stream, logEvents=written)


def sow(account: Account) -> dict[str, str]:
    """Make everything; say the instances' ids by their names."""
    account.moto("seed?a=42")
    ids = {name: _instance(account, name, *about) for name, about in INSTANCES.items()}
    ids["build-1"] = _instance(account, "build-1", "c5.large", f"{SECOND_REGION}a")
    account.client("ec2").stop_instances(InstanceIds=[ids["bastion"]])
    account.client("ec2").create_volume(AvailabilityZone=f"{REGION}a", Size=100, VolumeType="gp2")
    _alarms(account, ids)
    _measurements(account, ids)
    _buckets(account)
    _costs(account)
    _logs(account)
    return ids
