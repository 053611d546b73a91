"""Whether anything of a secret is left in a text."""

from tests.corpus import Planted

_TELLING = 8


def leaked(planted: Planted, shown: str) -> bool:
    """Whether eight characters of a secret, or all of a shorter one, are still there.

    Characters that also stand around the secret prove nothing and do not count.
    """
    around = planted.text
    for secret in planted.secrets:
        around = around.replace(secret, "\0")
    return any(
        piece in shown and piece not in around for s in planted.secrets for piece in pieces(s)
    )


def pieces(secret: str) -> set[str]:
    """Every run of eight characters of a secret; quotes around it are not part of it."""
    bare = secret.strip('"')
    size = min(len(bare), _TELLING)
    return {bare[at : at + size] for at in range(len(bare) - size + 1)}
