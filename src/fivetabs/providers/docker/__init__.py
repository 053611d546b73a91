"""Docker: the containers of one engine."""

from fivetabs.core import Provider, door, rules_in, tools_in
from fivetabs.providers.docker import rules, tools
from fivetabs.providers.docker.settings import Settings
from fivetabs.providers.docker.tools.estate import CHART

PROVIDER = Provider(
    name="docker",
    title="Docker",
    tools=tools_in(tools),
    rules=rules_in(rules),
    settings=Settings,
    live=door(f"{__name__}.live"),
    demo=door(f"{__name__}.demo"),
    target="Docker context or host URL; unset: the current one.",
    chart=CHART,
)
