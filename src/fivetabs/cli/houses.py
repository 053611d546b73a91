"""The four houses, in the order people name them."""

from fivetabs.app.connections import AnyProvider
from fivetabs.providers import aws, docker, kubernetes, terraform

PROVIDERS: tuple[AnyProvider, ...] = (
    kubernetes.PROVIDER,
    aws.PROVIDER,
    docker.PROVIDER,
    terraform.PROVIDER,
)
