"""Where requests and the audit trail of this user are kept."""

import logging
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from time import time

from fivetabs.app.records import Records, Unwritten
from fivetabs.app.settings import AppSettings
from fivetabs.app.store.anchors import Anchor
from fivetabs.app.store.approvals import Approvals
from fivetabs.app.store.audit import Audit
from fivetabs.app.store.folders import state_folder
from fivetabs.core import Fault

_log = logging.getLogger(__name__)
_ID_BYTES = 3


def folder_of(settings: AppSettings) -> Path:
    """The folder, made and checked; the demo world has one of its own.

    Raises:
        Fault: If it cannot be made, or others could write in it.
    """
    return state_folder(settings.state, demo=settings.demo)


def approvals_in(folder: Path, settings: AppSettings) -> Approvals:
    """The approval store in a folder."""
    store = folder / "approvals.db"
    return Approvals(store, settings.approval_seconds, time, lambda: token_hex(_ID_BYTES))


def records_or_why(settings: AppSettings) -> Records:
    """The same for a server: where there is no folder it can use, it looks and changes nothing."""
    try:
        return records_of(settings)
    except Fault as fault:
        _log.warning("%s; no change can be made and no audit trail is kept", fault)
        closed = Approvals(None, 0.0, time, str, f"there is no approval store: {fault}")
        return Records(closed, Unwritten())


def records_of(settings: AppSettings) -> Records:
    """Requests and audit trail, for one process.

    Raises:
        Fault: If the folder cannot be used.
    """
    folder = folder_of(settings)
    audit = Audit(
        folder,
        server=token_hex(_ID_BYTES),
        now=lambda: datetime.now(UTC),
        anchor=Anchor(folder / "approvals.db"),
    )
    return Records(approvals_in(folder, settings), audit)
