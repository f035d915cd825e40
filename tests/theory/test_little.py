"""Little's law on the sample path of every waiting line: L = lambda W, to 1e-9."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from sim.clock.lines import LineCount
from sim.engine import always_true, model
from sim.errors import BalanceError
from sim.log.facts import Fact
from sim.scenario.schema import ROLES
from sim.stages.house import House
from tests.sim.engine.playing import Record, record, scenario_of
from tests.theory.systems import NOTHING, minutes, queue_scenario

TIGHT_HOUSE: dict[str, Any] = {
    "orders": {"per_day": 150.0},
    "run": {"warm_up_days": 0.0, "horizon_days": 5.0, "cool_down_days": 0.0},
    "picking": {"batch_max_orders": 3, "error_rate_per_line": 0.1},
    "staff": {
        "day": {
            "days": ["mon", "tue", "wed", "thu", "fri"],
            "start": "08:00",
            "end": "16:00",
            "breaks": {"meal": {"start": "12:00", "minutes": 30}},
            "clerks": 1, "pickers": 2, "packers": 1, "dispatchers": 1, "receivers": 1,
            "returns_clerks": 1,
        }
    },
}  # fmt: skip

LINES_IN_LOG = {
    "pickers": ((Fact.RELEASED, Fact.REWORK), (Fact.PICK_STARTED,)),
    "packers": ((Fact.PICKED,), (Fact.PACK_STARTED,)),
    "dispatchers": ((Fact.PACKED,), (Fact.LABEL_STARTED,)),
    "returns_clerks": ((Fact.RETURN_RECEIVED,), (Fact.INSPECT_STARTED,)),
}


def line_of(played: Record, role: str) -> tuple[float, float]:
    """Return the area under a line's length and the sum of its waits, both from the log."""
    joins, leaves = LINES_IN_LOG[role]
    log = played.log
    joined, left = np.isin(log.fact, joins), np.isin(log.fact, leaves)
    steps = joined.astype(np.int64) - left
    changes = np.flatnonzero(steps)
    length = np.cumsum(steps[changes])
    assert length.min() >= 0
    assert length[-1] == 0
    area = math.fsum((length[:-1] * np.diff(log.time_s[changes])).tolist())
    waits = math.fsum(log.time_s[left].tolist() + (-log.time_s[joined]).tolist())
    return area, waits


@pytest.mark.parametrize("role", LINES_IN_LOG)
def test_line_in_the_log_obeys_littles_law(role: str) -> None:
    """Everybody who joins a line leaves it, and the area under its length is the sum of waits."""
    played = record(scenario_of(**TIGHT_HOUSE))
    assert played.played.open_lives == 0

    area, waits = line_of(played, role)

    assert waits > 3600.0, "nobody waited: the law would say nothing"
    assert math.isclose(area, waits, rel_tol=1e-9)


def test_lines_count_what_the_log_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line's own two counts agree with the two counts of its facts in the log."""
    houses: list[House] = []
    monkeypatch.setattr(model, "assert_always_true", houses.append)
    played = record(scenario_of(**TIGHT_HOUSE))
    (house,) = houses
    lines: dict[str, LineCount] = dict(zip(ROLES, house.staff.lines, strict=True))
    lines["pickers"] = house.pick_lines[0]

    for role in LINES_IN_LOG:
        area, waits = line_of(played, role)
        # one count is a difference of sums of clock times, of the size of the clock itself
        assert lines[role].area_s == pytest.approx(area, rel=1e-9)
        assert lines[role].waits_s == pytest.approx(waits, rel=1e-9)


def test_line_that_does_not_add_up_is_refused() -> None:
    """A line whose area and waits differ by one part in a million ends the run with an error."""
    line = LineCount()
    line.changes(1, 0.0)
    line.changes(-1, 3600.0)
    line.waits_s = 3600.0 * (1.0 + 1e-6)

    with pytest.raises(BalanceError, match="line of packers: area under its length 3600"):
        always_true.check_little("packers", line)


def test_waits_add_up_to_the_time_in_the_house() -> None:
    """In a tandem of three lines, wait + work of each stage is the whole time of each order."""
    scenario = queue_scenario(
        1.0,
        0.0,
        600.0,
        {"time_s": minutes("exponential", 2.0), "error_rate_per_line": 0.2},
        {"time_s": minutes("exponential", 1.0), "label_s": NOTHING, "check_detects": 1.0},
        {"pickers": 3, "packers": 2},
    )
    played = record(scenario)
    whole_s = math.fsum(played.first_s(Fact.LABELLED) - played.first_s(Fact.PLACED))

    waits_s = sum(line_of(played, role)[1] for role in ("pickers", "packers"))
    worked = played.log.fact == Fact.WORKED
    assert played.count(Fact.REWORK) > 50
    assert whole_s == pytest.approx(waits_s + math.fsum(played.log.value[worked]), rel=1e-9)
