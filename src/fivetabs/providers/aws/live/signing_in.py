"""What the SDK says when there are no credentials to be had, as Faults."""

from fivetabs.core import (
    Expired,
    Fault,
    Misconfigured,
    NotConfigured,
    NotFound,
    Unauthorised,
)
from fivetabs.providers.aws.auth.files import configured
from fivetabs.providers.aws.live.asked import Asked, clip

_SSO = ("SSOTokenLoadError", "UnauthorizedSSOTokenError", "TokenRetrievalError", "SSOError")
_LOGIN = ("LoginRefreshRequired", "LoginTokenLoadError", "LoginError")
_INCOMPLETE = ("NoCredentialsError", "PartialCredentialsError", "NoAuthTokenError")
_NO_CREDENTIALS = (
    "CredentialRetrievalError",
    "JSONDecodeError",
    "MetadataRetrievalError",
    "UnknownCredentialError",
)
_BAD_FILES = (
    "ConfigNotFound",
    "ConfigParseError",
    "FileNotFoundError",
    "InfiniteLoopConfigError",
    "InvalidConfigError",
    "NoRegionError",
    "PermissionError",
    "ValueError",
)


def of_sign_in(error: Exception, name: str, asked: Asked) -> Fault | None:
    """The fault, where it is one of the sign-in."""
    profile = asked.profile
    said = clip(str(error))
    if name in _SSO:
        return expired(f"the SSO session of profile {profile!r} has expired or is missing", asked)
    if name in _LOGIN:
        hint = f"run: aws login --profile {profile}"
        return Expired(f"the login of profile {profile!r} has expired", hint=hint)
    if name == "ProfileNotFound":
        return NotFound(said, hint="list them with: aws configure list-profiles")
    if name in _INCOMPLETE:
        kind = Misconfigured if configured() else NotConfigured
        return kind(said, hint=f"run: aws configure --profile {profile}")
    return _of_source(error, name, said, profile) or (
        _of_files(said) if name in _BAD_FILES else None
    )


def _of_source(error: Exception, name: str, said: str, profile: str) -> Fault | None:
    """Credentials that a role, a process or the metadata service was to hand out."""
    if name == "RuntimeError" and "still expired" in str(error):
        return _stale(profile)
    if name in _NO_CREDENTIALS:
        hint = f"check with: aws sts get-caller-identity --profile {profile}"
        return Unauthorised(f"profile {profile!r} got no credentials: {said}", hint=hint)
    return None


def _stale(profile: str) -> Expired:
    return Expired(
        f"profile {profile!r} is handed credentials that have expired already",
        hint="log in with the program that its credential_process or role gets them from; then: "
        f"aws sts get-caller-identity --profile {profile}",
    )


def _of_files(said: str) -> Fault:
    return Misconfigured(
        f"the AWS configuration cannot be used: {said}",
        hint="check ~/.aws/config, ~/.aws/credentials and the AWS_* variables",
    )


def expired(message: str, asked: Asked) -> Expired:
    """A credential that was good once."""
    return Expired(
        message, hint=f"run: aws sso login --profile {asked.profile} (or renew its keys)"
    )
