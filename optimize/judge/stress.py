"""What becomes of a roster when things go wrong: a peak day, people missing, a slow week."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from optimize.judge.promise import Promise, Score
from sim.experiments.replication import Outcome
from sim.experiments.run import execute
from sim.scenario.loading import load
from sim.scenario.schema import Scenario

PEAK_FACTOR = 1.5
ABSENCE_MORE = 0.10
PACE_FACTOR = 0.9


@dataclass(frozen=True)
class Stress:
    """A turn for the worse.

    Parameters
    ----------
    words
        What happens.
    settings
        ``--set`` words that make it happen; None where the scenario has no such thing.
    """

    words: str
    settings: tuple[str, ...] | None


@dataclass(frozen=True)
class Stood:
    """How a roster stands it.

    Attributes
    ----------
    stress
        What happened.
    score
        How the promise was kept; None where the stress was not played.
    means
        Mean of each KPI promised.
    """

    stress: Stress
    score: Score | None
    means: tuple[float, ...]

    @property
    def kept(self) -> bool:
        """Whether it was played and every mean is on the right side."""
        return self.score is not None and all(s.mean >= 0.0 for s in self.score.slacks)


def stresses(scenario: Scenario) -> Iterator[Stress]:
    """Yield a usual week, a peak day in it, more people missing, everybody slower."""
    yield Stress("as planned", ())
    day = _peak_day(scenario)
    words = f"{100 * (PEAK_FACTOR - 1):.0f} % more orders on {day:%A}"
    if scenario.orders.file is None:
        promotion = json.dumps({"date": day.isoformat(), "factor": PEAK_FACTOR})
        yield Stress(words, (f"orders.promotions.peak-day={promotion}",))
    else:
        yield Stress(words, None)
    rate = min(1.0, scenario.people.absence_rate + ABSENCE_MORE)
    yield Stress(f"{100 * rate:.0f} % of the shifts missed", (f"people.absence_rate={rate!r}",))
    pace = scenario.people.pace * PACE_FACTOR
    yield Stress(f"everybody {100 * (1 - PACE_FACTOR):.0f} % slower", (f"people.pace={pace!r}",))


def _peak_day(scenario: Scenario) -> datetime.date:
    """Return the first Tuesday of the measured window, or its first day if it has none."""
    first = datetime.date.fromisoformat(scenario.run.start_date)
    first += datetime.timedelta(days=round(scenario.run.warm_up_days))
    days = [first + datetime.timedelta(days=n) for n in range(int(scenario.run.horizon_days))]
    return next((day for day in days if day.weekday() == 1), first)


def under_stress(
    source: str,
    settings: Sequence[str],
    plan: Path | None,
    promise: Promise,
    *,
    replications: Sequence[int],
    jobs: int,
    done: Callable[[Outcome], None] | None = None,
) -> list[Stood]:
    """Play a roster under each stress.

    Parameters
    ----------
    source, settings
        The scenario and its ``--set`` words.
    plan
        Plan file; None for today's roster.
    promise
        What should be kept.
    replications, jobs
        Which, on how many processes.
    done
        Called with each outcome.
    """
    words = list(settings)
    if plan is not None:
        words.append(f"plan={json.dumps(str(plan), ensure_ascii=False)}")
    found = []
    for stress in stresses(load(source, settings=words).scenario):
        if stress.settings is None:
            found.append(Stood(stress, None, ()))
            continue
        loaded = load(source, settings=[*words, *stress.settings])
        run = execute(loaded, replications=replications, jobs=jobs, done=done)
        score = promise.score([outcome.kpis for outcome in run.outcomes])
        found.append(Stood(stress, score, promise.means(score)))
    return found
