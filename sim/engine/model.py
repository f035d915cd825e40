"""The model: wires the stages to one clock and plays one replication."""

from __future__ import annotations

import gc
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import simpy

from sim.clock.process import LeanProcess
from sim.engine.always_true import assert_always_true
from sim.engine.setting import Setting
from sim.engine.wiring import build_house
from sim.log.event_log import Chunk, EventLog
from sim.orders.book import OrderBook
from sim.orders.generated import order_book
from sim.stages.house import House
from sim.stages.intake import take_orders

DAY_S = 86_400.0

Progress = Callable[[float], None]
"""Called with the share of the simulated time that has passed, 0 to 1."""


@dataclass(frozen=True)
class Played:
    """What a replication leaves behind beside its log.

    Parameters
    ----------
    ended_s
        Simulated time of the end.
    open_lives
        Orders, legs and returns not yet at their end when the follow-up time ran out.
    facts
        Facts logged.
    """

    ended_s: float
    open_lives: int
    facts: int


def play(
    setting: Setting,
    replication: int,
    readers: Iterable[Callable[[Chunk], None]] = (),
    *,
    book: OrderBook | None = None,
    progress: Progress | None = None,
) -> Played:
    """Play one replication; the readers get its log chunk by chunk.

    Parameters
    ----------
    setting
        Scenario, catalogue, floor.
    replication
        Number of the replication from 0.
    readers
        Called with each chunk of facts in order.
    book
        The order book, if it has been drawn already.
    progress
        Called now and then with the share of simulated time that has passed.

    Raises
    ------
    BalanceError
        An always-true rule does not hold: a bug of the model.
    """
    if book is None:
        book = order_book(setting.scenario, setting.catalogue, replication, setting.demand)
    with _only_own_garbage():
        house = build_house(setting, book, EventLog(readers))
        del book  # the house has it
        _live(house, progress)
        _close(house)
        assert_always_true(house)
        played = Played(house.env.now, house.lives_open, house.log.facts)
        del house  # it holds itself in circles, and the book's luck with it
        gc.collect()
    return played


def _live(house: House, progress: Progress | None) -> None:
    """Let the orders come, and the clock run until the last life has ended or the time is over."""
    env, run, demand = house.env, house.scenario.run, house.book.demand
    last_s = float(demand.placed_s[-1]) if demand.orders else 0.0
    window_end_s = (run.warm_up_days + run.horizon_days) * DAY_S
    until_s = max(window_end_s, last_s + run.follow_up_days * DAY_S)
    house.finished = finished = env.event()
    LeanProcess(_deadline(house, until_s))
    LeanProcess(_keep_open(house, window_end_s))
    LeanProcess(take_orders(house))
    if progress is not None:
        LeanProcess(_tick(env, last_s, progress))
    env.run_to(finished)


def _deadline(house: House, until_s: float) -> Generator[simpy.Event, Any, None]:
    """End the run when the follow-up time is over, whatever is still open."""
    yield house.env.timeout(until_s)
    if house.finished is not None:
        house.finished.succeed()
        house.finished = None


def _keep_open(house: House, until_s: float) -> Generator[simpy.Event, Any, None]:
    """Keep the house open to the window's end: people are paid for it even without orders."""
    house.life_begins()
    yield house.env.timeout(until_s)
    house.life_ends()


@contextmanager
def _only_own_garbage() -> Iterator[None]:
    """Hold the cycle collector; what is collected by hand is searched for among newer objects only.

    A run leaves few circles, and scanning live orders costs a third; scanning every module that
    was ever imported takes as long as a thousand orders.
    """
    was_on = gc.isenabled()
    gc.disable()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        if was_on:
            gc.enable()


def _tick(
    env: simpy.Environment, last_s: float, progress: Progress
) -> Generator[simpy.Event, Any, None]:
    """Tell how far the clock is, a hundred times a run."""
    step_s = max(last_s / 100.0, 1.0)
    while env.now < last_s:
        yield env.timeout(step_s)
        progress(min(1.0, env.now / last_s))


def _close(house: House) -> None:
    """Count the shelves, send everybody home in the log, and hand out the last chunk."""
    house.stock.close(house)
    house.staff.close()
    house.log.flush()
