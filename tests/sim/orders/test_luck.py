from __future__ import annotations

import math
from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from sim.orders.book import BUYS_ELSEWHERE, DOES_WITHOUT, TAKES_SUBSTITUTE, WAITS, Luck
from sim.orders.generated import generate_demand
from sim.orders.luck import draw_luck
from sim.scenario.schema import Scenario
from sim.warehouse.catalogue import generated_catalogue
from sim.warehouse.demand_classes import abc_of_sku

ALWAYS_3_H = {"distribution": "deterministic", "value": 3.0}
ONLY_FIT = {"fit": 1.0, "not_as_expected": 0.0, "changed_mind": 0.0}
CHANNELS = {
    "web": {"share": 0.5, "service": "fast"},
    "mail": {"share": 0.5, "entry": "manual", "late_submission": {"share": 0.25}},
}
SERVICES = {
    "fast": {"transit_days": {"distribution": "deterministic", "value": 1.0}},
    "standard": {"transit_days": {"distribution": "uniform", "low": 2.0, "high": 3.0}},
}


def luck_of(days: float = 20.0, **sections: Any) -> tuple[Luck, np.ndarray, np.ndarray]:
    """Return luck, channel of each order and channel of each line."""
    run = {"warm_up_days": 0.0, "horizon_days": days, "cool_down_days": 0.0, "seed": 8}
    declared = Scenario.model_validate({"name": "t", "run": run} | sections)
    catalogue = generated_catalogue(declared.items, 8)
    demand = generate_demand(declared, catalogue, 0)
    luck = draw_luck(declared, catalogue, demand, 0)
    return luck, demand.channel, np.repeat(demand.channel, np.diff(demand.first_line))


def near(flags: np.ndarray, share: float) -> bool:
    """Whether flags are true as often as the share says, within 4.5 binomial errors."""
    error = math.sqrt(share * (1.0 - share) / len(flags))
    return bool(abs(flags.mean() - share) < 4.5 * error)


def test_columns_have_their_sizes_and_are_sane() -> None:
    """Order and line columns have the demand's lengths; times are finite and not negative."""
    luck, channel, line_channel = luck_of(1.0)
    names = [column.name for column in fields(luck)]
    of_lines = names[names.index("search_s") :]
    for name in names:
        column = getattr(luck, name)
        assert len(column) == len(line_channel if name in of_lines else channel), name
        assert np.all(np.isfinite(column)), name
        assert column.min() >= 0, name
        if name.endswith(("_s", "_u", "_factor")):
            assert column.dtype == np.float32, name


def test_declined_customers_retry_or_give_up() -> None:
    """With declines d, giving up g and 2 retries the share that pays is a geometric sum.

    pays = (1 - d) (1 + d(1-g) + (d(1-g))^2); each retry waits 3 h, nothing else waits.
    """
    d, g = 0.4, 0.25
    payment = {
        "instant_share": 1.0,
        "decline_rate": d,
        "gives_up_share": g,
        "retries": 2,
        "retry_h": ALWAYS_3_H,
    }
    luck, _, _ = luck_of(payment=payment)
    again = d * (1.0 - g)
    assert near(luck.pays, (1.0 - d) * (1.0 + again + again**2))
    for declines in range(3):
        assert near(luck.pays & (luck.declines == declines), (1.0 - d) * again**declines)
    assert near(luck.declines == 3, again**2 * d)
    assert luck.declines.max() == 3
    retries = luck.declines - np.where(luck.pays, 0, 1)
    assert np.array_equal(luck.payment_delay_s, retries * np.float32(10_800.0))


def test_without_a_decline_everybody_pays_and_some_wait() -> None:
    """With no declines all pay; the share that is not authorised at once waits by its law."""
    payment = {"instant_share": 0.66, "decline_rate": 0.0, "slow_h": ALWAYS_3_H}
    luck, _, _ = luck_of(payment=payment)
    assert luck.pays.all()
    assert not luck.declines.any()
    assert near(luck.payment_delay_s == 10_800.0, 0.34)
    assert np.unique(luck.payment_delay_s).tolist() == [0.0, 10_800.0]


def test_certain_decline_ends_every_order() -> None:
    """If every attempt is declined nobody pays, after retries + 1 declines or earlier."""
    luck, _, _ = luck_of(1.0, payment={"decline_rate": 1.0, "gives_up_share": 0.0, "retries": 0})
    assert not luck.pays.any()
    assert np.all(luck.declines == 1)
    assert not luck.payment_delay_s.any()


def test_only_manual_channels_are_typed_in() -> None:
    """Typing time, wrong addresses and the manual error rate are the manual channel's alone."""
    entry = {
        "error_rate_per_line": 0.1,
        "wrong_sku_share": 0.25,
        "automated_error_rate_per_line": 0.0,
        "wrong_address_rate": 0.2,
    }
    luck, channel, line_channel = luck_of(
        orders={"channels": CHANNELS}, shipping={"services": SERVICES}, entry=entry
    )
    web, mail = channel == 0, channel == 1
    assert not luck.entry_s[web].any()
    assert luck.entry_s[mail].min() > 0.0
    assert not luck.wrong_address[web].any()
    assert near(luck.wrong_address[mail], 0.2)
    assert not luck.entry_error[line_channel == 0].any()
    assert near(luck.entry_error[line_channel == 1] == 1, 0.025)
    assert near(luck.entry_error[line_channel == 1] == 2, 0.075)


def test_a_channel_has_its_own_typing_and_mistakes() -> None:
    """The web gets SKUs, units and addresses wrong at its own rates, the mail as entry says."""
    own = {"wrong_sku_rate": 0.05, "wrong_quantity_rate": 0.1, "wrong_address_rate": 0.2}
    channels = {
        "web": {**CHANNELS["web"], "entry_errors": own},
        "mail": {**CHANNELS["mail"], "entry_time_s": ALWAYS_3_H},
    }
    entry = {"error_rate_per_line": 0.1, "wrong_sku_share": 0.25, "wrong_address_rate": 0.3}
    luck, channel, line_channel = luck_of(
        orders={"channels": channels}, shipping={"services": SERVICES}, entry=entry
    )
    web, mail = line_channel == 0, line_channel == 1

    assert near(luck.entry_error[web] == 1, 0.05)
    assert near(luck.entry_error[web] == 2, 0.1)
    assert near(luck.wrong_address[channel == 0], 0.2)
    assert near(luck.entry_error[mail] == 1, 0.025)
    assert near(luck.entry_error[mail] == 2, 0.075)
    assert near(luck.wrong_address[channel == 1], 0.3)
    assert np.unique(luck.entry_s[channel == 1]).tolist() == [3.0]
    assert not luck.entry_s[channel == 0].any()


def test_own_mistakes_move_nobody_elses() -> None:
    """What one channel gets wrong leaves the mistakes of the other as they were."""
    own = {"wrong_sku_rate": 0.5, "wrong_address_rate": 0.5}
    plain, changed = (
        luck_of(
            2.0,
            orders={"channels": {**CHANNELS, "web": {**CHANNELS["web"], **more}}},
            shipping={"services": SERVICES},
        )
        for more in ({}, {"entry_errors": own})
    )
    (before, channel, line_channel), (after, _, _) = plain, changed

    assert np.array_equal(
        before.entry_error[line_channel == 1], after.entry_error[line_channel == 1]
    )
    assert np.array_equal(before.wrong_address[channel == 1], after.wrong_address[channel == 1])
    assert after.entry_error[line_channel == 0].any()


def test_late_hand_in_and_transit_are_the_channels() -> None:
    """Late hand-in happens in the channel that has it; transit time is that of its service."""
    luck, channel, _ = luck_of(orders={"channels": CHANNELS}, shipping={"services": SERVICES})
    assert not luck.hand_in_delay_s[channel == 0].any()
    assert near(luck.hand_in_delay_s[channel == 1] > 0.0, 0.25)
    assert np.all(luck.transit_s[channel == 0] == 86_400.0)
    slow_days = luck.transit_s[channel == 1] / 86_400.0
    assert abs(slow_days.mean() - 2.5) < 4.5 * math.sqrt(1.0 / 12.0 / len(slow_days))


def test_pick_errors_follow_rate_and_mix() -> None:
    """Each kind of pick error has the rate times its share of the mix."""
    mix = {"wrong_item": 5.0, "wrong_quantity": 3.0, "omitted": 0.0, "damaged": 2.0}
    luck, _, _ = luck_of(picking={"error_rate_per_line": 0.2, "error_mix": mix})
    for code, share in ((0, 0.8), (1, 0.1), (2, 0.06), (4, 0.04)):
        assert near(luck.pick_error == code, share), code
    assert not np.any(luck.pick_error == 3)


def test_a_higher_error_rate_only_adds_errors() -> None:
    """Lines picked wrong at a low rate are picked wrong in the same way at a higher one."""
    low, _, _ = luck_of(picking={"error_rate_per_line": 0.05})
    high, _, _ = luck_of(picking={"error_rate_per_line": 0.15})
    wrong = low.pick_error > 0
    assert np.array_equal(high.pick_error[wrong], low.pick_error[wrong])
    assert (high.pick_error > 0).sum() > wrong.sum()


def test_a_column_that_plays_no_part_moves_no_other() -> None:
    """Switching off pick errors changes the column of pick errors and nothing else."""
    on, _, _ = luck_of(2.0)
    off, _, _ = luck_of(2.0, picking={"error_rate_per_line": 0.0})
    changed = [
        column.name
        for column in fields(on)
        if getattr(on, column.name).tobytes() != getattr(off, column.name).tobytes()
    ]
    assert changed == ["pick_error"]


def test_packing_spread_has_mean_one() -> None:
    """The packing factor has mean 1 and the declared spread; without spread it is 1."""
    luck, _, _ = luck_of(packing={"spread_cv": 0.4})
    n = len(luck.pack_factor)
    assert abs(luck.pack_factor.mean() - 1.0) < 4.5 * 0.4 / math.sqrt(n)
    squares = (luck.pack_factor - 1.0) ** 2
    assert abs(squares.mean() - 0.16) < 4.5 * squares.std() / math.sqrt(n)
    plain, _, _ = luck_of(1.0, packing={"spread_cv": 0.0})
    assert np.all(plain.pack_factor == 1.0)


def test_given_work_times_replace_the_models() -> None:
    """Where packing or picking has a law of its own the column holds its seconds."""
    seconds = {"distribution": "deterministic", "value": 77.0}
    luck, _, _ = luck_of(1.0, packing={"time_s": seconds}, picking={"time_s": seconds})
    assert np.all(luck.pack_factor == 77.0)
    assert np.all(luck.pick_s == 77.0)
    assert not luck_of(1.0)[0].pick_s.any()


@pytest.mark.parametrize(
    ("section", "key", "column"),
    [
        ("entry", "found_at_payment_share", "entry_found"),
        ("follow_up", "share", "followed_up"),
        ("packing", "check_detects", "check_finds"),
        ("returns", "error_claim_share", "claims"),
        ("returns", "restockable_share", "restockable"),
        ("returns", "replace_share", "replaced"),
        ("stockouts", "dropship_error_rate", "dropship_wrong"),
    ],
)
def test_shares_are_kept(section: str, key: str, column: str) -> None:
    """A share of 0 never happens, of 1 always, of 0.3 as often as it says."""
    for share in (0.0, 0.3, 1.0):
        luck, _, _ = luck_of(5.0, **{section: {key: share}})
        flags = getattr(luck, column)
        assert near(flags, share) if share == 0.3 else bool(np.all(flags == bool(share)))


def test_fraud_holds_and_reasons() -> None:
    """The held share needs a check; return reasons follow their weights."""
    reasons = {"fit": 1.0, "not_as_expected": 0.0, "changed_mind": 3.0}
    luck, _, _ = luck_of(payment={"fraud_hold_share": 0.1}, returns={"reasons": reasons})
    assert near(luck.fraud_check_s > 0.0, 0.1)
    assert near(luck.return_reason == 0, 0.25)
    assert not np.any(luck.return_reason == 1)


@pytest.mark.parametrize("key", ["return_lag_days", "return_inspect_s"])
def test_a_category_may_return_in_its_own_way(key: str) -> None:
    """Its own law holds for its lines alone; everybody else's luck stays as it was."""
    column = {"return_lag_days": "return_lag_s", "return_inspect_s": "inspect_s"}[key]
    same: dict[str, Any] = {"categories": {"one": {"share": 0.5}, "two": {"share": 0.5}}}
    own = {**same["categories"]["two"], key: ALWAYS_3_H, "return_reasons": ONLY_FIT}
    other = {"categories": {**same["categories"], "two": own}}

    before, after = luck_of(items=same)[0], luck_of(items=other)[0]

    changed = getattr(before, column) != getattr(after, column)
    assert near(changed, 0.5)
    assert len(set(getattr(after, column)[changed].tolist())) == 1
    assert np.all(after.return_reason[changed] == 0)
    assert np.array_equal(after.return_reason[~changed], before.return_reason[~changed])
    for name in (each.name for each in fields(before)):
        if name not in (column, "return_reason"):
            assert np.array_equal(getattr(before, name), getattr(after, name)), name


def test_part_of_a_line_is_a_share_of_the_lines() -> None:
    """Where only some units come back the uniform is below 1, and is again uniform."""
    luck, _, _ = luck_of(returns={"part_of_line_share": 0.25})

    part = luck.part_u < 1.0
    assert near(part, 0.25)
    assert near(luck.part_u[part] < 0.5, 0.5)
    assert np.all(luck_of()[0].part_u == 1.0)


def test_what_no_answer_needs_is_not_drawn() -> None:
    """Without an offer or a question the columns hold one value, and cost nothing."""
    luck, _, _ = luck_of(1.0)
    assert luck.takes_substitute.strides == luck.reaction.strides == (0,)
    assert len(luck.takes_substitute) == len(luck.reaction) == len(luck.search_s)


def test_reactions_and_offers_follow_their_shares() -> None:
    """Customers react by the declared weights; a new answer moves nobody else's luck."""
    usual, _, _ = luck_of(3.0)
    asked, _, _ = luck_of(3.0, stockouts={"answer": "ask_customer"})
    shares = {BUYS_ELSEWHERE: 0.31, TAKES_SUBSTITUTE: 0.45, WAITS: 0.15, DOES_WITHOUT: 0.09}
    for reaction, share in shares.items():
        assert near(asked.reaction == reaction, share)
    offered, _, _ = luck_of(3.0, stockouts={"answer": "substitute", "substitute_accept_share": 0.3})
    assert near(offered.takes_substitute, 0.3)
    for other in (asked, offered):
        changed = [
            column.name
            for column in fields(usual)
            if getattr(usual, column.name).tobytes() != getattr(other, column.name).tobytes()
        ]
        assert set(changed) <= {"reaction", "takes_substitute"}


def test_suppliers_of_a_class_err_at_their_own_rate() -> None:
    """Half the lines of class A are sent wrong, none of the others."""
    by_class = {"best": {"abc": ["A"], "dropship_error_rate": 0.5}}
    declared = Scenario.model_validate(
        {"name": "t", "stockouts": {"dropship_error_rate": 0.0, "by_class": by_class}}
    )
    catalogue = generated_catalogue(declared.items, 8)
    demand = generate_demand(declared, catalogue, 0)

    wrong = draw_luck(declared, catalogue, demand, 0).dropship_wrong

    abc = declared.warehouse.abc
    best = abc_of_sku(catalogue.popularity, abc.a_share, abc.b_share)[demand.sku] == 0
    assert near(wrong[best], 0.5)
    assert not wrong[~best].any()
