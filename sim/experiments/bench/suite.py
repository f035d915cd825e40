"""A suite: scenarios times policies on the same orders, with the KPIs that decide."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, ValidationError

from sim.errors import Problem, ScenarioError, escaped, shown_value
from sim.experiments.gates import Amount, read_amount
from sim.kpis import KPIS
from sim.scenario import paths
from sim.scenario.loading import LoadedScenario, load
from sim.scenario.overrides import SET
from sim.scenario.problems import schema_problems, suggestion
from sim.scenario.schema.base import Section
from sim.scenario.yaml_nodes import MAX_BYTES, MapNode, Mark, Source, decode, plain, read_nodes

BUILT_IN = "policies"
MOST_CELLS = 1000

SuiteName = Annotated[str, Field(pattern="^[a-z0-9][a-z0-9_-]{0,63}$")]
Settings = dict[str, Any]


class SuiteScenario(Section):
    """A scenario of a suite, and what is set in it."""

    scenario: str | None = None
    settings: Settings = Field(default_factory=dict)


class SuiteFile(Section):
    """What a suite file says."""

    schema_version: Literal[1] = 1
    name: SuiteName
    title: str = ""
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)]
    replications: Annotated[int, Field(ge=2, le=1000)]
    main_kpi: str
    kpis: Annotated[dict[str, str | float], Field(min_length=1)]
    settings: Settings = Field(default_factory=dict)
    scenarios: Annotated[dict[SuiteName, SuiteScenario], Field(min_length=1)]
    policies: Annotated[dict[SuiteName, Settings], Field(min_length=1)]


@dataclass(frozen=True)
class Cell:
    """One scenario under one policy.

    Parameters
    ----------
    scenario, policy
        Their names in the suite.
    loaded
        What is played.
    """

    scenario: str
    policy: str
    loaded: LoadedScenario

    @property
    def name(self) -> str:
        """Name of the cell."""
        return f"{self.scenario} / {self.policy}"


@dataclass(frozen=True)
class Suite:
    """A checked suite.

    Parameters
    ----------
    name, seed, replications
        As the file says; every cell is played from the same seed.
    main_kpi
        KPI that orders the leaderboard, one of ``smallest``.
    smallest
        The KPIs, each with its smallest effect of interest.
    cells
        Scenario by scenario, each under every policy.
    """

    name: str
    seed: int
    replications: int
    main_kpi: str
    smallest: Mapping[str, Amount]
    cells: tuple[Cell, ...]

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The names of the scenarios, in order."""
        return tuple(dict.fromkeys(cell.scenario for cell in self.cells))


def read_suite(path: str | None = None) -> Suite:
    """Return a checked suite.

    Parameters
    ----------
    path
        YAML file; default: the suite that comes with warelab.

    Raises
    ------
    ScenarioError
        With every problem of the file and of the scenarios it plays.
    """
    problems: list[Problem] = []
    found = _tree(path, problems)
    if found is None:
        raise ScenarioError(problems)
    tree, source = found
    try:
        said = SuiteFile.model_validate(plain(tree))
    except ValidationError as error:
        errors = error.errors(include_url=False)
        model: type[BaseModel] = SuiteFile
        raise ScenarioError([*problems, *schema_problems(errors, tree, model, source)]) from None
    smallest = _smallest(said, tree, problems)
    count = len(said.scenarios) * len(said.policies)
    if count > MOST_CELLS:
        words = (f"found {count:,} cells", f"expected at most {MOST_CELLS:,}")
        problems.append(Mark(source, 1, 1).problem("", *words))
    cells = [] if problems else _cells(said, tree, source, problems)
    if problems:
        raise ScenarioError(problems)
    return Suite(said.name, said.seed, said.replications, said.main_kpi, smallest, tuple(cells))


def _tree(path: str | None, problems: list[Problem]) -> tuple[MapNode, Source] | None:
    if path is None:
        file = paths.bundled_folder() / "suites" / f"{BUILT_IN}.yaml"
        source = Source(paths.shown_file(file), file.parent)
    else:
        try:
            file = paths.resolved_file(path, None)
        except paths.PathRefused as no:
            problems.append(Problem(escaped(path), 0, 0, "", no.found, no.expected, no.hint))
            return None
        source = Source(escaped(path), file.parent)
    try:
        raw = paths.read_limited(file, MAX_BYTES)
    except OSError as error:
        found = f"found a file that cannot be read ({error.strerror})"
        problems.append(Mark(source, 0, 0).problem("", found, "expected a YAML file"))
        return None
    text = decode(raw, source, problems)
    root = None if text is None else read_nodes(text, source, problems)
    if isinstance(root, MapNode) and not problems:
        return root, source
    if not problems:
        mark = Mark(source, 1, 1)
        problems.append(mark.problem("", "found no map at the top", "expected a suite"))
    return None


def _smallest(said: SuiteFile, tree: MapNode, problems: list[Problem]) -> dict[str, Amount]:
    amounts = {}
    node = tree.values["kpis"]
    marks = node.key_marks if isinstance(node, MapNode) else {}
    for kpi, word in said.kpis.items():
        if kpi not in KPIS or KPIS[kpi].better is None:
            found = f"found {shown_value(kpi)}"
            expected = "expected a KPI of which more or less is better (docs/kpis.md)"
            problems.append(
                marks[kpi].problem(f"kpis.{kpi}", found, expected, suggestion(kpi, KPIS))
            )
            continue
        try:
            amounts[kpi] = read_amount(str(word))
        except ValueError as error:
            found = f"found {shown_value(word)}"
            problems.append(marks[kpi].problem(f"kpis.{kpi}", found, str(error)))
    if said.main_kpi not in said.kpis:
        mark = tree.values["main_kpi"].mark
        found = f"found {shown_value(said.main_kpi)}"
        problems.append(mark.problem("main_kpi", found, "expected one of the suite's kpis"))
    return amounts


def _cells(said: SuiteFile, tree: MapNode, source: Source, problems: list[Problem]) -> list[Cell]:
    """Load every cell; what is wrong with a setting is said at its line of the suite."""
    cells: list[Cell] = []
    run = {"run.seed": said.seed, "run.replications": said.replications}
    common = {**_words(said.settings, tree, source, "settings"), **_plain_words(run, source)}
    seen: set[str] = set()
    for name, scenario in said.scenarios.items():
        place = ("scenarios", name, "settings")
        own = _words(scenario.settings, tree, source, *place)
        for policy, settings in said.policies.items():
            chosen = _words(settings, tree, source, "policies", policy)
            words = {**common, **own, **chosen}
            try:
                loaded = load(_source_of(name, scenario, source), settings=list(words))
                cells.append(Cell(name, policy, loaded))
            except ScenarioError as error:
                placed = [_placed(problem, words) for problem in error.problems]
            except paths.PathRefused as no:
                at = f"scenarios.{name}.scenario"
                mark = _mark(tree, source, "scenarios", name)
                placed = [mark.problem(at, no.found, no.expected, no.hint)]
            else:
                continue
            problems.extend(each for each in placed if str(each) not in seen)
            seen.update(str(each) for each in placed)
    return cells


def _source_of(name: str, scenario: SuiteScenario, source: Source) -> str:
    named = scenario.scenario or name
    if paths.is_bundled_name(named):
        return named
    return str(paths.resolved_file(named, source.folder))


def _words(settings: Settings, tree: MapNode, source: Source, *place: str) -> dict[str, Mark]:
    """Return settings as ``--set`` words, each with its place in the suite."""
    return {
        f"{key}={json.dumps(value, ensure_ascii=False)}": _mark(tree, source, *place, key)
        for key, value in settings.items()
    }


def _plain_words(settings: Settings, source: Source) -> dict[str, Mark]:
    return {f"{key}={value}": Mark(source, 1, 1) for key, value in settings.items()}


def _mark(tree: MapNode, source: Source, *keys: str) -> Mark:
    node: object = tree
    mark = Mark(source, 1, 1)
    for key in keys:
        if not isinstance(node, MapNode) or key not in node.values:
            break
        mark, node = node.key_marks[key], node.values[key]
    return mark


def _placed(problem: Problem, words: Mapping[str, Mark]) -> Problem:
    mark = words.get(problem.file.removeprefix(f"{SET} "))
    if mark is None:
        return problem
    return mark.problem(problem.path, problem.found, problem.expected, problem.hint)
