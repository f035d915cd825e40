"""Sentences about what a log says that cannot be, collected while it is read."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

KEPT = 20


class Faults:
    """The first faults of a log.

    Attributes
    ----------
    texts
        At most 20 sentences.
    """

    def __init__(self) -> None:
        self.texts: list[str] = []

    def note(self, text: str) -> None:
        """Keep a sentence while there is room."""
        if len(self.texts) < KEPT:
            self.texts.append(text)

    def only_once(
        self, what: str, subject: npt.NDArray[np.int32], already: npt.NDArray[np.bool_]
    ) -> None:
        """Note subjects that something happened to before, or twice in this chunk."""
        ordered = np.sort(subject)
        twice = ordered[1:][ordered[1:] == ordered[:-1]]
        for number in (*subject[already].tolist(), *twice.tolist()):
            self.note(f"{what} {number} twice")
