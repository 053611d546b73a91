"""Terraform: working directories, their plans and their states."""

from fivetabs.core import (
    Provider,
    chart_in,
    checkup_in,
    door,
    each_by_name,
    naming_in,
    programs_in,
    rules_in,
    tools_in,
)
from fivetabs.providers.terraform import rules, tools
from fivetabs.providers.terraform.settings import Settings

PROVIDER = Provider(
    name="terraform",
    title="Terraform",
    tools=tools_in(tools),
    rules=rules_in(rules),
    settings=Settings,
    live=door(f"{__name__}.live"),
    demo=door(f"{__name__}.demo"),
    chart=chart_in(f"{__name__}.tools.estate"),
    programs=programs_in(f"{__name__}.auth"),
    scheme="tf",
    checkup=checkup_in(f"{__name__}.live.checkup"),
    target="Allowed root's folder name, or all.",
    spread=each_by_name,
    naming=naming_in(f"{__name__}.auth"),
)
