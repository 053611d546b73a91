"""The rig as one thing: start parts, know their environment, end all of it."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.rig import aws, docker, remains, terraform
from tests.rig.kubernetes import Kubernetes
from tests.rig.ledger import Ledger, default_folder, load
from tests.rig.needs import PARTS, missing
from tests.rig.processes import end

SEED_DEADLINE = 120
DOCKER_DEADLINE = 40
ALWAYS = {"FIVETABS_CHANGES": "model"}


class Rig:
    """Real backends on this machine; a second Rig of the same folder is the same rig."""

    def __init__(self, folder: Path | None = None) -> None:
        self.ledger: Ledger = load((folder or default_folder()).resolve())

    @staticmethod
    def missing(parts: Sequence[str] = PARTS) -> list[str]:
        """Why these parts cannot run on this machine; empty if they can."""
        return missing(parts)

    @property
    def environment(self) -> dict[str, str]:
        """The variables under which everything finds the rig's backends."""
        return dict(self.ledger.environment)

    @property
    def facts(self) -> dict[str, str]:
        """What was found out on the way, such as the id of the instance `worker-c`."""
        return dict(self.ledger.facts)

    @property
    def kubernetes(self) -> Kubernetes:
        """The cluster: kubeconfig files of every kind, its API, the wait for its seed."""
        return Kubernetes(self.ledger)

    def up(self, parts: Sequence[str] = PARTS, *, with_zoo: bool = True) -> None:
        """Start and seed parts, in the background; what runs already is left alone.

        Without its zoo the cluster holds the incident alone. If a part fails, what was started
        stays in the ledger, for `down`.
        """
        wanted = [part for part in PARTS if part in parts and part not in self.ledger.parts]
        self.ledger.parts.extend(wanted)
        remains.note_absent(self.ledger)
        if not with_zoo:
            self.ledger.learn(zoo="no")
        self.ledger.export(**ALWAYS)
        lanes = (("aws", "terraform", "kubernetes"), ("docker",))

        def start(lane: tuple[str, ...]) -> None:
            self._start([part for part in lane if part in wanted])

        with ThreadPoolExecutor(len(lanes)) as workers:
            list(workers.map(start, lanes))

    def _start(self, parts: Sequence[str]) -> None:
        starts: dict[str, Callable[[], None]] = {
            "aws": lambda: aws.up(self.ledger),
            "terraform": lambda: terraform.up(self.ledger),
            "kubernetes": self._kubernetes,
            "docker": self._docker,
        }
        for part in parts:
            starts[part]()

    def _kubernetes(self) -> None:
        self.kubernetes.start()
        self.kubernetes.wait_for_seed(SEED_DEADLINE)

    def _docker(self) -> None:
        docker.up(self.ledger)
        docker.wait_for_seed(self.ledger, DOCKER_DEADLINE)

    def down(self) -> None:
        """End everything that this rig has started and remove every trace of it."""
        ledger = self.ledger = load(self.ledger.folder)
        sockets = remains.shim_sockets(ledger)  # a bundle may go before its shim is killed
        for process in reversed(ledger.processes):
            end(process)
        remains.end_containers(ledger)
        for socket in sockets | remains.shim_sockets(ledger):
            socket.unlink(missing_ok=True)
        for remove in (
            remains.unmount,
            remains.remove_network,
            remains.remove_links,
            remains.remove_cgroups,
            remains.restore_sysctls,
            remains.remove_absent,
            remains.remove_folder,
        ):
            remove(ledger)
        self.ledger = load(ledger.folder)
