"""A plan file: what the planner decided, in a form that a person reads and a scenario takes.

A scenario names it (``plan: plan.yaml``), and the sections under ``overlay`` stand in place of its
own. Everything else says where the plan comes from and what it promises. The bytes depend on
nothing but the plan; the file appears whole or not at all, and only after it was read back.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from sim.errors import Problem, ScenarioError, shown_value
from sim.scenario.schema import Scenario
from sim.scenario.yaml_nodes import MapNode, Source, decode, plain, read_nodes
from sim.whole_file import write_whole

PLAN_VERSION = 1
_REQUIRED = ("plan_version", "kind", "scenario", "made_by", "figures", "overlay", "lists")
_NOT_OVERLAID = ("schema_version", "name", "title", "extends", "plan")
OVERLAY_SECTIONS = tuple(name for name in Scenario.model_fields if name not in _NOT_OVERLAID)
"""Sections of a scenario that a plan may replace."""


@dataclass(frozen=True)
class Plan:
    """A decision, ready to be written.

    Parameters
    ----------
    kind
        What was planned: "staffing", "routes", …
    scenario
        Name of the scenario it was made for.
    made_by
        The command that made it.
    figures
        What the plan claims, name to number, text or yes and no; units at the end of the name.
    overlay
        Sections of a scenario, or key paths such as ``picking.routing``, with the values that
        stand in place of the scenario's own.
    lists
        Tables that go with the plan (routes, rosters): name to rows, each row name to value.
    """

    kind: str
    scenario: str
    made_by: str
    figures: Mapping[str, Any] = field(default_factory=dict)
    overlay: Mapping[str, Any] = field(default_factory=dict)
    lists: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)


def write_plan(path: str | Path, plan: Plan) -> Path:
    """Write a plan file, whole or not at all, and return its path.

    Raises
    ------
    ScenarioError
        If the overlay is no valid part of a scenario, or the plan could not be read back as it is.
    ValueError
        If a value is no plain number, text, list or mapping.
    OSError
        If the file cannot be written; the old one, if any, is as it was.
    """
    target = Path(path)
    raw = plan_text(plan).encode()
    if _read(raw, Source(str(target), None)) != _as_read(plan):
        raise ValueError(f"{target}: the plan does not come back as it was written")
    write_whole(target, raw)
    return target


def read_plan(path: str | Path) -> Plan:
    """Return the plan in a file.

    Raises
    ------
    ScenarioError
        With every problem found: file, line, column.
    """
    source = Source(str(path), None)
    try:
        raw = Path(path).read_bytes()
    except OSError as error:
        found = f"found {error.strerror or error}"
        problem = Problem(source.name, 0, 0, "", found, "expected a plan file")
        raise ScenarioError([problem]) from None
    return _read(raw, source)


def plan_text(plan: Plan) -> str:
    """Return a plan as YAML 1.2, with a header that says what it is."""
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedSeq
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    def written(value: Any, place: str) -> Any:  # noqa: ANN401
        if isinstance(value, Mapping):
            _check_keys(value, place)
            return {key: written(inner, f"{place}.{key}") for key, inner in value.items()}
        if isinstance(value, (list, tuple)):
            items = CommentedSeq(written(one, f"{place}[{n}]") for n, one in enumerate(value))
            if not any(isinstance(item, (dict, list)) for item in items):
                items.fa.set_flow_style()
            return items
        if isinstance(value, str):
            return DoubleQuotedScalarString(value)
        return _plain_value(value, place)

    body = {
        "plan_version": PLAN_VERSION,
        "kind": plan.kind,
        "scenario": plan.scenario,
        "made_by": plan.made_by,
        "figures": plan.figures,
        "overlay": plan.overlay,
        "lists": plan.lists,
    }
    writer = YAML(typ="rt", pure=True)
    writer.width = 2**31 - 1
    writer.default_flow_style = False
    stream = StringIO()
    writer.dump(written(body, "plan"), stream)
    return _header(plan) + stream.getvalue()


def _header(plan: Plan) -> str:
    lines = (
        f"A {_one_line(plan.kind)} plan for the scenario {_one_line(plan.scenario)}.",
        f"Made by: {_one_line(plan.made_by)}",
        "A scenario takes it with the line  plan: <this file>  : the sections under overlay then",
        "stand in place of its own. Made by a program; to change the plan, change the scenario.",
    )
    return "".join(f"# {line}\n" for line in lines)


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def _check_keys(value: Mapping[Any, Any], place: str) -> None:
    for key in value:
        if type(key) is not str:
            raise ValueError(f"{place}: the key {key!r} is no text")


def _plain_value(value: object, place: str) -> object:
    if value is None or isinstance(value, bool):
        return value
    if type(value) is int:
        return value
    if type(value) is float and math.isfinite(value):
        return value
    raise ValueError(f"{place}: {value!r} is no finite number, text, list or mapping")


def _as_read(plan: Plan) -> Plan:
    def lists(value: Any) -> Any:  # noqa: ANN401
        if isinstance(value, Mapping):
            return {key: lists(inner) for key, inner in value.items()}
        return [lists(inner) for inner in value] if isinstance(value, (list, tuple)) else value

    return Plan(
        plan.kind,
        plan.scenario,
        plan.made_by,
        lists(plan.figures),
        lists(plan.overlay),
        lists(plan.lists),
    )


def _read(raw: bytes, source: Source) -> Plan:
    problems: list[Problem] = []
    text = decode(raw, source, problems)
    root = None if text is None else read_nodes(text, source, problems)
    if problems or not isinstance(root, MapNode):
        if not problems:
            problems = [Problem(source.name, 1, 1, "", "found no mapping", "expected a plan file")]
        raise ScenarioError(problems)
    problems = [*_key_problems(root), *_type_problems(root)]
    if problems:
        raise ScenarioError(problems)
    value = plain(root)
    plan = Plan(*(value[key] for key in _REQUIRED[1:]))
    problems = _overlay_problems(plan, root)
    if problems:
        raise ScenarioError(problems)
    return plan


def _key_problems(root: MapNode) -> list[Problem]:
    import difflib

    problems = []
    for key, mark in root.key_marks.items():
        if key not in _REQUIRED:
            near = difflib.get_close_matches(key[:80], _REQUIRED, n=1)
            hint = f"did you mean {near[0]}" if near else ""
            expected = f"expected one of {', '.join(_REQUIRED)}"
            problems.append(mark.problem("", f"found the key {shown_value(key)}", expected, hint))
    problems += [
        root.mark.problem(key, "found nothing", "expected this key in a plan file")
        for key in _REQUIRED
        if key not in root.values
    ]
    return problems


def _type_problems(root: MapNode) -> list[Problem]:
    kinds: dict[str, tuple[type, str]] = {
        "kind": (str, "a word"),
        "scenario": (str, "the name of a scenario"),
        "made_by": (str, "a command"),
        "figures": (dict, "names with values"),
        "overlay": (dict, "sections of a scenario"),
        "lists": (dict, "names with rows"),
    }
    problems = []
    for key, node in root.values.items():
        value = plain(node)
        if key == "plan_version" and (type(value) is not int or value != PLAN_VERSION):
            found = f"found {shown_value(value)}"
            problems.append(node.mark.problem(key, found, f"expected {PLAN_VERSION}"))
        elif key in kinds and not isinstance(value, kinds[key][0]):
            found = f"found {shown_value(value)}"
            problems.append(node.mark.problem(key, found, f"expected {kinds[key][1]}"))
    return problems


def _overlay_problems(plan: Plan, root: MapNode) -> list[Problem]:
    from pydantic import ValidationError

    overlay = root.values["overlay"]
    assert isinstance(overlay, MapNode)
    problems = [
        mark.problem(
            f"overlay.{key}",
            "found a section that a plan cannot replace",
            f"expected one of {', '.join(OVERLAY_SECTIONS)}",
        )
        for key, mark in overlay.key_marks.items()
        if key.partition(".")[0] not in OVERLAY_SECTIONS
    ]
    if problems:
        return problems
    values: dict[str, Any] = {"name": "plan"}
    for key, value in plan.overlay.items():
        *holders, last = key.split(".")
        inside = values
        for holder in holders:
            inside = inside.setdefault(holder, {})
        inside[last] = value
    try:
        Scenario.model_validate(values)
    except ValidationError as error:
        whole = all("." not in key for key in plan.overlay)
        for fault in error.errors():
            if fault["type"] == "missing" and not whole:
                continue  # a key path may reach into a map whose other keys the scenario has
            place = ".".join(str(step) for step in fault["loc"])
            mark = _mark_of(overlay, fault["loc"])
            found = f"found {shown_value(fault['input'])}"
            problems.append(mark.problem(f"overlay.{place}", found, f"expected: {fault['msg']}"))
    return problems


def _mark_of(node: Any, steps: Sequence[int | str]) -> Any:  # noqa: ANN401
    mark = node.mark
    for step in steps:
        if isinstance(node, MapNode) and step in node.values:
            node = node.values[str(step)]
            mark = node.mark
    return mark
