"""When to buy, and how much: up to S when the position falls to s, or Q when it falls to r."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import NamedTuple

MOST_SD = 8.0
HALVINGS = 60


class ReorderLevels(NamedTuple):
    """Levels of one SKU in units: buy when the position is at ``point`` or below.

    ``lot`` is the quantity Q that is bought, once or several times, until the position is above the
    point; 0: whatever is missing to ``up_to``. With a lot, ``up_to`` is point + lot, the highest
    position.
    """

    point: int
    up_to: int
    lot: int = 0


def reorder_levels(
    demand_units_per_day: float,
    demand_variance_per_day: float,
    lead_time_mean_days: float,
    lead_time_sd_days: float,
    service_level: float,
    order_days: float,
) -> ReorderLevels:
    """Return s and S of a SKU by the normal approximation of demand over the lead time.

    Parameters
    ----------
    demand_units_per_day, demand_variance_per_day
        Mean and variance of a day's demand, units.
    lead_time_mean_days, lead_time_sd_days
        Supplier's lead time; with periodic review, the lead time and the time between reviews.
    service_level
        Chance that stock lasts over a lead time, 0 to 1.
    order_days
        Days of demand bought at a time.

    References
    ----------
    Silver, Pyke, Thomas (2017), Inventory and Production Management, eq. 6.36:
    sd^2 = L var + d^2 var_L; chapter 6.9 for periodic review: L + R in the place of L.
    """
    mean = demand_units_per_day * lead_time_mean_days
    variance = (
        lead_time_mean_days * demand_variance_per_day
        + (demand_units_per_day * lead_time_sd_days) ** 2
    )
    point = max(0, math.ceil(mean + NormalDist().inv_cdf(service_level) * math.sqrt(variance)))
    return ReorderLevels(point, point + max(1, math.ceil(demand_units_per_day * order_days)))


def fill_rate_point(mean: float, variance: float, quantity: float, fill_rate: float) -> int:
    """Return the reorder point at which a share of the units is met at once.

    Parameters
    ----------
    mean, variance
        Of the demand over the time that stock must last, units.
    quantity
        Units bought at a time.
    fill_rate
        Share of the units that is met from stock, 0 to 1.

    References
    ----------
    Silver, Pyke, Thomas (2017), section 6.7 (service measure P2): the k at which sd x G(k) =
    quantity x (1 - fill rate), where G is the unit normal loss; what is short when a delivery comes
    is taken to be small against the quantity.
    """
    sd = math.sqrt(variance)
    if sd == 0.0:
        return max(0, math.ceil(mean))
    normal, wanted = NormalDist(), quantity * (1.0 - fill_rate) / sd
    low, high = -MOST_SD, MOST_SD
    for _ in range(HALVINGS):
        k = (low + high) / 2.0
        loss = normal.pdf(k) - k * (1.0 - normal.cdf(k))
        low, high = (k, high) if loss > wanted else (low, k)
    return max(0, math.ceil(mean + high * sd))


def levels_by_policy(
    policy: str,
    computed: ReorderLevels,
    reorder_point: int | None = None,
    order_up_to: int | None = None,
    order_quantity: int | None = None,
) -> ReorderLevels:
    """Return the levels of a SKU: those that are given, and for the others those computed.

    Parameters
    ----------
    policy
        ``s_S``, ``r_Q`` or ``base_stock``.
    computed
        s, and S - s for the quantity, of :func:`reorder_levels`.
    reorder_point, order_up_to, order_quantity
        Levels given by the planner, units. What plays no part in the policy is not looked at.
    """
    if policy == "base_stock":
        up_to = max(1, computed.point) if order_up_to is None else order_up_to
        return ReorderLevels(up_to - 1, up_to)
    quantity = computed.up_to - computed.point
    if policy == "r_Q":
        point = computed.point if reorder_point is None else reorder_point
        lot = order_quantity or quantity
        return ReorderLevels(point, point + lot, lot)
    if order_up_to is None:
        point = computed.point if reorder_point is None else reorder_point
        return ReorderLevels(point, point + quantity)
    point = computed.point if reorder_point is None else reorder_point
    return ReorderLevels(min(point, order_up_to - 1), order_up_to)


def economic_order_quantity(
    demand_units_per_year: float, order_cost_eur: float, holding_eur_per_unit_year: float
) -> int:
    """Return the economic order quantity, rounded to whole units, at least 1.

    References
    ----------
    Harris (1913); Silver, Pyke, Thomas (2017), eq. 4.4: sqrt(2 A D / (v r)).
    """
    if holding_eur_per_unit_year <= 0.0:
        return max(1, math.ceil(demand_units_per_year))
    exact = math.sqrt(2.0 * demand_units_per_year * order_cost_eur / holding_eur_per_unit_year)
    return max(1, round(exact))


def units_to_buy(position: int, levels: ReorderLevels) -> int:
    """Return the units to buy at a stock position (on hand + on order - promised), 0 for none."""
    if position > levels.point:
        return 0
    if levels.lot:
        return -(-(levels.point + 1 - position) // levels.lot) * levels.lot
    return levels.up_to - position


def as_sold(units: int, least_units: int, pack_units: int) -> int:
    """Return the units of a purchase order that a supplier takes: at least its minimum, in packs.

    Examples
    --------
    >>> as_sold(7, 10, 6)
    12
    """
    return -(-max(units, least_units) // pack_units) * pack_units


def shares_of_value(demand_value: list[float]) -> list[float]:
    """Return for each SKU the share of the whole demand value of those that sell for more.

    The best SKU has 0; ties go by number. ABC analysis takes those below a bound.

    Examples
    --------
    >>> shares_of_value([1.0, 7.0, 2.0])
    [0.9, 0.0, 0.7]
    """
    total = math.fsum(demand_value) or 1.0
    before = [0.0] * len(demand_value)
    running = 0.0
    for sku in sorted(range(len(demand_value)), key=lambda k: (-demand_value[k], k)):
        before[sku] = running / total
        running += demand_value[sku]
    return before
