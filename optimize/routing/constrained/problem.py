"""What is to be planned: one pick list, what must be picked before what, and what turns cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite

from sim.warehouse.layout import Layout


@dataclass(frozen=True)
class ConstrainedProblem:
    """One round trip from the depot past every stop, in a permitted order.

    A walk turns where it changes direction by 45 to 135 degrees, and turns round (a U-turn) where
    it changes by more than 135. Directions are those of the straight lines between the ends of
    walkways; on a rectangular floor there are four. The walk leaves the depot and arrives there
    in any direction; turning round at a stop counts like anywhere else. A walkway of length 0 has
    no direction. What a turn costs is given in metres: its seconds times the walking speed.

    Parameters
    ----------
    layout
        The floor. With a price of turns a free-form floor needs walkways.
    stops
        Location ids in any order; repeats count once.
    before
        Pairs of stops, the first one picked before the second; see `heavy_first`.
    turn_m, u_turn_m
        Metres that each turn and each U-turn add, at least 0.

    Raises
    ------
    ValueError
        If a stop is not a location of the floor, a pair names no two stops, the pairs go round in
        a circle, a price is no finite number of at least 0, or turns have a price on a floor
        without walkways.
    """

    layout: Layout
    stops: tuple[int, ...]
    before: tuple[tuple[int, int], ...] = ()
    turn_m: float = 0.0
    u_turn_m: float = 0.0

    def __post_init__(self) -> None:
        for stop in self.stops:
            if not 0 <= stop < self.layout.locations:
                raise ValueError(
                    f"stop {stop} is not a location; the floor has 0 to {self.layout.locations - 1}"
                )
        for first, then in self.before:
            if first == then or first not in self.stops or then not in self.stops:
                raise ValueError(
                    f"{first} before {then} is no pair of two different stops of this list"
                )
        for name, price_m in (("turn_m", self.turn_m), ("u_turn_m", self.u_turn_m)):
            if not (isfinite(price_m) and price_m >= 0.0):
                raise ValueError(f"{name} is {price_m}; a finite number of at least 0 is needed")
        if self.prices_turns and getattr(self.layout, "paths", ()) is None:
            raise ValueError(
                "this floor has no walkways, so nobody can say where one turns; give it walkways, "
                "or leave turn_m and u_turn_m at 0"
            )
        permitted(self.distinct_stops, self.before)

    @property
    def distinct_stops(self) -> tuple[int, ...]:
        """The stops in ascending order, each once."""
        return tuple(sorted(dict.fromkeys(self.stops)))

    @property
    def prices_turns(self) -> bool:
        """Whether a turn costs anything."""
        return self.turn_m > 0.0 or self.u_turn_m > 0.0


def heavy_first(weight_class: Mapping[int, int]) -> tuple[tuple[int, int], ...]:
    """Return the pairs that keep heavier goods below lighter ones.

    Parameters
    ----------
    weight_class
        Class of each stop; a higher class is picked before every lower one.
    """
    classes = sorted(dict.fromkeys(weight_class.values()), reverse=True)
    members = [[stop for stop in weight_class if weight_class[stop] == one] for one in classes]
    return tuple(
        (heavy, light)
        for heavier, lighter in pairwise(members)
        for heavy in heavier
        for light in lighter
    )


def permitted(order: Sequence[int], before: Sequence[tuple[int, int]]) -> list[int]:
    """Return an order mended so that it keeps the pairs: always the first stop that may come next.

    Raises
    ------
    ValueError
        If the pairs go round in a circle.
    """
    forerunners: dict[int, list[int]] = {stop: [] for stop in order}
    for first, then in before:
        forerunners[then].append(first)
    waiting, done = list(order), dict.fromkeys(order, False)
    mended: list[int] = []
    while waiting:
        free = [stop for stop in waiting if all(done[first] for first in forerunners[stop])]
        if not free:
            raise ValueError(
                f"stops {', '.join(map(str, waiting[:5]))} wait for each other in a circle; "
                "leave out one of the pairs"
            )
        waiting.remove(free[0])
        done[free[0]] = True
        mended.append(free[0])
    return mended
