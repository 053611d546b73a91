"""The ways to AWS: what profile and files say, and what the account answers."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from fivetabs.core import Denied, Ending, Fault, Way, term
from fivetabs.core.clocks import lag_of
from fivetabs.core.ways import NO_NOTICE
from fivetabs.providers.aws.auth import Identity, find_identity, sso_end
from fivetabs.providers.aws.auth.files import origin
from fivetabs.providers.aws.live.asked import Asked
from fivetabs.providers.aws.live.faults import fault_of
from fivetabs.providers.aws.settings import Settings
from fivetabs.providers.aws.shapes.permissions import iam_action

if TYPE_CHECKING:
    from fivetabs.providers.aws.live import LiveAccount

# One cheap read of each service. Cost Explorer takes money for each request and is left out.
_PROBES: Mapping[tuple[str, str], dict[str, Any]] = MappingProxyType(
    {
        ("ec2", "DescribeInstances"): {"MaxResults": 5},
        ("cloudwatch", "DescribeAlarms"): {"MaxRecords": 1},
        ("elbv2", "DescribeLoadBalancers"): {"PageSize": 1},
        ("autoscaling", "DescribeAutoScalingGroups"): {"MaxRecords": 1},
        ("rds", "DescribeDBInstances"): {"MaxRecords": 20},
        ("sqs", "ListQueues"): {"MaxResults": 1},
        ("cloudtrail", "LookupEvents"): {"MaxResults": 1},
        ("s3", "ListBuckets"): {},
        ("logs", "DescribeLogGroups"): {"limit": 1},
    }
)
_GRANT = "allow what this prints: fivetabs permissions aws"
_HOUR = timedelta(hours=1)


def found(settings: Settings) -> tuple[Way, ...]:
    """The profile in use, then all others; nobody is asked for credentials yet."""
    asked = Asked("default")
    try:
        identity = find_identity(settings, None)
    except Exception as error:  # noqa: BLE001  (of the SDK's many, each has its fault)
        return (Way(target="aws", source=origin(), fault=fault_of(error, asked)),)
    others = sorted(p for p in identity.session.available_profiles if p != identity.profile)
    return (_first(identity), *(_other(name) for name in others))


def _first(identity: Identity) -> Way:
    end = sso_end(identity)
    mend = f"run: aws sso login --profile {identity.profile}"
    return Way(
        target=f"aws:{identity.profile}/{identity.region}",
        source=origin(),
        ends=(Ending("the SSO session", end, mend, notice=_HOUR),) if end else (),
    )


def _other(profile: str) -> Way:
    return Way(target=f"aws:{profile}", name=profile, default=False, source=origin())


async def ask(view: "LiveAccount", way: Way) -> Way:
    """Identity, rights and clock, as the account tells them.

    Raises:
        Fault: If it cannot be asked, or does not accept who we are.
    """
    identity = view.clients.identity
    try:
        arn = str((await view.read("sts", "GetCallerIdentity"))["Arn"])
    except Denied:
        arn = ""
    behind = lag_of(view.clients.heard.get("date", ""), datetime.now(UTC))
    told = await asyncio.gather(*(_probed(view, *each) for each in _PROBES))
    faults = {f"{service}:{op}": f for (service, op), f in zip(_PROBES, told, strict=True) if f}
    denied = tuple(
        iam_action(*name.split(":", 1)) for name, f in faults.items() if isinstance(f, Denied)
    )
    others = {name: f for name, f in faults.items() if not isinstance(f, Denied)}
    return replace(
        way,
        target=f"aws:{view.name}/{identity.region}",
        identity=term(arn),
        source=f"profile {term(identity.profile)} by {_method(identity)}; {way.source}",
        behind=behind,
        ends=(*way.ends, *_renewing(identity)),
        lacks=denied,
        grant=_GRANT,
        missing=tuple(f"{name}: {f.status}: {f}" for name, f in others.items()),
    )


async def _probed(view: "LiveAccount", service: str, operation: str) -> Fault | None:
    try:
        await view.read(service, operation, **_PROBES[service, operation])
    except Fault as fault:
        return fault
    return None


def _method(identity: Identity) -> str:
    """How the SDK got the credentials: `env`, `shared-credentials-file`, `sso`, `assume-role`."""
    return str(getattr(_credentials(identity), "method", "") or "unknown means")


def _renewing(identity: Identity) -> Iterator[Ending]:
    """Credentials that the SDK fetches again by itself, a few minutes before their end."""
    end = getattr(_credentials(identity), "_expiry_time", None)
    if isinstance(end, datetime):
        yield Ending("the fetched credentials", end, notice=NO_NOTICE)


def _credentials(identity: Identity) -> Any:
    return getattr(identity.session, "_credentials", None)
