"""A roster as a page: the promise and its price, who works when, bad days, how it was found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isfinite

from optimize.commands.roster import MOST_PAIRED, Roster
from optimize.commands.roster_charts import Spot, frontier_chart, week_chart
from optimize.commands.roster_lines import STATUS, bound_words, paid_hours, value_words
from optimize.judge.promise import Bound, Score
from optimize.judge.stress import Stood
from optimize.staffing.named.rows import fairness_rows, person_rows, quarter_rows
from sim.kpis import KPIS
from sim.report.cells import Cell, Table
from sim.report.charts_week import role_words
from sim.report.plan_page import PlanPage
from sim.report.section import Figure, Section
from sim.scenario.schema import WEEKDAYS


def roster_page(
    found: Roster, under: Mapping[str, Sequence[Stood]] | None, command: str
) -> PlanPage:
    """Return the page of a roster."""
    scenario = found.asked.scenario
    return PlanPage(
        kind="roster",
        name=scenario.name,
        title=scenario.title,
        headline=_headline(found),
        sentences=tuple(_sentences(found)),
        notices=tuple(_notices(found, under)),
        sections=tuple(_sections(found, under)),
        command=command,
    )


def _headline(found: Roster) -> str:
    chosen, today = found.chosen_cents / 100, found.today_cents / 100
    words = f"{sum(n for _, n in found.made.people)} people for {chosen:,.0f} EUR a week"
    if not today:
        return words
    share = 100.0 * (chosen / today - 1.0)
    if abs(share) < 0.05:
        return f"{words}, as much as today"
    return f"{words}, {abs(share):.1f} % {'less' if share < 0 else 'more'} than today"


def _sentences(found: Roster) -> Iterator[str]:
    search, promise = found.found, found.asked.promise
    if search is not None and promise is not None:
        bounds = " and ".join(map(bound_words, promise.bounds))
        yield f"The promise, {bounds}, is {STATUS[search.status]}."
    required = found.required_cents / 100
    yield (
        f"Today's roster costs {found.today_cents / 100:,.0f} EUR a week, the requirement alone "
        f"{required:,.0f} EUR. Under the labour rules and these needs no tours are cheaper than "
        f"{found.bound_cents / 100:,.0f} EUR, what each person costs a week included."
    )


def _notices(found: Roster, under: Mapping[str, Sequence[Stood]] | None) -> Iterator[str]:
    if found.found is not None and found.found.status != "certified":
        yield f"The promise is {STATUS[found.found.status]}."
    bad = [] if under is None else [s for s in under["chosen"] if s.score and not s.kept]
    if bad:
        words = "; ".join(stood.stress.words for stood in bad)
        yield f"The promise is for usual weeks. It is missed with: {words}. See below."
    if found.named.lost_slots:
        yield f"{found.named.lost_hours:g} paid hours a week have nobody who may take them."


def _sections(found: Roster, under: Mapping[str, Sequence[Stood]] | None) -> Iterator[Section]:
    if found.found is not None:
        yield _promise_section(found)
    if found.prices:
        yield Section(
            "hours",
            "Which hour to buy first",
            "One more person in four hours of the day, played on the same orders with and without.",
            (),
            (_prices_table(found),),
            wide=True,
        )
    if found.rivals:
        yield _rival_section(found)
    if under is not None and found.asked.promise is not None:
        yield _stress_section(found.asked.promise.bounds, under)
    yield _week_section(found)
    yield _people_section(found)
    if found.found is not None:
        yield _steps_section(found)


# --- the promise and its price --------------------------------------------------------------------


def _promise_section(found: Roster) -> Section:
    promise = found.asked.promise
    assert promise is not None
    figures = []
    for place, bound in enumerate(promise.bounds):
        spots = _spots(found, place)
        title = KPIS[bound.kpi].title
        svg = frontier_chart(
            bound.kpi, spots, [bound.value], more_is_better=bound.sense == "at_least"
        )
        caption = (
            f"Each dot is a roster that was played on the same orders: its wages and {title}, with "
            "its 95 % interval where it has a name. The line joins those that no other beats."
        )
        rows = tuple((s.kind, s.words, s.cost_eur, s.value, s.low, s.high) for s in spots)
        heads = ("kind", "what", "wages EUR a week", bound.kpi, "low", "high")
        figures.append(Figure(svg, caption, "", Table(f"frontier-{bound.kpi}", heads, rows, 2)))
    return Section(
        "promise",
        "What the promise costs",
        "How good can it be for how much?",
        tuple(figures),
    )


def _spots(found: Roster, place: int) -> list[Spot]:
    promise, search = found.asked.promise, found.found
    assert promise is not None
    assert search is not None

    def spot(kind: str, words: str, cents: int, score: Score) -> Spot | None:
        mean = promise.means(score)[place]
        half = score.slacks[place].half_width(0.025)
        ends = (mean - half, mean + half) if isfinite(half) else (None, None)
        return Spot(kind, words, cents / 100, mean, *ends) if isfinite(mean) else None  # type: ignore[arg-type]

    every = [
        spot(
            "requirement" if point.planned.staff == found.required.staff else "met on the way",
            point.planned.words, found.wages_cents(point.planned), point.score,
        )
        for point in search.points
    ]  # fmt: skip
    if found.today_score is not None:
        every.append(spot("today", "today's roster", found.today_cents, found.today_score))
    every.append(spot("chosen", "the roster chosen", found.chosen_cents, search.score))
    return [each for each in every if each is not None]


def _prices_table(found: Roster) -> Table:
    promise = found.asked.promise
    assert promise is not None
    heads = ["one more person", "EUR an hour"]
    for bound in promise.bounds:
        unit = "points" if KPIS[bound.kpi].unit == "share" else KPIS[bound.kpi].unit
        heads += [f"{KPIS[bound.kpi].title}, better by {unit} for 100 EUR", "95 % interval"]
    rows: list[tuple[Cell, ...]] = []
    for price in found.prices:
        row: list[Cell] = [price.block.words, f"{price.eur_per_hour:.2f}"]
        for place, bound in enumerate(promise.bounds):
            scale = 10_000.0 if KPIS[bound.kpi].unit == "share" else 100.0
            gain, low, high = (scale * each[place] for each in (price.gain, price.lo, price.hi))
            row += [f"{gain:+.2f}", f"{low:+.2f} to {high:+.2f}"]
        rows.append(tuple(row))
    return Table("hours-to-buy", tuple(heads), tuple(rows))


def _rival_section(found: Roster) -> Section:
    promise = found.asked.promise
    assert promise is not None
    heads = ["roster", "wages EUR a week"]
    for bound in promise.bounds:
        heads += [KPIS[bound.kpi].title, "95 % sure of"]
    heads += ["promise kept", "cost of an order more than chosen, EUR"]
    rows: list[tuple[Cell, ...]] = []
    for rival in found.rivals:
        row: list[Cell] = [rival.words, rival.cost_cents / 100]
        sure = promise.limits(rival.score, 0.05)
        for bound, mean, limit in zip(promise.bounds, rival.means, sure, strict=True):
            row += [value_words(bound.kpi, mean), value_words(bound.kpi, limit)]
        less = rival.less
        row += [
            "yes" if rival.score.certified(0.05) else "no",
            None if less is None or less.lo is None
            else f"{less.mean:+.3f} ({less.lo:+.3f} to {less.hi:+.3f})",
        ]  # fmt: skip
        rows.append(tuple(row))
    return Section(
        "fresh",
        "On fresh orders",
        f"{found.asked.fresh} replications that neither search nor certificate has seen, the other "
        f"rosters on at most {MOST_PAIRED} of them; differences are paired.",
        (),
        (Table("fresh", tuple(heads), tuple(rows)),),
        wide=True,
    )


# --- bad days -------------------------------------------------------------------------------------


def _stress_section(bounds: Sequence[Bound], under: Mapping[str, Sequence[Stood]]) -> Section:
    heads = ["what happens"]
    heads += [f"{who}: {KPIS[bound.kpi].title}" for who in under for bound in bounds]
    rows: list[tuple[Cell, ...]] = []
    for each in zip(*under.values(), strict=True):
        row: list[Cell] = [each[0].stress.words]
        for stood in each:
            if stood.score is None:
                row += ["not played"] * len(bounds)
                continue
            for bound, mean, slack in zip(bounds, stood.means, stood.score.slacks, strict=True):
                missed = "" if slack.mean >= 0.0 else " (missed)"
                row.append(f"{value_words(bound.kpi, mean)}{missed}")
        rows.append(tuple(row))
    return Section(
        "stress",
        "If things go wrong",
        "A peak day, people missing, everybody slower: today's roster and the one chosen.",
        (),
        (Table("stress", tuple(heads), tuple(rows)),),
        wide=True,
    )


# --- who works when -------------------------------------------------------------------------------


def _week_section(found: Roster) -> Section:
    chosen, needed, today = found.heads()
    before, after = paid_hours(found)
    rows = tuple(
        (
            role_words(need.skill),
            float(found.asked.work.work_s[need.skill].sum(axis=1).mean()) / 3600.0,
            max(need.heads),
            before[need.skill],
            after[need.skill],
        )
        for need in found.problem.needs
    )
    heads = ("role", "work h a week", "most needed", "paid h today", "paid h planned")
    quarters = quarter_rows(found.named)
    table = Table(
        "quarter-hours",
        ("time", "role", "on duty", "on break"),
        tuple((q["time"], q["role"], q["on_duty"], q["on_break"]) for q in quarters),
        2,
    )
    caption = (
        "People at work in each quarter-hour, breaks taken off. Needed at least: what the "
        "requirement asks for each quarter-hour; windows before trucks come on top."
    )
    return Section(
        "week",
        "Who is at work when",
        "Planned, needed and today, quarter-hour by quarter-hour.",
        (Figure(week_chart(chosen, needed, today), caption, "", table),),
        (Table("hours", heads, rows),),
        wide=True,
    )


def _people_section(found: Roster) -> Section:
    rows = tuple(
        (
            row["name"], role_words(row["role"]), *(row.get(day) for day in WEEKDAYS),
            row["hours"],
        )
        for row in person_rows(found.named)
    )  # fmt: skip
    fair: tuple[tuple[Cell, ...], ...] = tuple(
        (
            row.group, row.people, f"{row.least_h:g} to {row.most_h:g}",
            *(f"{low} to {high}" for low, high in (row.weekend, row.late, row.early)),
        )
        for row in fairness_rows(found.names, found.named)
    )  # fmt: skip
    return Section(
        "people",
        "Who works what",
        "Every person's week, and how fair it is.",
        (),
        (
            Table("roster", ("name", "role", *WEEKDAYS, "paid h"), rows, 9),
            Table(
                "fairness",
                ("group", "people", "paid h", "weekend duties", "late duties", "early duties"),
                fair,
            ),
        ),
        wide=True,
    )


# --- how it was found -----------------------------------------------------------------------------


def _steps_section(found: Roster) -> Section:
    search, promise = found.found, found.asked.promise
    assert search is not None
    assert promise is not None
    heads = (
        "step", "what", "wages EUR a week", *(KPIS[bound.kpi].title for bound in promise.bounds),
        "kept", "played",
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for step in search.steps:
        means: list[Cell] = [
            value_words(bound.kpi, mean) if isfinite(mean) else None
            for bound, mean in zip(promise.bounds, step.means, strict=False)
        ]
        means += [None] * (len(promise.bounds) - len(means))
        cost = None if step.cost_cents is None else step.cost_cents / 100
        kept = {True: "yes", False: "no", None: None}[step.kept]
        row: tuple[Cell, ...] = (step.kind, step.words, cost, *means, kept, step.played)
        rows.append(row)
    return Section(
        "steps",
        "How it was found",
        "Every roster that was played, every row that was learnt, in order.",
        (),
        (Table("search", heads, tuple(rows), 2),),
        wide=True,
    )
