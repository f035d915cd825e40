"""A replication's outcome as bytes and back: the same to the last bit, and never any code.

Plain JSON, squeezed: numbers in their shortest exact form, arrays by type, shape and bytes. What a
field holds is read from its declared type, so nothing in the bytes names a class.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np

from sim.experiments.replication import Outcome

_NUMBERS_AND_TEXT = "biufUSmM"
_LEVEL = 1


def to_bytes(outcome: Outcome) -> bytes:
    """Return an outcome as bytes."""
    text = json.dumps(_plain(outcome), ensure_ascii=True, separators=(",", ":"))
    return zlib.compress(text.encode("ascii"), _LEVEL)


def from_bytes(content: bytes) -> Outcome:
    """Return the outcome that these bytes hold.

    Raises
    ------
    ValueError
        They hold none, or that of another version of the program.
    """
    try:
        outcome = _of_type(Outcome, json.loads(zlib.decompress(content)))
    except (zlib.error, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no outcome of a replication: {error}") from error
    assert isinstance(outcome, Outcome)
    return outcome


def _plain(value: Any) -> Any:  # noqa: ANN401  # whatever an outcome holds
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in _NUMBERS_AND_TEXT:
            raise TypeError(f"an array of {value.dtype} cannot be kept")
        content = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode("ascii")
        return [value.dtype.str, list(value.shape), content]
    if isinstance(value, np.generic):
        return value.item()
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value


def _array(plain: Any) -> Any:  # noqa: ANN401  # an array of any type
    name, shape, content = plain
    kind = np.dtype(str(name))
    if kind.kind not in _NUMBERS_AND_TEXT:
        raise ValueError(f"no array of numbers or text: {name}")
    flat = np.frombuffer(base64.b64decode(content, validate=True), dtype=kind)
    return flat.reshape(shape).copy()


@cache
def _types(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _of_type(kind: Any, plain: Any) -> Any:  # noqa: ANN401  # whatever an outcome holds
    """Return plain data as the declared type says."""
    if isinstance(kind, type) and is_dataclass(kind):
        return kind(**{name: _of_type(one, plain[name]) for name, one in _types(kind).items()})
    origin, inner = get_origin(kind), get_args(kind)
    # Newer NumPy declares NDArray as an alias by name: what it stands for counts.
    stands_for = getattr(kind if origin is None else origin, "__value__", None)
    if stands_for is not None:
        origin = get_origin(stands_for)
    if origin in {Union, UnionType}:
        if plain is None:
            return None
        (kind,) = (one for one in inner if one is not NoneType)
        return _of_type(kind, plain)
    if origin is np.ndarray:
        return _array(plain)
    if origin is list:
        return [_of_type(inner[0], one) for one in plain]
    if origin is tuple:
        kinds = [inner[0]] * len(plain) if inner[-1] is Ellipsis else inner
        return tuple(_of_type(one, value) for one, value in zip(kinds, plain, strict=True))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        # Only the rows of orders are declared as anything: columns by name.
        of_value = _array if inner[1] is Any else lambda one: _of_type(inner[1], one)
        return {key: of_value(one) for key, one in plain.items()}
    return plain
