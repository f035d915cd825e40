"""The one door to other files.

A path written inside a file is the file's word, not the user's: it must name a regular file in
that file's own folder, whatever links lie on the way. A path typed on the command line is the
user's own and may lie anywhere, but must be a regular file too.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from sim.errors import shown_value

SUFFIXES = (".yaml", ".yml")
OWN_PATH = "copy the file there, or name it with --set"


class PathRefused(Exception):
    """A path that may not be opened: what was found, what is allowed, how to mend it."""

    def __init__(self, found: str, expected: str, hint: str = "") -> None:
        super().__init__(found, expected, hint)
        self.found = found
        self.expected = expected
        self.hint = hint


def resolved_file(text: str, folder: Path | None) -> Path:
    """Return the real path of a regular file.

    Parameters
    ----------
    text
        Path as written.
    folder
        Folder in which the file must lie and from which the path counts; None for a path typed
        by the user, which counts from the current folder and may lie anywhere.

    Raises
    ------
    PathRefused
        If there is no such file, it is no regular file, or it lies outside the folder.
    """
    shown = shown_value(text)
    if not text.strip() or "\0" in text:
        raise PathRefused(f"found the path {shown}", "expected the name of a file")
    if folder is not None:
        _refuse_foreign(text, shown)
    candidate = Path(text) if folder is None else folder / text
    try:
        real = candidate.resolve(strict=True)
        mode = real.stat().st_mode
    except FileNotFoundError:
        raise PathRefused(
            f"found no file {shown}", "expected a file that exists", _nearby(candidate)
        ) from None
    except (OSError, RuntimeError, ValueError):
        raise PathRefused(f"found {shown}, which cannot be opened", "expected a file") from None
    if folder is not None and not real.is_relative_to(folder.resolve()):
        raise PathRefused(
            f"found {shown}, which leads out of the folder",
            "expected a file inside the folder of the file that names it",
            OWN_PATH,
        )
    if not stat.S_ISREG(mode):
        raise PathRefused(f"found {shown}, which is no regular file", "expected a regular file")
    return real


def _refuse_foreign(text: str, shown: str) -> None:
    inside = "expected a relative path inside the folder of the file that names it"
    if "://" in text:
        raise PathRefused(f"found the address {shown}", inside, "nothing is fetched")
    if "\\" in text:
        raise PathRefused(f"found the path {shown}", inside, "write / between folders")
    if Path(os.path.normpath(text)).parts[:1] == (os.pardir,):
        raise PathRefused(f"found {shown}, which leads out of the folder", inside, OWN_PATH)
    if text.startswith(("/", "~")) or Path(text).is_absolute() or text[1:2] == ":":
        raise PathRefused(f"found the path {shown}", inside, OWN_PATH)


def _nearby(candidate: Path) -> str:
    import difflib

    try:
        names = sorted(entry.name for entry in candidate.parent.iterdir() if entry.is_file())
    except OSError:
        return ""
    near = difflib.get_close_matches(candidate.name[:80], names[:500], n=1)
    return f"did you mean {shown_value(near[0])}" if near else ""


def read_limited(path: Path, limit: int) -> bytes:
    """Return at most ``limit + 1`` bytes of a file: one too many says that it is too long."""
    with path.open("rb") as stream:
        return stream.read(limit + 1)


def bundled_folder() -> Path:
    """Return the folder of the bundled scenarios: the installed one, else the checkout's."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "_scenarios"
    return installed if installed.is_dir() else package.parent / "scenarios"


def bundled_scenarios() -> dict[str, Path]:
    """Return the scenarios that come with warelab, by name, in order of the name."""
    folder = bundled_folder()
    files = (path for suffix in SUFFIXES for path in folder.glob(f"*{suffix}"))
    return {path.stem: path for path in sorted(files, key=lambda path: path.name)}


def is_bundled_name(text: str) -> bool:
    """Tell whether a word is a name of a scenario, not a path.

    >>> is_bundled_name("baseline"), is_bundled_name("peak.yaml"), is_bundled_name("a/b")
    (True, False, False)
    """
    return not text.lower().endswith(SUFFIXES) and "/" not in text and "\\" not in text


def shown_file(path: Path) -> str:
    """Return a path as a user knows it: from the current folder where it lies below it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
