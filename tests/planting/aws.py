"""Secrets planted in an account: tags, user data, descriptions of alarms, log events."""

import base64
import time

from tests.planting import Seeds
from tests.rig.aws.seed import IMAGE, Account

GROUP = "/shop/harbour"


def plant(account: Account) -> Seeds:
    """Make an instance, an alarm, a bucket and a log group that hold them."""
    seeds = Seeds("AWS")
    _instance(account, seeds)
    account.client("cloudwatch").put_metric_alarm(
        AlarmName="harbour-errors",
        AlarmDescription=f"call https://anna:{seeds.password('alarm')}@hooks.example.com/ "
        f"with {seeds.token('alarm, by form')}",
        MetricName="Errors",
        Namespace="Harbour",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1.0,
        ComparisonOperator="GreaterThanThreshold",
    )
    account.client("cloudwatch").set_alarm_state(
        AlarmName="harbour-errors",
        StateValue="ALARM",
        StateReason=f"{seeds.harmless_value('arn')} said "
        f"api_key={seeds.password('reason of a state')}",
    )
    buckets = account.client("s3")
    place = {"LocationConstraint": "eu-west-1"}
    buckets.create_bucket(Bucket="harbour-files", CreateBucketConfiguration=place)
    tags = [{"Key": "secret-key", "Value": seeds.password("tag of a bucket")}]
    buckets.put_bucket_tagging(Bucket="harbour-files", Tagging={"TagSet": tags})
    _log(account, seeds)
    return seeds


def _instance(account: Account, seeds: Seeds) -> None:
    tags = {
        "Name": f"harbour {seeds.harmless_value('commit')} {seeds.token('tag, by form')}",
        "db-password": seeds.password("tag"),
        "auth-token": seeds.password("tag, a token"),
    }
    script = f"#!/bin/sh\nexport DB_PASSWORD={seeds.password('user data')}\n"
    account.client("ec2").run_instances(
        ImageId=IMAGE,
        InstanceType="t3.micro",
        MinCount=1,
        MaxCount=1,
        UserData=base64.b64encode(script.encode()).decode(),
        TagSpecifications=[
            {
                "ResourceType": "instance",
                "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
            }
        ],
    )


def _log(account: Account, seeds: Seeds) -> None:
    logs = account.client("logs")
    logs.create_log_group(
        logGroupName=GROUP, tags={"password": seeds.password("tag of a log group")}
    )
    logs.create_log_stream(logGroupName=GROUP, logStreamName="one")
    said = (
        f"ERROR login with password={seeds.password('log event')} failed",
        f"ERROR upstream refused {seeds.token('log event, by form')}",
        f"request {seeds.harmless_value('uuid')} took 12 ms",
    )
    now = int(time.time() * 1000)
    events = [{"timestamp": now - 60_000 + at, "message": line} for at, line in enumerate(said)]
    logs.put_log_events(logGroupName=GROUP, logStreamName="one", logEvents=events)
