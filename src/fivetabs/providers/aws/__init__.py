"""AWS: instances, alarms, buckets, costs and logs of one account."""

from fivetabs.core import Provider, chart_in, checkup_in, door, programs_in, rules_in, tools_in
from fivetabs.providers.aws import rules, tools
from fivetabs.providers.aws.settings import Settings

PROVIDER = Provider(
    name="aws",
    title="AWS",
    tools=tools_in(tools),
    rules=rules_in(rules),
    settings=Settings,
    live=door(f"{__name__}.live"),
    demo=door(f"{__name__}.demo"),
    target="Profile, region, profile/region, or all.",
    chart=chart_in(f"{__name__}.tools.estate"),
    programs=programs_in(f"{__name__}.auth"),
    checkup=checkup_in(f"{__name__}.live.checkup"),
)
