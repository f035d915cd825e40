"""The balance: what must be true in every run, checked from the log alone.

Orders placed = delivered + cancelled + open, and every unit ends in exactly one way. Stock, paid
time and money add up. The clock never goes back. A balance that does not hold is a bug of the
model, never of the input.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.kpis.customer_balance import (
    led_without_contact,
    lost_without_leaving,
    ordered_after_leaving,
)
from sim.kpis.duty import Spans, break_spans, paid_spans, work_spans
from sim.kpis.ends import CANCELLED, DELIVERED, NOT_PLACED, OPEN, Ends, find_ends
from sim.kpis.lead_parts import PARTS, clock_times
from sim.kpis.order_tables import LOST_FLAG, PLACED_FLAG
from sim.kpis.tables import Tables
from sim.log.facts import CancelReason, Fact

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

SLACK_S = 1e-6
NAMED = 3


@dataclass(frozen=True)
class Balance:
    """What became of all orders and units of a run, and what does not add up.

    Attributes
    ----------
    placed, delivered, cancelled, open_orders
        Orders of the whole run, warm-up included.
    units
        Units of the placed orders.
    units_shipped, units_turned_away, units_cancelled, units_dropshipped, units_open
        How they ended; together they are ``units``.
    faults
        One sentence a rule that does not hold, empty if all do.
    """

    placed: int
    delivered: int
    cancelled: int
    open_orders: int
    units: int
    units_shipped: int
    units_turned_away: int
    units_cancelled: int
    units_dropshipped: int
    units_open: int
    faults: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether every rule holds."""
        return not self.faults

    def line(self) -> str:
        """Return the balance in one line, as it is printed under the KPI table."""
        orders = (
            f"balance: {self.placed:,} placed = {self.delivered:,} delivered"
            f" + {self.cancelled:,} cancelled + {self.open_orders:,} open"
        )
        if self.holds:
            return f"{orders}; units, stock, people, money: exact"
        more = len(self.faults) - NAMED
        rest = f"; and {more} more" if more > 0 else ""
        return f"{orders}; BROKEN: {'; '.join(self.faults[:NAMED])}{rest}"


def balance(tables: Tables) -> Balance:
    """Check everything that must be true, over the whole log.

    Stock: opening + received + restocked + put back = picked + shrunk + closing, per SKU. A line
    picked wrong and found at the packing check (LINE_MENDED) was put back with the units of that
    pick before it is picked again. What comes back and is scrapped never reached the shelf. A log
    without STOCK_OPENED (unlimited stock) has no stock to balance.
    """
    ends = find_ends(tables)
    units = _unit_ends(tables, ends)
    faults = [
        *tables.faults.texts,
        *_order_faults(tables, ends),
        *units.faults,
        *_stock_faults(tables),
        *_purchase_faults(tables),
        *_people_faults(tables),
        *_money_faults(tables, ends, units),
        *_return_faults(tables),
        *_station_faults(tables),
        *_lead_time_faults(tables, ends),
        *_customer_faults(tables),
    ]
    state = ends.state
    return Balance(
        placed=int(np.count_nonzero(state != NOT_PLACED)),
        delivered=int(np.count_nonzero(state == DELIVERED)),
        cancelled=int(np.count_nonzero(state == CANCELLED)),
        open_orders=int(np.count_nonzero(state == OPEN)),
        units=units.placed,
        units_shipped=units.shipped,
        units_turned_away=units.turned_away,
        units_cancelled=units.cancelled,
        units_dropshipped=units.dropshipped,
        units_open=units.still_open,
        faults=tuple(faults),
    )


def _named(what: str, numbers: npt.NDArray[np.int64]) -> list[str]:
    """Return one sentence that names the first numbers, or nothing if there are none."""
    if not len(numbers):
        return []
    shown = ", ".join(str(n) for n in numbers[:NAMED].tolist())
    more = f" and {len(numbers) - NAMED} more" if len(numbers) > NAMED else ""
    return [f"{what} ({shown}{more})"]


# orders


def _order_faults(tables: Tables, ends: Ends) -> list[str]:
    flags = tables.orders["flags"]
    placed, lost = (flags & PLACED_FLAG) != 0, (flags & LOST_FLAG) != 0
    orders = tables.demand.orders
    touched = np.zeros(orders, dtype=np.bool_)
    touched |= ~np.isnan(tables.orders["paid_s"])
    touched |= ~np.isnan(tables.shipments["delivered_s"][:orders])
    touched |= ends.cancel_reason > 0
    cancelled = ends.state == CANCELLED
    nothing_left = placed & ~cancelled & (ends.must == 0) & (ends.units > 0)
    early = tables.shipments["delivered_s"] < tables.shipments["handed_over_s"]
    unsent = ~np.isnan(tables.shipments["delivered_s"]) & np.isnan(
        tables.shipments["handed_over_s"]
    )
    return [
        *_named("placed and lost: orders", np.flatnonzero(placed & lost)),
        *_named("never placed yet served: orders", np.flatnonzero(touched & ~placed)),
        *_named("cancelled yet shipped: orders", np.flatnonzero(cancelled & (ends.left > 0))),
        *_named("no unit left to ship yet not cancelled: orders", np.flatnonzero(nothing_left)),
        *_named("delivered before they left: shipments", np.flatnonzero(early)),
        *_named("delivered yet never sent: shipments", np.flatnonzero(unsent)),
    ]


def _customer_faults(tables: Tables) -> list[str]:
    return [
        *_named("ordered after they had dropped out: customers", ordered_after_leaving(tables)),
        *_named("lost to a drop-out that never was: orders", lost_without_leaving(tables)),
        *_named("placed after no contact: orders", led_without_contact(tables)),
    ]


# units


@dataclass(frozen=True)
class _UnitEnds:
    placed: int
    shipped: int
    turned_away: int
    cancelled: int
    dropshipped: int
    still_open: int
    owed_cents: Integers
    faults: tuple[str, ...]


def _per_order(orders: int, of: Integers, amount: Integers) -> Integers:
    total = np.zeros(orders, dtype=np.int64)
    np.add.at(total, of, amount)
    return total


def _unit_ends(tables: Tables, ends: Ends) -> _UnitEnds:
    """Count every placed unit once, by the facts that ended it."""
    orders = tables.demand.orders
    short = ends.short
    whole = ends.cancel_reason[short.order] > 0
    refused = _per_order(orders, short.order, short.turned_away)
    given_up = _per_order(orders, short.order, np.where(whole, 0, short.oversold + short.given_up))
    dropped = _per_order(orders, short.order, np.where(whole, 0, short.dropped))
    placed = ends.state != NOT_PLACED
    cancelled = ends.state == CANCELLED
    dropped_gone = np.where(ends.shipped, dropped, 0)
    own = ends.units - refused - given_up - dropped
    own_left = _own_units_left(tables, ends, own)
    total = int(ends.units[placed].sum())
    turned_away = int(refused[placed].sum())
    lost = int((ends.units - refused)[cancelled].sum() + given_up[placed & ~cancelled].sum())
    shipped = int(own_left[placed & ~cancelled].sum())
    dropshipped = int(dropped_gone[placed & ~cancelled].sum())
    going = placed & ~cancelled
    still_open = int((own - own_left + dropped - dropped_gone)[going].sum())
    faults = [
        *_named("units ended twice: lines", short.line[_ended_twice(tables, ends)]),
        *_named("units lost or doubled on the way: lines", _units_astray(tables, ends)),
        *_named("came back yet never sent: lines", _back_without_leaving(tables, ends)),
    ]
    if total != turned_away + lost + shipped + dropshipped + still_open:
        faults.append(
            f"units: {total} placed, but {shipped} shipped + {turned_away} turned away"
            f" + {lost} cancelled + {dropshipped} dropshipped + {still_open} open"
        )
    owed = _order_value_cents(tables, ends)
    return _UnitEnds(
        total, shipped, turned_away, lost, dropshipped, still_open, owed, tuple(faults)
    )


def _own_units_left(tables: Tables, ends: Ends, own: Integers) -> Integers:
    """Return the units of each order that left the house, leg by leg."""
    orders = tables.demand.orders
    later = _per_order(orders, ends.short.order, ends.short.later)
    first_left = ~np.isnan(tables.shipments["handed_over_s"][:orders])
    left = np.where(first_left, own - later, 0)
    return np.where(ends.shipped, own, left)


def _ended_twice(tables: Tables, ends: Ends) -> Flags:
    short = ends.short
    ended = short.turned_away + short.dropped + short.oversold + short.given_up
    twice: Flags = ended > tables.of_lines.units_as_typed()[short.line]
    return twice


def _units_astray(tables: Tables, ends: Ends) -> Integers:
    """Return lines of completely shipped orders from whose shelf not exactly the wanted units came.

    Left out: lines picked wrong and not mended, lines picked again for a replacement, and logs that
    hold no picks.
    """
    if not tables.count(Fact.LINE_PICKED):
        return np.empty(0, dtype=np.int64)
    due = np.repeat(ends.shipped, np.diff(tables.demand.first_line))
    wanted = tables.of_lines.units_as_typed()
    short = ends.short
    wanted[short.line] -= short.gone + short.dropped
    unsound = np.zeros(tables.demand.lines, dtype=np.int32)
    np.add.at(unsound, tables.wrong_picks["line"], 1)
    np.add.at(unsound, tables.mended["line"], -1)
    due &= unsound == 0
    due[tables.returns["line"][tables.returns["replacement"] >= 0]] = False
    return np.flatnonzero(due & (tables.lines["out_units"] != wanted))


def _back_without_leaving(tables: Tables, ends: Ends) -> Integers:
    """Return lines of which more units came back than ever left for the customer."""
    if not tables.count(Fact.LINE_PICKED):
        return np.empty(0, dtype=np.int64)
    line = np.unique(tables.returns["line"]).astype(np.int64)
    back = np.zeros(len(line), dtype=np.int64)
    rows = tables.returns["line"]
    np.add.at(back, np.searchsorted(line, rows), tables.returns["received_units"])
    left = tables.lines["out_units"][line].astype(np.int64)
    sent = np.flatnonzero(np.isin(ends.short.line, line))
    left[np.searchsorted(line, ends.short.line[sent])] += ends.short.dropped[sent]
    return line[back > left]


def _order_value_cents(tables: Tables, ends: Ends) -> Integers:
    """Return the price of the units of each order that go to the customer, cents."""
    first = tables.demand.first_line
    wanted = tables.of_lines.units_as_typed()
    wanted[ends.short.line] -= ends.short.gone
    running = np.append(0, np.cumsum(wanted * tables.of_lines.price_cents()))
    value: Integers = running[first[1:]] - running[first[:-1]]
    return value


# stock


def _stock_faults(tables: Tables) -> list[str]:
    stock = tables.stock
    if not stock.counted or not tables.count(Fact.STOCK_CLOSED):
        return []
    came = stock.opened + stock.received + stock.restocked + stock.put_back
    wrong = np.flatnonzero(came != stock.picked + stock.shrunk + stock.closed)
    return [
        *_named("stock does not add up: SKUs", wrong),
        *_record_faults(tables),
    ]


def _record_faults(tables: Tables) -> list[str]:
    """Books part from the shelf by what the log tells; the rest lies on a wrong place."""
    records, stock = tables.of_records, tables.stock
    sku = records.closed["sku"]
    off = (records.closed["booked"] - records.closed["there"]).astype(np.int64)
    unseen = off != records.off_at_the_end(len(stock.closed))[sku]
    misput = records.off_at_the_end(len(stock.closed), Fact.MISPUT, Fact.FOUND_AGAIN)[sku]
    astray = (misput < 0) | (misput != stock.closed[sku] - records.closed["there"])
    return [
        *_named("books do not add up: SKUs", sku[unseen].astype(np.int64)),
        *_named("units astray in the house: SKUs", sku[astray].astype(np.int64)),
    ]


def _purchase_faults(tables: Tables) -> list[str]:
    """No purchase order brings more than was bought (only if the log says what was bought)."""
    purchases = tables.of_purchases.purchases
    bought = ~np.isnan(purchases["placed_s"])
    more = bought & (purchases["received_units"] > purchases["units"])
    return _named("brought more than was bought: purchase orders", np.flatnonzero(more))


# people


def _overlaps(spans: Spans) -> Integers:
    same = spans.person[1:] == spans.person[:-1]
    late = spans.start_s[1:] < spans.end_s[:-1] - SLACK_S
    return np.unique(spans.person[1:][same & late])


def _people_faults(tables: Tables) -> list[str]:
    work, paid, pauses = work_spans(tables), paid_spans(tables), break_spans(tables)
    faults: list[str] = []
    if not (paid.sound and pauses.sound):
        faults.append("coming and going do not alternate for somebody")
    if not len(paid.person):
        return faults
    people = int(max(work.person.max(initial=0), paid.person.max(initial=0))) + 1

    def total(spans: Spans) -> npt.NDArray[np.float64]:
        length_s = spans.end_s - spans.start_s
        return np.bincount(spans.person, weights=length_s, minlength=people).astype(np.float64)

    idle_s = total(paid) - total(work) - total(pauses)
    tolerance_s = SLACK_S + 1e-9 * total(paid)
    return [
        *faults,
        *_named("does two things at once: persons", _overlaps(work)),
        *_named(
            "worked or rested longer than paid: persons", np.flatnonzero(idle_s < -tolerance_s)
        ),
        *_named(
            "worked before the piece of work began: persons", work.person[work.end_s < work.start_s]
        ),
    ]


# money


def _money_faults(tables: Tables, ends: Ends, units: _UnitEnds) -> list[str]:
    """Refunds never exceed what was charged; what was shipped is what was charged.

    Charged is captured or invoiced. What is invoiced is paid, written off, credited or still owed.
    """
    captured = tables.orders["captured_cents"]
    refunded = np.zeros(len(captured), dtype=np.int64)
    np.add.at(
        refunded, tables.order_of_line(tables.returns["line"]), tables.returns["refunded_cents"]
    )
    net = int(captured.sum()) - int(refunded.sum())
    faults = [
        *_named("more refunded than captured: orders", np.flatnonzero(refunded > captured)),
        *_named(
            "cancelled for payment yet captured: orders",
            np.flatnonzero((ends.cancel_reason == int(CancelReason.PAYMENT)) & (captured > 0)),
        ),
    ]
    if tables.count(Fact.CAPTURED):
        unpaid = ends.shipped & (captured != units.owed_cents)
        faults += _named("captured is not the price of what was shipped", np.flatnonzero(unpaid))
    faults += _invoice_faults(tables, refunded)
    if net < 0:
        faults.append(f"net revenue is {net} cents")
    return faults


def _invoice_faults(tables: Tables, refunded: Integers) -> list[str]:
    """An order's invoices are not settled twice, and only refunds are credited."""
    rows, orders = tables.payments, tables.demand.orders

    def total(fact: Fact) -> Integers:
        chosen = rows["fact"] == int(fact)
        return _per_order(orders, rows["order"][chosen], rows["cents"][chosen])

    credited = total(Fact.CREDITED)
    owed = total(Fact.INVOICED) - credited
    owed -= total(Fact.INVOICE_PAID) + total(Fact.WRITTEN_OFF)
    faults = [
        *_named("paid, lost and credited more than invoiced: orders", np.flatnonzero(owed < 0)),
        *_named("credited more than refunded: orders", np.flatnonzero(credited > refunded)),
        *_named("lost less than nothing: orders", np.flatnonzero(total(Fact.WRITTEN_OFF) < 0)),
    ]
    rejected = tables.cancelled["order"][tables.cancelled["reason"] == int(CancelReason.FRAUD)]
    charged = tables.orders["captured_cents"][rejected] > 0
    return faults + _named("rejected yet charged: orders", rejected[charged])


# returns


def _sent_again_in_vain(tables: Tables) -> Flags:
    """Tell which returns were to be answered by goods that a picker did not find."""
    returns, short_picks = tables.returns, tables.short_picks
    asked_s = np.full(tables.demand.lines, np.inf)
    asked_s[returns["line"]] = returns["asked_s"]
    after = short_picks["time_s"] > asked_s[short_picks["line"]]
    return np.isin(returns["line"], short_picks["line"][after])


def _return_faults(tables: Tables) -> list[str]:
    """What came back ends once; what was refused or never came does not; nobody is served twice."""
    table = tables.returns
    line = table["line"].astype(np.int64)
    received = table["received_units"]
    ended = table["restocked_units"] + table["scrapped_units"] + table["sold_off_units"]
    nothing = (table["refusal"] > 0) | ~np.isnan(table["never_came_s"])
    served = ~np.isnan(table["refunded_s"]) + 0
    served += (table["replacement"] >= 0) + 0
    served += (table["exchange"] >= 0) + 0
    served -= (served > 1) & _sent_again_in_vain(tables)
    return [
        *_named("more found a place than came back: lines", line[ended > received]),
        *_named("refused or never sent yet received: lines", line[nothing & (received > 0)]),
        *_named("refused yet answered: lines", line[(table["refusal"] > 0) & (served > 0)]),
        *_named("a return answered twice: lines", line[served > 1]),
    ]


# stations


def _station_faults(tables: Tables) -> list[str]:
    """Every visit ends once, and before the next; only who has not left may still be there.

    A machine is repaired before it breaks down again.
    """
    visits, broken = tables.of_stations.visits(), tables.of_stations.breakdowns()
    gone = ~np.isnan(tables.shipments["handed_over_s"])[visits.shipment]
    there = (visits.ends == 0) & (
        gone | np.append(np.diff(visits.shipment) == 0, False)[: len(gone)]
    )
    return [
        *_named("at a station in no possible order: shipments", visits.shipment[visits.unsound]),
        *_named("ended a visit twice: shipments", visits.shipment[visits.ends > 1]),
        *_named("left while still at a station: shipments", visits.shipment[there]),
        *_named(
            "broken and repaired in no possible order: machines", broken.machine[broken.unsound]
        ),
    ]


# lead time


def _lead_time_faults(tables: Tables, ends: Ends) -> list[str]:
    delivered = np.flatnonzero(ends.state == DELIVERED)
    times = clock_times(tables, delivered, ends.last_leg[delivered])
    total = np.zeros(len(delivered))
    faults: list[str] = []
    for part in PARTS:
        part_s = times.part_s(part)
        total += part_s
        faults += _named(f"negative {part}: orders", delivered[part_s < -SLACK_S])
    off = np.abs(total - times.lead_s) > SLACK_S
    return faults + _named("parts do not add up to the lead time: orders", delivered[off])
