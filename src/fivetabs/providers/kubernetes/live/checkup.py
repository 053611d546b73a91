"""The ways to the clusters of the kubeconfig: what the files say, and what each cluster answers."""

import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from fivetabs.core import Ending, Fault, Flaw, Way, term
from fivetabs.core.ways import NO_NOTICE
from fivetabs.providers.kubernetes.auth.files import origin
from fivetabs.providers.kubernetes.auth.identity import token_end
from fivetabs.providers.kubernetes.auth.kubeconfig import (
    IN_CLUSTER,
    Context,
    Kubeconfig,
    load_kubeconfig,
    resolve,
)
from fivetabs.providers.kubernetes.auth.plugins import program_of
from fivetabs.providers.kubernetes.auth.tls import certificate_end, make_tls
from fivetabs.providers.kubernetes.live.faults import strange
from fivetabs.providers.kubernetes.live.http import Ask, Http
from fivetabs.providers.kubernetes.live.rights import identity_of, lacking
from fivetabs.providers.kubernetes.live.view import LiveCluster
from fivetabs.providers.kubernetes.port import CHANGES, READS
from fivetabs.providers.kubernetes.settings import Settings
from fivetabs.providers.kubernetes.shapes.versions import too_old

if TYPE_CHECKING:
    import httpx2

_GRANT = "fivetabs permissions kubernetes | kubectl apply -f -"
_BIND = "kubectl create clusterrolebinding fivetabs --clusterrole=fivetabs-viewer --user="
_GRANT_CHANGES = "fivetabs permissions kubernetes --changes | kubectl apply -f -"
_BIND_CHANGES = (
    "kubectl create clusterrolebinding fivetabs-changes --clusterrole=fivetabs-changer --user="
)
_HOUR = timedelta(hours=1)


def found(settings: Settings) -> tuple[Way, ...]:
    """Every context, the current one first; nothing is run and nobody is asked."""
    try:
        config = load_kubeconfig()
    except Fault as fault:
        return (Way(target="k8s", source=origin(), fault=fault),)
    if config is None or not config.contexts:
        return (_without(settings),)
    others = sorted(name for name in config.contexts if name != config.current)
    first = _way(config, None)
    return (first, *(_way(config, name) for name in others))


def _without(settings: Settings) -> Way:
    """The way of a pod to its own cluster, or none at all."""
    try:
        resolve(None, settings.service_account)
    except Fault as fault:
        return Way(target="k8s", source=origin(), fault=fault)
    return Way(target=f"k8s:{IN_CLUSTER}", source=settings.service_account)


def _way(config: Kubeconfig, name: str | None) -> Way:
    shown = name or config.current
    way = Way(
        target=f"k8s:{shown}" if shown else "k8s",
        name=name,
        default=name is None,
        source=origin(),
        flaws=tuple(_hidden(config)) if name is None else (),
    )
    try:
        context = config.context(name)
        _usable(context)
    except Fault as fault:
        return replace(way, fault=fault)
    address = context.cluster.text("server")
    source = f"{context.cluster.file}"
    return replace(way, address=address, source=source, ends=tuple(_ends(context)))


def _hidden(config: Kubeconfig) -> Iterator[Flaw]:
    for each in config.doubles:
        mend = f"give it another name in {each.hidden}"
        if each.kind == "context":
            mend = (
                f"run: kubectl --kubeconfig {each.hidden} config rename-context "
                f"{each.name} {each.name}-2"
            )
        yield Flaw(
            f"{each.kind} {each.name!r} is in {each.kept} and, otherwise, in {each.hidden}: "
            "the first is used and the second is never seen",
            mend,
        )


def _usable(context: Context) -> None:
    """Pass where the files have all it needs.

    Raises:
        Misconfigured: If a plugin, a certificate or a key is not there.
    """
    if spec := context.user.values.get("exec"):
        program_of(context.user, spec)
    make_tls(context, None)


def _ends(context: Context) -> Iterator[Ending]:
    user = context.user_name
    if end := token_end(context.user.text("token")):
        mend = f"kubectl config set-credentials {user} --token=TOKEN"
        yield Ending("the token", end, mend, notice=_HOUR)
    if end := certificate_end(context):
        mend = f"kubectl config set-credentials {user} --client-certificate=CRT --client-key=KEY"
        yield Ending("the client certificate", end, mend)


async def ask(view: LiveCluster, way: Way) -> Way:
    """Version, identity, rights and clock, as the API server tells them.

    Raises:
        Fault: If it cannot be asked, or does not accept who we are.
    """
    http = view.http
    identity = await identity_of(http)
    response = await http.send(Ask("GET", "/version"))
    git = _git_version(http, response)
    lacks, missing = await lacking(http, READS)
    withheld, _ = await lacking(http, CHANGES, verb="patch")
    flaws = way.flaws
    if told := too_old(git):
        flaws += (Flaw(f"the API server is {term(git)}: {told}", "upgrade the cluster"),)
    return replace(
        way,
        target=f"k8s:{view.context}",
        version=term(git),
        identity=identity,
        behind=http.lag,
        ends=(*way.ends, *_issued(http), *_shown(response)),
        lacks=lacks,
        missing=missing,
        withheld=withheld,
        grant=f"run: {_GRANT} && {_BIND}{identity or 'USER'}",
        grant_changes=f"run: {_GRANT_CHANGES} && {_BIND_CHANGES}{identity or 'USER'}",
        flaws=flaws,
    )


def _issued(http: Http) -> Iterator[Ending]:
    """What a plugin handed out renews itself."""
    issued = http.identity.issued
    if issued is not None and issued.until is not None:
        yield Ending("the plugin's credential", issued.until, notice=NO_NOTICE)


def _git_version(http: Http, response: "httpx2.Response") -> str:
    try:
        return str(response.json().get("gitVersion", ""))
    except (ValueError, AttributeError) as error:
        raise strange(http.context, response.text) from error


def _shown(response: "httpx2.Response") -> Iterator[Ending]:
    """The certificate that the server showed; it is known where it was verified."""
    stream = response.extensions.get("network_stream")
    tls: Any = stream.get_extra_info("ssl_object") if stream is not None else None
    shown: dict[str, Any] = (tls.getpeercert() or {}) if tls is not None else {}
    if end := shown.get("notAfter"):
        when = datetime.fromtimestamp(ssl.cert_time_to_seconds(end), UTC)
        mend = "renew it on the control plane (kubeadm: kubeadm certs renew apiserver)"
        yield Ending("the server's certificate", when, mend)
