"""The click: what the channel shows as out of stock, and what the customer does about it."""

from __future__ import annotations

from sim.log.facts import CancelReason, Fact, ShortAnswer
from sim.orders.book import BUYS_ELSEWHERE, DOES_WITHOUT, TAKES_SUBSTITUTE
from sim.stages.customers import hears_no, remember
from sim.stages.house import House, size_of
from sim.stages.order import Line, Order
from sim.stages.substitutes import put_in_place, waits_for

SHORT, CANCELLED = int(Fact.SHORT), int(Fact.CANCELLED)


def at_the_click(house: House, order: Order) -> bool:
    """Answer the lines that the channel shows as out of stock; return False if nothing is left."""
    out = lines_shown_out(house, order)
    if not out:
        return True
    wanted = [line for line in out if _still_wants(house, order, line)]
    gone = [line for line in out if line not in wanted]
    order.lines = [line for line in order.lines if line not in gone]
    order.size = size_of(house, order.lines)
    if order.lines:
        return True
    reason = CancelReason.TURNED_AWAY if order.refused else CancelReason.WENT_ELSEWHERE
    house.log.add((house.env.now, CANCELLED, order.number, -1, float(reason)))
    if order.refused:
        hears_no(house, order)
    else:
        remember(house, order)
    return False


def lines_shown_out(house: House, order: Order) -> list[Line]:
    """Return the lines of which the channel does not show enough, beside the order's other lines.

    A SKU that others wait for is shown as out where nobody may overtake them.
    """
    shown_units, out = house.stock.shown_units, []
    in_cart: dict[int, int] = {}
    for line in order.lines:
        sku = line.sku
        asked = in_cart.get(sku, 0) + line.units
        if shown_units(sku, order.channel) < asked or waits_for(house, sku):
            out.append(line)
        else:
            in_cart[sku] = asked
    return out


def _still_wants(house: House, order: Order, line: Line) -> bool:
    """Answer one line by the rule of its SKU; return False if it is ordered no more."""
    rules = house.stockouts
    answer: str = rules.answer_of[line.sku]
    if answer == "ask_customer":
        return _reacts(house, order, line)
    if answer == "substitute":
        if house.book.luck.takes_substitute[line.number] and _takes_what_is_shown(
            house, order, line
        ):
            return True
        answer = rules.otherwise
    if answer == "turn_away":
        order.refused = True
        _is_gone(house, line, ShortAnswer.TURN_AWAY)
        return False
    order.shown_out = [*order.shown_out, line]
    return True


def _reacts(house: House, order: Order, line: Line) -> bool:
    """Let a customer who is shown "not in stock" do what their luck says."""
    reaction = house.book.luck.reaction[line.number]
    if reaction == TAKES_SUBSTITUTE and _takes_what_is_shown(house, order, line):
        return True
    order.short = True
    if reaction in (BUYS_ELSEWHERE, TAKES_SUBSTITUTE):
        _is_gone(house, line, ShortAnswer.ELSEWHERE)
        return False
    if reaction == DOES_WITHOUT:
        _is_gone(house, line, ShortAnswer.DROPPED)
        return False
    order.shown_out = [*order.shown_out, line]
    return True


def _takes_what_is_shown(house: House, order: Order, line: Line) -> bool:
    shown_units, units = house.stock.shown_units, line.units
    return put_in_place(
        house,
        order,
        line,
        lambda sku: shown_units(sku, order.channel) >= units and not waits_for(house, sku),
    )


def _is_gone(house: House, line: Line, answer: ShortAnswer) -> None:
    house.log.add((house.env.now, SHORT, line.number, line.units, float(answer)))
