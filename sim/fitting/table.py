"""The figures of a fit as one table: value, interval, rows, method; then what stays a default."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.fitting.counts import CountFit
from sim.fitting.figures import Figure, figure, share_interval, shown_number
from sim.fitting.fit import Fit
from sim.fitting.lag import moved
from sim.fitting.returns import CANCELLED_WITHIN_DAYS, ReturnsFit
from sim.scenario.loading import LoadedScenario
from sim.scenario.schema.laws import CountLaw, Empirical, Law, law_mean

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DEFAULTS = (
    ("weight of a unit", "items.categories.*.weight_g"),
    ("volume of a unit", "items.categories.*.volume_ml"),
    ("fragile SKUs", "items.categories.*.fragile_share"),
    ("purchase cost / price", "items.categories.*.cost_share"),
    ("declined payments", "payment.decline_rate"),
    ("walking speed", "warehouse.walk_speed_m_per_s"),
    ("search of a line", "picking.search_s"),
    ("taking a unit", "picking.take_s_per_unit"),
    ("lines picked wrong", "picking.error_rate_per_line"),
    ("wrong lines the packing check finds", "packing.check_detects"),
    ("packing a parcel", "packing.base_s"),
    ("packing a unit", "packing.per_unit_s"),
    ("labelling", "packing.label_s"),
    ("parcel under way", "shipping.services.*.transit_days"),
    ("suppliers' lead time", "stock.lead_time_days"),
    ("returned parcel under way", "returns.way_back_days"),
    ("returned units resold", "returns.restockable_share"),
    ("inspection of a return", "returns.inspect_s"),
    ("people on duty", "staff.*"),
)


def figures(fit: Fit, base: LoadedScenario) -> tuple[Figure, ...]:
    """Return the whole table: the file, what was fitted, what stays as the base scenario says."""
    return (
        *_of_file(fit),
        *_of_rhythm(fit),
        *_of_baskets(fit),
        *_of_customers(fit),
        *(_of_returns(fit, fit.returns) if fit.returns else _no_returns(base)),
        *_defaults(base),
    )


def law_words(law: Law | CountLaw) -> str:
    """Return a law in a few words, for instance ``gamma, mean 16, cv 0.5``."""
    if isinstance(law, Empirical):
        return f"empirical, {len(law.values)} values, mean {shown_number(law_mean(law))}"
    values = law.model_dump()
    name = values.pop("distribution")
    return ", ".join([name, *(f"{key} {shown_number(value)}" for key, value in values.items())])


def _of_file(fit: Fit) -> Iterator[Figure]:
    report = fit.history.report
    rows = report.rows
    for name, value, unit in (
        ("orders in the file", report.orders, "orders"),
        ("order lines in the file", report.order_lines, "lines"),
        ("units sold in the file", report.units, "units"),
        ("units returned in the file", report.returned_units, "units"),
        ("SKUs sold in the file", report.skus, "SKUs"),
        ("known customers in the file", report.known_customers, "customers"),
    ):
        yield figure(name, float(value), unit, rows, "rows", "counted, services included",
                     origin="counted")  # fmt: skip
    for name, number, unit, count, of in (
        ("lines of an order in the file, mean", report.mean_lines_per_order, "lines",
         report.orders, "orders"),
        ("lines of an order in the file, median", report.median_lines_per_order, "lines",
         report.orders, "orders"),
        ("rate of return in the file", report.rate_of_return, "of units", report.order_lines,
         "lines"),
        ("orders of a known customer in the file", report.orders_per_known_customer, "orders",
         report.known_customers, "customers"),
    ):  # fmt: skip
        yield figure(name, number, unit, count, of, "counted, services included", origin="counted")


def _of_rhythm(fit: Fit) -> Iterator[Figure]:
    rhythm = fit.rhythm
    yield figure(
        "orders a day", rhythm.per_day, "orders", rhythm.orders, "orders",
        f"Poisson days of {rhythm.days} by weekday and month; errors times "
        f"{math.sqrt(rhythm.dispersion):.2f}",
        error=rhythm.per_day_error, key="orders.per_day",
    )  # fmt: skip
    yield figure(
        "variance of the days' orders / Poisson", rhythm.dispersion, "", rhythm.days, "days",
        "Pearson's statistic / degrees of freedom, weekdays and months aside", origin="counted",
    )  # fmt: skip
    test = rhythm.scatter
    yield figure(
        "scatter of the days beyond Poisson", rhythm.day_cv, "of the mean", rhythm.days, "days",
        f"gamma factor on each day, by moments; Poisson days: chi2 {test.statistic:.0f}, "
        f"{test.freedom} df, p = {test.chance:.2g}", key="orders.day_cv",
    )  # fmt: skip
    yield _profile(fit)
    test = rhythm.seasons
    if test.rejects:
        seen = [k for k in range(12) if not math.isnan(rhythm.month_errors[k])]
        words = ", ".join(
            f"{MONTHS[k]} {rhythm.months[k]:.2f} ± {1.96 * rhythm.month_errors[k]:.2f}"
            for k in seen
        )
        method = f"proportional fitting; equal months: F test p = {test.chance:.2g}; others 1"
        yield Figure("months", None, "", words, rhythm.orders, "orders", method, "fitted",
                     "orders.monthly_profile")  # fmt: skip
    else:
        why = f"equal months not rejected: F test p = {test.chance:.2g}" if test.freedom else (
            "fewer than two months"
        )  # fmt: skip
        yield Figure("months", None, "", "1 each", rhythm.orders, "orders", why, "assumed",
                     "orders.monthly_profile")  # fmt: skip
    demand = fit.history.demand
    if sum(count > 0 for count in fit.channels) > 1:
        for name, count in zip(demand.channels, fit.channels, strict=True):
            yield figure(
                f"share of channel {name}", count / demand.orders, "of orders", demand.orders,
                "orders", "counted; Wilson interval",
                interval=share_interval(count, demand.orders), key="orders.channels",
            )  # fmt: skip


def _profile(fit: Fit) -> Figure:
    rhythm = fit.rhythm
    if not rhythm.timed:
        return Figure("hours of the day", None, "", "as in the base scenario", 0, "",
                      "the file knows days only", "default", "orders.hourly_profile")  # fmt: skip
    test = rhythm.product
    verdict = f"hours alike on all weekdays: chi2 {test.statistic:.0f}, {test.freedom} df, "
    verdict += f"p = {test.chance:.2g}"
    week = rhythm.week / rhythm.week.sum()
    hour = int(week.argmax())
    if test.rejects:
        words = (
            f"168 hours; busiest {WEEKDAYS[hour // 24]} {hour % 24:02d}:00 with {week[hour]:.2%}"
        )
        return Figure("hours of the week", None, "", words, rhythm.orders, "orders",
                      f"counted by hour of the week; {verdict}", "fitted",
                      "orders.channels.*.hour_of_week_profile")  # fmt: skip
    hours = rhythm.hours / rhythm.hours.sum()
    busy = int(hours.argmax())
    day = int(rhythm.weekdays.argmax())
    words = f"24 hours, busiest {busy:02d}:00 with {hours[busy]:.2%}; 7 days, busiest "
    words += f"{WEEKDAYS[day]} with {rhythm.weekdays[day]:.2f} of the mean"
    return Figure("hours and weekdays", None, "", words, rhythm.orders, "orders",
                  f"counted; {verdict}", "fitted",
                  "orders.hourly_profile, orders.weekday_profile")  # fmt: skip


def _count_method(count: CountFit) -> str:
    test = count.goodness
    if isinstance(count.law, Empirical):
        return (f"the numbers themselves: {count.best} is rejected (chi2 {test.statistic:,.0f}, "
                f"{test.freedom} df, p = {test.chance:.2g})")  # fmt: skip
    if not test.freedom:
        return "greatest likelihood; too few for a test"
    return (f"greatest likelihood; chi2 {test.statistic:.0f}, {test.freedom} df, "
            f"p = {test.chance:.2g}")  # fmt: skip


def _of_baskets(fit: Fit) -> Iterator[Figure]:
    for name, count, of, key in (
        ("lines of an order", fit.lines, "orders", "orders.lines_per_order"),
        ("units of a line", fit.units, "lines", "orders.units_per_line"),
    ):
        yield figure(f"{name}, mean", count.mean, "", count.rows, of, "mean ± 1.96 s / sqrt(n)",
                     error=count.mean_error, origin="counted")  # fmt: skip
        yield figure(f"{name}, median", count.median, "", count.rows, of,
                     f"largest {count.largest:,}", origin="counted")  # fmt: skip
        yield Figure(f"{name}, law", None, "", law_words(count.law), count.rows, of,
                     _count_method(count), "fitted", key)  # fmt: skip
    popular = fit.popularity
    skus = len(popular.weights)
    yield Figure(
        "SKUs with price and popularity", float(skus), "SKUs", f"{skus:,} SKUs", popular.lines,
        "lines", "median price; share of the lines, allowing for baskets of distinct SKUs",
        "fitted", "items.file",
    )  # fmt: skip
    yield figure("lines on the best fifth of the SKUs", popular.top_share, "of lines",
                 popular.lines, "lines", "counted", origin="counted")  # fmt: skip
    method = "Zipf-Mandelbrot law of the ranks, greatest likelihood; not used with items.file"
    yield figure("popularity exponent", popular.exponent, "", popular.lines, "lines", method,
                 error=popular.exponent_error)  # fmt: skip
    yield figure("popularity shift", popular.shift, "", popular.lines, "lines", method,
                 error=popular.shift_error)  # fmt: skip
    baskets = fit.baskets
    if baskets.priced:
        yield figure("worth of an order, mean", baskets.mean_eur, "in the file's currency",
                     fit.history.demand.orders, "orders", "mean ± 1.96 s / sqrt(n)",
                     error=baskets.error_eur, origin="counted")  # fmt: skip


def _of_customers(fit: Fit) -> Iterator[Figure]:
    buyers = fit.buyers
    yield figure(
        "orders of guests", buyers.guest_orders / buyers.orders, "of orders", buyers.orders,
        "orders", "no customer named; spread over the base like all others",
        interval=share_interval(buyers.guest_orders, buyers.orders), origin="counted",
    )  # fmt: skip
    if buyers.seen:
        yield figure("orders of a known customer", buyers.per_seen, "orders", buyers.seen,
                     "customers", "counted, goods only", origin="counted")  # fmt: skip
        yield figure("known customers who came back", buyers.again / buyers.seen, "of customers",
                     buyers.seen, "customers", "counted; Wilson interval",
                     interval=share_interval(buyers.again, buyers.seen),
                     origin="counted")  # fmt: skip
    if buyers.orders_per_year is not None and buyers.shape is not None and buyers.base is not None:
        method = "negative binomial law without its zero class, greatest likelihood"
        if math.isnan(buyers.shape_error):
            method += "; at the least shape: like the log-series law, the base's size is open"
        yield figure("orders a year of a customer of the base", buyers.orders_per_year, "orders",
                     buyers.seen, "customers", method,
                     log_error=buyers.orders_per_year_error / buyers.orders_per_year,
                     key="customers.orders_per_year")  # fmt: skip
        yield figure("gamma shape of the customers' rates", buyers.shape, "", buyers.seen,
                     "customers", method, log_error=buyers.shape_error / buyers.shape,
                     key="customers.rate_shape")  # fmt: skip
        yield figure("customers of the base", buyers.base, "customers", buyers.seen, "customers",
                     "customers seen / chance to be seen")  # fmt: skip
    law = buyers.bg_nbd
    if law is not None:
        method = f"BG/NBD (Fader, Hardie, Lee 2005), log-likelihood {law.log_likelihood:,.1f}"
        values = (("r", law.r), ("alpha, weeks", law.alpha_weeks), ("a", law.a), ("b", law.b))
        for (name, value), error in zip(values, buyers.bg_nbd_log_errors, strict=True):
            yield figure(f"BG/NBD {name}", value, "", law.customers, "customers", method,
                         log_error=error)  # fmt: skip
    elif buyers.orders_per_year is not None:
        yield Figure("BG/NBD law", None, "", "none", buyers.seen, "customers", buyers.why_not,
                     "counted")  # fmt: skip
    else:
        yield Figure("laws of the customers", None, "", "as in the base scenario", 0, "",
                     buyers.why_not, "default", "customers")  # fmt: skip


def _of_returns(fit: Fit, returns: ReturnsFit) -> Iterator[Figure]:
    matched, lag = returns.matched, returns.lag
    rows = matched.rows
    yield figure("return rows with an earlier sale", matched.rows_matched / rows, "of rows", rows,
                 "return rows", "same customer and SKU, the oldest sale first",
                 origin="counted")  # fmt: skip
    for reason, units in matched.unmatched_units.items():
        yield figure(f"returned units without a sale: {reason}", float(units), "units", rows,
                     "return rows", "left out of the rates", origin="counted")  # fmt: skip
    yield figure(
        "lines taken back whole within a day", float(len(returns.cancelled)), "lines",
        fit.history.demand.lines, "lines",
        f"at most {CANCELLED_WITHIN_DAYS:g} day: cancelled, no sale and no return",
        origin="counted",
    )  # fmt: skip
    seen = returns.units_returned / max(1, returns.units_sold)
    yield figure("units back in the file / units sold", seen, "of units", returns.lines, "lines",
                 "matched returns only", origin="counted")  # fmt: skip
    yield figure("lines of which something came back", returns.lines_returned / returns.lines,
                 "of lines", returns.lines, "lines", "counted; Wilson interval",
                 interval=share_interval(returns.lines_returned, returns.lines),
                 origin="counted")  # fmt: skip
    yield figure(
        "return rate", returns.rate, "of units", returns.lines, "lines",
        "units back / units sold, each line weighted with the share of the lag it was watched",
        error=returns.rate_error, key="items.file",
    )  # fmt: skip
    for group in returns.groups:
        yield figure(
            f"return rate, {group.name}", group.shrunk, "of units", group.lines, "lines",
            f"seen {group.rate_seen:.3%}, late ones allowed for {group.rate:.3%} ± "
            f"{1.96 * group.rate_error:.3%}, drawn to the mean; lags seen "
            f"{shown_number(group.lag_mean_days)} days",
            key="items.file",
        )  # fmt: skip
    yield from _of_lag(fit, returns)
    if not lag.rows:
        return
    yield figure("days from order to return, seen", lag.seen_mean_days, "days", lag.rows, "lags",
                 f"mean, median {shown_number(lag.seen_median_days)}; cut by the file's end",
                 origin="counted")  # fmt: skip


def _of_lag(fit: Fit, returns: ReturnsFit) -> Iterator[Figure]:
    lag = returns.lag
    if lag.law is None:
        yield Figure("days from order to return, law", None, "", law_words(returns.lag_used), 0,
                     "", f"{lag.rows} lags are too few", "default", "returns.lag_days")  # fmt: skip
        return
    form = max(lag.log_likelihoods, key=lambda name: lag.log_likelihoods[name])
    away, variance = fit.away_days
    taken = f"less {shown_number(away)} days in the house and on both ways"
    if isinstance(lag.law, Empirical):
        method = f"product limit of cut lags, up to {lag.horizon_days:g} days; {form} is "
        method += (f"{lag.distance:.3f} off (at most {lag.critical:.3f})"
                   if lag.distance > lag.critical else f"{lag.watched:.0%} watched")  # fmt: skip
        error = None
    else:
        method = f"{form} law of cut lags, greatest likelihood; {lag.distance:.3f} off (at most "
        method += f"{lag.critical:.3f})"
        error = lag.mean_error
    yield figure("days from order to return, mean", law_mean(lag.law), "days", lag.rows, "lags",
                 method, error=error)  # fmt: skip
    yield Figure("days from door to request, law", None, "",
                 law_words(moved(lag.law, away, variance)), lag.rows, "lags",
                 f"the law above {taken}", "fitted", "returns.lag_days")  # fmt: skip


def _no_returns(base: LoadedScenario) -> Iterator[Figure]:
    why = "the file holds no return document"
    yield Figure("return rate", None, "", _shown(base, "items.categories.*.return_rate"), 0, "",
                 why, "default", "items.categories")  # fmt: skip
    yield Figure("days from door to request, law", None, "", _shown(base, "returns.lag_days"), 0,
                 "", why, "default", "returns.lag_days")  # fmt: skip


# --- defaults -------------------------------------------------------------------------------------


def _defaults(base: LoadedScenario) -> Iterator[Figure]:
    for name, key in DEFAULTS:
        words = _shown(base, key)
        if words:
            origins = dict.fromkeys(_origins(base, key))
            yield Figure(name, None, "", words, 0, "", ", ".join(origins), "default", key)


def _places(base: LoadedScenario, key: str) -> list[tuple[str, object]]:
    """Return the values at a key path; ``*`` stands for every name of a map."""
    places: list[tuple[str, object]] = [("", base.resolved)]
    for part in key.split("."):
        found = []
        for path, value in places:
            if not isinstance(value, dict):
                continue
            names = list(value) if part == "*" else [part]
            found += [
                (f"{path}.{name}" if path else str(name), value[name])
                for name in names
                if name in value
            ]
        places = found
    return places


def _shown(base: LoadedScenario, key: str) -> str:
    places = _places(base, key)
    if key == "staff.*":
        return "; ".join(f"{path.split('.', 1)[1]}: {_people(value)}" for path, value in places)
    different = dict.fromkeys(_value_words(value) for _, value in places)
    return "; ".join(different)


def _people(shift: object) -> str:
    assert isinstance(shift, dict)
    crew = [f"{count} {role}" for role, count in shift.items()
            if isinstance(count, int) and not isinstance(count, bool) and count]  # fmt: skip
    return ", ".join(crew)


def _value_words(value: object) -> str:
    if value is None:
        return "not set"
    if isinstance(value, dict) and "distribution" in value:
        name = value["distribution"]
        rest = [f"{key} {shown_number(float(number))}" for key, number in value.items()
                if isinstance(number, int | float)]  # fmt: skip
        return ", ".join([str(name), *rest])
    if isinstance(value, int | float) and not isinstance(value, bool):
        return shown_number(float(value))
    return str(value)


def _origins(base: LoadedScenario, key: str) -> Iterator[str]:
    for path, value in _places(base, key):
        inner = [path]
        if isinstance(value, dict):
            inner = [f"{path}.{name}" for name in value]
        given = [base.origin(place) for place in inner]
        yield next((origin for origin in given if origin != "default"), "default of warelab")
