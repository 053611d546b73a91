"""What is a secret by its name, and the secrets of raw answers, for houses and pipeline alike.

Pure. What is secret by its form alone is the pipeline's to know (`app.redact`).
"""

from fivetabs.core.secrecy.finding import named, secrets_of, secrets_of_text
from fivetabs.core.secrecy.judging import hides
from fivetabs.core.secrecy.names import Secrecy, secrecy
from fivetabs.core.secrecy.seen import Seen

__all__ = ["Secrecy", "Seen", "hides", "named", "secrecy", "secrets_of", "secrets_of_text"]
