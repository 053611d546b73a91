"""Security groups that let the whole world in where it should not be."""

from collections.abc import Iterator
from types import MappingProxyType

from fivetabs.core import Evidence, Found, Severity, rule, term
from fivetabs.providers.aws.shapes.guarding import Opening, SecurityGroup

_DELICATE = MappingProxyType(
    {
        22: "SSH",
        3389: "RDP",
        1433: "SQL Server",
        1521: "Oracle",
        2375: "Docker",
        3306: "MySQL",
        5432: "PostgreSQL",
        6379: "Redis",
        9200: "Elasticsearch",
        11211: "Memcached",
        27017: "MongoDB",
    }
)
_MOST = 4


@rule("AWS701", Severity.WARNING)
def open_to_the_world(group: SecurityGroup) -> Iterator[Found]:
    """A security group lets the whole world in at a port of administration or data.

    Narrow the rule to the networks that need it, or go through a bastion or Session Manager.
    """
    if not group.guards:
        return
    ports: dict[int, Opening] = {}
    for opening in group.openings:
        if opening.to_world:
            for port in _DELICATE:
                if opening.lets_in(port):
                    ports.setdefault(port, opening)
    if ports:
        shown = ", ".join(f"{port} ({_DELICATE[port]})" for port in list(ports)[:_MOST])
        more = f" and {len(ports) - _MOST} more" if len(ports) > _MOST else ""
        guards = ", ".join(group.guards[:_MOST])
        left = f" and {len(group.guards) - _MOST} more" if len(group.guards) > _MOST else ""
        cause = f"{group.id} ({term(group.name)}) lets the whole world in at {shown}{more}; "
        yield Found(group.subject, f"{cause}it guards {guards}{left}", tuple(_quotes(ports)))


def _quotes(ports: dict[int, Opening]) -> Iterator[Evidence]:
    for opening in dict.fromkeys(ports.values()):
        which = f"{opening.protocol} {opening.first}-{opening.last} from {opening.source}"
        yield Evidence(quote=which, source="ec2:DescribeSecurityGroups")
