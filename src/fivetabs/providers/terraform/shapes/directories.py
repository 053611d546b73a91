"""Which directory was meant: names below the allowed roots, and what to say of a wrong one."""

import re
from collections.abc import Iterable

from fivetabs.core import Invalid, NotFound, near, spelled, term
from fivetabs.providers.terraform.port import Directory

_MOST = 8
_INSTALLED = re.compile(
    r'^[ \t]*(?:(?:provider|module|backend)[ \t]+"?[A-Za-z_]|(?:cloud|required_providers)[ \t]*\{|'
    r'(?:resource|data|ephemeral)[ \t]+"?(?!terraform_(?:data|remote_state)\b)[A-Za-z_])',
    re.MULTILINE,
)


def checked(name: str) -> str:
    """A directory as the model may write it.

    Raises:
        ValueError: If it could be read as an option, leaves its root, or is not one line of text.
    """
    if name.startswith("-"):
        raise ValueError("a directory must not begin with '-'")
    if not name.isprintable():
        raise ValueError("a directory is one line of printable text")
    if ".." in name.replace("\\", "/").split("/"):
        raise ValueError("a directory must not contain '..'; name it from its allowed root")
    if "~" in name[:1]:
        raise ValueError("'~' is not expanded; write the directory from its allowed root")
    return name.strip().rstrip("/") or name.strip()


def only(known: Iterable[Directory]) -> str:
    """The one directory there is, when the caller named none.

    Raises:
        Invalid: If there is more than one.
        NotFound: If there is none.
    """
    found = tuple(known)
    ready = tuple(each for each in found if each.initialised) or found
    if len(ready) == 1:
        return ready[0].name
    if not ready:
        raise NotFound("there is no Terraform configuration below the allowed folders")
    raise Invalid(f"name one directory of {len(ready)}", hint=f"there are {listed(ready)}")


def missing(name: str, known: Iterable[Directory]) -> NotFound:
    """The Fault for a name that is not there, with the near ones."""
    found = tuple(known)
    ends = {each.name.rsplit("/", 1)[-1]: each.name for each in found}
    close = near(name, (each.name for each in found))
    close = close or tuple(ends[end] for end in near(name.rsplit("/", 1)[-1], ends))
    hint = f"did you mean {' or '.join(map(spelled, close))}?" if close else ""
    if not hint:
        hint = f"there are {listed(found)}" if found else "there is no configuration to choose from"
    return NotFound(f"there is no Terraform directory {name!r}", hint=hint)


def listed(known: Iterable[Directory]) -> str:
    """Some names in one line, and how many more there are."""
    names = sorted(each.name for each in known)
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return ", ".join(map(term, names[:_MOST])) + more


def needs_init(source: str) -> bool:
    """Whether the text of a configuration file asks for anything that `terraform init` installs.

    A provider other than the built-in one (`terraform_data`, `terraform_remote_state`), a module or
    a backend. Text in JSON is taken to ask for something.
    """
    return source.lstrip().startswith("{") or bool(_INSTALLED.search(source))
