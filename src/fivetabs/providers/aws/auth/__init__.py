"""Who we are to AWS, and where: profile, region and credentials, found as the SDK finds them.

Everything here may block (files, SSO, roles, a credential process): it runs in a thread of `live`.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha1
from importlib import import_module
from pathlib import Path
from typing import Any

from fivetabs.core import (
    Misconfigured,
    NotConfigured,
    NotFound,
    Program,
    near,
    parse_time,
)
from fivetabs.providers.aws.auth.files import configured
from fivetabs.providers.aws.auth.targets import Target, known_regions, parse_target, unknown
from fivetabs.providers.aws.settings import Settings

_FIRST_REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class Identity:
    """A botocore session for one profile, and where it looks."""

    session: Any
    profile: str
    region: str
    everywhere: bool


def find_identity(settings: Settings, text: str | None) -> Identity:
    """Find the profile and region of a target; asks nobody for anything yet.

    Raises:
        NotFound: If it names a profile or region that does not exist.
        NotConfigured: If there is no region.
        BotoCoreError: If the configuration files cannot be read.
    """
    from botocore.session import Session

    plain: Any = Session()
    regions = known_regions()
    target = parse_target(text, plain.available_profiles, regions)
    session: Any = Session(profile=target.profile) if target.profile else plain
    profile = session.get_config_variable("profile") or "default"
    _check_profile(profile, session)
    region = _region(target, session, profile)
    if region not in regions:
        close = next(iter(near(region, regions)), "REGION")
        raise Misconfigured(
            f"there is no region {region!r} (configured for profile {profile!r})",
            hint=f"run: aws configure set region {close} --profile {profile} (or set AWS_REGION)",
        )
    session.set_config_variable("region", region)  # For the sign-in too: a role's STS call.
    _limit(session, settings)
    return Identity(session, profile, region, target.everywhere)


def sign_in(identity: Identity) -> None:
    """Fetch the credentials into the session: files, SSO, roles, a process, instance metadata.

    Raises:
        NotConfigured: If there are none.
        BotoCoreError: If they are there and cannot be used.
    """
    credentials = identity.session.get_credentials()
    if credentials is None:
        profile = identity.profile
        raise (Misconfigured if configured() else NotConfigured)(
            f"there are no AWS credentials for profile {profile!r}",
            hint=f"run: aws configure --profile {profile} (or aws sso login, or set AWS_PROFILE)",
        )
    credentials.get_frozen_credentials()


def sso_end(identity: Identity) -> datetime | None:
    """When the SSO session of the profile runs out, by the AWS CLI's cache of tokens."""
    scoped: dict[str, Any] = identity.session.get_scoped_config()
    name = scoped.get("sso_session") or scoped.get("sso_start_url")
    if not name:
        return None
    code = sha1(str(name).encode(), usedforsecurity=False).hexdigest()
    file = Path("~/.aws/sso/cache").expanduser() / f"{code}.json"
    try:
        return parse_time(json.loads(file.read_bytes())["expiresAt"].replace("UTC", "+00:00"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def credentials_in_use(identity: Identity) -> Iterator[str]:
    """The secret key and the session token, as they are now: asking for them may go to AWS."""
    found = vars(getattr(identity.session, "_credentials", None) or object)
    for name in ("secret_key", "token"):
        value = found.get(f"_{name}") or found.get(name)
        if isinstance(value, str) and value:
            yield value


def programs(_: Settings) -> Iterator[Program]:
    """The `credential_process` of each profile, and aws.

    Raises:
        NotConfigured: If the configuration files cannot be read.
    """
    from botocore.exceptions import BotoCoreError
    from botocore.session import Session

    yield Program("aws", "for the person", needed=False)
    split: Any = vars(import_module("botocore.compat"))["compat_shell_split"]
    session: Any = Session()
    try:
        profiles: dict[str, dict[str, str]] = session.full_config["profiles"]
        for name, profile in profiles.items():
            for word in split(str(profile.get("credential_process") or ""))[:1]:
                yield Program(word, f"credential_process of the AWS profile {name!r}")
    except (BotoCoreError, ValueError) as error:
        raise NotConfigured(f"the AWS configuration cannot be read: {error}") from error


def _check_profile(profile: str, session: Any) -> None:
    """`AWS_PROFILE` may name one that no file has; `default` need not be written anywhere."""
    if profile != "default" and profile not in session.available_profiles:
        fault = unknown("AWS profile", profile, session.available_profiles)
        raise NotFound(str(fault), hint=f"{fault.hint} aws configure list-profiles shows them")


def _region(target: Target, session: Any, profile: str) -> str:
    """The target's region, or `AWS_REGION` (as the AWS CLI reads it), or botocore's own choice."""
    region = target.region or os.environ.get("AWS_REGION") or session.get_config_variable("region")
    if region:
        return region
    if target.everywhere:
        return _FIRST_REGION
    raise (Misconfigured if configured() else NotConfigured)(
        f"no AWS region is configured for profile {profile!r}",
        hint=f"set AWS_REGION, or run: aws configure set region eu-west-1 --profile {profile}; "
        "or name one as target",
    )


def _limit(session: Any, settings: Settings) -> None:
    """Keep the sign-in itself bounded: its inner clients, and a credential process."""
    from botocore.config import Config
    from botocore.credentials import ProcessProvider

    wait = settings.sign_in_seconds / 2
    session.set_default_client_config(
        Config(connect_timeout=wait, read_timeout=wait, retries={"total_max_attempts": 1})
    )
    resolver = session.get_component("credential_provider")
    provider: Any = ProcessProvider
    bounded = provider(
        profile_name=session.get_config_variable("profile") or "default",
        load_config=lambda: session.full_config,
        popen=partial(_Process, settings.sign_in_seconds),
    )
    resolver.insert_before("custom-process", bounded)


class _Process:
    """A credential process that cannot read our stdin, and is killed when it takes too long."""

    def __init__(self, seconds: float, argv: list[str], *, stdout: int, stderr: int) -> None:
        self._seconds = seconds
        self._child = subprocess.Popen(  # noqa: S603  (the owner's own configuration names it)
            argv, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr
        )

    @property
    def returncode(self) -> int:
        return self._child.returncode

    def communicate(self) -> tuple[bytes, bytes]:
        try:
            return self._child.communicate(timeout=self._seconds)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.communicate()
            raise
