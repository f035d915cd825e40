"""Write the pages that repeat what the code says: docs/kpis.md and docs/scenario-keys.md.

KPIs come from the registry and the docstrings of their formulas, keys from the schema of scenarios.
A test compares the pages with what this writes; run ``python3 tools/make_docs.py`` after a change.
"""

from __future__ import annotations

import inspect
import json
import re
import types
import typing
from collections.abc import Callable, Iterator
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.kpis import KPIS, KpiDefinition
from sim.scenario.schema import CountLaw, Law, Scenario

ROOT = Path(__file__).resolve().parent.parent
WRITTEN = "<!-- written by tools/make_docs.py from {source}; do not edit -->"
LONGEST_VALUE = 60
ENDLESS = 1e12

# --- KPIs -----------------------------------------------------------------------------------------

KPI_HEAD = """# KPIs

{written}

Every number that people see: its name, its unit, its formula, who is in and who is out. Names are
stable. A unit stands at the end of a name where it has one; a share runs from 0 to 1 and is shown
in per cent.

**Cohort**: the orders placed in the measured window, that is after `run.warm_up_days` and for
`run.horizon_days`. Unless a KPI says otherwise it counts the cohort and follows it to its end, also
after the window.

**Undefined**: the KPI has no value then; it is shown as `-`, is `null` in JSON, and a target on it
is not met.

Words in capitals (PLACED, PICKED) are facts of the event log, `sim/log/facts.py`. Each number is
the mean over the replications with its 95 % t interval; one replication alone has no interval.
"""


def kpi_page() -> str:
    """Return docs/kpis.md."""
    parts = [KPI_HEAD.format(written=WRITTEN.format(source="sim/kpis"))]
    for family, members in groupby(KPIS.values(), key=lambda kpi: kpi.family):
        kpis = list(members)
        parts.append(f"\n## {family.capitalize()}\n")
        parts.append("| KPI | in words | unit | better |\n|---|---|---|---|")
        parts += [
            f"| `{kpi.name}` | {kpi.title} | {kpi.unit or '-'} | {kpi.better or '-'} |"
            for kpi in kpis
        ]
        parts.append("")
        for formula, same in groupby(kpis, key=_formula):
            parts.append(_definition(list(same), formula))
    return _page(parts)


def _page(parts: list[str]) -> str:
    """Return the text of a page: never more than one empty line."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(parts)).rstrip() + "\n"


def _formula(kpi: KpiDefinition) -> Callable[..., float | None]:
    return kpi.function.func if isinstance(kpi.function, partial) else kpi.function


def _definition(kpis: list[KpiDefinition], formula: Callable[..., float | None]) -> str:
    """Return what a formula says of the KPIs that it computes, as an item of a list."""
    names = ", ".join(f"`{kpi.name}`" for kpi in kpis)
    text = _prose(inspect.getdoc(formula) or "")
    undefined = list(dict.fromkeys(kpi.undefined for kpi in kpis if kpi.undefined))
    if undefined:
        more = ", and so on for each" if len(undefined) > 1 else ""
        text.append(f"*Undefined when {undefined[0]}{more}.*")
    return f"- {names}: " + "\n\n  ".join(text) + "\n"


def _prose(docstring: str) -> list[str]:
    """Return the paragraphs of a docstring in Markdown, up to the first section with a rule."""
    told = re.split(r"\n\n[A-Z][a-z]+\n-{3,}\n", docstring)[0]
    told = re.sub(r":\w+:`~?([^`]+)`", r"`\1`", told).replace("``", "`")
    told = re.sub(r"(?<![`\w.])[A-Za-z]\w*(?:\.\w+)*(?![`\w])", _as_code, told)
    return [" ".join(paragraph.split()).replace("<", "&lt;") for paragraph in told.split("\n\n")]


def _as_code(word: re.Match[str]) -> str:
    """Mark names of code; plain words have no underscore."""
    return f"`{word[0]}`" if "_" in word[0] else word[0]


# --- keys of a scenario ---------------------------------------------------------------------------

KEYS_HEAD = """# Keys of a scenario

{written}

Everything that a scenario file may say. Only `name` is required; every other key has a default,
with its source where there is one. How files extend each other and how `--set` works is in
[scenarios.md](scenarios.md).

A key's unit stands at its end. `NAME` stands for a name of your own: `orders.channels.NAME.share`
is the share of the channel that you call so. A **law** is a law of chance, see
[the last section](#laws-of-chance).
"""


LAWS_HEAD = """
## Laws of chance

A time, a size or a number of units that varies, as `{distribution: gamma, mean: 10, cv: 0.5}`. The
unit is the key's. `mean` is the mean of the variable itself, `cv` its standard deviation divided by
its mean. A law that names another distribution replaces the one below it whole; the same
distribution merges key by key.
"""


def keys_page() -> str:
    """Return docs/scenario-keys.md."""
    parts = [KEYS_HEAD.format(written=WRITTEN.format(source="sim/scenario/schema"))]
    own = [(k, f) for k, f in Scenario.model_fields.items() if _model_in(f.annotation) is None]
    parts += ["\n## Of the file itself\n", _table("", own, Scenario)]
    for key, field in Scenario.model_fields.items():
        model = _model_in(field.annotation)
        if model is not None:
            parts += [f"\n## {key}\n", f"{_story(model)}{_entries(field)}", ""]
            path = f"{key}.NAME" if _is_map(field.annotation) else key
            parts.append(_chapter(path, model))
    parts.append(_laws())
    return _page(parts)


def _chapter(path: str, model: type[BaseModel]) -> str:
    """Return the table of a section, and below it those of the sections inside."""
    plain = [(k, f) for k, f in model.model_fields.items() if _model_in(f.annotation) is None]
    tables = [_table(f"{path}.", plain, model)] if plain else []
    for key, field in model.model_fields.items():
        inside = _model_in(field.annotation)
        if inside is not None:
            below = f"{path}.{key}.NAME" if _is_map(field.annotation) else f"{path}.{key}"
            tables.append(f"\n### {below}\n\n{_story(inside)}{_entries(field)}\n")
            tables.append(_chapter(below, inside))
    return "\n".join(tables)


def _entries(field: FieldInfo) -> str:
    """Return the names in a map that the defaults bring along."""
    if not _is_map(field.annotation):
        return ""
    names = list(field.get_default(call_default_factory=True) or {})
    return f" Default: {', '.join(f'`{name}`' for name in names) or 'none'}."


def _table(prefix: str, fields: list[tuple[str, FieldInfo]], model: type[BaseModel]) -> str:
    spec = model.model_json_schema()["properties"]
    rows = ["| key | what it may be | default | meaning |", "|---|---|---|---|"]
    for key, field in fields:
        kind = _kind(field.annotation, spec[key])
        meaning = (field.description or "").replace("|", "\\|")
        rows.append(f"| `{prefix}{key}` | {kind} | {_default(field)} | {meaning} |")
    return "\n".join(rows)


def _story(model: type[BaseModel]) -> str:
    return "\n\n".join(_prose(inspect.getdoc(model) or ""))


def _model_in(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401  # any type may be written
    """Return the section that a key (or each entry of a map) holds, None for values and laws."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if _is_map(annotation):
        return _model_in(typing.get_args(annotation)[1])
    return None


def _is_map(annotation: Any) -> bool:  # noqa: ANN401
    return typing.get_origin(annotation) is dict


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json")
    shown = _yaml(value)
    if len(shown) > LONGEST_VALUE:
        return f"{len(value)} values"
    return f"`{shown}`"


def _yaml(value: object) -> str:
    """Return a value as it would be written in one line of a file."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_yaml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_yaml(inner) for inner in value) + "]"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, str):
        return value if re.fullmatch(r"[A-Za-z_%][\w% :-]*", value) else json.dumps(value)
    return json.dumps(value)


def _kind(annotation: Any, spec: dict[str, Any]) -> str:  # noqa: ANN401
    """Return in words what a key may hold."""
    choices = typing.get_args(annotation) if _is_union(annotation) else ()
    if type(None) in choices:
        options = [option for option in spec["anyOf"] if option.get("type") != "null"]
        kinds = [kind for kind in choices if kind is not type(None)]
        return f"{_kind(kinds[0], options[0])}, or null"
    if "discriminator" in spec:
        counts = "OnePlusPoisson" in json.dumps(spec)
        return f"[law{' of counts' if counts else ''}](#laws-of-chance)"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "map of " + ", ".join(f"`{key}`" for key in annotation.model_fields)
    if _is_map(annotation):
        patterns = spec.get("patternProperties", {})
        values = spec.get("additionalProperties") or next(iter(patterns.values()))
        return f"map of names to {_words(values)}"
    return _words(spec)


def _is_union(annotation: Any) -> bool:  # noqa: ANN401
    return typing.get_origin(annotation) in (typing.Union, types.UnionType)


def _words(spec: dict[str, Any]) -> str:
    """Return a JSON Schema of a plain value in words."""
    if "const" in spec:
        return f"`{_yaml(spec['const'])}`"
    if "enum" in spec:
        return " \\| ".join(f"`{value}`" for value in spec["enum"])
    kind = spec.get("type")
    if kind == "array":
        size = spec.get("minItems") if spec.get("minItems") == spec.get("maxItems") else None
        several = re.sub(r"^(number|clock time|weekday|date|text)\b", r"\1s", _words(spec["items"]))
        return f"list of {f'{size} ' if size else ''}{several}"
    if kind in ("number", "integer"):
        return ("number" if kind == "number" else "whole number") + _bounds(spec)
    if kind == "boolean":
        return "`true` \\| `false`"
    if "mon|tue" in spec.get("pattern", ""):
        return "weekday"
    if "14:30" in spec.get("examples", ()):
        return "clock time"
    if "2026-11-27" in spec.get("examples", ()):
        return "date"
    return "text"


def _bounds(spec: dict[str, Any]) -> str:
    low, above = spec.get("minimum"), spec.get("exclusiveMinimum")
    high, below = spec.get("maximum"), spec.get("exclusiveMaximum")
    words = []
    if low is not None:
        words.append(f"from {low:g}")
    if above is not None:
        words.append(f"above {above:g}")
    if high is not None and high < ENDLESS:
        words.append(f"to {high:.10g}" if high < 2**53 else "to 2^63 - 1")
    if below is not None:
        words.append(f"below {below:g}")
    return f" {' '.join(words)}" if words else ""


def _laws() -> str:
    """Return the laws of chance."""
    rows = ["| distribution | keys | meaning | for |", "|---|---|---|---|"]
    rows += [_law_row(model) for model in _law_models()]
    return "\n".join([LAWS_HEAD, *rows])


def _law_models() -> Iterator[type[BaseModel]]:
    seen: dict[str, type[BaseModel]] = {}
    for union in (Law, CountLaw):
        for model in typing.get_args(typing.get_args(union)[0]):
            seen.setdefault(model.__name__, model)
    yield from seen.values()


def _law_row(model: type[BaseModel]) -> str:
    spec = model.model_json_schema()["properties"]
    name = spec["distribution"]["const"]
    keys = ", ".join(
        f"`{key}` ({_words(spec[key])}"
        + ("" if field.is_required() else f", default {_default(field)}")
        + ")"
        for key, field in model.model_fields.items()
        if key != "distribution"
    )
    uses = [
        word
        for word, union in (("times and sizes", Law), ("counts", CountLaw))
        if model in typing.get_args(typing.get_args(union)[0])
    ]
    meaning = " ".join(_prose(inspect.getdoc(model) or ""))
    return f"| `{name}` | {keys} | {meaning} | {', '.join(uses)} |"


PAGES: dict[str, Callable[[], str]] = {
    "docs/kpis.md": kpi_page,
    "docs/scenario-keys.md": keys_page,
}


def main() -> None:
    """Write the pages and say which of them changed."""
    for name, page in PAGES.items():
        path, text = ROOT / name, page()
        old = path.read_text(encoding="utf-8") if path.exists() else None
        path.write_text(text, encoding="utf-8")
        print(f"{name}: {'as it was' if old == text else 'written'}")


if __name__ == "__main__":
    main()
