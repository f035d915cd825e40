"""Ctrl-C at random moments: ``python -m tests.benchmarks.interrupts --times 100``.

A run with two workers is begun again and again by the same command, each time in a session of its
own, and Ctrl-C falls on all its processes as from a terminal. Each must end within 5 s with exit
code 130 and leave no process behind; the store must be whole, and the run that is let alone in the
end must have the numbers of one that nobody disturbed.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from sim.engine.setting import prepare
from sim.experiments.run import Run, execute
from sim.experiments.shards import open_store
from sim.experiments.worker_folder import PREFIX
from tests.benchmarks.kills import QUICK
from tests.sim.experiments.small import small_file

REPLICATIONS = 24
AT_MOST_S = 5.0
INTERRUPTED = 130
# A shell that starts us in the background lets Ctrl-C be ignored, and that is inherited.
_PROGRAM = """\
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
from sim.cli import main
sys.stderr.write("begun\\n")
sys.stderr.flush()
try:
    main()
finally:
    sys.stderr.write(f"\\nended {time.monotonic()}\\n")
"""


@dataclass
class Tally:
    """What all interrupts came to."""

    codes: Counter[int] = field(default_factory=Counter)
    slowest_s: float = 0.0
    ended_before: int = 0
    faults: list[str] = field(default_factory=list)


def begun(file: Path, results: Path) -> subprocess.Popen[str]:
    """Start the command, in its own session, and return when its program has begun."""
    settings = [word for setting in QUICK for word in ("--set", setting)]
    process = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, "run", str(file), *settings, "--jobs", "2", "--no-report",
         "--replications", str(REPLICATIONS), "--results", str(results), "--quiet"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, "TMPDIR": str(file.parent)},
    )  # fmt: skip
    assert process.stderr is not None
    process.stderr.readline()
    return process


def left_in_session(session: int) -> list[str]:
    """Return the living processes of a session, by number and command line."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(f"{folder.name} {words}")
    return sorted(found)


def interrupted(file: Path, results: Path, wait_s: float, tally: Tally) -> None:
    """Begin a run, interrupt it, and write down what is wrong."""
    process = begun(file, results)
    time.sleep(wait_s)
    if process.poll() is not None:
        process.communicate()
        tally.ended_before += 1
        return
    began = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    try:
        _, words = process.communicate(timeout=4 * AT_MOST_S)
    except subprocess.TimeoutExpired:
        tally.faults.append(f"after {wait_s:.3f} s: it did not end: {left_in_session(process.pid)}")
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return
    took_s = time.monotonic() - began
    if _ended_at_s(words) < began:  # only Python's own end was still to come
        tally.ended_before += 1
        return
    tally.codes[process.returncode] += 1
    tally.slowest_s = max(tally.slowest_s, took_s)
    while (left := left_in_session(process.pid)) and time.monotonic() < began + AT_MOST_S:
        time.sleep(0.01)
    if left:
        tally.faults.append(f"after {wait_s:.3f} s: processes are left: {left}")
    if took_s > AT_MOST_S:
        tally.faults.append(f"after {wait_s:.3f} s: it took {took_s:.1f} s to end")
    if process.returncode != INTERRUPTED or "Traceback" in words:
        tally.faults.append(f"after {wait_s:.3f} s: code {process.returncode}: {words[-2000:]}")


def _ended_at_s(words: str) -> float:
    """Return when the program came to its end, by the clock that all processes share."""
    ends = [line.split()[1] for line in words.splitlines() if line.startswith("ended ")]
    return float(ends[-1]) if ends else float("inf")


def disturb(folder: Path, times: int, seed: int) -> Tally:
    """Interrupt so often, look at the store each time, and compare the end."""
    tally = Tally()
    luck = np.random.Generator(np.random.Philox(seed))
    file = small_file(folder)
    undisturbed = _whole(file)
    digests = {one.replication: one.digest for one in undisturbed.outcomes}
    began = time.monotonic()
    begun(file, folder / "first").communicate()
    longest_s = time.monotonic() - began
    runs = 0
    while sum(tally.codes.values()) < times and len(tally.faults) < times:
        results = folder / f"results-{runs}"
        for _ in range(4):  # then anew: soon all would be kept
            if sum(tally.codes.values()) < times:
                interrupted(file, results, luck.uniform(0.0, longest_s), tally)
                tally.faults += _store_faults(file, results, digests)
        runs += 1
        played = _whole(file, results)
        if played.digest != undisturbed.digest:
            tally.faults.append(f"run {runs}: another digest")
    if left := sorted(path.name for path in folder.glob(f"{PREFIX}*")):
        tally.faults.append(f"folders are left: {left}")
    return tally


def _whole(file: Path, results: Path | None = None) -> Run:
    from sim.scenario.loading import load

    loaded = load(file, settings=(*QUICK, f"run.replications={REPLICATIONS}"))
    setting = prepare(loaded.scenario, loaded.external_files)
    if results is None:
        return execute(loaded, setting=setting)
    with open_store(results, loaded) as store:
        return execute(loaded, setting=setting, store=store)


def _store_faults(file: Path, results: Path, digests: dict[int, str]) -> list[str]:
    from sim.scenario.loading import load

    loaded = load(file, settings=(*QUICK, f"run.replications={REPLICATIONS}"))
    said: list[str] = []
    with open_store(results, loaded, say=said.append) as store:
        found = store.read(store.numbers())
    wrong = [n for n, outcome in found.items() if outcome.digest != digests[n]]
    return [*said, *(f"replication {number} has other numbers" for number in wrong)]


def main() -> int:
    """Interrupt, look, say."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--times", type=int, default=100)
    words.add_argument("--seed", type=int, default=1)
    asked = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tally = disturb(Path(folder), asked.times, asked.seed)
    codes = ", ".join(f"{count} x {code}" for code, count in sorted(tally.codes.items()))
    sys.stdout.write(
        f"{sum(tally.codes.values())} interrupts; exit codes {codes}; the slowest ended after "
        f"{tally.slowest_s:.2f} s; {tally.ended_before} runs had ended before\n"
    )
    for fault in tally.faults:
        sys.stdout.write(f"FAULT {fault}\n")
    sys.stdout.write(f"{len(tally.faults)} faults\n")
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
