"""Who gets units that do not suffice for all who wait."""

from __future__ import annotations

from collections.abc import Sequence


def fair_shares(units: int, wanted: Sequence[int]) -> list[int]:
    """Return how many of the units each party gets, in proportion to what it waits for.

    Whole units by largest remainder (Hamilton's method); of equal remainders the first party's goes
    first. Nobody gets more than is wanted, and nothing is left while somebody wants more.

    Parameters
    ----------
    units
        Units there are.
    wanted
        Units that each party waits for.

    Examples
    --------
    >>> fair_shares(10, [6, 3, 12])
    [3, 1, 6]
    """
    total = sum(wanted)
    if units >= total:
        return list(wanted)
    shares = [units * each // total for each in wanted]
    by_rest = sorted(
        range(len(wanted)), key=lambda party: (-(units * wanted[party] % total), party)
    )
    for party in by_rest[: units - sum(shares)]:
        shares[party] += 1
    return shares
