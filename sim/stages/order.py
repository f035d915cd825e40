"""What walks through the house: an order, its lines, and the shipments that carry them."""

from __future__ import annotations

from typing import NamedTuple

from sim.clock.process import Wake

STAYS, COMES_BACK, BACK_IF_LATE = 0, 1, 2


class Size(NamedTuple):
    """How much goods there are: of a whole order, or of one shipment."""

    units: int
    volume_ml: float
    weight_g: float
    fragile_units: int
    value_cents: int


class Line:
    """One order line with its luck; ``units`` and ``sku`` are those the floor works with.

    ``breaks``: damaged in transit; ``comes_back``: sent back although sound, STAYS, COMES_BACK or
    BACK_IF_LATE.
    """

    __slots__ = (
        "arrived_wrong", "breaks", "check_finds", "comes_back", "entry_fault", "number",
        "pick_error", "price_cents", "search_s", "sku", "taken", "units",
    )  # fmt: skip

    def __init__(
        self,
        number: int,
        sku: int,
        units: int,
        price_cents: int,
        search_s: float,
        pick_error: int,
        check_finds: bool,
        breaks: bool,
        comes_back: int,
    ) -> None:
        self.number = number
        self.sku = sku
        self.units = units
        self.price_cents = price_cents
        self.search_s = search_s
        self.pick_error = pick_error
        self.check_finds = check_finds
        self.breaks = breaks
        self.comes_back = comes_back
        self.entry_fault = 0
        self.arrived_wrong = 0
        self.taken = 0


class Order:
    """One order with its luck, and what its customer has gone through so far."""

    __slots__ = (
        "arrived", "channel", "customer",
        "label_s", "late", "legs", "lines", "needs_entry", "needs_payment", "number", "open_legs",
        "pack_factor", "pick_s", "placed_s", "promised_door_s", "promised_truck_s",
        "refused", "short", "size", "transit_s", "wrong", "wrong_address",
    )  # fmt: skip

    def __init__(
        self,
        number: int,
        placed_s: float,
        channel: int,
        customer: int,
        pack_factor: float,
        label_s: float,
        pick_s: float,
        transit_s: float,
        needs_entry: bool,
        needs_payment: bool,
        size: Size,
        promised_truck_s: float,
        promised_door_s: float,
    ) -> None:
        self.number = number
        self.placed_s = placed_s
        self.channel = channel
        self.customer = customer
        self.pack_factor = pack_factor
        self.label_s = label_s
        self.pick_s = pick_s
        self.transit_s = transit_s
        self.needs_entry = needs_entry
        self.needs_payment = needs_payment
        self.size = size
        self.promised_truck_s = promised_truck_s
        self.promised_door_s = promised_door_s
        self.lines: list[Line] = []
        self.legs = 0
        self.open_legs = 0
        self.short = False
        self.refused = False
        self.wrong = False
        self.late = False
        self.arrived = False
        self.wrong_address = False


class Shipment:
    """Lines of an order that travel together.

    Attributes
    ----------
    to_pick
        Lines still to be picked in this pass: all of them, then those the check sent back.
    leg
        0 for the order's first shipment, then 1, 2, ...
    passes
        Pick passes begun; -1 where the supplier ships.
    paid_for
        False for a replacement.
    missing, ready
        Lines still missing from stock, and the event of the last one's arrival.
    """

    __slots__ = (
        "aisles", "joined_s", "leg", "lines", "missing", "number", "order", "paid_for", "passes",
        "picked", "ready", "size", "to_pick", "volume_ml",
    )  # fmt: skip

    def __init__(self, number: int, order: Order, lines: list[Line], size: Size) -> None:
        self.number = number
        self.size = size
        self.volume_ml = size.volume_ml
        self.order = order
        self.lines = lines
        self.to_pick = lines
        self.leg = 0
        self.passes = 0
        self.paid_for = True
        self.missing = 0
        self.ready: Wake | None = None
        self.picked: Wake | None = None
        self.joined_s = 0.0
        self.aisles: frozenset[int] = frozenset()
