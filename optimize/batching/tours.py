"""Prices for tour after tour on one floor: what one tour worked out, the next remembers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from optimize.batching.floors import MaskPrices, floor_of
from optimize.batching.kernels.trips import BITS, Floats, Floor, Words, joined_m
from optimize.batching.prices import Batch
from optimize.batching.problem import Order, Problem
from sim.warehouse.layout import RectangularLayout

Flags = npt.NDArray[np.bool_]
REMEMBERED = 256
"""Sets of stops that are remembered; more than any line that is looked at."""


class _Seen(NamedTuple):
    """Where the prices of a set of stops are kept, and its stops as words per stretch."""

    slot: int
    words: Words


class KnownFloor:
    """A floor, and the metres of single sets of stops and of pairs of them.

    A price depends on the stops alone, so an answer is the same whatever was asked before.

    Parameters
    ----------
    layout
        The floor.
    routing
        Name of the rule that prices a trip.
    """

    def __init__(self, layout: RectangularLayout, routing: str) -> None:
        everywhere = (Order(tuple(range(layout.locations))),)
        self._layout = layout
        self._whole, self._all = floor_of(Problem(layout, everywhere, routing=routing))
        self._depot = int(self._whole.ends[0])
        self._aisle_places = np.flatnonzero(self._whole.is_aisle)
        self._seen: dict[tuple[int, ...], _Seen] = {}
        self._pair_m: Floats = np.full((REMEMBERED, REMEMBERED), np.nan)
        self._alone_m: Floats = np.full(REMEMBERED, np.nan)

    def prices(self, orders: Sequence[Order]) -> TourPrices:
        """Return the prices of batches of these orders, at most `REMEMBERED`."""
        seen = self._all_seen([tuple(sorted(set(order.stops))) for order in orders])
        bits = np.array([one.words for one in seen])
        slots = np.array([one.slot for one in seen])
        floor, rows = self._part(bits)
        bits = np.ascontiguousarray(bits[:, rows])
        priced = self._price(floor, bits, slots)
        return TourPrices(
            floor, bits, self._alone_m[slots], self._pair_m[np.ix_(slots, slots)], priced
        )

    def _all_seen(self, keys: Sequence[tuple[int, ...]]) -> list[_Seen]:
        """Return what is known of sets of stops; those asked for longest ago make room."""
        for key in dict.fromkeys(keys):
            one = self._seen.pop(key, None)
            self._seen[key] = one or _Seen(self._free_slot(), self._words(key))
        return [self._seen[key] for key in keys]

    def _free_slot(self) -> int:
        if len(self._seen) < REMEMBERED:
            return len(self._seen)
        slot = self._seen.pop(next(iter(self._seen))).slot
        self._alone_m[slot] = np.nan
        self._pair_m[slot], self._pair_m[:, slot] = np.nan, np.nan
        return slot

    def _words(self, stops: Sequence[int]) -> Words:
        layout, offset_m = self._layout, self._whole.offset_m
        words: Words = np.zeros_like(self._whole.base)
        for stop in stops:
            place = int(self._aisle_places[layout.aisle_of[stop]])
            row = place * layout.blocks + layout.block_of[stop]
            bit = int(np.argmax(offset_m[row] == layout.offset_m[stop]))
            words[row, bit // BITS] |= 1 << bit % BITS
        return words

    def _part(self, bits: Words) -> tuple[Floor, Words]:
        """Return the part of the floor with stops and the depot, and its stretches."""
        whole, blocks = self._whole, self._layout.blocks
        stops = np.bitwise_or.reduce(bits, axis=0).reshape(len(self._whole.at_m), -1)
        used: Flags = np.any(stops, axis=1)
        used[self._depot] = True
        places = np.flatnonzero(used)
        rows = (places[:, np.newaxis] * blocks + np.arange(blocks)).ravel()
        depot = int(np.searchsorted(places, self._depot))
        ends = whole.ends.copy()
        ends[0] = ends[2] = depot
        part = whole._replace(
            at_m=whole.at_m[places], offset_m=whole.offset_m[rows], base=whole.base[rows],
            between=-1 if whole.between < 0 else depot, is_aisle=whole.is_aisle[places], ends=ends,
        )  # fmt: skip
        return part, rows

    def _price(self, floor: Floor, bits: Words, slots: Words) -> int:
        """Work out what is not known of orders alone and in pairs; return how many prices."""
        priced = 0
        lacking = np.flatnonzero(np.isnan(self._alone_m[slots]))
        if len(lacking):
            metres = np.empty(len(lacking))
            joined_m(floor, floor.base, bits[lacking], metres)
            self._alone_m[slots[lacking]] = metres
            priced += len(lacking)
        lacks = np.isnan(self._pair_m[np.ix_(slots, slots)])
        # Who has just come lacks all; with its prices those who waited lack none.
        for order in np.argsort(-lacks.sum(axis=1), kind="stable").tolist():
            lacking = np.flatnonzero(lacks[order])
            if len(lacking):
                metres = np.empty(len(lacking))
                joined_m(floor, floor.base | bits[order], bits[lacking], metres)
                self._pair_m[slots[order], slots[lacking]] = metres
                self._pair_m[slots[lacking], slots[order]] = metres
                lacks[order], lacks[:, order] = False, False
                priced += len(lacking)
        return priced


class TourPrices(MaskPrices):
    """Metres from masks of stops; orders alone and in pairs are known already.

    Parameters
    ----------
    floor, bits
        The floor, and the stops of each order.
    alone_m, pair_m
        Metres of each order's own trip, and of each two together.
    priced
        Number of prices worked out for that.
    """

    def __init__(
        self, floor: Floor, bits: Words, alone_m: Floats, pair_m: Floats, priced: int
    ) -> None:
        self.floor, self.bits, self.priced = floor, bits, priced
        self._alone_m, self._pair_m = alone_m, pair_m

    def alone_m(self) -> Floats:
        """Return the metres of each order's own trip."""
        return self._alone_m

    def pairs_m(self) -> Floats:
        """Return the metres of each two orders together, row and column per order."""
        return self._pair_m

    def joined_m(self, batch: Batch, others: Sequence[Batch]) -> Floats:
        """Return the metres of a batch joined with each of others."""
        orders = list(chain.from_iterable(others))
        if len(batch) <= 1 and len(orders) == len(others) and all(others):
            known_m = self._pair_m[batch[0]] if batch else self._alone_m
            return known_m[orders]
        return super().joined_m(batch, others)
