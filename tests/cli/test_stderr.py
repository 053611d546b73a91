"""What the process prints to stderr, whatever goes wrong in it."""

import subprocess
import sys

PASSWORD = "blue-Whale-7741"  # noqa: S105
PROGRAM = f"""
import logging, threading, warnings
from fivetabs.app.redact import Redactor
from fivetabs.cli.stderr import guard
redactor = Redactor(b"key")
redactor.learn(["{PASSWORD}"])
guard(redactor)
logging.getLogger("a").warning("sent %s", "{PASSWORD}")
warnings.warn("about {PASSWORD}")
def work():
    raise ValueError("in a thread: {PASSWORD}")
thread = threading.Thread(target=work)
thread.start(); thread.join()
try:
    raise KeyError("first {PASSWORD}")
except KeyError as error:
    raise RuntimeError("then {PASSWORD}") from error
"""


def test_no_secret_is_printed_by_a_log_a_warning_a_thread_or_at_the_end() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    for word in ("sent", "about", "in a thread", "first", "then", "RuntimeError"):
        assert word in done.stderr
    # The program's own lines stand in tracebacks only where Python has a file to read them from.
    assert PASSWORD not in done.stderr
    assert done.stdout == ""
