"""The account's chart against moto: somebody else's idea of AWS, with what the tools leave out."""

import subprocess
import sys
from collections.abc import Generator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fivetabs.core import History, Scope, Survey
from fivetabs.core.quoting import unmarked
from fivetabs.providers.aws import PROVIDER
from fivetabs.providers.aws.settings import Settings
from fivetabs.providers.aws.shapes.snapshots import Snapshot
from fivetabs.providers.aws.tools.estate import CHART
from tests.rig.aws import SERVER, seed
from tests.rig.ports import free_ports, listens
from tests.rig.waiting import until

pytestmark = pytest.mark.anyio
PATIENT = Settings(sign_in_seconds=30, quiet_seconds=20, list_seconds=60)
SCOPE = Scope()


@pytest.fixture(scope="module")
def ids() -> Generator[dict[str, str]]:
    """A moto server with the incident's account and what stands around it."""
    (port,) = free_ports(1)
    command = [sys.executable, str(SERVER), "-H", "127.0.0.1", "-p", str(port)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet) as server:
        try:
            until(lambda: listens(port), "moto", 60)
            account = seed.Account(f"http://127.0.0.1:{port}")
            made = seed.sow(account)
            _surround(account, made)
            yield made | {"url": account.endpoint}
        finally:
            server.kill()


def _surround(account: seed.Account, ids: dict[str, str]) -> None:
    """Open a port to the world, and put the stopped bastion behind a load balancer."""
    ec2 = account.client("ec2")
    guard = ec2.create_security_group(GroupName="admin", Description="admin")["GroupId"]
    world = [{"CidrIp": "0.0.0.0/0"}]
    opening = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": world}
    ec2.authorize_security_group_ingress(GroupId=guard, IpPermissions=[opening])
    ec2.modify_instance_attribute(InstanceId=ids["worker-b"], Groups=[guard])
    subnets = [s["SubnetId"] for s in ec2.describe_subnets()["Subnets"][:2]]
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    elb = account.client("elbv2")
    balancer = elb.create_load_balancer(Name="shop", Subnets=subnets)["LoadBalancers"][0]
    group = elb.create_target_group(
        Name="shop-ingress", Protocol="HTTP", Port=30080, VpcId=vpc, TargetType="instance"
    )["TargetGroups"][0]
    arn = group["TargetGroupArn"]
    forward = [{"Type": "forward", "TargetGroupArn": arn}]
    elb.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"],
        Port=80,
        Protocol="HTTP",
        DefaultActions=forward,
    )
    ec2.start_instances(InstanceIds=[ids["bastion"]])
    elb.register_targets(TargetGroupArn=arn, Targets=[{"Id": ids["bastion"], "Port": 30080}])
    ec2.stop_instances(InstanceIds=[ids["bastion"]])
    account.client("sqs").create_queue(QueueName="jobs")
    rds = account.client("rds")
    rds.create_db_instance(
        DBInstanceIdentifier="orders",
        DBInstanceClass="db.t3.micro",
        Engine="postgres",
        MasterUsername="orders",
        MasterUserPassword="not-a-real-secret",
        AllocatedStorage=20,
    )
    rds.stop_db_instance(DBInstanceIdentifier="orders")


@pytest.fixture(autouse=True)
def _on_moto(ids: dict[str, str], configured: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", ids["url"])


async def read() -> tuple[Snapshot, Survey, History]:
    async with PROVIDER.live(PATIENT, None) as connection:
        view: Any = connection.view
        seen = await CHART.load(view, SCOPE)
        since = connection.now() - timedelta(hours=1)
        return seen, CHART.survey(seen), await CHART.changes(view, since, SCOPE)


async def test_what_stands_in_the_account_is_told(ids: dict[str, str]) -> None:
    seen, survey, _ = await read()
    found = {f.code: unmarked(f.cause) for f in survey.findings}
    assert set(found) == {"AWS108", "AWS201", "AWS202", "AWS203", "AWS204", "AWS701", "AWS802"}
    assert f"{ids['bastion']} (bastion) is stopped" in found["AWS108"]
    assert found["AWS108"].endswith("while target group shop-ingress routes to it")
    assert found["AWS701"].endswith(f"at 22 (SSH); it guards {ids['worker-b']}")
    assert "3 running instances of 3 passing the status checks" in survey.healthy
    assert not any("target group" in phrase for phrase in survey.healthy)
    # moto has neither of these two; what cannot be read is named, and nothing else is lost.
    kinds = {line.split(":")[0] for line in survey.missing}
    assert kinds == {"the account's own public access block", "the status of volumes in eu-west-1"}
    assert len(seen.buckets) == 3


async def test_its_things_are_linked_and_known_by_their_names(ids: dict[str, str]) -> None:
    seen, _, _ = await read()
    told = {
        (str(link.source).rpartition("/")[2], str(link.target).rpartition("/")[2])
        for link in CHART.links(seen)
    }
    assert {
        ("worker-c-status-check", ids["worker-c"]),
        ("shop-capacity", "worker-c-status-check"),
        ("shop", "shop-ingress"),
        ("shop-ingress", ids["bastion"]),
    } <= told
    known = CHART.aliases(seen)
    assert known[ids["worker-c"]].name == ids["worker-c"]
    assert known["shop-assets-123456789012"].parts[0] == "s3"
    assert known["jobs"].parts == ("sqs", "jobs")
    (host,) = (name for name in known if name.startswith("orders.") and ":" not in name)
    assert known[host].parts == ("rds", "orders")


async def test_launches_and_stops_are_told_and_what_moto_lacks_is_named(
    ids: dict[str, str],
) -> None:
    _, _, history = await read()
    told = {(change.subject.name, change.what.split(":")[0]) for change in history.changes}
    assert (ids["worker-c"], "instance launched or started") in told
    assert (ids["bastion"], "instance stopped") in told
    assert [line.split(":")[0] for line in history.missing] == [
        "CloudTrail in eu-west-1",
        "alarm history in eu-west-1",
    ]
