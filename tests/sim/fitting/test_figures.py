"""Intervals by formulas, and a scenario written as text that YAML reads back."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.fitting.figures import errors_by_curvature, share_interval, shown_number
from sim.fitting.yaml_text import yaml_lines


def test_wilsons_interval_of_five_in_ten() -> None:
    """0.2366 to 0.7634, by the formula with z = 1.96; none goes beyond 0 and 1."""
    assert list(share_interval(5, 10)) == pytest.approx([0.2366, 0.7634], abs=1e-4)
    assert share_interval(0, 10)[0] == 0.0
    assert share_interval(10, 10)[1] == pytest.approx(1.0)


def test_errors_are_those_of_the_information() -> None:
    """A quadratic loss with correlated parameters: roots of the inverse's diagonal."""
    matrix = np.array([[4.0, 1.0], [1.0, 2.0]])

    errors = errors_by_curvature(lambda x: 0.5 * float(x @ matrix @ x), np.array([0.0, 0.0]))

    assert errors == pytest.approx(np.sqrt(np.diag(np.linalg.inv(matrix))), rel=1e-6)


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.0, "0"), (12495.4, "12,495"), (25.0548, "25.05"), (0.004479, "0.004479"), (math.nan, "-"),
     (-3.5, "-3.5"), (1e-9, "0.000000001")],
)  # fmt: skip
def test_numbers_are_shown_with_four_digits(value: float, words: str) -> None:
    """Whole numbers whole, thousands apart, no exponent."""
    assert shown_number(value) == words


KEY = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=8)
LEAF = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**6), 10**6), st.text(max_size=8),
    st.integers(0, 10**5).map(lambda k: k / 64),
)  # fmt: skip
VALUES = st.recursive(
    LEAF,
    lambda inner: st.one_of(st.lists(inner, max_size=12), st.dictionaries(KEY, inner, max_size=4)),
)


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from(["run", "orders", "items"]), VALUES), st.text(max_size=200))
def test_what_is_written_is_read_back(values: dict[str, object], comment: str) -> None:
    """Any values survive the way through the text, whatever stands in the comments."""
    from io import StringIO

    from ruamel.yaml import YAML

    text = "\n".join(yaml_lines(values, {(key,): comment for key in values}))
    reader = YAML(typ="safe", pure=True)
    reader.version = (1, 2)

    assert (reader.load(StringIO(text)) or {}) == values
