"""The schema's complaints in the planner's words."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from sim.errors import Problem
from sim.scenario.problems import schema_problems, suggestion, unit_words
from sim.scenario.schema import Scenario
from sim.scenario.yaml_nodes import MapNode, Source, plain, read_nodes

MAIN = Source("peak.yaml", None)


def problems_of(text: str) -> list[Problem]:
    """Return what the schema says to a text."""
    found: list[Problem] = []
    root = read_nodes(text, MAIN, found)
    assert isinstance(root, MapNode)
    with pytest.raises(ValidationError) as error:
        Scenario.model_validate(plain(root))
    return found + schema_problems(error.value.errors(), root, Scenario, MAIN)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "name: x\nstaff: {late: {start: 06:00, end: 14:00, pikers: 4}}\n",
            (
                "peak.yaml:2:42: staff.late.pikers: found the unknown key 'pikers'; expected "
                "one of "
                "days, start, end, breaks, clerks, pickers, packers, dispatchers, receivers, "
                "returns_clerks, replenishers, specialists, new_people, by_day and 1 more; "
                "did you mean pickers"
            ),
        ),
        (
            "name: x\nwarehouse:\n  walk_speed_m_per_s: 0\n",
            (
                "peak.yaml:3:23: warehouse.walk_speed_m_per_s: found 0; expected a number "
                "above 0 and "
                "at most 1e+12 m per s (walking with a cart)"
            ),
        ),
        (
            "name: x\nreturns: {restock_s: true}\n",
            (
                "peak.yaml:2:22: returns.restock_s: found true; expected a number from 0 to "
                "1e+12 s "
                "(returns clerk: put a sound line back on the shelf)"
            ),
        ),
        (
            "name: x\nstockouts: {answer: backordr}\n",
            (
                "peak.yaml:2:21: stockouts.answer: found text 'backordr'; expected one of "
                "backorder, turn_away, dropship, substitute, ask_customer (what is done about a "
                "line); did you mean backorder"
            ),
        ),
        (
            "name: x\npacking: {time_s: {distribution: gama, mean: 3}}\n",
            (
                "peak.yaml:2:34: packing.time_s.distribution: found text 'gama'; expected one of "
                "deterministic, empirical, exponential, gamma, lognormal, uniform; did you "
                "mean gamma"
            ),
        ),
        (
            "name: x\npacking:\n  time_s: {distribution: gamma, mean: 0, cv: 1}\n",
            (
                "peak.yaml:3:39: packing.time_s.mean: found 0; expected a number above 0 and "
                "at most "
                "1e+12 s"
            ),
        ),
    ],
)
def test_a_line_says_where_what_and_how(text: str, line: str) -> None:
    """Place, key path, found, expected with range and unit, hint: all in one line."""
    assert [str(problem) for problem in problems_of(text)] == [line]


@pytest.mark.parametrize(
    ("text", "path", "hint"),
    [
        ("name: x\nseed: 3\n", "seed", "did you mean run.seed"),
        ("name: x\nrun: {seed: '3'}\n", "run.seed", "write it without quotes"),
        ("name: x\nrun: {seed: 3.0}\n", "run.seed", "write 3"),
        ("name: x\nrun: {warm_up_days: 1_0}\n", "run.warm_up_days", "write 10"),
        (
            "name: x\nreturns: {restock_s: 30 s}\n",
            "returns.restock_s",
            "write 30; the key names the unit",
        ),
        ("name: x\npayment: {decline_rate: 2 %}\n", "payment.decline_rate", "write 0.02"),
        ("name: x\ntitle: 7\n", "title", "write it in quotes"),
        ("name: x\nstock: {unlimited: yes}\n", "stock.unlimited", "write true"),
        ("name: x\nrun:\n", "run", "write a value or delete the line"),
        (
            "name: x\npicking: {time_s: 12}\n",
            "picking.time_s",
            "always the same: {distribution: deterministic, value: 12}",
        ),
        (
            "name: x\nshipping: {services: {a: {pickups: 18:00}}}\n",
            "shipping.services.a.pickups",
            "write it as a list: [ … ]",
        ),
    ],
)
def test_a_hint_says_how_to_mend_it(text: str, path: str, hint: str) -> None:
    """The usual slips have their remedy at the end of the line."""
    problems = problems_of(text)

    assert [(problem.path, problem.hint) for problem in problems] == [(path, hint)]


def test_a_missing_key_points_to_its_section() -> None:
    """The place of what is not there is the line of the section that lacks it."""
    problems = problems_of("title: t\nstaff:\n  late:\n    pickers: 3\n")

    assert [(p.path, p.line, p.column) for p in problems] == [
        ("name", 1, 1),
        ("staff.late.start", 3, 3),
        ("staff.late.end", 3, 3),
    ]


def test_a_law_without_a_name_is_missed_by_its_key() -> None:
    """A law's name is a required key like any other."""
    (problem,) = problems_of("name: x\npacking:\n  label_s: {mean: 3}\n")

    assert (problem.path, problem.line) == ("packing.label_s.distribution", 3)
    assert "deterministic" in problem.expected


def test_an_inherited_value_names_its_heir() -> None:
    """The planner sees which file wrote the value and which one inherits it."""
    base = Source("base.yaml", Path())
    root = read_nodes("name: x\nrun: {seed: a}\n", base, [])
    assert isinstance(root, MapNode)
    with pytest.raises(ValidationError) as error:
        Scenario.model_validate(plain(root))

    (problem,) = schema_problems(error.value.errors(), root, Scenario, MAIN)

    assert (problem.file, problem.line) == ("base.yaml", 2)
    assert problem.hint == "inherited by peak.yaml"


def test_a_value_refused_before_is_not_blamed_twice() -> None:
    """NaN is refused by the reader; the schema does not add that nothing stands there."""
    text = "name: x\nrun: {seed: .nan}\nwarehouse: {walk_speed_m_per_s: 0}\n"

    assert [problem.path for problem in problems_of(text)] == [
        "run.seed",
        "warehouse.walk_speed_m_per_s",
    ]


def test_thousands_of_problems_are_all_counted() -> None:
    """Only the first are put into many words, but none is lost."""
    problems = problems_of("name: x\nstock: {" + ", ".join(f"k{i}: 1" for i in range(3000)) + "}\n")

    assert len(problems) == 3000
    assert all(str(problem).isprintable() for problem in problems)


@pytest.mark.parametrize(
    ("path", "unit"),
    [
        (("run", "horizon_days"), "days"),
        (("picking", "take_s_per_unit"), "s per unit"),
        (("shipping", "services", "a", "price_eur_per_kg"), "EUR per kg"),
        (("people", "eur_per_hour", "pickers"), "EUR per hour"),
        (("packing", "label_s", "mean"), "s"),
        (("packing", "label_s", "cv"), ""),
        (("orders", "per_day"), "per day"),
        (("packing", "label_s", "values", 3), "s"),
        (("run", "seed"), ""),
    ],
)
def test_units_come_from_the_key(path: tuple[str | int, ...], unit: str) -> None:
    """The suffix of the key, or of the law's key, is the unit of the number."""
    assert unit_words(path) == unit


def test_suggestions_overlook_case_and_dashes() -> None:
    """What a planner may well have meant is found; what nobody meant is not."""
    assert suggestion("Walk-Speed", ["walk_speed", "x"]) == "did you mean walk_speed"
    assert suggestion("zzz", ["walk_speed"]) == ""
    assert suggestion("a" * 100_000, ["a"]) == ""
