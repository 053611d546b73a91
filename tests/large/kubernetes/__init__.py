"""A cluster of 5,000 pods and what is wrong with it; and clusters that are extreme in one way."""

from tests.large.kubernetes.crowd import Crowd, Truth, opened
from tests.large.kubernetes.everyday import everyday

__all__ = ["Crowd", "Truth", "everyday", "opened"]
