"""How sure we are: intervals over replications, paired differences, verdicts on a family of KPIs.

A replication gives one number a KPI; replications are independent, so Student's t is exact for
normal numbers and good for the means we show. Two scenarios play the same orders (common random
numbers), so they are compared pair by pair. Sums are exact and in replication order.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Number = float | None
Direction = Literal["low", "high"]
Judgement = Literal["identical", "better", "worse", "no clear difference", "too few replications"]


@dataclass(frozen=True)
class Estimate:
    """A mean over replications and how sure it is.

    Parameters
    ----------
    mean
        Mean over the replications in which the KPI is defined.
    lo, hi
        Confidence interval; None for a single replication.
    sd
        Standard deviation between replications; None for a single one.
    n
        Replications in which the KPI is defined, >= 1.
    """

    mean: float
    lo: float | None
    hi: float | None
    sd: float | None
    n: int

    @property
    def half_width(self) -> float | None:
        """Half the width of the interval; None for a single replication."""
        return None if self.lo is None or self.hi is None else (self.hi - self.lo) / 2.0


@dataclass(frozen=True)
class Paired:
    """Difference b - a of pairs of replications.

    Parameters
    ----------
    mean, lo, hi, sd, n
        As in :class:`Estimate`, of the differences.
    variance_ratio
        (variance of a + variance of b) / variance of the differences: how many times as many
        replications independent orders would need. None if the differences do not vary.
    p
        Two-sided p value of "no difference"; None for a single pair.
    """

    mean: float
    lo: float | None
    hi: float | None
    sd: float | None
    n: int
    variance_ratio: float | None
    p: float | None

    @property
    def half_width(self) -> float | None:
        """Half the width of the interval; None for a single pair."""
        return None if self.lo is None or self.hi is None else (self.hi - self.lo) / 2.0


@dataclass(frozen=True)
class Verdict:
    """What the comparison says about one KPI of a family.

    Parameters
    ----------
    name
        Name of the KPI.
    difference
        Paired difference b - a; None if no pair has both numbers.
    p_holm
        p value after Holm's step-down correction over the family; None without one.
    judgement
        The verdict on b.
    """

    name: str
    difference: Paired | None
    p_holm: float | None
    judgement: Judgement


def t_quantile(share: float, degrees: int) -> float:
    """Return the quantile of Student's t.

    Parameters
    ----------
    share
        Probability below the quantile, 0 to 1.
    degrees
        Degrees of freedom, >= 1.
    """
    from scipy.special import stdtrit

    return float(stdtrit(degrees, share))


def mean_and_sd(values: Sequence[float]) -> tuple[float, float | None]:
    """Return mean and standard deviation (n - 1) of at least one number, by exact sums.

    Equal numbers have exactly their own mean and the deviation 0.

    Examples
    --------
    >>> mean_and_sd([1.0, 2.0, 3.0])
    (2.0, 1.0)
    >>> mean_and_sd([0.1, 0.1, 0.1])
    (0.1, 0.0)
    """
    n = len(values)
    if all(v == values[0] for v in values):
        return values[0], 0.0 if n > 1 else None
    mean = math.fsum(values) / n
    return mean, math.sqrt(math.fsum((v - mean) ** 2 for v in values) / (n - 1))


def estimate(values: Sequence[Number], level: float = 0.95) -> Estimate | None:
    """Return mean and t interval of one KPI over replications; None if it is defined in none.

    Parameters
    ----------
    values
        One number a replication, in replication order; None where the KPI is undefined.
    level
        Confidence level, above 0 and below 1.
    """
    known = [v for v in values if v is not None]
    if not known:
        return None
    mean, sd = mean_and_sd(known)
    half = _half_width(sd, len(known), level)
    if half is None:
        return Estimate(mean, None, None, sd, len(known))
    return Estimate(mean, mean - half, mean + half, sd, len(known))


def _half_width(sd: float | None, n: int, level: float) -> float | None:
    if sd is None:
        return None
    return t_quantile(0.5 + level / 2.0, n - 1) * sd / math.sqrt(n) if sd else 0.0


def paired(a: Sequence[Number], b: Sequence[Number], level: float = 0.95) -> Paired | None:
    """Return the paired difference b - a of one KPI; None if no pair has both numbers.

    Parameters
    ----------
    a, b
        One number a replication; element r of both played the same orders. Equal length.
    level
        Confidence level, above 0 and below 1.

    Raises
    ------
    ValueError
        If the lengths differ.
    """
    pairs = [(x, y) for x, y in zip(a, b, strict=True) if x is not None and y is not None]
    if not pairs:
        return None
    differences = [y - x for x, y in pairs]
    mean, sd = mean_and_sd(differences)
    half = _half_width(sd, len(pairs), level)
    if half is None or sd is None:
        return Paired(mean, None, None, None, 1, None, None)
    return Paired(
        mean,
        mean - half,
        mean + half,
        sd,
        len(pairs),
        _variance_ratio(pairs, sd),
        _p_value(mean, sd, len(pairs)),
    )


def _variance_ratio(pairs: Sequence[tuple[float, float]], sd: float) -> float | None:
    if not sd:
        return None
    apart = [mean_and_sd([pair[side] for pair in pairs])[1] or 0.0 for side in (0, 1)]
    return math.fsum(s * s for s in apart) / (sd * sd)


def _p_value(mean: float, sd: float, n: int) -> float:
    if not sd:
        return 1.0 if mean == 0.0 else 0.0
    from scipy.special import stdtr

    return min(1.0, 2.0 * float(stdtr(n - 1, -abs(mean) / (sd / math.sqrt(n)))))


def holm(p_values: Sequence[float]) -> list[float]:
    """Return the p values corrected for being a family, in the given order.

    References
    ----------
    Holm (1979), A simple sequentially rejective multiple test procedure.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(p_values)), key=lambda k: p_values[k])
    corrected = [0.0] * len(p_values)
    so_far = 0.0
    for rank, k in enumerate(order):
        so_far = max(so_far, min(1.0, (len(p_values) - rank) * p_values[k]))
        corrected[k] = so_far
    return corrected


def verdicts(
    a: Mapping[str, Sequence[Number]],
    b: Mapping[str, Sequence[Number]],
    better: Mapping[str, Direction],
    smallest: Mapping[str, float] | None = None,
    alpha: float = 0.05,
) -> dict[str, Verdict]:
    """Return what the pairs say about b against a, for a declared family of KPIs.

    - identical: every pair differs by exactly 0;
    - better, worse: the difference holds after Holm's correction over the family and is at
      least the smallest effect of interest;
    - too few replications: fewer than two pairs; or nothing is shown and the interval is so wide
      that an effect of interest may hide in it;
    - no clear difference: everything else.

    Parameters
    ----------
    a, b
        KPI name to one number a replication; element r of both played the same orders.
    better
        The family: KPI name to the better direction.
    smallest
        Smallest effect of interest, >= 0, in the KPI's own unit; a name that is missing has 0.
    alpha
        Chance that any KPI of the family is called different although none is.
    """
    differences = {name: paired(a[name], b[name], 1.0 - alpha) for name in better}
    tested = [name for name, d in differences.items() if d is not None and d.p is not None]
    corrected = holm([_p_of(differences[name]) for name in tested])
    p_holm: dict[str, float] = dict(zip(tested, corrected, strict=True))
    return {
        name: Verdict(
            name,
            d,
            p_holm.get(name),
            _judge(d, p_holm.get(name), better[name], (smallest or {}).get(name, 0.0), alpha),
        )
        for name, d in differences.items()
    }


def _p_of(difference: Paired | None) -> float:
    return 1.0 if difference is None or difference.p is None else difference.p


def _judge(
    difference: Paired | None,
    p: float | None,
    better: Direction,
    smallest: float,
    alpha: float,
) -> Judgement:
    if difference is not None and difference.mean == 0.0 and not difference.sd:
        return "identical"
    if difference is None or p is None or difference.half_width is None:
        return "too few replications"
    return judge(difference.mean, difference.half_width, p, better, smallest, alpha)


def judge(
    difference: float,
    half_width: float,
    p: float,
    better: Direction,
    smallest: float,
    alpha: float,
) -> Judgement:
    """Return the verdict on a difference that is not identically 0.

    Parameters
    ----------
    difference, half_width
        Estimate of b - a and half its interval, in the KPI's unit.
    p
        p value of "no difference", already corrected for the family.
    better
        The better direction.
    smallest
        Smallest effect of interest, >= 0, in the KPI's unit.
    alpha
        Chance of a false alarm, above 0 and below 1.
    """
    if p <= alpha and abs(difference) >= smallest:
        return "better" if (difference < 0.0) == (better == "low") else "worse"
    if p > alpha and 0.0 < smallest < half_width:
        return "too few replications"
    return "no clear difference"
