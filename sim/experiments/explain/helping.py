"""The load of roles that help each other: the fairest sharing that their training allows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations


def shared_loads(
    work_s: Mapping[str, float],
    staffed_s: Mapping[str, float],
    cross_training: Mapping[str, Sequence[str]],
) -> tuple[dict[str, float], dict[str, float]]:
    """Return the load of each role's work, and of its people, when helpers level it as they can.

    The set of roles whose work is the largest multiple of the hours of all who can do any of it is
    as loaded as that multiple, whatever anybody does; without it and its people, the same of the
    rest. There are at most seven roles, so all sets are looked at. A load is below 1 for all roles
    if and only if the people can do all work, whoever does it.

    Parameters
    ----------
    work_s, staffed_s
        Seconds by role over the same time, >= 0.
    cross_training
        Role to the roles whose work its people also take.
    """
    rest = [role for role in work_s if work_s[role] > 0.0]
    people = {role for role in staffed_s if staffed_s[role] > 0.0}
    found, of_people = dict.fromkeys(work_s, 0.0), dict.fromkeys(staffed_s, 0.0)
    while rest:
        best: tuple[float, tuple[str, ...], set[str]] | None = None
        for size in range(1, len(rest) + 1):
            for roles in combinations(rest, size):
                hands = {
                    who for who in sorted(people)
                    if who in roles or not set(roles).isdisjoint(cross_training.get(who, ()))
                }  # fmt: skip
                seconds = sum(staffed_s[who] for who in sorted(hands))
                load = sum(work_s[role] for role in roles) / seconds if seconds else math.inf
                if best is None or load > best[0]:
                    best = load, roles, hands
        assert best is not None
        load, chosen, hands = best
        found.update(dict.fromkeys(chosen, load))
        of_people.update(dict.fromkeys(sorted(hands), load))
        rest = [role for role in rest if role not in chosen]
        people -= hands
    return found, of_people
