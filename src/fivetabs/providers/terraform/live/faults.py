"""Terraform's own complaints as Faults, each with the line that mends it."""

import re
from collections.abc import Sequence
from pathlib import Path

from fivetabs.core import (
    Denied,
    Expired,
    Fault,
    Invalid,
    NotConfigured,
    TimedOut,
    Unauthorised,
    Unreachable,
    quoted,
    term,
)
from fivetabs.providers.terraform.shapes.diagnostics import Diagnostic
from fivetabs.providers.terraform.shapes.values import many

_MOST = 5
_INIT = re.compile(
    r"init(?:ialization)? required|terraform init|tofu init|Module not installed"
    r"|Required plugins are not installed|Inconsistent dependency lock file"
    r"|Missing required provider"
    r"|Module source has changed|Module version requirements have changed|Could not load plugin",
    re.IGNORECASE,
)
# First match wins. The texts are those of Terraform's backends and of the clouds behind them.
_KINDS: tuple[tuple[re.Pattern[str], type[Fault], str], ...] = (
    (
        re.compile(r"Unsupported Terraform Core version|Unsupported OpenTofu Core version"),
        Invalid,
        "set FIVETABS_TERRAFORM__BINARY to a terraform that required_version accepts",
    ),
    (
        re.compile(r"Unsupported state file format|newer than current|state snapshot was created"),
        Invalid,
        "set FIVETABS_TERRAFORM__BINARY to the newer terraform that wrote this state",
    ),
    (
        re.compile(r"No value for required variable"),
        Invalid,
        "put the value into terraform.tfvars, or set TF_VAR_<name> in the server's environment",
    ),
    (
        re.compile(
            r"ExpiredToken|token (?:has |is )?expired|SSO session|RequestExpired", re.IGNORECASE
        ),
        Expired,
        "log in again as this configuration's provider or backend wants, e.g. aws sso login",
    ),
    (
        re.compile(
            r"No valid credential sources|InvalidClientTokenId|SignatureDoesNotMatch"
            r"|401 Unauthorized|remote state endpoint requires auth|could not find default cred"
            r"|required token could not be found|unauthorized",
            re.IGNORECASE,
        ),
        Unauthorised,
        "give the server's environment the credentials that terraform uses in your shell",
    ),
    (
        re.compile(
            r"AccessDenied|403 Forbidden|invalid auth|is not authorized to perform", re.IGNORECASE
        ),
        Denied,
        "the credentials are accepted but may not read this; ask for that permission",
    ),
    (
        re.compile(
            r"connection refused|no such host|no route to host|network is unreachable",
            re.IGNORECASE,
        ),
        Unreachable,
        "see that the address is up and reachable from this machine",
    ),
    (
        re.compile(
            r"i/o timeout|deadline exceeded|Client\.Timeout|TLS handshake timeout", re.IGNORECASE
        ),
        TimedOut,
        "it listens but does not answer; try again or look at that service",
    ),
)


def fault_of(
    problems: Sequence[Diagnostic], *, name: str, path: Path, binary: str, planned: int = 0
) -> Fault:
    """The Fault for what went wrong in a directory. `planned` counts changes planned before."""
    errors = [each for each in problems if each.severity == "error"]
    if not errors:
        return Invalid(
            f"{binary} failed in {term(name)} and did not say why",
            hint=f"run: {binary} -chdir={term(str(path))} plan",
        )
    text = " ".join(map(str, errors))
    if _INIT.search(text):
        return not_initialised(name, path, binary, errors[0].summary)
    told = "; ".join(map(str, errors[:_MOST]))
    more = f"; and {many(len(errors) - _MOST, 'more error')}" if len(errors) > _MOST else ""
    before = f"{many(planned, 'change')} {'was' if planned == 1 else 'were'} planned"
    partial = f" ({before} before it failed)" if planned else ""
    kind, hint = _kind(text)
    if not hint:
        where = term(f"{name}/{errors[0].place}" if errors[0].place else name)
        hint = f"correct {where}; no plan can be trusted until it is"
    return kind(f"{binary} failed in {term(name)}{partial}: {told}{more}", hint=hint)


def not_initialised(name: str, path: Path, binary: str, reason: str) -> NotConfigured:
    """The Fault for a directory in which `init` has not been run, or not since it changed."""
    return NotConfigured(
        f"{term(name)} is not initialised: {quoted(reason)}; this server never runs init",
        hint=f"run: {binary} -chdir={term(str(path))} init",
    )


def _kind(text: str) -> tuple[type[Fault], str]:
    for pattern, kind, hint in _KINDS:
        if pattern.search(text):
            return kind, hint
    return Invalid, ""
