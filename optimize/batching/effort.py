"""How long a search goes on."""

from __future__ import annotations

from typing import NamedTuple


class Effort(NamedTuple):
    """Seed and limits of a search.

    Attributes
    ----------
    seed
        Seed of the search.
    iterations
        Most rounds; None: as many as the problem's size asks for, unless ``limit_s`` is given.
    limit_s
        Most seconds of wall clock; None: no such limit.
    """

    seed: int = 0
    iterations: int | None = None
    limit_s: float | None = None
