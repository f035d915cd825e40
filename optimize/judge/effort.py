"""How much is played in a search, and on which replications."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    """How much is played.

    Parameters
    ----------
    budget
        Most replications altogether, certificates included.
    replications
        On which all plans are compared; numbers 0, 1, ... of ``numbers``.
    slope_replications
        On which one more person in a block is tried; at least 2.
    cut_rounds
        Most plans of the master that are played.
    trust_share
        A plan of the master has at least this share of the hours of the best plan in each block;
        0.0 lets it go anywhere.
    certificate_replications, most_certificate_replications
        Least and most fresh replications of a certificate.
    attempts
        Most certificates that are tried.
    alpha
        Chance that a plan which breaks the promise is certified all the same, all attempts
        together.
    first_number
        Number of the first replication on which plans are compared.
    """

    budget: int = 240
    replications: int = 6
    slope_replications: int = 3
    cut_rounds: int = 3
    trust_share: float = 0.85
    certificate_replications: int = 10
    most_certificate_replications: int = 30
    attempts: int = 4
    alpha: float = 0.05
    first_number: int = 1_000_000

    def __post_init__(self) -> None:
        if not 2 <= self.slope_replications <= self.replications:
            raise ValueError(
                f"{self.slope_replications} replications for slopes of {self.replications}; at"
                " least 2, and no more than those on which plans are compared"
            )
        if not 2 <= self.certificate_replications <= self.most_certificate_replications:
            raise ValueError("a certificate needs at least 2 replications, and least <= most")
        if not 0.0 < self.alpha < 0.5 or not 0.0 <= self.trust_share <= 1.0:
            raise ValueError("alpha lies between 0 and 0.5, trust_share between 0 and 1")
        if self.attempts < 1 or self.cut_rounds < 0:
            raise ValueError("at least one certificate is tried, and no round fewer than none")
        least = self.replications + self.kept_back
        if self.budget < least:
            raise ValueError(
                f"a budget of {self.budget} replications;"
                f" the start and two certificates need {least}"
            )

    @property
    def kept_back(self) -> int:
        """Replications that no search may spend: two certificates of the largest size."""
        return 2 * self.most_certificate_replications
