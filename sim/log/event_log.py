"""The event log: a buffer of facts that is cut into columns and handed to whoever reads it.

Stages call :attr:`EventLog.add`; readers (the KPI tables, the file writer) get chunks of columns,
so a run of a million orders needs no more memory than its tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from struct import Struct
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

COLUMNS = 5
CHUNK_FACTS = 65_536
SPILL_FACTS = 1_024
"""Facts kept as Python numbers at most: few enough to stay in the processor's cache."""

RECORD = np.dtype(
    [("time_s", "f8"), ("fact", "u1"), ("subject", "i4"), ("other", "i4"), ("value", "f8")]
)
ONE_FACT = Struct("=dBiid")
# Packing many facts in one call is three times as fast as any array of NumPy's or Python's.
FACTS_AT_ONCE = 64
MANY_FACTS = Struct("=" + FACTS_AT_ONCE * "dBiid")


class Chunk(NamedTuple):
    """Facts as columns of equal length, in the order of happening."""

    time_s: npt.NDArray[np.float64]
    fact: npt.NDArray[np.uint8]
    subject: npt.NDArray[np.int32]
    other: npt.NDArray[np.int32]
    value: npt.NDArray[np.float64]


class EventLog:
    """Append-only log of facts.

    Parameters
    ----------
    readers
        Called with each :class:`Chunk`, in order.

    Attributes
    ----------
    add
        ``add((time_s, fact, subject, other, value))``: append one fact (a bound ``list.extend``,
        because it is called some twenty times an order).
    """

    __slots__ = ("_buffer", "_readers", "_spilled", "add", "facts")

    def __init__(self, readers: Iterable[Callable[[Chunk], None]]) -> None:
        self._buffer: list[float] = []
        self._spilled = bytearray()
        self._readers = tuple(readers)
        self.add = self._buffer.extend
        self.facts = 0

    def flush_if_full(self) -> None:
        """Hand a chunk to the readers if one is full."""
        if len(self._buffer) >= SPILL_FACTS * COLUMNS:
            self._spill()
            if len(self._spilled) >= CHUNK_FACTS * RECORD.itemsize:
                self.flush()

    def _spill(self) -> None:
        """Turn the newest facts from Python numbers into plain records."""
        numbers, spilled = self._buffer, self._spilled
        at_once = FACTS_AT_ONCE * COLUMNS
        rest = len(numbers) // at_once * at_once
        for low in range(0, rest, at_once):
            spilled += MANY_FACTS.pack(*numbers[low : low + at_once])
        for low in range(rest, len(numbers), COLUMNS):
            spilled += ONE_FACT.pack(*numbers[low : low + COLUMNS])
        numbers.clear()

    def flush(self) -> None:
        """Hand everything that is in the buffer to the readers."""
        self._spill()
        if not self._spilled:
            return
        table = np.frombuffer(self._spilled, dtype=RECORD)
        self._spilled = bytearray()
        self.facts += len(table)
        chunk = Chunk(*(np.ascontiguousarray(table[name]) for name in Chunk._fields))
        for read in self._readers:
            read(chunk)


def join(chunks: Iterable[Chunk]) -> Chunk:
    """Return one chunk that holds all facts of the given ones."""
    parts = list(chunks)
    if not parts:
        return Chunk(*(np.empty(0, dtype=t) for t in ("f8", "u1", "i4", "i4", "f8")))
    return Chunk(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
