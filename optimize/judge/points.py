"""Plans that a search has met, and what the simulation said of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from optimize.judge.presence import Heads, Staff
from optimize.judge.promise import Promise, Score
from optimize.judge.trial import Trials
from optimize.staffing.tours.problem import TourPlan

Kind = Literal["start", "ladder", "cut", "concavity", "local", "certificate", "end"]


@dataclass(frozen=True)
class Planned:
    """A plan that may be played.

    Attributes
    ----------
    staff
        Section ``staff`` of the scenario.
    cost_cents
        What it costs a week: this is compared.
    bound_cents
        The master's lower bound on the cost of plans under its rows; None where it has none.
    at_work
        For each role the people at work in each of the 672 quarter-hours.
    words
        How it came about.
    made
        The planner's own answer behind it; None after changes of the section alone.
    """

    staff: Staff
    cost_cents: int
    bound_cents: int | None
    at_work: Heads
    words: str
    made: TourPlan | None = None


@dataclass(frozen=True)
class Point:
    """A plan with its score.

    Attributes
    ----------
    planned
        The plan.
    slacks
        For each replication, by how much each bound of the promise is kept.
    score
        Their means.
    """

    planned: Planned
    slacks: tuple[tuple[float, ...], ...]
    score: Score


def played(
    trials: Trials, promise: Promise, planned: Planned, replications: Sequence[int]
) -> Point:
    """Play a plan, or remember how it did."""
    found = trials.kpis(planned.staff, replications)
    slacks = tuple(promise.slacks(kpis) for kpis in found)
    return Point(planned, slacks, promise.score(found))


@dataclass(frozen=True)
class Step:
    """A row of the record of a search.

    Attributes
    ----------
    kind
        What was done.
    words
        What changed, or what was found.
    cost_cents
        Cost of the plan in question, None where there is none.
    means
        Mean of each KPI promised, empty where nothing was played.
    replications
        Over how many replications.
    kept
        Whether the promise was kept with its margin (a certificate: whether it was given).
    played
        Replications played so far.
    """

    kind: Kind
    words: str
    cost_cents: int | None
    means: tuple[float, ...]
    replications: int
    kept: bool | None
    played: int


def step_rows(steps: Sequence[Step], promise: Promise) -> list[dict[str, Any]]:
    """Return the record as rows for a plan file; KPI means are rounded to six digits."""
    rows = []
    for number, step in enumerate(steps, start=1):
        row: dict[str, Any] = {"step": number, "kind": step.kind, "what": step.words}
        if step.cost_cents is not None:
            row["cost_eur"] = step.cost_cents / 100
        for bound, mean in zip(promise.bounds, step.means, strict=False):
            row[bound.kpi] = None if mean != mean else float(f"{mean:.6g}")  # noqa: PLR0124 - NaN
        if step.means:
            row["replications"] = step.replications
        if step.kept is not None:
            row["kept"] = step.kept
        row["played"] = step.played
        rows.append(row)
    return rows
