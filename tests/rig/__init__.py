"""The rig: real backends, seeded with the incident, for the live rung of the tests."""

from tests.rig.needs import PARTS
from tests.rig.rig import Rig

__all__ = ["PARTS", "Rig"]
