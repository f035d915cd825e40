"""Rules on stations: each is broken once, and says so at its key."""

from __future__ import annotations

from typing import Any

import pytest

from sim.scenario import checks
from sim.scenario.schema import Scenario

MINUTE = {"distribution": "deterministic", "value": 60.0}
NOTHING = {"distribution": "deterministic", "value": 0.0}
CHANNELS = {"channels": {"web": {"share": 0.5}, "shop": {"share": 0.5}}}
MACHINES = {"runs_h": MINUTE, "repair_s": MINUTE, "repaired_at": "shop"}


def house(stations: dict[str, Any], specialists: int = 9, **people: Any) -> dict[str, Any]:
    """Return a scenario with two channels, one shift and some stations."""
    shift = {
        "start": "06:00", "end": "14:00", "specialists": specialists,
        **dict.fromkeys(("clerks", "pickers", "packers", "dispatchers"), 1),
        **dict.fromkeys(("receivers", "returns_clerks"), 1),
    }  # fmt: skip
    staff = {"early": shift}
    named = {"name": "x", "orders": CHANNELS}
    return {**named, "stations": stations, "staff": staff, "people": people}


def wrapping(**keys: Any) -> dict[str, Any]:  # keys of any kind
    """Return stations of which one is a sound wrapping station but for some keys."""
    return {"wrapping": {"time_s": MINUTE, "share": 0.3, "people": 2, **keys}}


ANN: dict[str, Any] = {"specialists": {"ann": {}}, "people": None}
WEB_ONLY: dict[str, Any] = {"specialists": {"ann": {"channels": ["web"]}}, "people": None}

BROKEN: list[tuple[dict[str, Any], str]] = [
    (house(wrapping(then={"wraping": 0.1})), "stations.wrapping.then.wraping"),
    (house(wrapping(machines=MACHINES)), "stations.wrapping.machines.repaired_at"),
    (house(wrapping(share_by_channel={"fax": 0.1})), "stations.wrapping.share_by_channel.fax"),
    (house(wrapping(time_s_by_channel={"fax": MINUTE})), "stations.wrapping.time_s_by_channel.fax"),
    (
        house(wrapping(people=None, specialists={"ann": {"time_s_by_channel": {"fax": MINUTE}}})),
        "stations.wrapping.specialists.ann.time_s_by_channel.fax",
    ),
    (house(wrapping(**ANN, first_choice={"fax": ["ann"]})), "stations.wrapping.first_choice.fax"),
    (house(wrapping() | {"look": {"share": 0.8, "people": 1}}), "stations"),
    (house(wrapping(then={"wrapping": 0.6, "look": 0.6}) | {"look": {"people": 1}}),
     "stations.wrapping.then"),
    (house(wrapping(then={"wrapping": 1.0})), "stations.wrapping.then"),
    (house(wrapping(people=12)), "staff.early.specialists"),
    (house(wrapping(people=0)), "stations.wrapping.people"),
    (house(wrapping(), specialists=0), "staff"),
    (house(wrapping() | {"look": {"share": 0.1}}, specialists=2), "staff"),
    (house(wrapping(people=1, specialists={"ann": {}})), "stations.wrapping.people"),
    (house(wrapping(first_choice={"web": ["ann"]})), "stations.wrapping.first_choice"),
    (house(wrapping(**ANN, first_choice={"web": ["anne"]})), "stations.wrapping.first_choice.web"),
    (
        house(
            wrapping(
                people=None,
                specialists={"ann": {"channels": ["web"]}, "bea": {}},
                first_choice={"shop": ["ann"]},
            )
        ),
        "stations.wrapping.first_choice.shop",
    ),
    (house(wrapping(**WEB_ONLY)), "stations.wrapping.specialists"),
    (
        house(
            wrapping(**WEB_ONLY, share_by_channel={"shop": 0.0})
            | {"press": {"people": 1, "machines": {**MACHINES, "repaired_at": "wrapping"}}}
        ),
        "stations.wrapping.specialists",
    ),
    (
        house(
            wrapping(
                people=None,
                specialists={"ann": {"channels": ["web"]}, "bea": {}},
                share_by_channel={"web": 0.0},
            )
        ),
        "stations.wrapping.specialists.ann.channels",
    ),
    (house(wrapping(interrupts=True)), "stations.wrapping.interrupts"),
    (house(wrapping(then={"wrapping": 0.9999})), "stations.wrapping.then"),
    (house(wrapping(side_work_s=NOTHING)), "stations.wrapping.side_work_s"),
    (
        house(wrapping(machines={**MACHINES, "runs_h": NOTHING}) | {"shop": {"people": 1}}),
        "stations.wrapping.machines.runs_h",
    ),
    (
        house(wrapping(people=None, machines=MACHINES) | {"shop": {"people": 1}}),
        "stations.wrapping.machines",
    ),
    (
        house(wrapping(machines={**MACHINES, "repaired_at": "wrapping"})),
        "stations.wrapping.machines.repaired_at",
    ),
]  # fmt: skip
SOUND: list[dict[str, Any]] = [
    house(wrapping()),
    house(wrapping(then={"wrapping": 0.9, "look": 0.1}) | {"look": {"people": 1}}),
    house(wrapping(machines=MACHINES) | {"shop": {}}, specialists=3),
    house(wrapping() | {"look": {"share": 0.1}}, specialists=2, cross_training={
        "packers": ["specialists"]}),
    house(wrapping(**WEB_ONLY, share_by_channel={"shop": 0.0})),
    house(wrapping(sequence="priority", interrupts=True, places=3, patience_s=MINUTE)),
    house(wrapping(
        people=None, specialists={"ann": {"channels": ["web"]}, "bea": {}},
        sequence="priority", interrupts=True)),
    house(wrapping(then={"wrapping": 0.999})),
    house({"shop": {}}, specialists=0),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "path"), BROKEN, ids=[path for _, path in BROKEN])
def test_a_broken_rule_is_named_at_its_key(keys: dict[str, Any], path: str) -> None:
    """Each rule says where it is broken, and nothing else is found."""
    findings = list(checks.run_checks(Scenario.model_validate(keys)))
    assert [where for where, *_ in findings] == [path]
    assert all(found and expected for _, found, expected, _ in findings)


@pytest.mark.parametrize("keys", SOUND)
def test_a_sound_scenario_passes(keys: dict[str, Any]) -> None:
    """What goes together is not refused."""
    assert list(checks.run_checks(Scenario.model_validate(keys))) == []


def test_a_mistyped_name_is_answered_with_the_one_that_was_meant() -> None:
    """The nearest station is named."""
    scenario = Scenario.model_validate(house(wrapping(then={"wraping": 0.1})))
    ((_, found, expected, hint),) = checks.run_checks(scenario)
    assert found == "'wraping' is no station"
    assert expected == "one of stations: wrapping"
    assert hint == "did you mean wrapping"


def test_it_says_how_many_specialists_are_needed() -> None:
    """A shift has people for all stations, or for none."""
    stations = wrapping() | {"look": {"share": 0.1, "people": 3}}
    ((_, found, expected, _),) = checks.run_checks(Scenario.model_validate(house(stations, 4)))
    assert found == "4, where stations have 5 people of their own"
    assert expected == "at least 5, or 0"
