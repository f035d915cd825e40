"""From the bytes of a YAML file to a tree in which every value knows its line and column.

The reader is strict before it is helpful: bytes are counted, must be UTF-8, and are read as YAML
events, so that an alias, a tag or a key written twice is refused before anything is built from it.
Plain words become numbers, true/false or nothing by the rules of YAML 1.2; everything else is text,
so ``14:00``, ``NO`` and ``off`` mean what they say.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.errors import Problem, shown_value

MAX_BYTES = 1_000_000
MAX_NODES = 20_000
MAX_DEPTH = 32
MAX_KEY_CHARACTERS = 1000
INT64 = 2**63

_NULL = {"", "~", "null", "Null", "NULL"}
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Source:
    """Where values are written: a file, or a setting typed on the command line.

    Parameters
    ----------
    name
        As shown to the user.
    folder
        Folder in which paths of this source must stay; None for what the user typed.
    given
        False for a default that was filled in to make room for a setting.
    """

    name: str
    folder: Path | None
    given: bool = True


@dataclass(frozen=True, slots=True)
class Mark:
    """One place in a source; line and column count from 1, both 0 outside files."""

    source: Source
    line: int
    column: int

    def problem(self, path: str, found: str, expected: str, hint: str = "") -> Problem:
        """Return a problem at this place."""
        return Problem(self.source.name, self.line, self.column, path, found, expected, hint)


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """A single value. ``refused`` says that a problem about it has been noted already."""

    mark: Mark
    value: Scalar
    refused: bool = False
    written: str = ""


@dataclass(slots=True)
class ListNode:
    """Values one after the other."""

    mark: Mark
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class MapNode:
    """Values by key; ``key_marks`` holds the place of every key."""

    mark: Mark
    values: dict[str, Node] = field(default_factory=dict)
    key_marks: dict[str, Mark] = field(default_factory=dict)

    def put(self, key: str, key_mark: Mark, value: Node) -> None:
        """Set a key, with the place where it was written."""
        self.values[key] = value
        self.key_marks[key] = key_mark


Node = ScalarNode | ListNode | MapNode


def plain(node: Node) -> Any:
    """Return a tree as dicts, lists and scalars."""
    if isinstance(node, MapNode):
        return {key: plain(value) for key, value in node.values.items()}
    if isinstance(node, ListNode):
        return [plain(item) for item in node.items]
    return node.value


def nodes(value: Any, mark: Mark) -> Node:
    """Return dicts, lists and scalars as a tree that was written at one place."""
    if isinstance(value, dict):
        tree = MapNode(mark)
        for key, item in value.items():
            tree.put(str(key), mark, nodes(item, mark))
        return tree
    if isinstance(value, (list, tuple)):
        return ListNode(mark, [nodes(item, mark) for item in value])
    return ScalarNode(mark, value)


def find(root: Node, path: Sequence[str | int]) -> Node | None:
    """Return the node at a key path, or None where the tree does not reach."""
    node: Node | None = root
    for segment in path:
        if isinstance(node, MapNode) and isinstance(segment, str):
            node = node.values.get(segment)
        elif isinstance(node, ListNode) and isinstance(segment, int):
            node = node.items[segment] if segment < len(node.items) else None
        else:
            return None
    return node


def normal_text(text: str) -> str:
    r"""Return text as ids are compared: Unicode NFC, without blanks at its ends.

    >>> normal_text(" A\u0308pfel ")
    'Äpfel'
    >>> normal_text("\t")  # a blank alone may be meant: a separator
    '\t'
    """
    text = unicodedata.normalize("NFC", text)
    return text if len(text) == 1 else text.strip()


def count_nodes(node: Node) -> int:
    """Return the number of values in a tree, maps and lists included."""
    if isinstance(node, MapNode):
        return 1 + sum(count_nodes(value) for value in node.values.values())
    if isinstance(node, ListNode):
        return 1 + sum(count_nodes(item) for item in node.items)
    return 1


def decode(
    raw: bytes, source: Source, problems: list[Problem], *, limit: int = MAX_BYTES
) -> str | None:
    """Return the text of a file of at most ``limit`` bytes, or note why it is none.

    A byte-order mark at the start is skipped: some editors write one.
    """
    if len(raw) > limit:
        problems.append(
            Mark(source, 0, 0).problem(
                "",
                f"found more than {limit:,} bytes",
                f"expected at most {MAX_BYTES:,} bytes, base files and plan included",
                "put big tables into CSV files and name them in the scenario",
            )
        )
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8-sig")) + 1
        problems.append(
            Mark(source, line, column).problem(
                "",
                f"found the byte 0x{raw[error.start]:02x}, which is no UTF-8 text",
                "expected a text file in UTF-8",
                "save the file again as UTF-8",
            )
        )
        return None


def read_nodes(text: str, source: Source, problems: list[Problem]) -> Node | None:
    """Return the tree of a YAML text, or None where it cannot be read to its end.

    Parameters
    ----------
    text
        The whole document.
    source
        Where it is written.
    problems
        Gets a line for everything that is refused. Values that are refused while the rest of the
        document can be read stay in the tree as scalars with ``refused`` set.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    builder = _Builder(source, problems)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            if not builder.take(event):
                return None
    except MarkedYAMLError as error:
        problems.append(_syntax_problem(error, source))
        return None
    except YAMLError as error:
        problems.append(_character_problem(error, text, source))
        return None
    except (ValueError, OverflowError):
        mark = builder.last_mark
        problems.append(
            mark.problem("", r"found an escape \U… that names no character", "expected YAML 1.2")
        )
        return None
    return builder.root


class _Builder:
    """Takes events one at a time and refuses what a scenario must not contain."""

    def __init__(self, source: Source, problems: list[Problem]) -> None:
        self.root: Node | None = None
        self.last_mark = Mark(source, 1, 1)
        self._source = source
        self._problems = problems
        self._open: list[MapNode | ListNode] = []
        self._keys: list[tuple[str, Mark] | None] = []
        self._nodes = 0
        self._documents = 0
        self._skipping = 0

    def take(self, event: Any) -> bool:
        """Take one event; False means that reading must stop."""
        kind = type(event).__name__
        self.last_mark = Mark(self._source, event.start_mark.line + 1, event.start_mark.column + 1)
        if kind == "DocumentStartEvent":
            return self._start_document(event)
        if kind in ("MappingEndEvent", "SequenceEndEvent"):
            self._end_collection()
        elif kind in ("ScalarEvent", "AliasEvent", "MappingStartEvent", "SequenceStartEvent"):
            return self._node(event, kind)
        return True

    def _refuse(self, found: str, expected: str, hint: str = "", key: str | None = None) -> None:
        path = shown_path(self._path() + (() if key is None else (key,)))
        self._problems.append(self.last_mark.problem(path, found, expected, hint))

    def _path(self) -> tuple[str | int, ...]:
        return tuple(self._segments())

    def _segments(self) -> Iterator[str | int]:
        for node, key in zip(self._open, self._keys, strict=True):
            if isinstance(node, ListNode):
                yield len(node.items)
            elif key is not None:
                yield key[0]

    def _start_document(self, event: Any) -> bool:
        self._documents += 1
        if self._documents > 1:
            self._refuse("found a second document", "expected one document a file", "delete '---'")
            return False
        if event.version not in (None, (1, 2)) or event.tags:
            self._refuse("found a % directive", "expected YAML 1.2", "delete the line")
            return False
        return True

    def _node(self, event: Any, kind: str) -> bool:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._refuse(
                f"found more than {MAX_NODES:,} values and keys",
                f"expected at most {MAX_NODES:,}",
                "put big tables into CSV files",
            )
            return False
        if len(self._open) + self._skipping >= MAX_DEPTH and kind.endswith("StartEvent"):
            self._refuse(
                f"found more than {MAX_DEPTH} levels", f"expected at most {MAX_DEPTH} levels"
            )
            return False
        if self._skipping:
            self._skipping += kind.endswith("StartEvent")
            return True
        self._check_decoration(event, kind)
        if self._open and isinstance(self._open[-1], MapNode) and self._keys[-1] is None:
            self._key(event, kind)
        else:
            self._value(event, kind)
        return True

    def _check_decoration(self, event: Any, kind: str) -> None:
        expected = "expected plain values written out"
        if kind == "AliasEvent":
            self._refuse(
                f"found the alias {shown_value('*' + event.anchor)}",
                expected,
                "repeat the value or use 'extends:'",
            )
            return
        if event.anchor:
            self._refuse(
                f"found the anchor {shown_value('&' + event.anchor)}", expected, "delete the anchor"
            )
        if event.tag is not None:
            self._refuse(f"found the tag {shown_value(str(event.tag))}", expected, "delete the tag")

    def _decorated(self, event: Any, kind: str) -> bool:
        return kind == "AliasEvent" or bool(event.anchor) or event.tag is not None

    def _key(self, event: Any, kind: str) -> None:
        holder = self._open[-1]
        assert isinstance(holder, MapNode)
        if kind != "ScalarEvent":
            if kind != "AliasEvent":
                self._refuse("found a map or list as a key", "expected a word as a key")
                self._skipping = 1
            self._keys[-1] = ("", self.last_mark)
            return
        key = normal_text(event.value)
        if not key.strip() or len(key) > MAX_KEY_CHARACTERS or not _is_clean(key):
            self._refuse(
                f"found the key {shown_value(key)}",
                f"expected a word of 1 to {MAX_KEY_CHARACTERS} visible characters",
            )
            key = ""
        elif key in holder.values:
            first = holder.key_marks[key].line
            self._refuse(
                f"found the key a second time (first in line {first})",
                "expected each key once in a map",
                f"delete line {first} or line {self.last_mark.line}",
                key=key,
            )
            key = ""
        self._keys[-1] = (key, self.last_mark)

    def _value(self, event: Any, kind: str) -> None:
        node: Node
        if kind.endswith("StartEvent") and event.tag is not None:
            node = ScalarNode(self.last_mark, None, refused=True)
            self._skipping = 1
        elif kind == "MappingStartEvent":
            node = MapNode(self.last_mark)
        elif kind == "SequenceStartEvent":
            node = ListNode(self.last_mark)
        elif self._decorated(event, kind):
            node = ScalarNode(self.last_mark, None, refused=True)
        else:
            node = self._scalar(event)
        if isinstance(node, ScalarNode):
            self._attach(node)
        else:
            self._open.append(node)
            self._keys.append(None)

    def _attach(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        holder = self._open[-1]
        if isinstance(holder, ListNode):
            holder.items.append(node)
            return
        pending = self._keys[-1]
        assert pending is not None
        self._keys[-1] = None
        if pending[0]:
            holder.put(pending[0], pending[1], node)

    def _end_collection(self) -> None:
        if self._skipping:
            self._skipping -= 1
            return
        node = self._open.pop()
        self._keys.pop()
        self._attach(node)

    def _scalar(self, event: Any) -> ScalarNode:
        text: str = event.value
        if event.style is None:
            found = _plain_problem(text)
            if found is not None:
                self._refuse(*found)
                return ScalarNode(self.last_mark, None, refused=True, written=text)
            value = plain_scalar(text)
        else:
            value = text
        if isinstance(value, str):
            if not _is_clean(value):
                self._refuse(
                    f"found text {shown_value(value)}", "expected text without control characters"
                )
                return ScalarNode(self.last_mark, None, refused=True, written=text)
            value = normal_text(value)
        return ScalarNode(self.last_mark, value, written=text)


def _is_clean(text: str) -> bool:
    return text.isprintable() or not any(
        unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in text
    )


def _plain_problem(text: str) -> tuple[str, str, str] | None:
    """Return why an unquoted word is refused, or None."""
    if _NOT_FINITE.fullmatch(text):
        return (f"found {text}", "expected a finite number", "")
    number = _INT.fullmatch(text) or _FLOAT.fullmatch(text)
    if number and _LEADING_ZERO.match(text):
        return (
            f"found {shown_value(text)[1:-1]}, a number with zeros in front",
            "expected a number without them, or text in quotes",
            "a code such as this is text: write it in quotes",
        )
    if _INT.fullmatch(text) and (len(text) > 20 or not -INT64 <= int(text) < INT64):
        return _too_big(text)
    if _BASED.fullmatch(text) and (len(text) > 30 or int(text, 0) >= INT64):
        return _too_big(text)
    if number and not math.isfinite(float(text)):
        return (f"found the number {shown_value(text)[1:-1]}", "expected a finite number", "")
    return None


def _too_big(text: str) -> tuple[str, str, str]:
    return (
        f"found the number {shown_value(text)[1:-1]}",
        "expected a number that fits into 64 bits",
        "a code such as this is text: write it in quotes",
    )


def plain_scalar(text: str) -> Scalar:
    """Return what an unquoted word means in YAML 1.2.

    >>> [plain_scalar(word) for word in ("14:00", "NO", "off", "1e3", "0x1F", "7", "~", "true")]
    ['14:00', 'NO', 'off', 1000.0, 31, 7, None, True]
    """
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _INT.fullmatch(text):
        return int(text)
    if _BASED.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text


def shown_path(segments: tuple[str | int, ...]) -> str:
    """Return a key path as it is printed and typed: dots between keys, a key with a dot in quotes.

    >>> shown_path(("targets", "utilisation.pickers", "at_most")), shown_path(("values", 3))
    ('targets."utilisation.pickers".at_most', 'values[3]')
    """
    path = ""
    for segment in segments:
        if isinstance(segment, int):
            path += f"[{segment}]"
            continue
        bare = segment.replace("-", "").replace("_", "").isalnum() and len(segment) <= 80
        word = segment if bare else '"' + shown_value(segment)[1:-1] + '"'
        path += f".{word}" if path else word
    return path


def _syntax_problem(error: Any, source: Source) -> Problem:
    place = error.problem_mark or error.context_mark
    mark = Mark(source, place.line + 1, place.column + 1) if place else Mark(source, 1, 1)
    said = " ".join(str(error.problem or error.context or "broken YAML").split())
    hint = ""
    if "\\t" in said or "'\t'" in said:
        hint = "indent with spaces, never with tabs"
    elif error.context_mark is not None and error.context and error.problem:
        start = error.context_mark.line + 1
        hint = f"{' '.join(str(error.context).split())} that starts in line {start}"
    shown = said if said.isprintable() else shown_value(said)[1:-1]
    return mark.problem("", f"found broken YAML: {shown[:200]}", "expected YAML 1.2", hint)


def _character_problem(error: Any, text: str, source: Source) -> Problem:
    position = getattr(error, "position", None)
    if not isinstance(position, int):
        return Mark(source, 1, 1).problem("", "found broken YAML", "expected YAML 1.2")
    before = text[:position]
    mark = Mark(source, before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1)
    character = shown_value(text[position : position + 1])
    return mark.problem("", f"found the character {character}", "expected visible characters")
