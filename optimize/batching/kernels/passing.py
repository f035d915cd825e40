"""What a batch costs with one order more, in one block by the shortest way.

The drawings of Ratliff & Rosenthal 1983 are followed from both ends: a cart remembers the shortest
part of a trip up to each place, and from each place on. An order more then costs only the places
from its first to its last; what lies before and behind them is as it was.
"""

from __future__ import annotations

from math import inf

from optimize.batching.kernels.trips import _BIT_OF, _FOLD, BITS, Floats, Words
from optimize.compiled import compiled

GAP_FROM = 0
"""Metres from the front to where the widest gap of a place begins."""
ODD, FRONT, BACK, ONE, TWO, NONE = range(1, 7)
"""Shortest drawings that have come to a place (`trips._exact_m`)."""
ODD_ON, FRONT_ON, BACK_ON, ONE_ON, TWO_ON = range(7, 12)
"""What they lack from behind the place to the end."""
FIELDS = 12


@compiled
def crossed(
    odd: float, front: float, back: float, one: float, two: float, apart_m: float
) -> tuple[float, float, float, float, float]:
    """Return the drawings that have come to the next place; ``apart_m`` is there and back."""
    return (
        odd + apart_m,
        min(front, one) + apart_m,
        min(back, one) + apart_m,
        one + 2.0 * apart_m,
        two + 2.0 * apart_m,
    )


@compiled
def visited(
    odd: float, front: float, back: float, one: float, two: float, none: float,
    near_m: float, far_m: float, around_m: float, back_m: float,
) -> tuple[float, float, float, float, float]:  # fmt: skip
    """Return the drawings behind a place with stops.

    ``near_m``, ``far_m`` and ``around_m`` are the ways to its stops and back: from the front, from
    the back, and from both but for the widest gap.
    """
    turn_m = min(near_m, far_m, around_m)
    return (
        min(min(none, front, back, one, two) + back_m, odd + turn_m),
        min(none, front) + near_m,
        min(none, back) + far_m,
        min(odd + back_m, one + turn_m),
        min(
            two + turn_m,
            none + around_m,
            front + min(far_m, around_m),
            back + min(near_m, around_m),
        ),
    )


@compiled
def widest_gap(
    offset_m: Floats, row: int, one: Words, other: Words
) -> tuple[float, float, float, float]:
    """Return the first and the last stop of two sets, where their widest gap begins, its metres.

    The first is -1 where there is no stop.
    """
    first = gap_from = last = -1.0
    gap = 0.0
    for word in range(one.shape[1]):
        bits = one[row, word] | other[row, word]
        while bits:
            low = bits & -bits
            bits ^= low
            offset = offset_m[row, BITS * word + _BIT_OF[((low * _FOLD) >> 27) & 31]]
            if first < 0.0:
                first = offset
            elif offset - last > gap:
                gap, gap_from = offset - last, last
            last = offset
    return first, last, gap_from, gap


@compiled
def remember(
    at_m: Floats,
    between: int,
    back_m: float,
    first_m: Floats,
    last_m: Floats,
    gap_m: Floats,
    kept: Floats,
) -> None:
    """Write the drawings up to each place and from each place on; row per place.

    The arguments are fields of `Floor` and a cart's rows.
    """
    places = at_m.shape[0]
    odd = front = back = one = two = inf
    none = 0.0
    for place in range(places):
        if none > 0.0:
            odd, front, back, one, two = crossed(
                odd, front, back, one, two, 2.0 * (at_m[place] - at_m[place - 1])
            )
        kept[place, ODD], kept[place, FRONT], kept[place, BACK] = odd, front, back
        kept[place, ONE], kept[place, TWO], kept[place, NONE] = one, two, none
        if first_m[place] >= 0.0:
            odd, front, back, one, two = visited(
                odd, front, back, one, two, none, 2.0 * last_m[place],
                2.0 * (back_m - first_m[place]), 2.0 * (back_m - gap_m[place]), back_m,
            )  # fmt: skip
            none = inf
        elif place == between:
            two, front, back, none = min(two, back), min(front, none), inf, inf
    odd = two = inf
    front = back = one = 0.0
    is_end = True
    for place in range(places - 1, -1, -1):
        if not is_end:
            apart_m = 2.0 * (at_m[place + 1] - at_m[place])
            one = min(one + 2.0 * apart_m, front + apart_m, back + apart_m)
            odd, front, back, two = (
                odd + apart_m, front + apart_m, back + apart_m, two + 2.0 * apart_m,
            )  # fmt: skip
        kept[place, ODD_ON], kept[place, FRONT_ON], kept[place, BACK_ON] = odd, front, back
        kept[place, ONE_ON], kept[place, TWO_ON] = one, two
        if first_m[place] >= 0.0:
            near_m, far_m = 2.0 * last_m[place], 2.0 * (back_m - first_m[place])
            around_m = 2.0 * (back_m - gap_m[place])
            turn_m = min(near_m, far_m, around_m)
            through_m = odd + back_m
            odd, front, back, one, two = (
                min(odd + turn_m, one + back_m),
                min(through_m, front + near_m, two + min(far_m, around_m)),
                min(through_m, back + far_m, two + min(near_m, around_m)),
                min(through_m, one + turn_m),
                min(through_m, two + turn_m),
            )
            is_end = False
        elif place == between:
            back = two
            is_end = False


@compiled
def with_order_m(
    at_m: Floats, between: int, back_m: float, offset_m: Floats,
    words: Words, first_m: Floats, last_m: Floats, gap_m: Floats, kept: Floats,
    more: Words, begin: Words, stop_m: Floats,
) -> float:  # fmt: skip
    """Return the metres of a cart with one order more.

    Parameters
    ----------
    at_m, between, back_m, offset_m
        Fields of `Floor`.
    words, first_m, last_m, gap_m, kept
        The cart's rows.
    more, begin, stop_m
        The order's words; where its stops of each place begin in ``stop_m``, ascending, metres
        from the front; after those, its first and its last place.
    """
    places = at_m.shape[0]
    start, stop = begin[places + 1], begin[places + 2]
    odd, front, back = kept[start, ODD], kept[start, FRONT], kept[start, BACK]
    one, two, none = kept[start, ONE], kept[start, TWO], kept[start, NONE]
    for place in range(start, stop + 1):
        if place > start:
            odd, front, back, one, two = crossed(
                odd, front, back, one, two, 2.0 * (at_m[place] - at_m[place - 1])
            )
        first, last, gap = first_m[place], last_m[place], gap_m[place]
        gap_from = kept[place, GAP_FROM]
        gap_to = gap_from + gap
        for index in range(begin[place], begin[place + 1]):
            offset = stop_m[index]
            if first < 0.0:
                first = last = offset
            elif offset < first:
                if first - offset > gap:
                    gap, gap_from, gap_to = first - offset, offset, first
                first = offset
            elif offset > last:
                if offset - last > gap:
                    gap, gap_from, gap_to = offset - last, last, offset
                last = offset
            elif gap_from < offset < gap_to:  # the widest gap is cut
                first, last, gap_from, gap = widest_gap(offset_m, place, words, more)
                break
        if first >= 0.0:
            odd, front, back, one, two = visited(
                odd, front, back, one, two, none, 2.0 * last, 2.0 * (back_m - first),
                2.0 * (back_m - gap), back_m,
            )  # fmt: skip
        elif place == between:
            two, front, back = min(two, back), min(front, none), inf
        none = inf
    metres: float = min(
        odd + kept[stop, ODD_ON],
        front + kept[stop, FRONT_ON],
        back + kept[stop, BACK_ON],
        one + kept[stop, ONE_ON],
        two + kept[stop, TWO_ON],
    )
    return metres
