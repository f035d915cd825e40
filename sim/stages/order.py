"""What walks through the house: an order, its lines, and the shipments that carry them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from simpy import Event

from sim.clock.process import Wake
from sim.stages.payment_states import IS_AUTHORISED, IS_OPEN, Payment

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
    BACK_IF_LATE; ``lacking``: units that its place will lack at the first pick;
    ``scan_finds``: the scan at the first pick finds its mistake; ``claimed``: its units on the pick
    face are kept for it.
    """

    __slots__ = (
        "arrived_wrong", "breaks", "check_finds", "claimed", "comes_back", "entry_fault", "lacking",
        "number", "pick_error", "price_cents", "scan_finds", "search_s", "sku", "taken", "units",
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
        self.lacking = 0
        self.scan_finds = False
        self.claimed = False


class Order:
    """One order with its luck, and what its customer has gone through so far.

    ``shown_out``: lines that were shown as out of stock at the click and ordered all the same;
    ``gave_up``: a line that had to wait was cancelled. ``payment`` and ``authorised_s`` say where
    the payment stands, and since when it is authorised.
    """

    __slots__ = (
        "arrived", "authorised_s", "channel", "customer", "gave_up",
        "label_s", "late", "legs", "lines", "needs_entry", "needs_payment", "number", "open_legs",
        "pack_factor", "payment", "pick_s", "placed_s", "promised_door_s", "promised_truck_s",
        "rank", "refused", "short", "shown_out", "size", "transit_s", "wrong", "wrong_address",
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
        rank: int,
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
        self.rank = rank
        self.lines: list[Line] = []
        self.shown_out: Sequence[Line] = ()
        self.legs = 0
        self.open_legs = 0
        self.short = False
        self.refused = False
        self.gave_up = False
        self.wrong = False
        self.late = False
        self.arrived = False
        self.wrong_address = False
        self.payment: Payment = IS_OPEN if needs_payment else IS_AUTHORISED
        self.authorised_s = placed_s


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
    packings
        Packing passes begun.
    parcels
        Boxes it was packed in.
    paid_for
        False for a replacement.
    payment, authorised_s
        Where its payment stands, and since when it is authorised.
    promised_truck_s
        The truck last promised for it; a replacement's is that of its order, long gone.
    missing, ready
        Lines still missing from stock, and the event of the last one's arrival.
    rest, rest_there
        Lines that this pass left unpicked, and the events that bring them within reach.
    zones_to_come, parts, parts_open, started_s
        Zones still to pass; zones of this pass and those not done yet, and when the first of these
        began (-1: not yet).
    put_wall_s, sortings
        Seconds at the put wall for its parts; the sortings of its tours.
    """

    __slots__ = (
        "aisles", "authorised_s", "joined_s", "leg", "lines", "missing", "number", "order",
        "packings", "paid_for", "parcels", "parts", "parts_open", "passes", "payment", "picked",
        "promised_truck_s",
        "put_wall_s", "ready", "rest", "rest_there", "size", "sortings", "started_s",
        "stops", "to_pick", "volume_ml", "zones_to_come",
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
        self.payment = order.payment
        self.authorised_s = order.authorised_s
        self.promised_truck_s = order.promised_truck_s
        self.missing = 0
        self.ready: Wake | None = None
        self.picked: Wake | None = None
        self.joined_s = 0.0
        self.aisles: frozenset[int] = frozenset()
        self.stops: Sequence[int] = ()
        self.rest: Sequence[Line] = ()
        self.rest_there: Sequence[Event] = ()
        self.zones_to_come = 0
        self.packings = 0
        self.parcels = 1
        self.parts = 0
        self.parts_open = 0
        self.put_wall_s = 0.0
        self.started_s = -1.0
        self.sortings: Sequence[Event] = ()

    @property
    def shipment(self) -> Shipment:
        """The shipment that is picked: itself."""
        return self

    @property
    def rank(self) -> int:
        """Rank of its channel, 0 first."""
        return self.order.rank

    @property
    def units(self) -> int:
        """Units of goods."""
        return self.size.units

    @property
    def weight_g(self) -> float:
        """Grams of goods."""
        return self.size.weight_g


class ZonePart:
    """The part of a shipment that one zone picks."""

    __slots__ = (
        "aisles", "joined_s", "picked", "shipment", "size", "stops", "to_pick", "volume_ml",
    )  # fmt: skip

    def __init__(self, shipment: Shipment, lines: list[Line], size: Size) -> None:
        self.shipment = shipment
        self.to_pick = lines
        self.size = size
        self.volume_ml = size.volume_ml
        self.joined_s = 0.0
        self.picked: Wake | None = None
        self.aisles: frozenset[int] = frozenset()
        self.stops: Sequence[int] = ()

    @property
    def units(self) -> int:
        """Units of goods."""
        return self.size.units

    @property
    def weight_g(self) -> float:
        """Grams of goods."""
        return self.size.weight_g


PickTask = Shipment | ZonePart
"""What waits for a picker."""
