"""From a scenario file to a checked scenario, with every problem of every file said at once.

The way: limits and UTF-8, YAML events, values with their lines, base file, plan, ``--set``, strict
schema, cross-checks, files named inside.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.errors import Problem, ScenarioError, escaped, shown_value
from sim.scenario import paths
from sim.scenario.checks import run_checks
from sim.scenario.overrides import SET, is_null, merged, parse_path, read_setting, replace_at
from sim.scenario.problems import place_of, schema_problems, suggestion, with_heir
from sim.scenario.schema import Scenario
from sim.scenario.yaml_nodes import (
    MAX_BYTES,
    MAX_NODES,
    MapNode,
    Mark,
    Node,
    ScalarNode,
    Source,
    count_nodes,
    decode,
    plain,
    read_nodes,
    shown_path,
)

EXTENDS, PLAN, OVERLAY = "extends", "plan", "overlay"
OF_THE_FILE_ITSELF = ("name", "title", "schema_version")
MAX_ANCESTORS = 20
MAX_WORDS = 300

ScenarioSource = str | PathLike[str]


@dataclass(frozen=True)
class LoadedScenario:
    """A checked scenario and where each of its values comes from.

    Parameters
    ----------
    scenario
        The checked model; base file and plan are worked in, so ``extends`` and ``plan`` are None.
    file
        The file that was loaded.
    resolved
        All values, defaults included, as plain data in the order of the schema.
    origins
        Dotted key path to ``file:line`` or ``--set``; what is absent is a default.
    folder
        Folder of the file.
    external_files
        Dotted key path to the real path of each data file named in the scenario.
    read_files
        Every scenario and plan file that was read, the loaded one first.
    """

    scenario: Scenario
    file: Path
    resolved: dict[str, Any]
    origins: Mapping[str, str]
    folder: Path
    external_files: Mapping[str, Path]
    read_files: tuple[Path, ...]

    def origin(self, path: str) -> str:
        """Return where a value comes from: ``file:line``, ``--set`` or ``default``."""
        return self.origins.get(path, "default")


def load(source: ScenarioSource, *, settings: Sequence[str] = ()) -> LoadedScenario:
    """Return a checked scenario.

    Parameters
    ----------
    source
        Path of a YAML file, or the name of a scenario that comes with warelab.
    settings
        ``key.path=value`` each; later ones win.

    Raises
    ------
    ScenarioError
        With every problem of the file, its base files, its plan and the settings.
    """
    problems: list[Problem] = []
    loaded = _Reading(problems).load(source, settings)
    if problems or loaded is None:
        raise ScenarioError(_in_order(problems))
    return loaded


def load_many(
    sources: Iterable[ScenarioSource], *, settings: Sequence[str] = ()
) -> list[LoadedScenario]:
    """Return several checked scenarios.

    Raises
    ------
    ScenarioError
        With the problems of all of them; one inherited by several files is said once.
    """
    loaded: list[LoadedScenario] = []
    problems: dict[tuple[str, int, int, str, str], Problem] = {}
    for source in sources:
        try:
            loaded.append(load(source, settings=settings))
        except ScenarioError as error:
            for problem in error.problems:
                key = (problem.file, problem.line, problem.column, problem.path, problem.found)
                problems.setdefault(key, problem)
    if problems:
        raise ScenarioError(problems.values())
    return loaded


def _in_order(problems: Sequence[Problem]) -> list[Problem]:
    """Return problems file by file and line by line; settings come last."""
    ranks = {name: rank for rank, name in enumerate(dict.fromkeys(p.file for p in problems))}

    def place(problem: Problem) -> tuple[bool, int, int, int]:
        typed = problem.file.startswith(f"{SET} ")
        return (typed, ranks[problem.file], problem.line, problem.column)

    return sorted(problems, key=place)


def scenario_hash(loaded: LoadedScenario) -> str:
    """Return the SHA-256 of everything a scenario says, as 64 hexadecimal digits.

    It covers the resolved values, in the order in which named maps are written, and the bytes of
    data files in place of their paths: the same scenario on another machine has the same hash.
    """
    content = _with_digests(loaded.resolved, (), loaded.external_files)
    text = json.dumps(content, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _with_digests(
    values: Mapping[str, Any], above: tuple[str, ...], files: Mapping[str, Path]
) -> dict[str, Any]:
    """Return values in which the digest of a data file stands in place of its path."""
    content: dict[str, Any] = {}
    for key, value in values.items():
        path = (*above, key)
        file = files.get(shown_path(path))
        if isinstance(value, dict):
            content[key] = _with_digests(value, path, files)
        elif file is None:
            content[key] = value
        else:
            with file.open("rb") as stream:
                content[key] = "sha256:" + hashlib.file_digest(stream, "sha256").hexdigest()
    return content


class _Reading:
    """One scenario on its way from bytes to model; every step notes its problems and goes on."""

    def __init__(self, problems: list[Problem]) -> None:
        self._problems = problems
        self._files: list[Path] = []
        self._incomplete = False
        self._bytes_left = MAX_BYTES
        self._nodes_left = MAX_NODES

    def load(self, source: ScenarioSource, settings: Sequence[str]) -> LoadedScenario | None:
        located = self._located(source)
        if located is None:
            return None
        file, main = located
        tree = self._tree(file, main, ())
        typed = [read_setting(text, self._problems) for text in settings]
        if tree is None:
            return None
        for setting in typed:
            if setting is not None:
                mark = Mark(setting.source, 0, 0)
                self._set(tree, setting.path, setting.value, mark)
        scenario = self._checked(tree, main)
        external = self._external_files(tree)
        if scenario is None:
            return None
        return LoadedScenario(
            scenario=scenario,
            file=file,
            resolved=scenario.model_dump(mode="json"),
            origins=dict(_origins(tree)),
            folder=file.parent,
            external_files=external,
            read_files=tuple(dict.fromkeys(self._files)),
        )

    # The file that was asked for

    def _located(self, source: ScenarioSource) -> tuple[Path, Source] | None:
        text = str(source)
        shown = escaped(text)
        try:
            file = paths.resolved_file(text, None)
        except paths.PathRefused as refused:
            if isinstance(source, str) and paths.is_bundled_name(source):
                return self._bundled(source)
            self._problems.append(
                Problem(shown, 0, 0, "", refused.found, refused.expected, refused.hint)
            )
            return None
        return file, Source(shown, file.parent)

    def _bundled(self, name: str) -> tuple[Path, Source] | None:
        bundled = paths.bundled_scenarios()
        if name in bundled:
            return bundled[name], Source(paths.shown_file(bundled[name]), bundled[name].parent)
        found = "found neither a file nor a scenario of that name"
        expected = f"expected a YAML file or one of {', '.join(bundled) or 'none'}"
        hint = suggestion(name, bundled)
        shown = shown_value(name)[1:-1]
        self._problems.append(Problem(shown, 0, 0, "", found, expected, hint))
        return None

    # Base files and plans

    def _tree(self, file: Path, source: Source, heirs: tuple[Path, ...]) -> MapNode | None:
        """Return the values of a file, laid over those of its base, under those of its plan."""
        self._files.append(file)
        root = self._map(file, source)
        if root is None:
            return None
        extends, plan = self._named(root, EXTENDS), self._named(root, PLAN)
        tree = MapNode(root.mark, dict(root.values), dict(root.key_marks))
        for key in (EXTENDS, PLAN):
            tree.values.pop(key, None)
            tree.key_marks.pop(key, None)
        if extends is not None:
            base = self._base(extends, (*heirs, file.resolve()))
            tree = tree if base is None else merged(base, tree)
            self._incomplete |= base is None
        if plan is not None:
            self._overlay(plan, tree)
        return tree

    def _map(self, file: Path, source: Source) -> MapNode | None:
        try:
            raw = paths.read_limited(file, self._bytes_left)
        except OSError as error:
            found = f"found a file that cannot be read ({error.strerror})"
            self._problems.append(Mark(source, 0, 0).problem("", found, "expected a YAML file"))
            return None
        text = decode(raw, source, self._problems, limit=self._bytes_left)
        if text is None:
            return None
        self._bytes_left -= len(raw)
        before = len(self._problems)
        root = read_nodes(text, source, self._problems)
        self._nodes_left -= 0 if root is None else count_nodes(root)
        if self._nodes_left < 0:
            found = f"found more than {MAX_NODES:,} values in all files together"
            problem = Mark(source, 1, 1).problem("", found, f"expected at most {MAX_NODES:,}")
            self._problems.append(problem)
            return None
        if isinstance(root, MapNode):
            return root
        if len(self._problems) == before:
            found = "an empty file" if root is None or is_null(root) else "no map at the top"
            mark = Mark(source, 1, 1) if root is None else root.mark
            problem = mark.problem("", f"found {found}", "expected a map: lines of key: value")
            self._problems.append(problem)
        return None

    def _named(self, root: MapNode, key: str) -> ScalarNode | None:
        """Return the node at a key that names a file, or None where there is none."""
        node = root.values.get(key)
        if node is None or is_null(node):
            return None
        if isinstance(node, ScalarNode) and isinstance(node.value, str):
            return node
        if not (isinstance(node, ScalarNode) and node.refused):
            self._problems.append(
                node.mark.problem(key, "found no name of a file", "expected the name of a file")
            )
        self._incomplete = True
        return None

    def _base(self, node: ScalarNode, heirs: tuple[Path, ...]) -> MapNode | None:
        name = str(node.value)
        bundled = paths.bundled_scenarios()
        if paths.is_bundled_name(name):
            if name not in bundled:
                self._problems.append(
                    node.mark.problem(
                        EXTENDS,
                        f"found no scenario named {shown_value(name)}",
                        f"expected a file name with .yaml or one of {', '.join(bundled) or 'none'}",
                        suggestion(name, bundled),
                    )
                )
                return None
            file = bundled[name]
            source = Source(paths.shown_file(file), file.parent)
        else:
            located = self._beside(node, EXTENDS)
            if located is None:
                return None
            file, source = located
        if file.resolve() in heirs or len(heirs) > MAX_ANCESTORS:
            chain = " -> ".join(each.name for each in (*heirs, file.resolve()))
            found = f"found a circle: {shown_value(chain)[1:-1]}"
            self._problems.append(
                node.mark.problem(EXTENDS, found, "expected a chain of files that ends")
            )
            return None
        base = self._tree(file, source, heirs)
        if base is not None:
            for key in OF_THE_FILE_ITSELF:
                base.values.pop(key, None)
                base.key_marks.pop(key, None)
        return base

    def _beside(self, node: ScalarNode, key: str) -> tuple[Path, Source] | None:
        """Return the file that a value names, and the name under which it is shown."""
        writer = node.mark.source
        name = str(node.value)
        try:
            file = paths.resolved_file(name, writer.folder)
        except paths.PathRefused as refused:
            hint = refused.hint
            if key == EXTENDS and not hint and Path(name).stem in paths.bundled_scenarios():
                hint = f"the bundled scenario is named without suffix: {Path(name).stem}"
            self._problems.append(node.mark.problem(key, refused.found, refused.expected, hint))
            return None
        shown = name if writer.folder is None else str(Path(writer.name).parent / name)
        return file, Source(shown, file.parent)

    def _overlay(self, node: ScalarNode, tree: MapNode) -> None:
        """Replace whole values by those that a plan names."""
        located = self._beside(node, PLAN)
        root = None if located is None else self._map(*located)
        if located is None or root is None:
            self._incomplete = True
            return
        self._files.append(located[0])
        overlay = root.values.get(OVERLAY)
        if not isinstance(overlay, MapNode):
            mark = Mark(located[1], 1, 1) if overlay is None else overlay.mark
            self._problems.append(
                mark.problem(OVERLAY, "found no map", "expected key paths and their new values")
            )
            return
        for key, value in overlay.values.items():
            mark = overlay.key_marks[key]
            path = parse_path(key)
            if path is None or path[0] in (EXTENDS, PLAN):
                found = f"found the key {shown_value(key)}"
                self._problems.append(
                    mark.problem(OVERLAY, found, "expected a key path such as picking.routing")
                )
                continue
            replace_at(tree, path, value, mark, Scenario, self._problems)

    def _set(self, tree: MapNode, path: tuple[str, ...], value: Node, mark: Mark) -> None:
        if path == (EXTENDS,):
            self._problems.append(
                mark.problem(EXTENDS, "found extends", "expected it inside the file only")
            )
        elif path == (PLAN,):
            if isinstance(value, ScalarNode) and isinstance(value.value, str):
                self._overlay(value, tree)
            elif not is_null(value):
                self._problems.append(
                    mark.problem(PLAN, "found no file name", "expected the name of a plan file")
                )
        else:
            replace_at(tree, path, value, mark, Scenario, self._problems)

    # Schema, cross-checks, data files

    def _checked(self, tree: MapNode, main: Source) -> Scenario | None:
        try:
            scenario = Scenario.model_validate(plain(tree))
        except ValidationError as error:
            errors = error.errors(include_url=False)
            if self._incomplete:
                unsure = ("missing", "union_tag_not_found")
                errors = [each for each in errors if each["type"] not in unsure]
            self._problems.extend(schema_problems(errors, tree, Scenario, main))
            return None
        if not self._incomplete:
            self._problems.extend(_cross_checks(scenario, tree, main))
        return scenario

    def _external_files(self, tree: MapNode) -> dict[str, Path]:
        """Return the data files that the values name; none of them has a default."""
        files: dict[str, Path] = {}
        known = {problem.path for problem in self._problems}
        for path, node in _file_keys(tree, ()):
            shown = shown_path(path)
            if shown in known:
                continue
            try:
                files[shown] = paths.resolved_file(str(node.value), node.mark.source.folder)
            except paths.PathRefused as refused:
                self._problems.append(
                    node.mark.problem(shown, refused.found, refused.expected, refused.hint)
                )
        return files


def _file_keys(
    tree: MapNode, above: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], ScalarNode]]:
    """Yield the path and value of every key that names a data file: ``file`` and ``…_file``."""
    for key, value in tree.values.items():
        path = (*above, key)
        if isinstance(value, MapNode):
            yield from _file_keys(value, path)
        elif isinstance(value, ScalarNode) and isinstance(value.value, str) and _names_file(key):
            yield path, value


def _names_file(key: str) -> bool:
    return key == "file" or key.endswith("_file")


def _origins(node: Node, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str, str]]:
    """Yield where every value comes from; a list counts as one value."""
    if isinstance(node, MapNode):
        for key, value in node.values.items():
            yield from _origins(value, (*path, key))
    source = node.mark.source
    if path and source.given and not isinstance(node, MapNode):
        place = SET if source.folder is None else f"{source.name}:{node.mark.line}"
        yield shown_path(path), place


def _cross_checks(scenario: Scenario, tree: MapNode, main: Source) -> Iterator[Problem]:
    """Yield what is wrong between values that are each allowed alone."""
    for path, found, expected, hint in run_checks(scenario):
        segments = _segments(path, tree)
        mark = place_of(tree, segments, main)
        yield mark.problem(
            shown_path(segments),
            _one_line(found),
            _one_line(f"expected {expected.removeprefix('expected ')}"),
            with_heir(hint, mark, main),
        )


def _one_line(text: str) -> str:
    """Return words that may quote a name, escaped and cut."""
    clean = escaped(text)
    return clean if len(clean) <= MAX_WORDS else clean[: MAX_WORDS - 1] + "…"


def _segments(path: str, node: Node | None) -> tuple[str | int, ...]:
    """Return the keys of a dotted path; a name that has dots itself is known from the tree."""
    if not path:
        return ()
    names = node.values if isinstance(node, MapNode) else {}
    fitting = [name for name in names if path == name or path.startswith((f"{name}.", f"{name}["))]
    key = max(fitting, key=len) if fitting else re.split(r"[.\[]", path, maxsplit=1)[0]
    rest, index = path[len(key) :], re.match(r"\[(\d+)\]", path[len(key) :])
    below = names.get(key)
    if index:
        return (key, int(index[1]), *_segments(rest[index.end() :].removeprefix("."), None))
    return (key, *_segments(rest.removeprefix("."), below))
