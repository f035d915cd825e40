"""What a check says of a plan that does not do what it claims."""

from __future__ import annotations

from collections.abc import Sequence

MAX_LISTED = 10
"""Faults that a message lists one by one."""


class CheckError(Exception):
    """A plan that does not do what it claims, with every fault found."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        more = len(self.faults) - MAX_LISTED
        tail = f"; and {more} more" if more > 0 else ""
        super().__init__("; ".join(self.faults[:MAX_LISTED]) + tail)
