"""An answer within a caller's budget of tokens, in both of its forms, with a way to the rest."""

from fivetabs.app.fitting.answers import CEILING, LEAST, fit, large, roomy, size
from fivetabs.app.fitting.words import clip

__all__ = ["CEILING", "LEAST", "clip", "fit", "large", "roomy", "size"]
