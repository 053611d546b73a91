"""Quantities as the Kubernetes API writes them (`500m`, `1.5Gi`, `2e3`), as exact numbers.

The form is that of k8s.io/apimachinery/pkg/api/resource.Quantity.
"""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

_MOST = Decimal("1e21")  # what no cluster has, and rounding still holds
_UNITS = (
    ("Ki", Decimal(1 << 10)),
    ("Mi", Decimal(1 << 20)),
    ("Gi", Decimal(1 << 30)),
    ("Ti", Decimal(1 << 40)),
    ("Pi", Decimal(1 << 50)),
    ("Ei", Decimal(1 << 60)),
    ("n", Decimal("1e-9")),
    ("u", Decimal("1e-6")),
    ("m", Decimal("1e-3")),
    ("k", Decimal("1e3")),
    ("M", Decimal("1e6")),
    ("G", Decimal("1e9")),
    ("T", Decimal("1e12")),
    ("P", Decimal("1e15")),
    ("E", Decimal("1e18")),
)


def amount(text: str) -> Decimal | None:
    """The number that a quantity stands for; None where it is none."""
    for unit, size in _UNITS:
        if text.endswith(unit):
            number = _number(text.removesuffix(unit))
            return None if number is None else number * size
    return _number(text)


def total(texts: Iterable[str]) -> Decimal:
    """The sum of quantities; what is none counts as nothing."""
    return sum((amount(text) or Decimal(0) for text in texts), Decimal(0))


def written(number: Decimal, resource: str) -> str:
    """An amount of a resource as people write it: bytes in binary units, parts of a CPU in `m`."""
    if resource in {"memory", "storage", "ephemeral-storage"}:
        for unit, size in reversed(_UNITS[:6]):
            if number >= size:
                return f"{_short(number / size)}{unit}"
        return _short(number)
    if number != number.to_integral_value():
        return f"{_short(number * 1000)}m" if number < 1 else _short(number)
    return _short(number)


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < _MOST else None


def _short(number: Decimal) -> str:
    rounded = number.quantize(Decimal("0.01")).normalize()
    return f"{rounded:f}"
