"""AWS: instances, alarms, buckets, costs and logs of one account."""

from fivetabs.core import (
    EVERYWHERE,
    Names,
    Provider,
    chart_in,
    checkup_in,
    door,
    programs_in,
    rules_in,
    tools_in,
)
from fivetabs.providers.aws import rules, tools
from fivetabs.providers.aws.settings import Settings


def _each_profile(target: str, names: Names) -> Names:
    """`all/<region>` and `all/all` mean every profile; `all` and `<profile>/all` are one account's.

    The profile in use is None.
    """
    profile, slash, region = target.partition("/")
    if profile != EVERYWHERE or not slash or EVERYWHERE in names:
        return ()
    return tuple(f"{name}/{region}" if name else region for name in names)


PROVIDER = Provider(
    name="aws",
    title="AWS",
    tools=tools_in(tools),
    rules=rules_in(rules),
    settings=Settings,
    live=door(f"{__name__}.live"),
    demo=door(f"{__name__}.demo"),
    target="Profile, region, profile/region; all for either.",
    spread=_each_profile,
    scheme="aws",
    chart=chart_in(f"{__name__}.tools.estate"),
    programs=programs_in(f"{__name__}.auth"),
    checkup=checkup_in(f"{__name__}.live.checkup"),
)
