"""The event log as Parquet: one row a fact, columns named so that process mining reads them."""

from __future__ import annotations

import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from sim.engine.setting import Setting
from sim.log.event_log import Chunk
from sim.log.facts import Fact

NAMES = {int(fact): fact.name.lower() for fact in Fact}
ORDER_FACTS = frozenset(int(fact) for fact in Fact if fact < Fact.TYPED_AS) | {
    int(Fact.CAPTURED), int(Fact.PROMISED),
    *range(Fact.FRAUD_HELD, Fact.PAYMENT_LAPSED),
}  # fmt: skip
LINE_FACTS = frozenset(
    int(fact)
    for fact in Fact
    if Fact.TYPED_AS <= fact <= Fact.BACKORDER_CANCELLED
    or Fact.LINE_PICKED <= fact < Fact.PART_PICKED
    or Fact.RETURN_ASKED <= fact <= Fact.REPLACED
    or Fact.AUTHORISE_STARTED <= fact <= Fact.ON_CART
    or fact in (Fact.BACKORDER_RELINKED, Fact.PAYMENT_LAPSED)
    or fact in (Fact.ENTRY_FAULT_FOUND, Fact.TYPED_RIGHT)
)
SHIPMENT_FACTS = frozenset(
    int(fact)
    for fact in Fact
    if Fact.SPLIT <= fact <= Fact.TRACKING_SENT
    or Fact.PART_PICKED <= fact <= Fact.VOID
    or fact in (Fact.PUT_ASIDE, Fact.ADDRESS_CORRECTED)
) - {int(Fact.PROMISED), int(Fact.TRUCK_LEFT)}


class EventsFile:
    """A reader of the log that writes it to a file, chunk by chunk.

    ``case:concept:name`` is the order, ``concept:name`` the fact, ``time:timestamp`` the time,
    ``org:resource`` the person or machine number; ``time_s``, ``fact``, ``subject``, ``other``,
    ``value`` are the log's own columns. Rows that belong to no order have an empty case.

    Parameters
    ----------
    path
        File to write.
    setting
        Start date, and the lines of the orders.
    first_line
        First line of each order, shape (n + 1,).
    """

    def __init__(self, path: Path, setting: Setting, first_line: np.ndarray) -> None:
        self._path = path
        start = datetime.date.fromisoformat(setting.scenario.run.start_date)
        self._start = np.datetime64(start.isoformat(), "us")
        self._first_line = first_line
        self._orders = len(first_line) - 1
        self._legs: dict[int, int] = {}
        self._writer: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._writer is not None:
            self._writer.close()

    def add(self, chunk: Chunk) -> None:
        """Write a chunk."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        order = self._order_of(chunk)
        case = pa.array([None if o < 0 else str(o) for o in order.tolist()], pa.string())
        stamps = self._start + np.round(chunk.time_s * 1e6).astype("timedelta64[us]")
        table = pa.table(
            {
                "case:concept:name": case,
                "concept:name": pa.array([NAMES[f] for f in chunk.fact.tolist()]),
                "time:timestamp": pa.array(stamps),
                "org:resource": pa.array(chunk.other),
                "time_s": pa.array(chunk.time_s),
                "fact": pa.array(chunk.fact),
                "subject": pa.array(chunk.subject),
                "other": pa.array(chunk.other),
                "value": pa.array(chunk.value),
            }
        )
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, table.schema, compression="zstd")
        self._writer.write_table(table)

    def _order_of(self, chunk: Chunk) -> np.ndarray:
        order = np.full(len(chunk.fact), -1, dtype=np.int64)
        fact = chunk.fact
        split = fact == int(Fact.SPLIT)
        self._legs.update(
            zip(chunk.subject[split].tolist(), chunk.other[split].tolist(), strict=True)
        )
        of_order = np.isin(fact, list(ORDER_FACTS))
        order[of_order] = chunk.subject[of_order]
        of_line = np.isin(fact, list(LINE_FACTS))
        order[of_line] = np.searchsorted(self._first_line, chunk.subject[of_line], side="right") - 1
        of_leg = np.isin(fact, list(SHIPMENT_FACTS))
        legs = chunk.subject[of_leg]
        order[of_leg] = [s if s < self._orders else self._legs[s] for s in legs.tolist()]
        return order
