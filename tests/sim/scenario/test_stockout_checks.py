"""Rules on stockouts: each is broken once, and says so at its key."""

from __future__ import annotations

from typing import Any

import pytest

from sim.scenario import checks
from sim.scenario.schema import Scenario

NOBODY_WAITS = {"stockouts": {"answer": "dropship"}}
BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"stockouts": {"otherwise": "dropship"}}, "stockouts.otherwise"),
    ({"stockouts": {"substitute_accept_share": 0.3}}, "stockouts.substitute_accept_share"),
    ({"stockouts": {"reactions": {"wait": 1.0}}}, "stockouts.reactions"),
    (
        {
            "stockouts": {
                "answer": "ask_customer",
                "reactions": dict.fromkeys(("elsewhere", "substitute", "wait", "drop"), 0.0),
            }
        },
        "stockouts.reactions",
    ),
    ({"stockouts": {"by_class": {"all": {"answer": "dropship"}}}}, "stockouts.by_class.all"),
    (
        {"stockouts": {"by_class": {"all": {"categories": ["generl"], "answer": "dropship"}}}},
        "stockouts.by_class.all.categories",
    ),
    (
        {
            "orders": {"source": "history"},
            "stockouts": {"by_class": {"all": {"categories": ["generl"], "answer": "dropship"}}},
        },
        "stockouts.by_class.all.categories",
    ),
    ({"stockouts": {"by_class": {"best": {"abc": ["A"]}}}}, "stockouts.by_class.best"),
    ({"stockouts": {"cancel_on_slip_share": 0.1}}, "stockouts.cancel_on_slip_share"),
    ({**NOBODY_WAITS, "allocation": {"rule": "priority"}}, "allocation.rule"),
    ({**NOBODY_WAITS, "allocation": {"no_overtaking": True}}, "allocation.no_overtaking"),
    ({"stockouts": {"answer": "dropship", "repromise": True}}, "stockouts.repromise"),
    ({"stock": {"unlimited": True}, "allocation": {"rule": "fair_share"}}, "allocation.rule"),
]
SOUND: list[dict[str, Any]] = [
    {"stockouts": {"answer": "substitute", "otherwise": "dropship"}},
    {"stockouts": {"by_class": {"best": {"abc": ["A"], "answer": "ask_customer"}},
                   "reactions": {"wait": 1.0}}},
    {"stockouts": {"answer": "turn_away",
                   "by_class": {"rest": {"abc": ["C"], "answer": "backorder"}},
                   "repromise": True, "cancel_on_slip_share": 0.1},
     "allocation": {"rule": "fair_share", "no_overtaking": True}},
    {"stockouts": {"answer": "ask_customer", "otherwise": "turn_away", "repromise": True}},
]  # fmt: skip


def paths_found(sections: dict[str, Any]) -> list[str]:
    """Return the keys at which rules find something."""
    scenario = Scenario.model_validate({"name": "s", **sections})
    return [path for path, *_ in checks.run_checks(scenario)]


@pytest.mark.parametrize(("sections", "path"), BROKEN)
def test_a_broken_rule_is_found_at_its_key(sections: dict[str, Any], path: str) -> None:
    """Exactly one finding, where the planner has to mend it."""
    assert paths_found(sections) == [path]


@pytest.mark.parametrize(
    ("category", "hint"),
    [("generl", "did you mean general"), ("toys", "there are general, apparel, glass")],
)
def test_an_unknown_category_is_told_the_known_ones(category: str, hint: str) -> None:
    """The nearest one, or all of them if none is near."""
    named = {"toys": {"categories": [category], "answer": "dropship"}}
    categories = {name: {"share": 1 / 3} for name in ("general", "apparel", "glass")}
    sections = {"stockouts": {"by_class": named}, "items": {"categories": categories}}
    (finding,) = checks.run_checks(Scenario.model_validate({"name": "s", **sections}))
    assert finding[3] == hint


@pytest.mark.parametrize("sections", SOUND)
def test_what_belongs_together_is_sound(sections: dict[str, Any]) -> None:
    """Nothing is found in plans that make sense."""
    assert paths_found(sections) == []
