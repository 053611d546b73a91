"""The one real node: containerd, its images and the kubelet."""

import json
from pathlib import Path

from tests.rig import images
from tests.rig.kubernetes import network
from tests.rig.kubernetes.catalogue import ALL_IMAGES, PAUSE
from tests.rig.ledger import Ledger
from tests.rig.loopback import serve
from tests.rig.ports import free_ports
from tests.rig.processes import check, end, run, start
from tests.rig.remains import make_cgroups, remember_sysctls
from tests.rig.waiting import until

NAME = "worker-a"
LABELS = "disk=hdd,topology.kubernetes.io/region=eu-west-1,topology.kubernetes.io/zone=eu-west-1a"
HURRY, CALM = "2s", "45s"  # the longest back-off while seeding, and after it
SYSCTLS = (
    "kernel/panic",
    "kernel/panic_on_oops",
    "net/ipv4/ip_forward",
    "vm/overcommit_memory",
    "vm/panic_on_oom",
)
CONTAINERD = """\
version = 2
root = "{folder}/root"
state = "{folder}/run"
oom_score = 0
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs"]

[grpc]
address = "{folder}/containerd.sock"

[plugins."io.containerd.internal.v1.opt"]
path = "{folder}/opt"

[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "{pause}"
restrict_oom_score_adj = true
disable_apparmor = true
netns_mounts_under_state_dir = true
tolerate_missing_hugetlb_controller = true
stream_server_address = "127.0.0.1"

[plugins."io.containerd.grpc.v1.cri".containerd]
snapshotter = "{snapshotter}"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
Root = "{folder}/runc"
SystemdCgroup = false

[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "/usr/lib/cni"
conf_dir = "{folder}/cni"

[plugins."io.containerd.grpc.v1.cri".registry]
config_path = "{folder}/registries"
"""
# Every registry there is, whatever its name: the one on loopback.
REGISTRIES = """\
server = "http://127.0.0.1:{port}"

[host."http://127.0.0.1:{port}"]
capabilities = ["pull", "resolve"]
"""


def _containerd(ledger: Ledger, folder: Path) -> str:
    """Start containerd with the image imported under every name; say its socket."""
    registry = serve(ledger, "registry")
    ledger.learn(**{"registry-port": str(registry)})
    for name in ("_default", "docker.io"):
        place = folder / "registries" / name
        place.mkdir(parents=True, exist_ok=True)
        (place / "hosts.toml").write_text(REGISTRIES.format(port=registry))
    config = folder / "config.toml"
    config.write_text(CONTAINERD.format(folder=folder, pause=PAUSE, snapshotter="overlayfs"))
    process = start(ledger, "containerd", ["containerd", "--config", config])
    socket = folder / "containerd.sock"

    def ready() -> bool:
        check(ledger, process)
        return socket.exists()

    until(ready, "containerd", 30)
    _import(folder, socket)
    return f"unix://{socket}"


def _import(folder: Path, socket: Path) -> None:
    """Import the one image under the workloads' names, and as the pause image, which sleeps."""
    archive = folder / "image.tar"
    importing = ("ctr", "--address", socket, "--namespace", "k8s.io", "images", "import", archive)
    images.write_archive(archive, ALL_IMAGES)
    run(*importing)
    images.write_archive(archive, [PAUSE], "sleep", "2147483647")
    run(*importing)
    archive.unlink()


def _kubelet_config(ledger: Ledger, folder: Path, socket: str, address: str) -> dict[str, object]:
    port, health = free_ports(2)
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "address": address,
        "port": port,
        "healthzPort": health,
        "readOnlyPort": 0,
        "authentication": {"anonymous": {"enabled": True}, "webhook": {"enabled": False}},
        "authorization": {"mode": "AlwaysAllow"},
        "containerRuntimeEndpoint": socket,
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": ledger.cgroup,
        "failCgroupV1": False,
        "failSwapOn": False,
        "enforceNodeAllocatable": [],
        "makeIPTablesUtilChains": False,
        "podLogsDir": str(folder / "pods"),
        "volumePluginDir": str(folder / "plugins"),
        "resolvConf": "",
        "clusterDNS": ["10.96.0.10"],
        "clusterDomain": "cluster.local",
        "evictionHard": {"memory.available": "50Mi", "nodefs.available": "1%"},
        "imageGCHighThresholdPercent": 100,
        "imageGCLowThresholdPercent": 99,
        "nodeStatusUpdateFrequency": "3s",
        "nodeLeaseDurationSeconds": 8,
        "registryPullQPS": 0,
        "serializeImagePulls": False,
        "eventRecordQPS": 50,
        "eventBurst": 200,
        "kubeAPIQPS": 100,
        "kubeAPIBurst": 200,
        "syncFrequency": HURRY,
        "volumeStatsAggPeriod": "3s",
        "featureGates": {"KubeletCrashLoopBackOffMax": True},
        "crashLoopBackOff": {"maxContainerRestartPeriod": HURRY},
        "maxPods": 200,
    }


def up(ledger: Ledger, kubeconfig: Path) -> None:
    """Start the node; it joins the cluster by itself."""
    folder = ledger.part("kubernetes/node")
    remember_sysctls(ledger, SYSCTLS)
    make_cgroups(ledger)
    bridge, subnet = network.make_bridge(ledger, "ftk")
    ledger.part("kubernetes/node/cni")
    network.write_plugins(folder / "cni", bridge, subnet)
    socket = _containerd(ledger, folder)
    address = str(subnet[1])
    config = _kubelet_config(ledger, folder, socket, address)
    (folder / "kubelet.json").write_text(json.dumps(config, indent=1))
    ledger.learn(**{"node-address": address})
    _start_kubelet(ledger, folder, kubeconfig)


def _start_kubelet(ledger: Ledger, folder: Path, kubeconfig: Path) -> None:
    command = [
        ledger.folder / "kubernetes/bin/kubelet",
        f"--config={folder}/kubelet.json",
        f"--kubeconfig={kubeconfig}",
        f"--root-dir={folder}/kubelet",
        f"--cert-dir={folder}/kubelet-pki",
        f"--hostname-override={NAME}",
        f"--node-ip={ledger.facts['node-address']}",
        f"--node-labels={LABELS}",
        "--maximum-dead-containers-per-container=2",  # so that `logs --previous` always works
    ]
    check(ledger, start(ledger, "kubelet", command))


def calm_down(ledger: Ledger, kubeconfig: Path) -> None:
    """Start the kubelet again with a longer back-off: the crash loops go on, but cost little."""
    folder = ledger.part("kubernetes/node")
    for process in [process for process in ledger.processes if process.name == "kubelet"]:
        end(process)
    place = folder / "kubelet.json"
    config = json.loads(place.read_text())
    config["crashLoopBackOff"] = {"maxContainerRestartPeriod": CALM}
    config |= {"syncFrequency": "10s", "volumeStatsAggPeriod": "20s"}
    place.write_text(json.dumps(config, indent=1))
    _start_kubelet(ledger, folder, kubeconfig)
