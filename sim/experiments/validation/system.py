"""What a case becomes before it is played: the sections of a scenario, and what is measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.engine.setting import Setting
from sim.kpis.tables import Tables
from sim.log.event_log import Chunk
from sim.orders.book import OrderBook


class NotInScenarios(ValueError):
    """A case asks for what no scenario can say; the words name it."""


@dataclass(frozen=True)
class Row:
    """One exact figure.

    Parameters
    ----------
    metric
        As written, ``name`` or ``name:argument``.
    expected
        Exact value, in the case's unit of time.
    max_rel_half_width
        The 95 % half-width may be at most this share of the expected value.
    warm_up
        A warm-up that is long enough, in the case's unit of time, >= 0.
    formula, source
        Where the value comes from.
    """

    metric: str
    expected: float
    max_rel_half_width: float
    warm_up: float
    formula: str = ""
    source: str = ""


@dataclass(frozen=True)
class Case:
    """A system with exact answers.

    Parameters
    ----------
    name, kind, title
        Its id, a word of the vocabulary, and words for people.
    time_unit_s
        Seconds in the unit of its rates, times and answers.
    params
        The system, as the file's JSON says it.
    rows
        Its figures, at least one.
    """

    name: str
    kind: str
    title: str
    time_unit_s: float
    params: Mapping[str, Any]
    rows: tuple[Row, ...]

    @property
    def warm_up(self) -> float:
        """The longest warm-up that its rows ask for, in the case's unit of time."""
        return max(row.warm_up for row in self.rows)


@dataclass(frozen=True)
class Played:
    """One replication of a case: what the measures read."""

    setting: Setting
    book: OrderBook
    log: Chunk
    tables: Tables
    kpis: Mapping[str, float | None]


Measure = Callable[[Played], float]


@dataclass(frozen=True)
class System:
    """A case as a scenario.

    Parameters
    ----------
    sections
        The scenario's sections as a planner would write them.
    measures
        Metric, as the case writes it, to what is measured in one replication, in the case's units.
    pilot_days
        Measured days of a first replication; runs are made longer from there.
    fixed_window
        The measured days belong to the case: only more replications make its figures narrower.
    """

    sections: Mapping[str, Any]
    measures: Mapping[str, Measure] = field(default_factory=dict)
    pilot_days: float = 1.0
    fixed_window: bool = False
