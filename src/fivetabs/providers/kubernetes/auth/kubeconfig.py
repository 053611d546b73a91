"""Kubeconfig files: which there are, merged as kubectl merges them, and the context that is meant.

Merging follows client-go's clientcmd: of several files in `KUBECONFIG` the first that sets a value
or an entry wins, files that are not there are skipped, and relative paths are relative to the file
that holds them.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISREG
from typing import Any, cast

from fivetabs.core import NotConfigured, NotFound, did_you_mean
from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.fields import parts

IN_CLUSTER = "in-cluster"
Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A cluster, user or context as a file has it, and the folder of that file."""

    values: Json
    folder: Path

    def text(self, name: str) -> str:
        """A field as text; empty where it is not set."""
        return str(self.values.get(name) or "")

    def path(self, name: str) -> Path | None:
        """A field that names a file, made absolute; None where it is not set."""
        return self.folder / Path(self.text(name)).expanduser() if self.text(name) else None


@dataclass(frozen=True, slots=True)
class Context:
    """One context resolved: the cluster to speak to, as which user, and in which namespace."""

    name: str
    namespace: str
    cluster: Entry
    user: Entry


@dataclass(frozen=True, slots=True)
class Kubeconfig:
    """All files as one. `stamp` changes when one of them does."""

    current: str
    contexts: Mapping[str, Entry]
    clusters: Mapping[str, Entry]
    users: Mapping[str, Entry]
    files: tuple[Path, ...]
    stamp: Stamp = field(default=())

    def context(self, name: str | None) -> Context:
        """The named context, or the current one.

        Raises:
            NotFound: If there is no such context, with the near names.
            NotConfigured: If none is named and none is current, or it leads nowhere.
        """
        chosen = name or self.current
        if not chosen:
            raise NotConfigured(
                "the kubeconfig has no current context",
                hint=f"name one as target: {_listed(self.contexts)}",
            )
        if chosen not in self.contexts:
            hint = did_you_mean(
                chosen, self.contexts, otherwise=f"there are: {_listed(self.contexts)}"
            )
            raise NotFound(f"the kubeconfig has no context {chosen!r}", hint=hint)
        entry = self.contexts[chosen]
        self._check(chosen, entry)
        nobody = Entry({}, Path())
        return Context(
            name=chosen,
            namespace=entry.text("namespace") or "default",
            cluster=self.clusters[entry.text("cluster")],
            user=self.users.get(entry.text("user"), nobody),
        )

    def _check(self, chosen: str, entry: Entry) -> None:
        """A context must lead to a cluster with a server, and to a user that is there."""
        cluster, user = entry.text("cluster"), entry.text("user")
        if cluster not in self.clusters or not self.clusters[cluster].text("server"):
            raise NotConfigured(
                f"context {chosen!r} names cluster {cluster!r}, which has no server",
                hint=f"correct it in {', '.join(map(str, self.files))}",
            )
        if user and user not in self.users:
            raise NotConfigured(
                f"context {chosen!r} names user {user!r}, which is in none of the files",
                hint=f"correct it in {', '.join(map(str, self.files))}",
            )


def kubeconfig_paths() -> tuple[Path, ...]:
    """The files kubectl would read: those of `KUBECONFIG`, or `~/.kube/config`."""
    named = os.environ.get("KUBECONFIG", "")
    if named:
        return tuple(Path(each).expanduser() for each in named.split(os.pathsep) if each)
    return (Path.home() / ".kube" / "config",)


def stamp_of(paths: tuple[Path, ...]) -> Stamp:
    """When each file was last changed, and its size; a file that is not there has no entry."""
    found: list[tuple[str, int, int]] = []
    for path in paths:
        try:
            status = path.stat()
        except OSError:
            continue
        found.append((str(path), status.st_mtime_ns, status.st_size))
    return tuple(found)


def load_kubeconfig() -> Kubeconfig | None:
    """The merged kubeconfig; None where no file of it is there.

    Raises:
        NotConfigured: If a file is there and cannot be read.
    """
    paths = kubeconfig_paths()
    stamp = stamp_of(paths)
    present = tuple(path for path in paths if any(str(path) == name for name, _, _ in stamp))
    if not present:
        return None
    raws = [(path, _parse(path)) for path in present]
    current = next(
        (str(raw["current-context"]) for _, raw in raws if raw.get("current-context")), ""
    )
    return Kubeconfig(
        current=current,
        contexts=_merge(raws, "contexts", "context"),
        clusters=_merge(raws, "clusters", "cluster"),
        users=_merge(raws, "users", "user"),
        files=present,
        stamp=stamp,
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
        cluster=Entry(cluster, folder),
        user=Entry({"tokenFile": "token"}, folder),
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
    raise NotConfigured(
        f"there is no kubeconfig to use (looked at {looked}) and this is no pod of a cluster",
        hint="set KUBECONFIG to a kubeconfig file, or write ~/.kube/config with your cloud's tool",
    )


def _parse(path: Path) -> Json:
    import yaml

    try:
        if not S_ISREG(path.stat().st_mode):
            raise NotConfigured(f"{path} is not a file", hint="KUBECONFIG must name regular files")
        loaded: Any = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise NotConfigured(
            f"{path} cannot be read: {error}", hint="check its permissions"
        ) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" (line {mark.line + 1})" if mark else ""
        raise NotConfigured(f"{path} is not YAML{line}", hint="correct the file") from error
    if loaded is not None and not isinstance(loaded, dict):
        raise NotConfigured(f"{path} is not a kubeconfig", hint="correct the file")
    return cast("Json", loaded or {})


def _merge(raws: list[tuple[Path, Json]], group: str, kind: str) -> Mapping[str, Entry]:
    merged: dict[str, Entry] = {}
    for path, raw in raws:
        for each in parts(raw, group):
            merged.setdefault(str(each.get("name", "")), Entry(each.get(kind) or {}, path.parent))
    return merged


def _listed(names: Mapping[str, Entry]) -> str:
    return ", ".join(sorted(names)[:20]) or "none"
