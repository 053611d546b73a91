"""etcd, an API server and the logs behind it: no controller ever touches what is written."""

import sys
from pathlib import Path

from bench.world.plan import chatterbox
from tests.rig.kubernetes import auth, binary, certificates
from tests.rig.kubernetes.api import Api
from tests.rig.ledger import Ledger
from tests.rig.ports import free_ports
from tests.rig.processes import check, start
from tests.rig.waiting import until

_HOSTS = ("127.0.0.1", "localhost")
_KUBELET = Path(__file__).with_name("kubelet.py")


def up(ledger: Ledger) -> auth.Access:
    """Start both; the API server answers when this returns."""
    folder = ledger.part("kubernetes")
    ledger.part("kubernetes/bin")
    binary.link_components(folder / "bin")
    etcd = _etcd(ledger, folder)
    (port,) = free_ports(1)
    ledger.learn(**{"kubernetes-server": f"https://127.0.0.1:{port}"})
    access = auth.access(ledger)
    process = start(ledger, "kube-apiserver", _command(folder, access, etcd, port))

    def ready() -> bool:
        check(ledger, process)
        return Api(access).ready()

    until(ready, "the API server", 90)
    _kubelet(ledger, access)
    return access


def _kubelet(ledger: Ledger, access: auth.Access) -> None:
    """Start what answers for logs on every node; its port is a fact of the ledger."""
    (port,) = free_ports(1)
    pair = certificates.issue(access.authority, access.folder, "kubelet", hosts=_HOSTS)
    command = [sys.executable, _KUBELET, str(port), pair.certificate, pair.key, chatterbox().name]
    start(ledger, "kubelet", command)
    ledger.learn(**{"kubelet-port": str(port)})


def _etcd(ledger: Ledger, folder: Path) -> str:
    client, peer = (f"http://127.0.0.1:{port}" for port in free_ports(2))
    command = [
        folder / "bin/etcd",
        f"--data-dir={folder}/etcd",
        f"--listen-client-urls={client}",
        f"--advertise-client-urls={client}",
        f"--listen-peer-urls={peer}",
        f"--initial-advertise-peer-urls={peer}",
        f"--initial-cluster=default={peer}",
        "--unsafe-no-fsync",
        "--log-level=error",
    ]
    start(ledger, "etcd", command)
    return client


def _command(folder: Path, access: auth.Access, etcd: str, port: int) -> list[str | Path]:
    authority = certificates.make_authority(access.folder)
    served = certificates.issue(authority, access.folder, "apiserver", hosts=_HOSTS)
    accounts = certificates.issue(authority, access.folder, "service-accounts")
    tokens = access.folder / "tokens.csv"
    tokens.touch(0o600)
    tokens.write_text(auth.TOKEN_FILE)
    return [
        folder / "bin/kube-apiserver",
        f"--etcd-servers={etcd}",
        "--bind-address=127.0.0.1",
        f"--secure-port={port}",
        f"--cert-dir={access.folder}",
        f"--tls-cert-file={served.certificate}",
        f"--tls-private-key-file={served.key}",
        f"--client-ca-file={authority.certificate}",
        f"--token-auth-file={tokens}",
        "--authorization-mode=Node,RBAC",
        "--service-account-issuer=https://bench.example",
        f"--service-account-key-file={accounts.certificate}",
        f"--service-account-signing-key-file={accounts.key}",
        "--service-cluster-ip-range=10.96.0.0/16",
        "--endpoint-reconciler-type=none",
        "--event-ttl=24h",
        "--kubelet-preferred-address-types=InternalIP",
    ]
