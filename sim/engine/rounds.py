"""Rounds of cycle counts, wired for one replication: which SKUs are counted in how many days."""

from __future__ import annotations

import numpy as np

from sim.engine.setting import Setting
from sim.stages.counts import Counts
from sim.warehouse.demand_classes import abc_of_sku


def counts(setting: Setting) -> Counts | None:
    """Return the counts, best sellers first in their class; None where nothing is counted."""
    rules, abc = setting.scenario.records, setting.scenario.warehouse.abc
    if not rules.counts:
        return None
    catalogue = setting.catalogue
    class_of = abc_of_sku(catalogue.popularity, abc.a_share, abc.b_share)
    first_ones_first = np.argsort(-catalogue.popularity, kind="stable")
    every = rules.count_every_days
    rounds = [
        (first_ones_first[class_of[first_ones_first] == number].tolist(), days)
        for number, days in enumerate((every.a, every.b, every.c))
        if days is not None
    ]
    return Counts(rules, rounds)
