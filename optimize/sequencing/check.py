"""An independent look at a plan of batches: who picks what when, and what its lateness costs.

Nothing here uses the search: the stints are put on each picker's clock and priced due by due.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from optimize.faults import CheckError
from optimize.sequencing.problem import Problem, Result, Stint


def check(problem: Problem, result: Result) -> None:
    """Raise unless a plan can be walked and costs what it claims.

    Raises
    ------
    CheckError
        With every fault found.
    """
    faults = _walk_faults(problem, result)
    if not faults:
        faults = _claim_faults(problem, result)
    if faults:
        raise CheckError(faults)


def cost_of(problem: Problem, stints: Sequence[Stint]) -> int:
    """Return what the lateness of a plan costs, in the unit of the objective."""
    lateness = [
        (stint.end_s - due.due_s, due.weight)
        for stint in stints
        for due in problem.batches[stint.batch].dues
    ]
    if problem.objective == "max_lateness":
        return max(seconds for seconds, _ in lateness)
    late = [(seconds, weight) for seconds, weight in lateness if seconds > 0]
    if problem.objective == "late":
        return sum(weight for _, weight in late)
    return sum(seconds * weight for seconds, weight in late)


def overtime_of(problem: Problem, stints: Sequence[Stint]) -> int:
    """Return the seconds from each picker's end to that of their last batch, added up."""
    overtime_s = 0
    for number, picker in enumerate(problem.pickers):
        last_s = max((s.end_s for s in stints if s.picker == number), default=picker.from_s)
        if picker.until_s is not None:
            overtime_s += max(0, last_s - picker.until_s)
    return overtime_s


def _walk_faults(problem: Problem, result: Result) -> list[str]:
    faults = []
    picked = sorted(stint.batch for stint in result.stints)
    if picked != list(range(len(problem.batches))):
        faults.append(f"batches {picked} are picked, each of {len(problem.batches)} is needed once")
        return faults
    if any(not 0 <= stint.picker < len(problem.pickers) for stint in result.stints):
        return ["a batch is given to a picker who is not there"]
    for number, picker in enumerate(problem.pickers):
        own = sorted((s for s in result.stints if s.picker == number), key=lambda s: s.start_s)
        if tuple(stint.batch for stint in own) != result.sequences[number]:
            faults.append(f"picker {number}: the clock has another sequence than the plan")
        for before, after in pairwise(own):
            if after.start_s < before.end_s:
                faults.append(f"picker {number}: batches {before.batch} and {after.batch} at once")
        if own and own[0].start_s < picker.from_s:
            faults.append(f"picker {number}: at work at {own[0].start_s}, before {picker.from_s}")
    for stint in result.stints:
        batch = problem.batches[stint.batch]
        if stint.end_s - stint.start_s != batch.time_s:
            faults.append(f"batch {stint.batch} takes {batch.time_s} s, not as in {stint}")
        if stint.start_s < batch.release_s:
            faults.append(f"batch {stint.batch} begins before its release at {batch.release_s}")
    return faults


def _claim_faults(problem: Problem, result: Result) -> list[str]:
    cost = cost_of(problem, result.stints)
    found = {
        "cost": cost,
        "overtime_s": overtime_of(problem, result.stints),
        "total_completion_s": sum(stint.end_s for stint in result.stints),
        "gap": (cost - result.bound) / max(1, abs(cost)),
    }
    faults = [
        f"the plan claims {name} {getattr(result, name)}, it is {value}"
        for name, value in found.items()
        if getattr(result, name) != value
    ]
    if result.bound > cost:
        faults.append(f"the plan costs {cost}, less than its bound {result.bound}")
    if result.status == "optimal" and (result.bound != cost or found["overtime_s"]):
        faults.append("the plan claims to be optimal, which its bound or overtime denies")
    return faults
