"""Terraform: working directories, their plans and their states."""

from fivetabs.core import Provider, rules_in, tools_in
from fivetabs.providers.terraform import demo, live, rules, tools
from fivetabs.providers.terraform.settings import Settings

PROVIDER = Provider(
    name="terraform",
    title="Terraform",
    tools=tools_in(tools),
    rules=rules_in(rules),
    settings=Settings,
    live=live.connect,
    demo=demo.connect,
)
