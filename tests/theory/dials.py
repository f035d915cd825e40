"""The dials of order management: what goes wrong, the remedies, and what must follow.

Sizes are small enough for a test; ``python -m tests.theory.cause_and_effect --replications 20``
plays them longer.
"""

from __future__ import annotations

from tests.theory.cause_and_effect import Dial

DAYS = ("run.warm_up_days=14", "run.horizon_days=14", "run.cool_down_days=1")
OFTEN = ("customers.orders_per_year=24",)
"""Customers who order twice a month, so that four weeks show who stays away."""

SMALL = ("orders.per_day=300", *DAYS, *OFTEN)


def _pick_error(rate: str) -> tuple[str, ...]:
    return (f"picking.error_rate_per_line={rate}",)


def _lag(minutes: int) -> tuple[str, ...]:
    return tuple(f"orders.channels.{name}.sync_min={minutes}" for name in ("web", "marketplace"))


AUTOMATED = tuple(
    setting
    for name in ("phone", "mail", "fax")
    for setting in (
        f"orders.channels.{name}.entry=automated",
        f"orders.channels.{name}.late_submission.share=0",
    )
)

DIALS: dict[str, Dial] = {
    "pick error": Dial(
        "baseline",
        {
            "0.1 %": _pick_error("0.001"),
            "0.3 %": _pick_error("0.003"),
            "0.7 %": _pick_error("0.007"),
        },
        rises=("rate_of_return", "rate_of_return_wrong_item"),
        falls=("picking_accuracy_lines_rate", "perfect_order_rate", "margin_eur"),
        base=SMALL,
        shown=("refunds_eur", "lost_orders_rate", "purchase_frequency_per_year", "repeat_share"),
    ),
    "stock sync": Dial(
        "stale-stock",
        {"live": _lag(0), "15 min": _lag(15), "4 h": _lag(240), "24 h": _lag(1440)},
        rises=("oversale_rate", "orders_cancelled", "lost_margin_eur", "lost_orders_rate"),
        falls=("perfect_order_rate", "margin_eur"),
        base=(*DAYS, *OFTEN),
        shown=("purchase_frequency_per_year", "repeat_share"),
    ),
    "stock sync, backordered": Dial(
        "stale-stock",
        {"live": _lag(0), "15 min": _lag(15), "4 h": _lag(240), "24 h": _lag(1440)},
        rises=("oversold_lines_rate",),
        falls=("sale_promise_kept_rate",),
        base=(*DAYS, *OFTEN, "stockouts.answer=backorder"),
        shown=("promise_kept_rate", "on_time_ship_rate", "lost_orders_rate", "margin_eur"),
    ),
    "order entry": Dial(
        "manual-entry",
        {"manual": (), "automated": AUTOMATED},
        rises=("perfect_order_rate",),
        falls=("order_lead_time_mean_h", "wait_entry_mean_h", "entry_error_lines_rate"),
        base=DAYS,
        shown=("order_lead_time_p95_h", "cost_per_order_eur", "margin_eur", "lost_orders_rate"),
    ),
    "refunds": Dial(
        "fashion-returns",
        {
            "after inspection": ("returns.refund_when=inspection",),
            "at the scan": ("returns.refund_when=scan", "returns.scan_after_share=0.2"),
        },
        falls=("return_to_refund_mean_h",),
        base=("run.horizon_days=14", *OFTEN),
        shown=("lost_orders_rate", "purchase_frequency_per_year", "margin_eur"),
    ),
    "slow movers": Dial(
        "stockouts-backorder",
        {
            "backorder": (),
            **{
                answer: (f"stockouts.by_class={{slow: {{abc: [C], answer: {answer}}}}}",)
                for answer in ("turn_away", "dropship", "substitute")
            },
        },
        falls=("backorder_lines_rate",),
        base=("run.warm_up_days=14", "run.horizon_days=14", *OFTEN),
        shown=(
            *("order_lead_time_mean_h", "promise_kept_rate", "lost_margin_eur", "margin_eur"),
            "lost_orders_rate",
        ),
    ),
}
