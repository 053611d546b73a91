"""What a large world answers to a change: it is there to be looked at."""

from typing import Never


async def refuse(step: object) -> Never:
    """No step is carried out here."""
    raise AssertionError(f"nothing here is to be changed: {step}")
