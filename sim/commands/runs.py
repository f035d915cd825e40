"""``warelab list``, ``show`` and ``report``: finished runs and bundled scenarios."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from sim.commands.options import jobs_option, json_option, progress, quiet_option, results_option


def _finished(results: Path) -> list[Path]:
    """Return the folders of finished runs; hidden ones are unfinished."""
    return sorted(
        folder.parent
        for folder in results.glob("*/*/manifest.json")
        if not folder.parent.name.startswith(".")
    )


def _read(folder: Path, name: str) -> dict[str, Any]:
    try:
        document = json.loads((folder / name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise click.UsageError(f"{folder} is no folder of a finished run: no {name}") from None
    except (OSError, ValueError) as error:
        raise click.UsageError(f"{folder / name} cannot be read: {error}") from None
    if not isinstance(document, dict):
        raise click.UsageError(f"{folder / name} is no document of a run")
    return document


@click.command("list")
@results_option
@json_option
def list_runs(results: Path, as_json: bool) -> None:
    """List bundled scenarios and finished runs."""
    from sim.scenario.paths import bundled_scenarios

    names = list(bundled_scenarios())
    runs = []
    for folder in _finished(results):
        kpis = _read(folder, "kpis.json")
        lead = kpis["kpis"].get("order_lead_time_p50_h", {}).get("mean")
        runs.append({"folder": str(folder), "scenario": kpis["scenario"], "lead_time_p50_h": lead})
    if as_json:
        click.echo(json.dumps({"scenarios": names, "runs": runs}, indent=2))
        return
    click.echo("bundled scenarios: " + ", ".join(names))
    for run in runs:
        lead = (
            ""
            if run["lead_time_p50_h"] is None
            else f"lead time p50 {run['lead_time_p50_h']:.1f} h"
        )
        click.echo(f"{run['folder']}  {lead}")
    if not runs:
        click.echo(f"no finished runs in {results}")


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@json_option
def show(folder: Path, as_json: bool) -> None:
    """Print the KPIs of the run in FOLDER."""
    from sim.kpis import KPIS, Estimate
    from sim.report.terminal import kpi_lines

    document = _read(folder, "kpis.json")
    if as_json:
        click.echo(json.dumps(document, indent=2, allow_nan=False))
        return
    estimates: dict[str, Estimate | None] = {}
    for name, kpi in document["kpis"].items():
        if name in KPIS and kpi["mean"] is not None:
            lo, hi = kpi["ci95"] or (None, None)
            estimates[name] = Estimate(kpi["mean"], lo, hi, kpi["sd"], kpi["n"])
    targets = {t["kpi"]: (t["bound"], t["verdict"]) for t in document["targets"]}
    click.echo(f"{document['scenario']}   {folder}\n")
    names = tuple(name for name in KPIS if name in estimates)
    click.echo("\n".join(kpi_lines(estimates, targets, names)))


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--open", "open_it", is_flag=True, help="Open it in the browser.")
@jobs_option
@quiet_option
def report(folder: Path, open_it: bool, jobs: int | None, quiet: bool) -> None:
    """Play the run in FOLDER again and write its HTML report anew."""
    from sim.commands.run import reload, write_html
    from sim.experiments.run import default_jobs, execute

    manifest = _read(folder, "manifest.json")
    loaded = reload(folder)
    wanted = manifest["parameters"]["replications"]
    with progress(len(wanted), loaded.scenario.name, quiet) as ticker:
        played = execute(
            loaded,
            replications=wanted,
            jobs=jobs or default_jobs(),
            done=ticker.done,
            progress=ticker.at,
        )
    if played.digest != manifest["digest"]:
        click.echo("note: the numbers differ from the run's own: other versions?", err=True)
    write_html(played, manifest["parameters"]["command"], folder / "report.html")
    click.echo(str(folder / "report.html"))
    if open_it:
        click.launch(str(folder / "report.html"))
