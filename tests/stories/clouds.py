"""Things of the AWS account that stories need, made in the rig's moto server and removed again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from tests.rig import Rig
from tests.rig.aws.seed import IMAGE, REGION, Account


@dataclass(frozen=True, slots=True)
class Made:
    """The address under which a workload is told of what was made, and how it is removed."""

    address: str
    remove: Callable[[], object]


def make(rig: Rig, what: str) -> Made:
    """Make one of them."""
    return _MAKERS[what](Account(rig.environment["AWS_ENDPOINT_URL"]))


def _database(account: Account) -> Made:
    """A database that somebody has stopped."""
    store, name = account.client("rds"), "cliff-db"
    made = store.create_db_instance(
        DBInstanceIdentifier=name,
        DBInstanceClass="db.t3.micro",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="owner",
        MasterUserPassword="not-a-real-secret",
    )
    store.stop_db_instance(DBInstanceIdentifier=name)
    end = {"DBInstanceIdentifier": name, "SkipFinalSnapshot": True}
    return Made(made["DBInstance"]["Endpoint"]["Address"], lambda: store.delete_db_instance(**end))


def _balancer(account: Account) -> Made:
    """A load balancer that routes to a target group in which nothing is registered."""
    store, compute = account.client("elbv2"), account.client("ec2")
    subnets = compute.describe_subnets()["Subnets"][:2]
    made = store.create_load_balancer(Name="cliff-lb", Subnets=[s["SubnetId"] for s in subnets])
    balancer = made["LoadBalancers"][0]
    group = store.create_target_group(
        Name="cliff-targets", Protocol="HTTP", Port=80, VpcId=subnets[0]["VpcId"]
    )["TargetGroups"][0]
    arn, target = balancer["LoadBalancerArn"], group["TargetGroupArn"]
    store.create_listener(
        LoadBalancerArn=arn,
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": target}],
    )

    def remove() -> None:
        store.delete_load_balancer(LoadBalancerArn=arn)
        store.delete_target_group(TargetGroupArn=target)

    return Made(balancer["DNSName"], remove)


def _launched(account: Account, name: str) -> dict[str, Any]:
    return account.client("ec2").run_instances(
        ImageId=IMAGE,
        InstanceType="t3.micro",
        MinCount=1,
        MaxCount=1,
        Placement={"AvailabilityZone": f"{REGION}a"},
        TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": name}]}],
    )["Instances"][0]


def _stopped(account: Account) -> Made:
    """An instance that somebody has stopped."""
    made = _launched(account, "cliff-peer")
    compute, ids = account.client("ec2"), [made["InstanceId"]]
    compute.stop_instances(InstanceIds=ids)
    return Made(made["PrivateDnsName"], lambda: compute.terminate_instances(InstanceIds=ids))


def _machine(account: Account, tag: str = "cliff-host", name: str = "cliff-disk") -> Made:
    """An instance of which an alarm says that its disk is full."""
    compute, watch = account.client("ec2"), account.client("cloudwatch")
    made = _launched(account, tag)
    watch.put_metric_alarm(
        AlarmName=name,
        MetricName="disk_used_percent",
        Namespace="CWAgent",
        Dimensions=[{"Name": "InstanceId", "Value": made["InstanceId"]}],
        Statistic="Maximum",
        Period=60,
        EvaluationPeriods=2,
        Threshold=95.0,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
    )
    why = "Threshold Crossed: 2 datapoints [100.0, 100.0] were greater than the threshold (95.0)."
    watch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason=why)

    def remove() -> None:
        watch.delete_alarms(AlarmNames=[name])
        compute.terminate_instances(InstanceIds=[made["InstanceId"]])

    return Made(made["PrivateDnsName"], remove)


_MAKERS: Mapping[str, Callable[[Account], Made]] = MappingProxyType(
    {
        "database": _database,
        "balancer": _balancer,
        "machine": _machine,
        "named": lambda account: _machine(account, "cliff-box", "cliff-heat"),
        "stopped": _stopped,
    }
)
