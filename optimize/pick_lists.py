"""Pick lists of a simulated or a real day, read from the event log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.log.event_log import Chunk
from sim.log.facts import Fact

DAY_S = 86_400.0


@dataclass(frozen=True)
class PickList:
    """One tour as it was walked.

    Parameters
    ----------
    tour
        Number of the tour in the log.
    ended_s
        Time of its end, seconds from the scenario's start.
    stops
        Location of each line, in the order of the log.
    walked_m
        Metres that were walked.
    lines
        Number of each order line.
    """

    tour: int
    ended_s: float
    stops: tuple[int, ...]
    walked_m: float
    lines: tuple[int, ...] = ()


def pick_lists(
    log: Chunk, sku_of_line: Sequence[int], location_of_sku: Sequence[int]
) -> list[PickList]:
    """Return every tour of a log with the locations it stopped at.

    Parameters
    ----------
    log
        The whole log; a tour's end is followed by its lines.
    sku_of_line, location_of_sku
        SKU of each order line, location of each SKU.
    """
    typed_as: dict[int, int] = {}
    lists: list[PickList] = []
    stops: list[int] = []
    lines: list[int] = []
    wanted = (log.fact == Fact.TOUR_ENDED) | (log.fact == Fact.LINE_PICKED)
    wanted |= (log.fact == Fact.TYPED_AS) | (log.fact == Fact.EXCHANGED)
    rows = zip(
        log.time_s[wanted].tolist(),
        log.fact[wanted].tolist(),
        log.subject[wanted].tolist(),
        log.other[wanted].tolist(),
        log.value[wanted].tolist(),
        strict=True,
    )
    for time_s, fact, subject, other, value in rows:
        if fact == Fact.TYPED_AS:
            typed_as[subject] = other
        elif fact == Fact.EXCHANGED:  # what is picked for this line from now on is what is sent
            typed_as[subject] = int(value)
        elif fact == Fact.TOUR_ENDED:
            stops, lines = [], []
            lists.append(PickList(subject, time_s, (), value))
        else:
            sku = typed_as.get(subject, sku_of_line[subject])
            stops.append(location_of_sku[sku])
            lines.append(subject)
            last = lists[-1]
            lists[-1] = PickList(last.tour, last.ended_s, tuple(stops), last.walked_m, tuple(lines))
    return lists


def busiest_day(lists: Sequence[PickList], first_s: float, last_s: float) -> int:
    """Return the day (counted from the scenario's start) with the most lines in a window."""
    lines: dict[int, int] = {}
    for one in lists:
        if first_s <= one.ended_s < last_s:
            day = int(one.ended_s // DAY_S)
            lines[day] = lines.get(day, 0) + len(one.stops)
    return max(lines, key=lambda day: (lines[day], -day)) if lines else int(first_s // DAY_S)


def of_day(lists: Sequence[PickList], day: int) -> list[PickList]:
    """Return the lists whose tours ended on a day."""
    return [one for one in lists if int(one.ended_s // DAY_S) == day]
