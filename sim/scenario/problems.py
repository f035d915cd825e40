"""The schema's complaints in the planner's words: where, what was found, what is allowed.

Limits, units and lists of allowed words come from the exported JSON Schema, so that a message and
the editor's help always agree.
"""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from sim.errors import Problem, shown_value
from sim.scenario.yaml_nodes import (
    ListNode,
    MapNode,
    Mark,
    Node,
    ScalarNode,
    Source,
    find,
    plain,
    shown_path,
)

WORDED_PROBLEMS = 100
_LISTED_WORDS = 14
_DESCRIPTION_CHARACTERS = 110
_LAW_NUMBERS = ("mean", "value", "low", "high", "values", "mean_extra")
_NO_UNIT = ("cv", "weights", "max", "share")
_UNITS = {
    "s": "s", "min": "min", "minutes": "minutes", "h": "h", "hour": "hour", "hours": "hours",
    "day": "day", "days": "days", "m": "m", "mm": "mm", "g": "g", "kg": "kg", "ml": "ml",
    "l": "litres", "eur": "EUR", "cents": "cents", "mb": "MB", "units": "units",
}  # fmt: skip
_WORD_LIST = re.compile(r"\^\(?((?:\w+\|)+\w+)\)?\$")

Path = tuple[str | int, ...]
Spec = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Spot:
    """A place in the schema: its data path, what is allowed there and in the map around it."""

    path: Path
    spec: Spec
    around: Spec
    is_key: bool


class Words:
    """Says what a model allows at any place.

    Parameters
    ----------
    model
        The model of the file.
    """

    def __init__(self, model: type[BaseModel]) -> None:
        self._schema: Spec = model.model_json_schema()

    def spot(self, location: Sequence[str | int]) -> _Spot:
        """Return the place of an error, without the names of the laws that pydantic mixes in."""
        path: list[str | int] = []
        spec = around = self._open(self._schema)
        is_key = False
        for segment in location:
            if segment == "[key]":
                is_key = True
                continue
            laws = spec.get("discriminator", {}).get("mapping", {})
            if segment in laws:
                spec = self._open({"$ref": laws[segment]})
                continue
            path.append(segment)
            around, spec = spec, self._below(spec, segment)
        return _Spot(tuple(path), spec, around, is_key)

    def _below(self, spec: Spec, segment: str | int) -> Spec:
        if isinstance(segment, int):
            return self._open(spec.get("items", {}))
        if segment in spec.get("properties", {}):
            return self._open(spec["properties"][segment])
        others = spec.get("additionalProperties")
        if isinstance(others, dict):
            return self._open(others)
        for below in spec.get("patternProperties", {}).values():
            return self._open(below)
        return {}

    def _open(self, spec: Spec) -> Spec:
        """Return a part of the schema without references and without "or nothing"."""
        said = {key: spec[key] for key in ("description",) if key in spec}
        if "$ref" in spec:
            target: Any = self._schema
            for part in str(spec["$ref"]).removeprefix("#/").split("/"):
                target = target[part]
            return {**self._open(target), **said}
        options = [option for option in spec.get("anyOf", ()) if option.get("type") != "null"]
        if options and len(options) < len(spec["anyOf"]):
            opened = self._open(options[0]) if len(options) == 1 else {"anyOf": options}
            return {**opened, **said, "nullable": True}
        return spec

    def sections_with(self, key: str) -> list[str]:
        """Return the top-level sections that have a key."""
        sections = self._schema.get("properties", {})
        return [
            name for name, spec in sections.items() if key in self._open(spec).get("properties", {})
        ]

    def allowed(self, spec: Spec, path: Path) -> str:
        """Return what is allowed at a place: kind, range, unit and the schema's description."""
        words = self._kind(spec, path)
        if spec.get("nullable"):
            words += " or nothing"
        return words + _described(spec)

    def _kind(self, spec: Spec, path: Path) -> str:
        kind = spec.get("type")
        if "discriminator" in spec:
            tag = spec["discriminator"]["propertyName"]
            names = _listed(spec["discriminator"]["mapping"])
            return f"a law {{{tag}: …}}{_unit_of(path, ' in ')}, one of {names}"
        if "const" in spec:
            return shown_value(spec["const"])
        choices = choices_of(spec)
        if choices:
            return f"one of {_listed(choices)}"
        if kind in ("number", "integer"):
            noun = "a number" if kind == "number" else "a whole number"
            return noun + _range(spec) + _unit_of(path, " ")
        if kind == "boolean":
            return "true or false"
        if kind == "array":
            items = self._open(spec.get("items", {}))
            return f"a list{_size(spec, 'Items')} with {self._kind(items, path)} in each place"
        if kind == "object":
            return self._map_kind(spec)
        return _text_kind(spec)

    def _map_kind(self, spec: Spec) -> str:
        if spec.get("properties"):
            return f"a map with keys such as {_listed(spec['properties'], 5)}"
        low = spec.get("minProperties")
        return (
            f"a map with at least {low} named entr{'y' if low == 1 else 'ies'}" if low else "a map"
        )


@functools.cache
def words_for(model: type[BaseModel]) -> Words:
    """Return the words for a model; its schema is exported once."""
    return Words(model)


def choices_of(spec: Spec) -> list[str]:
    """Return the words allowed at a place where only some words are."""
    if "enum" in spec:
        return [str(word) for word in spec["enum"]]
    match = _WORD_LIST.fullmatch(str(spec.get("pattern", "")))
    return match[1].split("|") if match else []


def _listed(words: Iterable[str], limit: int = _LISTED_WORDS) -> str:
    listed = list(words)
    more = f" and {len(listed) - limit} more" if len(listed) > limit else ""
    return ", ".join(listed[:limit]) + more


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.12g}"


def _range(spec: Spec) -> str:
    low, above = spec.get("minimum"), spec.get("exclusiveMinimum")
    high, below = spec.get("maximum"), spec.get("exclusiveMaximum")
    if low is not None and high is not None:
        return f" from {_number(low)} to {_number(high)}"
    parts = []
    if low is not None:
        parts.append(f"of at least {_number(low)}")
    if above is not None:
        parts.append(f"above {_number(above)}")
    if high is not None:
        parts.append(f"at most {_number(high)}" if parts else f"of at most {_number(high)}")
    if below is not None:
        parts.append(f"below {_number(below)}")
    return (" " + " and ".join(parts)) if parts else ""


def _size(spec: Spec, what: str) -> str:
    low, high = spec.get(f"min{what}"), spec.get(f"max{what}")
    if low is not None and low == high:
        return f" of {low}"
    if low is not None and high is not None:
        return f" of {low} to {high}"
    if low is not None:
        return f" of at least {low}"
    return f" of at most {high}" if high is not None else ""


def _text_kind(spec: Spec) -> str:
    words = "text"
    low, high = spec.get("minLength"), spec.get("maxLength")
    if low is not None and low == high:
        words += f" of {low} character" + ("s" if low != 1 else "")
    elif low is not None or high is not None:
        words += (
            f" of {low or 0} to {high} characters" if high else f" of at least {low} characters"
        )
    if "pattern" in spec:
        words += f" of the form {spec['pattern']}"
    if spec.get("examples"):
        words += f" such as {spec['examples'][0]}"
    return words


def _described(spec: Spec) -> str:
    text = " ".join(str(spec.get("description", "")).split())
    if not text or "properties" in spec:
        return ""
    if len(text) > _DESCRIPTION_CHARACTERS:
        text = text[: _DESCRIPTION_CHARACTERS - 1].rstrip() + "…"
    return f" ({text})"


def _unit_of(path: Path, before: str) -> str:
    unit = unit_words(path)
    return before + unit if unit else ""


def unit_words(path: Sequence[str | int]) -> str:
    """Return the unit that the key of a place names.

    >>> unit_words(("warehouse", "walk_speed_m_per_s")), unit_words(("packing", "time_s", "mean"))
    ('m per s', 's')
    >>> unit_words(("picking", "search_s", "cv"))
    ''
    """
    keys = [segment for segment in path if isinstance(segment, str)]
    if not keys or keys[-1] in _NO_UNIT:
        return ""
    own = _suffix_unit(keys[-1])
    if own or len(keys) == 1:
        return own
    if keys[-1] in _LAW_NUMBERS or keys[-2].endswith("_per_hour"):
        return _suffix_unit(keys[-2])
    return ""


def _suffix_unit(key: str) -> str:
    parts = key.split("_")
    if len(parts) >= 2 and parts[-2] == "per":
        per = _UNITS.get(parts[-1], parts[-1])
        above = _UNITS.get(parts[-3], "") if len(parts) >= 3 else ""
        return f"{above} per {per}".strip()
    return _UNITS.get(parts[-1], "")


def suggestion(word: object, known: Iterable[str]) -> str:
    """Return "did you mean …" for a word near a known one, else nothing."""
    if not isinstance(word, str) or len(word) > 80:
        return ""
    by_form = {name.lower().replace("-", "_"): name for name in known}
    near = difflib.get_close_matches(word.lower().replace("-", "_"), by_form, n=1)
    return f"did you mean {by_form[near[0]]}" if near else ""


def found_words(node: Node | None) -> str:
    """Return what stands at a place, in words, cut and escaped."""
    if isinstance(node, MapNode):
        return f"found a map with {len(node.values)} key{'s' * (len(node.values) != 1)}"
    if isinstance(node, ListNode):
        return f"found a list with {len(node.items)} entr{'ies' if len(node.items) != 1 else 'y'}"
    if node is None or node.value is None:
        return "found nothing"
    if isinstance(node.value, bool):
        return f"found {str(node.value).lower()}"
    if isinstance(node.value, str):
        return f"found text {shown_value(node.value)}"
    return f"found {shown_value(node.written or node.value).strip(chr(39))}"


def mending(node: Node | None, spec: Spec) -> str:
    """Return how a value of the wrong kind could be meant, else nothing."""
    kind = spec.get("type")
    if not isinstance(node, ScalarNode):
        return ""
    value = node.value
    if value is None:
        return "write a value or delete the line"
    if choices_of(spec):
        return suggestion(value, choices_of(spec))
    if "discriminator" in spec and isinstance(value, (int, float)) and not isinstance(value, bool):
        tag = spec["discriminator"]["propertyName"]
        return f"always the same: {{{tag}: deterministic, value: {value:g}}}"
    if kind in ("number", "integer") and isinstance(value, str):
        return _number_hint(value)
    if kind == "integer" and isinstance(value, float) and value.is_integer():
        return f"write {value:.0f}"
    if kind == "boolean" and isinstance(value, str):
        meant = {"yes": "true", "on": "true", "no": "false", "off": "false"}.get(value.lower(), "")
        return f"write {meant}" if meant else ""
    if kind == "string" and not isinstance(value, str):
        return "write it in quotes"
    if kind == "array":
        return "write it as a list: [ … ]"
    return ""


def _number_hint(text: str) -> str:
    if len(text) > 40:
        return ""
    if re.fullmatch(r"[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?", text):
        return "write it without quotes"
    bare = re.fullmatch(r"([-+]?[0-9][0-9_' ]*(?:\.[0-9]+)?)\s*([A-Za-z%€/]*)", text)
    if bare is None:
        return ""
    number = re.sub(r"[_' ]", "", bare[1])
    if bare[2] == "%":
        return f"write {float(number) / 100:g}"
    return f"write {number}" + ("; the key names the unit" if bare[2] else "")


def schema_problems(
    errors: Sequence[Mapping[str, Any]], root: MapNode, model: type[BaseModel], main: Source
) -> list[Problem]:
    """Return pydantic's errors as problems in the order of the files.

    Parameters
    ----------
    errors
        As given by ``ValidationError.errors()``.
    root
        The merged tree that was validated.
    model
        The model it was validated with.
    main
        The file that was loaded; values of other files are "inherited by" it.
    """
    words = words_for(model)
    placed = []
    for error in errors:
        spot = words.spot(error["loc"])
        if not _refused_before(root, spot.path):
            placed.append((_place(error, spot, root, main), error, spot))
    placed.sort(key=lambda entry: _order(entry[0], main))
    return [
        _worded(mark, error, spot, root, words, main)
        if index < WORDED_PROBLEMS
        else mark.problem(shown_path(spot.path), error["msg"], "")
        for index, (mark, error, spot) in enumerate(placed)
    ]


def _order(mark: Mark, main: Source) -> tuple[int, str, int, int]:
    rank = 0 if mark.source == main else 1 if mark.source.folder is not None else 2
    return (rank, mark.source.name, mark.line, mark.column)


def _refused_before(root: MapNode, path: Path) -> bool:
    nodes_above = (find(root, path[:depth]) for depth in range(1, len(path) + 1))
    return any(isinstance(node, ScalarNode) and node.refused for node in nodes_above)


def place_of(root: MapNode, path: Path, main: Source) -> Mark:
    """Return the place of a value; of a section, or what is not written, its section's key."""
    for depth in range(len(path), 0, -1):
        node = find(root, path[:depth])
        if node is not None:
            written = depth == len(path) and not isinstance(node, MapNode)
            mark = node.mark if written else _section_mark(root, path[:depth], node)
            if mark.source.given:
                return mark
    return Mark(main, 1, 1)


def _section_mark(root: MapNode, path: Path, node: Node) -> Mark:
    holder = find(root, path[:-1])
    last = path[-1]
    if isinstance(holder, MapNode) and isinstance(last, str):
        return holder.key_marks[last]
    return node.mark


def _place(error: Mapping[str, Any], spot: _Spot, root: MapNode, main: Source) -> Mark:
    path = spot.path
    holder = find(root, path[:-1]) if path else None
    if (error["type"] == "extra_forbidden" or spot.is_key) and isinstance(holder, MapNode):
        return holder.key_marks.get(str(path[-1]), holder.mark)
    if error["type"] == "union_tag_invalid":
        tag = spot.spec.get("discriminator", {}).get("propertyName", "")
        return place_of(root, (*path, tag), main)
    node = find(root, path)
    if error["type"] == "union_tag_not_found" and node is not None:
        return _section_mark(root, path, node)
    return place_of(root, path, main)


def _worded(
    mark: Mark, error: Mapping[str, Any], spot: _Spot, root: MapNode, words: Words, main: Source
) -> Problem:
    kind = error["type"]
    path = spot.path
    if kind == "extra_forbidden":
        found, expected, hint = _unknown_key(spot, words)
        if not mark.source.given:
            hint = "left from the default: set the whole map, {…}"
    elif kind == "missing":
        found = "found no such key, but it is required"
        expected, hint = f"expected {words.allowed(spot.spec, path)}", ""
    elif kind in ("union_tag_invalid", "union_tag_not_found"):
        tag = spot.spec["discriminator"]["propertyName"]
        path = (*path, tag)
        names = list(spot.spec["discriminator"]["mapping"])
        node = find(root, path)
        found = found_words(node) if node is not None else "found no such key, but it is required"
        expected = f"expected one of {_listed(names)}"
        hint = suggestion(plain(node), names) if node is not None else ""
    elif spot.is_key:
        key = str(path[-1])
        allowed = dict(spot.around.get("propertyNames", {}))
        choices = choices_of(allowed)
        found = f"found the key {shown_value(key)}"
        expected = f"expected {words.allowed({'type': 'string', **allowed}, ())} as a key"
        hint = suggestion(key, choices)
    else:
        node = find(root, path)
        found, hint = found_words(node), mending(node, spot.spec)
        expected = _expected(error, spot, words)
    return mark.problem(shown_path(path), found, expected, with_heir(hint, mark, main))


def _expected(error: Mapping[str, Any], spot: _Spot, words: Words) -> str:
    if error["type"] in ("value_error", "assertion_error"):
        said = str(error["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")
        return f"expected {said.removeprefix('must be ')}"
    if spot.spec.get("type") or "discriminator" in spot.spec or "enum" in spot.spec:
        return f"expected {words.allowed(spot.spec, spot.path)}"
    return f"expected otherwise: {shown_value(error['msg'])[1:-1]}"


def _unknown_key(spot: _Spot, words: Words) -> tuple[str, str, str]:
    key = str(spot.path[-1])
    known = list(spot.around.get("properties", ()))
    hint = suggestion(key, known)
    if not hint:
        sections = [name for name in words.sections_with(key) if (name,) != spot.path[:-1]]
        hint = f"did you mean {sections[0]}.{key}" if sections else ""
    return f"found the unknown key {shown_value(key)}", f"expected one of {_listed(known)}", hint


def with_heir(hint: str, mark: Mark, main: Source) -> str:
    """Return a hint that also names the file which inherits the value, if another one wrote it."""
    if mark.source == main or mark.source.folder is None:
        return hint
    heir = f"inherited by {main.name}"
    return f"{hint}; {heir}" if hint else heir
