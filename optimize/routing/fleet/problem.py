"""What is to be planned: visits with loads and time windows, and the pickers that share them."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf, isfinite, isnan

from sim.warehouse.layout import DEPOT, Layout


@dataclass(frozen=True)
class Visit:
    """One stop that one picker makes.

    Parameters
    ----------
    stop
        Location id; several visits may go to the same one.
    orders, volume_ml, weight_g
        Whole numbers of at least 0 that it takes of a cart.
    service_s
        Seconds spent there, at least 0.
    earliest_s, latest_s
        When picking may begin; a picker who is early waits.
    """

    stop: int
    orders: int = 0
    volume_ml: int = 0
    weight_g: int = 0
    service_s: float = 0.0
    earliest_s: float = 0.0
    latest_s: float = inf


@dataclass(frozen=True)
class Picker:
    """One picker with a cart, who makes one trip.

    Parameters
    ----------
    orders, volume_ml, weight_g
        What the cart holds; None: any amount.
    opens_s, closes_s
        When the trip begins, and by when it is over.
    start, end
        Location or the depot where the trip begins and ends.
    """

    orders: int | None = None
    volume_ml: int | None = None
    weight_g: int | None = None
    opens_s: float = 0.0
    closes_s: float = inf
    start: int = DEPOT
    end: int = DEPOT


@dataclass(frozen=True)
class FleetProblem:
    """Visits to be shared by pickers.

    Times are rounded up to whole milliseconds inside; a window is kept to the millisecond.

    Parameters
    ----------
    layout
        The floor.
    visits
        What is to be picked.
    pickers
        Who picks; one who is not needed stays.
    speed_m_s
        Walking speed in metres a second, above 0.
    before
        Pairs of visits (numbers in ``visits``) of one trip, the first one before the second.
    makespan_m_per_s
        Metres that a second of the makespan counts, 0 to 1,000: from the first trip's begin to
        the last one's end. 0: only metres count.

    Raises
    ------
    ValueError
        If a number is out of range; the message names the visit or the picker.
    """

    layout: Layout
    visits: tuple[Visit, ...]
    pickers: tuple[Picker, ...]
    speed_m_s: float = 1.0
    before: tuple[tuple[int, int], ...] = field(default=())
    makespan_m_per_s: float = 0.0

    def __post_init__(self) -> None:
        if not self.pickers:
            raise ValueError("no pickers; at least one is needed")
        if not (isfinite(self.speed_m_s) and self.speed_m_s > 0.0):
            raise ValueError(f"speed_m_s is {self.speed_m_s}; a finite number above 0 is needed")
        if not 0.0 <= self.makespan_m_per_s <= 1000.0:
            raise ValueError(f"makespan_m_per_s is {self.makespan_m_per_s}; 0 to 1000 is possible")
        for number, visit in enumerate(self.visits):
            self._check_place(f"visit {number}", visit.stop, 0)
            _check_times(f"visit {number}", "latest_s", visit.earliest_s, visit.latest_s)
            if not (isfinite(visit.service_s) and visit.service_s >= 0.0):
                raise ValueError(f"visit {number} has service_s {visit.service_s}; 0 or more")
            for name in ("orders", "volume_ml", "weight_g"):
                _check_amount(f"visit {number}", name, getattr(visit, name))
        for number, picker in enumerate(self.pickers):
            self._check_place(f"picker {number}", picker.start, DEPOT)
            self._check_place(f"picker {number}", picker.end, DEPOT)
            _check_times(f"picker {number}", "closes_s", picker.opens_s, picker.closes_s)
            for name in ("orders", "volume_ml", "weight_g"):
                if getattr(picker, name) is not None:
                    _check_amount(f"picker {number}", name, getattr(picker, name))
        for pair in self.before:
            if pair[0] == pair[1] or not all(0 <= n < len(self.visits) for n in pair):
                raise ValueError(f"pair {pair} names no two different visits")

    def _check_place(self, who: str, place: int, least: int) -> None:
        if not least <= place < self.layout.locations:
            raise ValueError(
                f"{who} is at {place}; the floor has locations 0 to {self.layout.locations - 1}"
            )


def _check_times(who: str, last_name: str, first_s: float, last_s: float) -> None:
    if isnan(last_s) or not (0.0 <= first_s <= last_s and isfinite(first_s)):
        raise ValueError(
            f"{who} has a window from {first_s} to {last_s}; {last_name} may not be before its "
            "begin, which is a finite number of at least 0"
        )


def _check_amount(who: str, name: str, amount: object) -> None:
    if not isinstance(amount, int) or isinstance(amount, bool) or amount < 0:
        raise ValueError(f"{who} has {name} {amount!r}; a whole number of at least 0 is needed")
