"""Rules on packing: the box rule exists and can use the boxes, the steps are what is worked."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.checks.finding import Finding, added_rules, near
from sim.scenario.schema import Scenario

LONGEST_SIDE_MM = 10_000.0
"""Whole tenths of it multiply to less than 2**53: sums of volumes stay exact."""
BOX_RULES = ("volume", "volume_and_sides", "exact_fit")


def check_box_rule(scenario: Scenario) -> Iterator[Finding]:
    """The box rule exists."""
    rule = scenario.packing.box_rule
    if rule in BOX_RULES:
        return
    known = tuple(dict.fromkeys([*BOX_RULES, *added_rules("boxes")]))
    if rule not in known:
        found, expected = f"{rule!r} is no rule", f"one of {', '.join(known)}"
        yield "packing.box_rule", found, expected, near(rule, known)


def check_boxes(scenario: Scenario) -> Iterator[Finding]:
    """Boxes in which places are searched are of a size that a person could carry."""
    if scenario.packing.box_rule != "exact_fit":
        return
    for name, box in scenario.packing.boxes.items():
        if box.sides_mm[0] > LONGEST_SIDE_MM:
            found = f"a side of {box.sides_mm[0]:g} mm"
            expected = f"at most {LONGEST_SIDE_MM:g} mm with packing.box_rule exact_fit"
            yield f"packing.boxes.{name}", found, expected, "sides are in millimetres"


def check_steps(scenario: Scenario) -> Iterator[Finding]:
    """Steps and a law of the whole packing time do not stand beside each other."""
    packing = scenario.packing
    if packing.steps is not None and packing.time_s is not None:
        yield (
            "packing.steps",
            "steps beside time_s, which takes their place",
            "one of both",
            "set packing.time_s to null, or take the steps away",
        )
