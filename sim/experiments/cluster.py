"""Replications on the workers of a Dask cluster: the same numbers as on one machine.

This module needs the extra ``cluster`` and is imported only where a cluster was asked for. The
setting goes to every worker once, to one that joins or begins anew too; outcomes come back as
bytes. A worker's death is Dask's affair until it gives a replication up; then it is that of
:mod:`sim.experiments.supervisor`.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from functools import partial
from typing import Any

from distributed import Client, KilledWorker, Worker, WorkerPlugin, get_worker
from distributed import Future as FutureThere

from sim.engine.setting import Setting
from sim.errors import ClusterError
from sim.experiments.outcome_bytes import from_bytes, to_bytes
from sim.experiments.replication import Outcome
from sim.experiments.run import program
from sim.experiments.workers import with_setting

ANSWER_S = 10.0
"""So long a scheduler has to answer, and a first worker to be there."""
WORKERLESS_S = 60.0
"""After so long without any worker the run ends: nobody would ever play the rest."""
_LOOK_S = 2.0
_NAMED_AT_MOST = 3


class SettingThere(WorkerPlugin):
    """What a worker keeps of a run: the setting, and how its program differs from the first one's.

    Parameters
    ----------
    setting
        What is played.
    expected
        What the numbers depend on where the run was started, by name.
    """

    def __init__(self, setting: Setting, expected: Mapping[str, str]) -> None:
        self.setting = setting
        self.expected = dict(expected)
        self.differs = ""

    def setup(self, worker: Worker) -> None:
        """Look whether this worker, which may have joined late, has the same program."""
        words = differences(self.expected, program())
        self.differs = f"worker {worker.address}: {words}" if words else ""


class ClusterWorkers(Executor):
    """The workers of a cluster, made to know a setting.

    Parameters
    ----------
    setting
        What they play.
    address
        The scheduler's, such as ``tcp://10.0.0.5:8786``.
    workerless_s
        After so many seconds without any worker what is in hand fails.

    Raises
    ------
    ClusterError
        Nobody answers, no worker is there, or one has another program.
    """

    def __init__(
        self, setting: Setting, *, address: str, workerless_s: float = WORKERLESS_S
    ) -> None:
        self._address = address
        self._workerless_s = workerless_s
        self._name = f"warelab-{uuid.uuid4().hex}"
        self._given_out = 0
        self._in_hand: dict[Future[Outcome], FutureThere[bytes]] = {}
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._client = connected(address)
        try:
            expected = checked_program(self._client, address)
            self._client.register_plugin(SettingThere(setting, expected), name=self._name)
        except BaseException:
            self._client.close()
            raise
        self._watch = threading.Thread(target=self._look_for_workers, daemon=True)
        self._watch.start()

    def submit(  # type: ignore[override]  # of all tasks those that give an outcome
        self, task: Callable[..., Outcome], /, *words: object
    ) -> Future[Outcome]:
        """Give out a task that returns an outcome; where it is done is the cluster's choice."""
        self._given_out += 1
        key = f"{self._name}-{self._given_out}"
        there = self._client.submit(_done_there, self._name, task, words, key=key, pure=False)
        outcome: Future[Outcome] = Future()
        outcome.set_running_or_notify_cancel()
        with self._lock:
            self._in_hand[outcome] = there
        there.add_done_callback(partial(self._hand_over, outcome))
        return outcome

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the cluster; with ``cancel_futures`` what is in hand there is of no use any more.

        A replication at work cannot be stopped from here: its worker finishes it and drops it.
        """
        if self._ended.is_set():
            return
        self._ended.set()
        with self._lock:
            in_hand = list(self._in_hand.values())
        try:
            if cancel_futures and in_hand:
                self._client.cancel(in_hand)
            self._client.unregister_worker_plugin(self._name)
        except (OSError, TimeoutError, CancelledError, RuntimeError):
            pass  # the scheduler is gone, and with it all that it knew
        finally:
            self._client.close(timeout=ANSWER_S)
            if wait:
                self._watch.join()

    def _hand_over(self, outcome: Future[Outcome], there: FutureThere[bytes]) -> None:
        """Pass on what a worker has sent, or why it has not."""
        try:
            found = from_bytes(there.result())
        except KilledWorker as error:
            self._fail(outcome, BrokenExecutor(str(error)))
        except CancelledError:
            self._fail(outcome, self._gone())
        except OSError as error:  # its answer is lost with the connection to the scheduler
            self._fail(outcome, self._gone() if self._client.status != "running" else error)
        except BaseException as error:  # noqa: BLE001  # whatever it is, it is the caller's
            self._fail(outcome, error)
        else:
            with self._lock:
                if self._in_hand.pop(outcome, None) is not None:
                    outcome.set_result(found)

    def _fail(self, outcome: Future[Outcome], error: BaseException) -> None:
        with self._lock:
            if self._in_hand.pop(outcome, None) is not None:
                outcome.set_exception(error)

    def _gone(self) -> ClusterError:
        return ClusterError(
            f"{self._address}: the scheduler has gone away; what was finished is kept: start it "
            "again and give the same command"
        )

    def _look_for_workers(self) -> None:
        """Fail what is in hand when there has been no worker for long."""
        without_s = 0.0
        while not self._ended.wait(_LOOK_S):
            try:
                without_s = 0.0 if self._client.nthreads() else without_s + _LOOK_S
            except Exception:  # noqa: BLE001, S112  # the client tells the tasks that it is lost
                continue
            if without_s >= self._workerless_s:
                with self._lock:
                    waiting = list(self._in_hand)
                words = f"{self._address}: no worker for {self._workerless_s:g} s; what was "
                words += f"finished is kept: {start_a_worker(self._address)}, then the same command"
                for outcome in waiting:
                    self._fail(outcome, ClusterError(words))


def connected(address: str) -> Client:
    """Return a connection to a scheduler that has workers.

    Raises
    ------
    ClusterError
        Nobody answers there, or no worker has come.
    """
    # A lost scheduler is told in our words; Dask would print tracebacks of its own clean-up.
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=ANSWER_S, set_as_default=False)
    except (OSError, ValueError, TypeError, TimeoutError) as error:
        raise ClusterError(
            f"--cluster {address}: no Dask scheduler answers there within {ANSWER_S:g} s "
            f"({type(error).__name__}); expected its address, such as tcp://10.0.0.5:8786; "
            "`dask scheduler` starts one and prints it"
        ) from None
    try:
        client.wait_for_workers(1, timeout=ANSWER_S)
    except TimeoutError:
        client.close()
        raise ClusterError(
            f"--cluster {address}: the scheduler has no worker; {start_a_worker(address)}"
        ) from None
    return client


def start_a_worker(address: str) -> str:
    """Return how a worker is started, in words."""
    return f"start one with `dask worker {address} --nthreads 1`"


def threads(address: str) -> int:
    """Return how many replications the cluster plays at once.

    Raises
    ------
    ClusterError
        As :func:`connected`.
    """
    with connected(address) as client:
        return sum(client.nthreads().values())


def checked_program(client: Client, address: str) -> dict[str, str]:
    """Return what the numbers depend on; all workers and the scheduler have the same.

    Raises
    ------
    ClusterError
        One has something else, or has no warelab; it is named.
    """
    here = program()
    found: dict[str, Any] = client.run(program, on_error="return")
    try:
        found["scheduler"] = client.run_on_scheduler(program)
    except Exception as error:  # noqa: BLE001  # whatever keeps it from importing warelab
        found["scheduler"] = error
    others = []
    for name, there in found.items():
        who = name if name == "scheduler" else f"worker {name}"
        if isinstance(there, BaseException):
            others.append(f"{who}: {type(there).__name__}: {there}")
        elif words := differences(here, there):
            others.append(f"{who}: {words}")
    if others:
        more = len(others) - _NAMED_AT_MOST
        named = "; ".join(others[:_NAMED_AT_MOST]) + (f"; and {more} more" if more > 0 else "")
        raise ClusterError(
            f"--cluster {address}: another program there, which may give other numbers: {named}; "
            "install the same warelab, Python and libraries everywhere (requirements-run.lock), "
            "then start scheduler and workers again"
        )
    return here


def differences(here: Mapping[str, str], there: Mapping[str, str]) -> str:
    """Return in words what differs between two programs; empty if nothing does."""
    differing = [name for name in here if there.get(name) != here[name]]
    return ", ".join(f"{name} {_short(there.get(name))}, here {_short(here[name])}"
                     for name in differing)  # fmt: skip


def _short(version: str | None) -> str:
    digest_length = 64
    if version is None:
        return "unknown"
    return version[:12] if len(version) == digest_length else version


def _done_there(name: str, task: Callable[..., Outcome], words: tuple[object, ...]) -> bytes:
    """Do a task for the run of that name and return its outcome; runs in the worker."""
    kept = get_worker().plugins.get(name)
    if not isinstance(kept, SettingThere):
        raise ClusterError(f"worker {get_worker().address} was not given the setting")
    if kept.differs:
        raise ClusterError(f"a worker with another program has joined: {kept.differs}")
    return to_bytes(with_setting(kept.setting, task, *words))
