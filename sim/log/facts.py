"""The vocabulary of the event log: what can happen to an order, a shipment, a line, a person.

A fact is one row ``(time_s, fact, subject, other, value)``. ``subject`` says whom it is about; what
``other`` and ``value`` hold is said beside each fact. Stages append facts and do nothing else with
them. A real warehouse's log in the same columns is scored by the same code.

Shipment numbers: the first shipment of order i has number i; further ones (the backordered rest,
a dropship leg, a replacement, an exchange) are numbered from the count of orders on and linked by
SPLIT.
Times are seconds from the scenario's start.

Numbers never change. Those of one theme stand together: 1 to 14 the order, 15 to 19 stock answers,
20 to 39 the shipment and its truck, 40 to 49 the pick, 50 to 59 returns and money, 60 to 69 stock,
70 to 79 people, 80 to 89 tours and benches, 90 to 99 docks and pick faces, 100 to 109 suppliers,
110 to 119 records that drift from the shelf, 120 to 129 stock answers, continued, 130 to 149
payment and entry, 150 to 159 what else a return goes through, 160 to 169 customers, 170 to 189
stations and their machines.
"""

from __future__ import annotations

from enum import IntEnum


class Fact(IntEnum):
    """Kinds of facts. The comment names subject / other / value."""

    # the order: subject = order
    PLACED = 1  # other = channel
    LOST = 2  # a due order that is not placed; other = customer; value = LostCause
    HANDED_IN = 3  # only if handed in late
    ENTRY_STARTED = 4  # other = person; manual channels only
    ENTERED = 5
    ENTRY_FAULT = 6  # other = line, -1 for the address; value = EntryFault
    ENTRY_FAULT_MENDED = (
        7  # other = line or -1; by a clerk, whom the confirmation showed it; value = their seconds
    )
    PAYMENT_DECLINED = 8  # value = declined attempts
    PAID = 9  # authorised; value = cents
    CANCELLED = 10  # value = CancelReason; the whole order
    FOLLOWED_UP = 11
    TYPED_AS = 14  # subject = line as typed wrong; other = SKU, value = units from now on
    # stock answers: subject = line
    SHORT = 15  # other = units short; value = ShortAnswer, + OVERSALE if the click showed it
    BACKORDER_PROMISED = (
        16  # other = purchase order; value = promised time of handover to the carrier, s
    )
    BACKORDER_FILLED = 17  # other = units
    BACKORDER_CANCELLED = 18  # other = units; the customer's patience ended
    # the shipment: subject = shipment
    SPLIT = 20  # other = order; value = SplitKind
    ALLOCATED = 21
    RELEASED = 22  # joins the pick line
    PICK_STARTED = 23  # other = tour, -1 if nothing is left to pick
    PICKED = 24  # other = tour; value = seconds of that tour spent walking; joins the pack line
    PACK_STARTED = 25  # other = person
    PACKED = 26  # other = box; value = void in millilitres; joins the label line
    REWORK = 27  # a wrong line found by the check; joins the pick line again; PACKED of that pass
    LABEL_STARTED = 28  # other = person
    LABELLED = 29
    HANDED_OVER = 30  # other = carrier service; value = billed grams
    DELIVERED = 31
    SENT_BY_SUPPLIER = 32  # a dropship leg leaves the supplier
    EXTRA_BOX = 33  # other = box; value = void in millilitres; beyond the first parcel
    PROMISED = (
        34  # subject = order; other = promised truck time, whole s; value = promised door time, s
    )
    MISSED_TRUCK = 35  # other = carrier service; value = time of the promised truck, which left now
    TRUCK_LEFT = (
        36  # subject = carrier service; other = parcels; value = left behind for want of room
    )
    MARKED_SHIPPED = 37  # other = channels in which it was marked
    TRACKING_SENT = 38
    # the line at the pick and at the door: subject = line
    LINE_PICKED = 40  # other = units; value = PICK_* code of sim.orders.book
    LINE_MENDED = 41  # wrong at the pick, found by the packing check; value = PICK_* code
    LINE_ARRIVED_WRONG = 42  # other = units; value = WrongCause
    SHORT_PICKED = 43  # subject = line; other = units that the place lacks; nothing is taken
    SCAN_CAUGHT = 44  # subject = line; value = PICK_* code; put right on the spot
    # a shipment that is not picked in one go: subject = shipment
    PART_PICKED = 45  # other = tour; value = seconds of walking; the rest is still to come
    REJOINED = 46  # joins the pick line again for the rest
    ZONES_JOINED = 47  # other = zones; value = seconds from the first zone's start to the last's
    CONSOLIDATED = 48  # sorted or brought together at the put wall; value = seconds since PICKED
    VOID = 49  # nothing of it is wanted any more
    # returns: subject = line
    RETURN_ASKED = 50  # other = units; value = ReturnReason
    RETURN_RECEIVED = 51  # other = units
    INSPECT_STARTED = 52  # other = person
    RESTOCKED = 53  # other = units
    SCRAPPED = 54  # other = units; value = cents that the scrap brings in
    REFUNDED = 55  # other = order; value = cents
    REPLACED = 56  # other = shipment of the replacement
    AUTHORISE_STARTED = 150  # other = person; only where clerks authorise
    RETURN_AUTHORISED = 151  # other = units; only where clerks authorise
    RETURN_REFUSED = 152  # other = units; value = Refusal; nothing follows
    RETURN_SCANNED = 153  # other = units; the carrier has it; only where that starts the refund
    RETURN_NEVER_CAME = 154  # other = units; the label has run out
    REFURBISH_STARTED = 155  # other = person
    REFURBISHED = 156  # other = units; value = cents of material; RESTOCKED or SOLD_OFF comes next
    SOLD_OFF = 157  # other = units; value = cents brought in
    EXCHANGED = 158  # other = shipment of the exchange; value = SKU that is sent
    ON_CART = 159  # other = units; sound, wait for the round that puts them on the shelf
    # money: subject = order
    CAPTURED = 58  # other = shipment; value = cents, when the parcel leaves
    # stock: subject = SKU
    STOCK_OPENED = 60  # other = units on hand at the start
    PURCHASED = 61  # other = units; value = purchase order number
    RECEIVED = 62  # other = units on the shelf; value = purchase order number
    SHRUNK = 63  # other = units
    STOCK_CLOSED = 64  # other = units on hand at the end
    BACKORDER_RELINKED = 65  # subject = line; other = purchase order; value = its due time, s
    GOODS_ARRIVED = 100  # of a named supplier; other = units; value = purchase order number
    SUPPLIED_BY = 101  # after PURCHASED, if suppliers are named; other = supplier; value = number
    # people: subject = person
    ON_DUTY = 70  # other = role; paid time begins
    OFF_DUTY = 71  # other = role; paid time ends; value = seconds of overtime
    BREAK_STARTED = 72  # other = role
    BREAK_ENDED = 73  # other = role
    WORKED = 74  # other = role of the work; value = seconds; the time is the end of the work
    ABSENT = 75  # other = role; misses the shift that begins now; value = its seconds
    MOVED = 76  # other = role of the work that comes next; only where people.moving sends people
    # tours: subject = tour
    TOUR_STARTED = 80  # other = person; value = lines on the list
    TOUR_ENDED = 81  # other = orders; value = metres walked
    AISLE_BLOCKED = 82  # other = aisle; value = seconds waited for it; the time is the wait's end
    # docks: subject = delivery
    TRUCK_ARRIVED = 90  # at the gate; other = units; value = purchase order number
    DOCKED = 91  # other = door, -1 if doors are no limit
    UNLOADED = 92  # leaves its door
    PUT_AWAY = 93  # RECEIVED, told of the delivery
    # pick faces: subject = SKU
    TOP_UP_ASKED = 94  # other = units as of now; value = 1 for an emergency
    TOP_UP_LIFTED = 95  # one that waits becomes an emergency
    TOP_UP_STARTED = 96  # other = person; value = units taken from the reserve
    TOPPED_UP = 97  # other = units put on the face
    TOP_UP_CALLED_OFF = 98  # the face was filled otherwise
    WAITED_FOR_TOP_UP = 99  # other = units of a line; value = seconds; the time is the wait's end
    # benches: subject = shipment; boxes are numbered by volume, labels come after the last box
    BOX_OUT = 86  # other = box or labels that are out; value = what is taken for it, -1: it waits
    MATERIAL_RECEIVED = 87  # subject = box or labels; other = units; value = number of the delivery
    BOX_DOUBTED = 88  # other = box; value = BoxDoubt; before EXTRA_BOX and PACKED
    BENCHES_FULL = 89  # joins the pack line while every bench is taken
    # records: subject = SKU; only where the books may be other than the shelf
    VANISHED = 110  # other = units that leave the shelf; the books do not know
    MISPUT = 111  # other = units put on a wrong place; just RECEIVED
    MISCOUNTED = 112  # other = units booked too many (below 0: too few); of what just came
    COUNT_ASKED = 113  # other = units by the books; value = CountCause
    COUNT_STARTED = 114  # other = person
    COUNTED = 115  # other = units by the books before; value = units counted, the books from now on
    RECORD_MENDED = 116  # other, value as of COUNTED; by a picker who found other than was booked
    FOUND_AGAIN = 117  # other = units that lay on a wrong place; COUNTED of them
    RECORD_CLOSED = 118  # other = units by the books at the end; value = units on the shelf
    # stock answers, continued: subject = line
    SUBSTITUTED = 120  # other = SKU; value = price of a unit in cents; both from now on
    BACKORDER_SLIPPED = 121  # value = promised handover, s: it is over, and the line still waits
    # payment: subject = order
    FRAUD_HELD = 130  # waits for a clerk's look
    INVOICED = 131  # other = shipment; value = cents, in place of CAPTURED
    INVOICE_PAID = 132  # other = shipment; value = cents
    WRITTEN_OFF = 133  # other = shipment; value = cents; below 0: goods came back after all
    CREDITED = 134  # other = line; value = cents of its refund set off against an unpaid invoice
    AUTHORISATION_EXPIRED = 135  # other = shipment that asks anew
    AUTHORISED_AGAIN = 136  # other = shipment; value = declined attempts before
    AUTHORISATION_REFUSED = 137  # other = shipment; value = declined attempts
    PAYMENT_LAPSED = 138  # subject = line; other = units cancelled, as nobody pays for them
    # entry: where a mistake is seen after the confirmation
    PUT_ASIDE = 139  # subject = shipment; other = lines typed wrong; value = clerk's seconds
    ENTRY_FAULT_FOUND = 140  # subject = line, seen by the packer; other = units put back
    TYPED_RIGHT = 141  # subject = line; other = SKU, value = units from now on
    ADDRESS_CORRECTED = 142  # subject = shipment; other = order; the carrier went to a wrong door
    # customers: subject = order
    DROPPED_OUT = 160  # other = customer, who is gone after this order; value = DropOutCause
    WON_BACK = 161  # other = customer, who is back by the contact after this order
    # stations: subject = shipment, other = station
    AT_STATION = 170  # comes there
    STATION_STARTED = 171  # value = person; of dropped work again
    STATION_ENDED = 172  # value = seconds of work, interruptions left out
    STATION_FULL = 173  # no room for it: goes on without
    STATION_LEFT = 174  # value = seconds waited; nobody began in time, goes on without
    STATION_INTERRUPTED = 175  # back in line; value = seconds of work so far
    STATIONS_PASSED = 176  # other = visits; value = seconds since they began; joins the pack line
    SIDE_WORKED = 180  # subject = person; value = seconds; the time is the end of the piece
    TO_STATIONS = 181  # leaves the pack line for them; the pick is done
    # machines: subject = machine, other = station
    BROKE_DOWN = 177
    REPAIR_STARTED = 178  # other = workshop; value = person
    REPAIRED = 179  # value = seconds since it broke down


class LostCause(IntEnum):
    """Why a due order was not placed."""

    EXPERIENCE = 0  # by chance, after how the customer's last order went
    DROPPED_OUT = 1  # the customer left for good after a bad experience
    NO_CONTACT = 2  # the contact that would have led to it had not gone out
    LEFT = 3  # a contact would have led to it, but the customer had left by themselves


class DropOutCause(IntEnum):
    """Why a customer orders no more."""

    OWN = 1  # by the law of the customer base
    EXPERIENCE = 2


class CancelReason(IntEnum):
    """Why an order was cancelled."""

    PAYMENT = 1
    TURNED_AWAY = 2
    OVERSOLD = 3
    PATIENCE = 4
    WENT_ELSEWHERE = 5  # shown as out at the click: bought elsewhere, or done without
    FRAUD = 6


class EntryFault(IntEnum):
    """What was typed wrong."""

    WRONG_SKU = 1
    WRONG_UNITS = 2
    WRONG_ADDRESS = 3


class ShortAnswer(IntEnum):
    """What was done about units that are not there."""

    BACKORDER = 1
    TURN_AWAY = 2
    DROPSHIP = 3
    OVERSOLD = 4  # sold on a stale figure and cancelled afterwards
    WAITS = 5  # found short at the pick; the whole shipment waits for it
    FOLLOWS = 6  # found short at the pick; it follows in a shipment of its own
    HOLDS = 7  # backordered; what is there waits for it, while other lines follow on their own
    SUBSTITUTE = 8  # another SKU takes its place: SUBSTITUTED
    ELSEWHERE = 9  # shown as out at the click: the customer buys it elsewhere
    DROPPED = 10  # shown as out at the click: the customer does without


OVERSALE = 16
"""Mark on the answer of SHORT: the click showed the line as in stock, and it cannot be reserved. An
answer OVERSOLD needs no mark; what is found short at the pick has none."""


class SplitKind(IntEnum):
    """Why an order has a further shipment."""

    BACKORDER = 1
    DROPSHIP = 2
    REPLACEMENT = 3
    EXCHANGE = 4


class WrongCause(IntEnum):
    """Why a line arrived wrong at the customer's door."""

    WRONG_ITEM = 1
    WRONG_QUANTITY = 2
    OMITTED = 3
    DAMAGED_AT_PICK = 4
    DAMAGED_IN_TRANSIT = 5
    ENTRY = 6
    SUPPLIER = 7


class CountCause(IntEnum):
    """Why a SKU is counted."""

    IN_TURN = 1  # its class is due
    ZERO = 2  # the last unit in the books was picked
    SHORT_PICK = 3  # a picker found too few


class BoxDoubt(IntEnum):
    """Why the boxes of a shipment may not be the smallest that hold its goods."""

    NOT_PROVED = 1  # the search ended before a smaller box was ruled out
    OVERSIZE = 2  # a unit fits into no box: it counts by its volume, as if it could be poured


class ReturnReason(IntEnum):
    """Why a line comes back. The first three are the customer's, the others our own doing."""

    FIT = 1
    NOT_AS_EXPECTED = 2
    CHANGED_MIND = 3
    LATE = 4
    WRONG_ITEM = 5
    WRONG_QUANTITY = 6
    OMITTED = 7
    DAMAGED = 8
    ENTRY_ERROR = 9


class Refusal(IntEnum):
    """Why a return was refused."""

    TOO_LATE = 1  # asked for after the window
    NOT_AUTHORISED = 2


ROLE_NAMES = (
    "clerks",
    "pickers",
    "packers",
    "dispatchers",
    "receivers",
    "returns_clerks",
    "replenishers",
    "specialists",
)
"""Roles in the order of their numbers in the log."""
