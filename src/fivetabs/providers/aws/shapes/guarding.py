"""Security groups: who may come in, at which ports.

Source: EC2 API, `SecurityGroup`, `IpPermission`; a protocol of -1 is every protocol and port.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fivetabs.core import Subject

_WORLD = ("0.0.0.0/0", "::/0")
_ALL_PORTS = 65535


@dataclass(frozen=True, slots=True)
class Opening:
    """One range of ports that lets somebody in. `source` is a network, a group or a prefix list."""

    protocol: str
    first: int
    last: int
    source: str

    @property
    def to_world(self) -> bool:
        """Whether everybody may come in."""
        return self.source in _WORLD

    def lets_in(self, port: int, protocol: str = "tcp") -> bool:
        """Whether the range covers a port."""
        return self.protocol in {"-1", protocol} and self.first <= port <= self.last


@dataclass(frozen=True, slots=True)
class SecurityGroup:
    """A security group with its ways in, and what it guards (labels of ours)."""

    subject: Subject
    id: str
    name: str
    openings: tuple[Opening, ...]
    guards: tuple[str, ...] = ()


def parse_security_group(
    raw: Mapping[str, Any], *, account: str, region: str, guards: tuple[str, ...] = ()
) -> SecurityGroup:
    """Read a security group of DescribeSecurityGroups."""
    found = (opening for each in raw.get("IpPermissions", ()) for opening in _openings(each))
    return SecurityGroup(
        subject=Subject("aws", f"{account}/{region}", ("sg", raw["GroupId"])),
        id=raw["GroupId"],
        name=raw.get("GroupName", ""),
        openings=tuple(found),
        guards=guards,
    )


def _openings(raw: Mapping[str, Any]) -> Iterator[Opening]:
    protocol = str(raw.get("IpProtocol", "-1"))
    everything = protocol == "-1"
    first = 0 if everything else int(raw.get("FromPort", 0))
    last = _ALL_PORTS if everything else int(raw.get("ToPort", _ALL_PORTS))
    sources = (
        *(each.get("CidrIp", "") for each in raw.get("IpRanges", ())),
        *(each.get("CidrIpv6", "") for each in raw.get("Ipv6Ranges", ())),
        *(each.get("GroupId", "") for each in raw.get("UserIdGroupPairs", ())),
        *(each.get("PrefixListId", "") for each in raw.get("PrefixListIds", ())),
    )
    for source in sources:
        yield Opening(protocol, first, last, source)
