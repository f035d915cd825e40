from __future__ import annotations

import pytest

from optimize.solver.cp_sat import InfeasibleError, InvalidModelError, NoAnswerError
from optimize.solver.cuboids import cuboids_in_a_box

Ways = list[list[tuple[int, int, int]]]
CUBES: Ways = [[(5, 5, 5)]] * 8
PUZZLE: Ways = [[(20, 20, 10), (20, 10, 20), (10, 20, 20)]] * 6 + [[(10, 10, 10)]] * 3


def test_eight_cubes_fill_a_cube() -> None:
    """Each corner of the large cube has its own small one."""
    found = cuboids_in_a_box((10, 10, 10), CUBES, deterministic_limit_s=1.0)

    assert sorted(corner for corner, _ in found) == [
        (x, y, z) for x in (0, 5) for y in (0, 5) for z in (0, 5)
    ]
    assert {sides for _, sides in found} == {(5, 5, 5)}


def test_only_the_ways_given_are_taken() -> None:
    """Three bricks stand side by side if they may stand, and there is no place if they may not."""
    standing: Ways = [[(3, 9, 9), (9, 9, 3)]] * 3

    found = cuboids_in_a_box((9, 9, 9), standing, deterministic_limit_s=1.0)

    assert len({sides for _, sides in found}) == 1
    with pytest.raises(InfeasibleError):
        cuboids_in_a_box((9, 9, 8), [[(3, 9, 8)]] * 4, deterministic_limit_s=1.0)


def test_the_same_question_has_the_same_answer() -> None:
    """One worker and no clock: places are the same again."""
    ways: Ways = [[(6, 4, 3), (4, 6, 3), (3, 4, 6)], [(5, 5, 2)], [(4, 4, 4)], [(2, 3, 9)]]

    answers = [cuboids_in_a_box((10, 10, 10), ways, deterministic_limit_s=1.0) for _ in range(2)]

    assert answers[0] == answers[1]


def test_an_end_without_proof_is_no_proof() -> None:
    """Without work to spend there is neither an answer nor a claim that there is none."""
    with pytest.raises(NoAnswerError):
        cuboids_in_a_box((30, 30, 30), PUZZLE, deterministic_limit_s=1e-9)


@pytest.mark.parametrize(
    ("box", "ways", "told"),
    [
        ((0, 5, 5), [[(1, 1, 1)]], "sides above 0"),
        ((2**20, 2**20, 2**20), [[(1, 1, 1)]], "less than 2\\*\\*53"),
        ((5, 5, 5), [[]], "no way to lie"),
        ((5, 5, 5), [[(6, 1, 1)]], "does not lie within"),
        ((5, 5, 5), [[(0, 1, 1)]], "does not lie within"),
    ],
)
def test_what_makes_no_sense_is_refused(box: tuple[int, int, int], ways: Ways, told: str) -> None:
    """Sizes are looked at before the solver is."""
    with pytest.raises(InvalidModelError, match=told):
        cuboids_in_a_box(box, ways, deterministic_limit_s=1.0)
