"""All the luck of an order book, drawn before the clock starts: how every later throw falls.

Every column has a stream of its own, named after the stage and the purpose. So a column that
plays no part is left out, and no other column moves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.orders.book import (
    ENTRY_SOUND,
    ENTRY_WRONG_SKU,
    ENTRY_WRONG_UNITS,
    FOUND_BY_SCAN,
    PICK_DAMAGED,
    PICK_OMITTED,
    PICK_SOUND,
    PICK_WRONG_ITEM,
    PICK_WRONG_QUANTITY,
    Codes,
    Demand,
    Flags,
    Floats32,
    Luck,
)
from sim.orders.draws import choose, draw
from sim.orders.streams import stream
from sim.scenario.schema.after_sales import ReasonMix
from sim.scenario.schema.items import Category
from sim.scenario.schema.laws import Gamma, Law
from sim.scenario.schema.scenario import Scenario
from sim.warehouse.demand_classes import stockout_class_of_sku
from sim.warehouse.items import Catalogue

HOUR_S = 3600.0
DAY_S = 86400.0


def draw_luck(scenario: Scenario, catalogue: Catalogue, demand: Demand, replication: int) -> Luck:
    """Return the luck of all orders and lines.

    Parameters
    ----------
    scenario
        Its laws, shares and rates.
    catalogue
        The SKUs the demand speaks of.
    demand
        Generated or imported.
    replication
        Number of the replication from 0.
    """
    assert demand.lines == 0 or int(demand.sku.max()) < catalogue.count
    orders = _Columns(scenario.run.seed, replication, demand.orders)
    lines = _Columns(scenario.run.seed, replication, demand.lines)
    manual = _manual_orders(scenario, demand)
    pays_later = _pays_later(scenario, demand, orders)
    on_account = scenario.payment.authorisation_days is not None or pays_later.any()
    payment = _payment(scenario, orders, pays_later)
    packing, returns = scenario.packing, scenario.returns
    stockouts, entry = scenario.stockouts, scenario.entry
    pick_error = _pick_error(scenario, lines)
    by_category = _ReturnsByCategory(scenario, catalogue, demand)
    refurbishes = returns.refurbish_share > 0.0
    return Luck(
        hand_in_delay_s=_hand_in_delay_s(scenario, demand, orders),
        entry_s=_entry_s(scenario, demand, manual, orders),
        wrong_address=_wrong_address(scenario, demand, orders),
        entry_found=orders.happens(entry.found_at_payment_share, "entry/found"),
        mend_s=orders.seconds(entry.mend_time_s, "entry/mend"),
        payment_delay_s=payment.delay_s,
        declines=payment.declines,
        pays=payment.pays,
        fraud_check_s=_fraud_check_s(scenario, orders, pays_later),
        fraud_rejected=orders.flags(scenario.payment.fraud_reject_share, "payment/rejected"),
        pays_later=pays_later,
        pay_later_s=_pay_later_s(scenario, orders, plays_a_part=bool(on_account)),
        never_pays=orders.flags(
            scenario.payment.bad_debt_share if on_account else 0.0, "payment/bad-debt"
        ),
        pack_factor=_pack_factor(scenario, orders),
        label_s=orders.seconds(packing.label_s, "packing/label"),
        pick_s=_pick_s(scenario, demand, orders),
        transit_s=_transit_s(scenario, demand, orders),
        patience_s=orders.seconds(stockouts.patience_days, "stockout/patience", DAY_S),
        dropship_s=orders.seconds(stockouts.dropship_days, "dropship/time", DAY_S),
        refund_s=orders.seconds(returns.refund_days, "return/refund", DAY_S),
        followed_up=chosen_for_contact(scenario, replication, demand.orders),
        loyalty_u=orders.uniforms("customers/loyalty"),
        drop_out_u=_drop_out_u(scenario, orders),
        search_s=lines.seconds(scenario.picking.search_s, "pick/search-time"),
        pick_error=pick_error,
        scan_finds=_scan_finds(scenario, lines, pick_error),
        lacking_u=_among(lines, scenario.picking.short_picks.share_of_lines, "pick/lacking"),
        check_finds=lines.happens(packing.check_detects, "packing/check"),
        entry_error=_entry_error(scenario, demand, lines),
        form_finds=lines.flags(entry.found_at_packing_share, "entry/form"),
        damage_u=lines.uniforms("shipping/damage"),
        return_u=lines.uniforms("return/chance"),
        return_reason=by_category.reasons(lines),
        return_lag_s=by_category.seconds(
            returns.lag_days, lambda each: each.return_lag_days, lines, "return/lag", DAY_S
        ),
        claim_lag_s=lines.seconds(returns.claim_lag_days, "return/claim-lag", DAY_S),
        way_back_s=lines.seconds(returns.way_back_days, "return/way-back", DAY_S),
        inspect_s=by_category.seconds(
            returns.inspect_s, lambda each: each.return_inspect_s, lines, "return/inspect"
        ),
        claims=lines.happens(returns.error_claim_share, "return/claims"),
        restockable=lines.happens(returns.restockable_share, "return/restockable"),
        replaced=lines.happens(returns.replace_share, "return/replaced"),
        dropship_wrong=_dropship_wrong(scenario, catalogue, demand, lines),
        part_u=_among(lines, returns.part_of_line_share, "return/part"),
        exchanged=lines.happens(returns.exchange_share, "return/exchange"),
        refused=lines.happens(returns.refuse_share, "return/refused"),
        authorise_s=lines.seconds(
            returns.authorise_s if returns.authorisation == "clerk" else None, "return/authorise"
        ),
        never_sent=lines.happens(returns.never_sent_share, "return/never-sent"),
        refurbished=lines.happens(returns.refurbish_share, "return/refurbished"),
        refurbish_wait_s=lines.seconds(
            returns.refurbish_days if refurbishes else None, "return/refurbish-wait", DAY_S
        ),
        refurbish_s=lines.seconds(returns.refurbish_s if refurbishes else None, "return/refurbish"),
        takes_substitute=_takes_substitute(scenario, lines),
        reaction=_reaction(scenario, lines),
    )


def chosen_for_contact(scenario: Scenario, replication: int, orders: int) -> Flags:
    """Tell which orders are followed up once they are delivered, shape (orders,)."""
    columns = _Columns(scenario.run.seed, replication, orders)
    return columns.happens(scenario.follow_up.share, "follow-up/chosen")


@dataclass(frozen=True)
class _Columns:
    """Columns of one length, each from the stream of its name."""

    seed: int
    replication: int
    n: int

    def uniforms(self, name: str) -> Floats32:
        """Return uniforms of [0, 1)."""
        return stream(self.seed, name, self.replication).random(self.n, dtype=np.float32)

    def happens(self, share: float, name: str) -> Flags:
        """Return flags that are True with chance ``share``: never at 0, always at 1."""
        if share <= 0.0 or share >= 1.0:
            return np.full(self.n, share >= 1.0)
        return self.uniforms(name) < share

    def flags(self, share: float, name: str) -> Flags:
        """Return flags as :meth:`happens` does, which cost nothing where the share is 0."""
        if share == 0.0:
            return np.broadcast_to(np.False_, self.n)
        return self.happens(share, name)

    def seconds(self, law: Law | None, name: str, unit_s: float = 1.0) -> Floats32:
        """Return values of a law whose unit has ``unit_s`` seconds; zeros where there is no law."""
        if law is None:
            return np.zeros(self.n, dtype=np.float32)
        rng = stream(self.seed, name, self.replication)
        if isinstance(law, Gamma):
            # Single precision is stored, so single precision is drawn: half the time.
            scale = np.float32(law.mean * law.cv**2 * unit_s)
            return rng.standard_gamma(1.0 / law.cv**2, self.n, dtype=np.float32) * scale
        return (draw(law, rng, self.n) * unit_s).astype(np.float32)


@dataclass(frozen=True)
class _Payment:
    delay_s: Floats32
    declines: Codes
    pays: Flags


def _pays_later(scenario: Scenario, demand: Demand, orders: _Columns) -> Flags:
    """Tell which orders are on account."""
    known, usual = scenario.orders.channels, scenario.payment.pay_later_share
    own = [known[name].pay_later_share if name in known else None for name in demand.channels]
    shares = np.array([usual if share is None else share for share in own], dtype=np.float32)
    if not shares.any():
        return np.broadcast_to(np.False_, orders.n)
    return orders.uniforms("payment/later") < shares[demand.channel]


def _pay_later_s(scenario: Scenario, orders: _Columns, *, plays_a_part: bool) -> Floats32:
    """Return the time from the shipment to the money of what is on account."""
    if not plays_a_part:
        return np.broadcast_to(np.float32(0.0), orders.n)
    return orders.seconds(scenario.payment.pay_later_days, "payment/later-time", DAY_S)


def _payment(scenario: Scenario, orders: _Columns, pays_later: Flags) -> _Payment:
    """Return what paying comes to.

    Each attempt is declined or not, a declined customer tries again or not;
    after ``payment.retries`` further attempts a decline ends the order. What is on account waits
    for nothing.
    """
    rules = scenario.payment
    waiting = np.ones(orders.n, dtype=np.bool_)
    pays = np.zeros(orders.n, dtype=np.bool_)
    declines = np.zeros(orders.n, dtype=np.int8)
    delay_s = np.zeros(orders.n, dtype=np.float32)
    for attempt in range(rules.retries + 1):
        declined = waiting & orders.happens(rules.decline_rate, f"payment/declined/{attempt}")
        pays |= waiting & ~declined
        declines += declined
        if attempt == rules.retries or not declined.any():
            break
        waiting = declined & ~orders.happens(rules.gives_up_share, f"payment/gives-up/{attempt}")
        delay_s += waiting * orders.seconds(rules.retry_h, f"payment/retry/{attempt}", HOUR_S)
    if rules.instant_share < 1.0:
        slow = pays & ~orders.happens(rules.instant_share, "payment/instant")
        delay_s += slow * orders.seconds(rules.slow_h, "payment/slow", HOUR_S)
    if pays_later.any():
        delay_s[pays_later], declines[pays_later] = 0.0, 0
        pays |= pays_later
    return _Payment(delay_s, declines, pays)


def _manual_orders(scenario: Scenario, demand: Demand) -> Flags:
    return _by_channel(
        scenario, demand, lambda name: scenario.orders.channels[name].entry == "manual"
    )


def _by_channel(scenario: Scenario, demand: Demand, property_of: Callable[[str], bool]) -> Flags:
    # An imported history may name channels the scenario does not declare; they are plain ones.
    known = scenario.orders.channels
    flags = np.array(
        [name in known and property_of(name) for name in demand.channels], dtype=np.bool_
    )
    return flags[demand.channel]


def _where(chosen: Flags, column: Callable[[], Floats32]) -> Floats32:
    """Return a column that is 0 outside the chosen; it is not even drawn where nobody is chosen."""
    if not chosen.any():
        return np.zeros(len(chosen), dtype=np.float32)
    return np.where(chosen, column(), np.float32(0.0))


def _hand_in_delay_s(scenario: Scenario, demand: Demand, orders: _Columns) -> Floats32:
    delay_s = np.zeros(orders.n, dtype=np.float32)
    for number, name in enumerate(demand.channels):
        channel = scenario.orders.channels.get(name)
        if channel is None or channel.late_submission.share == 0.0:
            continue
        rules = channel.late_submission
        late = (demand.channel == number) & orders.happens(rules.share, "hand-in/late")
        late_s = orders.seconds(rules.delay_h, f"hand-in/delay/{name}", HOUR_S)
        delay_s = np.where(late, late_s, delay_s)
    return delay_s


def _fraud_check_s(scenario: Scenario, orders: _Columns, pays_later: Flags) -> Floats32:
    rules = scenario.payment
    held = orders.happens(rules.fraud_hold_share, "payment/held") & ~pays_later
    return _where(held, lambda: orders.seconds(rules.fraud_check_s, "payment/fraud-check"))


def _pack_factor(scenario: Scenario, orders: _Columns) -> Floats32:
    packing = scenario.packing
    if packing.time_s is not None:
        return orders.seconds(packing.time_s, "packing/order-time")
    if packing.spread_cv == 0.0:
        return np.ones(orders.n, dtype=np.float32)
    law = Gamma(distribution="gamma", mean=1.0, cv=packing.spread_cv)
    return orders.seconds(law, "packing/spread")


def _transit_s(scenario: Scenario, demand: Demand, orders: _Columns) -> Floats32:
    names = list(scenario.shipping.services)
    used = [
        scenario.orders.channels[name].service if name in scenario.orders.channels else names[0]
        for name in demand.channels
    ]
    columns = {
        service: orders.seconds(
            scenario.shipping.services[service].transit_days, f"shipping/transit/{service}", DAY_S
        )
        for service in dict.fromkeys(used)
    }
    if len(columns) == 1:
        return columns[used[0]]
    transit_s = np.zeros(orders.n, dtype=np.float32)
    for number, service in enumerate(used):
        np.copyto(transit_s, columns[service], where=demand.channel == number)
    return transit_s


def _pick_error(scenario: Scenario, lines: _Columns) -> Codes:
    picking = scenario.picking
    if picking.wrong_line_rate == 0.0:
        return np.full(lines.n, PICK_SOUND, dtype=np.int8)
    mix = picking.error_mix
    kinds = np.array(
        [PICK_WRONG_ITEM, PICK_WRONG_QUANTITY, PICK_OMITTED, PICK_DAMAGED], dtype=np.int8
    )
    weights = (mix.wrong_item, mix.wrong_quantity, mix.omitted, mix.damaged)
    wrong = np.flatnonzero(lines.happens(picking.wrong_line_rate, "pick/error"))
    codes = np.full(lines.n, PICK_SOUND, dtype=np.int8)
    codes[wrong] = kinds[choose(weights, lines.uniforms("pick/error-kind")[wrong])]
    return codes


def _drop_out_u(scenario: Scenario, orders: _Columns) -> Floats32:
    """Return a uniform of each order against its customer's drop-out, 1 where nobody does."""
    if scenario.customers.law == "steady":
        return np.broadcast_to(np.float32(1.0), orders.n)
    return orders.uniforms("customers/drop-out")


def _pick_s(scenario: Scenario, demand: Demand, orders: _Columns) -> Floats32:
    """Return the picking seconds of each order where a law gives them, channel by channel."""
    pick_s = orders.seconds(scenario.picking.time_s, "pick/order-time")
    for name, law in scenario.picking.time_s_by_channel.items():
        if name in demand.channels:
            own_s = orders.seconds(law, f"pick/order-time/{name}")
            np.copyto(pick_s, own_s, where=demand.channel == demand.channels.index(name))
    return pick_s


def _scan_finds(scenario: Scenario, lines: _Columns, pick_error: Codes) -> Flags:
    """Tell which lines are picked wrong in a way that the scan can find, and does."""
    scan = scenario.picking.scan
    if scan.of == "nothing":
        return np.broadcast_to(np.False_, lines.n)
    findable = np.isin(pick_error, FOUND_BY_SCAN[scan.of])
    return findable & lines.happens(scan.detects, "pick/scan")


def _among(lines: _Columns, share: float, name: str) -> Floats32:
    """Return uniforms of the lines that something happens to with chance ``share``, 1 elsewhere."""
    if share == 0.0:
        return np.broadcast_to(np.float32(1.0), lines.n)
    uniforms = lines.uniforms(name)
    return np.where(uniforms < share, uniforms / np.float32(share), np.float32(1.0))


def _entry_s(scenario: Scenario, demand: Demand, manual: Flags, orders: _Columns) -> Floats32:
    """Return a clerk's typing of each order, by the channel's law where it has one."""
    entry_s = _where(manual, lambda: orders.seconds(scenario.entry.time_s, "entry/time"))
    for number, name in enumerate(demand.channels):
        channel = scenario.orders.channels.get(name)
        if channel is not None and channel.entry_time_s is not None:
            own_s = orders.seconds(channel.entry_time_s, f"entry/time/{name}")
            np.copyto(entry_s, own_s, where=manual & (demand.channel == number))
    return entry_s


def _wrong_address(scenario: Scenario, demand: Demand, orders: _Columns) -> Flags:
    rates = np.array([error_rates(scenario, name)[2] for name in demand.channels])
    if not rates.any():
        return np.zeros(orders.n, dtype=np.bool_)
    wrong: Flags = orders.uniforms("entry/address") < rates.astype(np.float32)[demand.channel]
    return wrong


def error_rates(scenario: Scenario, channel: str) -> tuple[float, float, float]:
    """Return how often a channel's entry gets SKU, quantity (of lines) and address (orders) wrong.

    A channel that the scenario does not declare is a plain automated one.
    """
    entry, declared = scenario.entry, scenario.orders.channels.get(channel)
    manual = declared is not None and declared.entry == "manual"
    rate = entry.error_rate_per_line if manual else entry.automated_error_rate_per_line
    of_sku = rate * entry.wrong_sku_share
    usual = (of_sku, rate - of_sku, entry.wrong_address_rate if manual else 0.0)
    if declared is None:
        return usual
    own = declared.entry_errors
    rates = (own.wrong_sku_rate, own.wrong_quantity_rate, own.wrong_address_rate)
    return tuple(u if o is None else o for o, u in zip(rates, usual, strict=True))  # type: ignore[return-value]  # three again


def _entry_error(scenario: Scenario, demand: Demand, lines: _Columns) -> Codes:
    codes = np.full(lines.n, ENTRY_SOUND, dtype=np.int8)
    by_channel = np.array([error_rates(scenario, name)[:2] for name in demand.channels])
    if not by_channel.any():
        return codes
    rates = np.minimum(by_channel.sum(axis=1), 1.0).astype(np.float32)
    of_sku = np.divide(
        by_channel[:, 0], by_channel.sum(axis=1), out=np.zeros(len(rates)), where=rates > 0.0
    ).astype(np.float32)
    channel = np.repeat(demand.channel, np.diff(demand.first_line))
    wrong = np.flatnonzero(lines.uniforms("entry/error") < rates[channel])
    other_sku = lines.uniforms("entry/error-kind")[wrong] < of_sku[channel[wrong]]
    codes[wrong] = np.where(other_sku, ENTRY_WRONG_SKU, ENTRY_WRONG_UNITS)
    return codes


class _ReturnsByCategory:
    """Columns of returns for which a category may have a law or a mix of its own.

    A category without one draws from the stream that all share, so that giving one to a category
    moves nobody else's luck.
    """

    def __init__(self, scenario: Scenario, catalogue: Catalogue, demand: Demand) -> None:
        known = scenario.items.categories
        self._names = catalogue.categories
        self._sections = [known.get(name) for name in catalogue.categories]
        self._common = scenario.returns.reasons
        self._category = catalogue.category
        self._sku = demand.sku

    def _lines_of(self, number: int) -> Flags:
        own: Flags = self._category[self._sku] == number
        return own

    def reasons(self, lines: _Columns) -> Codes:
        """Return why a sound line would come back: index into (fit, not as expected, mind)."""
        uniforms = lines.uniforms("return/reason")
        reason = choose(_weights(self._common), uniforms).astype(np.int8)
        for number, section in enumerate(self._sections):
            if section is not None and section.return_reasons is not None:
                own = self._lines_of(number)
                reason[own] = choose(_weights(section.return_reasons), uniforms[own])
        return reason

    def seconds(
        self,
        common: Law,
        own_law: Callable[[Category], Law | None],
        lines: _Columns,
        name: str,
        unit_s: float = 1.0,
    ) -> Floats32:
        """Return values of the law of each line's category, else of the common one."""
        seconds = lines.seconds(common, name, unit_s)
        for number, section in enumerate(self._sections):
            law = None if section is None else own_law(section)
            if law is not None:
                own = lines.seconds(law, f"{name}/{self._names[number]}", unit_s)
                np.copyto(seconds, own, where=self._lines_of(number))
        return seconds


def _weights(mix: ReasonMix) -> tuple[float, float, float]:
    return mix.fit, mix.not_as_expected, mix.changed_mind


def _dropship_wrong(
    scenario: Scenario, catalogue: Catalogue, demand: Demand, lines: _Columns
) -> Flags:
    """Tell which lines a supplier would send wrong; the rate is that of the SKU asked for."""
    rules = scenario.stockouts
    classes = list(rules.by_class.values())
    if all(each.dropship_error_rate is None for each in classes):
        return lines.happens(rules.dropship_error_rate, "dropship/wrong")
    rates = [each.dropship_error_rate for each in classes]
    usual = rules.dropship_error_rate
    table = np.array([*(usual if rate is None else rate for rate in rates), usual])
    of_sku = stockout_class_of_sku(catalogue, classes, scenario.warehouse.abc)
    wrong: Flags = lines.uniforms("dropship/wrong") < table[of_sku[demand.sku]].astype(np.float32)
    return wrong


def _takes_substitute(scenario: Scenario, lines: _Columns) -> Flags:
    if "substitute" not in scenario.stockouts.answers:
        return np.broadcast_to(np.False_, lines.n)
    return lines.happens(scenario.stockouts.substitute_accept_share, "stockout/substitute")


def _reaction(scenario: Scenario, lines: _Columns) -> Codes:
    """Return what the customer of each line does who is shown that it is not in stock."""
    if "ask_customer" not in scenario.stockouts.answers:
        return np.broadcast_to(np.int8(0), lines.n)
    mix = scenario.stockouts.reactions
    weights = (mix.elsewhere, mix.substitute, mix.wait, mix.drop)
    uniforms: npt.NDArray[np.float32] = lines.uniforms("stockout/reaction")
    return choose(weights, uniforms).astype(np.int8)
