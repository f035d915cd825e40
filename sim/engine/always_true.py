"""Rules that hold in every run and that only the model itself can see, asserted at its end.

The accounts of units and money are kept from the log (:mod:`sim.kpis.balance`).
"""

from __future__ import annotations

import math

from sim.clock.lines import LineCount
from sim.errors import BalanceError
from sim.scenario.schema import ROLES
from sim.stages.house import House
from sim.stages.pick_faces import PickFaces
from sim.stages.records import DriftingStock
from sim.stages.stations import Stations

LITTLE_TOLERANCE = 1e-9


def assert_always_true(house: House) -> None:
    """Check the stock and the waiting lines at the end of a run.

    Raises
    ------
    BalanceError
        With the rule that does not hold and its figures.
    """
    _check_stock(house)
    _check_buying(house)
    for role, line in zip(ROLES, house.staff.lines, strict=False):  # zones have lines of their own
        check_little(role, line)
    if house.stations is not None:
        _check_stations(house.stations)
    for zone, pick_line in enumerate(house.pick_lines):
        check_little(f"pickers of zone {zone + 1}", pick_line)
    if house.release_desk is not None:
        check_little("release desk", house.release_desk)
    for carrier in house.carriers:
        if carrier.bay is not None:
            check_little(f"loading bay {carrier.number + 1}", carrier.bay)
    if house.narrow_aisles is not None:
        check_little("narrow aisles", house.narrow_aisles)
    if house.inbound is not None and house.inbound.docks is not None:
        check_little("dock doors", house.inbound.docks)
    if house.pick_faces is not None:
        check_little("faces to be topped up", house.pick_faces.line)
        _check_pick_faces(house, house.pick_faces)
    _check_benches(house)
    cart = house.returns_desk.cart
    if cart is not None and cart.waiting and house.lives_open == 0:
        raise BalanceError(f"{len(cart.waiting)} returned lines stay on the cart")


def _check_stations(stations: Stations) -> None:
    """The lines of stations keep Little's law; nothing is left there after the last order."""
    for station in stations.stations:
        for line in station.lines():
            check_little(f"station {station.name}", line)
        if station.present < 0 or (station.present and station.house.lives_open == 0):
            raise BalanceError(f"{station.present} shipments are left at station {station.name}")


def _check_benches(house: House) -> None:
    """Benches keep Little's law and are free at the end; what was used had been there."""
    line, material = house.bench.line, house.bench.material
    if line is not None:
        check_little("benches", line.for_a_bench)
        if line.taken < 0 or (line.taken and house.lives_open == 0):
            raise BalanceError(f"{line.taken} benches are taken after the last order")
    if material is not None and material.least_on_hand() < 0:
        raise BalanceError("more boxes or labels were used than were there")


def check_little(name: str, line: LineCount) -> None:
    """Little's law on the sample path: area under the line = sum of waits (Stidham 1974)."""
    if line.waiting:
        return
    if not math.isclose(line.area_s, line.waits_s, rel_tol=LITTLE_TOLERANCE, abs_tol=1e-6):
        raise BalanceError(
            f"line of {name}: area under its length {line.area_s!r} s, "
            f"sum of waits {line.waits_s!r} s"
        )


def _check_stock(house: House) -> None:
    stock = house.stock
    if stock.unlimited:
        return
    if isinstance(stock, DriftingStock):
        _check_records(house, stock)
    for sku, (units, kept) in enumerate(zip(stock.on_hand, stock.reserved, strict=True)):
        # books that were mended downwards may say less than is reserved
        if kept < 0 or units < (0 if stock.apart else kept):
            raise BalanceError(
                f"SKU {house.catalogue.codes[sku]}: {units} on hand, {kept} reserved"
            )
        if house.lives_open == 0 and kept:
            raise BalanceError(
                f"SKU {house.catalogue.codes[sku]}: {kept} units stay reserved after the last order"
            )
    for sku, fault in stock.queues.faults(all_done=house.lives_open == 0):
        raise BalanceError(f"SKU {house.catalogue.codes[sku]}: {fault}")


def _check_buying(house: House) -> None:
    """What is on order is what purchase orders still bring."""
    buying = house.stock.buying
    for sku, units in enumerate(buying.on_order):
        coming = sum(purchase.units for purchase in buying.coming(sku))
        if units != coming:
            raise BalanceError(
                f"SKU {house.catalogue.codes[sku]}: {units} on order, {coming} are coming"
            )


def _check_records(house: House, stock: DriftingStock) -> None:
    for sku, (there, elsewhere) in enumerate(zip(stock.shelf, stock.misplaced, strict=True)):
        if min(there, elsewhere) < 0 or stock.held(sku):
            raise BalanceError(
                f"SKU {house.catalogue.codes[sku]}: {there} on the shelf, {elsewhere} on a wrong "
                f"place, {stock.held(sku)} held by a tour that has ended"
            )


def _check_pick_faces(house: House, faces: PickFaces) -> None:
    for sku, fault in faces.faults(house.stock.on_hand, all_done=house.lives_open == 0):
        raise BalanceError(f"SKU {house.catalogue.codes[sku]}: {fault}")
