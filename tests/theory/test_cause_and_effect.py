"""Causes travel: what is turned at one end of the order side is seen at the other end.

Each claim is a paired one-sided test against the first step of its dial. The chance that a claim
that holds is not seen depends on the size; of one that does not hold, that it is, is one in a
hundred.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sim.kpis.estimates import Paired
from tests.theory.cause_and_effect import difference, p_against
from tests.theory.dials import DIALS

REPLICATIONS = 6
SEEN = 0.01


def claims() -> Iterator[tuple[str, str, bool]]:
    """Yield dial, KPI, and whether it rises, for every claim."""
    for name, dial in DIALS.items():
        for kpi in dial.rises:
            yield name, kpi, True
        for kpi in dial.falls:
            yield name, kpi, False


@pytest.mark.slow
@pytest.mark.parametrize(("name", "kpi", "rises"), list(claims()))
def test_the_effect_follows_the_cause(name: str, kpi: str, rises: bool) -> None:
    """From the first step of a dial to the last, each figure goes the way it must."""
    dial = DIALS[name]
    last = list(dial.steps)[-1]

    found = difference(dial, last, kpi, REPLICATIONS)

    assert p_against(found, rises=rises) < SEEN, found


def test_a_claim_the_wrong_way_round_is_not_seen() -> None:
    """Differences around +1 are strong for a rise and speak against a fall."""
    found = Paired(1.0, 0.9, 1.1, 0.1, 6, 5.0, 0.001)

    assert p_against(found, rises=True) == 0.0005
    assert p_against(found, rises=False) == pytest.approx(0.9995)


def test_no_difference_is_no_effect() -> None:
    """Two runs that are equal to the last digit show nothing."""
    found = Paired(0.0, 0.0, 0.0, 0.0, 6, None, None)

    assert p_against(found, rises=True) == p_against(found, rises=False) == 1.0
