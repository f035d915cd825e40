"""Roles without people of their own in ``warelab optimize staffing``."""

from __future__ import annotations

import numpy as np
import pytest

from optimize.commands.staffing import _planned_work
from optimize.workload import Workload
from sim.scenario.schema import ROLES, Scenario


def test_a_role_that_others_do_is_left_out_and_said(capsys: pytest.CaptureFixture[str]) -> None:
    """With no clerk on any shift the clerks' work is not planned, and stderr says so."""
    shift = {"start": "06:00", "end": "14:00", **{role: 1 for role in ROLES if role != "clerks"}}
    scenario = Scenario.model_validate({"name": "x", "staff": {"day": shift}})
    work = Workload({role: np.full((1, 672), 60.0) for role in ROLES}, dict.fromkeys(ROLES, 60.0))

    planned = _planned_work(scenario, work).work_s

    assert list(planned) == [role for role in ROLES if role != "clerks"]
    assert "not planned: clerks" in capsys.readouterr().err
