from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from sim.experiments.statistics.many_to_one import (
    dunnett,
    dunnett_critical,
    paired_against_baseline,
)
from sim.kpis.estimates import paired, t_quantile, verdicts
from tests.sim.experiments.statistics.claims import false_alarms


@pytest.mark.parametrize(
    ("policies", "degrees", "critical"),
    [(2, 10, 2.57), (3, 20, 2.54), (4, 30, 2.58), (5, 60, 2.58)],  # Dunnett's tables
)
def test_critical_values_are_those_of_the_tables(
    policies: int, degrees: int, critical: float
) -> None:
    """Two-sided 5 % values agree with printed tables of two decimals."""
    assert dunnett_critical(policies, degrees) == pytest.approx(critical, abs=0.005)


@pytest.mark.parametrize(
    ("policies", "degrees", "critical"),
    [(2, 10, 2.5683), (3, 20, 2.5403), (4, 30, 2.5781), (5, 60, 2.5825)],
)
def test_critical_values_to_four_decimals(policies: int, degrees: int, critical: float) -> None:
    """The same values from an independent computation, to four decimals."""
    assert dunnett_critical(policies, degrees) == pytest.approx(critical, abs=6e-5)


@pytest.mark.parametrize("degrees", [1, 2, 5, 40, 1000])
def test_one_policy_is_student_s_t(degrees: int) -> None:
    """With a single policy Dunnett's test is the two-sample t test."""
    assert dunnett_critical(1, degrees) == pytest.approx(t_quantile(0.975, degrees), rel=1e-7)


@pytest.mark.parametrize("seed", range(3))
def test_it_agrees_with_scipy(seed: int) -> None:
    """On groups of different sizes p values and intervals are SciPy's, within its random error."""
    rng = np.random.Generator(np.random.Philox(seed))
    control = rng.normal(size=8)
    groups = {f"p{k}": rng.normal(0.5 * k, 1.0, size=5 + 4 * k) for k in range(3)}

    found = dunnett(control.tolist(), {k: g.tolist() for k, g in groups.items()}, "low")

    theirs = stats.dunnett(*groups.values(), control=control, random_state=1)
    interval = theirs.confidence_interval()
    assert [c.p for c in found.values()] == pytest.approx(theirs.pvalue, abs=1e-3)
    assert [c.lo for c in found.values()] == pytest.approx(interval.low, abs=5e-3)
    assert [c.hi for c in found.values()] == pytest.approx(interval.high, abs=5e-3)


@pytest.mark.parametrize("sizes", [(500, 500), (20, 200), (2, 2), (2, 300)])
def test_any_sizes_hold_their_level(sizes: tuple[int, int]) -> None:
    """Baseline of 2, policies of other sizes: SciPy's multivariate t gives the interval 95 %."""
    rng = np.random.Generator(np.random.Philox(5))
    groups = {f"p{n}{k}": rng.normal(size=n).tolist() for k, n in enumerate(sizes)}
    base = rng.normal(size=2).tolist()

    found = dunnett(base, groups, "low")

    degrees = 1 + sum(n - 1 for n in sizes)
    within = sum((len(g) - 1) * np.var(g, ddof=1) for g in [base, *groups.values()]) / degrees
    limits = [
        (c.hi - c.lo) / 2.0 / math.sqrt(within * (1.0 / n + 0.5))
        for c, n in zip(found.values(), sizes, strict=True)
    ]
    load = np.sqrt([n / (n + 2.0) for n in sizes])
    shape = np.outer(load, load)
    np.fill_diagonal(shape, 1.0)
    law = stats.multivariate_t(shape=shape, df=degrees)
    inside = law.cdf(limits, lower_limit=[-d for d in limits], maxpts=100_000, random_state=1)
    assert inside == pytest.approx(0.95, abs=1e-4)


def test_verdicts_of_independent_policies() -> None:
    """The same words as for pairs: what is shown, weighed against the smallest effect."""
    wobble = [0.1, -0.1, 0.05, -0.05, 0.0]
    baseline = [10.0 + w for w in wobble]

    found = dunnett(
        baseline,
        {
            "fast": [8.0 + w for w in wobble],
            "slow": [11.0 + w for w in wobble],
            "same": [10.01 + w for w in wobble],
        },
        "low",
        smallest=0.5,
    )

    assert [c.judgement for c in found.values()] == ["better", "worse", "no clear difference"]
    wide = dunnett([10.0, 0.0, 20.0], {"p": [11.0, 3.0, 18.0]}, "low", smallest=0.5)
    assert wide["p"].judgement == "too few replications"
    assert dunnett([3.0, 3.0], {"p": [3.0, 3.0]}, "low")["p"].judgement == "identical"
    assert dunnett([3.0, 3.0], {"p": [4.0, 4.0]}, "low")["p"].judgement == "worse"


def test_independent_policies_are_rarely_called_different() -> None:
    """Four policies like the baseline, 1,000 times: at most 5 % (+ 4 deviations) say a difference.

    And not far below 5 %: Dunnett's test is exact for normal numbers.
    """
    rng = np.random.Generator(np.random.Philox(8))
    groups = rng.normal(size=(1000, 5, 6))
    limit = dunnett_critical(4, 25)
    means, within = groups.mean(axis=2), groups.var(axis=2, ddof=1).mean(axis=1)
    largest = np.abs(means[:, 1:] - means[:, :1]).max(axis=1) / np.sqrt(within / 3.0)

    assert abs((largest > limit).mean() - 0.05) < 4.0 * math.sqrt(0.05 * 0.95 / 1000)
    policies = {f"p{k}": groups[0, k].tolist() for k in range(1, 5)}
    first = dunnett(groups[0, 0].tolist(), policies, "low")
    assert any(c.p < 0.05 for c in first.values()) == bool(largest[0] > limit)


def test_pairs_against_a_baseline_are_one_family() -> None:
    """Holm runs over policies x KPIs: with 2 x 2 of them the smallest p value is taken 4 times."""
    rng = np.random.Generator(np.random.Philox(2))
    base = {"wait": rng.normal(10.0, 3.0, 10).tolist(), "rate": rng.normal(5.0, 1.0, 10).tolist()}
    fast = {"wait": [v - 2.0 + 0.1 * k for k, v in enumerate(base["wait"])], "rate": base["rate"]}
    other = {k: [v + float(rng.normal()) for v in vs] for k, vs in base.items()}

    found = paired_against_baseline(
        base, {"fast": fast, "other": other}, {"wait": "low", "rate": "high"}
    )

    difference = paired(base["wait"], fast["wait"])
    assert difference is not None
    assert difference.p is not None
    assert found["fast"]["wait"].p_holm == pytest.approx(4.0 * difference.p)
    assert found["fast"]["wait"].judgement == "better"
    assert found["fast"]["wait"].name == "wait"
    assert found["fast"]["rate"].judgement == "identical"
    assert list(found) == ["fast", "other"]


def test_one_policy_is_compared_as_ever() -> None:
    """With one policy the verdicts are those of :func:`sim.kpis.estimates.verdicts`."""
    a: dict[str, list[float | None]] = {"k": [1.0, 2.0, 4.0], "m": [3.0, None, 5.0]}
    b: dict[str, list[float | None]] = {"k": [1.5, 2.5, 4.6], "m": [2.0, 1.0, 5.0]}

    found = paired_against_baseline(a, {"p": b}, {"k": "low", "m": "high"}, {"k": 0.1})

    assert found["p"] == verdicts(a, b, {"k": "low", "m": "high"}, {"k": 0.1})


def test_the_same_seeds_differ_by_exactly_nothing() -> None:
    """The same policy on the same orders: 25 KPIs, all identical, whatever their correlation."""
    rng = np.random.Generator(np.random.Philox(3))
    kpis = {f"k{k}": rng.lognormal(size=10).tolist() for k in range(25)}

    found = paired_against_baseline(kpis, {"same": dict(kpis)}, dict.fromkeys(kpis, "low"))

    assert {v.judgement for v in found["same"].values()} == {"identical"}
    assert all(
        v.difference is not None and v.difference.mean == 0.0 for v in found["same"].values()
    )


@pytest.mark.parametrize("correlation", [0.0, 0.6, 0.95])
def test_new_seeds_rarely_call_the_same_policy_different(correlation: float) -> None:
    """1,000 suites of 25 skewed KPIs on new seeds, 10 replications: <= 5 % (99.9 %: 68) alarm."""
    assert false_alarms(1000, correlation) <= 68


def test_bad_input_is_refused() -> None:
    """What cannot be compared is said."""
    with pytest.raises(ValueError, match="policies: found none"):
        dunnett([1.0, 2.0], {}, "low")
    with pytest.raises(ValueError, match="baseline"):
        dunnett([1.0], {"p": [1.0, 2.0]}, "low")
    with pytest.raises(ValueError, match="policy p"):
        dunnett([1.0, 2.0], {"p": [1.0]}, "low")
    with pytest.raises(ValueError, match="alpha"):
        dunnett([1.0, 2.0], {"p": [1.0, 2.0]}, "low", alpha=5.0)
