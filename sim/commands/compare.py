"""``warelab compare``: the first scenario against each of the others, on the same orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from sim.commands.options import (
    EXIT_NOT_MET,
    chosen_form,
    cluster_option,
    executor_of,
    format_option,
    jobs_of,
    jobs_option,
    json_option,
    progress,
    quiet_option,
    replications_option,
    seed_option,
    settings_option,
    with_run_settings,
)

if TYPE_CHECKING:
    from sim.experiments.compare import Comparison
    from sim.experiments.gates import Amount, Gate
    from sim.report.formats.grid import Grid
    from sim.report.formats.junit import Case


@click.command()
@click.argument("scenarios", nargs=-1, required=True)
@settings_option
@replications_option
@seed_option
@jobs_option
@cluster_option
@click.option(
    "--kpi", "kpis", multiple=True, metavar="NAME",
    help="Compare this KPI too, e.g. --kpi oversale_rate; names: docs/kpis.md.",
)  # fmt: skip
@click.option(
    "--smallest", multiple=True, metavar="KPI=AMOUNT",
    help="Smallest effect of interest: in the KPI's unit, or % of the first mean.  [default: 0.1%]",
)  # fmt: skip
@click.option(
    "--gate", "gates", multiple=True, metavar="KPI=AMOUNT",
    help="Exit with 3 if this KPI is worse by more, beyond luck.",
)  # fmt: skip
@format_option
@json_option
@quiet_option
def compare(
    scenarios: tuple[str, ...],
    settings: tuple[str, ...],
    replications: int | None,
    seed: int | None,
    jobs: int | None,
    cluster: str | None,
    kpis: tuple[str, ...],
    smallest: tuple[str, ...],
    gates: tuple[str, ...],
    form: str | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Compare the first of SCENARIOS with each other one; differences are paired."""
    from sim.commands.amounts import kpi_amounts
    from sim.commands.answers import say_answer
    from sim.experiments.compare import compare_many
    from sim.experiments.run import execute
    from sim.scenario.loading import load_many

    if len(scenarios) < 2:
        raise click.UsageError("name at least two scenarios")
    form = chosen_form(form, as_json)
    effects, tolerances = kpi_amounts("--smallest", smallest), kpi_amounts("--gate", gates)
    family = family_with((*kpis, *effects, *tolerances))
    loaded = load_many(scenarios, settings=with_run_settings(settings, seed, replications))
    count = min(one.scenario.run.replications for one in loaded)
    if tolerances and count < 2:
        raise click.UsageError("--gate: found 1 replication; expected at least 2 (--replications)")
    at_once = jobs_of(jobs, cluster)
    runs = []
    for one in loaded:
        with progress(count, one.scenario.name, quiet) as ticker:
            runs.append(
                execute(
                    one,
                    replications=range(count),
                    jobs=at_once,
                    executor=executor_of(cluster),
                    done=ticker.done,
                    progress=ticker.at,
                )
            )
    try:
        comparisons = compare_many(runs[0], runs[1:], family, effects)
    except ValueError as error:
        raise click.UsageError(f"{error}; give one with --seed") from None
    found = compared_gates(comparisons, tolerances)
    say_answer(
        form,
        f"compare: {runs[0].scenario.name} against {len(runs) - 1} other",
        [grid_of(each, gates) for each, gates in zip(comparisons, found, strict=True)],
        [c for each, gates in zip(comparisons, found, strict=True) for c in cases_of(each, gates)],
        lambda: [comparison_document(*pair) for pair in zip(comparisons, found, strict=True)],
    )
    failed = any(gate.failed for gates in found for gate in gates.values())
    return EXIT_NOT_MET if failed else 0


def compared_gates(
    comparisons: Sequence[Comparison], tolerances: Mapping[str, Amount]
) -> list[dict[str, Gate]]:
    """Return by comparison what each gate says."""
    from sim.experiments.gates import Gated, judged_gates

    judged = judged_gates(
        {
            (k, kpi): Gated(kpi, each.a.values(kpi), each.b.values(kpi), tolerance)
            for k, each in enumerate(comparisons)
            for kpi, tolerance in tolerances.items()
        }
    )
    return [{kpi: judged[k, kpi] for kpi in tolerances} for k in range(len(comparisons))]


def grid_of(comparison: Comparison, gates: Mapping[str, Gate]) -> Grid:
    """Return a comparison as a table."""
    from sim.report.formats.grid import Grid
    from sim.report.terminal import COMPARISON_RIGHT, comparison_rows

    a, b = comparison.a, comparison.b
    differences = {name: comparison.difference(name) for name in comparison.family}
    titles = (a.scenario.name, b.scenario.name)
    rows = comparison_rows(titles, a.estimates, b.estimates, differences, comparison.verdicts)
    head = f"{titles[1]} against {titles[0]}: {len(a.outcomes)} replications on the same orders"
    notes = tuple(gate_words(kpi, gate) for kpi, gate in gates.items())
    return Grid(head, tuple(rows), COMPARISON_RIGHT, notes)


def gate_words(kpi: str, gate: Gate) -> str:
    """Return what a gate says, in words."""
    from sim.kpis import KPIS
    from sim.report.cells import measured

    verdict = (
        "FAILED: worse by more than" if gate.failed else "passed: not shown worse by more than"
    )
    return f"gate {kpi} {verdict} {measured(gate.tolerance, KPIS[kpi].unit)}"


def cases_of(comparison: Comparison, gates: Mapping[str, Gate]) -> list[Case]:
    """Return a comparison as cases of JUnit."""
    from sim.kpis import KPIS
    from sim.report.formats.junit import Case
    from sim.report.terminal import change_words

    group = f"{comparison.b.scenario.name} against {comparison.a.scenario.name}"
    cases = []
    for name in comparison.family:
        change = change_words(comparison.difference(name), KPIS[name].unit)
        verdict = comparison.verdicts.get(name)
        words = f"{change} {KPIS[name].unit}: {verdict.judgement if verdict else 'no better way'}"
        if name in gates:
            words += f"; {gate_words(name, gates[name])}"
        cases.append(Case(group, name, words, name in gates and gates[name].failed))
    return cases


def family_with(named: tuple[str, ...]) -> tuple[str, ...]:
    """Return the headline KPIs and the named ones, each once.

    Raises
    ------
    click.UsageError
        A name is no KPI; the nearest one is named.
    """
    from sim.commands.amounts import check_kpi
    from sim.errors import shown_value
    from sim.kpis.headline import HEADLINE

    for name in named:
        try:
            check_kpi(name)
        except ValueError as error:
            raise click.UsageError(f"--kpi: found {shown_value(name)}; {error}") from None
    return tuple(dict.fromkeys((*HEADLINE, *named)))


def comparison_document(comparison: Comparison, gates: Mapping[str, Gate]) -> dict[str, object]:
    """Return a comparison as JSON shows it; where neither way is better the verdict is null."""
    differences: dict[str, object] = {}
    for name in comparison.family:
        found, verdict = comparison.difference(name), comparison.verdicts.get(name)
        shown: dict[str, object] = {
            "mean": found.mean if found else None,
            "ci95": [found.lo, found.hi] if found else None,
            "verdict": verdict.judgement if verdict else None,
        }
        if name in gates:
            shown["gate"] = {"tolerance": gates[name].tolerance, "failed": gates[name].failed}
        differences[name] = shown
    return {
        "a": comparison.a.scenario.name,
        "b": comparison.b.scenario.name,
        "differences": differences,
    }
