"""Pick faces: claims, top-ups, emergencies, and that nobody waits for ever."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.clock.process import Wake
from sim.log.facts import Fact
from tests.properties.goods_in_laws import check_goods_in
from tests.sim.stages.by_hand import DAY_S, PICK_S, Hand
from tests.sim.stages.floor_by_hand import TOP_UP_S, UNIT_S, FloorByHand

ASKED, LIFTED, STARTED = Fact.TOP_UP_ASKED, Fact.TOP_UP_LIFTED, Fact.TOP_UP_STARTED
DONE, OFF = Fact.TOPPED_UP, Fact.TOP_UP_CALLED_OFF


def test_faces_are_full_at_the_start_and_the_rest_is_the_reserve() -> None:
    """A maximum of 6: of 10 units 4 are reserve, of 5 none."""
    floor = FloorByHand([10, 5])

    assert (floor.faces.face, floor.faces.reserve) == ([6, 5], [4, 0])


def test_a_claim_of_more_than_there_is_claims_nothing() -> None:
    """7 of 6: the tour is told, and the 6 stay for others."""
    floor = FloorByHand([10])

    assert not floor.faces.claim(0, 7)
    assert floor.faces.claim(0, 6)
    assert (floor.faces.face, floor.faces.claimed) == ([0], [6])


def test_a_face_at_its_minimum_is_filled_to_its_maximum() -> None:
    """3 of 6 claimed: above 2. One more: 4 units come, 140 s later."""
    floor = FloorByHand([20])

    floor.faces.claim(0, 3)
    assert floor.told(ASKED) == []
    floor.faces.claim(0, 1)
    floor.go_on_until(1000.0)

    assert floor.told(ASKED, STARTED, DONE) == [
        (0.0, ASKED, 0, 4),
        (0.0, STARTED, 0, 4),
        (TOP_UP_S + 4 * UNIT_S, DONE, 0, 4),
    ]
    assert (floor.faces.face, floor.faces.reserve) == ([6], [10])


def test_no_more_is_brought_than_the_reserve_holds() -> None:
    """4 would fill the face, 1 is there; then nothing more is asked for."""
    floor = FloorByHand([7])

    floor.faces.claim(0, 4)
    floor.go_on_until(1000.0)

    assert floor.told(DONE) == [(TOP_UP_S + UNIT_S, DONE, 0, 1)]
    assert floor.faces.reserve == [0]


def test_what_is_brought_is_counted_when_somebody_sets_out() -> None:
    """The lone replenisher is busy with SKU 0 while SKU 1 falls from 2 to 0: 6 are brought."""
    floor = FloorByHand([20, 20])

    floor.faces.claim(0, 4)
    floor.faces.claim(1, 4)
    floor.faces.claim(1, 2)
    floor.go_on_until(1000.0)

    assert floor.told(ASKED) == [(0.0, ASKED, 0, 4), (0.0, ASKED, 1, 4)]
    assert floor.told(STARTED) == [(0.0, STARTED, 0, 4), (140.0, STARTED, 1, 6)]


def test_an_emergency_goes_before_those_that_were_asked_for_earlier() -> None:
    """SKUs 1 and 2 wait in their turn behind 0; a tour finds too little of 2: 2 comes first.

    2 holds 2 units, and 3 are waited for: 3 + 6 - 2 = 7 are brought.
    """
    floor = FloorByHand([20, 20, 20])
    for sku in range(3):
        floor.faces.claim(sku, 4)

    waits = floor.faces.top_up_for(floor.house, 2, 3)
    floor.go_on_until(1000.0)

    assert floor.told(LIFTED, STARTED) == [
        (0.0, STARTED, 0, 4),
        (0.0, LIFTED, 2, -1),
        (140.0, STARTED, 2, 7),
        (140.0 + 170.0, STARTED, 1, 4),
    ]
    assert waits.processed
    assert (floor.faces.face[2], floor.faces.claimed[2]) == (6, 4 + 3)


def test_without_emergencies_everybody_waits_their_turn() -> None:
    """The same, and 2 comes last."""
    floor = FloorByHand([20, 20, 20], emergency_top_up=False)
    for sku in range(3):
        floor.faces.claim(sku, 4)

    floor.faces.top_up_for(floor.house, 2, 3)
    floor.go_on_until(1000.0)

    assert [sku for _, _, sku, _ in floor.told(STARTED)] == [0, 1, 2]
    assert floor.told(LIFTED) == []


def test_a_face_above_its_minimum_is_topped_up_for_who_needs_more() -> None:
    """5 are there and 6 are needed: an emergency, though 5 is above the minimum of 2."""
    floor = FloorByHand([20])
    floor.faces.claim(0, 1)

    waits = floor.faces.top_up_for(floor.house, 0, 6)
    floor.go_on_until(1000.0)

    assert floor.told(ASKED) == [(0.0, ASKED, 0, 7)]
    assert waits.processed
    assert floor.faces.face == [6]


def test_more_than_a_face_holds_comes_straight_from_the_reserve() -> None:
    """15 are needed of a face for 6: 15 are brought beside the 6."""
    floor = FloorByHand([30])

    waits = floor.faces.top_up_for(floor.house, 0, 15)
    floor.go_on_until(1000.0)

    assert floor.told(DONE) == [(TOP_UP_S + 15 * UNIT_S, DONE, 0, 15)]
    assert waits.processed
    assert (floor.faces.face, floor.faces.claimed) == ([6], [15])


def test_what_lies_there_again_is_claimed_at_once() -> None:
    """The face was filled while the tour was under way: nothing is waited for."""
    floor = FloorByHand([20])

    waits = floor.faces.top_up_for(floor.house, 0, 5)

    assert waits.processed
    assert (floor.faces.face, floor.faces.claimed) == ([1], [5])


def test_who_asks_first_is_served_first() -> None:
    """7 and 1 are waited for, 6 lie there: the second is served after the first, not before."""
    floor = FloorByHand([20])

    first = floor.faces.top_up_for(floor.house, 0, 7)
    second = floor.faces.top_up_for(floor.house, 0, 1)
    served_at_once = first.processed, second.processed
    floor.go_on_until(1000.0)

    assert served_at_once == (False, False)
    assert (first.processed, second.processed) == (True, True)
    waited = floor.told(Fact.WAITED_FOR_TOP_UP)
    assert [units for *_, units in waited] == [7, 1]


def test_a_delivery_fills_the_face_first() -> None:
    """4 of the 10 that come fit on the face; what a replenisher brings is kept free."""
    floor = FloorByHand([6, 7])
    floor.faces.claim(0, 4)
    floor.faces.claim(1, 4)  # one unit comes from the reserve

    for sku in range(2):
        floor.faces.received(sku, 10)
        floor.on_hand[sku] += 10

    assert (floor.faces.face[0], floor.faces.reserve[0]) == (6, 6)
    assert (floor.faces.face[1], floor.faces.on_cart[1], floor.faces.reserve[1]) == (5, 1, 7)
    floor.go_on_until(1000.0)


def test_a_delivery_serves_those_who_wait() -> None:
    """8 are waited for and 6 are there: of the 9 that come 8 go on the face, one behind."""
    floor = FloorByHand([6])
    waits = floor.faces.top_up_for(floor.house, 0, 8)

    floor.faces.received(0, 9)
    floor.on_hand[0] += 9

    assert waits.processed
    assert (floor.faces.face, floor.faces.claimed, floor.faces.reserve) == ([6], [8], [1])
    floor.go_on_until(1.0)


def test_a_top_up_that_is_not_needed_any_more_is_called_off() -> None:
    """SKU 1 waits behind 0, then three of its units are put back: 5 are above the minimum."""
    floor = FloorByHand([20, 20])
    floor.faces.claim(0, 4)
    floor.faces.claim(1, 4)

    floor.faces.unclaim(floor.house, 1, 3)
    floor.go_on_until(1000.0)

    assert floor.told(OFF) == [(0.0, OFF, 1, -1)]
    assert [sku for _, _, sku, _ in floor.told(STARTED)] == [0]


@pytest.mark.parametrize(("taken", "face"), [(3, 3), (2, 4), (0, 6), (4, 2)])
def test_what_a_tour_leaves_is_there_for_others(taken: int, face: int) -> None:
    """3 claimed of 6; a wrong pick takes fewer, or one more than claimed."""
    floor = FloorByHand([6])
    floor.faces.claim(0, 3)

    floor.faces.settle(0, 3, taken)
    floor.on_hand[0] -= taken

    assert (floor.faces.face, floor.faces.claimed) == ([face], [0])
    floor.go_on_until(1.0)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["pick", "receive", "wrong pick", "put back", "give up"]),
        st.integers(0, 2),
        st.integers(1, 9),
        st.sampled_from([0.0, 30.0, 300.0]),
    ),
    max_size=40,
)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(
    st.lists(st.integers(0, 25), min_size=3, max_size=3),
    st.sampled_from([(0, 1), (0, 3), (2, 6)]),
    st.integers(1, 2),
    st.booleans(),
    STEPS,
)
def test_a_line_that_is_reserved_is_served_in_the_end(
    on_hand: list[int],
    levels: tuple[int, int],
    replenishers: int,
    emergency: bool,
    steps: Sequence[tuple[str, int, int, float]],
) -> None:
    """Lines of up to nine units, each only if that many are on hand and not promised to others.

    Between them goods are received, picked wrong, put back or not picked after all. Whatever the
    faces hold, every line has its units a day later; then nothing is waited for, and every face
    that is at its minimum has an empty reserve behind it.
    """
    floor = FloorByHand(on_hand, levels, replenishers, emergency_top_up=emergency)
    faces, house, promised = floor.faces, floor.house, [0, 0, 0]
    waiting: list[tuple[int, int, Wake]] = []
    carts: list[tuple[int, int]] = []
    gone: list[int] = [0, 0, 0]
    for step, sku, units, later_s in steps:
        if step == "pick":
            if floor.on_hand[sku] - promised[sku] >= units:
                promised[sku] += units
                if faces.claim(sku, units):
                    carts.append((sku, units))
                else:
                    waiting.append((sku, units, faces.top_up_for(house, sku, units)))
        elif step == "receive":
            floor.on_hand[sku] += units
            faces.received(sku, units)
        elif step == "put back":
            if gone[sku]:
                gone[sku] -= 1
                floor.on_hand[sku] += 1
                faces.put_back(house, sku, 1)
        elif carts:
            of, claimed = carts.pop()
            promised[of] -= claimed
            if step == "give up":
                faces.unclaim(house, of, claimed)
            else:
                spare = faces.has_spare(of) and floor.on_hand[of] > promised[of] + claimed
                taken = claimed + 1 if spare else claimed - 1
                floor.on_hand[of] -= taken
                gone[of] += taken
                faces.settle(of, claimed, taken)
        floor.go_on_until(house.env.now + later_s + 1.0)

    floor.go_on_until(house.env.now + DAY_S)

    assert all(waits.processed for _, _, waits in waiting)
    for sku, face in enumerate(faces.face):
        assert face > levels[0] or faces.reserve[sku] == 0
        assert faces.on_cart[sku] == 0
        assert faces.claimed[sku] == promised[sku]


FACES = {
    "used": True,
    "face_volume_l": 3.0,  # three units of a litre
    "min_days": 0.0,
    "top_up_s": TOP_UP_S,
    "top_up_s_per_unit": UNIT_S,
}


def test_a_line_that_finds_its_face_too_empty_is_picked_in_a_second_tour(hand: Hand) -> None:
    """5 of 9 are ordered, 3 lie on the face: a tour in vain, 5 are brought in 150 s, a tour."""
    played = hand.play([(0.0, [(0, 5)])], stock=[9, 9, 9, 9], sections={"pick_faces": FACES})

    waited_s = TOP_UP_S + 5 * UNIT_S
    (waits,) = played.rows(Fact.WAITED_FOR_TOP_UP)
    assert (waits.time_s, waits.other, waits.value) == (PICK_S + waited_s, 5, waited_s)
    assert [row.time_s for row in played.rows(Fact.LINE_PICKED)] == [2 * PICK_S + waited_s]
    check_goods_in(played)


def test_the_rest_of_the_order_is_picked_on_the_first_tour(hand: Hand) -> None:
    """One line is there, the other is not: they are picked one tour apart and leave together."""
    played = hand.play(
        [(0.0, [(1, 1), (0, 5)])], stock=[9, 9, 9, 9], sections={"pick_faces": FACES}
    )

    picked = [(row.subject, row.time_s) for row in played.rows(Fact.LINE_PICKED)]
    assert picked == [(0, PICK_S), (1, 2 * PICK_S + TOP_UP_S + 5 * UNIT_S)]
    assert played.count(Fact.PACKED) == 1


def test_a_tour_claims_what_lies_on_the_face(hand: Hand) -> None:
    """Two orders of 2 units at once, 3 on the face: the second tour walks in vain."""
    two = {"always": {"pickers": 2}}
    played = hand.play(
        [(0.0, [(0, 2)]), (0.0, [(0, 2)])],
        stock=[9, 9, 9, 9],
        sections={"pick_faces": FACES, "staff": two},
    )

    assert next(row.time_s for row in played.rows(Fact.LINE_PICKED)) == PICK_S
    assert [row.other for row in played.rows(Fact.WAITED_FOR_TOP_UP)] == [2]


def test_a_wrong_pick_goes_back_on_the_face(hand: Hand) -> None:
    """Two units instead of one are found at the check: put back, claimed and picked anew."""
    played = hand.play(
        [(0.0, [(0, 1)])],
        stock=[9, 9, 9, 9],
        sections={"pick_faces": FACES},
        pick_error=2,
        check_finds=True,
    )

    assert [row.other for row in played.rows(Fact.LINE_PICKED)] == [2, 1]
    assert next(row.other for row in played.rows(Fact.STOCK_CLOSED)) == 8


def test_returned_goods_go_back_on_the_face(hand: Hand) -> None:
    """3 of 3 are sold and come back: the house closes with all 9, and nothing was called off."""
    played = hand.play(
        [(0.0, [(0, 3)])], stock=[9, 9, 9, 9], sections={"pick_faces": FACES}, return_u=0.0
    )

    assert [row.other for row in played.rows(Fact.RESTOCKED)] == [3]
    assert next(row.other for row in played.rows(Fact.STOCK_CLOSED)) == 9
    assert [row.other for row in played.rows(Fact.TOPPED_UP)] == [3]
