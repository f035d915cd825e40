"""Private folders in which workers hand over what they have done.

A first process that is killed leaves its folder behind. Machine and number of the process stand in
the name, so whoever makes the next folder takes away those of processes that are no more.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

PREFIX = "warelab-workers-"


def worker_folder() -> Path:
    """Make a folder that only this user may read, and take away those left by the dead."""
    _take_away_left()
    return Path(tempfile.mkdtemp(prefix=f"{_here()}{os.getpid()}-"))


def _take_away_left() -> None:
    """Remove this user's folders of processes of this machine that are no more."""
    if sys.platform == "win32":  # asking for a process by a signal would end it there
        return
    here = _here()
    for folder in sorted(Path(tempfile.gettempdir()).glob(f"{PREFIX}*")):
        process = folder.name.removeprefix(here).partition("-")[0]
        with suppress(OSError):
            if process.isdecimal() and folder.lstat().st_uid == os.getuid() and _ended(process):
                shutil.rmtree(folder, ignore_errors=True)


def _here() -> str:
    """Return how names of folders of this machine begin; containers may share a disk."""
    return f"{PREFIX}{re.sub(r'[^a-z0-9]', '_', platform.node().lower())}-"


def _ended(process: str) -> bool:
    """Tell whether no process has this number."""
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, OverflowError):
        return True
    except PermissionError:  # somebody else's by now, so its folder's owner is gone
        return True
    return False
