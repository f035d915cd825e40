"""What the log says about stations: visits from coming to going, machines, other work."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.kpis.columns import Rows
from sim.kpis.slices import Facts, Handler, Slice, in_order
from sim.log.facts import Fact

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

CAME, STARTED = int(Fact.AT_STATION), int(Fact.STATION_STARTED)
ENDED, FULL, LEFT = int(Fact.STATION_ENDED), int(Fact.STATION_FULL), int(Fact.STATION_LEFT)
INTERRUPTED = int(Fact.STATION_INTERRUPTED)
VISIT_FACTS = (CAME, STARTED, ENDED, FULL, LEFT, INTERRUPTED)
ENDS = (ENDED, FULL, LEFT)
BROKE, REPAIR, REPAIRED = int(Fact.BROKE_DOWN), int(Fact.REPAIR_STARTED), int(Fact.REPAIRED)
REPAIR_FACTS = (BROKE, REPAIR, REPAIRED)


@dataclass(frozen=True)
class Visits:
    """Visits of shipments to stations, by shipment and time. Shape (visits,) each.

    Attributes
    ----------
    shipment, station
        Who came, and where.
    came_s, begun_s, ended_s
        When it came, when the work began first, when it went on; NaN: not, or not yet.
    end
        STATION_ENDED, STATION_FULL or STATION_LEFT; 0 while it is there.
    interruptions
        How often the work was dropped.
    ends
        How often it ended: 0 or 1 in a sound log.
    unsound
        Whether facts of it stand in an impossible order.
    """

    shipment: Integers
    station: Integers
    came_s: Floats
    begun_s: Floats
    ended_s: Floats
    end: Integers
    interruptions: Integers
    ends: Integers
    unsound: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Breakdowns:
    """Breakdowns by machine and time. Shape (breakdowns,) each; NaN: not yet.

    ``unsound``: the machine broke down again before it was repaired, or the like.
    """

    machine: Integers
    station: Integers
    broke_s: Floats
    repair_s: Floats
    repaired_s: Floats
    unsound: npt.NDArray[np.bool_]


class StationTables:
    """Stations and their machines.

    Attributes
    ----------
    facts
        Rows of visits in the order of happening: ``time_s fact shipment station``.
    repairs
        The same of machines: ``time_s fact machine station``.
    side_work
        Rows of pieces of other work: ``person station end_s length_s``.
    """

    def __init__(self) -> None:
        self.facts = Rows(time_s="f8", fact="u1", shipment="i4", station="i2")
        self.repairs = Rows(time_s="f8", fact="u1", machine="i4", station="i2")
        self.side_work = Rows(person="i4", station="i2", end_s="f8", length_s="f8")

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.facts.nbytes + self.repairs.nbytes + self.side_work.nbytes

    def handlers(self) -> dict[int, Handler]:
        """Return what to do with each kind of fact whose order among others does not matter."""
        return {
            int(Fact.SIDE_WORKED): lambda s: self.side_work.append(
                len(s.subject),
                person=s.subject,
                station=s.other,
                end_s=s.time_s,
                length_s=s.value,
            )
        }

    def fold(self, slices: dict[int, Slice]) -> None:
        """Fold visits and repairs in the order of happening."""
        _append(self.facts, "shipment", in_order(slices, VISIT_FACTS))
        _append(self.repairs, "machine", in_order(slices, REPAIR_FACTS))

    def visits(self) -> Visits:
        """Return all visits."""
        rows = self.facts
        order = np.argsort(rows["shipment"], kind="stable")
        fact, time_s = rows["fact"][order].astype(np.int64), rows["time_s"][order]
        shipment = rows["shipment"][order].astype(np.int64)
        station = rows["station"][order].astype(np.int64)
        number, first = _numbered(fact == CAME)
        count = len(first)
        is_end = np.isin(fact, ENDS)
        at_end = np.flatnonzero(is_end)
        end = np.zeros(count, dtype=np.int64)
        end[number[at_end]] = fact[at_end]
        ended_s = np.full(count, np.nan)
        ended_s[number[at_end]] = time_s[at_end]
        elsewhere = (shipment != shipment[first[number]]) | (station != station[first[number]])
        after_end = np.append(False, is_end[:-1] & (number[1:] == number[:-1]))[: len(fact)]
        return Visits(
            shipment[first],
            station[first],
            time_s[first],
            _first(number, time_s, fact == STARTED, count),
            ended_s,
            end,
            np.bincount(number[fact == INTERRUPTED], minlength=count),
            np.bincount(number[at_end], minlength=count),
            np.bincount(number[elsewhere | after_end], minlength=count) > 0,
        )

    def breakdowns(self) -> Breakdowns:
        """Return all breakdowns."""
        rows = self.repairs
        order = np.argsort(rows["machine"], kind="stable")
        fact, time_s = rows["fact"][order].astype(np.int64), rows["time_s"][order]
        machine = rows["machine"][order].astype(np.int64)
        number, first = _numbered(fact == BROKE)
        count = len(first)
        repaired = np.bincount(number[fact == REPAIRED], minlength=count)
        another = np.bincount(number[machine != machine[first[number]]], minlength=count)
        goes_on = np.append(machine[first][1:] == machine[first][:-1], False)[:count]
        return Breakdowns(
            machine[first],
            rows["station"][order].astype(np.int64)[first],
            time_s[first],
            _first(number, time_s, fact == REPAIR, count),
            _first(number, time_s, fact == REPAIRED, count),
            (repaired > 1) | (another > 0) | (goes_on & (repaired == 0)),
        )


def _append(rows: Rows, subject: str, facts: Facts | None) -> None:
    if facts is not None:
        who = {subject: facts.subject}
        rows.append(
            len(facts.fact), time_s=facts.time_s, fact=facts.fact, station=facts.other, **who
        )


def _numbered(begins: npt.NDArray[np.bool_]) -> tuple[Integers, Integers]:
    """Return the number of the stretch that each row is in, and each stretch's first row.

    A row before any beginning belongs to the first stretch, or begins it.
    """
    if len(begins) and not begins[0]:
        begins = begins.copy()
        begins[0] = True
    return np.cumsum(begins) - 1, np.flatnonzero(begins)


def _first(number: Integers, time_s: Floats, chosen: npt.NDArray[np.bool_], count: int) -> Floats:
    """Return the time of the first chosen row of each stretch; NaN without any."""
    found = np.full(count, np.nan)
    at = np.flatnonzero(chosen)[::-1]
    found[number[at]] = time_s[at]
    return found
