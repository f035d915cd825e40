"""From bytes to a tree with positions."""

from __future__ import annotations

import os

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.errors import Problem
from sim.scenario.yaml_nodes import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_NODES,
    MapNode,
    Mark,
    ScalarNode,
    Source,
    decode,
    find,
    normal_text,
    plain,
    plain_scalar,
    read_nodes,
    shown_path,
)

SOURCE = Source("scenario.yaml", None)


def read(text: str) -> tuple[object, list[Problem]]:
    """Return the plain data of a text (None where it cannot be read) and its problems."""
    problems: list[Problem] = []
    root = read_nodes(text, SOURCE, problems)
    return (None if root is None else plain(root)), problems


def only_problem(text: str) -> Problem:
    """Return the one problem of a text."""
    _, problems = read(text)
    assert len(problems) == 1
    return problems[0]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("14:00", "14:00"),  # PyYAML: 840
        ("06:00", "06:00"),
        ("22:30", "22:30"),  # PyYAML: 1350
        ("NO", "NO"),
        ("off", "off"),
        ("yes", "yes"),
        ("1_000", "1_000"),
        ("0x1F", 31),
        ("0o17", 15),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("+5", 5),
        ("-0", 0),
        ("0", 0),
        ("0.5", 0.5),
        ("~", None),
        ("null", None),
        ("", None),
        ("True", True),
        ("false", False),
        ("2026-11-27", "2026-11-27"),
        ("0b1", "0b1"),
        ("+0x1", "+0x1"),
        ("nan", "nan"),
    ],
)
def test_unquoted_words_mean_what_yaml_1_2_says(written: str, meant: object) -> None:
    """A clock time, a country and a date stay text; numbers are the ones of the core schema."""
    value = plain_scalar(written)

    assert value == meant
    assert type(value) is type(meant)


def test_quoted_words_are_text() -> None:
    """Quotes make text of everything, without blanks at the ends."""
    data, problems = read("a: '00123'\nb: \"1e3\"\nc: ' x '\nd: |\n  true\n")

    assert data == {"a": "00123", "b": "1e3", "c": "x", "d": "true"}
    assert problems == []


def test_ids_are_compared_in_one_unicode_form() -> None:
    """A letter with its accent apart is the letter with its accent."""
    assert normal_text("e\u0301") == "\u00e9"
    assert "second time" in only_problem("e\u0301: 1\n\u00e9: 2\n").found


@pytest.mark.parametrize("word", ["00123", "-007", "007.5", "00e1"])
def test_numbers_with_zeros_in_front_are_refused(word: str) -> None:
    """A code such as 00123 is neither 123 nor silently text."""
    problem = only_problem(f"sku: {word}\n")

    assert (problem.line, problem.column, problem.path) == (1, 6, "sku")
    assert "write it in quotes" in problem.hint


@pytest.mark.parametrize("word", [".nan", ".NaN", ".inf", "-.inf", "+.INF", "1e400", "-1e999"])
def test_numbers_that_are_not_finite_are_refused(word: str) -> None:
    """Neither NaN nor infinity comes in, by name or by size."""
    problem = only_problem(f"a:\n  - 1\n  - {word}\n")

    assert (problem.line, problem.column, problem.path) == (3, 5, "a[1]")


def test_whole_numbers_fit_into_64_bits() -> None:
    """The largest signed number is read, the next is refused, however long it is."""
    data, problems = read(f"a: {2**63 - 1}\nb: {-(2**63)}\n")

    assert data == {"a": 2**63 - 1, "b": -(2**63)}
    assert problems == []
    for number in (str(2**63), "9" * 5000, "0x" + "f" * 17, "0o" + "7" * 100):
        assert "64 bits" in only_problem(f"a: {number}\n").expected


def test_every_value_and_key_knows_its_place() -> None:
    """Lines and columns count from 1 and point at the first character."""
    root = read_nodes("a: 1\nstaff:\n  late: {pickers: 9}\n", SOURCE, [])

    assert isinstance(root, MapNode)
    late = find(root, ("staff", "late"))
    assert isinstance(late, MapNode)
    assert late.key_marks["pickers"] == Mark(SOURCE, 3, 10)
    assert late.values["pickers"] == ScalarNode(Mark(SOURCE, 3, 19), 9, written="9")
    assert find(root, ("staff", "early", "pickers")) is None


def test_a_key_written_twice_is_refused_with_both_lines() -> None:
    """The planner is told where the first one stands."""
    problem = only_problem("run:\n  seed: 1\n  seed: 2\n")

    assert (problem.line, problem.path) == (3, "run.seed")
    assert "first in line 2" in problem.found


def test_aliases_anchors_and_tags_are_refused_and_all_named() -> None:
    """Nothing is expanded and nothing is constructed; the rest is still read."""
    data, problems = read("a: &x 1\nb: *x\nc: !!int 2\nd: !t {e: 1}\nf: 3\n")

    assert [problem.path for problem in problems] == ["a", "b", "c", "d"]
    assert data == {"a": None, "b": None, "c": None, "d": None, "f": 3}


def test_an_alias_bomb_is_refused_without_being_expanded() -> None:
    """Nine levels of nine aliases give one line each, not 9 to the 9th values."""
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 10)]

    _, problems = read("\n".join(lines))

    assert len(problems) == 10 + 81


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a:\n\tb: 1\n", 2, 1),
        ("a: [1, 2\nb: 3\n", 2, 2),
        ("a: 'x\n", 2, 1),
        ("a: b: c\n", 1, 5),
        ("a: @x\n", 1, 4),
        ("a: 1\n---\nb: 2\n", 2, 1),
        ("%YAML 1.1\n---\na: 1\n", 2, 1),
        ("a: \x07\n", 1, 4),
        ('a: "\\U00FFFFFF"\n', 1, 1),
        ('a: "\\ud800"\n', 1, 4),
        ('a: "\\0"\n', 1, 4),
        ("? [a]\n: 1\n", 1, 3),
        ("'': 1\n", 1, 1),
    ],
)
def test_broken_yaml_is_refused_with_its_place(text: str, line: int, column: int) -> None:
    """Each kind of broken text has one line that names a place."""
    problem = only_problem(text)

    assert (problem.line, problem.column) == (line, column)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 200_000,
        "{a: " * 100_000,
        "- " * 200_000,
        "? " * 200_000,
        "a: [" + "1, " * (MAX_NODES + 1) + "]",
        "a: {" + "b, " * (MAX_NODES + 1) + "}",
    ],
    ids=["lists", "maps", "block lists", "keys", "values", "names"],
)
def test_deep_and_endless_documents_are_refused(text: str) -> None:
    """Reading stops at the limit of levels or of values."""
    data, problems = read(text)

    assert data is None
    assert problems[-1].expected.startswith("expected at most")


def test_the_allowed_depth_can_be_read() -> None:
    """The limit is the last depth that is allowed."""
    data, problems = read("[" * MAX_DEPTH + "]" * MAX_DEPTH)

    assert problems == []
    assert str(data) == "[" * MAX_DEPTH + "]" * MAX_DEPTH


def test_a_byte_order_mark_is_skipped() -> None:
    """Files from editors that write one can be read."""
    assert decode("\ufeffa: ü".encode(), SOURCE, []) == "a: ü"


@pytest.mark.parametrize(
    ("raw", "line", "column"),
    [
        (b"a: \xff", 1, 4),
        ("ä: 1\nb: ü".encode() + b"\xe9", 2, 5),
        ("a: 1".encode("utf-16"), 1, 1),
        (b"a: \xed\xa0\x80", 1, 4),
    ],
)
def test_bytes_that_are_no_utf_8_are_refused_with_their_place(
    raw: bytes, line: int, column: int
) -> None:
    """Columns count characters, not bytes."""
    problems: list[Problem] = []

    assert decode(raw, SOURCE, problems) is None
    assert [(problem.line, problem.column) for problem in problems] == [(line, column)]


def test_a_file_over_the_byte_limit_is_refused() -> None:
    """One byte more than allowed is too much."""
    problems: list[Problem] = []

    assert decode(b"a" * MAX_BYTES, SOURCE, problems) is not None
    assert decode(b"a" * (MAX_BYTES + 1), SOURCE, problems) is None
    assert len(problems) == 1


def test_paths_are_shown_as_they_are_typed() -> None:
    """A key with a dot or a control character is put in quotes and escaped."""
    assert shown_path(("targets", "utilisation.pickers")) == 'targets."utilisation.pickers"'
    assert shown_path(("a\nb", 3)) == '"a\\nb"[3]'


YAML_LIKE = st.text(alphabet="ab01.:-?[]{}&*!|>'\"%@#,~ \n\t\\eéx\u2028\x85", max_size=60)


@settings(max_examples=int(os.environ.get("WARELAB_EXAMPLES", "300")), deadline=None)
@given(YAML_LIKE | st.text(max_size=40))
@example('"\\UFFFFFFFF"')
@example("!<")
@example("%TAG ! !")
@example("&a")
@example("|9")
def test_no_text_raises_anything(text: str) -> None:
    """Whatever is written is read or refused with a line; nothing else ever comes out."""
    data, problems = read(text)

    for problem in problems:
        assert str(problem).isprintable()
        assert problem.found
        assert problem.expected
    assert problems or data is None or isinstance(data, (dict, list, str, int, float))
