"""Docker: the containers of one engine."""

from fivetabs.core import Provider, rules_in, tools_in
from fivetabs.providers.docker import demo, live, rules, tools
from fivetabs.providers.docker.settings import Settings

PROVIDER = Provider(
    name="docker",
    title="Docker",
    tools=tools_in(tools),
    rules=rules_in(rules),
    settings=Settings,
    live=live.connect,
    demo=demo.connect,
    target="Docker context or host URL; unset: the current one.",
)
