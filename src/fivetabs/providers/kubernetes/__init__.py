"""Kubernetes: pods, what runs them, and why they fail, read from the API server."""

from fivetabs.core import Provider, rules_in, tools_in
from fivetabs.providers.kubernetes import demo, live, rules, tools
from fivetabs.providers.kubernetes.settings import Settings

PROVIDER = Provider(
    name="kubernetes",
    title="Kubernetes",
    tools=tools_in(tools),
    rules=rules_in(rules),
    settings=Settings,
    live=live.connect,
    demo=demo.connect,
    target="Kubeconfig context; unset: the current one.",
)
