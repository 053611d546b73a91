"""Kubernetes: pods, what runs them, and why they fail, read from the API server."""

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
from fivetabs.providers.kubernetes import rules, tools
from fivetabs.providers.kubernetes.settings import Settings

PROVIDER = Provider(
    name="kubernetes",
    title="Kubernetes",
    tools=tools_in(tools),
    rules=rules_in(rules),
    settings=Settings,
    live=door(f"{__name__}.live"),
    demo=door(f"{__name__}.demo"),
    chart=chart_in(f"{__name__}.tools.charting"),
    programs=programs_in(f"{__name__}.auth.programs"),
    spread=each_by_name,
    scheme="k8s",
    checkup=checkup_in(f"{__name__}.live.checkup"),
    target="Kube context, or all.",
)
