"""The rules that send cross-trained people."""

from __future__ import annotations

import typing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.policies.moving import longest_line, resolve_moving
from sim.scenario.schema.people import PeopleSection

LINES = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 9)), min_size=1, max_size=7)


@given(LINES)
def test_it_serves_the_line_with_most_waiting_for_each_person(lines: list[tuple[int, int]]) -> None:
    """Nowhere does more wait for each person than there, and nowhere before it as much."""
    waiting, people = [w for w, _ in lines], [p for _, p in lines]
    loads = [w / max(1, p) for w, p in lines]

    place = longest_line(waiting, people)

    if not any(waiting):
        assert place == -1
    else:
        assert loads[place] == max(loads)
        assert place == loads.index(max(loads))


def test_every_rule_of_the_schema_can_be_resolved() -> None:
    """The names that a scenario may say are the names of rules; only the default needs none."""
    names = typing.get_args(PeopleSection.model_fields["moving"].annotation)

    assert {name for name in names if resolve_moving(name) is None} == {"own_line_first"}
    with pytest.raises(KeyError):
        resolve_moving("shortest_line")
