"""The chart of the live account against the demo world served as AWS serves it."""

from datetime import timedelta

import pytest

from fivetabs.core import Fault, Scope
from fivetabs.providers.aws import PROVIDER
from fivetabs.providers.aws.port import READS
from fivetabs.providers.aws.shapes.permissions import iam_action, iam_policy
from fivetabs.providers.aws.tools.estate import CHART
from tests.providers.aws.asking import live
from tests.providers.aws.serving import Behaviour

pytestmark = pytest.mark.anyio
SCOPE = Scope()


async def test_live_and_demo_read_alike(aws: Behaviour) -> None:
    async with PROVIDER.demo(None) as demo, live() as connection:
        mine, theirs = await CHART.load(demo.view, SCOPE), await CHART.load(connection.view, SCOPE)
        assert theirs == mine
        since = demo.now() - timedelta(hours=1)
        assert await CHART.changes(connection.view, since, SCOPE) == await CHART.changes(
            demo.view, since, SCOPE
        )
        for finding in CHART.survey(mine).findings:
            (subject,) = {m.subject for m in CHART.find(mine, finding.subject) if m.score == 1}
            assert await CHART.look(connection.view, theirs, subject) == await CHART.look(
                demo.view, mine, subject
            )


async def test_a_report_asks_each_kind_once_and_no_cost(aws: Behaviour) -> None:
    async with live() as connection:
        await CHART.load(connection.view, SCOPE)
    asked = [each for each in aws.operations() if not each.startswith(("sts:", "s3"))]
    assert len(asked) == len(set(asked)) == 13
    assert not any(each.startswith("ce:") for each in aws.operations())


async def test_only_the_closed_set_is_asked_and_the_policy_allows_it(aws: Behaviour) -> None:
    async with live() as connection:
        seen = await CHART.load(connection.view, SCOPE)
        await CHART.changes(connection.view, connection.now() - timedelta(hours=1), SCOPE)
        for finding in CHART.survey(seen).findings:
            await CHART.look(connection.view, seen, CHART.find(seen, finding.subject)[0].subject)
    allowed = set(iam_policy()["Statement"][0]["Action"])
    for each in aws.asked:
        assert each.operation in READS[each.service]
        assert iam_action(each.service, each.operation) in allowed


async def test_a_kind_that_is_denied_is_named_and_the_rest_is_told(aws: Behaviour) -> None:
    for operation in ("DescribeVolumes", "DescribeLoadBalancers", "LookupEvents"):
        aws.errors[operation] = (403, "AccessDenied", "no")
    async with live() as connection:
        seen = await CHART.load(connection.view, SCOPE)
        history = await CHART.changes(connection.view, connection.now() - timedelta(hours=1), SCOPE)
    survey = CHART.survey(seen)
    assert [line.split(":")[0] for line in survey.missing] == [
        "load balancers in eu-west-1",
        "volumes in eu-west-1",
    ]
    assert all("denied" in line for line in (*survey.missing, *history.missing))
    assert "AWS101" in {finding.code for finding in survey.findings}
    assert [change.what for change in history.changes][-1] == "alarm went to ALARM"


async def test_an_account_that_nobody_answers_for_is_a_fault(aws: Behaviour) -> None:
    for operation in {each for service in READS.values() for each in service}:
        if operation != "GetCallerIdentity":
            aws.errors[operation] = (503, "ServiceUnavailable", "no")
    async with live() as connection:
        with pytest.raises(Fault):
            await CHART.load(connection.view, SCOPE)
