"""What the SDK and the services say when something fails, as Faults. The only place that knows."""

import subprocess
from http import HTTPStatus
from typing import Any

from fivetabs.core import (
    Denied,
    Fault,
    Invalid,
    NotConfigured,
    NotFound,
    TimedOut,
    Unauthorised,
    Unavailable,
    Unreachable,
    term,
)
from fivetabs.providers.aws.live.asked import Asked, clip
from fivetabs.providers.aws.live.clock import of_clock
from fivetabs.providers.aws.live.signing_in import expired, of_sign_in
from fivetabs.providers.aws.shapes.permissions import iam_action

_EXPIRED = ("ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired")
_UNAUTHORISED = (
    "AuthFailure",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidToken",
    "MissingAuthenticationToken",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
)
_DENIED = (
    "AccessDenied",
    "AccessDeniedException",
    "AllAccessDisabled",
    "AuthorizationError",
    "OptInRequired",
    "UnauthorizedOperation",
)
_THROTTLED = (
    "BandwidthLimitExceeded",
    "LimitExceededException",
    "RequestLimitExceeded",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
)
_ABSENT = ("NotFound", "ResourceNotFoundException")
SILENT = "check the network, AWS_ENDPOINT_URL and HTTPS_PROXY"


def retriable(error: Exception, *, begins: bool = False) -> bool:
    """Whether the same request may well succeed in a moment.

    One that `begins` something is repeated only when it was certainly not carried out.
    """
    name = type(error).__name__
    code, _, status = _response(error)
    if code.removeprefix("Client.") in _THROTTLED:
        return True
    broken = name in {"ConnectionClosedError", "ResponseStreamingError"}
    return not begins and (broken or status in {500, 502, 503, 504})


def fault_of(error: Exception, asked: Asked) -> Fault:
    """The Fault that an exception of botocore stands for."""
    if isinstance(error, Fault):
        return error
    if isinstance(error, subprocess.TimeoutExpired):
        return TimedOut(
            f"the credential_process of profile {asked.profile!r} did not answer and was stopped",
            hint="run it by hand; FIVETABS_AWS__SIGN_IN_SECONDS allows it longer",
        )
    name = type(error).__name__
    if name == "ClientError" or hasattr(error, "response"):
        return _of_service(error, asked)
    return of_sign_in(error, name, asked) or _of_connection(error, name, asked)


def _of_service(error: Exception, asked: Asked) -> Fault:
    code, message, status = _response(error)
    code = code.removeprefix("Client.")
    if code == "MalformedQueryException":
        return _of_query(error, message)
    return (
        of_clock(error, code, message)
        or _of_credentials(code, message, asked)
        or _of_request(code, message, status, asked)
    )


def _of_query(error: Exception, message: str) -> Invalid:
    """A query that does not parse; the service says where, in characters from 0."""
    response: Any = getattr(error, "response", {})
    told: dict[str, Any] = response.get("queryCompileError") or {}
    place: dict[str, Any] = told.get("location") or {}
    start, end = place.get("startCharOffset"), place.get("endCharOffset")
    where = f" (characters {start} to {end})" if start is not None else ""
    return Invalid(
        f"Logs Insights refuses the query{where}: {clip(told.get('message') or message)}",
        hint="such as: fields @timestamp, @message | filter @message like /timeout/ | limit 50",
    )


def _of_credentials(code: str, message: str, asked: Asked) -> Fault | None:
    if code in _EXPIRED:
        return expired(f"the credentials of profile {asked.profile!r} have expired", asked)
    if code in _UNAUTHORISED:
        return Unauthorised(
            f"AWS does not accept the credentials of profile {asked.profile!r}: "
            f"{asked}: {clip(message) or term(code)}",
            hint=f"check them with: aws sts get-caller-identity --profile {asked.profile} "
            "(and this machine's clock)",
        )
    if asked.service == "ce" and _not_enabled(code, message):
        return NotConfigured(
            f"Cost Explorer is not ready for this account: {clip(message)}",
            hint="enable it in the Billing console under Cost Explorer; data comes within 24 h",
        )
    return None


def _of_request(code: str, message: str, status: int, asked: Asked) -> Fault:
    said = f"{asked}: {clip(message) or term(code)}"
    if code in _DENIED or status == HTTPStatus.FORBIDDEN:
        return _denied(code, message, asked)
    if status == HTTPStatus.NOT_FOUND or code.startswith("NoSuch") or code.endswith(_ABSENT):
        return NotFound(said)
    if code in _THROTTLED:
        return Unavailable(f"{asked} is throttled: {clip(message)}", hint="ask again in a minute")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unavailable(f"{asked} answered HTTP {status}", hint="ask again; see AWS Health")
    return Invalid(f"{said} ({term(code)})")


def _of_connection(error: Exception, name: str, asked: Asked) -> Fault:
    where = f"{asked} in {asked.region}" if asked.region else str(asked)
    if name in {"ReadTimeoutError", "ConnectTimeoutError"}:
        kind = TimedOut if name == "ReadTimeoutError" else Unreachable
        return kind(f"{where} did not answer in time", hint=SILENT)
    if name == "ResponseParserError":
        return Unreachable(
            f"what answers {where} is not AWS: {clip(str(error), 120)}",
            hint="check AWS_ENDPOINT_URL and the proxy",
        )
    if name in {"ParamValidationError", "UnknownRegionError", "InvalidRegionError"}:
        return Invalid(f"{where}: {clip(str(error))}")
    hint = "check AWS_CA_BUNDLE and the proxy" if name == "SSLError" else SILENT
    return Unreachable(f"{where} cannot be reached: {clip(str(error))}", hint=hint)


def _denied(code: str, message: str, asked: Asked) -> Denied:
    """Refused, which is another thing than absent."""
    action = iam_action(asked.service, asked.operation)
    where = f" in {asked.region}" if asked.region else ""
    hint = f"allow {action} to the identity of profile {asked.profile!r}"
    if not asked.operation:
        hint = f"check the role of profile {asked.profile!r}, its trust policy and its source"
    if code == "OptInRequired":
        hint = "enable the region or the service for this account"
    return Denied(f"AWS refused {asked}{where}: {clip(message) or term(code)}", hint=hint)


def _not_enabled(code: str, message: str) -> bool:
    return code == "DataUnavailableException" or (
        "not enabled" in message.lower() and "cost explorer" in message.lower()
    )


def _response(error: Exception) -> tuple[str, str, int]:
    response: Any = getattr(error, "response", None)
    if not hasattr(response, "get"):
        return "", str(error), 0
    told: dict[str, Any] = response.get("Error", {})
    meta: dict[str, Any] = response.get("ResponseMetadata", {})
    return str(told.get("Code", "")), str(told.get("Message", "")), meta.get("HTTPStatusCode", 0)
