"""JSON pointers (RFC 6901): where in an object a field stands, and what stands there."""

from typing import Any, cast

from fivetabs.core import Invalid

_LONGEST_INDEX = 6


def pointer(*tokens: str | int) -> str:
    """The pointer of these names and indexes."""
    return "".join(f"/{str(each).replace('~', '~0').replace('/', '~1')}" for each in tokens)


def tokens_of(text: str) -> tuple[str, ...]:
    """The names and indexes of a pointer; none for the whole object.

    Raises:
        Invalid: If it is none.
    """
    if not text:
        return ()
    if text[0] != "/" or "~" in text.replace("~0", "").replace("~1", ""):
        raise Invalid(f"{text[:80]!r} is not a JSON pointer such as /spec/replicas")
    return tuple(each.replace("~1", "/").replace("~0", "~") for each in text[1:].split("/"))


def look_up(document: Any, text: str) -> Any:
    """What stands at a pointer.

    Raises:
        LookupError: If nothing does.
    """
    found = document
    for token in tokens_of(text):
        if isinstance(found, list):
            elements = cast("list[Any]", found)
            found = elements[index_of(token, len(elements) - 1)]
        elif isinstance(found, dict):
            found = cast("dict[str, Any]", found)[token]
        else:
            raise LookupError(token)  # noqa: TRY004  (the pointer leads nowhere)
    return found


def index_of(token: str, last: int) -> int:
    """The index that a token means in a list.

    Raises:
        LookupError: If it is none, or beyond the last one that may be.
    """
    plain = token.isascii() and token.isdigit() and len(token) <= _LONGEST_INDEX
    if not plain or token != str(int(token)) or int(token) > last:
        raise LookupError(token)
    return int(token)
