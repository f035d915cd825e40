"""An outcome as bytes: it comes back the same, and foreign bytes are refused."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace

import numpy as np
import pytest

from sim.engine.setting import prepare
from sim.experiments.outcome_bytes import from_bytes, to_bytes
from sim.experiments.replication import Outcome, play_replication
from tests.sim.experiments.small import small


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """A replication with customers who come back, so that every table has rows."""
    won = ("customers.law=bg_nbd", "customers.new_per_day=30", "orders.per_day=1000")
    loaded = small(tmp_path_factory.mktemp("small"), *won)
    setting = prepare(loaded.scenario, loaded.external_files)
    return play_replication(setting, 3, keep_orders=True)


def same(one: object, other: object) -> bool:
    """Tell whether two outcomes or parts of them are equal in type, shape and every bit."""
    if isinstance(one, np.ndarray):
        assert isinstance(other, np.ndarray)
        return (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())
    if hasattr(one, "__dataclass_fields__"):
        return type(one) is type(other) and same(vars(one), vars(other))
    if isinstance(one, dict):
        assert isinstance(other, dict)
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)):
        assert isinstance(other, (list, tuple))
        pairs = zip(one, other, strict=True)
        return type(one) is type(other) and all(same(a, b) for a, b in pairs)
    return repr(one) == repr(other)


def test_an_outcome_comes_back_the_same(outcome: Outcome) -> None:
    """KPIs, picture and rows of orders have the same types, shapes and bits as before."""
    again = from_bytes(to_bytes(outcome))

    assert outcome.orders is not None
    assert outcome.picture.cohorts.cohorts
    assert same(outcome, again)
    assert outcome.digest == again.digest
    assert from_bytes(to_bytes(replace(outcome, orders=None))).orders is None


@pytest.mark.parametrize("value", [0.1 + 0.2, -0.0, 5e-324, 1.7976931348623157e308, None])
def test_numbers_come_back_to_the_last_bit(outcome: Outcome, value: float | None) -> None:
    """The smallest, the largest, minus nought and nothing are what they were."""
    odd = replace(outcome, kpis={"odd": value})

    assert from_bytes(to_bytes(odd)).digest == odd.digest


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"cos\nsystem\n(S'true'\ntR.",
        zlib.compress(b"[]"),
        zlib.compress(b'{"replication": 1}'),
        zlib.compress(b"{"),
    ],
)
def test_foreign_bytes_are_refused(content: bytes) -> None:
    """What is no outcome, a pickle for instance, is refused with a ValueError."""
    with pytest.raises(ValueError):  # noqa: PT011  # of several kinds
        from_bytes(content)


def test_arrays_of_objects_are_neither_written_nor_read(outcome: Outcome) -> None:
    """An array of Python objects could hold anything: it is refused on both ways."""
    anything = np.array([object()], dtype=object)
    with pytest.raises(TypeError, match="cannot be kept"):
        to_bytes(replace(outcome, orders={"order": anything}))

    plain = json.loads(zlib.decompress(to_bytes(outcome)))
    plain["orders"] = {"order": ["|O", [1], "AAAAAAAAAAA="]}
    with pytest.raises(ValueError, match="no array of numbers or text"):
        from_bytes(zlib.compress(json.dumps(plain).encode()))
