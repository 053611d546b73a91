"""RE2 patterns, compiled when they are first used: linear time, whatever text they meet."""

from functools import cache
from importlib import import_module
from typing import Any


@cache
def pattern(source: str) -> Any:
    """A compiled pattern. The library ships no types, and is not imported at start."""
    re2: Any = import_module("re2")
    options = re2.Options()
    options.max_mem = 32 << 20
    options.log_errors = False
    return re2.compile(source, options)
