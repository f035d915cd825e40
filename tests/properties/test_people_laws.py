"""The laws of people find faults: every tampered log is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.log.facts import Fact
from tests.properties.people_laws import check_people_laws
from tests.properties.test_law_book import Tamper, earlier, larger, more, twice, without
from tests.sim.engine.playing import Record, record, scenario_of

F = Fact
SATURDAYS = ["mon", "tue", "wed", "thu", "fri", "sat"]
BUSY_PEOPLE: dict[str, Any] = {
    "orders": {"per_day": 80.0},
    "run": {
        "start_date": "2026-01-08", "warm_up_days": 0.0, "horizon_days": 3.0, "cool_down_days": 0.0,
    },
    "stock": {"unlimited": True},
    "people": {
        "at_shift_end": "preempt_resume", "moving": "longest_line", "absence_rate": 0.3,
        "overtime_max_min": 30.0, "pace_cv": 0.2,
        "cross_training": {"pickers": ["packers", "dispatchers"], "packers": ["pickers"]},
    },
    "staff": {
        "day": {
            "days": SATURDAYS, "start": "08:00", "end": "16:00", "new_people": True,
            "clerks": 1, "pickers": 2, "packers": 2, "dispatchers": 1, "returns_clerks": 1,
            "by_day": {"sat": {"pickers": 1, "end": "12:00"}},
            "by_date": {"2026-01-11": {"packers": 1}},
        },
        "night": {"days": SATURDAYS, "start": "22:00", "end": "06:00", "pickers": 1, "packers": 1},
    },
}  # fmt: skip
CHANGES: list[tuple[Tamper, Fact]] = [
    *((without, fact) for fact in (F.ABSENT, F.MOVED, F.ON_DUTY, F.OFF_DUTY)),
    *((twice, fact) for fact in (F.MOVED, F.OFF_DUTY)),
    *((more, fact) for fact in (F.ABSENT, F.OFF_DUTY)),
    *((earlier, fact) for fact in (F.ABSENT, F.ON_DUTY)),
    (larger, F.MOVED),
]


@pytest.fixture(scope="module")
def busy() -> Record:
    """People who are absent, moved, new and late home."""
    return record(scenario_of(**BUSY_PEOPLE))


def test_untouched_log_is_lawful(busy: Record) -> None:
    """The run itself obeys the laws, and there is overtime in it."""
    check_people_laws(busy)

    assert any(row.value for row in busy.rows(F.OFF_DUTY))


@pytest.mark.parametrize(
    ("tamper", "fact"), CHANGES, ids=[f"{t.__name__}-{f.name}" for t, f in CHANGES]
)
def test_tampered_log_is_refused(busy: Record, tamper: Tamper, fact: Fact) -> None:
    """One fact left out, doubled, moved or changed breaks a law."""
    rows = np.flatnonzero(busy.log.fact == fact)
    assert len(rows), "nothing to tamper with"

    tampered = replace(busy, log=tamper(busy.log, int(rows[len(rows) // 2])))

    with pytest.raises((AssertionError, KeyError)):
        check_people_laws(tampered)
