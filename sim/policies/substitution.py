"""Which SKU takes the place of one that is not there: of its category, the nearest in price."""

from __future__ import annotations

from collections.abc import Callable, Sequence

NONE_THERE = -1


class NearestInPrice:
    """The SKUs of each category by price.

    Parameters
    ----------
    category
        Category of each SKU.
    price_cents
        Price of each SKU.
    """

    def __init__(self, category: Sequence[int], price_cents: Sequence[int]) -> None:
        self._price = price_cents
        self._shelf: dict[int, list[int]] = {}
        for sku in sorted(range(len(category)), key=lambda sku: (price_cents[sku], sku)):
            self._shelf.setdefault(category[sku], []).append(sku)
        self._category = category
        self._place = [0] * len(category)
        for shelf in self._shelf.values():
            for place, sku in enumerate(shelf):
                self._place[sku] = place

    def find(self, sku: int, is_there: Callable[[int], bool]) -> int:
        """Return the SKU nearest in price of which enough is there, -1 if there is none.

        Of two that are equally near the cheaper one is taken, of two at one price the one that
        stands nearer to the asked one in the list by price and number.
        """
        shelf = self._shelf[self._category[sku]]
        wanted = self._price[sku]
        below, above = self._place[sku] - 1, self._place[sku] + 1
        while below >= 0 or above < len(shelf):
            goes_below = above == len(shelf) or (
                below >= 0
                and wanted - self._price[shelf[below]] <= self._price[shelf[above]] - wanted
            )
            if goes_below:
                candidate, below = shelf[below], below - 1
            else:
                candidate, above = shelf[above], above + 1
            if is_there(candidate):
                return candidate
        return NONE_THERE
