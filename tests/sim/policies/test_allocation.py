from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sim.policies.allocation import fair_shares

PARTIES = st.lists(st.integers(0, 50), min_size=1, max_size=6)


@given(st.integers(0, 200), PARTIES)
def test_all_is_shared_out_and_nobody_gets_too_much(units: int, wanted: list[int]) -> None:
    """Shares add up to what there is, or to what is wanted if that is less."""
    shares = fair_shares(units, wanted)

    assert sum(shares) == min(units, sum(wanted))
    assert all(0 <= got <= want for got, want in zip(shares, wanted, strict=True))


@given(st.integers(0, 200), PARTIES)
def test_nobody_is_a_unit_away_from_their_part(units: int, wanted: list[int]) -> None:
    """Quota rule: each gets its exact part rounded down or up."""
    total = sum(wanted)
    if units < total:
        for got, want in zip(fair_shares(units, wanted), wanted, strict=True):
            assert abs(got - units * want / total) < 1.0


@given(st.integers(0, 100), st.integers(0, 30), st.integers(2, 5))
def test_who_wants_the_same_gets_the_same_but_for_one(units: int, want: int, parties: int) -> None:
    """Equal wishes differ by at most one unit, and the first parties get it."""
    shares = fair_shares(units, [want] * parties)

    assert shares == sorted(shares, reverse=True)
    assert shares[0] - shares[-1] <= 1
