"""Targets: which bounds on KPIs a run met, which it missed, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from sim.errors import Problem, ScenarioError, shown_value
from sim.kpis.estimates import Estimate
from sim.kpis.registry import KPIS
from sim.scenario.loading import LoadedScenario
from sim.scenario.problems import suggestion
from sim.scenario.schema import Target
from sim.scenario.yaml_nodes import shown_path

TargetVerdict = Literal["met", "missed", "unknown"]


@dataclass(frozen=True)
class JudgedTarget:
    """A target and how it was met.

    Parameters
    ----------
    kpi
        Name of the KPI.
    bound
        The bound as it is printed, for instance ``<= 24``.
    verdict
        ``met`` or ``missed`` by the mean, ``unknown`` if the KPI is undefined.
    sure
        Whether the whole interval lies on the same side of the bound.
    """

    kpi: str
    bound: str
    verdict: TargetVerdict
    sure: bool

    @property
    def tile(self) -> str:
        """``met``, ``missed`` or ``uncertain``, as the tile shows it."""
        return self.verdict if self.verdict in ("met", "missed") and self.sure else "uncertain"


def check_targets(scenarios: Iterable[LoadedScenario]) -> None:
    """Refuse targets whose names are no KPIs.

    Raises
    ------
    ScenarioError
        With every one of them, at the place where it is written; an inherited one is said once.
    """
    if problems := dict.fromkeys(p for loaded in scenarios for p in _unknown_targets(loaded)):
        raise ScenarioError(problems)


def _unknown_targets(loaded: LoadedScenario) -> list[Problem]:
    problems = []
    for name in loaded.scenario.targets:
        if name in KPIS:
            continue
        path = shown_path(("targets", name))
        bounds = (f"{path}.{bound}" for bound in ("at_least", "at_most"))
        origin = next((loaded.origins[each] for each in bounds if each in loaded.origins), "")
        file, _, line = origin.rpartition(":")
        problems.append(
            Problem(
                file if line.isdigit() else origin or loaded.file.name,
                int(line) if line.isdigit() else 0,
                1,  # of the line; an origin knows no column
                path,
                f"found no KPI named {shown_value(name)}",
                "expected the name of a KPI",
                suggestion(name, KPIS) or "docs/kpis.md names them all",
            )
        )
    return problems


def judged_targets(
    targets: Mapping[str, Target], estimates: Mapping[str, Estimate | None]
) -> list[JudgedTarget]:
    """Return every bound of the targets with its verdict, in the order of the scenario."""
    return [
        _judged(name, bound, sign, estimates.get(name))
        for name, target in targets.items()
        for bound, sign in ((target.at_most, "<="), (target.at_least, ">="))
        if bound is not None
    ]


def _judged(name: str, bound: float, sign: str, found: Estimate | None) -> JudgedTarget:
    words = f"{sign} {bound:g}"
    if found is None:
        return JudgedTarget(name, words, "unknown", sure=False)

    def holds(value: float) -> bool:
        return value <= bound if sign == "<=" else value >= bound

    met = holds(found.mean)
    ends = [end for end in (found.lo, found.hi) if end is not None]
    sure = bool(ends) and all(holds(end) == met for end in ends)
    return JudgedTarget(name, words, "met" if met else "missed", sure)
