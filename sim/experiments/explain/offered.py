"""The offered load before anything is played: work that comes in over hands that are there.

Orders by hour of the week, times what each is worth in seconds to each role, over the seconds that
people are on duty. Who falls behind on the week is found without a run, and who falls behind on a
day; what waiting comes of it, and what goes wrong, only a run can tell.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sim.engine.setting import Setting
from sim.experiments.explain import task_prices as price
from sim.experiments.explain.fluid import Done, flow, tours_flow
from sim.experiments.explain.hands import HOUR_S, staffed_s
from sim.experiments.explain.helping import shared_loads
from sim.experiments.explain.order_flow import handed_in, orders_a_day, paid, placed_by_hour
from sim.experiments.explain.start_up import (
    ReturnDelays,
    by_hour_of,
    knots_h,
    lead_times_h,
    return_delays,
    spread_later,
)
from sim.experiments.explain.station_prices import repairs_s_a_week, station_notes, station_s
from sim.experiments.explain.tour_prices import TourPrices, sample_baskets, tour_prices
from sim.experiments.statistics.stability import LoadVerdict, offered_loads
from sim.orders.arrivals import played_days
from sim.policies.batching import BATCHING
from sim.scenario.schema import ROLES

Floats = npt.NDArray[np.float64]

WEEK_H, DAY_H = 168, 24
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PICKERS = "pickers"
MOSTLY = 0.9
"""Share of a role's late work of a kind below which it is noted that the window sees less."""


@dataclass(frozen=True)
class RoleLoad:
    """Work and hands of a role on a mean week of the measured window.

    Parameters
    ----------
    role
        One of ROLES.
    work_s, staffed_s
        Seconds a week at the standard pace: least work (pickers: on full carts), hands.
    load
        work_s / staffed_s; infinite if there is work and nobody.
    shared_load
        The same when helpers level it as far as cross-training allows; else ``load``.
    verdict
        Of ``shared_load``: unstable from 1 on, heavy from 0.95 on.
    utilisation
        Expected busy share of the role's people; of those who help or are helped, if all work is
        levelled; None: nobody.
    days
        Load of each weekday, Monday first: work since the last day with anybody / hands; None on
        days without anybody.
    hours
        Expected busy share of each hour of the week from Monday 00:00 if people do their own work
        only; None: nobody is there.
    """

    role: str
    work_s: float
    staffed_s: float
    load: float
    shared_load: float
    verdict: LoadVerdict
    utilisation: float | None
    days: tuple[float | None, ...]
    hours: tuple[float | None, ...]

    @property
    def fullest_day(self) -> int | None:
        """Weekday with the highest load, from Monday 0; None if nobody is ever there."""
        known = [(load, -day) for day, load in enumerate(self.days) if load is not None]
        return -max(known)[1] if known else None


@dataclass(frozen=True)
class Offered:
    """The offered load of a house.

    Parameters
    ----------
    scenario
        Its name.
    weeks
        Weeks over which work and hands are averaged; a history of some days is less than one.
    orders_per_week
        Orders that are placed, mean.
    roles
        Roles that have work or people, in the order of ROLES.
    tours
        What picking an order takes, by orders on the cart.
    notes
        What the figures leave out or only estimate, a sentence each.
    """

    scenario: str
    weeks: float
    orders_per_week: float
    roles: tuple[RoleLoad, ...]
    tours: TourPrices
    notes: tuple[str, ...]

    @property
    def bottleneck(self) -> RoleLoad | None:
        """The role with the highest load; None without any work."""
        return max(self.roles, key=lambda each: each.shared_load, default=None)

    def of(self, role: str) -> RoleLoad:
        """Return the load of a role.

        Raises
        ------
        KeyError
            The role has neither work nor people.
        """
        for each in self.roles:
            if each.role == role:
                return each
        raise KeyError(role)


def offered_load(setting: Setting) -> Offered:
    """Return the offered load of every role; nothing is played.

    The measured window counts, cut to whole weeks; of generated demand a week at least.

    Raises
    ------
    ScenarioError
        A profile of the orders has no weight at all.
    """
    setting = _of_a_week(setting)
    scenario = setting.scenario
    days = math.ceil(played_days(scenario.run))
    baskets = sample_baskets(setting)
    tours = tour_prices(setting, baskets)
    work = _Work(setting, staffed_s(scenario, days), tours)
    placed = placed_by_hour(setting)
    delays = return_delays(setting, baskets)
    work.of_orders(placed, price.order_size(setting, baskets), delays)
    work.of_days(sum(placed.values(), start=np.zeros(24 * days)))
    return work.offered()


def _of_a_week(setting: Setting) -> Setting:
    """Let generated demand run for a week at least; nothing else of the setting depends on it."""
    run = setting.scenario.run
    if setting.history is not None or run.horizon_days >= 7.0:
        return setting
    longer = setting.scenario.model_copy(
        update={"run": run.model_copy(update={"horizon_days": 7.0})}
    )
    return replace(setting, scenario=longer)


class _Work:
    """Collects work by role and clock hour of the run."""

    def __init__(self, setting: Setting, hands_s: Floats, tours: TourPrices) -> None:
        self._setting, self._scenario = setting, setting.scenario
        self._hours = hands_s.shape[1]
        self._hands = dict(zip(ROLES, hands_s, strict=True))
        benches = self._scenario.packing.benches
        if benches is not None:
            self._hands["packers"] = np.minimum(self._hands["packers"], benches * HOUR_S)
        self._tours = tours
        self._come = {role: np.zeros(self._hours) for role in ROLES}
        self._week_work = dict.fromkeys(ROLES, 0.0)
        self._busy: dict[str, Floats] = {}
        run = self._scenario.run
        self._first = math.ceil(run.warm_up_days) * DAY_H
        whole = max(1.0, run.horizon_days // 7) * WEEK_H
        self._end = min(self._first + int(whole), self._hours)
        self._weeks: float = (self._end - self._first) / WEEK_H
        start = datetime.date.fromisoformat(run.start_date)
        clock = start.weekday() * DAY_H + np.arange(self._first, self._end)
        self._hour_of_week = clock % WEEK_H
        self._orders_per_week = 0.0
        self._leveled: dict[str, float] = {}
        self._seen: dict[tuple[str, str], float] = {}

    def of_orders(
        self, placed: Mapping[str, Floats], size: price.OrderSize, delays: ReturnDelays
    ) -> None:
        """Add what orders come to: each stage gets what the one before has done."""
        scenario = self._scenario
        entered = handed_in(scenario, placed)
        for name, orders in entered.items():
            self._add("clerks", orders * price.typing_s(scenario, name))
        ready = paid(scenario, entered)
        self._orders_per_week = sum(self._a_week(orders) for orders in placed.values())
        self._week_work[PICKERS] = self._a_week(ready) * self._tours.full_s
        self._come[PICKERS] = ready * self._tours.full_s
        picked = tours_flow(ready, self._tours, self._hands[PICKERS])
        self._busy[PICKERS] = picked.busy_s
        if scenario.stations:
            self._pass("specialists", ready, picked, sum(station_s(scenario).values()))
        packed = self._pass("packers", ready, picked, price.packing_s(scenario, size))
        labelled = self._pass("dispatchers", ready, packed, price.labelling_s(scenario))
        marked_by = scenario.shipping.mark_shipped_by
        self._add(marked_by, ready * price.marking_s(scenario))
        self._of_returns(labelled.left, price.return_s(scenario, size), delays)

    def _of_returns(self, shipped: Floats, work: price.ReturnWork, delays: ReturnDelays) -> None:
        """Add what shipped orders bring back, when it is asked for and when it is there."""
        for role, what, parts in (
            (
                "returns_clerks",
                "returned goods",
                ((work.sound_s, delays.back_h), (work.claimed_s, delays.claim_back_h)),
            ),
            (
                self._scenario.returns.authorised_by,
                "requests to return",
                ((work.authorise_s, delays.asked_h), (work.authorise_claimed_s, delays.claimed_h)),
            ),
        ):
            seen = sum(
                (spread_later(shipped * seconds, hours) for seconds, hours in parts),
                start=np.zeros(self._hours),
            )
            self._add(role, seen)
            in_the_long_run = sum(seconds for seconds, _ in parts) * self._a_week(shipped)
            self._late(role, what, self._a_week(seen), in_the_long_run)

    def of_days(self, placed: Floats) -> None:
        """Add deliveries and top-ups by the demand so far, and counts evenly over the week."""
        setting, scenario = self._setting, self._scenario
        at_h = knots_h(self._hours)
        orders = np.interp(at_h, np.arange(self._hours + 1), np.append(0.0, np.cumsum(placed)))
        days = orders / orders_a_day(setting)
        bought_s = by_hour_of(price.receiving_s(setting, days), at_h, self._hours)
        received_s = spread_later(bought_s, lead_times_h(scenario))
        self._add("receivers", received_s)
        self._late("receivers", "deliveries", self._a_week(received_s), self._a_week(bought_s))
        topped_s = by_hour_of(price.topping_up_s(setting, days), at_h, self._hours)
        self._add("replenishers", topped_s)
        repairs_s = sum(repairs_s_a_week(scenario).values()) / 7.0
        for role, a_day_s in (
            (scenario.records.counted_by, price.counting_s_per_day(setting)),
            ("specialists", repairs_s),
        ):
            self._add(role, np.full(self._hours, a_day_s / DAY_H))

    def _late(self, role: str, what: str, seen_s: float, whole_s: float) -> None:
        """Note a role's work of a kind of which the window sees less than its own orders bring."""
        if seen_s < MOSTLY * whole_s:
            self._seen[role, what] = seen_s / whole_s

    def _pass(self, role: str, ready: Floats, before: Done, order_s: float) -> Done:
        """Give a stage what the one before has done; its week is that of the orders that come."""
        self._week_work[role] += self._a_week(ready) * order_s
        self._come[role] = self._come[role] + before.left * order_s
        if order_s == 0.0:
            return before
        done = flow(before.left, order_s, self._hands[role])
        self._busy[role] = done.busy_s
        return done

    def _add(self, role: str, seconds: Floats) -> None:
        """Add work that waits for nobody else."""
        self._week_work[role] += self._a_week(seconds)
        self._come[role] = self._come[role] + seconds
        self._busy[role] = flow(self._come[role], 1.0, self._hands[role]).busy_s

    def _a_week(self, by_hour: Floats) -> float:
        total = float(by_hour[self._first : self._end].sum())
        return total / self._weeks

    def _folded(self, by_hour: Floats) -> Floats:
        """Return the total of each hour of the week over the window."""
        window = by_hour[self._first : self._end]
        total = np.bincount(self._hour_of_week, weights=window, minlength=WEEK_H)
        return total.astype(np.float64)

    def offered(self) -> Offered:
        """Return what was collected."""
        staffed = {role: self._a_week(hands) for role, hands in self._hands.items()}
        own = offered_loads(self._week_work, staffed)
        helpers = self._training()
        shared: dict[str, float] = {}
        if helpers:
            shared, self._leveled = shared_loads(self._week_work, staffed, helpers)
        roles = []
        for role in ROLES:
            if self._week_work[role] == 0.0 and staffed[role] == 0.0:
                continue
            load = shared.get(role, own[role].load)
            verdict = own[role].verdict
            if load != own[role].load:
                verdict = offered_loads({role: load}, {role: 1.0})[role].verdict
            roles.append(self._role(role, staffed[role], own[role].load, load, verdict))
        return Offered(
            self._scenario.name,
            self._weeks,
            self._orders_per_week,
            tuple(roles),
            self._tours,
            self._notes(),
        )

    def _role(
        self, role: str, staffed: float, own: float, shared: float, verdict: LoadVerdict
    ) -> RoleLoad:
        hands = self._folded(self._hands[role])
        busy = self._folded(self._busy.get(role, np.zeros(self._hours)))
        come = self._folded(self._come[role])
        total = float(hands.sum())
        utilisation = float(busy.sum()) / total if total else None
        if utilisation is not None and self._helps_or_is_helped(role):
            utilisation = min(1.0, self._leveled[role])
        return RoleLoad(
            role,
            self._week_work[role],
            staffed,
            own,
            shared,
            verdict,
            utilisation,
            loads_of_days(come, hands),
            tuple(b / h if h else None for b, h in zip(busy.tolist(), hands.tolist(), strict=True)),
        )

    def _training(self) -> dict[str, list[str]]:
        training = self._scenario.people.cross_training
        return {who: [*others] for who, others in training.items()}

    def _helps_or_is_helped(self, role: str) -> bool:
        training = self._training()
        return bool(training.get(role)) or any(role in others for others in training.values())

    def _notes(self) -> tuple[str, ...]:
        scenario, notes = self._scenario, []
        picking, people = scenario.picking, scenario.people
        if self._tours.sampled:
            notes.append(
                "the time to pick an order is estimated from a sample of tours: "
                f"{self._tours.alone_s:.0f} s on the smallest cart, {self._tours.full_s:.0f} s "
                f"with {self._tours.orders[-1]:.1f} orders on it"
            )
        if picking.batching not in BATCHING and self._tours.sampled:
            notes.append(
                f"tours are put together first come, first served, not by {picking.batching}: "
                "they come out longer than they are"
            )
        if picking.aisles == "narrow":
            notes.append("waits of pickers for each other in narrow aisles are left out")
        if any(shift.new_people for shift in scenario.staff.values()):
            notes.append("what new people are slower at first is left out")
        if people.cross_training:
            notes.append(
                "people who help are counted in the week's loads as if they levelled all work, not "
                "in those of days and hours"
            )
        if not scenario.stock.unlimited:
            notes.append(
                "every order counts as met from stock; deliveries come evenly over the day"
            )
        for (role, what), share in self._seen.items():
            notes.append(
                f"{role.replace('_', ' ')}: this window sees {100.0 * share:.0f} % of the work "
                f"on {what} that its orders bring in the end; a longer run.warm_up_days sees more"
            )
        notes += station_notes(scenario, self._orders_per_week, max(7, self._hours // DAY_H))
        return tuple(notes)


def loads_of_days(come_s: Floats, hands_s: Floats) -> tuple[float | None, ...]:
    """Return the load of each weekday: work since the last day with anybody, over hands.

    Parameters
    ----------
    come_s, hands_s
        Seconds of each hour of the week, from Monday 00:00. Shape (168,) each.
    """
    come = come_s.reshape(7, DAY_H).sum(axis=1).tolist()
    hands = hands_s.reshape(7, DAY_H).sum(axis=1).tolist()
    found: list[float | None] = [None] * 7
    carried = 0.0
    for place in range(14):  # the second time round knows what the weekend left for Monday
        day = place % 7
        carried += come[day]
        if hands[day] > 0.0:
            found[day] = carried / hands[day]
            carried = 0.0
    return tuple(found)
