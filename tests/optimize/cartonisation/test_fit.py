from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimize.cartonisation import solve
from optimize.cartonisation.bounds import cannot_fit, scaled_volume_exceeds, turned
from optimize.cartonisation.check import Place, broken_places
from optimize.cartonisation.placing import placed
from optimize.cartonisation.problem import (
    FitProblem,
    Sides,
    box_sides,
    fit_problem,
    unit_sides,
)
from optimize.cartonisation.solve import fit
from optimize.solver.cp_sat import InfeasibleError
from optimize.solver.cuboids import cuboids_in_a_box
from sim.orders.streams import stream
from tests.optimize.cartonisation.brute_force import goes_in


def problem(box: tuple[int, int, int], *units: tuple[int, int, int]) -> FitProblem:
    """Return a problem in whole millimetres."""
    return fit_problem(box_sides(box), [unit_sides(unit) for unit in units])


PUZZLE = [(20, 20, 10)] * 6 + [(10, 10, 10)] * 3
"""Conway's puzzle: six plates and three cubes fill a cube of 30, the cubes on its diagonal."""
PINWHEEL = [(30, 20, 20)] * 4 + [(20, 10, 10)]
"""Four bricks around a small one, each turned by a right angle: no straight cut parts them."""


@pytest.mark.parametrize(
    ("box", "units", "answer"),
    [
        ((100, 100, 100), [(50, 50, 50)] * 8, "fits"),
        ((100, 100, 100), [(50, 50, 50)] * 9, "does not fit"),
        ((100, 100, 100), [(51, 50, 50)] * 8, "does not fit"),
        ((100, 100, 99), [(50, 50, 50)] * 5, "does not fit"),  # one layer of four
        ((50, 50, 20), PINWHEEL, "fits"),
        ((50, 49, 21), PINWHEEL, "does not fit"),
        ((120, 40, 25), [(40, 30, 20)] * 5, "does not fit"),  # its very volume, in one layer
        ((30, 30, 30), PUZZLE, "fits"),
        ((30, 30, 29), PUZZLE, "does not fit"),
        ((100, 60, 60), [(60, 60, 34)] * 3, "does not fit"),
        ((102, 60, 60), [(60, 60, 34)] * 3, "fits"),
        ((50, 50, 10), [(50, 50, 10)], "fits"),
        ((50, 50, 10), [(51, 1, 1)], "does not fit"),
    ],
)
def test_fits_by_hand(
    box: tuple[int, int, int], units: list[tuple[int, int, int]], answer: str
) -> None:
    """Puzzles whose answer is known, and every packing holds when it is looked at again."""
    question = problem(box, *units)

    found = fit(question)

    assert found.answer == answer
    if found.answer == "fits":
        assert broken_places(question, found.places) == []


SIDES = st.tuples(*[st.integers(1, 9)] * 3).map(lambda s: tuple(sorted(s, reverse=True)))


@pytest.mark.slow
@settings(max_examples=150, deadline=None, derandomize=True)
@given(box=SIDES, units=st.lists(SIDES, min_size=2, max_size=4))
def test_the_answer_is_that_of_brute_force(
    box: tuple[int, int, int], units: list[tuple[int, int, int]]
) -> None:
    """For two to four units the planner and trying every place say the same."""
    question = problem(box, *units)

    found = fit(question)

    assert found.answer == ("fits" if goes_in(question) else "does not fit")


def full_boxes(seed: int, count: int) -> list[FitProblem]:
    """Return boxes that are cut into pieces: their units fill them, so they fit for sure."""
    rng = stream(seed, "test/cut-boxes", 0)
    problems = []
    for _ in range(count):
        pieces = [tuple(int(side) for side in rng.integers(60, 100, 3))]
        box = pieces[0]
        while len(pieces) < 7:
            piece = pieces.pop(int(rng.integers(len(pieces))))
            axis = int(np.argmax(piece))
            at = int(rng.integers(1, piece[axis]))
            parts = (at, piece[axis] - at)
            pieces += [(*piece[:axis], part, *piece[axis + 1 :]) for part in parts]
        problems.append(problem(box, *pieces))  # type: ignore[arg-type]  # three sides each
    return problems


@pytest.mark.slow
def test_what_was_cut_from_a_box_fits_into_it() -> None:
    """Seven pieces that fill a box to the last corner are never called too much."""
    answers = [fit(question) for question in full_boxes(1, 40)]

    assert [found.answer for found in answers] == ["fits"] * 40
    assert "search" in [found.by for found in answers]


@pytest.mark.slow
def test_quick_proofs_and_packings_by_hand_agree_with_the_search() -> None:
    """What a quick proof says the solver proves, and what the hand packs it finds."""
    rng = stream(2, "test/random-units", 0)
    spoken = {"proof": 0, "by hand": 0}
    for _ in range(60):
        units = [tuple(int(side) for side in rng.integers(26, 60, 3)) for _ in range(5)]
        question = problem((100, 80, 60), *units)  # type: ignore[arg-type]  # three sides each
        if any(not turned(unit, question.box) for unit in question.units):
            continue
        ways = [turned(unit, question.box) for unit in question.units]
        by_hand = placed(question)
        if cannot_fit(question) or scaled_volume_exceeds(question):
            spoken["proof"] += 1
            assert by_hand is None
            with pytest.raises(InfeasibleError):
                cuboids_in_a_box(question.box, ways, deterministic_limit_s=5.0)
        elif by_hand is not None:
            spoken["by hand"] += 1
            assert broken_places(question, by_hand) == []
            found = cuboids_in_a_box(question.box, ways, deterministic_limit_s=5.0)
            assert broken_places(question, [Place(*place) for place in found]) == []

    assert min(spoken.values()) >= 10


def test_a_search_that_ends_too_early_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without work to spend, what is not clear at once is not proved; nothing is claimed."""
    monkeypatch.setattr(solve, "DETERMINISTIC_LIMIT_S", 1e-9)

    assert fit(problem((30, 30, 30), *PUZZLE)).answer == "not proved"
    assert fit(problem((100, 100, 100), *[(50, 50, 50)] * 8)).answer == "fits"


def test_many_units_are_not_searched() -> None:
    """Beyond twelve units the search is not begun: thirteen that no hand packs are not proved."""
    many = fit(problem((50, 50, 40), *PINWHEEL, *PINWHEEL, (1, 1, 1), (1, 1, 1), (1, 1, 1)))

    assert many.answer == "does not fit"  # three units more than its volume
    assert fit(problem((50, 50, 41), *PINWHEEL, *PINWHEEL, *[(1, 1, 1)] * 3)).answer == "not proved"


@pytest.mark.parametrize(
    ("places", "told"),
    [
        ([((0, 0, 0), (5, 5, 5))], "1 places for 2 units"),
        ([((0, 0, 0), (5, 5, 5)), ((5, 0, 0), (5, 5, 4))], "has the sides"),
        ([((0, 0, 0), (5, 5, 5)), ((6, 0, 0), (5, 5, 5))], "sticks out"),
        ([((0, 0, 0), (5, 5, 5)), ((4, 4, 4), (5, 5, 5))], "in each other's way"),
        ([((0, 0, 0), (5, 5, 5)), ((-1, 5, 0), (5, 5, 5))], "sticks out"),
    ],
)
def test_the_check_names_what_is_wrong(places: list[tuple[Sides, Sides]], told: str) -> None:
    """Units that are missing, cut, outside or inside others are told."""
    question = FitProblem((10, 10, 10), ((5, 5, 5), (5, 5, 5)))

    broken = broken_places(question, [Place(*place) for place in places])

    assert any(told in words for words in broken)


def test_measures_are_rounded_against_the_packer() -> None:
    """Units are measured up, boxes down to the tenth; a cube root's last digit does not count."""
    assert unit_sides((100.00000000000001, 33.31, 0.01)) == (1000, 334, 1)
    assert box_sides((99.99, 200.0, 33.39)) == (2000, 999, 333)
