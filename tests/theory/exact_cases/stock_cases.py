"""Cases of kind ``inventory``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.theory.exact_cases import periodic_stock, stock
from tests.theory.exact_cases.case import Case, chosen
from tests.theory.exact_cases.laws import Law, deterministic, exponential, gamma, lognormal

USUAL = "review-receive-demand-cost"


def cases() -> Iterator[Case]:
    """Yield the cases."""
    yield from _base_stock()
    yield from _base_stock_lost()
    yield from _batches()
    yield from _fixed_quantity()
    yield from _fixed_quantity_lost()
    yield from _by_period()
    yield from _all_the_time()
    yield from _lost_by_period()


def item(
    policy: Mapping[str, Any], demand: Mapping[str, Any], lead: Law, stockout: str, **more: Any
) -> dict[str, Any]:
    """Return the params of one item."""
    return {
        **policy,
        "demand": dict(demand),
        "lead_time": lead,
        "stockout": stockout,
        **more,
    }


def continuous(rate: float) -> dict[str, Any]:
    """Return Poisson demand of single units."""
    return {"type": "poisson", "rate": rate}


def _case(
    title: str,
    params: Mapping[str, Any],
    answers: Mapping[str, float],
    formula: str,
    source: str,
    warmup: float = 100.0,
    width: float = 0.03,
    time_unit: str = "day",
) -> Case:
    narrow = {"order_rate": 0.01, "fill_rate": 0.01, "on_hand": 0.02, "cost_rate": 0.02}
    return Case(
        "inventory",
        title,
        params,
        answers,
        formula,
        source,
        time_unit=time_unit,
        warmup=warmup,
        width=width,
        widths={metric: narrow[metric] for metric in answers if metric in narrow},
    )


def _base_stock() -> Iterator[Case]:
    costs = {"holding": 0.5, "backorder": 9.0, "fixed_order": 1.0}
    for top, rate, lead, late in (
        (6, 3.0, deterministic(1.5), (0.25, 0.75)),
        (0, 0.8, deterministic(2.0), ()),
        (4, 2.0, exponential(1.5), (0.5,)),
        (7, 5.0, lognormal(1.2, 1.1), (0.2,)),
    ):
        crossing = {} if lead["type"] == "deterministic" else {"orders_may_cross": True}
        metrics = ["backorders", "customer_wait", *(f"p_customer_wait_gt:{x:g}" for x in late)]
        if top:
            metrics += ["on_hand", "fill_rate", "order_rate", "cost_rate"]
        yield _case(
            f"Base stock {top}, backorders, {lead['type']} lead time",
            item(
                {"policy": "base_stock", "S": top, "review": "continuous"},
                continuous(rate),
                lead,
                "backorder",
                **crossing,
                costs=costs,
            ),
            chosen(stock.base_stock(top, rate, lead, costs, late), *metrics),
            "on order ~ Poisson(lam E[L]); a wait > x: S or more of those on order still to come "
            "then, less what was ordered later and came",
            "computed (Palm 1938)",
            width=0.04,
        )


def _base_stock_lost() -> Iterator[Case]:
    costs = {"holding": 0.2, "fixed_order": 2.0}
    for top, rate, lead in (
        (5, 6.0, exponential(0.6)),
        (12, 4.0, gamma(2.5, 0.5)),
        (3, 1.0, lognormal(2.0, 1.5)),
    ):
        yield _case(
            f"Base stock {top}, lost sales, {lead['type']} lead time",
            item(
                {"policy": "base_stock", "S": top, "review": "continuous"},
                continuous(rate),
                lead,
                "lost",
                orders_may_cross=True,
                costs=costs,
            ),
            chosen(
                stock.base_stock_lost(top, rate, lead, costs),
                "fill_rate",
                "lost_rate",
                "on_hand",
                "order_rate",
                "cost_rate",
            ),
            "lost share = Erlang B(S, lam E[L]), whatever the law; on hand = S - lam E[L] (1 - B)",
            "computed (Erlang recursion)",
        )


def _batches() -> Iterator[Case]:
    costs = {"holding": 1.0, "backorder": 6.0}
    for top, rate, pmf, lead in (
        (12, 2.0, {1: 0.5, 2: 0.3, 5: 0.2}, 2.0),
        (8, 1.5, {3: 1.0}, 1.0),
    ):
        yield _case(
            f"Base stock {top}, backorders, demand in batches",
            item(
                {"policy": "base_stock", "S": top, "review": "continuous"},
                {
                    "type": "poisson_batch",
                    "rate": rate,
                    "batch_pmf": {str(size): share for size, share in pmf.items()},
                },
                deterministic(lead),
                "backorder",
                costs=costs,
            ),
            chosen(
                stock.base_stock_batches(top, rate, pmf, lead, costs),
                "on_hand",
                "backorders",
                "fill_rate",
                "customer_wait",
                "cost_rate",
            ),
            "on order ~ compound Poisson of a lead time; a batch takes what is there, its rest "
            "waits; per unit",
            "computed (Panjer recursion)",
            width=0.04,
        )


def _fixed_quantity() -> Iterator[Case]:
    costs = {"holding": 0.4, "backorder": 7.0, "fixed_order": 12.0}
    for point, quantity, rate, lead, late in (
        (9, 15, 5.0, 2.0, (0.5,)),
        (-3, 12, 4.0, 0.5, (0.25,)),
        (3, 1, 2.0, 1.5, ()),
        (30, 10, 8.0, 3.5, (0.25,)),
    ):
        yield _case(
            f"(r,Q) = ({point},{quantity}), backorders, constant lead time",
            item(
                {"policy": "rQ", "r": point, "Q": quantity, "review": "continuous"},
                continuous(rate),
                deterministic(lead),
                "backorder",
                costs=costs,
            ),
            chosen(
                stock.fixed_quantity(point, quantity, rate, lead, costs, late),
                "cost_rate",
                "on_hand",
                "backorders",
                "fill_rate",
                "order_rate",
                "customer_wait",
                *(f"p_customer_wait_gt:{x:g}" for x in late),
            ),
            "IP uniform on r+1..r+Q; IL = IP - Poisson(lam L); wait > x: IP - Poisson(lam (L - x)) "
            "<= 0",
            "computed (Hadley & Whitin 1963)",
            width=0.04,
        )
    yield _case(
        "(r,Q) = (5,8), backorders, independent exponential lead times",
        item(
            {"policy": "rQ", "r": 5, "Q": 8, "review": "continuous"},
            continuous(4.0),
            exponential(2.0),
            "backorder",
            orders_may_cross=True,
            costs=costs,
        ),
        chosen(
            stock.fixed_quantity_crossing(5, 8, 4.0, 2.0, costs),
            "cost_rate",
            "on_hand",
            "backorders",
            "fill_rate",
            "order_rate",
            "customer_wait",
        ),
        "chain of the position and the orders out",
        "computed (Markov chain)",
        width=0.04,
    )


def _fixed_quantity_lost() -> Iterator[Case]:
    costs = {"holding": 0.3, "fixed_order": 10.0}
    for point, quantity, rate, lead in (
        (8, 20, 5.0, deterministic(1.5)),
        (6, 15, 4.0, exponential(1.2)),
        (10, 6, 3.0, deterministic(2.0)),
        (7, 7, 3.0, gamma(2.0, 0.5)),
    ):
        yield _case(
            f"(r,Q) = ({point},{quantity}), lost sales, one order out, {lead['type']} lead time",
            item(
                {"policy": "rQ", "r": point, "Q": quantity, "review": "continuous"},
                continuous(rate),
                lead,
                "lost",
                max_outstanding=1,
                costs=costs,
            ),
            chosen(
                stock.fixed_quantity_lost(point, quantity, rate, lead, costs),
                "fill_rate",
                "lost_rate",
                "on_hand",
                "order_rate",
                "cost_rate",
            ),
            "renewal: from order to order, by what is held when it goes out",
            "computed (Hadley & Whitin 1963, any lead time)",
        )
    yield _case(
        "(r,Q) = (7,4), lost sales, independent exponential lead times",
        item(
            {"policy": "rQ", "r": 7, "Q": 4, "review": "continuous"},
            continuous(3.0),
            exponential(2.0),
            "lost",
            orders_may_cross=True,
        ),
        chosen(
            stock.fixed_quantity_lost_crossing(7, 4, 3.0, 2.0),
            "fill_rate",
            "lost_rate",
            "on_hand",
            "order_rate",
        ),
        "chain of what is held and the orders out",
        "computed (Markov chain)",
    )


def review(low: int, top: int, period: float = 1.0) -> dict[str, Any]:
    """Return the policy of a case of periodic review."""
    return {"policy": "sS", "s": low, "S": top, "review": "periodic", "period": period}


def _by_period() -> Iterator[Case]:
    for low, top, mean, lead, costs, sequence in (
        (11, 22, 5.0, 2, {"holding": 1.0, "backorder": 9.0, "fixed_order": 24.0}, USUAL),
        (3, 12, 2.5, 1, {"holding": 0.5, "backorder": 4.0, "fixed_order": 10.0}, USUAL),
        (6, 7, 4.0, 0, {"holding": 1.0, "backorder": 10.0}, USUAL),
        (
            10,
            18,
            4.0,
            1,
            {"holding": 1.0, "backorder": 6.0, "fixed_order": 9.0},
            "receive-demand-review-cost",
        ),
        (
            8,
            20,
            6.0,
            0,
            {"holding": 1.0, "backorder": 5.0, "fixed_order": 15.0},
            "demand-review-receive-cost",
        ),
    ):
        metrics = ["cost_rate", "order_rate", "fill_rate"]
        if sequence == USUAL:
            metrics += ["on_hand", "backorders"]
        yield _case(
            f"(s,S) = ({low},{top}), a period's demand at once, lead time {lead}",
            item(
                review(low, top, 1),
                {"type": "poisson_per_period", "mean": mean},
                deterministic(lead),
                "backorder",
                costs=costs,
                sequence=sequence,
            ),
            chosen(periodic_stock.by_period(low, top, mean, lead, costs, sequence), *metrics),
            "chain of the position behind reviews; level = position - demand until the costs",
            "computed (Veinott & Wagner 1965; Zheng & Federgruen 1991)",
            width=0.05,
        )


def _all_the_time() -> Iterator[Case]:
    for low, top, rate, period, lead in (
        (20, 40, 5.0, 1.0, 3.0),
        (8, 21, 3.0, 2.0, 1.5),
        (14, 15, 2.0, 1.0, 5.0),
    ):
        yield _case(
            f"(s,S) = ({low},{top}), review every {period:g} days, demand all the time",
            item(review(low, top, period), continuous(rate), deterministic(lead), "backorder"),
            chosen(
                periodic_stock.all_the_time(low, top, rate, period, lead),
                "on_hand",
                "backorders",
                "fill_rate",
                "order_rate",
                "customer_wait",
            ),
            "level = position behind a review - demand since, averaged over L .. L + period",
            "computed (Hadley & Whitin 1963)",
            width=0.05,
        )


def _lost_by_period() -> Iterator[Case]:
    costs = {"holding": 1.0, "fixed_order": 8.0}
    for low, top, mean, lead in ((4, 12, 5.0, 0), (9, 18, 4.0, 1), (12, 16, 3.0, 2)):
        yield _case(
            f"(s,S) = ({low},{top}), lost sales, a period's demand at once, lead time {lead}",
            item(
                review(low, top, 1),
                {"type": "poisson_per_period", "mean": mean},
                deterministic(lead),
                "lost",
                costs=costs,
                sequence=USUAL,
            ),
            chosen(
                periodic_stock.lost_by_period(low, top, mean, lead, costs),
                "fill_rate",
                "lost_rate",
                "order_rate",
                "cost_rate",
                "on_hand",
            ),
            "chain of what is held and on its way before reviews",
            "computed (Markov chain)",
            width=0.05,
        )
