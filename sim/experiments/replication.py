"""One replication: draw the book, play it, fold its log, compute its KPIs, check its balance.

A replication is a pure function of the setting and its number; it is the unit of work.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.engine.model import Progress, play
from sim.engine.setting import Setting
from sim.errors import BalanceError
from sim.kpis import Tables, Window, balance
from sim.kpis.account import Account
from sim.kpis.picture import Picture, picture
from sim.kpis.registry import kpis_of
from sim.kpis.series import orders_frame_columns
from sim.log.event_log import Chunk
from sim.orders.generated import generate_demand, order_book

DAY_S = 86_400.0

Reader = Callable[[Chunk], None]


@dataclass(frozen=True)
class Outcome:
    """What is kept of a replication.

    Parameters
    ----------
    replication
        Its number.
    kpis
        KPI name to value, None where undefined.
    balance
        The balance line.
    still_open
        Orders of the run that had not ended when the follow-up time ran out.
    facts
        Facts logged.
    picture
        Curves and tables for the report.
    orders
        Columns with one row an order, for the replications of which they are wanted.
    """

    replication: int
    kpis: dict[str, float | None]
    balance: str
    still_open: int
    facts: int
    picture: Picture
    orders: Mapping[str, Any] | None

    @property
    def digest(self) -> str:
        """SHA-256 over all KPIs as exact hexadecimal numbers."""
        return digest(self.kpis)


def digest(kpis: Mapping[str, float | None]) -> str:
    """Return the SHA-256 of KPI values, exact to the last bit."""
    text = "\n".join(
        f"{name} {value if value is None else float(value).hex()}" for name, value in kpis.items()
    )
    return hashlib.sha256(text.encode()).hexdigest()


def window_of(setting: Setting) -> Window:
    """Return the measured window in seconds."""
    run = setting.scenario.run
    start_s = run.warm_up_days * DAY_S
    return Window(start_s, start_s + run.horizon_days * DAY_S)


def play_replication(
    setting: Setting,
    replication: int,
    *,
    readers: tuple[Reader, ...] = (),
    keep_orders: bool = False,
    progress: Progress | None = None,
) -> Outcome:
    """Play one replication and keep its numbers.

    Parameters
    ----------
    setting
        Scenario, catalogue, floor.
    replication
        Number from 0.
    readers
        Further readers of the log.
    keep_orders
        Keep a row for each order.
    progress
        Called with the share of simulated time that has passed.

    Raises
    ------
    BalanceError
        The accounts do not add up: a bug of the model.
    """
    scenario = setting.scenario
    catalogue = setting.catalogue
    demand = setting.demand or generate_demand(scenario, catalogue, replication)
    tables = Tables(demand, catalogue, window_of(setting))
    played = play(
        setting,
        replication,
        (tables.add, *readers),
        book=order_book(scenario, catalogue, replication, demand),  # not kept: play lets it go
        progress=progress,
    )
    accounts = balance(tables)
    if not accounts.holds:
        raise BalanceError(f"replication {replication}: {accounts.line()}")
    account = Account(tables, scenario)
    return Outcome(
        replication,
        kpis_of(account),
        accounts.line(),
        accounts.open_orders,
        played.facts,
        picture(account, setting.location_of_sku, setting.layout.locations),
        orders_frame_columns(tables) if keep_orders else None,
    )
