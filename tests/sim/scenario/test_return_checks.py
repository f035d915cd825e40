"""Rules on returns: a key without effect is refused at its place, and so is a mix of nothing."""

from __future__ import annotations

from typing import Any

import pytest

from sim.scenario import checks
from sim.scenario.schema import Scenario

ONE_DAY = {"distribution": "deterministic", "value": 1.0}
NOBODY = {"fit": 0.0, "not_as_expected": 0.0, "changed_mind": 0.0}

WITHOUT_EFFECT: list[tuple[str, Any, dict[str, Any]]] = [
    ("authorised_by", "clerks", {"authorisation": "clerk"}),
    ("authorise_s", ONE_DAY, {"authorisation": "clerk"}),
    ("refuse_share", 0.1, {"authorisation": "clerk"}),
    ("label_valid_days", 30.0, {"never_sent_share": 0.1}),
    ("scan_after_share", 0.2, {"refund_when": "scan"}),
    ("exchange_when", "request", {"exchange_share": 0.1}),
    ("restock_cart_units", 10, {"restock": "cart"}),
    ("restock_round_at", "09:00", {"restock": "cart"}),
    ("refurbish_days", ONE_DAY, {"refurbish_share": 0.1}),
    ("refurbish_s", ONE_DAY, {"refurbish_share": 0.1}),
    ("refurbish_material_eur", 2.0, {"refurbish_share": 0.1}),
    ("refurbished_to", "second_hand", {"refurbish_share": 0.1}),
    (
        "second_hand_share",
        0.3,
        {"refurbish_share": 0.1, "refurbished_to": "second_hand"},
    ),
]


def paths(returns: dict[str, Any], **sections: Any) -> list[str]:
    """Return the keys at which something is found."""
    scenario = Scenario.model_validate({"name": "x", "returns": returns, **sections})
    return [path for path, *_ in checks.run_checks(scenario)]


@pytest.mark.parametrize(("key", "value", "company"), WITHOUT_EFFECT)
def test_a_key_without_effect_is_refused(key: str, value: Any, company: dict[str, Any]) -> None:
    """It is found at its key; in the company that it needs nothing is found."""
    assert paths({key: value}) == [f"returns.{key}"]
    assert paths({key: value, **company}) == []


def test_reasons_need_a_weight() -> None:
    """Of the house and of a category."""
    categories = {"shoes": {"return_reasons": NOBODY}}

    found = paths({"reasons": NOBODY}, items={"categories": categories})

    assert found == ["returns.reasons", "items.categories.shoes.return_reasons"]


def test_who_authorises_is_there() -> None:
    """Without clerks nobody can say yes."""
    shift = {"start": "06:00", "end": "14:00", "returns_clerks": 1}
    shift |= dict.fromkeys(("pickers", "packers", "dispatchers", "receivers"), 1)
    rules = {"authorisation": "clerk", "authorised_by": "clerks"}
    quiet = {
        "payment": {"fraud_hold_share": 0.0},
        "entry": {"automated_error_rate_per_line": 0.0},
        "orders": {"channels": {"web": {}}},
        "staff": {"early": shift},
    }

    assert paths(rules, **quiet) == ["staff"]
    assert paths(rules | {"authorised_by": "returns_clerks"}, **quiet) == []


def test_only_who_has_seen_the_goods_deducts() -> None:
    """A deduction needs an inspection before the refund."""
    assert paths({"deduction_share": 0.2, "refund_when": "request"}) == ["returns.deduction_share"]
    assert paths({"deduction_share": 0.2}) == []
