"""Methods for the requirement, judged: ``python -m tests.benchmarks.staffing_requirement``.

By the exact queue: staff-hours a day, the share of half-hours in which more than 1.1 times the
target wait, and the worst.
"""

from __future__ import annotations

import sys

from optimize.staffing.offered import METHODS
from tests.optimize.staffing.exact_queue import SETTINGS, exact_waits, failing_share


def main() -> None:
    """Write one row for each setting and method."""
    sys.stdout.write("| mean/h, served/h, target | method | staff-h | fails | worst |\n")
    sys.stdout.write("| --- | --- | --- | --- | --- |\n")
    for setting in SETTINGS:
        name = f"{setting.mean:g}, {setting.served:g}, {setting.target:g}"
        for method in METHODS:
            people = setting.heads(method)
            waits = exact_waits(setting, people)
            fails = failing_share(waits, setting.target)
            row = f"| {name} | {method} | {sum(people) / 2:g} | {fails:.0%} | {max(waits):.3f} |\n"
            sys.stdout.write(row)
            sys.stdout.flush()


if __name__ == "__main__":
    main()
