"""JUnit XML, as CI systems read it: a case for each thing that was judged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from sim.report.tables import shown


@dataclass(frozen=True)
class Case:
    """One thing that was judged: a KPI of a comparison, an exact figure, a cell of a sweep.

    Parameters
    ----------
    group, name
        Where it belongs, and its own name.
    words
        What was found.
    failed
        Whether it fails the build.
    skipped
        Whether nothing is said of it; not with ``failed``.
    """

    group: str
    name: str
    words: str
    failed: bool = False
    skipped: bool = False


def junit(cases: Iterable[Case], name: str) -> str:
    """Return cases as JUnit XML; no time and no host is written, so it is the same each time."""
    groups: dict[str, list[Case]] = {}
    for case in cases:
        groups.setdefault(case.group, []).append(case)
    everything = [case for group in groups.values() for case in group]
    root = ET.Element("testsuites", _counts(name, everything))
    for group, members in groups.items():
        suite = ET.SubElement(root, "testsuite", _counts(group, members))
        for case in members:
            named = {"classname": shown(group), "name": shown(case.name)}
            element = ET.SubElement(suite, "testcase", named)
            if case.failed:
                words = {"message": shown(case.words), "type": shown(name.partition(":")[0])}
                ET.SubElement(element, "failure", words)
            elif case.skipped:
                ET.SubElement(element, "skipped", {"message": shown(case.words)})
            else:
                ET.SubElement(element, "system-out").text = shown(case.words)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, "unicode") + "\n"


def _counts(name: str, cases: list[Case]) -> dict[str, str]:
    failures = sum(case.failed for case in cases)
    skipped = sum(case.skipped for case in cases)
    counts = {"tests": len(cases), "failures": failures, "errors": 0, "skipped": skipped}
    return {"name": shown(name), **{key: str(value) for key, value in counts.items()}}
