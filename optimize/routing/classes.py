"""The ways in which a walk drawn up to an aisle can meet the cross-aisles, found from one rule.

Draw every stretch that is walked, each as often as it is walked. The drawing is a round trip if it
hangs together and an even number of stretches meets in every point. Whatever was drawn up to an
aisle, the rest only needs to know how many stretches meet in each of the aisle's corners (none, an
odd or an even number), and which of the corners hang together (Ratliff & Rosenthal 1983 for one
block, Roodbergen & de Koster 2001, European Journal of Operational Research 133(1), for two).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import NamedTuple

NO_PART = -1


class State(NamedTuple):
    """How a drawing meets the corners of an aisle, one for each cross-aisle, front to back.

    Attributes
    ----------
    corners
        Stretches at each corner: "none", "odd" or "even".
    parts
        Number of the separate part of the drawing to which each corner belongs, counted in the
        order of the corners; -1 where nothing is drawn.
    """

    corners: tuple[str, ...]
    parts: tuple[int, ...]

    @property
    def is_round_trip(self) -> bool:
        """Whether the drawing is one closed walk."""
        return max(self.parts) == 0 and "odd" not in self.corners


class AislePick(NamedTuple):
    """A way to pick an aisle of a block.

    Attributes
    ----------
    name
        The way in words.
    front, back
        Stretches it adds to the corner in front and to that behind.
    joins
        Whether it joins both corners.
    """

    name: str
    front: int
    back: int
    joins: bool


# Twice all the way is for an aisle that is the only way to the blocks behind and home again.
AISLE_PICKS = (
    AislePick("through", 1, 1, joins=True),
    AislePick("from_front", 2, 0, joins=False),
    AislePick("from_back", 0, 2, joins=False),
    AislePick("around_gap", 2, 2, joins=False),
    AislePick("not_entered", 0, 0, joins=False),
    AislePick("twice", 2, 2, joins=True),
)


def nothing_drawn(cross_aisles: int) -> State:
    """Return the state before the first stretch."""
    return State(("none",) * cross_aisles, (NO_PART,) * cross_aisles)


def after_pick(state: State, block: int, pick: AislePick) -> State:
    """Return how the drawing meets the corners once the aisle of one block is drawn."""
    corners, parts = list(state.corners), list(state.parts)
    for corner, stretches in ((block, pick.front), (block + 1, pick.back)):
        if not stretches:
            continue
        is_odd = (corners[corner] == "odd") != (stretches % 2 == 1)
        corners[corner] = "odd" if is_odd else "even"
        if parts[corner] == NO_PART:
            parts[corner] = max(parts) + 1
    if pick.joins:
        kept, gone = parts[block], parts[block + 1]
        parts = [kept if part == gone else part for part in parts]
    return State(tuple(corners), renumbered(parts))


def after_crossing(state: State, times: Sequence[int]) -> State | None:
    """Return how the drawing meets the next aisle, or None if it can then never be a round trip.

    Parameters
    ----------
    state
        Once the aisle to the left is drawn.
    times
        Times (0, 1 or 2) each cross-aisle is walked to the next aisle.
    """
    going_on = set()
    for corner, part, stretches in zip(state.corners, state.parts, times, strict=True):
        if corner == "none" and stretches:
            return None  # a walk to a corner where nothing is picked, and back
        if (corner == "odd") != (stretches == 1):
            return None  # nothing can be added to the corner later: it must be even now
        if stretches:
            going_on.add(part)
    if len(going_on) < max(1, max(state.parts) + 1):
        return None  # a part left behind can never be joined
    names = ("none", "odd", "even")
    parts = [
        part if stretches else NO_PART for part, stretches in zip(state.parts, times, strict=True)
    ]
    return State(tuple(names[stretches] for stretches in times), renumbered(parts))


def after_end(state: State, corner: int) -> State:
    """Return how the drawing meets the corners once the way starts or ends at one of them.

    That counts like a stretch that leads out of the floor: the way is drawn if it hangs together
    and, this stretch included, an even number meets everywhere.
    """
    corners, parts = list(state.corners), list(state.parts)
    corners[corner] = "even" if corners[corner] == "odd" else "odd"
    if parts[corner] == NO_PART:
        parts[corner] = max(parts) + 1
    return State(tuple(corners), renumbered(parts))


def renumbered(parts: Sequence[int]) -> tuple[int, ...]:
    """Number the separate parts in the order of the corners; -1 where nothing is drawn stays."""
    seen = [part for part in dict.fromkeys(parts) if part != NO_PART]
    return tuple(NO_PART if part == NO_PART else seen.index(part) for part in parts)


class Step(NamedTuple):
    """A step to the right of a drawing, by the indices of states.

    Attributes
    ----------
    before, after
        State before and after.
    way
        Index of the way to pick; for crossings the times of all cross-aisles together.
    times
        Times each cross-aisle is walked; empty for a pick.
    """

    before: int
    way: int
    after: int
    times: tuple[int, ...] = ()


@dataclass(frozen=True)
class Classes:
    """All states that can be reached on a floor, and the steps between them.

    Parameters
    ----------
    states
        States; the first one is that before the first stretch.
    picks
        For each block the ways to pick an aisle of it.
    crossings
        Ways to go on to the next aisle.
    ends
        For each cross-aisle the state after the way starts or ends there, by the state before;
        nothing where ways only lead round.
    closed
        States that are round trips.
    """

    states: tuple[State, ...]
    picks: tuple[tuple[Step, ...], ...]
    crossings: tuple[Step, ...]
    ends: tuple[tuple[int, ...], ...]
    closed: tuple[int, ...]


@cache
def classes(cross_aisles: int, *, with_ends: bool = False) -> Classes:
    """Return the states and steps of a floor.

    Parameters
    ----------
    cross_aisles
        Number of cross-aisles, at least 2: one more than blocks.
    with_ends
        Whether a way may start and end at any corner: there are then more states.
    """
    number = {nothing_drawn(cross_aisles): 0}
    states = list(number)
    blocks = range(cross_aisles - 1)
    picks: list[list[Step]] = [[] for _ in blocks]
    crossings: list[Step] = []
    ends: list[list[int]] = [[] for _ in range(cross_aisles)] if with_ends else []

    def known(state: State) -> int:
        if state not in number:
            number[state] = len(states)
            states.append(state)
        return number[state]

    for before, state in enumerate(states):  # grows while it is read
        for block, (way, pick) in product(blocks, enumerate(AISLE_PICKS)):
            picks[block].append(Step(before, way, known(after_pick(state, block, pick))))
        crossings.extend(
            Step(before, sum(times), known(after), times)
            for times in product(range(3), repeat=cross_aisles)
            if (after := after_crossing(state, times)) is not None
        )
        for corner, column in enumerate(ends):
            column.append(known(after_end(state, corner)))
    return Classes(
        tuple(states),
        tuple(tuple(steps) for steps in picks),
        tuple(crossings),
        tuple(tuple(column) for column in ends),
        tuple(index for index, state in enumerate(states) if state.is_round_trip),
    )
