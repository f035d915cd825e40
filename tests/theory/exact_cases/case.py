"""One case, and its rows in a file of cases."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

COLUMNS = (
    "case",
    "kind",
    "title",
    "time_unit",
    "params",
    "metric",
    "expected",
    "max_rel_hw",
    "warmup_hint",
    "formula",
    "source",
)


@dataclass(frozen=True)
class Case:
    """A system, its exact answers, and how narrow an interval about them is asked for."""

    kind: str
    title: str
    params: Mapping[str, Any]
    answers: Mapping[str, float]
    formula: str
    source: str
    time_unit: str = "minute"
    warmup: float = 1000.0
    width: float = 0.03
    """Largest half-width, a share of the answer."""
    widths: Mapping[str, float] = field(default_factory=dict)
    """The same for one metric."""

    def rows(self, name: str) -> Iterator[dict[str, str]]:
        """Yield a row for each answer."""
        for metric, answer in self.answers.items():
            yield {
                "case": name,
                "kind": self.kind,
                "title": self.title,
                "time_unit": self.time_unit,
                "params": json.dumps(self.params, separators=(",", ":")),
                "metric": metric,
                "expected": f"{answer:.12g}",
                "max_rel_hw": f"{self.widths.get(metric, self.width):g}",
                "warmup_hint": f"{self.warmup:g}",
                "formula": self.formula,
                "source": self.source,
            }


def chosen(answers: Mapping[str, float], *metrics: str) -> dict[str, float]:
    """Return these of the answers, in this order."""
    return {metric: answers[metric] for metric in metrics}
