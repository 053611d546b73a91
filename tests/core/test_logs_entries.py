"""Which lines belong to the entry before them, and which of them says what happened."""

import pytest

from fivetabs.core.logs.entries import MOST_PARTS, PART, START, TELLING, Entries
from fivetabs.core.logs.levels import Judge

PYTHON = """\
INFO serving
ERROR:root:order 7 failed
Traceback (most recent call last):
  File "/app/db.py", line 9, in connect
    socket.create_connection(address)
ConnectionRefusedError: [Errno 111] Connection refused

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/app/main.py", line 41, in <module>
    orders = connect("orders-db:5432")
app.errors.OrderError: cannot connect
INFO serving again"""

UNCAUGHT = """\
INFO serving
Traceback (most recent call last):
  File "/app/main.py", line 41, in <module>
KeyError: 'DB_HOST'
INFO next"""

JAVA = """\
2026-03-12 10:00:00 ERROR c.s.Orders - order 7 failed
java.lang.IllegalStateException: no pool
\tat com.shop.Orders.place(Orders.java:41)
\tat com.shop.Main.main(Main.java:7)
Caused by: java.net.ConnectException: Connection refused
\t... 23 more
2026-03-12 10:00:01 INFO  c.s.Orders - next"""

GO = """\
listening on :8080
panic: runtime error: invalid memory address or nil pointer dereference
[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x47b9c1]

goroutine 1 [running]:
main.connect(...)
\t/app/main.go:12
main.main()
\t/app/main.go:7 +0x1d
exit status 2
listening on :8080"""

NODE = """\
server up
TypeError: Cannot read properties of undefined (reading 'id')
    at handler (/app/index.js:10:9)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)
server down"""

PRETTY = """\
sending
{
  "order": 7
}
sent"""


def kinds(text: str) -> str:
    """`.` for a line that begins an entry, `+` for one that goes on, `!` for the telling one."""
    entries = Entries(Judge())
    marks = {START: ".", PART: "+", TELLING: "!"}
    return "".join(marks[entries.kind(line.encode())] for line in text.split("\n"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PYTHON, "..+++!++" + "++++!."),
        (UNCAUGHT, "..+!."),
        (JAVA, ".!++!+."),
        (GO, "..++++++++."),
        (NODE, "..++."),
        (PRETTY, "..++."),
        ("one\ntwo\n\nthree", "..+."),
        ("  first line is indented\n  second", ".+"),
        ("up\n  ERROR indented, but a line of its own", ".."),
        ("up\n  2026-03-12 10:00:00 indented", ".."),
        ("", "."),
    ],
)
def test_a_trace_belongs_to_the_entry_that_starts_it(text: str, expected: str) -> None:
    assert kinds(text) == expected


def test_an_entry_has_an_end() -> None:
    text = "begin\n" + "\n".join("  more" for _ in range(MOST_PARTS + 5))
    assert kinds(text).count(".") == 2
