"""Who is picked first: the order in which waiting work stands before the pickers.

A rule gives a key; smaller keys go first, equal keys in the order of joining. A key is asked for
once, at joining: a rule whose keys move apart while the work waits has no place here.
"""

from __future__ import annotations

from bisect import insort
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar


class Urgent(Protocol):
    """What a sequence may know of an order."""

    rank: int
    promised_truck_s: float


Key = Callable[[Urgent, float], float]
"""Gives work a number from its order and the seconds that its lines and units should take."""


def by_rank(order: Urgent, expected_s: float) -> float:
    """The channel's rank, 0 first."""
    return float(order.rank)


def by_due_time(order: Urgent, expected_s: float) -> float:
    """The promised truck, the earliest first."""
    return order.promised_truck_s


def by_work(order: Urgent, expected_s: float) -> float:
    """The seconds at the shelf, the fewest first (Smith 1956)."""
    return expected_s


SEQUENCE: dict[str, Key | None] = {
    "first_come": None,
    "priority": by_rank,
    "due_time": by_due_time,
    "shortest_first": by_work,
}
"""Rules by name; None: as they come."""

T = TypeVar("T")
COMPACT_AT = 4096


class KeptInOrder(Sequence[T]):
    """A waiting line that is always sorted by a key, the first at place 0.

    Joining costs a binary search and a shift of pointers, leaving at the front nothing: both stay
    cheap with 20,000 in line.

    Parameters
    ----------
    key
        Key of an entry; entries of equal keys stand in the order of joining.
    """

    __slots__ = ("_entries", "_head", "_key", "_tickets")

    def __init__(self, key: Callable[[T], float]) -> None:
        self._key = key
        self._entries: list[tuple[float, int, T]] = []
        self._head = 0
        self._tickets = 0

    def append(self, value: T) -> None:
        """Let an entry join at its place."""
        self._tickets += 1
        insort(self._entries, (self._key(value), self._tickets, value), lo=self._head)

    def popleft(self) -> T:
        """Take the first entry."""
        entry = self._entries[self._head][2]
        self._head += 1
        if self._head == COMPACT_AT:
            del self._entries[:COMPACT_AT]
            self._head = 0
        return entry

    def __len__(self) -> int:
        return len(self._entries) - self._head

    def __getitem__(self, place: int) -> T:  # type: ignore[override]  # no slices
        if not 0 <= place < len(self):
            raise IndexError(place)
        return self._entries[self._head + place][2]

    def __delitem__(self, place: int) -> None:
        del self._entries[self._head + place]

    def __iter__(self) -> Iterator[T]:
        for place in range(self._head, len(self._entries)):
            yield self._entries[place][2]


def waiting_line(key: Callable[[T], float] | None) -> deque[T] | KeptInOrder[T]:
    """Return an empty waiting line: a plain row where everybody goes as they come."""
    return deque() if key is None else KeptInOrder(key)
