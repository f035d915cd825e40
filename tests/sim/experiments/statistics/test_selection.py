from __future__ import annotations

import math
import tracemalloc
from collections.abc import Sequence

import numpy as np
import pytest

from sim.experiments.statistics import selection
from sim.experiments.statistics.selection import Selection, kim_nelson, rinott
from sim.experiments.statistics.selection_constants import kn_eta, kn_h2, kn_plus_h2, rinott_h
from tests.sim.experiments.statistics.claims import SLIPPAGE, right_choices
from tests.sim.experiments.statistics.queues import Floats

RUNS = 600
LEAST = RUNS * (0.95 - 4.0 * math.sqrt(0.95 * 0.05 / RUNS))
"""A procedure that is right in 95 of 100 is below this once in 30,000 tests."""


class Table:
    """Plays what is written down, and counts the calls."""

    def __init__(self, values: Floats) -> None:
        self.values = values
        self.calls: list[tuple[list[int], int, int]] = []

    def __call__(self, policies: Sequence[int], first: int, count: int) -> Floats:
        """Return count x policies values."""
        self.calls.append((list(policies), first, count))
        return self.values[first : first + count, list(policies)]


def normal_table(seed: int, sds: Sequence[float], means: Sequence[float], shared: float) -> Table:
    """Return 4,000 replications of normal policies that share a part."""
    rng = np.random.Generator(np.random.Philox(seed))
    luck = rng.standard_normal((4000, len(sds))) * np.array(sds)
    return Table(np.array(means) + luck + shared * rng.standard_normal((4000, 1)))


def kim_nelson_by_the_book(
    values: Floats, delta: float, n0: int, alpha: float, *, update: bool
) -> tuple[int, int]:
    """Return KN's choice (largest) and its last r, written as in the papers, with plain loops."""
    k = values.shape[1]
    error = 2.0 * alpha / (k - 1)
    eta = -math.log(error) if update else 0.5 * (error ** (-2.0 / (n0 - 1)) - 1.0)
    h2 = 2.0 * eta if update else 2.0 * eta * (n0 - 1)
    alive, r = set(range(k)), n0
    while True:
        average = {i: float(values[:r, i].mean()) for i in alive}
        bound = {}
        for i in alive:
            for j in alive - {i}:
                d = values[: r if update else n0, i] - values[: r if update else n0, j]
                bound[i, j] = h2 * float(d.var(ddof=1)) / delta**2
        alive = {
            i
            for i in alive
            if all(
                average[i] >= average[j] - max(0.0, delta / (2.0 * r) * (bound[i, j] - r))
                for j in alive - {i}
            )
        }
        if len(alive) == 1 or r > max(bound.values()):
            return max(alive, key=lambda i: average[i]), r
        r += 1


@pytest.mark.parametrize(
    ("policies", "first_stage", "h"),
    [(2, 10, 2.6141), (2, 20, 2.4525), (5, 20, 3.3854), (10, 20, 3.8753), (10, 10, 4.2895)],
)
def test_rinott_s_constant(policies: int, first_stage: int, h: float) -> None:
    """The constant for P* = 0.95 to four decimals."""
    assert rinott_h(policies, first_stage) == pytest.approx(h, abs=6e-5)


def test_rinott_s_constant_is_a_chance() -> None:
    """A million draws of its definition are below h in 95 %, within 4 deviations."""
    rng = np.random.Generator(np.random.Philox(1))
    x, y = rng.chisquare(9, 1_000_000), rng.chisquare(9, 1_000_000)
    t = rng.standard_normal(1_000_000) * np.sqrt(9.0 * (1.0 / x + 1.0 / y))

    assert abs((t < rinott_h(2, 10)).mean() - 0.95) < 4.0 * np.sqrt(0.95 * 0.05 / 1e6)


@pytest.mark.parametrize(
    ("policies", "first_stage", "eta", "h2"),
    [(2, 10, 0.33405, 6.0129), (5, 10, 0.63497, 11.4294), (10, 20, 0.30293, 11.5115)],
)
def test_the_constants_of_kim_and_nelson(
    policies: int, first_stage: int, eta: float, h2: float
) -> None:
    """Eta and h^2 for alpha = 0.05."""
    assert kn_eta(policies, first_stage) == pytest.approx(eta, abs=6e-6)
    assert kn_h2(policies, first_stage) == pytest.approx(h2, abs=6e-5)


def test_kn_plus_is_the_limit_of_a_long_first_stage() -> None:
    """h^2 of KN++ is that of KN with very many first replications."""
    assert kn_h2(5, 1_000_000) == pytest.approx(kn_plus_h2(5), rel=1e-4)


@pytest.mark.parametrize("update", [False, True])
@pytest.mark.parametrize("seed", range(15))
def test_it_is_the_procedure_of_the_paper(seed: int, update: bool) -> None:
    """KN and KN++: choice and replications on random tables equal the papers', loop by loop."""
    rng = np.random.Generator(np.random.Philox(100 + seed))
    k = int(rng.integers(2, 6))
    table = normal_table(seed, rng.uniform(0.1, 4.0, k).tolist(), rng.normal(size=k).tolist(), 2.0)

    found = kim_nelson(table, k, 1.0, better="high", update_variances=update)

    choice, r = kim_nelson_by_the_book(table.values, 1.0, 10, 0.05, update=update)
    assert (found.best, max(found.replications)) == (choice, r)
    assert found.decided


@pytest.mark.parametrize("update", [False, True])
@pytest.mark.parametrize("at_once", [2, 7, 64, 1000])
def test_parallel_workers_change_nothing(at_once: int, update: bool) -> None:
    """Replications asked for together are screened one by one: same choice, none fewer played."""
    for seed in range(10):
        alone, many = (normal_table(seed, [3.0, 1.0, 2.0], [0.0, 0.4, 0.1], 1.0) for _ in "ab")

        one = kim_nelson(alone, 3, 0.5, update_variances=update)
        block = kim_nelson(many, 3, 0.5, update_variances=update, at_once=at_once)

        assert (block.best, block.alive) == (one.best, one.alive)
        pairs = zip(block.replications, one.replications, strict=True)
        assert all(n <= m < n + at_once for m, n in pairs)


@pytest.mark.parametrize("update", [False, True])
@pytest.mark.parametrize("seed", range(20))
def test_row_by_row_is_the_whole_matrix(
    seed: int, update: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All pairs at once, or one policy against all at a time: the same answer to the last bit."""
    rng = np.random.Generator(np.random.Philox(200 + seed))
    k = int(rng.integers(2, 30))
    sds, means = rng.uniform(0.1, 4.0, k).tolist(), rng.normal(size=k).tolist()
    found = []
    for pairs in (1 << 40, 1):
        monkeypatch.setattr(selection, "PAIRS_AT_ONCE", pairs)
        table = normal_table(seed, sds, means, 2.0)
        found.append(kim_nelson(table, k, 0.5, update_variances=update, at_once=4, most=200))
    assert found[0] == found[1]


def test_memory_does_not_grow_with_the_pairs() -> None:
    """A number for each pair of 2,000 policies alone would take 32 MB."""
    policies = 2000
    table = Table(np.random.Generator(np.random.Philox(3)).normal(size=(12, policies)))
    tracemalloc.start()
    kim_nelson(table, policies, 0.5, most=12)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * policies**2 / 2


def test_low_is_high_turned_round() -> None:
    """Minimising is maximising the negative, and means are shown with their own sign."""
    table = normal_table(4, [1.0, 2.0, 3.0], [5.0, 6.0, 7.0], 1.0)

    low = kim_nelson(table, 3, 0.5)
    high = kim_nelson(Table(-table.values), 3, 0.5, better="high")

    assert low.best == high.best == 0
    assert low.means == pytest.approx([-m for m in high.means])
    n = low.replications[0]
    assert low.means[0] == pytest.approx(table.values[:n, 0].mean())


def test_common_orders_save_replications() -> None:
    """What the policies share cancels in the pairs: no more replications than without it."""
    little = normal_table(5, [1.0, 1.0, 1.0], [0.0, 1.0, 1.0], 0.0)
    shared = normal_table(5, [1.0, 1.0, 1.0], [0.0, 1.0, 1.0], 50.0)

    assert kim_nelson(little, 3, 0.5).replications == kim_nelson(shared, 3, 0.5).replications


def test_equal_policies_end_in_a_choice() -> None:
    """Two that never differ are both left, the first is taken, and the first stage is enough."""
    values = np.random.Generator(np.random.Philox(6)).normal(size=(50, 1))
    table = Table(np.hstack([values + 5.0, values, values]))

    found = kim_nelson(table, 3, 0.1)

    assert found == Selection(1, True, (1, 2), found.means, (10, 10, 10))
    assert table.calls == [([0, 1, 2], 0, 10)]


def test_a_screened_policy_is_not_played_again() -> None:
    """Replications are asked for in order, of those that are left."""
    table = normal_table(7, [3.0, 3.0, 0.5], [0.0, 0.2, 30.0], 0.0)

    found = kim_nelson(table, 3, 0.5, at_once=5)

    assert found.replications[2] == 10
    assert [call[1] for call in table.calls] == [0, *range(10, 10 + 5 * (len(table.calls) - 1), 5)]
    assert all(2 not in call[0] for call in table.calls[1:])


def test_a_limit_leaves_it_undecided() -> None:
    """Who gives up after 20 replications is told that nothing is promised."""
    found = kim_nelson(normal_table(8, [5.0, 5.0], [0.0, 0.1], 0.0), 2, 0.1, most=20, at_once=7)

    assert not found.decided
    assert found.alive == (0, 1)
    assert found.replications == (20, 20)


@pytest.mark.parametrize(("means", "sds"), SLIPPAGE)
def test_the_best_is_chosen_as_often_as_promised(
    means: tuple[float, ...], sds: tuple[float, ...]
) -> None:
    """Unequal variances, the others exactly delta worse, wherever the best stands.

    600 choices here; ``python -m tests.benchmarks.statistics_coverage`` makes 2,000 of each.
    """
    right, _ = right_choices(means, sds, RUNS)

    assert right >= LEAST


def test_the_promise_holds_on_common_orders() -> None:
    """The same with a large shared part, as common random numbers give it."""
    right, _ = right_choices(*SLIPPAGE[3], RUNS, shared=20.0)

    assert right >= LEAST


def test_rinott_keeps_its_promise() -> None:
    """Rinott's two stages are right as often."""
    right, _ = right_choices(*SLIPPAGE[3], RUNS, procedure="Rinott")

    assert right >= LEAST


def test_updated_variances_need_fewer_replications() -> None:
    """KN++ chooses about as well with less than four fifths of the replications."""
    right, played = right_choices(*SLIPPAGE[3], RUNS, procedure="KN++")
    _, first_stage_only = right_choices(*SLIPPAGE[3], 100)

    assert right / RUNS >= 0.90
    assert played < 0.8 * first_stage_only


def test_rinott_by_hand() -> None:
    """Deviation of 0 1 0 1 ...: n0 = 20 gives S^2 = 5/19, N = ceil(h^2 S^2 / delta^2)."""
    values = np.tile([[0.0, 5.0], [1.0, 5.0]], (400, 1))

    found = rinott(Table(values), 2, 0.1)

    assert found.replications == (int(np.ceil((rinott_h(2, 20) / 0.1) ** 2 * 5.0 / 19.0)), 20)
    assert (found.best, found.alive) == (0, (0,))


def test_bad_settings_and_values_are_refused() -> None:
    """Each message says what was found and what was expected."""
    table = normal_table(9, [1.0, 1.0], [0.0, 1.0], 0.0)
    with pytest.raises(ValueError, match="policies: found 1"):
        kim_nelson(table, 1, 1.0)
    with pytest.raises(ValueError, match="delta: found 0"):
        kim_nelson(table, 2, 0.0)
    with pytest.raises(ValueError, match="first_stage: found 1"):
        kim_nelson(table, 2, 1.0, first_stage=1)
    with pytest.raises(ValueError, match="guessing is as good"):
        kim_nelson(table, 2, 1.0, alpha=0.6)
    with pytest.raises(ValueError, match="guessing is as good"):
        rinott_h(2, 10, 0.5)
    with pytest.raises(ValueError, match="at_once: found 0"):
        kim_nelson(table, 2, 1.0, at_once=0)
    with pytest.raises(ValueError, match="most: found 5"):
        kim_nelson(table, 2, 1.0, most=5)
    with pytest.raises(ValueError, match="expected 10 replications x 2"):
        kim_nelson(Table(np.zeros((4, 2))), 2, 1.0)
    broken = table.values.copy()
    broken[4, 1] = np.nan
    with pytest.raises(ValueError, match="nan in replication 4 of policy 1"):
        kim_nelson(Table(broken), 2, 1.0)
