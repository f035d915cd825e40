"""A scenario as text: nested values, each with the comment that says how it came about."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from sim.errors import escaped

WIDTH = 100
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})

Values = dict[str, Any]


def yaml_lines(values: Values, notes: Mapping[tuple[str, ...], str]) -> Iterator[str]:
    """Yield the lines of nested values.

    Parameters
    ----------
    values
        Maps of text keys down to numbers, text, truth values, None and lists of these.
    notes
        Comment by key path; it stands above the key.
    """
    for key, value in values.items():
        yield ""
        yield from _entry(key, value, (), notes)


def _entry(
    key: str, value: object, above: tuple[str, ...], notes: Mapping[tuple[str, ...], str]
) -> Iterator[str]:
    indent = "  " * len(above)
    path = (*above, key)
    if path in notes:
        yield from _comment(notes[path], indent)
    name = f"{indent}{key_text(key)}:"
    if isinstance(value, dict) and value and (_is_deep(value) or _has_notes(path, notes)):
        yield name
        for inner, below in value.items():
            yield from _entry(inner, below, path, notes)
        return
    yield from _wrapped(f"{name} ", _flow(value), indent + "  ")


def _has_notes(path: tuple[str, ...], notes: Mapping[tuple[str, ...], str]) -> bool:
    return any(len(other) > len(path) and other[: len(path)] == path for other in notes)


def _is_deep(value: Values) -> bool:
    """Tell whether a map is too much for one line."""
    return any(isinstance(inner, dict) for inner in value.values()) or (
        "distribution" not in value and len("".join(_flow(value))) > WIDTH // 2
    )


def _comment(text: str, indent: str) -> Iterator[str]:
    line = f"{indent}#"
    for word in escaped(text).split(" "):
        if len(line) + len(word) + 1 > WIDTH and line != f"{indent}#":
            yield line
            line = f"{indent}#"
        line += f" {word}"
    yield line


def _wrapped(head: str, pieces: list[str], indent: str) -> Iterator[str]:
    line = head
    for piece in pieces:
        if len(line) + len(piece.rstrip()) > WIDTH and line.strip():
            yield line.rstrip()
            line = indent
        line += piece
    yield line.rstrip()


def _flow(value: object) -> list[str]:
    """Return a value in flow style, in pieces between which a line may end."""
    if isinstance(value, dict):
        pieces = []
        for key, inner in value.items():
            first, *rest = _flow(inner)
            pieces += [f"{key_text(key)}: {first}", *rest]
            pieces[-1] += ", "
        return _bracketed(pieces, "{}")
    if isinstance(value, list):
        pieces = []
        for inner in value:
            pieces += _flow(inner)
            pieces[-1] += ", "
        return _bracketed(pieces, "[]")
    return [scalar_text(value)]


def _bracketed(pieces: list[str], brackets: str) -> list[str]:
    if not pieces:
        return [brackets]
    pieces[0] = brackets[0] + pieces[0]
    pieces[-1] = pieces[-1].removesuffix(", ") + brackets[1]
    return pieces


def key_text(key: str) -> str:
    """Return a key as YAML 1.2 reads it back.

    >>> key_text("web"), key_text("no"), key_text("a: b")
    ('web', '"no"', '"a: b"')
    """
    if _PLAIN.fullmatch(key) and key.lower() not in _WORDS:
        return key
    return _quoted(key)


def scalar_text(value: object) -> str:
    """Return a number, text, truth value or None as YAML 1.2 reads it back.

    >>> scalar_text(2.0), scalar_text("18:00"), scalar_text(None), scalar_text(True)
    ('2', '"18:00"', 'null', 'true')
    """
    if isinstance(value, float) and value == int(value) and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, float):
        return np.format_float_positional(value, trim="-")
    if isinstance(value, str):
        return _quoted(value)
    return json.dumps(value)


def _quoted(text: str) -> str:
    """Return a text in double quotes; what cannot be printed is escaped as YAML does."""
    inside = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in inside)
