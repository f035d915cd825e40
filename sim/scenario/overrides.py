"""How values are laid over each other: a base file, the file itself, its plan, then ``--set``.

Maps merge key by key; lists and single values replace. Nothing (``null``) over a map takes that map
away, so that a scenario can drop an inherited shift. A law of chance that names another
distribution than the one below replaces it whole.
"""

from __future__ import annotations

import re
import types
import typing
from dataclasses import dataclass

from pydantic import BaseModel

from sim.errors import Problem, shown_value
from sim.scenario.yaml_nodes import (
    MapNode,
    Mark,
    Node,
    ScalarNode,
    Source,
    nodes,
    normal_text,
    read_nodes,
    shown_path,
)

LAW_KEY = "distribution"
SET = "--set"
_SEGMENT = re.compile(r'\s*(?:"([^"]+)"|([^".=\s]+))\s*(\.|=|$)')


def merged(below: MapNode, above: MapNode) -> MapNode:
    """Return the map in which ``above`` speaks first and ``below`` where it is silent."""
    tree = MapNode(above.mark, dict(below.values), dict(below.key_marks))
    for key, value in above.values.items():
        lay(tree, key, above.key_marks[key], value, merge=True)
    return tree


def lay(tree: MapNode, key: str, key_mark: Mark, value: Node, *, merge: bool = False) -> None:
    """Put a value over what a map has at a key; with ``merge``, map over map key by key."""
    old = tree.values.get(key)
    if isinstance(old, MapNode):
        if is_null(value):
            del tree.values[key], tree.key_marks[key]
            return
        if merge and isinstance(value, MapNode) and not _other_law(old, value):
            value = merged(old, value)
    tree.put(key, key_mark, value)


def is_null(node: Node | None) -> bool:
    """Tell whether a node says "nothing" (and was not refused)."""
    return isinstance(node, ScalarNode) and node.value is None and not node.refused


def _other_law(old: MapNode, new: MapNode) -> bool:
    was, now = old.values.get(LAW_KEY), new.values.get(LAW_KEY)
    if not isinstance(was, ScalarNode) or not isinstance(now, ScalarNode):
        return False
    return was.value != now.value


def parse_path(text: str) -> tuple[str, ...] | None:
    """Return the keys of a dotted path, or None where it is none.

    >>> parse_path('staff.late.pickers'), parse_path('targets."utilisation.pickers".at_most')
    (('staff', 'late', 'pickers'), ('targets', 'utilisation.pickers', 'at_most'))
    >>> parse_path("staff..late")
    """
    keys, rest = _split(text)
    return keys if rest is None else None


def _split(text: str) -> tuple[tuple[str, ...] | None, str | None]:
    """Return the keys before an equals sign, and what stands after it (None without one)."""
    keys: list[str] = []
    position = 0
    while True:
        match = _SEGMENT.match(text, position)
        if match is None:
            return None, None
        keys.append(normal_text(match[1] or match[2]))
        position = match.end()
        if match[3] == "=":
            return tuple(keys), text[position:]
        if match[3] == "":
            return tuple(keys), None


@dataclass(frozen=True, slots=True)
class Setting:
    """One ``--set key.path=value``."""

    source: Source
    path: tuple[str, ...]
    value: Node


def read_setting(text: str, problems: list[Problem]) -> Setting | None:
    """Return a setting typed by the user, or note why it is none.

    The value is read by the rules of the file: ``[1, 2]`` is a list, ``{a: 1}`` a map,
    ``14:00`` text.
    """
    source = Source(f"{SET} {shown_value(text)[1:-1]}", None)
    mark = Mark(source, 0, 0)
    path, written = _split(text)
    if path is None or written is None:
        problems.append(
            mark.problem(
                "",
                "found no key.path=value",
                "expected key.path=value",
                "for example run.seed=7 or 'staff.late={start: 14:00, end: 22:00, pickers: 9}'",
            )
        )
        return None
    own: list[Problem] = []
    value = read_nodes(written, source, own)
    shown = shown_path(path)
    if own:
        problems.extend(mark.problem(shown, p.found, p.expected, p.hint) for p in own)
        return None
    if value is None:
        value = ScalarNode(mark, None)
    if isinstance(value, ScalarNode) and _lost_text(written):
        problems.append(
            mark.problem(
                shown,
                f"found {shown_value(written.strip())}, of which YAML drops what follows #",
                "expected text with # in quotes",
            )
        )
        return None
    return Setting(source, path, _moved(value, mark))


def _lost_text(written: str) -> bool:
    return " #" in written and not written.strip().endswith(("'", '"'))


def _moved(node: Node, mark: Mark) -> Node:
    """Return the tree as written at one place: columns of a command line help nobody."""
    if isinstance(node, MapNode):
        tree = MapNode(mark)
        for key, value in node.values.items():
            tree.put(key, mark, _moved(value, mark))
        return tree
    if isinstance(node, ScalarNode):
        return ScalarNode(mark, node.value, written=node.written)
    return type(node)(mark, [_moved(item, mark) for item in node.items])


def replace_at(
    root: MapNode,
    path: tuple[str, ...],
    value: Node,
    mark: Mark,
    model: type[BaseModel],
    problems: list[Problem],
) -> None:
    """Replace the whole value at a key path.

    Where a map on the way is not written anywhere, the model's default is filled in first, so that
    ``staff.late.pickers=9`` changes one number of the default staff.
    """
    tree = root
    kind: object = model
    for depth, key in enumerate(path[:-1]):
        below = tree.values.get(key)
        if below is None or is_null(below):
            below = _default(kind, key, mark)
            tree.put(key, mark, below)
        if not isinstance(below, MapNode):
            if not (isinstance(below, ScalarNode) and below.refused):
                problems.append(
                    mark.problem(
                        shown_path(path),
                        f"found that {shown_path(path[: depth + 1])} is no map",
                        "expected the path of a value",
                        "lists are set whole" if not isinstance(below, ScalarNode) else "",
                    )
                )
            return
        copy = MapNode(below.mark, dict(below.values), dict(below.key_marks))
        tree.put(key, tree.key_marks[key], copy)
        tree, kind = copy, _kind_below(kind, key)
    lay(tree, path[-1], mark, value)


def _default(kind: object, key: str, mark: Mark) -> Node:
    """Return what the model has at a key where nothing is written; else an empty map."""
    here = Mark(Source(mark.source.name, None, given=False), 0, 0)
    if isinstance(kind, type) and issubclass(kind, BaseModel) and key in kind.model_fields:
        value = kind.model_fields[key].get_default(call_default_factory=True)
        if isinstance(value, BaseModel):
            return MapNode(here) if _says_nothing(value) else nodes(_dumped(value), here)
        if isinstance(value, dict):
            return nodes({k: _dumped(v) for k, v in value.items()}, here)
        if value is not None:
            return nodes(value, here)
    return MapNode(here)


def _says_nothing(section: BaseModel) -> bool:
    """Tell whether an empty map means the same as a default section."""
    required = any(each.is_required() for each in type(section).model_fields.values())
    return not required and section == type(section)()


def _dumped(value: object) -> object:
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else value


def _kind_below(kind: object, key: str) -> object:
    """Return the type of what a model or a map has at a key, None where it is unknown."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        found = kind.model_fields.get(key)
        return _bare(found.annotation) if found else None
    if typing.get_origin(kind) is dict:
        return _bare(typing.get_args(kind)[1])
    return None


def _bare(annotation: object) -> object:
    """Return a type without ``Annotated`` and without ``| None``."""
    if typing.get_origin(annotation) is typing.Annotated:
        return _bare(typing.get_args(annotation)[0])
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        kinds = [kind for kind in typing.get_args(annotation) if kind is not type(None)]
        return _bare(kinds[0]) if len(kinds) == 1 else None
    return annotation
