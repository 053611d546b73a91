"""An answer within a caller's budget of tokens, in both of its forms, with a way to the rest."""

from fivetabs.app.fitting.answers import CEILING, LEAST, fit, roomy, size
from fivetabs.app.fitting.words import clip

__all__ = ["CEILING", "LEAST", "clip", "fit", "roomy", "size"]
