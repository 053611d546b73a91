"""A real single-node Kubernetes, filled with the incident and the zoo."""

from dataclasses import dataclass
from pathlib import Path

from tests.rig.kubernetes import auth, control_plane, node, seed
from tests.rig.kubernetes.api import Api
from tests.rig.ledger import Ledger
from tests.rig.loopback import serve
from tests.rig.ports import free_ports
from tests.rig.processes import alive
from tests.rig.waiting import until

HURRY_LIMIT = 90  # seconds in which the crash loops must have gone round often enough


@dataclass(frozen=True)
class Kubernetes:
    """A handle on the rig's cluster; any process that has the ledger can make one."""

    ledger: Ledger

    @property
    def access(self) -> auth.Access:
        """Ways to write kubeconfigs: plugin, certificate, proxy, two files, and broken ones."""
        return auth.access(self.ledger)

    @property
    def api(self) -> Api:
        """The API server as its admin, for what tests have to set up."""
        return Api(self.access)

    def start(self) -> None:
        """Start the cluster and apply the seed, without waiting for what comes of it."""
        access = control_plane.up(self.ledger)
        api = Api(access)
        seed.lose_a_node(api, self.ledger.facts.get("worker-c", seed.NOT_OUR_INSTANCE))
        node.up(self.ledger, self._kubeconfig)
        seed.wait_for_nodes(api, node.NAME)
        seed.sow(api, with_zoo=self._with_zoo)
        seed.let_the_lost_be_found(api)

    def wait_for_seed(self, deadline: float) -> None:
        """Wait until incident and zoo are in their state, at most so many seconds.

        Crash loops are in a hurry until then, and slow down for the tests that follow.
        """
        if "calm" not in self.ledger.facts:
            until(lambda: seed.restarted_often(self.api), "the crash loops", HURRY_LIMIT)
            node.calm_down(self.ledger, self._kubeconfig)
            self.ledger.learn(calm="yes")
        seed.wait_for_seed(self.api, deadline, with_zoo=self._with_zoo)

    @property
    def _with_zoo(self) -> bool:
        return self.ledger.facts.get("zoo") != "no"

    @property
    def _kubeconfig(self) -> Path:
        return Path(self.ledger.environment["KUBECONFIG"])

    def proxied(self) -> tuple[Path, Path]:
        """A kubeconfig that leads through a CONNECT proxy, and the log of the proxy's tunnels."""
        port = self._server("proxy")
        return self.access.through(port), self.ledger.part("logs") / "loopback-proxy.log"

    def hanging(self) -> Path:
        """A kubeconfig of a server that accepts connections and never answers."""
        return self.access.elsewhere("hanging", self._server("hanging"))

    def closed(self) -> Path:
        """A kubeconfig of a server that is not there: its port is closed."""
        (port,) = free_ports(1)
        return self.access.elsewhere("closed", port)

    def _server(self, script: str) -> int:
        """The port of a server on loopback, which is started when it is first asked for."""
        fact = f"{script}-port"
        name = f"loopback-{script}"
        if not any(one.name == name and alive(one) for one in self.ledger.processes):
            self.ledger.learn(**{fact: str(serve(self.ledger, script))})
        return int(self.ledger.facts[fact])
