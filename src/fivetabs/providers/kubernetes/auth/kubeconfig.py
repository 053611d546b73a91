"""Kubeconfig files: which there are, merged as kubectl merges them, and the context that is meant.

Merging follows client-go's clientcmd: of several files in `KUBECONFIG` the first that sets a value
or an entry wins, files that are not there are skipped, and relative paths are relative to the file
that holds them.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fivetabs.core import Misconfigured, NotConfigured, NotFound, did_you_mean, near
from fivetabs.providers.kubernetes.auth.files import (
    VARIABLE,
    Double,
    Entry,
    Stamp,
    doubles,
    is_there,
    kubeconfig_paths,
    merge,
    parse,
    stamp_of,
)

IN_CLUSTER = "in-cluster"


@dataclass(frozen=True, slots=True)
class Context:
    """One context resolved: the cluster to speak to, as which user, and in which namespace."""

    name: str
    namespace: str
    cluster: Entry
    user: Entry
    cluster_name: str = ""
    user_name: str = ""


@dataclass(frozen=True, slots=True)
class Kubeconfig:
    """All files as one. `stamp` changes when one of them does.

    `doubles` are the names that a later file sets again, to something else: nobody sees those.
    """

    current: str
    contexts: Mapping[str, Entry]
    clusters: Mapping[str, Entry]
    users: Mapping[str, Entry]
    files: tuple[Path, ...]
    stamp: Stamp = field(default=())
    doubles: tuple[Double, ...] = ()

    def context(self, name: str | None) -> Context:
        """The named context, or the current one.

        Raises:
            NotFound: If there is no such context, with the near names.
            NotConfigured: If none is named and none is current, or it leads nowhere.
        """
        chosen = name or self.current
        if not chosen:
            raise self._none_current()
        if chosen not in self.contexts:
            hint = did_you_mean(
                chosen, self.contexts, otherwise=f"there are: {_listed(self.contexts)}"
            )
            if not name:
                raise self._wrong_current(hint)
            raise NotFound(f"the kubeconfig has no context {chosen!r}", hint=hint)
        entry = self.contexts[chosen]
        self._check(chosen, entry)
        nobody = Entry({}, Path("nobody"))
        return Context(
            name=chosen,
            namespace=entry.text("namespace") or "default",
            cluster=self.clusters[entry.text("cluster")],
            user=self.users.get(entry.text("user"), nobody),
            cluster_name=entry.text("cluster"),
            user_name=entry.text("user"),
        )

    def _check(self, chosen: str, entry: Entry) -> None:
        """A context must lead to a cluster with a server, and to a user that is there."""
        cluster, user = entry.text("cluster"), entry.text("user")
        if cluster not in self.clusters:
            raise Misconfigured(
                f"context {chosen!r} names cluster {cluster!r}, which is in none of the files",
                hint=f"run: kubectl config set-context {chosen} "
                f"--cluster={_nearest(cluster, self.clusters)} (set in {entry.file})",
            )
        if not self.clusters[cluster].text("server"):
            raise Misconfigured(
                f"context {chosen!r} names cluster {cluster!r}, which has no server",
                hint=f"run: kubectl config set-cluster {cluster} --server=https://HOST:6443",
            )
        if user and user not in self.users:
            raise Misconfigured(
                f"context {chosen!r} names user {user!r}, which is in none of the files",
                hint=f"run: kubectl config set-context {chosen} "
                f"--user={_nearest(user, self.users)} (set in {entry.file})",
            )

    def _wrong_current(self, hint: str) -> Misconfigured:
        near_ = _nearest(self.current, self.contexts)
        return Misconfigured(
            f"the kubeconfig's current-context is {self.current!r}, and there is no such context",
            hint=f"run: kubectl config use-context {near_} ({hint})",
        )

    def _none_current(self) -> Misconfigured:
        return Misconfigured(
            "the kubeconfig has no current context",
            hint=f"run: kubectl config use-context {next(iter(sorted(self.contexts)), 'NAME')} "
            f"(or name one as target: {_listed(self.contexts)})",
        )


def load_kubeconfig() -> Kubeconfig | None:
    """The merged kubeconfig; None where no file of it is there.

    Raises:
        NotConfigured: If a file is there and cannot be read.
    """
    paths = kubeconfig_paths()
    stamp = stamp_of(paths)
    present = tuple(path for path in paths if is_there(path))
    if not present:
        return None
    raws = [(path, parse(path)) for path in present]
    current = next(
        (str(raw["current-context"]) for _, raw in raws if raw.get("current-context")), ""
    )
    return Kubeconfig(
        current=current,
        contexts=merge(raws, "contexts", "context"),
        clusters=merge(raws, "clusters", "cluster"),
        users=merge(raws, "users", "user"),
        files=present,
        stamp=stamp,
        doubles=tuple(
            double
            for group, kind in (("contexts", "context"), ("clusters", "cluster"), ("users", "user"))
            for double in doubles(raws, group, kind)
        ),
    )


def context_names() -> tuple[str, ...]:
    """Every context of the merged kubeconfig; none where there is no file.

    Raises:
        NotConfigured: If a file is there and cannot be read.
    """
    config = load_kubeconfig()
    return tuple(sorted(config.contexts)) if config is not None else ()


def in_cluster(folder: Path) -> Context | None:
    """The context of a pod that speaks to its own cluster; None outside of one."""
    host, port = (
        os.environ.get("KUBERNETES_SERVICE_HOST"),
        os.environ.get("KUBERNETES_SERVICE_PORT"),
    )
    if not host or not port or not (folder / "token").is_file():
        return None
    address = f"[{host}]" if ":" in host else host
    cluster = {"server": f"https://{address}:{port}", "certificate-authority": "ca.crt"}
    own = folder / "namespace"
    return Context(
        name=IN_CLUSTER,
        namespace=own.read_text("utf-8").strip() if own.is_file() else "default",
        cluster=Entry(cluster, folder / "token"),
        user=Entry({"tokenFile": "token"}, folder / "token"),
    )


def resolve(target: str | None, service_account: str) -> tuple[Context, Stamp]:
    """The context a target means, and the stamp of the files that say so.

    Raises:
        NotConfigured: If there is neither a kubeconfig nor a service account.
        NotFound: If the target is not a context.
    """
    config = load_kubeconfig()
    if config is not None and (config.contexts or target):
        return config.context(target), config.stamp
    inside = in_cluster(Path(service_account))
    if inside is not None and target in {None, "", IN_CLUSTER}:
        return inside, ()
    looked = ", ".join(map(str, kubeconfig_paths()))
    if os.environ.get(VARIABLE):
        raise Misconfigured(
            f"{VARIABLE} names {looked or 'no file'}, and there is no context in it",
            hint=f"run: unset {VARIABLE} (then ~/.kube/config is read), or correct the path",
        )
    raise NotConfigured(
        f"there is no kubeconfig to use (looked at {looked}) and this is no pod of a cluster",
        hint="set KUBECONFIG to a kubeconfig file, or write ~/.kube/config with your cloud's tool",
    )


def _listed(names: Mapping[str, Entry]) -> str:
    return ", ".join(sorted(names)[:20]) or "none"


def _nearest(name: str, known: Mapping[str, Entry]) -> str:
    """The one that was meant, or the only one; else a word to be replaced."""
    close = near(name, known)
    return close[0] if close else next(iter(known)) if len(known) == 1 else "NAME"
