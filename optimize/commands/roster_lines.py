"""What the terminal and the plan file say of a roster."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from optimize.commands.roster import MOST_PAIRED, Rival, Roster
from optimize.judge.points import step_rows
from optimize.judge.presence import week_hours
from optimize.judge.price import frontier, frontier_rows, price_rows
from optimize.judge.promise import Bound, Promise
from optimize.judge.stress import Stood
from optimize.plan import Plan
from optimize.staffing.named.rows import person_rows, quarter_rows
from optimize.staffing.problem import SLOTS_AN_HOUR
from sim.kpis import KPIS
from sim.report.tables import aligned, number
from sim.scenario.schema import Scenario

STATUS = {
    "certified": "certified",
    "not certified": "NOT certified: the budget ended before",
    "missed": "MISSED: no roster that was tried keeps the promise",
}
MOST_HOURS = 5
"""Hours to buy first that the terminal names."""


def value_words(kpi: str, value: float) -> str:
    """Return a KPI's value with its unit."""
    unit = KPIS[kpi].unit
    words = number(value, unit)
    return words if unit in ("share", "") else f"{words} {unit}"


def bound_words(bound: Bound) -> str:
    """Return a bound in words, for instance ``shipped by the promised truck >= 80.00 %``."""
    sign = ">=" if bound.sense == "at_least" else "<="
    return f"{KPIS[bound.kpi].title} {sign} {value_words(bound.kpi, bound.value)}"


def lines(found: Roster, under: Mapping[str, Sequence[Stood]] | None) -> list[str]:
    """Return what the terminal shows."""
    made = found.made
    people = sum(count for _, count in made.people)
    return [
        (
            f"a week's roster: {people} people, {sum(d.people for d in made.duties)} duties; "
            f"{made.status}, proven gap of the tours {100 * made.gap:.2f} %"
        ),
        "",
        *_role_lines(found),
        "",
        *_cost_lines(found),
        *_promise_lines(found),
        *_price_lines(found),
        *_stress_lines(found.asked.promise, under),
        *_rival_lines(found),
        *_name_lines(found),
    ]


def paid_hours(found: Roster) -> tuple[dict[str, float], dict[str, float]]:
    """Return paid hours a week by role: today and chosen."""
    return week_hours(found.today), week_hours(found.chosen.staff)


def _role_lines(found: Roster) -> list[str]:
    today, chosen = paid_hours(found)
    rows = [("role", "work h a week", "spread h", "most needed", "paid h today", "paid h planned")]
    for need in found.problem.needs:
        weeks = found.asked.work.work_s[need.skill].sum(axis=1) / 3600.0
        rows.append(
            (
                need.skill.replace("_", " "),
                f"{weeks.mean():.1f}",
                f"{weeks.std(ddof=1):.1f}" if len(weeks) > 1 else "-",
                str(max(need.heads)),
                f"{today[need.skill]:.0f}",
                f"{chosen[need.skill]:.0f}",
            )
        )
    lines = aligned(rows, (False, *(True,) * 5))
    if chosen.get("specialists"):
        hours = chosen["specialists"]
        lines.append(f"specialists stay as they are: {hours:.0f} paid h, by the needs of stations")
    return lines


def _cost_lines(found: Roster) -> Iterator[str]:
    today, chosen = found.today_cents / 100, found.chosen_cents / 100
    required = found.required_cents / 100
    change = f" ({100 * (chosen / today - 1):+.1f} %)" if today else ""
    yield f"wages a week  today {today:,.0f} EUR   planned {chosen:,.0f} EUR{change}"
    if found.found is not None:
        yield f"              the requirement alone would cost {required:,.0f} EUR"


def _promise_lines(found: Roster) -> Iterator[str]:
    promise, search = found.asked.promise, found.found
    if promise is None:
        yield ""
        yield "no promise: the scenario has no target on trucks met or lead time; see --promise"
        return
    yield ""
    if search is None:
        yield f"promise       {', '.join(map(bound_words, promise.bounds))}: not played"
        return
    yield f"promise       {STATUS[search.status]}, {search.played} replications played"
    alpha = search.level or 0.05
    score = search.score
    for bound, slack, mean, sure in zip(
        promise.bounds,
        score.slacks,
        promise.means(score),
        promise.limits(score, alpha),
        strict=True,
    ):
        yield (
            f"  {bound_words(bound)}: {value_words(bound.kpi, mean)}, {100 * (1 - alpha):g} % "
            f"sure of {value_words(bound.kpi, sure)} ({slack.n} fresh replications)"
        )


def _price_lines(found: Roster) -> Iterator[str]:
    promise = found.asked.promise
    if promise is None or not found.prices:
        return
    bound = promise.bounds[0]
    yield ""
    worth = [price for price in found.prices if price.gain[0] > 0.0][:MOST_HOURS]
    if not worth:
        yield f"no single hour more makes {KPIS[bound.kpi].title} any better"
        return
    yield f"which hour to buy first, for {KPIS[bound.kpi].title}:"
    for price in worth:
        gain = _gain(bound, 100.0 * price.gain[0])
        low, high = (_gain(bound, 100.0 * each[0]) for each in (price.lo, price.hi))
        yield f"  {price.block.words:<36} {gain} for 100 EUR a week ({low} .. {high})"


def _gain(bound: Bound, gain: float) -> str:
    """Return a change for the better in the KPI's own direction."""
    signed = gain if bound.sense == "at_least" else -gain
    unit = KPIS[bound.kpi].unit
    if unit == "share":
        return f"{100.0 * signed:+.2f} points"
    return f"{signed:+.3g} {unit}"


def _stress_lines(
    promise: Promise | None, under: Mapping[str, Sequence[Stood]] | None
) -> Iterator[str]:
    if promise is None or under is None:
        return
    yield ""
    yield "if things go wrong:"
    heads = [f"{who}: {bound.kpi}" for who in under for bound in promise.bounds]
    rows = [("", *heads)]
    for each in zip(*under.values(), strict=True):
        cells = []
        for stood in each:
            if stood.score is None:
                cells += ["not played"] * len(promise.bounds)
            else:
                cells += [
                    f"{value_words(bound.kpi, mean)}{'' if slack.mean >= 0.0 else ' missed'}"
                    for bound, mean, slack in zip(
                        promise.bounds, stood.means, stood.score.slacks, strict=True
                    )
                ]
        rows.append((f"  {each[0].stress.words}", *cells))
    yield from aligned(rows, (False, *(True,) * len(heads)))


def _rival_lines(found: Roster) -> Iterator[str]:
    promise = found.asked.promise
    if promise is None or not found.rivals:
        return
    yield ""
    yield f"on {found.asked.fresh} fresh replications (others on at most {MOST_PAIRED} of them):"
    rows = [("roster", "wages a week", *(b.kpi for b in promise.bounds), "kept at 95 %",
             "cost of an order against chosen")]  # fmt: skip
    rows += [_rival_row(rival, promise) for rival in found.rivals]
    yield from aligned(rows, (False, *(True,) * (len(rows[0]) - 1)))


def _rival_row(rival: Rival, promise: Promise) -> tuple[str, ...]:
    kpis = [
        f"{value_words(bound.kpi, mean)} ({value_words(bound.kpi, sure)})"
        for bound, mean, sure in zip(
            promise.bounds, rival.means, promise.limits(rival.score, 0.05), strict=True
        )
    ]
    less = "-"
    if rival.less is not None and rival.less.lo is not None:
        less = f"{rival.less.mean:+.3f} EUR ({rival.less.lo:+.3f} .. {rival.less.hi:+.3f})"
    kept = "yes" if rival.score.certified(0.05) else "no"
    return (rival.words, f"{rival.cost_cents / 100:,.0f} EUR", *kpis, kept, less)


def _name_lines(found: Roster) -> Iterator[str]:
    named = found.named
    yield ""
    granted = f", {named.granted} of {named.wishes} wishes granted" if named.wishes else ""
    if named.lost_slots:
        yield (
            f"names         {named.lost_hours:g} paid hours that nobody may take under the rules "
            f"(at least {named.lost_slots_bound / SLOTS_AN_HOUR:g} h in any case){granted}"
        )
    else:
        yield f"names         every duty has somebody{granted}"


def plan_of(scenario: Scenario, found: Roster, command: str) -> Plan:
    """Return the plan file's content."""
    search, promise = found.found, found.asked.promise
    figures: dict[str, Any] = {
        "people": sum(count for _, count in found.made.people),
        "wages_today_eur": found.today_cents / 100,
        "wages_required_eur": found.required_cents / 100,
        "wages_planned_eur": found.chosen_cents / 100,
        "tours_bound_eur": found.bound_cents / 100,
        "gap_share": found.made.gap,
        "status": found.made.status,
        "hours_nobody_takes": found.named.lost_hours,
    }
    lists: dict[str, Any] = {
        "roster": person_rows(found.named),
        "quarter_hours": quarter_rows(found.named),
    }
    if promise is not None and search is not None:
        figures |= {
            "promise": promise.words,
            "promise_status": search.status,
            "replications_played": search.played,
        }
        lists |= {
            "search": step_rows(search.steps, promise),
            "frontier": frontier_rows(frontier(search.points, promise), promise),
            "hours_to_buy": price_rows(found.prices, promise),
        }
    return Plan(
        kind="staffing",
        scenario=scenario.name,
        made_by=command,
        figures=figures,
        overlay={"staff": dict(found.chosen.staff)},
        lists=lists,
    )
