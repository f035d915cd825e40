"""Disks that take no more: ``python -m tests.benchmarks.broken_disks --limits 50``.

``warelab run`` on a full disk, which fills at another moment each time: a disk in memory of
growing size (Linux, where mounts of one's own are allowed), and files that may not grow beyond so
many bytes (``RLIMIT_FSIZE``). Then folders and disks that must not be written to. After each
failure the store is looked at, and with room again the same command must end as a run that nobody
disturbed. Counted are replications that were kept and are lost, files that are torn, messages
without a place or a way out, and the exit codes.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from sim.cli import main as command_line
from sim.experiments.replication import Outcome
from sim.experiments.run import execute
from sim.experiments.shards import FOLDER, open_store
from sim.experiments.store import Store
from sim.scenario.loading import LoadedScenario, load
from tests.benchmarks.kills import QUICK
from tests.sim.experiments.small import small_file

REPLICATIONS = 8
PAGE = 4096
ROOM = 256 << 20
INSIDE = "WARELAB_BROKEN_DISKS_INSIDE"
FAILED = 2
WAYS_OUT = ("make room", "choose another folder", "--results")


@dataclass
class Tally:
    """What one kind of trouble came to."""

    what: str
    tried: int = 0
    kept: int = 0
    lost: int = 0
    torn: int = 0
    codes: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def line(self) -> str:
        """Return the line of the table."""
        codes = ", ".join(f"{count} x {code}" for code, count in sorted(self.codes.items()))
        return (
            f"{self.what:<44}{self.tried:>6}{self.kept:>7}{self.lost:>6}{self.torn:>6}"
            f"{len(self.faults):>8}  {codes}"
        )


@dataclass(frozen=True)
class Answer:
    """Exit code, what was said, and the replications that the store had taken."""

    code: int
    said: str
    acknowledged: tuple[int, ...]


class Trials:
    """Runs of one small scenario, and what they must come to.

    Parameters
    ----------
    folder
        A place that is never full.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = small_file(folder)
        settings = (*QUICK, f"run.replications={REPLICATIONS}")
        self.loaded: LoadedScenario = load(self._file, settings=settings)
        execute(self.loaded, replications=range(1))  # each process finds the modules loaded
        results = folder / "undisturbed"
        answer = self.run(results)
        assert answer.code == 0, answer.said
        self.whole = _files(results)
        self.bytes = sum(len(content) for content in _everything(results))
        self.digests = self._digests(results)

    def run(self, results: Path, *further: str, before: Callable[[], None] | None = None) -> Answer:
        """Run the command in a process of its own.

        Parameters
        ----------
        results
            Its results folder.
        further
            Further words.
        before
            Called in that process first.
        """
        said, diary = self._folder / "said", self._folder / "diary"
        diary.write_text("", encoding="utf-8")
        sys.stdout.flush()
        sys.stderr.flush()
        process = os.fork()
        if not process:
            self._child(said, diary, [*self._words(results), *further], before)
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        numbers = tuple(int(line) for line in diary.read_text(encoding="utf-8").split())
        return Answer(code, said.read_text(encoding="utf-8"), numbers)

    def _words(self, results: Path) -> list[str]:
        settings = [word for setting in QUICK for word in ("--set", setting)]
        return ["run", str(self._file), *settings, "--jobs", "1", "--no-report",
                "--replications", str(REPLICATIONS), "--results", str(results)]  # fmt: skip

    def _child(
        self, said: Path, diary: Path, words: list[str], before: Callable[[], None] | None
    ) -> None:
        code: Any = 70
        try:
            number = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            kept = os.open(diary, os.O_WRONLY | os.O_APPEND)
            os.dup2(number, 1)
            os.dup2(number, 2)
            add = Store.add

            def add_and_note(store: Store, outcome: Outcome) -> None:
                add(store, outcome)
                os.write(kept, f"{outcome.replication}\n".encode())

            Store.add = add_and_note  # type: ignore[method-assign, assignment]  # the diary of this process
            if before:
                before()
            command_line(words)
        except SystemExit as ended:
            code = ended.code
        except BaseException:  # noqa: BLE001  # this process ends here, whatever it is
            import traceback

            traceback.print_exc()
        finally:
            with contextlib.suppress(OSError):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code if isinstance(code, int) else 71)

    def _digests(self, results: Path) -> dict[int, str]:
        with open_store(results, self.loaded) as store:
            return {n: outcome.digest for n, outcome in store.read(store.numbers()).items()}

    def judge(self, answer: Answer, results: Path, tally: Tally) -> None:
        """Look at the folder after a run: what is lost, what is torn, what was said."""
        tally.tried += 1
        tally.codes[answer.code] += 1
        tally.kept += len(answer.acknowledged)
        if answer.code not in (0, FAILED) or "Traceback" in answer.said:
            tally.faults.append(f"code {answer.code}: {answer.said[-1500:]}")
        elif answer.code and not (
            str(results) in answer.said and any(way in answer.said for way in WAYS_OUT)
        ):
            tally.faults.append(f"no place or no way out: {answer.said[-400:]}")
        damaged = list(results.rglob("*.damaged*")) if results.exists() else []
        found = self._digests(results) if (results / FOLDER).exists() else {}
        tally.torn += len(damaged)
        tally.torn += sum(self.digests[number] != digest for number, digest in found.items())
        tally.lost += len(set(answer.acknowledged) - set(found))
        self._look_at_files(answer, results, tally)

    def _look_at_files(self, answer: Answer, results: Path, tally: Tally) -> None:
        """Each run folder is whole, as that of the undisturbed run, or not there; no rest is."""
        files = _files(results) if results.exists() else {}
        left = [name for name in files if Path(name).parts[1].startswith(".")]
        if left:
            tally.faults.append(f"left behind: {left}")
        there = {name: content for name, content in files.items() if name not in left}
        if (there or answer.code == 0) and there != self.whole:
            wrong = [n for n in self.whole if there.get(n) != self.whole[n]]
            tally.torn += 1
            tally.faults.append(f"code {answer.code}: files that differ: {wrong}")

    def with_room(self, results: Path, tally: Tally) -> None:
        """Give the same command again; it must end as the undisturbed run."""
        kept = bool(self._digests(results)) if results.exists() else False
        answer = self.run(results, *(["--resume"] if kept else []))
        if answer.code:
            tally.faults.append(f"with room: code {answer.code}: {answer.said[-1500:]}")
        self._look_at_files(answer, results, tally)


def _files(results: Path) -> dict[str, bytes | None]:
    """Return the files of all run folders by path; of those that name a time, only the name."""
    found: dict[str, bytes | None] = {}
    for path in sorted(results.rglob("*")):
        name = path.relative_to(results)
        if path.is_file() and name.parts[0] != FOLDER:
            found[str(name)] = _content(path)
    return found


def _content(path: Path) -> bytes | None:
    """Return what is in a file, without what names its own folder of results."""
    if path.name == "manifest.json":
        document = json.loads(path.read_bytes())
        document["parameters"]["command"] = ""
        return json.dumps(document).encode()
    return None if path.name == "report.html" else path.read_bytes()


def _everything(results: Path) -> list[bytes]:
    return [path.read_bytes() for path in results.rglob("*") if path.is_file()]


def full_disks(trials: Trials, folder: Path, limits: int) -> Tally:
    """Let a disk in memory fill up at another byte each time."""
    tally = Tally(f"a disk of {PAGE >> 10} kB and more that fills up")
    disk = folder / "disk"
    disk.mkdir(exist_ok=True)
    for size in _sizes(limits, 2 * trials.bytes):
        _mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk))
        try:
            results = disk / "results"
            answer = trials.run(results)
            _mount("-o", f"remount,size={ROOM}", str(disk))
            trials.judge(answer, results, tally)
            trials.with_room(results, tally)
        finally:
            subprocess.run(["umount", str(disk)], check=True)  # noqa: S607
    return tally


def limited_files(trials: Trials, folder: Path, limits: int) -> Tally:
    """Let no file grow beyond some size, another one each time."""
    tally = Tally("files that may not grow beyond 4 kB and more")
    for number, size in enumerate(_sizes(limits, trials.bytes)):
        results = folder / f"limited-{number}"
        answer = trials.run(results, before=lambda size=size: _limit(size))  # type: ignore[misc]
        trials.judge(answer, results, tally)
        trials.with_room(results, tally)
    return tally


def _limit(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def _sizes(limits: int, most: int) -> list[int]:
    """Return sizes, whole pages up to ``most``, evenly spaced."""
    pages = max(1, most // PAGE)
    return [PAGE * max(1, round(pages * (k + 1) / limits)) for k in range(limits)]


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True, capture_output=True)  # noqa: S607


def read_only_folders(trials: Trials, folder: Path) -> Tally:
    """Take away the right to write (555): to all, to the store's folder, to the run's folder."""
    tally = Tally("folders that must not be written to (555)")
    for number, (kept, shut) in enumerate(
        ((False, "."), (False, FOLDER), (True, FOLDER), (True, "small"))
    ):
        results = folder / f"shut-{number}"
        (results / shut).mkdir(parents=True)
        if kept:
            trials.run(results, before=lambda: _limit(trials.bytes // 3))
        place = results / shut
        place.chmod(0o555)
        answer = trials.run(results, before=_without_root)
        place.chmod(0o755)
        trials.judge(answer, results, tally)
        if answer.code == 0:
            tally.faults.append(f"{number}: {shut} was written to")
        trials.with_room(results, tally)
    return tally


def read_only_disk(trials: Trials, folder: Path) -> Tally:
    """Mount the disk so that nothing can be written: nothing there, half a run, a whole one."""
    tally = Tally("a disk that is mounted read-only")
    disk = folder / "shut-disk"
    disk.mkdir()
    _mount("-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(disk))
    try:
        for number, before in enumerate((None, trials.bytes // 3, ROOM)):
            results = disk / f"results-{number}"
            results.mkdir()
            if before is not None:
                trials.run(results, before=lambda size=before: _limit(size))  # type: ignore[misc]
            _mount("-o", "remount,ro", str(disk))
            answer = trials.run(results)
            _mount("-o", "remount,rw", str(disk))
            trials.judge(answer, results, tally)
            trials.with_room(results, tally)
    finally:
        subprocess.run(["umount", str(disk)], check=True)  # noqa: S607
    return tally


def _without_root() -> None:
    """Give up root's right to pass over the rights of files (CAP_DAC_OVERRIDE, _READ_SEARCH)."""
    if os.geteuid() != 0:
        return
    import ctypes

    # capset(2), version 3: header (version, pid), then two of (effective, permitted, inheritable).
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    data = (ctypes.c_uint32 * 6)()
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.capget(header, data) == 0
    for place in range(3):
        data[place] &= ~0b110
    assert libc.capset(header, data) == 0


def _own_mounts() -> bool:
    """Begin again in a namespace of mounts of our own; False where that is not allowed."""
    if os.environ.get(INSIDE):
        return True
    if not sys.platform.startswith("linux"):
        return False
    asked = ["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    allowed = subprocess.run(asked, capture_output=True, check=False)
    if allowed.returncode:
        return False
    words = ["unshare", "-m", sys.executable, "-m", "tests.benchmarks.broken_disks", *sys.argv[1:]]
    return os.execvpe("unshare", words, {**os.environ, INSIDE: "1"})  # noqa: S606, S607  # ourselves


def _measures(
    trials: Trials, folder: Path, limits: int, *, mounts: bool
) -> Sequence[Callable[[], Tally]]:
    everywhere = [
        partial(limited_files, trials, folder, limits),
        partial(read_only_folders, trials, folder),
    ]
    if not mounts:
        sys.stdout.write("no mounts of our own are allowed here: no disks\n")
        return everywhere
    disks = [partial(full_disks, trials, folder, limits), partial(read_only_disk, trials, folder)]
    return [*disks, *everywhere]


def main() -> int:
    """Fill disks, shut folders, look, say."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--limits", type=int, default=50)
    asked = words.parse_args()
    mounts = _own_mounts()
    began = time.process_time()
    tallies = []
    sys.stdout.write(f"{'':<44}{'runs':>6}{'kept':>7}{'lost':>6}{'torn':>6}{'faults':>8}  codes\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        trials = Trials(folder)
        for measure in _measures(trials, folder, asked.limits, mounts=mounts):
            tally = measure()
            tallies.append(tally)
            sys.stdout.write(f"{tally.line()}\n")
            sys.stdout.flush()
    for tally in tallies:
        for fault in tally.faults:
            sys.stdout.write(f"FAULT {tally.what}: {fault}\n")
    bad = sum(tally.lost + tally.torn + len(tally.faults) for tally in tallies)
    sys.stdout.write(f"{bad} bad; CPU {time.process_time() - began:.0f} s of this process\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
