"""For notebooks: simulate, replicate, compare, sweep, fit, with tidy pandas frames."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.engine.setting import prepare
from sim.experiments.compare import Comparison, compare_runs
from sim.experiments.replication import Outcome, play_replication
from sim.experiments.run import Run, execute
from sim.experiments.until_precise import MOST, until_precise
from sim.kpis import KPIS
from sim.log.event_log import Chunk, join
from sim.report.terminal import comparison_lines, kpi_lines
from sim.scenario.loading import LoadedScenario, load

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.sweep.choose import Rule, Sweep
    from sim.fitting.importing import Imported

Source = str | LoadedScenario


@dataclass(frozen=True)
class Simulation:
    """One replication as frames.

    Parameters
    ----------
    outcome
        KPIs, balance, series.
    log
        The whole event log.
    """

    outcome: Outcome
    log: Chunk

    @property
    def kpis(self) -> pd.Series[float]:
        """KPI name to value."""
        import pandas as pd

        return pd.Series(self.outcome.kpis, name="value")

    @property
    def orders(self) -> pd.DataFrame:
        """One row an order: times of all steps, outcome."""
        import pandas as pd

        return pd.DataFrame(dict(self.outcome.orders or {}))

    @property
    def events(self) -> pd.DataFrame:
        """One row a fact."""
        import pandas as pd

        from sim.log.facts import Fact

        frame = pd.DataFrame(self.log._asdict())
        names = {int(fact): fact.name.lower() for fact in Fact}
        frame["fact"] = frame["fact"].map(names)
        return frame


@dataclass(frozen=True)
class Replications:
    """All replications of a scenario as a tidy frame."""

    run: Run

    @property
    def kpis(self) -> pd.DataFrame:
        """Columns scenario, replication, kpi, value, unit."""
        import pandas as pd

        name = self.run.scenario.name
        rows = [
            (name, outcome.replication, kpi, value, KPIS[kpi].unit)
            for outcome in self.run.outcomes
            for kpi, value in outcome.kpis.items()
        ]
        return pd.DataFrame(rows, columns=["scenario", "replication", "kpi", "value", "unit"])

    @property
    def estimates(self) -> pd.DataFrame:
        """Mean and 95 % interval by KPI."""
        import pandas as pd

        rows = [
            (kpi, e.mean, e.lo, e.hi, e.n, KPIS[kpi].unit)
            for kpi, e in self.run.estimates.items()
            if e is not None
        ]
        return pd.DataFrame(rows, columns=["kpi", "mean", "lo", "hi", "n", "unit"]).set_index("kpi")

    @property
    def utilisation(self) -> pd.DataFrame:
        """Busy share by role, weekday and hour, mean of the replications; hours on duty only."""
        import pandas as pd

        from sim.log.facts import ROLE_NAMES
        from sim.report.pooled import mean_where_known
        from sim.scenario.schema import WEEKDAYS

        shares = mean_where_known([outcome.picture.utilisation for outcome in self.run.outcomes])
        index = pd.MultiIndex.from_product(
            [ROLE_NAMES, WEEKDAYS, range(24)], names=["role", "weekday", "hour"]
        )
        column = pd.Series(shares.ravel(), index=index, name="busy_share")
        return column.dropna().reset_index()

    def __str__(self) -> str:
        targets = {t.kpi: (t.bound, t.verdict) for t in self.run.targets}
        return "\n".join(kpi_lines(self.run.estimates, targets))


@dataclass(frozen=True)
class Compared:
    """Two scenarios on the same orders."""

    comparison: Comparison

    @property
    def differences(self) -> pd.DataFrame:
        """Paired differences b - a by KPI, with interval and verdict."""
        import pandas as pd

        rows = []
        for kpi in KPIS:
            found = self.comparison.difference(kpi)
            if found is not None:
                verdict = self.comparison.verdicts.get(kpi)
                judgement = verdict.judgement if verdict else ""
                rows.append((kpi, found.mean, found.lo, found.hi, KPIS[kpi].unit, judgement))
        columns = ["kpi", "difference", "lo", "hi", "unit", "verdict"]
        return pd.DataFrame(rows, columns=columns).set_index("kpi")

    def __str__(self) -> str:
        return "\n".join(comparison_table(self.comparison))


@dataclass(frozen=True)
class FittedHistory:
    """A scenario fitted to a shop's order history."""

    imported: Imported

    @property
    def figures(self) -> pd.DataFrame:
        """One row a figure: value, 95 % interval, rows it comes from, method, origin, key."""
        import pandas as pd

        return pd.DataFrame([each.as_dict() for each in self.imported.figures]).set_index("name")

    def write(self, folder: str | Path, *, force: bool = False) -> Path:
        """Write scenario, catalogue and page to a folder; return the scenario's file."""
        from sim.fitting.importing import name_of, write_files

        place = Path(folder)
        texts = self.imported.files(name_of(place.resolve().name))
        return write_files(place, texts, self.imported.data_files, force=force)[0]

    def reproduce(
        self, first_day: str | None = None, days: int | None = None, *, replications: int = 10
    ) -> pd.DataFrame:
        """Play days of the history with the fitted laws; return real and simulated figures.

        Parameters
        ----------
        first_day, days
            Days of the history; default: its last whole calendar month, else all of it.
        replications
            Plays, at least 2.
        """
        import pandas as pd

        from sim.experiments.reproduce import reproduce_imported
        from sim.fitting.fit import Period

        period = self.imported.fit.period
        if first_day is not None:
            period = Period(datetime.date.fromisoformat(first_day), days or period.days)
        found = reproduce_imported(self.imported, period=period, replications=replications)
        return pd.DataFrame([asdict(row) for row in found.rows]).set_index("name")


def fit(history: str | Path, base: Source = "baseline", **settings: Any) -> FittedHistory:  # noqa: ANN401
    """Fit a scenario to the export of a shop.

    Parameters
    ----------
    history
        CSV or Parquet; its columns are found by name, or as ``base`` says.
    base
        Scenario that says what no export knows.
    settings
        As for :func:`simulate`.

    Raises
    ------
    ScenarioError
        The file or the scenario cannot be used.
    """
    from sim.fitting.importing import fit_file

    return FittedHistory(fit_file(Path(history), str(history), _loaded(base, settings)))


def comparison_table(comparison: Comparison, titles: tuple[str, str] | None = None) -> list[str]:
    """Return the table of a comparison's family; the titles default to the scenarios' names."""
    a, b = comparison.a, comparison.b
    return comparison_lines(
        titles or (a.scenario.name, b.scenario.name),
        a.estimates,
        b.estimates,
        {name: comparison.difference(name) for name in comparison.family},
        comparison.verdicts,
    )


def simulate(source: Source, replication: int = 0, **settings: Any) -> Simulation:  # noqa: ANN401
    """Play one replication and keep its whole log.

    Parameters
    ----------
    source
        File, bundled name, or a loaded scenario.
    replication
        Number from 0.
    settings
        As ``--set``, with double underscores for dots: ``picking__routing="exact"``.

    Raises
    ------
    ScenarioError
        The scenario or one of its files cannot be used.
    """
    loaded = _loaded(source, settings)
    setting = prepare(loaded.scenario, loaded.external_files, loaded.file.name)
    chunks: list[Chunk] = []
    outcome = play_replication(setting, replication, readers=(chunks.append,), keep_orders=True)
    return Simulation(outcome, join(chunks))


def replicate(
    source: Source,
    *,
    replications: int | None = None,
    jobs: int = 1,
    progress: Callable[[int], None] | None = None,
    until_precision: float | None = None,
    max_replications: int = MOST,
    kpis: Sequence[str] = (),
    **settings: Any,  # noqa: ANN401
) -> Replications:
    """Play a scenario several times.

    Parameters
    ----------
    source, settings
        As for :func:`simulate`.
    replications
        How many, default as the scenario says.
    jobs
        Processes; the numbers do not depend on it.
    progress
        Called with 1 after each replication (``tqdm.update`` fits).
    until_precision
        Play until the 95 per cent intervals of ``kpis`` are this narrow, as a share of the mean
        above 0 and below 1 (0.02), in place of ``replications``; at most ``max_replications``.
    kpis
        Names of the KPIs that must be precise; default the headline KPIs with targets.

    Raises
    ------
    ValueError
        Both ``replications`` and ``until_precision``, a name that is no KPI, or a number outside
        its range.
    """
    loaded = _loaded(source, settings)
    numbers = None if replications is None else range(replications)

    def done(_: Outcome) -> None:
        if progress is not None:
            progress(1)

    if until_precision is not None:
        if replications is not None:
            raise ValueError(
                "found both replications and until_precision; expected one of them: the precision "
                "says how many are played"
            )
        found = until_precise(
            loaded, until_precision, kpis=kpis, most=max_replications, jobs=jobs, done=done
        )
        return Replications(found.run)
    return Replications(execute(loaded, replications=numbers, jobs=jobs, done=done))


def compare(a: Replications, b: Replications) -> Compared:
    """Compare two replicated scenarios pair by pair, b against a."""
    return Compared(compare_runs(a.run, b.run))


@dataclass(frozen=True)
class Swept:
    """The cells of a sweep and the choice among them."""

    sweep: Sweep

    @property
    def cells(self) -> pd.DataFrame:
        """One row a cell: varied keys, mean with interval, difference to the best, verdict."""
        import pandas as pd

        from sim.experiments.sweep.table import records

        return pd.DataFrame(records(self.sweep))

    @property
    def promise(self) -> str:
        """What is promised of the choice."""
        from sim.experiments.sweep.choose import promise

        return promise(self.sweep)

    def __str__(self) -> str:
        from sim.experiments.sweep.table import text_lines

        return "\n".join(text_lines(self.sweep))


def sweep(
    source: str,
    vary: Mapping[str, str | Sequence[Any]],
    *,
    rule: Rule | None = None,
    jobs: int = 1,
    results: str | Path | None = None,
    progress: Callable[[int], None] | None = None,
    **settings: Any,  # noqa: ANN401
) -> Swept:
    """Vary keys of a scenario over the same orders and choose the best cell.

    Parameters
    ----------
    source
        File or bundled name.
    vary
        Key to its values: a sequence, or text as after ``--vary key=``.
    rule
        How to choose (:class:`sim.experiments.sweep.choose.Rule`); default the cheapest order.
    jobs
        Processes; the numbers do not depend on it.
    results
        Folder in which replications are kept; None keeps none.
    progress
        Called with 1 after each replication.
    settings
        As for :func:`simulate`; they hold for every cell.

    Raises
    ------
    ScenarioError
        With every problem of every cell.
    ValueError
        The rule does not fit the cells, or its KPI is undefined in a replication.
    """
    from sim.experiments.cells import Cells
    from sim.experiments.sweep.choose import Rule, choose
    from sim.experiments.sweep.grid import axes_of, cells_of

    axes = axes_of(
        f"{key}={values if isinstance(values, str) else ','.join(_word(v) for v in values)}"
        for key, values in vary.items()
    )
    words = [f"{key.replace('__', '.')}={_word(value)}" for key, value in settings.items()]
    chosen = rule or Rule("cost_per_order_eur")
    with Cells(
        cells_of(source, axes, words),
        (chosen.kpi,),
        jobs=jobs,
        results=None if results is None else Path(results),
        done=progress or (lambda _: None),
    ) as played:
        return Swept(choose(axes, played, chosen))


def _loaded(source: Source, settings: dict[str, Any]) -> LoadedScenario:
    if isinstance(source, LoadedScenario):
        if settings:
            raise ValueError("give settings to load(), or a file name here")
        return source
    words = [f"{key.replace('__', '.')}={_word(value)}" for key, value in settings.items()]
    return load(source, settings=words)


def _word(value: Any) -> str:  # noqa: ANN401
    """Return a Python value as YAML reads it; numbers and arrays of NumPy are plain ones there."""
    import json

    def plain(other: Any) -> Any:  # noqa: ANN401
        return other.tolist() if hasattr(other, "tolist") else str(other)

    return json.dumps(value, ensure_ascii=False, default=plain)
