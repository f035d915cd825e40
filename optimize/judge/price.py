"""What one more hour is worth, and what a better promise costs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from optimize.judge.points import Point
from optimize.judge.presence import Block, Staff, at_work, blocks_of
from optimize.judge.promise import Promise
from optimize.judge.slopes import Slope, slopes_at
from optimize.judge.trial import Play, Trials
from optimize.staffing.problem import SLOTS_AN_HOUR
from sim.scenario.schema.people import Wages

ALPHA = 0.025
"""Each end of the intervals: together 95 %."""


@dataclass(frozen=True)
class HourPrice:
    """One more person-hour in a block.

    Attributes
    ----------
    block
        When, and of which role.
    eur_per_hour
        Its wage.
    gain, lo, hi
        For each bound of the promise by how much its KPI gets better for each euro, and the 95 %
        interval; in the KPI's unit a euro a week.
    n
        Pairs of replications.
    """

    block: Block
    eur_per_hour: float
    gain: tuple[float, ...]
    lo: tuple[float, ...]
    hi: tuple[float, ...]
    n: int


def hour_prices(slopes: Sequence[Slope], wages: Wages, bound: int = 0) -> list[HourPrice]:
    """Return what an hour brings for its wage, the one to buy first in front.

    Parameters
    ----------
    slopes
        Finite differences, by quarter-hour.
    wages
        What hours cost.
    bound
        Number of the bound by which hours are ranked.
    """
    found = []
    for slope in slopes:
        wage = getattr(wages, slope.block.role)
        if wage <= 0.0:
            continue
        per_eur = SLOTS_AN_HOUR / wage
        ends = [(g.mean, g.half_width(ALPHA)) for g in slope.gains]
        found.append(
            HourPrice(
                slope.block,
                wage,
                tuple(per_eur * mean for mean, _ in ends),
                tuple(per_eur * (mean - half) for mean, half in ends),
                tuple(per_eur * (mean + half) for mean, half in ends),
                slope.gains[0].n,
            )
        )
    return sorted(found, key=lambda price: -price.gain[bound])


def prices_at(
    play: Play,
    promise: Promise,
    staff: Staff,
    roles: Sequence[str],
    wages: Wages,
    replications: Sequence[int],
) -> list[HourPrice]:
    """Return what one more hour is worth in each block of a plan, the one to buy first in front.

    Parameters
    ----------
    play
        The trial.
    promise
        By which KPIs an hour is judged; the first bound ranks.
    staff
        The plan.
    roles
        Whose hours.
    wages
        What hours cost.
    replications
        Numbers, at least two; blocks + 1 plans are played on each.
    """
    blocks = blocks_of(at_work(staff), roles)
    trials = Trials(play, (len(blocks) + 1) * len(replications))
    return hour_prices(slopes_at(trials, promise, staff, blocks, replications), wages)


def price_rows(prices: Sequence[HourPrice], promise: Promise) -> list[dict[str, Any]]:
    """Return hour prices as rows for a plan file: the gain for 100 EUR a week."""
    return [
        {
            "hours": price.block.words,
            "eur_per_hour": price.eur_per_hour,
            **{
                f"{bound.kpi}_{name}_per_100_eur": float(f"{100.0 * values[number]:.4g}")
                for number, bound in enumerate(promise.bounds)
                for name, values in (("gain", price.gain), ("lo", price.lo), ("hi", price.hi))
                if math.isfinite(values[number])
            },
            "replications": price.n,
        }
        for price in prices
    ]


@dataclass(frozen=True)
class FrontierPoint:
    """A plan on or behind the frontier of cost and service.

    Attributes
    ----------
    words
        How the plan came about.
    cost_cents
        What it costs a week.
    means, half_widths
        Of each KPI promised: mean, and half of its 95 % interval.
    efficient
        No plan played costs no more and keeps every bound as well, one of these strictly better.
    """

    words: str
    cost_cents: int
    means: tuple[float, ...]
    half_widths: tuple[float, ...]
    efficient: bool


def frontier(points: Sequence[Point], promise: Promise) -> list[FrontierPoint]:
    """Return all plans played, the cheapest first, with those marked that no other one beats.

    All plans were played on the same orders, so they are compared by their means.
    """
    return [
        FrontierPoint(
            point.planned.words,
            point.planned.cost_cents,
            promise.means(point.score),
            tuple(slack.half_width(ALPHA) for slack in point.score.slacks),
            not any(_beats(other, point) for other in points),
        )
        for point in sorted(points, key=lambda point: point.planned.cost_cents)
    ]


def frontier_rows(plans: Sequence[FrontierPoint], promise: Promise) -> list[dict[str, Any]]:
    """Return the frontier as rows for a plan file."""
    rows = []
    for plan in plans:
        row: dict[str, Any] = {"cost_eur": plan.cost_cents / 100, "efficient": plan.efficient}
        for bound, mean, half in zip(promise.bounds, plan.means, plan.half_widths, strict=True):
            if math.isfinite(mean):
                row[bound.kpi] = float(f"{mean:.6g}")
            if math.isfinite(half):
                row[f"{bound.kpi}_half_width"] = float(f"{half:.3g}")
        rows.append({**row, "what": plan.words})
    return rows


def _beats(one: Point, other: Point) -> bool:
    a = (-one.planned.cost_cents, *(slack.mean for slack in one.score.slacks))
    b = (-other.planned.cost_cents, *(slack.mean for slack in other.score.slacks))
    return a != b and all(x >= y for x, y in zip(a, b, strict=True))
