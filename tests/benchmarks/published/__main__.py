"""Scores a published set: ``python -m tests.benchmarks.published --set sprp-1 --dir DIR``.

One line an instance: value, best known, gap, seconds; then their means. DIR is the set's folder of
published data, or the folder that holds it; where it is absent the set is skipped with a word.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from itertools import islice
from math import fsum, isfinite, isnan
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.published import batching, foodmart, matsp, nrp24, sbpo, sprp, sprp_ss
from tests.benchmarks.published.frame import Instance, PublishedSet

SETS: dict[str, PublishedSet] = {
    one.name: one
    for one in [
        *sprp.SETS,
        *batching.SETS,
        *foodmart.SETS,
        *sbpo.SETS,
        *sprp_ss.SETS,
        *matsp.SETS,
        *nrp24.SETS,
    ]
}
TOLERANCE = 1e-6
"""Two values closer than this share of the best known one are equal."""


class Score(NamedTuple):
    """How an instance went."""

    name: str
    value: float
    best_known: float
    gap: float
    seconds: float
    proven: bool
    is_optimal: bool
    bound: float | None


def score(chosen: PublishedSet, instance: Instance, limit_s: float, seed: int) -> Score:
    """Plan an instance and hold the answer against the best known one."""
    began = time.perf_counter()
    answer = instance.solve(limit_s, seed)
    seconds = time.perf_counter() - began
    gap = chosen.gap(answer.value, instance.best_known)
    return Score(
        instance.name, answer.value, instance.best_known, gap, seconds, answer.proven,
        instance.is_optimal, answer.bound,
    )  # fmt: skip


def summary(scores: list[Score], limit_s: float) -> list[str]:
    """Return what all instances come to."""
    gaps = [one.gap for one in scores if not isnan(one.gap)]
    count = len(scores)
    equal = sum(abs(gap) <= TOLERANCE for gap in gaps)
    better = sum(gap < -TOLERANCE for gap in gaps)
    impossible = sum(one.gap < -TOLERANCE and one.is_optimal for one in scores)
    return [
        f"{count} instances, at most {limit_s:g} s each",
        (
            f"as good as the best known: {equal}; better: {better}; "
            f"worse: {len(gaps) - equal - better}"
        ),
        (
            f"better than a proven optimum (an error): {impossible}; proven here: "
            f"{sum(one.proven for one in scores)}"
        ),
        f"gap: mean {100 * fsum(gaps) / len(gaps):.3f} %, largest {100 * max(gaps):.3f} %"
        if gaps
        else "gap: no best known value",
        *_bounded(scores),
        (
            f"seconds: mean {fsum(one.seconds for one in scores) / count:.3f}, "
            f"largest {max(one.seconds for one in scores):.3f}"
        ),
    ]


def _bounded(scores: list[Score]) -> list[str]:
    """Return what the planner's own bounds say, where it has some."""
    gaps = [
        abs(one.value - one.bound) / abs(one.value)
        for one in scores
        if one.bound is not None and one.value and isfinite(one.value)
    ]
    if not gaps:
        return []
    return [f"to the bound: mean {100 * fsum(gaps) / len(gaps):.3f} %, {100 * max(gaps):.3f} %"]


def main(words: list[str] | None = None) -> int:
    """Score what the command line names; 1 if an answer beats a proven optimum."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", dest="name", required=True, choices=sorted(SETS))
    parser.add_argument("--dir", dest="folder", type=Path, required=True)
    parser.add_argument("--limit-s", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--match", default="", help="regular expression on the instances' names")
    parser.add_argument("--every", type=int, default=1, help="only every n-th instance")
    parser.add_argument("--quiet", action="store_true", help="print the summary only")
    chosen = parser.parse_args(words)
    published = SETS[chosen.name]
    nested: Path = chosen.folder / published.folder
    folder = nested if nested.is_dir() else chosen.folder
    if not folder.is_dir():
        print(f"skipped: {published.source} is not at {folder}")
        return 0
    named = (one for one in published.instances(folder) if re.search(chosen.match, one.name))
    scores: list[Score] = []
    for instance in islice(named, 0, None, chosen.every):
        one = score(published, instance, chosen.limit_s, chosen.seed)
        scores.append(one)
        if not chosen.quiet:
            print(
                f"{one.name:40} {one.value:12.2f} {one.best_known:12.2f} {100 * one.gap:8.3f} % "
                f"{one.seconds:8.3f} s{'  proven' * one.proven}"
                f"{'' if one.bound is None else f'  bound {one.bound:g}'}",
                flush=True,
            )
    if not scores:
        print("skipped: no instance of this name")
        return 0
    print("\n".join(summary(scores, chosen.limit_s)))
    return int(any(one.gap < -TOLERANCE and one.is_optimal for one in scores))


if __name__ == "__main__":
    sys.exit(main())
