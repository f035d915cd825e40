"""Random stations: rooms, patience, ranks, people one by one, other work, machines."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.properties.chance import laws, rates


@st.composite
def stations(draw: st.DrawFn, channels: tuple[str, ...]) -> dict[str, Any]:
    """Return one to three stations and, if machines break down, a workshop that all may help."""
    names = ("first", "second", "third")[: draw(st.integers(1, 3))]
    found: dict[str, Any] = {}
    for name in names:
        to = draw(st.sampled_from(names))
        found[name] = {
            "time_s": draw(laws(60.0, 300.0)),
            "share": draw(rates(0.1, 0.33)),
            "then": draw(st.sampled_from([{}, {to: 0.5}])),
            "free_first": draw(st.sampled_from(["longest_free", "fastest", "listed"])),
            "places": draw(st.sampled_from([None, None, 1, 4])),
            "patience_s": draw(st.one_of(st.none(), laws(120.0, 1800.0))),
            "side_work_s": draw(st.one_of(st.none(), laws(400.0))),
            **draw(_ranks_or_names(channels)),
        }
        if "specialists" not in found[name]:
            found[name]["people"] = draw(st.sampled_from([None, 1, 2]))
        if found[name].get("people") or "specialists" in found[name]:
            found[name]["machines"] = draw(st.one_of(st.none(), _machines()))
    if any(each.get("machines") for each in found.values()):
        found["shop"] = {}
    return found


@st.composite
def _machines(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "runs_h": draw(laws(0.5, 5.0)),
        "repair_s": draw(laws(300.0)),
        "repaired_at": "shop",
    }


@st.composite
def _ranks_or_names(draw: st.DrawFn, channels: tuple[str, ...]) -> dict[str, Any]:
    """Return people who are alike, with or without ranks; or two by name, one for one channel."""
    kind = draw(st.sampled_from(["alike", "ranks", "interrupts", "names"]))
    if kind == "names":
        return {
            "specialists": {
                "ann": {"pace": draw(rates(0.5, 1.0)), "channels": [channels[0]]},
                "bea": {"time_s_by_channel": {channels[-1]: draw(laws(100.0))}},
            },
            "first_choice": draw(st.sampled_from([{}, {channels[0]: ["bea"]}])),
        }
    if kind == "alike":
        return {}
    return {"sequence": "priority", "interrupts": kind == "interrupts"}


def needed(found: dict[str, Any]) -> int:
    """Return the specialists that a shift needs, one for the stations without people included."""
    own = [len(each.get("specialists", {})) or each.get("people") or 0 for each in found.values()]
    return sum(own) + 1
