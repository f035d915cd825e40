"""Gates: beyond the tolerance, in the worse direction, beyond luck."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiments.gates import (
    PER_CENT,
    POSITIVE,
    SHARE,
    Amount,
    Gated,
    Wanted,
    judged_gates,
    read_amount,
)
from sim.kpis import paired

COST, RATE = "cost_per_order_eur", "on_time_ship_rate"
VALUES = st.lists(st.floats(-1e3, 1e3).map(lambda x: round(x, 3)), min_size=2, max_size=8)


def failed(kpi: str, a: list[float], b: list[float], tolerance: Amount) -> bool:
    """Return whether a single gate is failed."""
    return judged_gates({0: Gated(kpi, a, b, tolerance)})[0].failed


@given(VALUES, st.floats(0.0, 2.0), st.data())
def test_a_failed_gate_has_its_whole_interval_beyond(
    a: list[float], tolerance: float, data: st.DataObject
) -> None:
    """Alone, a gate is failed just if the paired 95 % interval lies beyond, up to rounding."""
    b = [x + data.draw(st.floats(-1.0, 5.0)) for x in a]
    found = paired(a, b)
    assert found is not None
    assert found.lo is not None
    if abs(found.lo - tolerance) > 1e-6:
        assert failed(COST, a, b, Amount(tolerance, relative=False)) == (found.lo > tolerance)


@given(VALUES, st.floats(0.0, 1.0), st.booleans())
def test_the_same_numbers_never_fail(a: list[float], tolerance: float, relative: bool) -> None:
    """Not even without any tolerance."""
    assert not failed(COST, a, a, Amount(tolerance, relative))


def test_the_direction_is_the_kpi_s() -> None:
    """Less cost passes and less punctuality fails."""
    a, less = [1.0, 1.1, 0.9, 1.0], [0.5, 0.6, 0.4, 0.51]
    nothing = Amount(0.0, relative=False)
    assert not failed(COST, a, less, nothing)
    assert failed(RATE, a, less, nothing)
    assert failed(COST, less, a, nothing)
    assert not failed(RATE, less, a, nothing)


def test_many_gates_at_their_tolerance_seldom_fail() -> None:
    """Exactly as much worse as is tolerated: at most 5 % of the commands fail, promised 2.5 %."""
    luck = np.random.default_rng(5)
    commands, gates, replications = 300, 30, 10
    by_luck = 0
    for _ in range(commands):
        a = luck.normal(10.0, 1.0, (gates, replications))
        b = a + 0.1 + luck.normal(0.0, 0.2, (gates, replications))
        tolerance = Amount(0.1, relative=False)
        found = judged_gates({k: Gated(COST, a[k], b[k], tolerance) for k in range(gates)})
        by_luck += any(gate.failed for gate in found.values())
    assert by_luck / commands <= 0.05


def test_undefined_numbers_do_not_fail() -> None:
    """A pair without both numbers says nothing."""
    gate = Gated(COST, [1.0, None, 2.0], [None, 5.0, None], Amount(0.0, relative=True))
    assert not judged_gates({0: gate})[0].failed


@pytest.mark.parametrize("word", ["", "x", "-1", "nan", "inf%", "%"])
def test_amounts_are_numbers_from_zero(word: str) -> None:
    """Anything else is refused in words."""
    with pytest.raises(ValueError, match="expected a number from 0"):
        read_amount(word)


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("0", POSITIVE),
        ("0%", POSITIVE),
        ("1", PER_CENT),
        ("1", SHARE),
        ("100%", SHARE),
        ("0", SHARE),
    ],
)
def test_an_amount_that_will_not_do_is_refused(word: str, wanted: Wanted) -> None:
    """What was expected is said; half of what is possible will do for all."""
    with pytest.raises(ValueError, match=f"^expected {wanted.words}$"):
        read_amount(word, wanted)
    assert read_amount(" 50%", wanted) == Amount(0.5, relative=True)
