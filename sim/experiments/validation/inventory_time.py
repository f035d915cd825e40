"""When the events of an ``inventory`` case happen on the clock of the house.

The clock may be played faster or slower. Under continuous review the house sells 200 units a day;
under periodic review a period is a day. All times, rates and costs of the case are converted there,
and its figures back.

Demand that comes in lumps once a period (``poisson_per_period``) meets the events of the period in
their ``sequence``: each has its own hours of the day, and costs are counted at midnight.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.experiments.validation.house import ROUND_THE_CLOCK
from sim.experiments.validation.params import customers, law, needed, number, only
from sim.experiments.validation.system import Case, NotInScenarios

EQUALS = 20
"""SKUs alike in one house: one run is that many runs of the case."""
UNITS_PER_DAY = 200.0
"""What the house sells a day, under continuous review."""
LUMPS = "poisson_per_period"
EVENT_HOURS = (4, 12, 20)
"""Clock times of the three events of a period; the costs follow at midnight."""
ORDER_OF_EVENTS = "review-receive-demand-cost"
EVENTS = ("review", "receive", "demand", "cost")


@dataclass(frozen=True)
class Pace:
    """How the case's demand and time are played.

    Parameters
    ----------
    days
        Days of the house for a unit of the case's time.
    units_per_day
        Demand of one SKU a day of the house.
    skus
        SKUs alike in the house. Units that are asked for together are of one SKU, so there is
        only one where they are.
    at_once
        How many units are asked for together, as a scenario writes its law; None: one by one.
    """

    days: float
    units_per_day: float
    skus: int = EQUALS
    at_once: Mapping[str, Any] | None = None

    @classmethod
    def of(cls, case: Case, *, periodic: bool) -> Pace:
        """Return the pace of a case.

        Raises
        ------
        NotInScenarios
            Demand of another kind.
        ValueError
            Demand without its numbers.
        """
        demand = needed(case.params, "demand")
        period = number({"period": 1.0, **case.params}, "period", 1e-12)
        if in_lumps(case):
            if not periodic:
                raise NotInScenarios("demand by the period under continuous review")
            only(demand, ("type", "mean"), "demand by the period")
            return cls(1.0 / period, number(demand, "mean", 1e-12))
        units = customers(demand, "demand")
        skus = EQUALS if units.at_once is None else 1
        if periodic:
            return cls(1.0 / period, units.rate * period, skus, units.at_once)
        per_day = UNITS_PER_DAY / skus
        return cls(units.rate / per_day, per_day, skus, units.at_once)


@dataclass(frozen=True)
class Timing:
    """When the events of a period happen.

    Parameters
    ----------
    review_time
        Clock time of the reviews.
    hours
        Relative weights of the hours in which units are asked for.
    longer_days
        What a delivery takes longer than its lead time, so that it comes at the receipts.
    demand_h, receive_h
        Clock hours of demand, on the average, and of the receipts, where demand comes in lumps.
    in_lumps
        Whether it does.
    """

    review_time: str = "00:00"
    hours: tuple[float, ...] = ROUND_THE_CLOCK
    longer_days: float = 0.0
    demand_h: float = 0.0
    receive_h: float = 0.0
    in_lumps: bool = False

    @classmethod
    def of(cls, case: Case, *, periodic: bool) -> Timing:
        """Return the hours of a period's events, so that its costs come last, at midnight.

        Events written behind the costs belong to the next day of the house.

        Raises
        ------
        NotInScenarios
            An order of events that the clock cannot keep.
        """
        said = case.params.get("sequence")
        if not periodic:
            if said is not None:
                raise NotInScenarios("a sequence of events under continuous review")
            return cls()
        events = str(ORDER_OF_EVENTS if said is None else said).split("-")
        if sorted(events) != sorted(EVENTS):
            raise NotInScenarios(f"sequence {said!r}; each of {', '.join(EVENTS)} once is known")
        end = events.index("cost")
        today = [*events[end + 1 :], *events[:end]]
        if not in_lumps(case):
            _at_midnight(case, said, today)
            return cls()
        day = {event: int(place > end) for place, event in enumerate(events)}
        clock = dict(zip(today, EVENT_HOURS, strict=True))
        hours = [0.0] * 24
        for hour in range(clock["demand"] - 2, clock["demand"] + 2):
            hours[hour] = 1.0
        longer_h = 24 * (day["receive"] - day["review"]) + clock["receive"] - clock["review"]
        return cls(
            f"{clock['review']:02d}:00",
            tuple(hours),
            longer_h / 24.0,
            float(clock["demand"]),
            float(clock["receive"]),
            in_lumps=True,
        )


def in_lumps(case: Case) -> bool:
    """Tell whether units are asked for once a period, and not at any time."""
    demand = case.params.get("demand")
    return isinstance(demand, Mapping) and demand.get("type") == LUMPS


def _at_midnight(case: Case, said: object, today: list[str]) -> None:
    """Refuse an order of events that differs from reviews and receipts at midnight.

    A receipt moves units from those on order to those on hand: at the time of a review it changes
    no position, so that which comes first is the same, unless only so many orders may be out.
    """
    if today[-1] != "demand":
        raise NotInScenarios(
            f"sequence {said!r}, but demand comes all the time; known is {ORDER_OF_EVENTS}"
        )
    if today[0] == "receive" and case.params.get("max_outstanding"):
        raise NotInScenarios("deliveries before the review at its own time")


def lead_time(case: Case, pace: Pace, timing: Timing) -> dict[str, Any]:
    """Return the law of the lead time in days of the house.

    Where the events of a period have an order, a delivery is due at the receipts of a period: the
    lead time is a whole number of them.

    Raises
    ------
    NotInScenarios
        Another law, or a lead time that is no such number.
    """
    days = law(needed(case.params, "lead_time"), pace.days, "lead_time")
    if not timing.in_lumps:
        return days
    periods = days.get("value", -1.0)
    if days["distribution"] != "deterministic" or abs(periods - round(periods)) > 1e-9:
        raise NotInScenarios(
            "a lead time that is no whole number of periods, where the events of a period have "
            "an order"
        )
    value = round(periods) + timing.longer_days
    if value < 0.0:
        raise NotInScenarios("orders that come at once, though receipts are before the review")
    return {"distribution": "deterministic", "value": value}
