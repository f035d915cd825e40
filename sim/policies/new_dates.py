"""What date to tell when the goods that a backorder was promised from are overdue."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.schema import Law, law_quantile

DAY_S = 86_400.0
MOST_STEPS = 20


class NewDates:
    """Ever later dates of an overdue delivery.

    The first promise is the quantile q of the lead time L. If L has passed it, the same quantile of
    what is left is that of L at 1 - (1 - q)^2, since P(L <= t | L > t1) = (F(t) - q) / (1 - q); if
    that passes too, at 1 - (1 - q)^3, and so on. Where the law says no more (all of it has passed:
    the goods wait at the dock), it is a day from now.

    Parameters
    ----------
    lead_time_days
        The supplier's lead time.
    quantile
        What is promised, q.
    """

    def __init__(self, lead_time_days: Law, quantile: float) -> None:
        self._law = lead_time_days
        self._miss = 1.0 - quantile
        self._later_s: list[float] = []

    def due_s(self, promised_s: float, now_s: float) -> float:
        """Return the next date after now for what was due at ``promised_s``."""
        for later_s in self._steps():
            if promised_s + later_s > now_s:
                return promised_s + later_s
        return now_s + DAY_S

    def _steps(self) -> Iterator[float]:
        """Yield how much later than the first date each further one is, s; worked out once."""
        yield from self._later_s
        while len(self._later_s) < MOST_STEPS:
            share = 1.0 - self._miss ** (len(self._later_s) + 2)
            if share >= 1.0:
                return
            first = law_quantile(self._law, 1.0 - self._miss)
            self._later_s.append((law_quantile(self._law, share) - first) * DAY_S)
            yield self._later_s[-1]
