"""The stock that channels show, worked out anew: the figure of the last update of each channel."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tests.sim.engine.playing import Record

MINUTE_S = 60.0


class ShownStock:
    """Figures as of the last update, by the seconds between updates.

    Whether a fact of the very second of an update came before or after it is not told: until the
    next update such figures are not known.
    """

    def __init__(self, record: Record) -> None:
        scenario, demand = record.setting.scenario, record.book.demand
        lags_s = []
        for name in demand.channels:
            own = scenario.orders.channels[name].sync_min
            lag_min = scenario.stock.sync_min if own is None else own
            lags_s.append(lag_min * MINUTE_S)
        self._lag_s = [lags_s[channel] for channel in demand.channel.tolist()]
        self._updates = dict.fromkeys(sorted({lag for lag in lags_s if lag > 0.0}), 0)
        self._figures: dict[float, dict[int, int]] = {}

    def time_passes(
        self, time_s: float, available: Callable[[int], int], skus: Iterable[int]
    ) -> None:
        """Take the figures of every update before a fact, from the books as they are."""
        for lag_s, updates in self._updates.items():
            due = int(time_s // lag_s)
            if due > updates:
                self._updates[lag_s] = due
                self._figures.pop(lag_s, None)
                if time_s != due * lag_s:
                    self._figures[lag_s] = {sku: available(sku) for sku in skus}

    def is_known(self, order: int) -> bool:
        """Tell whether the figures that an order's channel shows are known."""
        lag_s = self._lag_s[order]
        return lag_s == 0.0 or lag_s in self._figures

    def units(self, order: int, sku: int, available: Callable[[int], int]) -> int:
        """Return the units of a SKU that an order's channel shows."""
        lag_s = self._lag_s[order]
        return available(sku) if lag_s == 0.0 else self._figures[lag_s][sku]
