"""From the file to the fitted scenario: complete, sound, written whole or not at all."""

from __future__ import annotations

import csv
import datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.setting import prepare
from sim.errors import ScenarioError
from sim.experiments.reproduce import reproduce, reproduce_imported
from sim.fitting.fit import Period, claimed_share, kept_share
from sim.fitting.importing import Imported, fit_file, name_of, write_files
from sim.orders.draws import draw
from sim.orders.generated import generate_demand
from sim.scenario.loading import LoadedScenario, load
from sim.scenario.schema.laws import Empirical, Gamma, Geometric
from tests.sim.fitting.histories import (
    ONE_CHANNEL,
    Row,
    drawn,
    returned_rows,
    rows_of,
    scenario,
    written,
)

DAYS = 42


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six weeks of a shop with known laws and a return rate of 10 %."""
    declared = scenario(
        "orders.per_day=60", "items.count=150", "customers.orders_per_year=12", days=DAYS
    )
    demand, catalogue = drawn(declared)
    lags = draw(
        Gamma(distribution="gamma", mean=12.0, cv=0.5), np.random.default_rng(1), demand.lines
    )
    rows = rows_of(declared, demand, catalogue)
    rows += returned_rows(declared, demand, catalogue, np.full(150, 0.1), lags, seed=2)
    return written(tmp_path_factory.mktemp("shop") / "orders.csv", rows)


@pytest.fixture(scope="module")
def fitted(shop: Path) -> Imported:
    """The shop, fitted on the baseline."""
    return fit_file(shop, "orders.csv", load("baseline"))


def loaded_from(folder: Path, imported: Imported) -> LoadedScenario:
    """Write the fitted scenario and load it."""
    write_files(folder, imported.files("shop"), imported.data_files, force=False)
    return load(folder / "shop.yaml")


def test_the_scenario_holds_the_fitted_laws(tmp_path: Path, fitted: Imported) -> None:
    """What was written is what was fitted; staff and floor are the baseline's; it can be played."""
    loaded = loaded_from(tmp_path, fitted)

    orders = loaded.scenario.orders
    assert (orders.source, orders.file) == ("generated", None)
    assert orders.per_day == pytest.approx(fitted.fit.rhythm.per_day, rel=1e-5)
    assert isinstance(orders.lines_per_order, Geometric)
    assert orders.lines_per_order.mean == pytest.approx(fitted.fit.lines.mean, rel=1e-5)
    # No column names a channel: all orders take the first one, as in a history that is played.
    assert list(orders.channels) == ["web"]
    assert orders.channels["web"].share == 1.0
    assert loaded.scenario.staff == load("baseline").scenario.staff
    assert loaded.scenario.returns.late_return_extra == 0.0
    catalogue = prepare(loaded.scenario, loaded.external_files).catalogue
    assert catalogue.codes == fitted.fit.history.catalogue.codes
    assert catalogue.popularity == pytest.approx(fitted.fit.popularity.weights, rel=1e-6)
    assert catalogue.price_cents.tolist() == fitted.fit.history.catalogue.price_cents.tolist()
    assert fitted.fit.returns is not None
    kept = fitted.fit.returns_kept
    assert catalogue.return_rate == pytest.approx(fitted.fit.returns.rate_of_sku * kept, rel=1e-5)


def test_every_figure_says_where_it_comes_from(fitted: Imported) -> None:
    """A fitted or counted figure has rows, a default has none; the page shows every one of them."""
    page = fitted.files("shop")["fitted.md"]

    for each in fitted.figures:
        assert (each.rows > 0) == (each.origin != "default"), each.name
        assert each.method
        assert each.words
        assert each.low is None or (each.high is not None and each.low <= each.high)
    assert page.count("\n| ") >= len(fitted.figures) + 2
    assert "## Not from the history: defaults" in page


def test_a_fitted_scenario_reproduces_the_history_it_was_fitted_to(
    tmp_path: Path, fitted: Imported
) -> None:
    """Every law of the model holds in this history, so its figures lie where plays lie."""
    loaded = loaded_from(tmp_path, fitted)

    found = reproduce(
        fitted.fit, loaded, period=Period(fitted.fit.history.start_date, DAYS), replications=8
    )

    rows = {row.name: row for row in found.rows}
    # SKUs: those that were not sold in the file are unknown to the scenario. All others hold.
    outside = [name for name, row in rows.items() if row.inside is False and name != "SKUs sold"]
    # Ten intervals of 95 %: more than two of them missed has a chance of 1 in 90.
    assert len(outside) <= 2, outside
    assert rows["orders a day"].inside
    assert rows["units back in the period / units sold"].inside
    real = rows["units back in the period / units sold"].real
    assert real is not None
    assert 0.05 < real < 0.1


def test_a_period_outside_the_history_is_refused(fitted: Imported) -> None:
    """Days that were never recorded cannot be compared with."""
    first = fitted.fit.history.start_date

    with pytest.raises(ScenarioError, match="expected days of the history"):
        reproduce_imported(fitted, period=Period(first, DAYS + 1), replications=2)


def test_files_appear_together_or_not_at_all(
    tmp_path: Path, fitted: Imported, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fills up in the middle leaves the folder as it was."""
    texts = fitted.files("shop")
    true_write = Path.write_text

    def full(self: Path, *words: str, **more: str) -> int:
        if self.name == "fitted.md":
            raise OSError(28, "No space left on device")
        return true_write(self, *words, **more)

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(ScenarioError, match="No space left"):
        write_files(tmp_path / "out", texts, {}, force=False)

    assert list((tmp_path / "out").iterdir()) == []


def test_a_scenario_that_would_be_refused_is_not_written(tmp_path: Path, fitted: Imported) -> None:
    """A base with a value that does not go with a fitted demand: told by file, nothing is left."""
    texts = dict(fitted.files("shop"))
    texts["shop.yaml"] = texts["shop.yaml"].replace("extends: baseline", "extends: nobody")

    with pytest.raises(ScenarioError) as refused:
        write_files(tmp_path / "out", texts, {}, force=False)

    named = {problem.file for problem in refused.value.problems}
    assert named == {str(tmp_path / "out" / "shop.yaml")}
    assert list((tmp_path / "out").iterdir()) == []


def test_files_that_are_there_stay_unless_force_is_given(tmp_path: Path, fitted: Imported) -> None:
    """An earlier import is replaced only on purpose, and other files never."""
    texts = fitted.files("shop")
    (tmp_path / "fitted.md").write_text("mine", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("mine too", encoding="utf-8")

    with pytest.raises(ScenarioError) as refused:
        write_files(tmp_path, texts, {}, force=False)
    untouched = sorted(path.name for path in tmp_path.iterdir())
    write_files(tmp_path, texts, {}, force=True)

    assert "add --force" in str(refused.value)
    assert untouched == ["fitted.md", "notes.txt"]
    assert (tmp_path / "fitted.md").read_text(encoding="utf-8") == texts["fitted.md"]
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine too"


def test_a_base_of_ones_own_is_written_out(tmp_path: Path, shop: Path) -> None:
    """Its values, --set included, and its data files stand in the new folder; nothing leads out."""
    base = tmp_path / "mine"
    base.mkdir()
    (base / "floor.csv").write_text(
        "location_id,x_m,y_m\ndepot,0,0\n"
        + "".join(f"L{k},{k % 20},{1 + k // 20}\n" for k in range(200)),
        encoding="utf-8",
    )
    (base / "mine.yaml").write_text(
        "name: mine\nextends: baseline\n"
        "warehouse: {layout: {locations_file: floor.csv}}\n"
        "staff: {late: null, early: {pickers: 9}}\n"
        "orders: {channels: {phone: null, marketplace: null, web: {share: 1}}}\n",
        encoding="utf-8",
    )

    mine = load(base / "mine.yaml", settings=["packing.base_s=55", "picking.routing=nearest"])
    loaded = loaded_from(tmp_path / "out", fit_file(shop, "orders.csv", mine))

    assert (loaded.scenario.packing.base_s, loaded.scenario.picking.routing) == (55.0, "nearest")
    assert list(loaded.scenario.staff) == ["early"]
    assert loaded.scenario.staff["early"].pickers == 9
    assert loaded.external_files["warehouse.layout.locations_file"].parent == tmp_path / "out"
    prepare(loaded.scenario, loaded.external_files)


def test_the_floor_grows_with_the_skus(tmp_path: Path) -> None:
    """More SKUs than the base has places: aisles are added, and the scenario can be played."""
    rows: list[Row] = [(k, "2024-03-01 09:00:00", f"S{k}", 1, "1.00", "c") for k in range(1_500)]
    path = written(tmp_path / "orders.csv", rows)

    loaded = loaded_from(tmp_path / "out", fit_file(path, "orders.csv", load("baseline")))

    # 90 places an aisle.
    assert loaded.scenario.warehouse.layout.aisles == 17
    prepare(loaded.scenario, loaded.external_files)


def test_channels_of_the_file_take_the_place_of_others(tmp_path: Path) -> None:
    """Names that the base does not know become channels with the shares that were counted."""
    path = tmp_path / "orders.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["order_id", "order_ts", "sku", "qty", "channel"])
        for k in range(20):
            writer.writerow([k, f"2024-03-{k + 1:02d} 09:00", "A", 1, "no" if k < 5 else "web"])

    imported = fit_file(path, "orders.csv", load("baseline"))
    channels = loaded_from(tmp_path / "out", imported).scenario.orders.channels

    assert {name: channel.share for name, channel in channels.items()} == {"web": 0.75, "no": 0.25}
    # No prices, no returns, no customers: said as defaults, not guessed.
    names = {each.key for each in imported.figures if each.origin == "default"}
    assert {"customers", "items.categories", "returns.lag_days"} <= names


def test_a_history_that_knows_days_only_keeps_the_hours_of_the_base(tmp_path: Path) -> None:
    """A date without a clock says nothing of the hours; the base's stay."""
    path = tmp_path / "orders.csv"
    days = "".join(f"{k},2024-03-{k + 1:02d},A,1\n" for k in range(20))
    path.write_text("order_id,order_ts,sku,qty\n" + days, encoding="utf-8")

    orders = loaded_from(
        tmp_path / "out", fit_file(path, "o.csv", load("baseline"))
    ).scenario.orders

    assert orders.channels["web"].hour_of_week_profile is None
    assert orders.hourly_profile == load("baseline").scenario.orders.hourly_profile


def test_the_same_file_gives_the_same_bytes(shop: Path, fitted: Imported) -> None:
    """Nothing of the fit depends on chance, a clock or an order of sets."""
    again = fit_file(shop, "orders.csv", load("baseline"))

    assert again.files("shop") == fitted.files("shop")


def test_a_written_scenario_reads_the_next_export(
    tmp_path: Path, fitted: Imported, shop: Path
) -> None:
    """The fitted scenario says how the file was read: it is the base of next month's import."""
    loaded = loaded_from(tmp_path, fitted)

    again = fit_file(shop, "orders.csv", loaded)

    assert again.columns == fitted.columns
    assert again.fit.rhythm.per_day == fitted.fit.rhythm.per_day


def fit_or_error(path: Path) -> tuple[Imported | None, ScenarioError | None]:
    """Fit a file; return the fit or the refusal."""
    try:
        return fit_file(path, "orders.csv", load("baseline")), None
    except ScenarioError as error:
        return None, error


CELLS = st.tuples(
    st.sampled_from(["", "", "", "", "1", "R1"]),
    st.sampled_from(
        ["2024-03-01 09:00", "2024-03-01 17:30", "2024-05-20 00:00", "2026-01-01 12:00"]
    ),
    st.sampled_from(["A", "B", "=C", 'naïve, "D"', "no"]),
    st.integers(-3, 1_000),
    st.sampled_from(["1.00", "0", "99999.99"]),
    st.sampled_from(["", "ann", "bob"]),
    st.sampled_from(["", "web", "no", "a: b #", "phone"]),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(CELLS, min_size=1, max_size=12))
def test_every_small_file_is_refused_or_becomes_a_sound_scenario(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Row]
) -> None:
    """One order, one day, one SKU, all back at once: a refusal in words, or a scenario to play."""
    folder = tmp_path_factory.mktemp("small")
    path = folder / "orders.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["order_id", "order_ts", "sku", "qty", "price", "customer", "channel"])
        for number, (order, time, sku, units, *rest) in enumerate(rows, 10):
            sign = "R" if isinstance(units, int) and units < 0 else ""
            writer.writerow([order or f"{sign}{number}", time, sku, units, *rest])

    imported, error = fit_or_error(path)
    if imported is None:
        assert error is not None
        assert all(line.isprintable() for line in error.lines())
        return
    loaded = loaded_from(folder / "out", imported)
    setting = prepare(loaded.scenario, loaded.external_files)

    assert setting.catalogue.codes == imported.fit.history.catalogue.codes
    assert generate_demand(setting.scenario, setting.catalogue, 0).orders >= 0


def test_claims_are_no_returns_of_sound_goods() -> None:
    """Of a return rate, what damage and wrong picks bring back anyway is taken off."""
    declared = load(
        ONE_CHANNEL,
        settings=[
            "picking.error_rate_per_line=0.01", "packing.check_detects=0.5",
            "packing.damage_rate=0.002", "returns.error_claim_share=0.5",
            "picking.error_mix={wrong_item: 1, wrong_quantity: 0, omitted: 1, damaged: 0}",
        ],
    ).scenario  # fmt: skip

    # Half of 0.005 comes back, and 0.002 of damage; half of both is claimed.
    assert claimed_share(declared) == pytest.approx(0.00225)
    assert kept_share(0.0225, declared) == pytest.approx(0.9)
    assert kept_share(0.001, declared) == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("text", "name"),
    [("May 2011.csv", "may-2011"), ("Ünïts", "n-ts"), ("", "fitted"), ("--x", "x")],
)
def test_names_are_allowed_ones(text: str, name: str) -> None:
    """Whatever a folder is called, its scenario has a name of small letters and digits."""
    assert name_of(text) == name


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "base", "figures"),
    [
        ("online_retail_2011-05.csv", "baseline", (1_681, 36_164, 395_738, 2_458, 1_056, 0.01483)),
        (
            "online_retail_2010-12_to_2011-08.parquet", "online-retail",
            (12_495, 313_059, 3_325_400, 3_628, 3_317, 0.04493),
        ),
    ],
)  # fmt: skip
def test_online_retail_is_fitted_and_may_2011_is_reproduced(
    shared_data: Path, tmp_path: Path, file: str, base: str, figures: tuple[float, ...]
) -> None:
    """Published figures come out; May 2011 lies where plays of the fitted laws lie."""
    path = shared_data / "data" / "online_retail" / file
    if not path.is_file():
        pytest.skip(f"{file} is not in the folder of published data")

    imported = fit_file(path, file, load(base))
    loaded = loaded_from(tmp_path, imported)

    found = reproduce(
        imported.fit, loaded, period=Period(datetime.date(2011, 5, 1), 31), replications=6
    )

    values = {each.name: each.value for each in imported.figures}
    names = ("orders in the file", "order lines in the file", "units sold in the file",
             "SKUs sold in the file", "known customers in the file",
             "rate of return in the file")  # fmt: skip
    assert tuple(values[name] for name in names) == pytest.approx(figures, rel=1e-3)
    assert isinstance(imported.fit.lines.law, Empirical)
    assert imported.fit.rhythm.product.rejects
    rows = {row.name: row for row in found.rows}
    assert rows["orders a day"].real == pytest.approx(1_668 / 31)
    inside = ("orders a day", "lines of an order, median", "units of a line, mean", "units a day",
              "share of the busiest hour", "units back in the period / units sold",
              "orders of a customer who bought")  # fmt: skip
    assert [name for name in inside if not rows[name].inside] == []
