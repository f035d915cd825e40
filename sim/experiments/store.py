"""Finished replications on the disk: what was played once need not be played again.

One SQLite file a scenario (and program, and library versions): write-ahead log, every commit
synced to the disk, one transaction and one checksum a replication. One process at a time holds the
file, by the kernel's lock: it is free at once when the process dies, however it dies. Nothing that
is read can run code.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from sim.errors import StoreError
from sim.experiments.interrupts import ctrl_c_held
from sim.experiments.outcome_bytes import from_bytes, to_bytes
from sim.experiments.replication import Outcome

FORMAT = 1
LOOK_AGAIN_S = 0.05

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_HELD = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_NOT_ALLOWED = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}
_TABLES = """
CREATE TABLE IF NOT EXISTS about (part TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS replications (
    replication INTEGER PRIMARY KEY,
    orders INTEGER NOT NULL,  -- 1: with a row for each order
    checksum BLOB NOT NULL,
    outcome BLOB NOT NULL
);
"""

_ROW = "replication, orders, checksum, outcome"

Row = tuple[int, int, bytes, bytes]
"""Replication, 1 if with a row for each order, checksum, outcome."""


class Store:
    """The finished replications of one scenario; held until :meth:`close`.

    Parameters
    ----------
    path
        The file; it and its folder are made.
    about
        What the numbers depend on, by name; an older file must say the same.
    say
        Told what a person should know: that another run is waited for, that something is damaged.
    wait
        Wait for a run that holds the file, else refuse.

    Raises
    ------
    StoreError
        The file cannot be written, is held (without ``wait``), or is of something else.
    """

    def __init__(
        self,
        path: Path,
        about: Mapping[str, str],
        *,
        say: Callable[[str], None] = lambda _: None,
        wait: bool = True,
    ) -> None:
        self.path = path
        self._about = dict(about)
        self._say = say
        self._made = [one for one in (path.parent, *path.parent.parents) if not one.exists()]
        with _told(path):
            try:
                self._open(wait)
            except sqlite3.DatabaseError as error:
                if not _is(error, _DAMAGED):
                    raise
                self._begin_anew()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def numbers(self) -> dict[int, bool]:
        """Return the numbers of the replications that are kept, True for those with orders."""
        with _told(self.path):
            rows = self._file.execute("SELECT replication, orders FROM replications ORDER BY 1")
            return {number: bool(orders) for number, orders in rows}

    def missing(self, replications: Iterable[int], orders_of: int | None = None) -> list[int]:
        """Return those of the replications that have to be played; as in :meth:`read`."""
        kept = self.numbers()
        return [
            one
            for one in replications
            if not kept.get(one) and (one == orders_of or one not in kept)
        ]

    def read(self, replications: Iterable[int], orders_of: int | None = None) -> dict[int, Outcome]:
        """Return those of the replications that are kept and whole, by number.

        Parameters
        ----------
        replications
            Numbers.
        orders_of
            The replication that must have a row for each order; the others come without.
        """
        found = {}
        for number in replications:
            outcome = self._read(number)
            if outcome is None or (number == orders_of and outcome.orders is None):
                continue
            found[number] = outcome if number == orders_of else replace(outcome, orders=None)
        return found

    def add(self, outcome: Outcome) -> None:
        """Keep an outcome; when this returns it is on the disk.

        Raises
        ------
        StoreError
            The disk does not take it; what was kept before is whole.
        """
        number, orders, content = outcome.replication, outcome.orders is not None, to_bytes(outcome)
        with _told(self.path):
            self._write((number, int(orders), _checksum(number, int(orders), content), content))

    def take_from(self, other: Store) -> None:
        """Keep what another store keeps too.

        Raises
        ------
        StoreError
            A replication has other numbers there than here.
        """
        for number in other.numbers():
            theirs, ours = other._read(number), self._read(number)
            if theirs is None:
                continue
            if ours is not None and ours.digest != theirs.digest:
                raise StoreError(
                    f"{other.path}: replication {number} has other numbers than in {self.path}; "
                    "the machines do not compute alike: play all replications on one of them"
                )
            if ours is None or (ours.orders is None and theirs.orders is not None):
                self.add(theirs)

    def close(self) -> None:
        """Let the file go; one with nothing in it goes away, and the folders made for it."""
        with suppress(sqlite3.Error):
            self._take_away_if_empty()
        with suppress(sqlite3.Error):  # a full disk; the log is worked in by the next who opens
            self._file.close()
        for folder in self._made:
            with suppress(OSError):
                folder.rmdir()

    def _take_away_if_empty(self) -> None:
        if self._file.execute("SELECT 1 FROM replications LIMIT 1").fetchone() is not None:
            return
        # Without a log first: closing would take away the log of whoever comes next.
        if self._file.execute("PRAGMA journal_mode = MEMORY").fetchone() == ("memory",):
            with suppress(OSError):
                self.path.unlink()

    def _open(self, wait: bool) -> None:
        self._file = self._held(wait)
        try:
            self._look_over()
            self._file.executescript(f"BEGIN; {_TABLES} COMMIT;")
            self._compare()
        except BaseException:
            self._file.close()
            raise

    def _held(self, wait: bool) -> sqlite3.Connection:
        """Open the file and lock it until the end; look again while somebody else has it."""
        told = False
        while True:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.touch()
            before = self.path.stat().st_ino
            file = sqlite3.connect(self.path, timeout=0.0, isolation_level=None)
            try:
                file.executescript(
                    "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;"
                    "PRAGMA synchronous = FULL; BEGIN IMMEDIATE; COMMIT;"
                )
                # The holder before us may have taken an empty file away in between.
                if self.path.exists() and self.path.stat().st_ino == before:
                    return file
                file.close()
            except BaseException as error:
                file.close()
                if not (isinstance(error, sqlite3.Error) and _is(error, _HELD)):
                    raise
                if not wait:
                    raise StoreError(
                        f"{self.path} is held by a run that is going on: wait for its end"
                    ) from None
                if not told:
                    self._say(f"another run is keeping its replications in {self.path}: waiting")
                    told = True
            time.sleep(LOOK_AGAIN_S)

    def _look_over(self) -> None:
        if self._file.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            damaged = sqlite3.DatabaseError("pages do not fit together")
            damaged.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise damaged

    def _compare(self) -> None:
        """Write what the file is about, or see that it is about the same."""
        known = dict(self._file.execute("SELECT part, value FROM about"))
        if not known:
            with ctrl_c_held():
                self._file.execute("BEGIN")
                self._file.executemany("INSERT INTO about VALUES (?, ?)", self._about.items())
                self._file.execute("COMMIT")
        elif known != self._about:
            parts = dict.fromkeys((*known, *self._about))
            other = [part for part in parts if known.get(part) != self._about.get(part)]
            raise StoreError(
                f"{self.path} keeps replications of something else: other {', '.join(other)}"
            )

    def _begin_anew(self) -> None:
        """Set a damaged file aside and keep in a new one what can still be read."""
        aside = self.path.with_name(f"{self.path.name}.damaged")
        for ending in ("-wal", ""):
            with suppress(FileNotFoundError):
                self.path.with_name(self.path.name + ending).replace(f"{aside}{ending}")
        rows = _readable(aside)
        self._say(
            f"{self.path} is damaged: {len(rows)} replications could be read; "
            f"it stands aside as {aside.name}"
        )
        self._open(wait=True)
        for row in rows:
            self._write(row)

    def _read(self, number: int) -> Outcome | None:
        """Return a replication that is kept and whole; of a damaged one say so."""
        try:
            row = self._file.execute(
                f"SELECT {_ROW} FROM replications WHERE replication = ?",  # noqa: S608  # our words
                (number,),
            ).fetchone()
            return None if row is None else from_bytes(_content(row))
        except (sqlite3.Error, ValueError) as error:
            self._say(f"{self.path}: replication {number} is damaged ({error}): not used")
            return None

    def _write(self, row: Row) -> None:
        with ctrl_c_held():
            self._file.execute("BEGIN IMMEDIATE")
            try:
                self._file.execute(
                    f"INSERT OR REPLACE INTO replications ({_ROW}) VALUES (?, ?, ?, ?)",  # noqa: S608
                    row,
                )
                self._file.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._file.execute("ROLLBACK")
                raise


def _checksum(number: int, orders: int, content: bytes) -> bytes:
    return hashlib.sha256(f"{number} {orders}\n".encode() + content).digest()


def _content(row: Row) -> bytes:
    """Return a row's outcome if it is what was written, whatever types it has now."""
    number, orders, checksum, content = row
    if not isinstance(content, bytes) or checksum != _checksum(number, orders, content):
        raise ValueError("wrong checksum")
    return content


def _readable(path: Path) -> list[Row]:
    """Return the rows of a damaged file that can be read from either end."""
    rows: dict[int, Row] = {}
    file = sqlite3.connect(path, timeout=0.0, isolation_level=None)
    try:
        for way in ("ASC", "DESC"):
            with suppress(sqlite3.Error):
                for row in file.execute(
                    f"SELECT {_ROW} FROM replications ORDER BY replication {way}"  # noqa: S608
                ):
                    with suppress(ValueError):
                        _content(row)
                        rows[row[0]] = row
    finally:
        file.close()
    return [rows[number] for number in sorted(rows)]


def _is(error: sqlite3.Error, codes: set[int]) -> bool:
    """Tell whether an error is one of these; its finer code stands in the higher bits."""
    return (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF in codes


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what the disk says into words with the file's name and a way out."""
    try:
        yield
    except OSError as error:
        raise StoreError(_words(error.filename or path, error.strerror or str(error))) from error
    except sqlite3.Error as error:
        if _is(error, _NOT_ALLOWED):
            raise StoreError(_words(path, str(error))) from error
        if _is(error, _DAMAGED):
            raise StoreError(
                f"{path} is damaged ({error}): delete it, all is played again"
            ) from error
        raise StoreError(
            f"{path}: {error} ({_free(path)} free there): make room and give the same command "
            "again, it goes on from what is kept; or choose another folder with --results"
        ) from error


def _words(path: object, why: str) -> str:
    return (
        f"the store of replications cannot be written: {path}: {why}; choose another folder with "
        "--results, or keep none with --no-cache"
    )


def _free(path: Path) -> str:
    try:
        return f"{shutil.disk_usage(path.parent).free / 1e6:,.0f} MB"
    except OSError:
        return "unknown space"
