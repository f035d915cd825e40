"""Rules on returns: a key that would have no effect is not passed over in silence."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.checks.finding import Finding
from sim.scenario.schema import Scenario
from sim.scenario.schema.after_sales import ReasonMix, ReturnsSection

NEEDS: dict[str, tuple[str, ...]] = {
    "authorisation: clerk": ("authorised_by", "authorise_s", "refuse_share"),
    "never_sent_share above 0": ("label_valid_days",),
    "refund_when: scan": ("scan_after_share",),
    "refund_when: inspection": ("deduction_share",),
    "exchange_share above 0": ("exchange_when",),
    "restock: cart": ("restock_cart_units", "restock_round_at"),
    "refurbish_share above 0": (
        *("refurbish_days", "refurbish_s", "refurbish_material_eur", "refurbished_to"),
    ),
    "refurbished_to: second_hand": ("second_hand_share",),
}
"""What must be the case for some keys of ``returns`` to have an effect."""


def _holds(returns: ReturnsSection, condition: str) -> bool:
    key, _, value = condition.partition(": ")
    if value:
        return bool(getattr(returns, key) == value)
    return bool(getattr(returns, condition.removesuffix(" above 0")) > 0.0)


def check_returns(scenario: Scenario) -> Iterator[Finding]:
    """Keys of what is not done stay as they are; reasons have a weight."""
    returns, usual = scenario.returns, ReturnsSection()
    for condition, keys in NEEDS.items():
        if _holds(returns, condition):
            continue
        for key in keys:
            if getattr(returns, key) != getattr(usual, key):
                yield (
                    f"returns.{key}",
                    "a value that has no effect",
                    f"it only with returns.{condition}",
                    "leave it out, or set both",
                )
    mixes: dict[str, ReasonMix | None] = {"returns.reasons": returns.reasons}
    for name, category in scenario.items.categories.items():
        mixes[f"items.categories.{name}.return_reasons"] = category.return_reasons
    for path, mix in mixes.items():
        if mix is not None and not (mix.fit or mix.not_as_expected or mix.changed_mind):
            yield path, "all weights are 0", "at least one weight above 0", ""
