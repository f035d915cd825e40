from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.kpis.estimates import Judgement, estimate, holm, paired, t_quantile, verdicts

NUMBERS = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=20)


@pytest.mark.parametrize(
    ("share", "degrees", "quantile"),
    [
        (0.975, 1, 12.7062),  # tables of Student's t, four decimals
        (0.975, 9, 2.2622),
        (0.95, 4, 2.1318),
        (0.995, 30, 2.7500),
    ],
)
def test_t_quantiles_are_those_of_the_tables(share: float, degrees: int, quantile: float) -> None:
    """The quantiles of Student's t agree with printed tables."""
    assert t_quantile(share, degrees) == pytest.approx(quantile, abs=5e-5)


def test_the_interval_of_three_numbers() -> None:
    """1, 2, 6: mean 3, sd sqrt(7), half-width 4.3027 sqrt(7) / sqrt(3) = 6.5724."""
    found = estimate([1.0, 2.0, 6.0])

    assert found is not None
    assert found.mean == 3.0
    assert found.sd == pytest.approx(math.sqrt(7.0))
    assert found.half_width == pytest.approx(6.5724, abs=1e-4)
    assert found.lo == pytest.approx(3.0 - 6.5724, abs=1e-4)


def test_one_replication_has_no_interval() -> None:
    """A single number says nothing about its spread."""
    found = estimate([4.0])

    assert found is not None
    assert (found.mean, found.lo, found.hi, found.sd, found.n) == (4.0, None, None, None, 1)


def test_undefined_replications_are_left_out() -> None:
    """The mean is taken over the replications that have a number; without any there is none."""
    found = estimate([None, 2.0, None, 4.0])

    assert found is not None
    assert (found.mean, found.n) == (3.0, 2)
    assert estimate([None, None]) is None


@given(NUMBERS)
def test_the_mean_does_not_depend_on_the_order_of_replications(values: list[float]) -> None:
    """Sums are exact: replications finished in another order give the same bits."""
    first, second = estimate(values), estimate(sorted(values))

    assert first is not None
    assert second is not None
    assert (first.mean, first.sd) == (second.mean, second.sd)


def test_intervals_cover_the_truth_as_often_as_they_say() -> None:
    """Of 4,000 intervals of 10 normal numbers 95 % cover the mean, within 4 binomial deviations."""
    runs, n = 4000, 10
    values = np.random.Generator(np.random.Philox(7)).normal(5.0, 2.0, (runs, n))
    covered = 0
    for row in values.tolist():
        found = estimate(row)
        assert found is not None
        covered += found.lo is not None and found.hi is not None and found.lo <= 5.0 <= found.hi

    deviation = math.sqrt(0.95 * 0.05 / runs)
    assert abs(covered / runs - 0.95) < 4.0 * deviation


def test_a_policy_against_itself_differs_by_exactly_nothing() -> None:
    """Equal pairs: difference 0, interval 0 to 0, verdict identical, whatever their spread."""
    values = [0.1 * k for k in range(10)]
    found = paired(values, values)

    assert found is not None
    assert (found.mean, found.lo, found.hi, found.sd, found.p) == (0.0, 0.0, 0.0, 0.0, 1.0)
    assert found.variance_ratio is None
    assert verdicts({"a": values}, {"a": values}, {"a": "low"})["a"].judgement == "identical"


def test_pairs_take_out_what_both_share() -> None:
    """With b = a + (1, 2, 3): mean 2, sd 1; the shared spread shows in the variance ratio."""
    a = [10.0, 50.0, 90.0]  # variance 1600
    b = [11.0, 52.0, 93.0]  # variance 1681
    found = paired(a, b)

    assert found is not None
    assert (found.mean, found.sd) == (2.0, 1.0)
    assert found.half_width == pytest.approx(4.302653 / math.sqrt(3.0), abs=1e-5)
    assert found.variance_ratio == pytest.approx(1600 + 1681)
    # t = 2 sqrt(3), 2 degrees: p = 1 - t / sqrt(t^2 + 2) = 1 - sqrt(12 / 14)
    assert found.p == pytest.approx(1.0 - math.sqrt(12.0 / 14.0))


def test_pairs_need_both_numbers() -> None:
    """A pair with an undefined side is left out; different lengths are an error."""
    found = paired([1.0, None, 3.0], [2.0, 5.0, None])

    assert found is not None
    assert found.n == 1
    assert found.half_width is None
    with pytest.raises(ValueError, match="shorter"):
        paired([1.0, 2.0], [1.0])


def test_holm_steps_down() -> None:
    """Holm's example: 0.01 x 4, 0.02 x 3, 0.03 x 2, 0.04 x 1, never falling, in the given order."""
    assert holm([0.04, 0.01, 0.03, 0.02]) == pytest.approx([0.06, 0.04, 0.06, 0.06])
    assert holm([]) == []
    assert holm([0.9, 0.8]) == [1.0, 1.0]


A_THIRD = [10.0, 11.0, 9.0, 10.5, 9.5]


@pytest.mark.parametrize(
    ("shift", "noise", "smallest", "expected"),
    [
        (-1.0, 0.01, 0.5, "better"),  # shown and large enough; low is better
        (1.0, 0.01, 0.5, "worse"),
        (0.1, 0.01, 0.5, "no clear difference"),  # shown, but of no interest
        (0.0, 0.01, 0.5, "no clear difference"),  # not shown, and nothing of interest can hide
        (0.0, 5.0, 0.5, "too few replications"),  # not shown, but 0.5 may hide in the interval
        (0.0, 5.0, 0.0, "no clear difference"),  # no smallest effect was declared
    ],
)
def test_verdicts(shift: float, noise: float, smallest: float, expected: Judgement) -> None:
    """A verdict weighs what is shown against the smallest effect of interest."""
    wobble = [1.0, -1.0, 0.5, -0.5, 0.0]
    b = [v + shift + noise * w for v, w in zip(A_THIRD, wobble, strict=True)]

    found = verdicts({"k": A_THIRD}, {"k": b}, {"k": "low"}, {"k": smallest})

    assert found["k"].judgement == expected


def test_high_is_better_turns_the_verdict() -> None:
    """The same rise is better where high is better."""
    b = [v + 1.0 + 0.01 * k for k, v in enumerate(A_THIRD)]

    assert verdicts({"k": A_THIRD}, {"k": b}, {"k": "high"})["k"].judgement == "better"
    assert verdicts({"k": A_THIRD}, {"k": b}, {"k": "low"})["k"].judgement == "worse"


def test_one_pair_is_too_few() -> None:
    """A single replication, or none with a number, judges nothing."""
    found = verdicts({"k": [1.0], "m": [None]}, {"k": [2.0], "m": [1.0]}, {"k": "low", "m": "low"})

    assert found["k"].judgement == "too few replications"
    assert found["m"].judgement == "too few replications"
    assert found["m"].difference is None


def test_a_family_of_equal_policies_is_rarely_called_different() -> None:
    """Of 1,000 families of 20 KPIs without a difference at most 5 % (+ 4 deviations) say one."""
    generator = np.random.Generator(np.random.Philox(11))
    names = [f"k{k}" for k in range(20)]
    alarms = 0
    for _ in range(1000):
        a = generator.normal(size=(20, 8))
        b = a + generator.normal(size=(20, 8))
        found = verdicts(
            dict(zip(names, a.tolist(), strict=True)),
            dict(zip(names, b.tolist(), strict=True)),
            dict.fromkeys(names, "low"),
        )
        alarms += any(v.judgement in ("better", "worse") for v in found.values())

    assert alarms / 1000 < 0.05 + 4.0 * math.sqrt(0.05 * 0.95 / 1000)
