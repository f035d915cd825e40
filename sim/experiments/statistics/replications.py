"""How many replications: stop when every KPI is as precise as was asked, and stays so for a while.

An interval may be narrow by luck. So after the first moment at which all KPIs are precise enough
some more replications are looked at, and the precision has to hold in all of them. Stopping by the
data costs a little coverage, most of it when few replications suffice: there are at least 10.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sim.experiments.statistics.series import check_share
from sim.kpis.estimates import t_quantile

LEAST = 3
"""Fewer replications say nothing about their spread."""


@dataclass(frozen=True)
class Precision:
    """How narrow an interval has to be.

    Parameters
    ----------
    relative
        Half-width as a share of the mean, >= 0.
    absolute
        Half-width in the KPI's own unit that is narrow enough whatever the mean, >= 0; the way
        out for a KPI that may be near 0. The wider of the two counts; one of them is above 0.

    Raises
    ------
    ValueError
        A negative or infinite bound, or neither.
    """

    relative: float = 0.1
    absolute: float = 0.0

    def __post_init__(self) -> None:
        for name in ("relative", "absolute"):
            found = getattr(self, name)
            if not 0.0 <= found < math.inf:
                raise ValueError(f"precision.{name}: found {found}; expected a number >= 0")
        if self.relative == self.absolute == 0.0:
            raise ValueError(
                "precision: found relative 0 and absolute 0; expected one of them above 0, "
                "as relative 0.1"
            )

    def allows(self, half_width: float, mean: float) -> bool:
        """Return whether an interval is narrow enough."""
        return half_width <= max(self.relative * abs(mean), self.absolute)


@dataclass
class _Kpi:
    """Running mean and sum of squares of one KPI (Welford 1962), and since when it is precise."""

    n: int = 0
    mean: float = 0.0
    squares: float = 0.0
    precise_since: int | None = None

    def add(self, value: float) -> None:
        self.n += 1
        step = value - self.mean
        self.mean += step / self.n
        self.squares += step * (value - self.mean)

    def half_width(self, level: float) -> float:
        if self.n < LEAST:
            return math.inf
        sd = math.sqrt(self.squares / (self.n - 1))
        return t_quantile(0.5 + level / 2.0, self.n - 1) * sd / math.sqrt(self.n)


@dataclass
class Replications:
    """Replications are fed one by one; `enough` says when to stop.

    Parameters
    ----------
    precisions
        KPI name to the precision that is wanted; at least one.
    level
        Confidence level of each interval, above 0 and below 1.
    minimum
        Replications before the first judgement, >= 3. The rule's guarantee is for a precision that
        goes to 0 (Chow & Robbins 1965); below 10 the coverage falls visibly.
    look_ahead
        Further replications in which the precision has to hold, >= 0, while there are at most 100;
        later that many per cent of the replications.

    Raises
    ------
    ValueError
        A setting outside its range, or no KPI.

    References
    ----------
    Hoad, Robinson, Davies (2010), Automated selection of the number of replications for a
    discrete-event simulation, section 3: d_n = 100 t s / (sqrt(n) mean), f = kLimit max(n, 100) /
    100.

    Examples
    --------
    >>> rule = Replications({"lead_time_h": Precision(relative=0.05)}, look_ahead=2)
    >>> for hours in [20.1, 19.8, 20.3, 20.0, 19.9, 20.2, 20.1, 19.7, 20.0, 20.1, 20.2, 19.9]:
    ...     rule.add({"lead_time_h": hours})
    >>> rule.enough, rule.needed
    (True, 10)
    """

    precisions: Mapping[str, Precision]
    level: float = 0.95
    minimum: int = 10
    look_ahead: int = 5
    done: int = field(default=0, init=False)
    _kpis: dict[str, _Kpi] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        check_share(self.level, "level")
        if not self.precisions:
            raise ValueError("precisions: found no KPI; expected at least one to wait for")
        if self.minimum < LEAST:
            raise ValueError(f"minimum: found {self.minimum}; expected >= {LEAST}, better >= 10")
        if self.look_ahead < 0:
            raise ValueError(f"look_ahead: found {self.look_ahead}; expected >= 0, as 5")
        self._kpis = {name: _Kpi() for name in self.precisions}

    def add(self, values: Mapping[str, float | None]) -> None:
        """Take the next replication.

        Parameters
        ----------
        values
            KPI name to value; None where it is undefined. Further names are ignored.

        Raises
        ------
        ValueError
            A KPI is missing or not finite; nothing of the replication is counted then.
        """
        for name in self.precisions:
            if name not in values:
                raise ValueError(
                    f"replication {self.done}: found no value of {name}; expected a number, "
                    "or None where it is undefined"
                )
            value = values[name]
            if value is not None and not math.isfinite(value):
                raise ValueError(
                    f"replication {self.done}: found {name} = {value}; expected a finite number, "
                    "or None where it is undefined"
                )
        self.done += 1
        for name, kpi in self._kpis.items():
            if (value := values[name]) is not None:
                kpi.add(value)
            self._judge(kpi, self.precisions[name])

    def _judge(self, kpi: _Kpi, precision: Precision) -> None:
        if self.done < self.minimum or not precision.allows(kpi.half_width(self.level), kpi.mean):
            kpi.precise_since = None
        elif kpi.precise_since is None:
            kpi.precise_since = self.done

    @property
    def needed(self) -> int | None:
        """Replications from which on all KPIs have been precise; None while one is not."""
        since = [kpi.precise_since for kpi in self._kpis.values()]
        known = [n for n in since if n is not None]
        return max(known) if len(known) == len(since) else None

    @property
    def enough(self) -> bool:
        """Whether the precision has held for as long as the rule looks ahead."""
        needed = self.needed
        if needed is None:
            return False
        return self.done >= needed + self.look_ahead * max(needed, 100) // 100

    @property
    def waiting_for(self) -> tuple[str, ...]:
        """KPIs that are not precise enough now."""
        return tuple(name for name, kpi in self._kpis.items() if kpi.precise_since is None)


def replications_needed(
    values: Sequence[float],
    precision: Precision | None = None,
    *,
    level: float = 0.95,
    minimum: int = 10,
    look_ahead: int = 5,
) -> int | None:
    """Return how many of these replications suffice for one KPI; None if all of them do not.

    Parameters
    ----------
    values
        One number a replication, in order.
    precision
        Default 10 per cent of the mean.
    level, minimum, look_ahead
        As in :class:`Replications`.
    """
    rule = Replications(
        {"kpi": precision or Precision()}, level=level, minimum=minimum, look_ahead=look_ahead
    )
    for value in values:
        rule.add({"kpi": value})
        if rule.enough:
            return rule.needed
    return None
