"""The page: same bytes, nothing but its own elements, every name literal, every chart described."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import os
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from sim.kpis import KPIS
from sim.report import ReportInput, report_html, write_report
from sim.report.cells import csv_text
from tests.sim.report.example import empty, example

ROOT = Path(__file__).resolve().parents[3]
HOSTILE = (
    "<script>alert(1)</script>",
    "</title></style><img src=x onerror=alert(1)>",
    '=HYPERLINK("http://x.example","y")',
    "\"quoted\" 'twice' & `so`",
    "a;b,c\td",
    "{{ 7 * 7 }}{% raw %}",
    "$\\frac{1}{0}$ ]]> --> <!--",
    "\u202egnp.exe",
    "\x00\x1b[31m\x85",
    "商品 😀",
)
PAGE_TAGS = frozenset(
    (
        *("html", "head", "meta", "title", "style", "body", "main", "header", "footer", "section"),
        *("div", "span", "p", "h1", "h2", "h3", "ul", "li", "strong", "a", "code", "pre"),
        *("table", "thead", "tbody", "tr", "th", "td", "details", "summary"),
        *("figure", "figcaption", "dl", "dt", "dd"),
    )
)
SVG_TAGS = frozenset(
    (
        "svg",
        "title",
        "desc",
        "defs",
        "g",
        "path",
        "use",
        "text",
        "tspan",
        "image",
        "clippath",
        "rect",
    )
)


class Page(HTMLParser):
    """The elements of a page, its texts, the links and the ids."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element and its attributes."""
        self.tags.append(tag)
        self.attributes += [(tag, key, value or "") for key, value in attrs]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Demand that elements end in the order in which they began."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note a text."""
        if "style" not in self.open:
            self.texts.append(data)

    def values(self, key: str) -> list[str]:
        """Return the values of an attribute."""
        return [value for _, name, value in self.attributes if name == key]


@pytest.fixture(scope="module")
def plain() -> str:
    """Return the page of the example."""
    return report_html(example())


def test_the_same_input_gives_the_same_bytes(plain: str) -> None:
    """A page is the same on the second call and in another process with other hashes."""
    code = (
        "import hashlib; from sim.report import report_html; "
        "from tests.sim.report.example import example; "
        "print(hashlib.sha256(report_html(example()).encode()).hexdigest())"
    )

    child = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "4711"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert report_html(example()) == plain
    assert child.stdout.strip() == hashlib.sha256(plain.encode()).hexdigest()


@pytest.mark.parametrize(
    ("name", "free_form"), [(name, k % 2 == 1) for k, name in enumerate(HOSTILE)]
)
def test_a_name_is_shown_literally_and_never_runs(name: str, free_form: bool) -> None:
    """Whatever a name says, the page has only its own elements and shows it as text."""
    page = Page(report_html(example(name, free_form=free_form)))

    assert page.open == []
    assert not frozenset(page.tags) - PAGE_TAGS - SVG_TAGS
    assert not [key for _, key, _ in page.attributes if key.startswith("on") or key == "src"]
    literal = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)
    assert sum(literal in text for text in page.texts) > 10
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f]", "".join(page.texts))


def test_the_shape_of_the_page_does_not_depend_on_names(plain: str) -> None:
    """A hostile name changes texts, never the sequence of elements outside the charts."""
    outside = [tag for tag in Page(plain).tags if tag in PAGE_TAGS]

    assert [
        tag for tag in Page(report_html(example(HOSTILE[1]))).tags if tag in PAGE_TAGS
    ] == outside


def test_nothing_is_fetched(plain: str) -> None:
    """Every link is data or a place on the page; scripts are absent and forbidden."""
    page = Page(plain)

    links = page.values("href") + page.values("xlink:href") + page.values("src")
    assert links
    assert all(link.startswith(("data:", "#")) for link in links)
    assert not re.search(r"https?:|url\((?!#)|@import", plain)
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    assert policy in page.values("content")


def test_ids_are_unique_and_references_find_them(plain: str) -> None:
    """No two elements share an id, and each reference inside a chart finds its element."""
    page = Page(plain)
    ids = page.values("id")

    assert len(dict.fromkeys(ids)) == len(ids)
    used = [link[1:] for link in page.values("href") if link.startswith("#")]
    used += re.findall(r"url\(#([^)]*)\)", plain)
    used += [word for value in page.values("aria-labelledby") for word in value.split()]
    assert used
    assert not [each for each in used if each not in ids]


def test_every_question_has_its_section(plain: str) -> None:
    """The sections stand in the order in which a planner asks."""
    anchors = [
        value for tag, key, value in Page(plain).attributes if (tag, key) == ("section", "id")
    ]

    assert anchors == [
        *("kpis", "compared", "lead-time", "trucks", "queues", "utilisation", "floor", "routes"),
        *("errors", "stations", "packing", "stock", "returns", "customers", "money", "warm-up"),
        *("trust", "repeat"),
    ]


def test_every_chart_is_said_in_words(plain: str) -> None:
    """Each chart is an image with a title and a description that is not empty."""
    charts = re.findall(r"<svg [^>]*>", plain)

    assert len(charts) == 14
    assert all('role="img"' in chart and "aria-labelledby" in chart for chart in charts)
    told = re.findall(
        r'<svg [^>]*><title id="[^"]+">([^<]+)</title><desc id="[^"]+">([^<]+)<', plain
    )
    assert len(told) == len(charts)


def test_targets_are_met_missed_or_uncertain(plain: str) -> None:
    """The tiles and the headline say which targets are met, missed, uncertain, and why."""
    tiles = re.findall(r'<li class="(\w+)"><span class="small">([^<]+)<', plain)

    assert tiles == [
        ("met", KPIS["order_lead_time_p95_h"].title),
        ("missed", KPIS["on_time_ship_rate"].title),
        ("uncertain", KPIS["picking_accuracy_lines_rate"].title),
        ("uncertain", KPIS["rate_of_return"].title),
    ]
    heading = re.findall("<h1>(.*?)</h1>", plain)[0]
    assert heading.startswith("2 of 4 targets met; missed: shipped by the promised truck is")
    assert "at least 90\N{NO-BREAK SPACE}%" in heading


def test_all_kpis_are_shown_and_an_undefined_one_says_why(plain: str) -> None:
    """Every KPI has its row; one without a value shows a dash and the reason."""
    for name in KPIS:
        assert f"<code>{name}</code>" in plain
    row = plain.split("<code>rate_of_return</code>")[1].split("</tr>", maxsplit=1)[0]
    assert '<span class="value">–</span>' in row  # noqa: RUF001  # the page's dash
    assert KPIS["rate_of_return"].undefined in row


def test_a_reason_in_a_table_of_numbers_may_wrap() -> None:
    """Why a KPI has no value is a sentence: it must not squeeze the KPI's title."""
    html = report_html(empty(example()))
    reason = KPIS["backorder_age_mean_h"].undefined
    assert f'<td class="reason">{reason}</td>' in html.split('id="stock"')[1]


def test_an_empty_run_has_a_page() -> None:
    """A run in which nothing happened says so in each section, without a chart."""
    html = report_html(empty(example()))

    assert "<svg" not in html
    assert html.count('class="empty"') == 13


def test_one_replication_says_that_it_has_no_interval() -> None:
    """With one replication the page warns that there are no intervals."""
    report = example()

    html = report_html(replace(report, played=report.played[:1]))

    assert "there are no intervals" in html


def tables_behind_links(report: ReportInput) -> dict[str, list[list[str]]]:
    """Return the CSV files of a page by name."""
    html = report_html(report)
    found = re.findall(
        r'href="data:text/csv;charset=utf-8;base64,([^"]*)" download="([^"]*)"', html
    )
    return {
        name: list(csv.reader(io.StringIO(base64.b64decode(data).decode()))) for data, name in found
    }


def test_csv_files_hold_the_numbers() -> None:
    """The KPI file has a row for each KPI with its exact mean; every chart of counts has a file."""
    report = example()
    files = tables_behind_links(report)

    rows = {row[0]: row for row in files["kpis.csv"][1:]}
    assert list(rows) == list(KPIS)
    found = report.estimates["order_lead_time_p95_h"]
    assert found is not None
    assert float(rows["order_lead_time_p95_h"][4]) == found.mean
    assert rows["rate_of_return"][4] == ""
    assert {"lead_time_curve.csv", "queues.csv", "utilisation.csv", "errors.csv"} <= files.keys()


def test_no_cell_of_a_file_is_a_formula() -> None:
    """With a formula for a name, no text cell of any file begins as a formula does."""
    files = tables_behind_links(example("=1+1"))

    cells = [cell for rows in files.values() for row in rows for cell in row]
    assert "'=1+1" in cells
    for cell in cells:
        assert not cell.startswith(("=", "+", "@", "\t", "\r"))
        assert not cell.startswith("-") or float(cell) < 0.0


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@A1", "\t=1", " =1", "\r=1", "|calc", HOSTILE[2]]
)
def test_text_that_a_spreadsheet_would_calculate_gets_an_apostrophe(text: str) -> None:
    """A text cell that a spreadsheet would take for a formula starts with an apostrophe."""
    cells = next(csv.reader(io.StringIO(csv_text([[text, -1.5, 2]]))))

    assert cells[0].startswith("'")
    assert cells[0][1:] == text.replace("\t", "\\t").replace("\r", "\\r")
    assert cells[1:] == ["-1.5", "2"]


@pytest.mark.parametrize("text", ["SKU-1", "a;b", 'say "so"', "a,b", "1 = 1", ""])
def test_other_text_stays_as_it_is(text: str) -> None:
    """A text cell that is no formula comes back unchanged."""
    assert next(csv.reader(io.StringIO(csv_text([[text, "end"]])))) == [text, "end"]


def test_the_file_appears_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plain: str
) -> None:
    """A page is written beside its place and takes it at the end; a failure leaves the old one."""
    path = tmp_path / "report.html"
    write_report(path, example())
    assert path.read_text("utf-8") == plain

    def full(_: int) -> None:
        raise OSError(28, "no space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_report(path, example("other"))

    assert path.read_text("utf-8") == plain
    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]


def test_a_run_of_which_nothing_was_shipped_has_a_page() -> None:
    """All orders rejected, for instance: there are days on which orders are placed, no more."""
    by_day = {"placed": np.full(3, 12), "shipped": np.array([], dtype=np.int64)}

    page = report_html(replace(example(), orders_by_day=by_day))

    assert "and 0 shipped" in page
