"""How long a tour through one block is by each rule for aisles.

Plain functions, called for every tour. All take the aisle and the offset of each stop (at least one
stop, any order), the length of an aisle between the centre lines of the cross-aisles, the aisle
pitch and the depot's aisle number.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, inf


def across_m(aisles: Sequence[int], aisle_pitch_m: float, depot_aisle: float) -> float:
    """Return the metres along the cross-aisles to the outermost stops and back."""
    return 2.0 * aisle_pitch_m * (max(*aisles, depot_aisle) - min(*aisles, depot_aisle))


def s_shape_m(
    aisles: list[int],
    offsets_m: list[float],
    aisle_length_m: float,
    aisle_pitch_m: float,
    depot_aisle: float,
) -> float:
    """Return the S-shape length: every aisle with stops is crossed, from left to right.

    With an odd number of aisles the last one is walked to its farthest stop and back.
    """
    last = max(aisles)
    crossed = len(set(aisles))
    length_m = across_m(aisles, aisle_pitch_m, depot_aisle)
    if crossed % 2:
        crossed -= 1
        length_m += 2.0 * max(
            [offset for aisle, offset in zip(aisles, offsets_m, strict=True) if aisle == last]
        )
    return length_m + crossed * aisle_length_m


def return_m(
    aisles: list[int],
    offsets_m: list[float],
    aisle_length_m: float,
    aisle_pitch_m: float,
    depot_aisle: float,
) -> float:
    """Return the length when each aisle is entered and left through its front end."""
    farthest: dict[int, float] = {}
    for aisle, offset in zip(aisles, offsets_m, strict=True):
        if offset > farthest.get(aisle, -1.0):
            farthest[aisle] = offset
    return across_m(aisles, aisle_pitch_m, depot_aisle) + 2.0 * fsum(farthest.values())


def midpoint_m(
    aisles: list[int],
    offsets_m: list[float],
    aisle_length_m: float,
    aisle_pitch_m: float,
    depot_aisle: float,
) -> float:
    """Return the midpoint length: outer aisles crossed, stops between reached from the nearer end.

    A stop exactly in the middle is reached from the front. A single aisle is walked as in
    ``return_m``.
    """
    first, last = min(aisles), max(aisles)
    length_m = across_m(aisles, aisle_pitch_m, depot_aisle)
    if first == last:
        return length_m + 2.0 * max(offsets_m)
    half_m = 0.5 * aisle_length_m
    from_front: dict[int, float] = {}
    from_back: dict[int, float] = {}
    for aisle, offset in zip(aisles, offsets_m, strict=True):
        if aisle in (first, last):
            continue
        if offset <= half_m:
            if offset > from_front.get(aisle, -1.0):
                from_front[aisle] = offset
        elif offset < from_back.get(aisle, inf):
            from_back[aisle] = offset
    fronts_m = fsum(from_front.values())
    backs_m = len(from_back) * aisle_length_m - fsum(from_back.values())
    return length_m + 2.0 * (aisle_length_m + fronts_m + backs_m)


def largest_gap_m(
    aisles: list[int],
    offsets_m: list[float],
    aisle_length_m: float,
    aisle_pitch_m: float,
    depot_aisle: float,
) -> float:
    """Return the largest-gap length: outer aisles crossed, between them the widest gap left out.

    A gap lies between neighbouring stops of an aisle or between a stop and an end of the aisle.
    A single aisle is walked as in ``return_m``.
    """
    first, last = min(aisles), max(aisles)
    length_m = across_m(aisles, aisle_pitch_m, depot_aisle)
    if first == last:
        return length_m + 2.0 * max(offsets_m)
    walked_m = [aisle_length_m]
    current = first
    before_m = gap_m = 0.0
    for aisle, offset in sorted(zip(aisles, offsets_m, strict=True)):
        if aisle != current:
            if current != first:
                walked_m.append(aisle_length_m - max(gap_m, aisle_length_m - before_m))
            if aisle == last:
                break
            current = aisle
            before_m = gap_m = 0.0
        if offset - before_m > gap_m:  # noqa: PLR1730 - called for every stop; max() is slower
            gap_m = offset - before_m
        before_m = offset
    return length_m + 2.0 * fsum(walked_m)


def combined_m(
    aisles: list[int],
    offsets_m: list[float],
    aisle_length_m: float,
    aisle_pitch_m: float,
    depot_aisle: float,
) -> float:
    """Return the combined length: each aisle, left to right, is crossed or entered and left again.

    Which of both is best for the whole trip is found by a recursion over the aisles with one
    value for each end where the picker may stand (Roodbergen & de Koster 2001, one block).
    """
    nearest: dict[int, float] = {}
    farthest: dict[int, float] = {}
    for aisle, offset in zip(aisles, offsets_m, strict=True):
        if offset > farthest.get(aisle, -1.0):
            farthest[aisle] = offset
        if offset < nearest.get(aisle, inf):
            nearest[aisle] = offset
    front_m, back_m = 0.0, inf
    for aisle in sorted(farthest):
        front_m, back_m = combined_step(
            front_m, back_m, nearest[aisle], farthest[aisle], aisle_length_m
        )
    return across_m(aisles, aisle_pitch_m, depot_aisle) + front_m


def combined_step(
    front_m: float, back_m: float, nearest_m: float, farthest_m: float, aisle_length_m: float
) -> tuple[float, float]:
    """Return the shortest walks that end in front of and behind an aisle once it is picked."""
    return (
        min(front_m + 2.0 * farthest_m, back_m + aisle_length_m),
        min(back_m + 2.0 * (aisle_length_m - nearest_m), front_m + aisle_length_m),
    )
