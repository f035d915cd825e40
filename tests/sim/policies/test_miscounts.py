"""Miscounts: how often, how far, and never fewer than none."""

from __future__ import annotations

import numpy as np
import pytest

from sim.policies.miscounts import units_lost, units_off

GRID = (np.arange(10_000) + 0.5) / 10_000


@pytest.mark.parametrize("most", [1, 3])
def test_every_size_up_and_down_is_as_likely(most: int) -> None:
    """Over a fine grid of luck each of 2 x most sizes has the same share of the wrong counts."""
    off = np.array([units_off(u, 0.6, most, 100) for u in GRID])

    sizes, counts = np.unique(off[off != 0], return_counts=True)
    assert sizes.tolist() == [*range(-most, 0), *range(1, most + 1)]
    assert counts == pytest.approx(6_000 / (2 * most), abs=1.5)
    assert np.count_nonzero(off) == 6_000


def test_no_fewer_than_none_are_counted() -> None:
    """Of one unit three too few are one too few; of none a count can only be too high."""
    assert min(units_off(u, 1.0, 3, 1) for u in GRID) == -1
    assert min(units_off(u, 1.0, 3, 0) for u in GRID) == 0


def test_one_to_all_units_are_lost() -> None:
    """Each number from one to all has the same chance; without luck nothing is lost."""
    lost = np.array([units_lost(u, 0.5, 5) for u in GRID])

    assert np.bincount(lost) == pytest.approx([5_000, *[1_000] * 5], abs=1.5)
    assert not any(units_lost(u, 0.0, 5) or units_off(u, 0.0, 5, 5) for u in GRID)
