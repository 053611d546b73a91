"""The paths of the API, built from names that fit its grammar, and checked against the reads."""

from fivetabs.core import Denied, Invalid
from fivetabs.providers.kubernetes.port.resources import READS, Resource

_LONGEST_NAME = 253
_LONGEST_LABEL = 63
_OBJECT_PARTS = 2
_LOG_PARTS = 3
_NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-.")


def path_to(resource: Resource, namespace: str = "", name: str = "") -> str:
    """The path of an object, or of a list when no name is given.

    Raises:
        Invalid: If a name is not one Kubernetes could have given.
    """
    parts = [resource.root]
    if resource.namespaced and namespace:
        parts += ["namespaces", _checked(namespace)]
    parts.append(resource.plural)
    if name:
        parts.append(_checked(name))
    if resource.subresource:
        parts.append(resource.subresource)
    return "/".join(parts)


def check_path(path: str) -> None:
    """Refuse whatever is not one of `READS`.

    Raises:
        Denied: If the path reads something else, or a subresource other than a log.
    """
    if not any(_fits(each, path) for each in READS):
        raise Denied(f"{path} is not among the reads this server makes")


def name_problem(name: str) -> str:
    """Why this is not a DNS-1123 subdomain, as every name here must be; empty when it is one."""
    if not name or len(name) > _LONGEST_NAME:
        return f"a name has 1 to {_LONGEST_NAME} characters"
    if not _NAME_CHARACTERS.issuperset(name):
        return "a name has only lower-case letters, digits, '-' and '.'"
    if any(not part or part[0] == "-" or part[-1] == "-" for part in name.split(".")):
        return "a name, and each part between its dots, begins and ends with a letter or digit"
    return ""


def namespace_problem(name: str) -> str:
    """Why this is not a DNS-1123 label, as a namespace must be; empty when it is one."""
    if "." in name or len(name) > _LONGEST_LABEL:
        return f"a namespace has at most {_LONGEST_LABEL} characters and no '.'"
    return name_problem(name)


def _checked(name: str) -> str:
    if problem := name_problem(name):
        raise Invalid(f"{name!r} is not a Kubernetes name: {problem}")
    return name


def _fits(resource: Resource, path: str) -> bool:
    rest = path.removeprefix(f"{resource.root}/")
    if rest == path:
        return False
    parts = rest.split("/")
    if resource.namespaced and parts[0] == "namespaces" and len(parts) > 1:
        namespace, parts = parts[1], parts[2:]
        if name_problem(namespace):
            return False
    if parts[:1] != [resource.plural]:
        return False
    if resource.subresource:
        return len(parts) == _LOG_PARTS and parts[2] == resource.subresource and _named(parts[1])
    return len(parts) == 1 or (len(parts) == _OBJECT_PARTS and _named(parts[1]))


def _named(name: str) -> bool:
    return not name_problem(name)
