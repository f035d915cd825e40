"""Which SKU is sent for one that comes back: another size or colour stands near it in the list."""

from __future__ import annotations

from collections.abc import Callable, Sequence


def sku_in_exchange(
    sku: int, kin: Sequence[int], units: int, available: Callable[[int], int]
) -> int:
    """Return the next SKU of the category that is there, at last the same one again; -1 if none.

    Parameters
    ----------
    sku
        What comes back; one of ``kin``.
    kin
        SKUs of its category, ascending; the last is followed by the first.
    units
        How many are wanted.
    available
        ``available(sku)`` tells how many units nobody else was promised.
    """
    place = kin.index(sku)
    following = (*kin[place + 1 :], *kin[: place + 1])
    return next((other for other in following if available(other) >= units), -1)
