"""Secrets that can be told by their form alone, each rule named after what it finds.

The formats are those that the makers document. Minimum lengths are below the documented ones where
the beginning is telling enough, so that a token whose end was cut off is still found. What is
secret of a longer match is its group.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fivetabs.app.redact.patterns import pattern
from fivetabs.core.secrecy.values import is_object_name, is_placeholder, is_random

Span = tuple[int, int]


def _always(_: str) -> bool:
    return True


def _has_digit(value: str) -> bool:
    return any(map(str.isdigit, value))


def _mixed(value: str) -> bool:
    return _has_digit(value) and any(map(str.isalpha, value)) and is_random(value)


def _cases(value: str) -> bool:
    return any(map(str.isupper, value)) and any(map(str.islower, value))


@dataclass(frozen=True, slots=True)
class Form:
    """A named rule: RE2 source, and a test that the secret part must pass."""

    name: str
    source: str
    test: Callable[[str], bool] = _always


FORMS = (
    Form(
        "AWS access key id",
        r"(?:AKIA|ABIA|ACCA|ASIA)[A-Z2-7]{16}",
        lambda v: v[:4] == "AKIA" or _has_digit(v[4:]),
    ),
    Form("AWS access key id, cut", r"(AKIA[A-Z2-7]{4,15})(?:…|\.\.\.|\s*\[|\n|$)", _has_digit),
    Form(
        "AWS session token",
        r"(?:IQoJb3JpZ2lu|FwoGZXIvYXdz|FQoGZXIvYXdz|FwoDYXdz)[A-Za-z0-9+/=_%-]{12,}",
    ),
    Form(
        "AWS secret key beside its id",
        (
            r"(?:AKIA|ASIA)[A-Z2-7]{16}[\"']?[\s,;:|/]{1,12}[\"']?([A-Za-z0-9+/]{40})"
            r"(?:[^A-Za-z0-9+/=]|$)"
        ),
    ),
    Form(
        "AWS Bedrock key", r"\b(?:ABSK[A-Za-z0-9+/]{60,}={0,2}|bedrock-api-key-[A-Za-z0-9+/=]{20,})"
    ),
    Form("Google API key", r"AIza[A-Za-z0-9_-]{16,}", is_random),
    Form("Google OAuth token", r"ya29\.[A-Za-z0-9_-]{16,}"),
    Form("Google refresh token", r"\b1//0[A-Za-z0-9_-]{30,}"),
    Form("Google client secret", r"GOCSPX-[A-Za-z0-9_-]{10,}"),
    Form("Azure client secret", r"[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{24,34}"),
    Form(
        "Azure shared key",
        r"(?i)\b(?:AccountKey|SharedAccessKey|SharedSecret)=([A-Za-z0-9+/%]{16,}={0,2})",
    ),
    Form(
        "Azure DevOps, Container Registry and other Azure keys",
        (
            r"[A-Za-z0-9+/]{30,}(?:AzCa|ACDb|ASt|AIoT|APIM|AzFu|ACR|AzSe|ADO)[A-Za-z0-9+/]{4,12}"
            r"(?:==?)?\b"
        ),
        _mixed,
    ),
    Form("GitHub token", r"(?:gh[pousr]_|github_pat_)[A-Za-z0-9_]{10,}", _has_digit),
    Form(
        "GitLab token",
        (
            r"(?:gl(?:pat|dt|rt|rtr|cbt|ptt|ft|soat|agent|imt|oas|ffct|wt)-|GR1348941)[A-Za-z0-9"
            r"_.-]{10,}"
        ),
    ),
    Form(
        "Slack token",
        r"(?:xox[abcdeoprs](?:\.xox[bp])?-[A-Za-z0-9_%-]{10,}|xapp-[0-9]-[A-Za-z0-9-]{10,})",
        _has_digit,
    ),
    Form(
        "Slack webhook",
        r"hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/([A-Za-z0-9_/+-]{10,})",
    ),
    Form(
        "Discord webhook",
        r"discord(?:app)?\.com/api/(?:v[0-9]+/)?webhooks/[0-9]+/([A-Za-z0-9_-]{16,})",
    ),
    Form("Teams webhook", r"webhook\.office\.com/webhookb2/([A-Za-z0-9@/-]{40,})"),
    Form("Stripe key", r"(?:[sr]k_(?:live|test|prod)_[A-Za-z0-9]{8,}|whsec_[A-Za-z0-9+/=]{12,})"),
    Form("SendGrid key", r"\bSG\.[A-Za-z0-9_-]{16,}(?:\.[A-Za-z0-9_-]*)?", _mixed),
    Form("npm token", r"\bnpm_[A-Za-z0-9]{16,}", _mixed),
    Form("PyPI token", r"pypi-AgE[A-Za-z0-9_-]{10,}"),
    Form(
        "OpenAI, Anthropic and kindred keys",
        r"(?:^|[^A-Za-z0-9])(sk-(?:[a-z]+[0-9]*-){0,3}[A-Za-z0-9_-]{16,})",
        lambda v: _mixed(v) and _cases(v),
    ),
    Form("Hugging Face token", r"\b(?:hf|api_org)_[A-Za-z]{16,}", _cases),
    Form(
        "key of a model provider",
        r"\b(?:gsk_|xai-|r8_|pplx-|nvapi-|fw_|csk-|tgp_v1_|lsv2_(?:pt|sk)_)[A-Za-z0-9_-]{20,}",
        _mixed,
    ),
    Form("Atlassian token", r"AT(?:ATT|CTT|BB|OAT)[A-Za-z0-9_-]{16,}(?:=[0-9A-F]{8})?", _mixed),
    Form("DigitalOcean token", r"do[opr]_v1_[0-9a-f]{12,}"),
    Form("Databricks token", r"\bdapi[0-9a-f]{16,}(?:-[0-9])?"),
    Form("Shopify token", r"shp(?:at|ca|pa|ss|ua)_[0-9A-Fa-f]{12,}"),
    Form("New Relic key", r"NR(?:AK|JS|II|AA|RA|SP)-[A-Za-z0-9_-]{16,}"),
    Form("Telegram bot token", r"\b[0-9]{8,10}:AA[A-Za-z0-9_-]{20,}"),
    Form("Mailgun key", r"\bkey-[0-9a-f]{32}\b|\b[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}\b"),
    Form("Mailchimp key", r"\b[0-9a-f]{32}-us[0-9]{1,2}\b"),
    Form("Sentry token", r"sntry[su]_[A-Za-z0-9_+/=.-]{16,}"),
    Form(
        "Grafana token", r"gl(?:sa_[A-Za-z0-9]{16,}(?:_[0-9A-Fa-f]*)?|c_[A-Za-z0-9+/]{20,}={0,2})"
    ),
    Form("Pulumi token", r"\bpul-[0-9a-f]{20,}"),
    Form("Doppler token", r"\bdp\.(?:pt|st|ct|sa|scim|audit|said)\.[A-Za-z0-9._-]{16,}"),
    Form("Linear token", r"lin_(?:api|oauth)_[A-Za-z0-9]{12,}"),
    Form("Postman key", r"PMAK-[0-9a-f-]{16,}"),
    Form("Tailscale key", r"tskey-[a-z]+-[A-Za-z0-9-]{12,}"),
    Form("Fly token", r"\bfm[12][abr]?_[A-Za-z0-9+/=]{40,}"),
    Form("age key", r"AGE-SECRET-KEY-1[A-Z0-9]{12,}"),
    Form("Docker Hub token", r"dckr_(?:pat|oat)_[A-Za-z0-9_-]{10,}"),
    Form("Docker Swarm token", r"SWM(?:TKN-1|KEY-1)-[A-Za-z0-9+/-]{16,}"),
    Form("Terraform Cloud token", r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{10,}"),
    Form("Vault token", r"\bhv[sbr]\.[A-Za-z0-9_-]{12,}", is_random),
    Form(
        "Vault token, old",
        r"(?:^|[^A-Za-z0-9_./-])([sbr]\.[A-Za-z0-9]{24})(?:[^A-Za-z0-9.(]|$)",
        lambda v: _mixed(v) and _cases(v),
    ),
    Form("OpenShift token", r"sha256~[A-Za-z0-9_-]{20,}"),
    Form(
        "Kubernetes bootstrap token",
        (
            r"(?i)(?:token|kubeadm|bootstrap|bearer)[^\n\x1e]{0,80}?[^A-Za-z0-9.]"
            r"([a-z0-9]{6}\.[a-z0-9]{16})(?:[^A-Za-z0-9.]|$)"
        ),
        lambda v: v.islower() and _has_digit(v),
    ),
    Form("Square token", r"\b(?:sq0(?:atp|csp|idp)-[A-Za-z0-9_-]{20,}|EAAA[A-Za-z0-9_-]{56,})"),
    Form("SonarQube token", r"\bsq[upa]_[0-9a-f]{40}\b"),
    Form(
        "RubyGems, crates and NuGet key",
        r"\b(?:rubygems_[0-9a-f]{32,}|cio[A-Za-z0-9]{32}|oy2[a-z0-9]{43})\b",
        _has_digit,
    ),
    Form("Artifactory key", r"\b(?:AKCp[A-Za-z0-9]{60,}|cmVmdGtu[A-Za-z0-9]{40,})"),
    Form(
        "PlanetScale and Supabase secret",
        r"(?:pscale_(?:tkn|pw|oauth)_|sbp_|sb_secret_)[A-Za-z0-9_.-]{16,}",
    ),
    Form(
        "Notion, Figma and Airtable token",
        r"\b(?:ntn_[A-Za-z0-9]{30,}|figd_[A-Za-z0-9_-]{30,}|pat[A-Za-z0-9]{14}\.[0-9a-f]{64})",
    ),
    Form("Dynatrace token", r"dt0[a-z][0-9]{2}\.[A-Z0-9]{24}\.[A-Z0-9]{16,}"),
    Form("Heroku and HashiCorp key", r"\bHRKU-[A-Za-z0-9_-]{30,}"),
    Form("1Password token", r"\bops_eyJ[A-Za-z0-9+/=_-]{30,}"),
    Form("Buildkite and CircleCI token", r"\b(?:bk[a-z]{2}_[0-9a-z]{40}|CCIPAT_[A-Za-z0-9_]{20,})"),
    Form(
        "password hash",
        (
            r"\$(?:apr1|1|5|6|y|gy|7|2[abxy]?)\$[./A-Za-z0-9$=,]{20,}|\$(?:argon2"
            r"(?:id|i|d)|scrypt|pbkdf2[a-z0-9-]*)\$[A-Za-z0-9+/=,$.-]{16,}|\{S?SHA"
            r"(?:256|512)?\}[A-Za-z0-9+/=]{20,}|\bpbkdf2_sha(?:1|256|512)\$[0-9]+\$[A-Za-z0-9+/="
            r"$]{16,}|SCRAM-SHA-(?:1|256)\$[0-9]+:[A-Za-z0-9+/=$:]{16,}"
        ),
    ),
    Form("signature of a pre-signed URL", r"(?i)(?:^|[?&;\"'\s])sig=([A-Za-z0-9%+/=_~-]{12,})"),
    Form(
        "signature",
        r"(?i)\b(?:x-amz-|x-goog-)?signature=[\"']?([A-Za-z0-9%+/=_~-]{16,})",
        is_random,
    ),
    Form(
        "token of a pre-signed URL",
        (
            r"(?i)\bx-(?:amz|goog)-(?:security-token|credential)=([A-Za-z0-9+/=_-]{16,}[A-Za-z0-"
            r"9%+/=_-]*)"
        ),
        lambda v: not v.upper().startswith(("AKIA", "ASIA", "ABIA", "ACCA")),
    ),
    Form(
        "row of a .pgpass",
        r"(?m)^[A-Za-z0-9.*-]+:(?:[0-9]{4,5}|\*):[A-Za-z0-9_*-]+:[A-Za-z0-9_-]+:([^\s:]+)(?:\s|$)",
        lambda v: not is_placeholder(v),
    ),
    Form(
        "line of a .netrc",
        r"(?i)\blogin\s+[^\s:]+\s+password\s+([^\s]+)",
        lambda v: not is_placeholder(v),
    ),
    Form(
        "bearer",
        r"(?i)\bbearer[\s\"':=]{1,4}([A-Za-z0-9._~+/=-]{16,})",
        lambda v: is_random(v) and not is_object_name(v),
    ),
)


def shaped(text: str) -> Iterator[Span]:
    """Where secrets stand that can be told by their form."""
    for form in FORMS:
        for found in pattern(form.source).finditer(text):
            group = 1 if found.re.groups and found.span(1) != (-1, -1) else 0
            start, end = found.span(group)
            if form.test(text[start:end]):
                yield start, end
