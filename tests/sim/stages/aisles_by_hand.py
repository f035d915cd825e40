"""A floor of two short aisles, walked at 1 m/s, where every tour can be reckoned by hand.

The depot stands before aisle 0, aisle 1 is 4 m to the right. Each side of an aisle has a near place
2 m and a far one 4 m behind the front cross-aisle. A tour takes 10 s to set up, each line 5 s to
search, each unit 2 s to take.
"""

from __future__ import annotations

from typing import Any

from tests.sim.engine.playing import EVERY_DAY
from tests.sim.stages.by_hand import merged

NEAR_0, FAR_0, NEAR_1, FAR_1 = 0, 1, 4, 5
PLACES = [NEAR_0, FAR_1, FAR_0, NEAR_1]
"""Where SKUs 0 to 3 lie."""
SEARCH_S = 5.0
WALKED: dict[str, Any] = {
    "warehouse": {
        "walk_speed_m_per_s": 1.0,
        "zones": 2,
        "layout": {
            "aisles": 2,
            "positions_per_side": 2,
            "position_length_m": 2.0,
            "aisle_pitch_m": 4.0,
            "cross_aisle_m": 1.0,
        },
    },
    "picking": {
        "time_s": None,
        "routing": "return",
        "tour_setup_s": 10.0,
        "take_s_per_unit": 2.0,
    },
}


def pickers(heads: int) -> dict[str, Any]:
    """Return a further shift of pickers, around the clock."""
    return {"days": EVERY_DAY, "start": "00:00", "end": "24:00", "pickers": heads}


def picking(heads: int = 1, **keys: Any) -> dict[str, Any]:
    """Return the sections of the two aisles with so many pickers and some keys of picking."""
    return merged(WALKED, {"picking": keys, "staff": {"always": pickers(heads)}})
