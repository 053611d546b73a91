"""Docker: the containers of one engine."""

from fivetabs.core import (
    Provider,
    chart_in,
    checkup_in,
    door,
    each_by_name,
    programs_in,
    rules_in,
    tools_in,
)
from fivetabs.providers.docker import rules, tools
from fivetabs.providers.docker.settings import Settings

PROVIDER = Provider(
    name="docker",
    title="Docker",
    tools=tools_in(tools),
    rules=rules_in(rules),
    settings=Settings,
    live=door(f"{__name__}.live"),
    demo=door(f"{__name__}.demo"),
    target="Docker context, host URL or all.",
    chart=chart_in(f"{__name__}.tools.estate"),
    programs=programs_in(f"{__name__}.auth.programs"),
    spread=each_by_name,
    scheme="docker",
    checkup=checkup_in(f"{__name__}.live.checkup"),
)
