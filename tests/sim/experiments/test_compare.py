"""Paired comparisons on common random numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.experiments.compare import compare_runs
from sim.experiments.run import Run, execute
from sim.kpis import KPIS, paired
from sim.kpis.headline import HEADLINE
from tests.sim.experiments.small import small

REPLICATIONS = 8
STRAINED = ("orders.per_day=100", "packing.base_s=450")
KPI = "order_lead_time_mean_h"


@pytest.fixture(scope="module")
def one_packer(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A shop whose one packer of each shift can hardly keep up."""
    loaded = small(tmp_path_factory.mktemp("one"), *STRAINED)
    return execute(loaded, replications=range(REPLICATIONS))


@pytest.fixture(scope="module")
def two_packers(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The same shop with one more packer on the late shift."""
    loaded = small(tmp_path_factory.mktemp("two"), *STRAINED, "staff.late.packers=2")
    return execute(loaded, replications=range(REPLICATIONS))


def test_a_run_against_itself_is_identical(one_packer: Run) -> None:
    """Played twice, a scenario differs from itself by exactly 0 in every KPI."""
    again = execute(one_packer.loaded, replications=range(REPLICATIONS))
    comparison = compare_runs(one_packer, again)
    for name in KPIS:
        difference = comparison.difference(name)
        if difference is not None and difference.n > 1:
            assert (difference.mean, difference.lo, difference.hi) == (0.0, 0.0, 0.0)
        elif difference is not None:  # what hardly happens: one pair has no interval
            assert (difference.mean, difference.lo, difference.hi) == (0.0, None, None)
    assert [verdict.judgement for verdict in comparison.verdicts.values()] == [
        "identical" for _ in comparison.verdicts
    ]
    assert list(comparison.verdicts) == [name for name in HEADLINE if KPIS[name].better]


def test_both_scenarios_play_the_same_orders(one_packer: Run, two_packers: Run) -> None:
    """What the customers want is the same order by order, whoever packs."""
    for name in ("orders_placed", "units_sold"):
        assert one_packer.values(name) == two_packers.values(name)


def test_common_orders_sharpen_the_comparison(one_packer: Run, two_packers: Run) -> None:
    """Pairs on the same orders vary far less than pairs on different orders.

    The ratio says how many times as many replications independent orders would need. Pairs whose
    partners are shifted by one replication have independent orders: there it is about 1.
    """
    a, b = one_packer.values(KPI), two_packers.values(KPI)
    common, independent = paired(a, b), paired(a, [*b[1:], b[0]])
    assert common is not None
    assert independent is not None
    assert common.mean == pytest.approx(independent.mean)
    assert common.variance_ratio is not None
    assert independent.variance_ratio is not None
    assert common.variance_ratio > 10.0
    assert independent.variance_ratio < 2.0


def test_one_more_packer_never_delays(one_packer: Run, two_packers: Run) -> None:
    """On the same orders one more packer makes no replication slower, and most of them faster."""
    pairs = list(zip(one_packer.values(KPI), two_packers.values(KPI), strict=True))
    assert all(a is not None and b is not None and b <= a for a, b in pairs)
    assert sum(a != b for a, b in pairs) > REPLICATIONS / 2


def test_the_correction_is_made_over_the_whole_family(one_packer: Run, two_packers: Run) -> None:
    """With more KPIs in the family no p value gets smaller, and the further ones are judged."""
    family = (*HEADLINE, "oversale_rate", "margin_per_order_eur")
    usual, more = (
        compare_runs(one_packer, two_packers),
        compare_runs(one_packer, two_packers, family),
    )
    assert more.family == family
    assert more.verdicts.keys() - usual.verdicts.keys() == {"oversale_rate", "margin_per_order_eur"}
    for name, verdict in usual.verdicts.items():
        if verdict.p_holm is not None:
            assert (more.verdicts[name].p_holm or 0.0) >= verdict.p_holm


def test_different_seeds_or_replications_are_refused(one_packer: Run, tmp_path: Path) -> None:
    """Runs that did not play the same orders are not compared."""
    other = execute(small(tmp_path, *STRAINED, "run.seed=1"), replications=[0])
    fewer = execute(one_packer.loaded, replications=[0])
    for b in (other, fewer):
        with pytest.raises(ValueError, match="same seed and the same replications"):
            compare_runs(one_packer, b)
    with pytest.raises(ValueError, match="same seed"):
        compare_runs(fewer, other)
