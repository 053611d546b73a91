"""The image names of the seeded cluster: those the node has, and those that no registry has."""

PAUSE = "rig.example/pause:1"
BUSYBOX = "busybox:1.36"
API = "registry.example/shop/orders-api:1.8.2"
STOREFRONT = "registry.example/shop/storefront:3.2.0"
DATABASE = "registry.example/shop/orders-db:16.4"
INVOICE = "registry.example/shop/nightly-invoice:1.1.0"
CANARY = "registry.example/shop/canary:3.3.0-rc1"
COREDNS = "registry.example/coredns/coredns:v1.12.1"
PRESENT = (BUSYBOX, API, STOREFRONT, DATABASE, INVOICE, CANARY, COREDNS)

REPORT = "registry.example/shop/report-export:2.4.0-rc"
UNKNOWN = "registry.example/shop/no-such-image:1.0"
PRIVATE = "registry.example/private/payments:2.0"
LIMITED = "registry.example/limited/popular:1.0"
BROKEN = "registry.example/broken/storage:1.0"


def full(name: str) -> str:
    """The name with its registry, as container runtimes keep it."""
    return name if "." in name.split("/", maxsplit=1)[0] else f"docker.io/library/{name}"


ALL_IMAGES = tuple(full(name) for name in PRESENT)
