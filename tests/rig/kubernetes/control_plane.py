"""etcd, API server, controllers and scheduler: the cluster without a node."""

import json
import secrets
from pathlib import Path

from tests.rig.kubernetes import auth, binary, certificates
from tests.rig.kubernetes.api import Api
from tests.rig.ledger import Ledger
from tests.rig.loopback import serve
from tests.rig.ports import free_ports
from tests.rig.processes import check, start
from tests.rig.waiting import until

NODE_SILENCE = "12s"  # after which a node whose kubelet says nothing is NotReady
SERVICES = "10.96.0.0/16"
HOSTS = ("127.0.0.1", "localhost", "kubernetes.default")


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


def _webhook(ledger: Ledger, access: auth.Access) -> Path:
    """Start the webhook that knows tokens with an end, and write how the API server asks it."""
    access.token_key.write_bytes(secrets.token_bytes(32))
    port = serve(ledger, "tokens", access.token_key)
    place = access.folder / "webhook.json"
    cluster = {"name": "webhook", "cluster": {"server": f"http://127.0.0.1:{port}/review"}}
    context = {"name": "webhook", "context": {"cluster": "webhook", "user": "none"}}
    content: dict[str, object] = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [cluster],
        "contexts": [context],
        "users": [{"name": "none", "user": {}}],
        "current-context": "webhook",
    }
    place.write_text(json.dumps(content))
    return place


def _api_server(ledger: Ledger, folder: Path, etcd: str, port: int) -> auth.Access:
    ledger.learn(**{"kubernetes-server": f"https://127.0.0.1:{port}"})
    access = auth.access(ledger)
    authority = certificates.make_authority(access.folder)
    served = certificates.issue(authority, access.folder, "apiserver", hosts=HOSTS)
    accounts = certificates.issue(authority, access.folder, "service-accounts")
    tokens = access.folder / "tokens.csv"
    tokens.touch(0o600)
    tokens.write_text(auth.TOKEN_FILE)
    command = [
        folder / "bin/kube-apiserver",
        f"--etcd-servers={etcd}",
        "--bind-address=127.0.0.1",
        f"--secure-port={port}",
        f"--cert-dir={access.folder}",
        f"--tls-cert-file={served.certificate}",
        f"--tls-private-key-file={served.key}",
        f"--client-ca-file={authority.certificate}",
        f"--token-auth-file={tokens}",
        f"--authentication-token-webhook-config-file={_webhook(ledger, access)}",
        "--authentication-token-webhook-version=v1",
        "--authentication-token-webhook-cache-ttl=1s",
        "--authorization-mode=Node,RBAC",
        "--service-account-issuer=https://rig.example",
        f"--service-account-key-file={accounts.certificate}",
        f"--service-account-signing-key-file={accounts.key}",
        f"--service-cluster-ip-range={SERVICES}",
        "--endpoint-reconciler-type=none",
        "--kubelet-preferred-address-types=InternalIP",
        "--event-ttl=3h",
    ]
    process = start(ledger, "kube-apiserver", command)

    def ready() -> bool:
        check(ledger, process)
        return Api(access).ready()

    until(ready, "the API server", 60)
    return access


def _controllers(ledger: Ledger, folder: Path, access: auth.Access, kubeconfig: Path) -> None:
    controller_port, scheduler_port = free_ports(2)
    shared = [f"--kubeconfig={kubeconfig}", "--leader-elect=false", "--bind-address=127.0.0.1"]
    controllers = [
        folder / "bin/kube-controller-manager",
        *shared,
        f"--secure-port={controller_port}",
        f"--cert-dir={folder}/controllers",
        f"--service-account-private-key-file={access.folder}/service-accounts.key",
        f"--root-ca-file={access.authority.certificate}",
        f"--node-monitor-grace-period={NODE_SILENCE}",
        f"--node-startup-grace-period={NODE_SILENCE}",
        "--node-monitor-period=2s",
        "--kube-api-qps=200",
        "--kube-api-burst=400",
    ]
    scheduler = [
        folder / "bin/kube-scheduler",
        *shared,
        f"--secure-port={scheduler_port}",
        f"--cert-dir={folder}/scheduler",
    ]
    start(ledger, "kube-controller-manager", controllers)
    start(ledger, "kube-scheduler", scheduler)


def up(ledger: Ledger) -> auth.Access:
    """Start the control plane; it answers when this returns."""
    folder = ledger.part("kubernetes")
    ledger.part("kubernetes/bin")
    binary.link_components(folder / "bin")
    etcd = _etcd(ledger, folder)
    (port,) = free_ports(1)
    access = _api_server(ledger, folder, etcd, port)
    kubeconfig = access.usual()
    ledger.export(KUBECONFIG=str(kubeconfig))
    _controllers(ledger, folder, access, kubeconfig)
    return access
