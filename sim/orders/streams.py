"""Random streams found by name, never by the order in which they were asked for.

A stream belongs to a purpose ("arrivals/web", "pick/search-time") and a replication. Element i of a
bulk column drawn from it belongs to entity i, so order 4711 keeps its luck whatever else changes.
"""

from __future__ import annotations

import hashlib

import numpy as np

ALL_REPLICATIONS = -1
"""Replication number of streams that do not change between replications (the catalogue)."""


def _words(name: str, replication: int) -> list[int]:
    digest = hashlib.sha256(f"{name}\x1f{replication}".encode()).digest()
    return [int.from_bytes(digest[i : i + 4], "little") for i in range(0, 32, 4)]


def stream(seed: int, name: str, replication: int) -> np.random.Generator:
    """Return the generator of a purpose in a replication.

    Parameters
    ----------
    seed
        Seed of the scenario, 0 to 2**63 - 1.
    name
        Purpose in words, for instance ``"arrivals/web"``.
    replication
        Number of the replication from 0, or :data:`ALL_REPLICATIONS`.

    References
    ----------
    Salmon, Moraes, Dror, Shaw (2011), Parallel random numbers: as easy as 1, 2, 3 (Philox).
    """
    sequence = np.random.SeedSequence(entropy=seed, spawn_key=tuple(_words(name, replication)))
    return np.random.Generator(np.random.Philox(sequence))


def next_draw(
    seed: int, name: str, replication: int, entity: int, number: int
) -> np.random.Generator:
    """Return the generator of one entity's further draw, for what only the run decides.

    A line that is picked a second time asks for draw 1 of its own key; nobody else's luck moves.
    """
    return stream(seed, f"{name}/{entity}/{number}", replication)
