"""How these tools put counts and places."""

from collections import Counter

_WORDS = 8


def count(number: int, noun: str) -> str:
    """`1 pod`, `6 pods`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def counted(words: Counter[str]) -> str:
    """`9 Running, 2 Pending`: the most frequent, and how many of how many others there are."""
    ranked = sorted(words.items(), key=lambda pair: (-pair[1], pair[0]))
    told = [f"{number} {word}" for word, number in ranked[:_WORDS]]
    if rest := ranked[_WORDS:]:
        others = count(len(rest), "other state")
        told.append(f"{sum(number for _, number in rest)} in {others}")
    return ", ".join(told)


def somewhere(namespace: str) -> str:
    """`in shop`, or `in all namespaces`."""
    return f"in {namespace}" if namespace else "in all namespaces"
