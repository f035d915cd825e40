"""The JSON Schema of a scenario file, for editors: completion, help and red marks while writing.

``schemas/scenario.schema.json`` is a copy that a test compares with the model.
"""

from __future__ import annotations

import json
from typing import Any

from sim.scenario.schema import Scenario

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_KEPT_REQUIRED = ("distribution",)


def modeline(schema: str) -> str:
    """Return the first line by which editors find the schema of a YAML file.

    >>> modeline("../schemas/scenario.schema.json")
    '# yaml-language-server: $schema=../schemas/scenario.schema.json'
    """
    return f"# yaml-language-server: $schema={schema}"


def scenario_json_schema() -> dict[str, Any]:
    """Return the schema with the descriptions of every key.

    It asks for less than ``warelab check``: a file that extends another one may leave out required
    keys of its sections and may take an inherited entry away with ``null``.
    """
    schema = Scenario.model_json_schema()
    for section in schema["$defs"].values():
        _loosen(section)
    for spec in _specs(schema):
        entries = spec.get("additionalProperties")
        if isinstance(entries, dict) and "$ref" in entries:
            spec["additionalProperties"] = {"anyOf": [entries, {"type": "null"}]}
    return {"$schema": DIALECT, **schema}


def _loosen(section: dict[str, Any]) -> None:
    required = [key for key in section.pop("required", ()) if key in _KEPT_REQUIRED]
    if required:
        section["required"] = required


def _specs(part: object) -> list[dict[str, Any]]:
    """Return every map inside a schema, outermost first."""
    if isinstance(part, list):
        return [spec for item in part for spec in _specs(item)]
    if not isinstance(part, dict):
        return []
    return [part, *(spec for value in part.values() for spec in _specs(value))]


def json_schema_text() -> str:
    """Return the schema as it stands in its file."""
    return json.dumps(scenario_json_schema(), indent=2, ensure_ascii=False) + "\n"
