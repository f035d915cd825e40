"""A chunk of the log, sorted once into slices of one kind of fact each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.log.event_log import Chunk

KINDS = 256
DAY_S = 86_400.0


@dataclass(frozen=True)
class Window:
    """The measured stretch of time.

    Parameters
    ----------
    start_s, end_s
        Orders placed in [start_s, end_s) are the cohort; work and stock are cut to it.
    """

    start_s: float
    end_s: float

    @property
    def length_s(self) -> float:
        """Length in seconds."""
        return self.end_s - self.start_s

    def cut(self, time_s: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return times moved to the nearest one inside the window."""
        return np.clip(time_s, self.start_s, self.end_s)

    def left_s(self, time_s: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return how much of the window is left after some times, s."""
        left: npt.NDArray[np.float64] = self.end_s - self.cut(time_s)
        return left

    def day_end_left_s(self, time_s: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return a day's seconds for each midnight of the window, its end included, after a time.

        What happens at midnight itself is not yet seen at that midnight.
        """
        first = np.maximum(np.floor(time_s / DAY_S), np.floor(self.start_s / DAY_S))
        left: npt.NDArray[np.float64] = np.maximum(np.floor(self.end_s / DAY_S) - first, 0.0)
        return left * DAY_S

    def holds(self, time_s: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
        """Tell which times lie inside; a missing time (NaN) does not."""
        return (time_s >= self.start_s) & (time_s < self.end_s)


class Slice(NamedTuple):
    """All facts of one kind in a chunk; ``position`` is their place in it."""

    time_s: npt.NDArray[np.float64]
    subject: npt.NDArray[np.int32]
    other: npt.NDArray[np.int32]
    value: npt.NDArray[np.float64]
    position: npt.NDArray[np.int64]


Handler = Callable[[Slice], None]


class Facts(NamedTuple):
    """Facts of several kinds in the order of happening."""

    time_s: npt.NDArray[np.float64]
    fact: npt.NDArray[np.int64]
    subject: npt.NDArray[np.int32]
    other: npt.NDArray[np.int32]
    value: npt.NDArray[np.float64]


def in_order(slices: Mapping[int, Slice], kinds: Iterable[int]) -> Facts | None:
    """Return the facts of some kinds in the order of happening; None if there are none."""
    found = [(kind, slices[kind]) for kind in kinds if kind in slices]
    if not found:
        return None
    order = np.argsort(np.concatenate([s.position for _, s in found]))
    return Facts(
        np.concatenate([s.time_s for _, s in found])[order],
        np.repeat([kind for kind, _ in found], [len(s.subject) for _, s in found])[order],
        np.concatenate([s.subject for _, s in found])[order],
        np.concatenate([s.other for _, s in found])[order],
        np.concatenate([s.value for _, s in found])[order],
    )


def facts_by_kind(chunk: Chunk) -> dict[int, Slice]:
    """Return the facts of a chunk by kind, kinds ascending; inside a kind as they happened."""
    position = np.argsort(chunk.fact, kind="stable")
    counts = np.bincount(chunk.fact, minlength=KINDS)
    time_s, subject = chunk.time_s[position], chunk.subject[position]
    other, value = chunk.other[position], chunk.value[position]
    slices: dict[int, Slice] = {}
    low = 0
    for fact in np.flatnonzero(counts).tolist():
        high = low + int(counts[fact])
        slices[fact] = Slice(
            time_s[low:high],
            subject[low:high],
            other[low:high],
            value[low:high],
            position[low:high],
        )
        low = high
    return slices
