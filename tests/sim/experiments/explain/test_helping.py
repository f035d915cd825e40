"""The load of roles that help each other is the fairest sharing there is."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.experiments.explain.helping import shared_loads

ROLES = ("pickers", "packers", "dispatchers", "receivers")
seconds = st.floats(1.0, 100.0)


def test_nobody_helps() -> None:
    """Nobody helps."""
    loads, people = shared_loads(
        {"pickers": 9.0, "packers": 2.0}, {"pickers": 10, "packers": 10}, {}
    )
    assert loads == people == pytest.approx({"pickers": 0.9, "packers": 0.2})


def test_helpers_level_what_they_can() -> None:
    """Helpers level what they can."""
    work = {"packers": 12.0, "dispatchers": 2.0}
    hands = {"packers": 10.0, "dispatchers": 10.0}
    loads, people = shared_loads(work, hands, {"dispatchers": ["packers"]})
    assert loads == people == pytest.approx({"packers": 0.7, "dispatchers": 0.7})
    one_way, _ = shared_loads(work, hands, {"packers": ["dispatchers"]})
    assert one_way == pytest.approx({"packers": 1.2, "dispatchers": 0.2})


def test_work_that_nobody_can_do() -> None:
    """Work that nobody can do."""
    loads, _ = shared_loads({"clerks": 1.0, "pickers": 1.0}, {"clerks": 0.0, "pickers": 2.0}, {})
    assert loads == {"clerks": math.inf, "pickers": 0.5}


@settings(max_examples=25, deadline=None)
@given(
    st.lists(seconds, min_size=4, max_size=4),
    st.lists(seconds, min_size=4, max_size=4),
    st.sets(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=6),
)
def test_the_highest_load_is_the_least_possible(
    work: list[float], hands: list[float], helps: set[tuple[int, int]]
) -> None:
    """A linear programme shares out the work so that the busiest person is least busy."""
    from scipy.optimize import linprog  # noqa: TID251  # a package of SciPy

    arcs = sorted({(r, r) for r in range(4)} | helps)
    training = {ROLES[a]: [ROLES[b] for who, b in arcs if who == a and b != a] for a in range(4)}
    cost = np.append(np.zeros(len(arcs)), 1.0)
    done, most = np.zeros((4, len(arcs) + 1)), np.zeros((4, len(arcs) + 1))
    for place, (who, of) in enumerate(arcs):
        done[of, place] = 1.0
        most[who, place] = 1.0
    most[:, -1] = -np.array(hands)
    found = linprog(cost, A_ub=most, b_ub=np.zeros(4), A_eq=done, b_eq=work)
    loads, people = shared_loads(
        dict(zip(ROLES, work, strict=True)), dict(zip(ROLES, hands, strict=True)), training
    )
    assert max(loads.values()) == pytest.approx(found.fun)
    spent = sum(people[role] * h for role, h in zip(ROLES, hands, strict=True))
    assert spent == pytest.approx(sum(work))
