"""One redactor for these tests: its rules take a moment to load."""

import pytest

from fivetabs.app.redact import Redactor


@pytest.fixture(scope="session")
def redactor() -> Redactor:
    return Redactor(b"a key of these tests")
