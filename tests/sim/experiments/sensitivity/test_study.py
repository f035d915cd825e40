"""What a study says of functions whose answer is known exactly."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiments.sensitivity.dials import Dial
from sim.experiments.sensitivity.study import Study
from sim.experiments.sensitivity.table import csv_text
from sim.experiments.sensitivity.words import sentences
from sim.experiments.statistics.sensitivity import effects_by_trajectory, effects_intervals
from sim.experiments.statistics.series import Floats
from tests.sim.experiments.sensitivity.functions import (
    ANGLES,
    KPI,
    answered,
    ishigami,
    ishigami_shares,
    plan_for,
)

SLOPES = (Dial("a", 0.0, 10.0), Dial("b", 2.0, 4.0), Dial("c", 1.0, 5.0, whole=True))


def line(x: Floats) -> Floats:
    """Return 3 a - 2 b; c does nothing."""
    found: Floats = 3.0 * x[:, 0] - 2.0 * x[:, 1]
    return found


def test_ishigami_is_divided_as_its_closed_form() -> None:
    """Total and first-order indices within 0.02; x3 matters only together with x1."""
    first, total, _ = ishigami_shares()

    found = {
        one.dial.key: one for one in answered(plan_for(ANGLES, "sobol", 2048), ishigami).influences
    }

    assert {key: one.figure for key, one in found.items()} == pytest.approx(total, abs=0.02)
    assert {key: one.second for key, one in found.items()} == pytest.approx(first, abs=0.02)
    assert list(found) == sorted(total, key=lambda key: -total[key])


def test_a_line_moves_by_its_slopes() -> None:
    """Mu is slope times range with its sign, sigma is 0, and a dial that does nothing has 0."""
    answer = answered(plan_for(SLOPES, "morris", 6), line)

    assert [one.dial.key for one in answer.influences] == ["a", "b", "c"]
    assert [one.mean for one in answer.influences] == pytest.approx([30.0, -4.0, 0.0], abs=1e-7)
    assert [one.figure for one in answer.influences] == pytest.approx([30.0, 4.0, 0.0], abs=1e-7)
    assert [one.second for one in answer.influences] == pytest.approx([0.0, 0.0, 0.0], abs=1e-7)
    assert answer.influences[2].figure == 0.0


@pytest.mark.parametrize("high", range(2, 9))
def test_whole_numbers_keep_the_slope(high: int) -> None:
    """Rounded dials count by how far they really moved: a line's effect is its slope, exactly."""
    plan = plan_for(
        (Dial("n", 1.0, high, whole=True), Dial("m", 0.0, 1.0, whole=True)), "morris", 8
    )

    found = answered(plan, lambda x: 5.0 * x[:, 0])

    assert found.influences[0].figure == pytest.approx(5.0 * (high - 1))
    assert {word for cell in plan.cells for word in cell.words[:1]} >= {"1", str(high)}
    assert len(plan.cells) < plan.places.size  # points that come again are played once


def test_each_whole_number_is_equally_likely() -> None:
    """A dial from 4 to 7 has four values, each over a quarter of the range."""
    dial = Dial("n", 4.0, 7.0, whole=True)

    words = [dial.word((k + 0.5) / 100.0) for k in range(100)]

    assert [words.count(word) for word in ("4", "5", "6", "7")] == [25, 25, 25, 25]


def test_luck_that_all_points_share_is_no_luck() -> None:
    """What a replication adds at every point alike falls out: on the same orders it is nothing."""
    shared = np.array([[0.0, 7.0, -3.0, 100.0, 5.0]])

    answer = answered(plan_for(SLOPES, "morris", 6), line, shared)

    assert answer.noise.share == pytest.approx(0.0, abs=1e-20)
    assert answer.noise.shared == pytest.approx(float(shared.var(ddof=1)))
    assert [one.luck for one in answer.influences] == pytest.approx([0.0] * 3, abs=1e-12)


def test_pure_luck_is_called_so() -> None:
    """Where only luck differs, it makes about all of the variance, mu star is on average what luck
    alone gives (1,400 effects, within four standard errors), and no dial is named.
    """
    plan = plan_for(tuple(Dial(name, 0.0, 1.0) for name in "abcdefg"), "morris", 200)
    luck = np.random.default_rng(7).normal(0.0, 2.0, (len(plan.cells), 5))

    answer = answered(plan, lambda x: 0.0 * x[:, 0], luck)

    assert answer.noise.share == pytest.approx(1.0, abs=0.1)
    figures, lucks = zip(*((one.figure, one.luck) for one in answer.influences), strict=True)
    assert np.mean(figures) == pytest.approx(np.mean(lucks), rel=0.1)
    said = sentences(Study(plan, (answer,), {}), answer)
    assert said[0].startswith(f"No dial moves {KPI} by more than luck could")
    assert "do not read small figures as influence" in said[-1]


def test_luck_of_a_share_is_its_share() -> None:
    """Sobol's total index of a dial that does nothing is what luck alone gives."""
    plan = plan_for(SLOPES[:2], "sobol", 1024)
    luck = np.random.default_rng(8).normal(0.0, 3.0, (len(plan.cells), 5))

    answer = answered(plan, lambda x: 3.0 * x[:, 0], luck)

    assert answer.influences[1].figure == pytest.approx(answer.influences[1].luck, rel=0.15)
    assert not answer.influences[1].beyond_luck
    assert answer.influences[0].beyond_luck


def test_the_sentence_names_the_strongest() -> None:
    """Who, over which range, which way, by how much; then who follows and who does nothing."""
    plan = plan_for(SLOPES, "morris", 6)

    answer = answered(plan, line, np.zeros((1, 2)))

    luck = "Luck makes 0 % of the variance between points (means of 5 replications on the same"
    assert sentences(Study(plan, (answer,), {}), answer) == [
        f"a matters most: from 0 to 10 it raises {KPI} by 30.00 h on average; then b (4.00 h).",
        f"c does nothing to {KPI}: exactly 0.",
        f"{luck} orders).",
    ]


@pytest.mark.parametrize("method", ["morris", "sobol"])
def test_a_constant_is_moved_by_nothing(method: str) -> None:
    """The same number everywhere is an answer, not an error."""
    plan = plan_for(SLOPES, "morris" if method == "morris" else "sobol", 16)

    answer = answered(plan, lambda x: 0.0 * x[:, 0] + 4.0, np.zeros((1, 3)))

    assert [one.figure for one in answer.influences] == [0.0, 0.0, 0.0]
    said = sentences(Study(plan, (answer,), {}), answer)
    assert said == [f"Nothing moves {KPI}: it is the same at all points."]


def test_the_points_are_written_once() -> None:
    """The CSV has a row a different point; how often the design comes to it adds up."""
    plan = plan_for((Dial("n", 0.0, 1.0, whole=True), Dial("m", 0.0, 1.0, whole=True)), "morris", 9)
    values = np.arange(5.0 * len(plan.cells)).reshape(-1, 5)

    head, *rows = csv_text(Study(plan, (), {KPI: values})).splitlines()

    assert head == f"point,times_in_design,n,m,replications,{KPI},{KPI}.sd"
    assert len(rows) == len(plan.cells) == 4
    assert sum(int(row.split(",")[1]) for row in rows) == plan.places.size
    assert rows[0].split(",")[-3:-1] == ["5", "2.0"]


def test_intervals_of_effects_hold_them() -> None:
    """Bootstrap over trajectories: around each figure, the same for a seed, a point for a line."""
    plan = plan_for(ANGLES, "morris", 30)
    values = np.array([[float(word) for word in cell.words] for cell in plan.cells])
    effects = effects_by_trajectory(plan.design, ishigami(values)[plan.places])

    found = effects_intervals(effects, 3)

    assert found == effects_intervals(effects, 3)
    for one, series in zip(found, effects.T, strict=True):
        assert one.mean_absolute[0] <= np.abs(series).mean() <= one.mean_absolute[1]
        assert one.mean[0] <= series.mean() <= one.mean[1]
    assert effects_intervals(np.full((4, 1), 2.0), 3)[0].mean_absolute == (2.0, 2.0)
    with pytest.raises(ValueError, match="at least 2"):
        effects_intervals(np.ones((1, 2)), 3)
    with pytest.raises(ValueError, match="at least 100"):
        effects_intervals(effects, 3, resamples=9)
