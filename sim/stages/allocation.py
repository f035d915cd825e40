"""Allocation: answer for what could not be reserved, and make shipments of the rest.

Each line gets the answer of its SKU: a substitute, a backorder with a promised date, a supplier who
sends it, or a refusal, which is an oversale by now. What is answered at the click stands in
click.py.
"""

from __future__ import annotations

from sim.clock.process import LeanProcess, Wake
from sim.log.facts import OVERSALE, CancelReason, Fact, ShortAnswer, SplitKind
from sim.stages.backorders import Waiting
from sim.stages.house import House, size_of
from sim.stages.order import Line, Order, Shipment
from sim.stages.promises import patience, tell_promise
from sim.stages.returns import refund_instead
from sim.stages.substitutes import offer

SHORT, CANCELLED, SPLIT = int(Fact.SHORT), int(Fact.CANCELLED), int(Fact.SPLIT)


def give_back(house: House, order: Order, short: list[Line]) -> None:
    """End the reservations of an order that will not be shipped."""
    for line in order.lines:
        if line not in short:
            house.stock.free(house, line.sku, line.units)


def answer_shortage(house: House, order: Order, short: list[Line]) -> list[Shipment]:
    """Ask again for the missing lines, then answer each by its rule; return the legs to ship."""
    short = house.stock.reserve(house, short)
    if not short:
        return [make_leg(house, order, order.lines, 0)]
    waits: list[Line] = []
    dropped: list[Line] = []
    for line in short:
        _answer(house, order, line, waits, dropped)
    if not order.lines:
        house.log.add((house.env.now, CANCELLED, order.number, -1, float(CancelReason.OVERSOLD)))
        return []
    return _legs(house, order, waits, dropped)


def _answer(house: House, order: Order, line: Line, waits: list[Line], dropped: list[Line]) -> None:
    """Answer one line: it is replaced, cancelled, left to the supplier, or has to wait."""
    answer = _settled(house, order, line, OVERSALE)
    if answer == "backorder":
        waits.append(line)
    elif answer == "turn_away":
        order.refused = True
        order.lines = [kept for kept in order.lines if kept is not line]
        house.log.add(_short(house, line, ShortAnswer.OVERSOLD))
    elif answer == "dropship":
        order.short = True
        dropped.append(line)
        oversale = line not in order.shown_out
        house.log.add(_short(house, line, ShortAnswer.DROPSHIP, oversale))


def _settled(house: House, order: Order, line: Line, mark: int) -> str:
    """Return the answer to a line; a substitute that is offered and taken is one.

    A line that is offered one now was not shown as out at the click: ``mark`` notes it there.
    """
    answer = house.stockouts.answer_to(order, line)
    if answer != "substitute" or offer(house, order, line, mark):
        return answer
    return house.stockouts.without_substitute(order, line)


def _short(
    house: House, line: Line, answer: ShortAnswer, oversale: bool = False
) -> tuple[float, int, int, int, float]:
    mark = OVERSALE if oversale else 0
    return house.env.now, SHORT, line.number, line.units, float(answer + mark)


def _legs(house: House, order: Order, waits: list[Line], dropped: list[Line]) -> list[Shipment]:
    """Part an order: what is there with what holds it up, what follows, what the supplier sends."""
    splits = house.stockouts.splits
    follows = [line for line in waits if splits[line.sku]]
    own = [line for line in order.lines if line not in follows and line not in dropped]
    if not own:
        own, follows = follows, []
    legs = [make_leg(house, order, own, 0)] if own else []
    if follows:
        legs.append(make_leg(house, order, follows, SplitKind.BACKORDER))
    if dropped:
        supplier = make_leg(house, order, dropped, SplitKind.DROPSHIP)
        supplier.passes = -1
        legs.append(supplier)
    if waits:
        _wait(house, order, waits, legs, follows)
    return legs


def _wait(
    house: House, order: Order, waits: list[Line], legs: list[Shipment], follows: list[Line]
) -> None:
    """Let the legs wait for their lines; tell each line's promise."""
    order.short = True
    patience_s = float(house.book.luck.patience_s[order.number])
    holds = ShortAnswer.HOLDS if follows else ShortAnswer.BACKORDER
    of_line = {line.number: legs[1] if line in follows else legs[0] for line in waits}
    for leg in of_line.values():
        leg.missing += 1
        if leg.ready is None:
            leg.ready = Wake(house.env)
    for line in waits:
        answer = ShortAnswer.BACKORDER if line in follows else holds
        oversale = line not in order.shown_out
        _promise(house, of_line[line.number], line, patience_s, answer, oversale)


def make_leg(house: House, order: Order, lines: list[Line], split: int) -> Shipment:
    """Make a shipment: the order's own number first, then further ones."""
    if order.legs == 0:
        number = order.number
    else:
        number = house.next_shipment_number()
        house.log.add((house.env.now, SPLIT, number, order.number, float(split)))
    leg = Shipment(number, order, lines, size_of(house, lines))
    leg.leg = order.legs
    order.legs += 1
    order.open_legs += 1
    return leg


def found_short(house: House, shipment: Shipment, line: Line) -> None:
    """A picker found fewer units than the books say: mend the books, look for the line elsewhere.

    If the rest of the stock meets it, it is picked in another tour; else it gets the answer of the
    scenario, and the shipment goes without it or waits. For a replacement the money is given back.
    """
    stock, sku = house.stock, line.sku
    stock.found_too_few(house, line)
    if stock.reserve_before_all(house, line):
        shipment.rest = [*shipment.rest, line]
        return
    if shipment.paid_for:
        answer_found_short(house, shipment, line)
    else:
        _leave_out(house, shipment, line)
        house.life_begins()
        LeanProcess(refund_instead(house, shipment.order, line))
    stock.queues.fill(house, sku)


def answer_found_short(house: House, shipment: Shipment, line: Line) -> None:
    """Answer for a line of a shipment that is on the floor and turns out not to be there."""
    add, order = house.log.add, shipment.order
    if shipment.packings:  # picked before, wrong or typed wrong: the customer wants this SKU
        answer = house.stockouts.without_substitute(order, line)
    else:
        answer = _settled(house, order, line, 0)
    if answer == "turn_away":
        order.refused = True
        order.lines = [kept for kept in order.lines if kept is not line]
        _leave_out(house, shipment, line)
        add(_short(house, line, ShortAnswer.OVERSOLD))
        return
    order.short = True
    if answer == "substitute":
        shipment.rest = [*shipment.rest, line]
    elif answer == "dropship":
        _leave_out(house, shipment, line)
        add(_short(house, line, ShortAnswer.DROPSHIP))
        leg = make_leg(house, order, [line], SplitKind.DROPSHIP)
        leg.passes = -1
        _send_apart(house, leg)
    elif house.stockouts.splits[line.sku] and len(shipment.lines) > 1:
        _leave_out(house, shipment, line)
        leg = make_leg(house, order, [line], SplitKind.BACKORDER)
        _wait_for(house, leg, line, ShortAnswer.FOLLOWS)
        _send_apart(house, leg)
    else:
        shipment.rest = [*shipment.rest, line]
        _wait_for(house, shipment, line, ShortAnswer.WAITS)


def _leave_out(house: House, shipment: Shipment, line: Line) -> None:
    """Let a shipment go on without a line."""
    shipment.lines = [kept for kept in shipment.lines if kept is not line]
    shipment.size = size_of(house, shipment.lines)
    shipment.volume_ml = shipment.size.volume_ml


def _send_apart(house: House, leg: Shipment) -> None:
    """Start the life of a leg that parts from its shipment at the pick."""
    house.life_begins()
    LeanProcess(house.leg_life(house, leg))


def _wait_for(house: House, shipment: Shipment, line: Line, answer: ShortAnswer) -> None:
    """Let a shipment wait for one more line."""
    if shipment.ready is None or shipment.ready.processed:
        shipment.ready = Wake(house.env)
    shipment.missing += 1
    patience_s = float(house.book.luck.patience_s[shipment.order.number])
    _promise(house, shipment, line, patience_s, answer)


def _promise(
    house: House,
    shipment: Shipment,
    line: Line,
    patience_s: float,
    answer: ShortAnswer,
    oversale: bool = False,
) -> None:
    """Put a line on backorder and tell the customer when it will leave."""
    waiting = Waiting(line, shipment)
    house.log.add(_short(house, line, answer, oversale))
    queues = house.stock.queues
    purchase, due_s = queues.join(house, waiting)
    tell_promise(house, waiting, purchase, due_s)
    LeanProcess(patience(house, waiting, patience_s))
    if house.stockouts.no_overtaking:  # what lies there may be for this line
        queues.fill(house, line.sku)
