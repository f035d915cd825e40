"""The dials of order management: what goes wrong, the remedies, and what must follow.

Sizes are small enough for a test; ``python -m tests.theory.cause_and_effect --replications 20``
plays them longer.
"""

from __future__ import annotations

from tests.theory.cause_and_effect import Dial

SMALL = (
    "orders.per_day=300", "run.warm_up_days=14", "run.horizon_days=14", "run.cool_down_days=1",
    "customers.orders_per_year=24",
)  # fmt: skip
"""Customers who order twice a month, so that four weeks show who stays away."""


def _pick_error(rate: str) -> tuple[str, ...]:
    return (f"picking.error_rate_per_line={rate}",)


DIALS: dict[str, Dial] = {
    "pick error": Dial(
        "baseline",
        {
            "0.1 %": _pick_error("0.001"),
            "0.3 %": _pick_error("0.003"),
            "0.7 %": _pick_error("0.007"),
        },
        rises=("rate_of_return", "refunds_eur", "lost_orders_rate"),
        falls=("picking_accuracy_lines_rate", "perfect_order_rate", "margin_eur"),
        base=SMALL,
        shown=("purchase_frequency_per_year", "repeat_share"),
    ),
}
