"""How values are laid over each other."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field

from sim.errors import Problem
from sim.scenario.overrides import merged, parse_path, read_setting, replace_at
from sim.scenario.yaml_nodes import MapNode, Mark, Source, nodes, plain, read_nodes

SOURCE = Source("scenario.yaml", None)
MARK = Mark(SOURCE, 0, 0)


def tree(text: str) -> MapNode:
    """Return the tree of a text."""
    root = read_nodes(text, SOURCE, [])
    assert isinstance(root, MapNode)
    return root


class Gamma(BaseModel):
    """A law with two numbers."""

    distribution: Literal["gamma"]
    mean: float
    cv: float


class Exponential(BaseModel):
    """A law with one number."""

    distribution: Literal["exponential"]
    mean: float


class Shift(BaseModel):
    """Some people."""

    pickers: int = 0
    breaks: dict[str, int] = {"meal": 30}


class House(BaseModel):
    """Sections with defaults of all kinds."""

    time_s: Annotated[Gamma | Exponential, Field(discriminator="distribution")] = Field(
        default_factory=lambda: Gamma(distribution="gamma", mean=10.0, cv=0.5)
    )
    staff: dict[str, Shift] = Field(
        default_factory=lambda: {"early": Shift(pickers=6), "late": Shift(pickers=5)}
    )
    night: Shift = Shift()
    crew: Shift = Shift(pickers=3)
    profile: list[int] = [1, 2]
    spare: Shift | None = None


def after(text: str, *settings: str) -> tuple[object, list[Problem]]:
    """Return the data of a text after settings were laid over it, and their problems."""
    root = tree(text)
    problems: list[Problem] = []
    for each in settings:
        setting = read_setting(each, problems)
        if setting is not None:
            mark = Mark(setting.source, 0, 0)
            replace_at(root, setting.path, setting.value, mark, House, problems)
    return plain(root), problems


@pytest.mark.parametrize(
    ("below", "above", "result"),
    [
        ("{a: 1, b: 2}", "{b: 3, c: 4}", {"a": 1, "b": 3, "c": 4}),
        ("{a: {x: 1, y: 2}}", "{a: {y: 3}}", {"a": {"x": 1, "y": 3}}),
        ("{a: [1, 2]}", "{a: [3]}", {"a": [3]}),
        ("{a: {x: 1}, b: 2}", "{a: null}", {"b": 2}),  # nothing takes a map away
        ("{a: 1}", "{a: null}", {"a": None}),  # but not a value: the schema decides
        ("{a: {x: 1}}", "{a: 7}", {"a": 7}),
        ("{a: 7}", "{a: {x: 1}}", {"a": {"x": 1}}),
        (
            "{t: {distribution: gamma, mean: 1, cv: 2}}",
            "{t: {distribution: exponential, mean: 3}}",
            {"t": {"distribution": "exponential", "mean": 3}},
        ),
        (
            "{t: {distribution: gamma, mean: 1, cv: 2}}",
            "{t: {distribution: gamma, mean: 3}}",
            {"t": {"distribution": "gamma", "mean": 3, "cv": 2}},
        ),
    ],
)
def test_maps_merge_and_the_rest_replaces(below: str, above: str, result: object) -> None:
    """The upper file speaks first; another law replaces the whole law."""
    base = tree(below)
    before = plain(base)

    assert plain(merged(base, tree(above))) == result
    assert plain(base) == before


def test_a_merged_value_keeps_the_place_where_it_was_written() -> None:
    """The blame goes to the file that wrote the value."""
    other = Source("base.yaml", None)
    base = read_nodes("a: {x: 1, y: 2}", other, [])
    assert isinstance(base, MapNode)

    result = merged(base, tree("a: {y: 3}")).values["a"]

    assert isinstance(result, MapNode)
    assert result.values["x"].mark.source == other
    assert result.values["y"].mark.source == SOURCE


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("a", ("a",)),
        ("staff.late.pickers", ("staff", "late", "pickers")),
        ('targets."utilisation.pickers".at_most', ("targets", "utilisation.pickers", "at_most")),
        (" a . b ", ("a", "b")),
        ("", None),
        (".a", None),
        ("a.", None),
        ("a..b", None),
        ('a."b', None),
        ("a=b", None),
    ],
)
def test_a_path_is_keys_with_dots_between(text: str, keys: tuple[str, ...] | None) -> None:
    """A key that has a dot itself stands in quotes."""
    assert parse_path(text) == keys


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("a=14:00", "14:00"),
        ("a=NO", "NO"),
        ("a=1e3", 1000.0),
        ("a='7'", "7"),
        ("a=[1, x]", [1, "x"]),
        ("a={b: 1}", {"b": 1}),
        ("a=", None),
        ("a=null", None),
        ("a=b=c", "b=c"),
        ("a='x #1'", "x #1"),
    ],
)
def test_a_setting_is_read_by_the_rules_of_the_file(setting: str, value: object) -> None:
    """What may stand in the file may be typed."""
    problems: list[Problem] = []
    read = read_setting(setting, problems)

    assert problems == []
    assert read is not None
    assert plain(read.value) == value
    assert read.path == ("a",)


@pytest.mark.parametrize(
    "setting", ["", "a", "=1", "a.=1", "a=.nan", "a=00123", "a=[1", "a=*x", "a=!t 1", "a=x #1"]
)
def test_a_setting_that_cannot_be_read_is_one_line(setting: str) -> None:
    """The line names the setting as it was typed."""
    problems: list[Problem] = []

    assert read_setting(setting, problems) is None
    assert [problem.file for problem in problems] == [f"--set {setting}"]


def test_a_setting_changes_one_number_of_a_default() -> None:
    """What is written nowhere is filled in first: the other numbers stay the default's."""
    data, problems = after("{}", "staff.late.pickers=9", "time_s.mean=3", "crew.breaks.tea=5")

    assert problems == []
    assert data == {
        "staff": {
            "early": {"pickers": 6, "breaks": {"meal": 30}},
            "late": {"pickers": 9, "breaks": {"meal": 30}},
        },
        "time_s": {"distribution": "gamma", "mean": 3, "cv": 0.5},
        "crew": {"pickers": 3, "breaks": {"meal": 30, "tea": 5}},
    }


def test_a_section_that_is_all_defaults_stays_unwritten() -> None:
    """Only what the planner set is in the tree; the model fills in the rest."""
    assert after("{}", "night.pickers=2")[0] == {"night": {"pickers": 2}}


def test_a_setting_makes_new_maps_where_there_is_no_default() -> None:
    """An unknown path is written down and left to the schema, which knows the suggestion."""
    assert after("{}", "nigth.pickers=2", "spare.pickers=1")[0] == {
        "nigth": {"pickers": 2},
        "spare": {"pickers": 1},
    }


def test_nothing_takes_a_map_away_and_the_last_setting_wins() -> None:
    """A shift can be dropped; a value set twice is the second one."""
    data, problems = after("staff: {a: {}, b: {}}", "staff.a=null", "profile=[1]", "profile=[2]")

    assert problems == []
    assert data == {"staff": {"b": {}}, "profile": [2]}


@pytest.mark.parametrize("setting", ["profile.a=1", "night.pickers.a=1", "profile.a.b=1"])
def test_a_setting_below_a_value_is_refused(setting: str) -> None:
    """Lists are set whole, numbers have nothing inside."""
    _, problems = after("{}", setting)

    assert len(problems) == 1
    assert "is no map" in problems[0].found


def test_a_setting_leaves_the_base_tree_alone() -> None:
    """Maps shared with a base file are copied before they are changed."""
    base = tree("staff: {late: {pickers: 1}}")
    upper = merged(base, tree("{}"))

    replace_at(upper, ("staff", "late", "pickers"), nodes(9, MARK), MARK, House, [])

    assert plain(base) == {"staff": {"late": {"pickers": 1}}}
    assert plain(upper) == {"staff": {"late": {"pickers": 9}}}
