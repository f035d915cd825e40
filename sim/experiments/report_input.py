"""From a finished run to what its report shows."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.experiments.compare import Comparison
from sim.experiments.run import Run, versions
from sim.experiments.verdict import Verdict, verdict_of
from sim.kpis.headline import HEADLINE
from sim.report.input import (
    ComparedWith,
    Floor,
    PairedRow,
    Played,
    ReportInput,
    Routes,
    Setting,
    Settling,
)
from sim.scenario.yaml_nodes import shown_path
from sim.warehouse.layout import Layout, RectangularLayout, location_names

DAY_S = 86_400.0
WEEK_S = 7 * DAY_S
GROWTH_SHARE = 0.1
"""A backlog grows if a week adds more to it than this share of the week's orders."""

Floats = npt.NDArray[np.float64]


def report_input(
    run: Run,
    command: str,
    *,
    against: Comparison | None = None,
    routes: Routes | None = None,
) -> ReportInput:
    """Return what the report of a run shows.

    Parameters
    ----------
    run
        A finished run.
    command
        The command line that repeats it.
    against
        A comparison in which the run is ``b``.
    routes
        A planned pick route beside today's.
    """
    section = run.scenario.run
    verdict = verdict_of(run)
    orders = next((o.orders for o in run.outcomes if o.orders is not None), None)
    return ReportInput(
        name=run.scenario.name,
        title=run.scenario.title,
        command=command,
        seed=section.seed,
        key=run.key,
        digest=run.digest,
        versions={**versions(), "python": platform.python_version()},
        start_date=section.start_date,
        warm_up_days=section.warm_up_days,
        horizon_days=section.horizon_days,
        cool_down_days=section.cool_down_days,
        estimates=run.estimates,
        headline=HEADLINE,
        targets=tuple(run.targets),
        played=tuple(
            Played(o.replication, o.balance, o.still_open, o.picture) for o in run.outcomes
        ),
        floor=_floor(run),
        settings=tuple(_settings(run)),
        orders_by_day={} if orders is None else _by_day(orders),
        notices=tuple(_notices(run, orders, verdict)),
        settling=Settling(
            verdict.warm_up_cut_days, verdict.warm_up_warning, verdict.interval_warnings
        ),
        compared=None if against is None else _compared(against),
        routes=routes,
    )


def _floor(run: Run) -> Floor:
    layout, setting = run.setting.layout, run.setting
    skus: list[list[str]] = [[] for _ in range(layout.locations)]
    for code, location in zip(setting.catalogue.codes, setting.location_of_sku, strict=True):
        skus[location].append(code)
    return Floor(
        xy_m=np.array([layout.xy_m(place) for place in range(layout.locations)]),
        depot_m=layout.xy_m(layout.depot),
        grid=_grid(layout),
        names=location_names(layout),
        skus=tuple(", ".join(codes) for codes in skus),
    )


def _grid(layout: Layout) -> npt.NDArray[np.int64] | None:
    if not isinstance(layout, RectangularLayout):
        return None
    places = np.arange(layout.locations) // layout.levels
    return np.column_stack(np.divmod(places, layout.positions_per_side))


def _settings(run: Run) -> Iterator[Setting]:
    for path, value in _leaves(run.loaded.resolved, ()):
        words = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        key = shown_path(path)
        # The file's name without its folder: the same page wherever the scenario lies.
        yield Setting(key, words, PurePath(run.loaded.origin(key)).name)


def _leaves(
    values: Mapping[str, Any], above: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in values.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, (*above, key))
        else:
            yield (*above, key), value


def _by_day(orders: Mapping[str, Any]) -> dict[str, npt.NDArray[np.int64]]:
    return {
        name: np.bincount((times_s // DAY_S).astype(np.int64))
        for name, times_s in (
            ("placed", _known(orders["placed_s"][orders["outcome"] != "not placed"])),
            ("shipped", _known(orders["handed_over_s"])),
        )
    }


def _known(times_s: Floats) -> Floats:
    return times_s[np.isfinite(times_s)]


def _notices(run: Run, orders: Mapping[str, Any] | None, verdict: Verdict) -> Iterator[str]:
    if verdict.unstable:
        yield f"{verdict.unstable[0].upper()}{verdict.unstable[1:]}."
    if verdict.not_told:
        yield f"{verdict.not_told[0].upper()}{verdict.not_told[1:]}."
    still_open = sum(outcome.still_open for outcome in run.outcomes)
    if still_open:
        yield (
            f"{still_open:,} orders had not ended when the follow-up time ran out "
            "(run.follow_up_days); they are in no lead time."
        )
    section = run.scenario.run
    end_s = (section.warm_up_days + section.horizon_days) * DAY_S
    if orders is not None and end_s >= WEEK_S and not verdict.unstable:
        grown, placed = backlog_growth(orders, end_s)
        if grown > GROWTH_SHARE * placed:
            yield (
                f"The house cannot keep up: within the last seven measured days {grown:,} of "
                f"{placed:,} placed orders were added to those that wait to be shipped. Times "
                "depend on how long the run lasts."
            )
    if len(run.outcomes) == 1:
        yield "One replication only: no number has an interval."


def backlog_growth(orders: Mapping[str, Any], end_s: float) -> tuple[int, int]:
    """Return the growth of unshipped orders in the week before a time, and the orders placed in it.

    Cancelled orders are left out. A whole week, so that nights and Sundays cancel out.

    Parameters
    ----------
    orders
        Columns with one row an order: ``placed_s``, ``handed_over_s``, ``outcome``.
    end_s
        End of the week, s.
    """
    kept = np.isin(orders["outcome"], ("delivered", "open"))
    placed_s, left_s = orders["placed_s"][kept], _known(orders["handed_over_s"][kept])
    placed, left = (
        int(np.count_nonzero((times_s >= end_s - WEEK_S) & (times_s < end_s)))
        for times_s in (placed_s, left_s)
    )
    return placed - left, placed


def _compared(against: Comparison) -> ComparedWith:
    rows = []
    for kpi in HEADLINE:
        difference, verdict = against.difference(kpi), against.verdicts.get(kpi)
        other, own = against.a.estimates[kpi], against.b.estimates[kpi]
        rows.append(
            PairedRow(
                kpi,
                other.mean if other else None,
                own.mean if own else None,
                difference.mean if difference else None,
                difference.lo if difference else None,
                difference.hi if difference else None,
                verdict.judgement if verdict else "",
            )
        )
    other_name, own_name = against.a.scenario.name, against.b.scenario.name
    return ComparedWith(other_name if other_name != own_name else "the other run", tuple(rows))
