"""The schema that editors read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from sim.scenario import Scenario, bundled_scenarios, json_schema_text, scenario_json_schema
from sim.scenario.yaml_nodes import Source, plain, read_nodes

SCHEMA_FILE = Path(__file__).resolve().parents[3] / "schemas" / "scenario.schema.json"


def test_the_committed_schema_is_the_models(update_golden: bool) -> None:
    """Editors and `warelab check` speak of the same keys.

    `pytest tests/sim/scenario --update-golden` writes the file anew.
    """
    if update_golden:
        SCHEMA_FILE.write_text(json_schema_text(), encoding="utf-8")

    assert SCHEMA_FILE.read_text(encoding="utf-8") == json_schema_text()


def test_every_key_of_the_model_is_in_the_schema_with_its_description() -> None:
    """Completion and hover text come from the model."""
    schema = scenario_json_schema()
    seen: list[str] = []

    def compare(model: type[BaseModel], spec: dict[str, Any]) -> None:
        assert list(spec["properties"]) == list(model.model_fields)
        assert spec["additionalProperties"] is False
        for name, field in model.model_fields.items():
            if field.description:
                assert spec["properties"][name]["description"] == field.description
            seen.append(name)
            kind = field.annotation
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                compare(kind, schema["$defs"][kind.__name__])

    compare(Scenario, schema)

    assert {"extends", "plan", "walk_speed_m_per_s"} <= set(seen)


def test_only_the_name_is_required() -> None:
    """A file that extends another one may say as little as it likes."""
    schema = scenario_json_schema()

    assert schema["required"] == ["name"]
    required = [spec["required"] for spec in schema["$defs"].values() if "required" in spec]
    assert [keys for keys in required if keys != ["distribution"]] == []


@pytest.mark.parametrize("name", sorted(bundled_scenarios()))
def test_editors_find_nothing_wrong_with_bundled_scenarios(name: str) -> None:
    """The schema accepts what comes with warelab."""
    validator = pytest.importorskip("jsonschema").Draft202012Validator
    text = bundled_scenarios()[name].read_text(encoding="utf-8")
    root = read_nodes(text, Source(name, None), [])
    assert root is not None

    errors = validator(scenario_json_schema()).iter_errors(plain(root))

    assert [error.message for error in errors] == []


def test_the_schema_itself_is_one() -> None:
    """It keeps to the rules of JSON Schema, and refuses what `check` refuses."""
    validator = pytest.importorskip("jsonschema").Draft202012Validator

    validator.check_schema(json.loads(json_schema_text()))
    messages = [each.message for each in validator(scenario_json_schema()).iter_errors({"nam": 1})]
    assert len(messages) == 2
