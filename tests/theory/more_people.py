"""Does one picker more ever hurt? ``python -m tests.theory.more_people [SCENARIO ...]``.

Each scenario is played as it is and with one picker more on its first shift that has pickers, on
the same orders, and the mean lead times are compared pair by pair (one-sided paired t test).
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass

from sim.engine.setting import prepare
from sim.experiments.replication import play_replication
from sim.kpis.estimates import Paired, paired
from sim.scenario.loading import load

LEAD_TIME = "order_lead_time_mean_h"


@dataclass(frozen=True)
class Compared:
    """Mean lead times with and without one picker more, hours, one a replication.

    Parameters
    ----------
    shift
        The shift that gets the picker, and how many it had.
    today, with_more
        Mean lead times.
    """

    shift: str
    today: list[float | None]
    with_more: list[float | None]

    @property
    def difference(self) -> Paired:
        """Mean difference, with one picker more less today."""
        found = paired(self.today, self.with_more)
        assert found is not None
        return found

    @property
    def p_worse(self) -> float:
        """One-sided p value of "not worse": small if one picker more makes orders wait longer."""
        difference = self.difference
        assert difference.p is not None
        half = difference.p / 2.0
        return half if difference.mean > 0.0 else 1.0 - half


def compare(name: str, replications: int, settings: tuple[str, ...] = ()) -> Compared:
    """Play a scenario as it is and with one picker more."""
    staff = load(name, settings=settings).scenario.staff
    shift, heads = next((key, each.pickers) for key, each in staff.items() if each.pickers)
    more = (*settings, f'staff."{shift}".pickers={heads + 1}')
    return Compared(
        f"{shift} {heads}", *(_lead_times(name, each, replications) for each in (settings, more))
    )


def _lead_times(name: str, settings: tuple[str, ...], replications: int) -> list[float | None]:
    loaded = load(name, settings=settings)
    setting = prepare(loaded.scenario, loaded.external_files)
    return [play_replication(setting, number).kpis[LEAD_TIME] for number in range(replications)]


def main() -> None:
    """Compare and print."""
    from sim.scenario.paths import bundled_scenarios

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenarios", nargs="*", help="files or names; without any, all bundled")
    parser.add_argument("--replications", type=int, default=10)
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    options = parser.parse_args()
    orders = {name: load(name).scenario.orders for name in bundled_scenarios()}
    playable = [name for name, of in orders.items() if of.source == "generated" or of.file]
    heads = f"{'scenario':<26}{'shift':>12}{'today h':>10}{'more h':>10}{'difference':>26}"
    sys.stdout.write(f"{heads}{'p worse':>9}\n")
    for name in options.scenarios or playable:
        found = compare(name, options.replications, tuple(options.set))
        known = [[h for h in side if h is not None] for side in (found.today, found.with_more)]
        today, more = (sum(side) / len(side) for side in known)
        d = found.difference
        interval = f"{d.mean:+.3f} [{d.lo:+.3f}, {d.hi:+.3f}]"
        sys.stdout.write(
            f"{name:<26}{found.shift:>12}{today:>10.2f}{more:>10.2f}{interval:>26}"
            f"{found.p_worse:>9.3f}\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
