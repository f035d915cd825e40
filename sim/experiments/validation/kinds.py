"""The kinds of cases, and which module makes a scenario of each."""

from __future__ import annotations

import importlib
from collections.abc import Callable

from sim.experiments.validation.system import Case, System

KINDS = {
    "queue": "sim.experiments.validation.queues:system",
    "network": "sim.experiments.validation.networks:system",
    "batch_queue": "sim.experiments.validation.batches:system",
    "forkjoin": "sim.experiments.validation.forkjoin:system",
    "skills": "sim.experiments.validation.skills:system",
    "repair": "sim.experiments.validation.repair:system",
    "inventory": "sim.experiments.validation.inventory:system",
    "returns": "sim.experiments.validation.returns:system",
    "geometry": "sim.experiments.validation.geometry:system",
}
METRICS = {
    "Wq": "", "W": "", "Lq": "", "L": "", "N_at": "number", "p_wait": "", "p_wait_gt": "number",
    "p_sojourn_gt": "number", "p_wait_at": "number", "p_block": "", "p_abandon": "", "util": "",
    "throughput": "", "Wq_batch": "", "batch_form_wait": "", "L_down": "", "availability": "",
    "Wq_repair": "", "on_hand": "", "backorders": "", "fill_rate": "", "lost_rate": "",
    "customer_wait": "", "p_customer_wait_gt": "number", "order_rate": "", "cost_rate": "",
    "returned_units": "", "rate_of_return_window": "", "order_accuracy": "", "line_accuracy": "",
    "aisles_visited": "", "farthest_aisle": "", "farthest_in_aisle_given_all_in_one": "",
}  # fmt: skip
"""Metric to the argument it must have: a number, or none (a name may follow)."""


def system(case: Case) -> System:
    """Return a case as a scenario.

    Raises
    ------
    NotInScenarios
        No scenario says it.
    ValueError
        Its params are not those of its kind.
    """
    module, name = KINDS[case.kind].split(":")
    make: Callable[[Case], System] = getattr(importlib.import_module(module), name)
    return make(case)
