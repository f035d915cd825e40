"""Order books written by hand, in a house where every time is a round number.

One of every role works around the clock. An order that meets nothing special is picked in 120 s,
packed in 60 s, labelled in 30 s, leaves at once and is at the door an hour later. Every SKU costs
10.00, weighs 100 g, measures 1000 ml and is stored in unlimited quantity unless stock is given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from sim.engine import wiring
from sim.engine.setting import Setting, prepare
from sim.orders.book import Demand, Luck, OrderBook
from sim.policies.replenishment import ReorderLevels
from sim.scenario.schema import ROLES
from tests.sim.engine.playing import EVERY_DAY, Record, record, scenario_of

HOUR_S = 3600.0
DAY_S = 24 * HOUR_S
PICK_S, PACK_S, LABEL_S, TRANSIT_S = 120.0, 60.0, 30.0, HOUR_S
HOUSE_S = PICK_S + PACK_S + LABEL_S
PRICE_CENTS = 1000

Lines = Sequence[tuple[int, int]]


def always(value: float) -> dict[str, Any]:
    """Return the law that always gives one value."""
    return {"distribution": "deterministic", "value": float(value)}


PLAIN: dict[str, Any] = {
    "run": {"warm_up_days": 0.0, "horizon_days": 1.0, "cool_down_days": 0.0},
    "orders": {"channels": {"web": {"share": 1.0}, "phone": {"share": 0.0, "entry": "manual"}}},
    "items": {
        "count": 4,
        "categories": {
            "all": {
                "price_eur": always(10.0),
                "weight_g": always(100.0),
                "volume_ml": always(1000.0),
                "fragile_share": 0.0,
                "return_rate": 0.5,
            }
        },
    },
    "stock": {"unlimited": True, "lead_time_days": always(2.0), "receive_s_per_order": 0.0},
    "picking": {"time_s": always(PICK_S), "batching": "single"},
    "packing": {"time_s": always(PACK_S), "label_s": always(LABEL_S), "damage_rate": 0.0},
    "shipping": {
        "services": {
            "standard": {
                "continuous": True,
                "transit_days": always(TRANSIT_S / DAY_S),
                "promised_transit_days": 1.0,
            }
        }
    },
    "returns": {"restock_s": 100.0, "late_return_extra": 0.25},
    "staff": {
        "always": {
            "days": EVERY_DAY,
            "start": "00:00",
            "end": "24:00",
            **dict.fromkeys(ROLES, 1),
        }
    },
}
PLAIN_LUCK: dict[str, float] = {
    "pays": True,
    "pack_factor": PACK_S,
    "label_s": LABEL_S,
    "pick_s": PICK_S,
    "transit_s": TRANSIT_S,
    "patience_s": 50 * DAY_S,
    "dropship_s": 2 * DAY_S,
    "refund_s": 4 * HOUR_S,
    "drop_out_u": 1.0,
    "damage_u": 1.0,
    "return_u": 1.0,
    "lacking_u": 1.0,
    "claims": True,
    "return_lag_s": 3 * DAY_S,
    "claim_lag_s": 1 * DAY_S,
    "way_back_s": 12 * HOUR_S,
    "inspect_s": 500.0,
    "restockable": True,
    "part_u": 1.0,
}
ORDER_COLUMNS = {
    "hand_in_delay_s", "entry_s", "wrong_address", "entry_found", "mend_s", "payment_delay_s",
    "declines", "pays", "fraud_check_s", "fraud_rejected", "pays_later", "pay_later_s",
    "never_pays", "pack_factor", "label_s", "pick_s", "transit_s",
    "patience_s", "dropship_s", "refund_s", "followed_up", "loyalty_u",
    "drop_out_u",
}  # fmt: skip


def merged(base: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """Return a nested map in which ``more`` takes precedence, key by key."""
    result = dict(base)
    for key, value in more.items():
        old = result.get(key)
        both = isinstance(old, Mapping) and isinstance(value, Mapping)
        result[key] = merged(old, value) if both else value  # type: ignore[arg-type]  # both maps
    return result


def book_by_hand(
    setting: Setting,
    orders: Sequence[tuple[float, Lines]],
    *,
    channel: Sequence[int] = (),
    customer: Sequence[int] = (),
    demand: Mapping[str, Sequence[float]] | None = None,
    **luck: float | Sequence[float],
) -> OrderBook:
    """Return the book of some orders.

    Parameters
    ----------
    setting
        The house.
    orders
        Time of the click and lines as (SKU, units), for each order.
    channel, customer
        By order; all on the first channel and guests if left out.
    demand
        Columns of the demand that are usually left out.
    luck
        Columns of the luck that are not as usual: one value for all, or one for each.
    """
    lines = [line for _, each in orders for line in each]
    counts = [len(each) for _, each in orders]
    n, m = len(orders), len(lines)
    kinds = {column.name: str(column.type) for column in fields(Luck)}
    types = {"Floats32": np.float32, "Flags": np.bool_, "Codes": np.int8}
    columns: dict[str, Any] = {}
    for name, kind in kinds.items():
        value = luck.get(name, PLAIN_LUCK.get(name, 0.0))
        size = n if name in ORDER_COLUMNS else m
        columns[name] = np.array(np.broadcast_to(value, size), dtype=types[kind])
    further: dict[str, Any] = {name: np.array(column) for name, column in (demand or {}).items()}
    orders_of = Demand(
        placed_s=np.array([placed for placed, _ in orders], dtype=np.float64),
        channel=np.array(channel or [0] * n, dtype=np.int8),
        customer=np.array(customer or [-1] * n, dtype=np.int32),
        first_line=np.concatenate(([0], np.cumsum(counts))).astype(np.int32),
        sku=np.array([sku for sku, _ in lines], dtype=np.int32),
        units=np.array([units for _, units in lines], dtype=np.int32),
        price_cents=np.full(m, PRICE_CENTS, dtype=np.int32),
        channels=tuple(setting.scenario.orders.channels),
        customers=max([0, *customer]) + 1,
    )
    return OrderBook(replace(orders_of, **further), Luck(**columns), 1, 0)


class Hand:
    """Plays books written by hand; stock and its levels may be given by SKU."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def play(
        self,
        orders: Sequence[tuple[float, Lines]],
        *,
        sections: Mapping[str, Any] | None = None,
        stock: Sequence[int] | None = None,
        levels: tuple[int, int] | tuple[int, int, int] = (0, 10),
        places: Sequence[int] | None = None,
        channel: Sequence[int] = (),
        customer: Sequence[int] = (),
        demand: Mapping[str, Sequence[float]] | None = None,
        **luck: float | Sequence[float],
    ) -> Record:
        """Play some orders in the plain house with some sections changed; ``places`` by SKU."""
        declared = merged(PLAIN, sections or {})
        if stock is not None:
            declared = merged(declared, {"stock": {"unlimited": False}})
            by_sku = [ReorderLevels(*levels)] * len(stock)
            self._monkeypatch.setattr(wiring, "levels", lambda _: by_sku)
            self._monkeypatch.setattr(wiring, "opening_units", lambda *_: list(stock))
        setting = prepare(scenario_of(**declared), {})
        if places is not None:
            setting = replace(setting, location_of_sku=list(places))
        book = book_by_hand(
            setting, orders, channel=channel, customer=customer, demand=demand, **luck
        )
        return record(setting.scenario, setting=setting, book=book)
