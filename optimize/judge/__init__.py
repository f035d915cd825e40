"""The judge: the simulator plays a plan on the same orders as today, and answers the planner.

`judge` compares today and a plan. The rest of the room closes the loop: what is promised
(`promise`), plans played and remembered (`trial`), and the search for the cheapest staff that keeps
the promise (`loop`), certified on orders that the search never saw.
"""

from optimize.judge.verdict import judge, simulated_log

__all__ = ["judge", "simulated_log"]
