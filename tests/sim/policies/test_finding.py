from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from sim.policies.finding import find_rule, rule_names


class Plain:
    """A built-in rule."""


def installed(monkeypatch: pytest.MonkeyPatch, *points: tuple[str, str]) -> None:
    """Pretend that packages with some entry points are installed."""
    found = [EntryPoint(name, target, "warelab.policies") for name, target in points]
    monkeypatch.setattr("importlib.metadata.entry_points", lambda **_: found)


def test_built_in_rules_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """A package cannot take the name of a built-in rule."""
    installed(monkeypatch, ("boxes.plain", "fractions:Fraction"))

    assert find_rule("boxes", "plain", {"plain": Plain}, {}) is Plain


def test_an_installed_rule_is_found_for_its_decision_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """The entry point ``boxes.x`` is a rule for boxes, and none for routing."""
    installed(monkeypatch, ("boxes.x", "fractions:Fraction"), ("routing.y", "decimal:Decimal"))

    assert find_rule("boxes", "x", {}, {}).__name__ == "Fraction"
    assert rule_names("boxes", {"plain": Plain}, {"z": "a:B"}) == ["plain", "z", "x"]
    with pytest.raises(ValueError, match="unknown boxes rule 'y'"):
        find_rule("boxes", "y", {}, {})


def test_the_planners_rule_is_found_in_a_source_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without entry points its name leads to where it stands."""
    installed(monkeypatch)

    assert find_rule("boxes", "z", {}, {"z": "fractions:Fraction"}).__name__ == "Fraction"


@pytest.mark.parametrize(
    ("points", "told"),
    [
        ([("boxes.x", "nowhere:X")], "cannot be loaded"),
        ([("boxes.x", "fractions:Nothing")], "cannot be loaded"),
        ([("boxes.x", "fractions:Fraction"), ("boxes.x", "decimal:Decimal")], "more than once"),
    ],
)
def test_a_rule_that_cannot_be_had_is_told(
    monkeypatch: pytest.MonkeyPatch, points: list[tuple[str, str]], told: str
) -> None:
    """A missing module, a missing class and a name that two packages bring are refused."""
    installed(monkeypatch, *points)

    with pytest.raises(ValueError, match=told):
        find_rule("boxes", "x", {}, {})
