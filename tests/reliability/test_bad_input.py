"""Whatever is handed in is refused by one contract or can be used; nothing else ever happens.

Every file in `bad/` stands for a class of bad input; the lines it must be answered with stand
beside it. `pytest tests/reliability --update-golden` writes them anew.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.errors import MAX_LISTED_PROBLEMS, ScenarioError
from sim.scenario import Scenario, load, scenario_hash
from sim.scenario.yaml_nodes import MAX_BYTES

BAD = Path(__file__).resolve().parent / "bad"
ROOT = BAD.parents[2]
FILES = sorted(path.name for path in BAD.glob("*.yaml"))
# C14 is a table: the importer's tests have it.
CLASSES = [f"C{number:02d}" for number in (*range(1, 14), 15)]
CPU_S = 2
MEMORY_BYTES = 300 * 2**20

# Each file is loaded in a process of its own that dies above 2 s CPU or 300 MB more than at
# start-up, and that notes every file it opens.
LOAD_UNDER_LIMITS = f"""
import json, os, resource, sys, time
from pathlib import Path
import ruamel.yaml
from sim.errors import ScenarioError
from sim.scenario import load

def tell(name):
    opened = []
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    sys.addaudithook(lambda event, args: event == "open" and opened.append(str(args[0])))
    start = time.process_time()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    limit = pages * resource.getpagesize() + {MEMORY_BYTES}
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CPU, (int(start) + 1 + {CPU_S},) * 2)
    try:
        load(name)
        lines = []
    except ScenarioError as error:
        lines = error.lines()
    cpu_s = time.process_time() - start
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return {{"lines": lines, "opened": opened, "cpu_s": cpu_s, "grown_mb": grown}}

answers = {{}}
for name in sys.argv[1:]:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        with os.fdopen(writer, "w") as stream:
            json.dump(tell(name), stream)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as stream:
        told = stream.read()
    status = os.waitpid(child, 0)[1]
    answers[name] = {{**json.loads(told or "{{}}"), "status": status}}
print(json.dumps(answers))
"""

Answers = dict[str, dict[str, Any]]
Ask = Callable[[Path, list[str]], Answers]


def ask(folder: Path, names: list[str]) -> Answers:
    """Load files of a folder under limits and return what was told about each."""
    done = subprocess.run(
        [sys.executable, "-c", LOAD_UNDER_LIMITS, *names],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    answers: Answers = json.loads(done.stdout)
    return answers


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answers]:
    """What is told about every bad file, loaded from a copy of their folder."""
    folder = tmp_path_factory.mktemp("scenarios") / "bad"
    shutil.copytree(BAD, folder)
    before = contents(folder.parent)

    yield ask(folder, FILES)

    assert contents(folder.parent) == before, "a refused file left something behind"


def contents(folder: Path) -> list[tuple[str, int]]:
    """Return names and sizes of all files below a folder."""
    return sorted((str(path), path.stat().st_size) for path in folder.rglob("*"))


def test_every_class_has_a_file() -> None:
    """No class of the contract is left out."""
    assert [each for each in CLASSES if not any(name.startswith(each) for name in FILES)] == []


@pytest.mark.parametrize("name", FILES)
def test_bad_input_is_answered_with_its_lines(
    name: str, answers: Answers, update_golden: bool
) -> None:
    """One line a problem, at most 20 of them, then the count; reviewed text."""
    told = "".join(f"{line}\n" for line in answers[name]["lines"])
    golden = (BAD / name).with_suffix(".expected.txt")
    if update_golden:
        golden.write_text(told, encoding="utf-8")

    assert told == golden.read_text(encoding="utf-8")
    assert told.endswith("in 1 file\n")
    assert told.count("\n") <= MAX_LISTED_PROBLEMS + 1
    for line in told.splitlines()[:-1]:
        assert line.startswith(f"{name}:")
        assert line.isprintable()


@pytest.mark.parametrize("name", FILES)
def test_bad_input_costs_little_and_opens_nothing_else(name: str, answers: Answers) -> None:
    """At most 2 s CPU and 300 MB; no signal; no file opened beside the one that was named."""
    answer = answers[name]
    folders = (str(ROOT / "sim"), str(ROOT / "scenarios"), sys.prefix, sys.base_prefix)
    foreign = [
        path
        for path in answer["opened"]
        if Path(path).name != name and not path.startswith(folders) and path != "/proc/self/statm"
    ]

    assert answer["status"] == 0
    assert foreign == []


HUGE = {
    "words": "name: " + "x y " * (MAX_BYTES // 4 - 4),
    "quoted": 'name: "' + "x\n\n" * (MAX_BYTES // 3 - 4) + '"',
    "block": "name: |\n" + " x\n" * (MAX_BYTES // 3 - 4),
    "comments": "# c\n" * (MAX_BYTES // 4),
    "duplicates": "name: x\n" * 9_000,
    "aliases": "name: [" + "*a, " * 19_000 + "]",
    "unknown keys": "".join(f"pickers{number}: 1\n" for number in range(9_900)),
    "wrong values": "orders: {hourly_profile: [" + "x, " * 19_000 + "]}",
    "wrong shifts": "staff:\n" + "".join(f"  s{number}: 1\n" for number in range(9_000)),
    "brackets": "[" * MAX_BYTES,
    "braces": "{a: " * (MAX_BYTES // 4),
    "too long": "#" * (5 * MAX_BYTES),
    "bytes": "name: x\n\x00\x01",
}


def test_huge_input_is_answered_within_the_limits(tmp_path: Path) -> None:
    """Documents made to cost much are refused like any other."""
    for name, text in HUGE.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")

    answers = ask(tmp_path, [f"{name}.yaml" for name in HUGE])

    for name, answer in answers.items():
        assert answer["status"] == 0, name
        assert 2 <= len(answer["lines"]) <= MAX_LISTED_PROBLEMS + 1, name


# --- mutations of a valid scenario ----------------------------------------------------------------


@dataclass
class Pairs:
    """A map as its written lines: a key may stand twice."""

    pairs: list[tuple[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Raw:
    """Text that is written as it is."""

    text: str


def opened(value: Any) -> Any:
    """Return plain data with maps as pairs."""
    if isinstance(value, dict):
        return Pairs([(key, opened(item)) for key, item in value.items()])
    return [opened(item) for item in value] if isinstance(value, list) else value


def written(value: Any) -> str:
    """Return data as a line of YAML."""
    if isinstance(value, Pairs):
        inside = (f"{json.dumps(key)}: {written(item)}" for key, item in value.pairs)
        return "{" + ", ".join(inside) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(written(item) for item in value) + "]"
    return value.text if isinstance(value, Raw) else json.dumps(value)


def places(value: Any) -> list[tuple[Pairs | list[Any], int]]:
    """Return every place of a value: what holds it and the index there."""
    holder: list[Any] = []
    if isinstance(value, Pairs):
        holder = [item for _, item in value.pairs]
    elif isinstance(value, list):
        holder = value
    own = [(value, index) for index in range(len(holder))]
    return own + [place for item in holder for place in places(item)]


VALID = Scenario(name="valid", title="A house").model_dump(mode="json")
OTHER_VALUES: list[Any] = [
    *(None, True, False, 0, -1, 1, 3, 2**63 - 1, -1.5, 0.5, 1e308, "", " ", "text", "14:00", "7"),
    *([], [1], ["mon"], {}, {"distribution": "gamma", "mean": 1.0, "cv": 1.0}, {"a": {"b": []}}),
    *(
        Raw(".nan"),
        Raw("-.inf"),
        Raw("00123"),
        Raw("1e999"),
        Raw("*a"),
        Raw("&a 1"),
        Raw("!!int 1"),
    ),
    *(
        Raw("NO"),
        Raw("2026-02-30"),
        Raw("25:61"),
        Raw("1_000"),
        Raw("'x"),
        Raw("]"),
        Raw("9" * 400),
    ),
    *("<script>", "=1+1", "a\nb", "../x", "/etc/passwd", "a" * 300, "\u200bx", "\ud7ff"),
]
FACTORS = [0, -1, 1e-12, 1e-3, 0.5, 2, 1000, 1e6, 1e12, 1e300]


def delete(holder: Pairs | list[Any], index: int, _: st.DataObject) -> None:
    """Take a value away."""
    del (holder.pairs if isinstance(holder, Pairs) else holder)[index]


def duplicate(holder: Pairs | list[Any], index: int, _: st.DataObject) -> None:
    """Write a value twice."""
    held = holder.pairs if isinstance(holder, Pairs) else holder
    held.append(held[index])


def replace(holder: Pairs | list[Any], index: int, value: Any) -> None:
    """Write another value in place of one."""
    if isinstance(holder, Pairs):
        holder.pairs[index] = (holder.pairs[index][0], value)
    else:
        holder[index] = value


def retype(holder: Pairs | list[Any], index: int, data: st.DataObject) -> None:
    """Write a value of any other kind."""
    replace(holder, index, opened(data.draw(st.sampled_from(OTHER_VALUES))))


def rescale(holder: Pairs | list[Any], index: int, data: st.DataObject) -> None:
    """Multiply a number."""
    value = holder.pairs[index][1] if isinstance(holder, Pairs) else holder[index]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        product = value * data.draw(st.sampled_from(FACTORS))
        whole = isinstance(value, int) and abs(product) < 2**53
        replace(holder, index, int(product) if whole else product)


def rename(holder: Pairs | list[Any], index: int, data: st.DataObject) -> None:
    """Misspell a key."""
    if isinstance(holder, Pairs):
        key, value = holder.pairs[index]
        spellings = [
            key[1:],
            key + "x",
            key.upper(),
            key[::-1],
            "",
            " " + key,
            key + ".x",
            "\x1b" + key,
        ]
        holder.pairs[index] = (data.draw(st.sampled_from(spellings)), value)


@settings(
    max_examples=int(os.environ.get("WARELAB_EXAMPLES", "150")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_a_mutated_scenario_is_refused_by_the_contract_or_can_be_used(
    data: st.DataObject, tmp_path: Path
) -> None:
    """Nothing but a refusal with a place, or a scenario that says the same when read again."""
    tree = opened(VALID)
    for mutate in data.draw(
        st.lists(
            st.sampled_from([delete, duplicate, retype, rescale, rename]), min_size=1, max_size=3
        )
    ):
        mutate(*data.draw(st.sampled_from(places(tree))), data)
    path = tmp_path / "mutated.yaml"
    path.write_text(written(tree), encoding="utf-8")

    try:
        loaded = load(path)
    except ScenarioError as error:
        for problem in error.problems:
            assert problem.file == str(path)
            assert problem.line >= 1
            assert problem.column >= 1
            assert problem.found
            assert problem.expected
            assert str(problem).isprintable()
        return

    path.write_text(json.dumps(loaded.resolved), encoding="utf-8")
    again = load(path)
    assert again.scenario == loaded.scenario
    assert scenario_hash(again) == scenario_hash(loaded)
