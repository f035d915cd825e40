"""The setting: what stands ready before the first order, the same for every replication."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path

import numpy as np

from sim.errors import Problem, ScenarioError, shown_value
from sim.orders.book import Demand
from sim.orders.history import History, read_history
from sim.policies.batching import Cart, resolve_batching
from sim.policies.boxes import resolve_box_rule
from sim.policies.routing import resolve_routing
from sim.scenario.schema import Scenario
from sim.scenario.schema.picking import PickingSection
from sim.warehouse.catalogue import generated_catalogue, read_catalogue
from sim.warehouse.items import Catalogue
from sim.warehouse.layout import Layout, RectangularLayout, read_free_form
from sim.warehouse.slotting import Storage, assign_locations


@dataclass(frozen=True)
class Setting:
    """A scenario with its files read.

    Parameters
    ----------
    scenario
        The scenario; for an imported history ``run.start_date`` and ``run.horizon_days`` are the
        history's.
    catalogue, layout
        SKUs and floor.
    location_of_sku
        Location number by SKU.
    history
        The imported history, None for generated demand.
    """

    scenario: Scenario
    catalogue: Catalogue
    layout: Layout
    location_of_sku: list[int]
    history: History | None

    @property
    def demand(self) -> Demand | None:
        """Imported demand, or None."""
        return self.history.demand if self.history else None


def prepare(scenario: Scenario, files: Mapping[str, Path], shown_name: str = "scenario") -> Setting:
    """Read the scenario's files and lay out the floor.

    Parameters
    ----------
    scenario
        Checked scenario.
    files
        Absolute paths by key, for instance ``{"orders.file": ...}``.
    shown_name
        Name of the scenario in messages.

    Raises
    ------
    ScenarioError
        A file is missing or defective, or the floor is too small for the SKUs.
    """
    history = None
    if scenario.orders.source == "history":
        history = read_history(
            _file(files, "orders.file", shown_name),
            str(scenario.orders.file),
            scenario.orders,
            scenario.items,
        )
        catalogue = history.catalogue
        scenario = _dated(scenario, history)
    elif scenario.items.file is not None:
        catalogue = read_catalogue(
            _file(files, "items.file", shown_name), scenario.items.file, scenario.items
        )
    else:
        catalogue = generated_catalogue(scenario.items, scenario.run.seed)
    _check_given_suppliers(scenario, catalogue)
    layout = _layout(scenario, files, shown_name)
    setting = Setting(scenario, catalogue, layout, [], history)
    locations = assign_locations(
        catalogue, layout, _storage(setting), scenario.run.seed, shown_name
    )
    _check_rules(scenario, layout, shown_name)
    return replace(setting, location_of_sku=locations)


def _file(files: Mapping[str, Path], key: str, shown_name: str) -> Path:
    path = files.get(key)
    if path is None:
        raise ScenarioError(
            [Problem(shown_name, 0, 0, key, "no file is named", "a CSV or Parquet file",
                     f"give one with --set {key}=PATH")]
        )  # fmt: skip
    return path


def _dated(scenario: Scenario, history: History) -> Scenario:
    """Play the history's own days: no warm-up of invented orders before it."""
    run = scenario.run.model_copy(
        update={
            "start_date": history.start_date.isoformat(),
            "warm_up_days": 0.0,
            "horizon_days": float(history.days),
            "cool_down_days": 0.0,
        }
    )
    return scenario.model_copy(update={"run": run})


def _layout(scenario: Scenario, files: Mapping[str, Path], shown_name: str) -> Layout:
    plan = scenario.warehouse.layout
    if plan.locations_file is not None:
        return read_free_form(
            _file(files, "warehouse.layout.locations_file", shown_name),
            files.get("warehouse.layout.paths_file"),
            depot_id=plan.depot_id,
        )
    return RectangularLayout(
        plan.aisles,
        plan.positions_per_side,
        plan.position_length_m,
        plan.aisle_pitch_m,
        plan.cross_aisle_m,
        plan.depot_aisle,
        blocks=plan.blocks,
        one_way=plan.one_way,
        access_s_per_level=tuple(plan.access_s_per_level),
        zones=scenario.warehouse.zones,
    )


def _storage(setting: Setting) -> Storage:
    """Return the storage rule with what it goes by; a SKU's space is that of its full stock."""
    warehouse = setting.scenario.warehouse
    space_ml = None
    if warehouse.storage == "cube_per_order" and not setting.scenario.stock.unlimited:
        from sim.engine.opening import levels

        full_units = np.array([level.up_to for level in levels(setting)], dtype=np.float64)
        space_ml = setting.catalogue.volume_ml * full_units
    return Storage(
        warehouse.storage,
        warehouse.abc.a_share,
        warehouse.abc.b_share,
        warehouse.walk_speed_m_per_s,
        space_ml,
    )


def _check_given_suppliers(scenario: Scenario, catalogue: Catalogue) -> None:
    """Refuse a catalogue file that names suppliers whom the scenario does not know."""
    if catalogue.given is None or scenario.stock.unlimited:
        return
    regular = [name for name, each in scenario.suppliers.items() if each.use == "regular"]
    named = zip(catalogue.codes, catalogue.given.supplier, strict=True)
    strange = [(code, name) for code, name in named if name and name not in regular]
    if strange:
        code, name = strange[0]
        raise ScenarioError(
            [Problem(str(scenario.items.file), 0, 0, "supplier",
                     f"{shown_value(name)} for SKU {shown_value(code)}",
                     f"a regular supplier of the scenario: {', '.join(regular) or 'there is none'}",
                     "name it under suppliers")]
        )  # fmt: skip


def _check_rules(scenario: Scenario, layout: Layout, shown_name: str) -> None:
    """Refuse rules that cannot be loaded or do not fit the floor."""
    zones = len(layout.zone_names)
    if scenario.picking.method != "whole_orders" and zones == 1:
        raise ScenarioError(
            [Problem(shown_name, 0, 0, "picking.method",
                     f"{scenario.picking.method} on a floor of one zone", "at least 2 zones",
                     "set warehouse.zones, or give the location file a column zone")]
        )  # fmt: skip
    key, picking = "picking.routing", scenario.picking
    try:
        resolve_routing(picking.routing, layout)
        key = "picking.batching"
        resolve_batching(picking.batching, layout, picking.routing, cart_of(picking))
        key = "packing.box_rule"
        resolve_box_rule(scenario.packing.box_rule)
    except ValueError as unknown:
        raise ScenarioError([Problem(shown_name, 0, 0, key, str(unknown), "")]) from None


def cart_of(picking: PickingSection) -> Cart:
    """Return what a cart holds."""
    units, weight_kg = picking.batch_max_units, picking.cart_weight_kg
    return Cart(
        picking.batch_max_orders,
        picking.cart_volume_l * 1000.0,
        inf if units is None else units,
        inf if weight_kg is None else weight_kg * 1000.0,
    )
