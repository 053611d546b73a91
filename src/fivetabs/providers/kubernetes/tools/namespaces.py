"""Namespaces that are not there: said, with the near names."""

from fivetabs.core import Denied, NotFound, did_you_mean
from fivetabs.providers.kubernetes.port import NAMESPACES, Cluster, path_to
from fivetabs.providers.kubernetes.shapes.tables import parse_rows


async def require_namespace(cluster: Cluster, namespace: str) -> None:
    """Tell an empty namespace from one that does not exist (the API lists both as empty).

    Raises:
        NotFound: If it does not exist.
    """
    try:
        await cluster.get(path_to(NAMESPACES, name=namespace))
    except Denied:
        return
    except NotFound:
        table = await cluster.table(path_to(NAMESPACES), objects="None")
        names = [row.name for row in parse_rows(table)]
        raise NotFound(
            f"there is no namespace {namespace!r} in {cluster.context}",
            hint=did_you_mean(namespace, names, otherwise=f"there are: {', '.join(names[:20])}"),
        ) from None
