"""Pick faces: how often they are topped up, how often too late, and how long lines wait for it."""

from __future__ import annotations

import numpy as np

from sim.kpis.account import Account
from sim.kpis.definition import KpiDefinition
from sim.kpis.sums import in_units, mean, ratio
from sim.log.facts import Fact

MINUTE_S = 60.0
EMERGENCIES = (int(Fact.TOP_UP_ASKED), int(Fact.TOP_UP_LIFTED))


def _in_window(account: Account, *facts: int) -> float:
    rows = account.tables.goods_in.top_ups
    wanted = np.isin(rows["fact"], facts) & account.window.holds(rows["time_s"])
    return float(np.count_nonzero(wanted))


def _has_faces(account: Account) -> bool:
    return account.tables.count(Fact.TOP_UP_ASKED) > 0


def top_ups_per_day(account: Account) -> float | None:
    """Faces topped up (TOPPED_UP) inside the window / its days."""
    if not _has_faces(account):
        return None
    return _in_window(account, int(Fact.TOPPED_UP)) / account.days


def emergency_top_ups_per_1000_lines(account: Account) -> float | None:
    """Emergency top-ups / lines picked, times 1000, inside the window.

    TOP_UP_ASKED as an emergency and TOP_UP_LIFTED; one that is lifted was asked for in time, but
    not brought in time.
    """
    if not _has_faces(account):
        return None
    lines = float(account.tables.of_lines.lines_picked_in_window)
    return ratio(1000.0 * _in_window(account, *EMERGENCIES), lines)


def pick_face_wait_mean_min(account: Account) -> float | None:
    """Mean wait of the lines whose tour found their face too empty (WAITED_FOR_TOP_UP), min.

    From the end of that tour until the units are on the face and claimed; 0 if the face was filled
    meanwhile. In: waits that ended inside the window, all orders.
    """
    rows = account.tables.goods_in.face_waits
    return in_units(mean(rows["waited_s"][account.window.holds(rows["time_s"])]), MINUTE_S)


FAMILY = "pick faces"
NO_FACES = "no pick face was topped up (pick_faces.used)"
DEFINITIONS = (
    KpiDefinition(
        "top_ups_per_day", "1/day", FAMILY, "pick faces topped up", None, top_ups_per_day, NO_FACES
    ),
    KpiDefinition(
        "emergency_top_ups_per_1000_lines",
        "1/1000 lines",
        FAMILY,
        "emergency top-ups, 1000 lines",
        "low",
        emergency_top_ups_per_1000_lines,
        NO_FACES,
    ),
    KpiDefinition(
        "pick_face_wait_mean_min",
        "min",
        FAMILY,
        "wait of a line for its top-up, mean",
        "low",
        pick_face_wait_mean_min,
        "no line waited for a top-up in the window",
    ),
)
