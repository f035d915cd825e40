"""The judge: the simulator plays today's scenario and the plan on the same orders."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from sim.engine.setting import Setting
from sim.experiments.compare import Comparison, compare_runs
from sim.experiments.replication import Outcome, play_replication
from sim.experiments.run import execute
from sim.log.event_log import Chunk
from sim.scenario.loading import load


def judge(
    source: str,
    settings: Sequence[str],
    plan: Path,
    *,
    replications: int,
    jobs: int,
    done: Callable[[Outcome], None] | None = None,
) -> Comparison:
    """Play today against the plan, the way a planner would: by ``plan:`` in the scenario.

    Parameters
    ----------
    source, settings
        The scenario and its ``--set`` words.
    plan
        Plan file.
    replications, jobs
        How often, on how many processes.
    done
        Called with each outcome.
    """
    today = load(source, settings=settings)
    quoted = json.dumps(str(plan), ensure_ascii=False)
    planned = load(source, settings=[*settings, f"plan={quoted}"])
    runs = [
        execute(loaded, replications=range(replications), jobs=jobs, done=done)
        for loaded in (today, planned)
    ]
    return compare_runs(runs[0], runs[1])


def simulated_log(setting: Setting, replication: int) -> list[Chunk]:
    """Play one replication and return its log, chunk by chunk."""
    chunks: list[Chunk] = []
    play_replication(setting, replication, readers=(chunks.append,))
    return chunks
