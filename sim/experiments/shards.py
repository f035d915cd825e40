"""Where finished replications are kept, and how the shares of several machines come together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.errors import StoreError
from sim.experiments.run import depended_on
from sim.experiments.store import Store
from sim.scenario.loading import LoadedScenario

FOLDER = ".replications"
ENDING = ".sqlite"
KEY_CHARACTERS = 12


@dataclass(frozen=True)
class Shard:
    """One machine's share of the replications: every ``count``-th, from the ``number``-th on.

    Parameters
    ----------
    number
        1 to ``count``.
    count
        Shards in all.
    """

    number: int
    count: int

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"

    def of(self, replications: Sequence[int]) -> list[int]:
        """Return this shard's share of the replications."""
        return list(replications[self.number - 1 :: self.count])


def shard_named(words: str) -> Shard:
    """Return the shard that a person names: ``2/4`` is the second of four.

    Raises
    ------
    ValueError
        It is no shard.
    """
    number, slash, count = words.partition("/")
    if not (slash and number.isdecimal() and count.isdecimal()):
        raise ValueError(f"found {words!r}; expected i/n, as 2/4 for the second of four shards")
    if not 1 <= int(number) <= int(count):
        raise ValueError(f"found {words!r}; expected a shard from 1 to {int(count)}")
    return Shard(int(number), int(count))


def store_file(results: Path, loaded: LoadedScenario, shard: Shard | None = None) -> Path:
    """Return the file in which a scenario's replications are kept.

    It stands beside the run folders, not in one: these appear whole or not at all, and runs of
    different numbers of replications share it. Each shard has its own, so that machines with a
    common disk need not wait for each other.
    """
    share = f".{shard.number}of{shard.count}" if shard else ""
    return results / FOLDER / f"{_stem(loaded)}{share}{ENDING}"


def open_store(
    results: Path,
    loaded: LoadedScenario,
    shard: Shard | None = None,
    *,
    say: Callable[[str], None] = lambda _: None,
) -> Store:
    """Open the store of a scenario's replications; see :class:`Store`."""
    return Store(store_file(results, loaded, shard), depended_on(loaded), say=say)


def gather(
    store: Store,
    places: Iterable[Path],
    loaded: LoadedScenario,
    *,
    say: Callable[[str], None] = lambda _: None,
) -> None:
    """Keep in a store what other stores of the scenario keep.

    Parameters
    ----------
    store
        Where it is to be kept.
    places
        Store files, or results folders, of which all stores of the scenario are taken.
    loaded
        The scenario.
    say
        Told of damaged replications.

    Raises
    ------
    StoreError
        A place has none, or one of another scenario, program or library; or the same replication
        has different numbers in two of them.
    """
    for place in places:
        for path in _stores_at(place, loaded):
            if path.resolve() == store.path.resolve():
                continue
            with Store(path, depended_on(loaded), say=say, wait=False) as other:
                store.take_from(other)


def _stem(loaded: LoadedScenario) -> str:
    text = json.dumps(depended_on(loaded), sort_keys=True)
    key = hashlib.sha256(text.encode()).hexdigest()
    return f"{loaded.scenario.name}-{key[:KEY_CHARACTERS]}"


def _stores_at(place: Path, loaded: LoadedScenario) -> list[Path]:
    if place.is_file():
        return [place]
    found = sorted((place / FOLDER).glob(f"{_stem(loaded)}*{ENDING}"))
    if not found:
        others = len(list((place / FOLDER).glob(f"*{ENDING}")))
        raise StoreError(
            f"{place}: nothing is kept of {loaded.scenario.name} ({_stem(loaded)}) there"
            + (f", but {others} others: other settings, program or libraries?" if others else "")
            + "; name the results folder of a run with --shard, or its store file"
        )
    return found
