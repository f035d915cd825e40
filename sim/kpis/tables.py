"""The log folded into tables: one row an order, a shipment, a line, a tour, a return, a work span.

Every chunk of the log is sorted by kind of fact once and scattered into columns; then it is
forgotten. Lead times are kept as sums of clock times: a shipment that the packing check sends
back is picked twice, and the sums of both passes still add up to the whole.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.kpis.columns import Column
from sim.kpis.customer_tables import CustomerTables
from sim.kpis.faults import Faults
from sim.kpis.goods_in_tables import GoodsInTables
from sim.kpis.line_tables import LineTables
from sim.kpis.order_tables import OrderTables
from sim.kpis.packing_tables import PackingTables
from sim.kpis.payment_tables import PaymentTables
from sim.kpis.people_tables import PeopleTables
from sim.kpis.purchase_tables import PurchaseTables
from sim.kpis.record_tables import RecordTables
from sim.kpis.return_table import ReturnTable
from sim.kpis.shipment_tables import ShipmentTables
from sim.kpis.slices import KINDS, Handler, Window, facts_by_kind
from sim.kpis.station_tables import StationTables
from sim.kpis.stock_account import StockAccount
from sim.kpis.truck_tables import TruckTables
from sim.log.event_log import Chunk
from sim.log.facts import Fact
from sim.orders.book import Demand
from sim.warehouse.items import Catalogue


class Tables:
    """Fold over the chunks of an event log.

    Parameters
    ----------
    demand
        What was asked for; its arrays are shared, not copied.
    catalogue
        The SKUs.
    window
        The measured stretch of time.

    Attributes
    ----------
    orders, cancelled, lost, entry_faults, entry_mended, shorts, backorders
        See :class:`~sim.kpis.order_tables.OrderTables`.
    payments
        See :class:`~sim.kpis.payment_tables.PaymentTables`; the object itself is ``of_payments``.
    shipments, legs, reworks, passes, extra_boxes
        See :class:`~sim.kpis.shipment_tables.ShipmentTables`.
    lines, wrong_picks, mended, scanned, short_picks, arrived_wrong
        See :class:`~sim.kpis.line_tables.LineTables`; the object itself is ``of_lines``.
    returns
        See :class:`~sim.kpis.return_table.ReturnTable`.
    of_packing
        See :class:`~sim.kpis.packing_tables.PackingTables`.
    duty, spans, absences, tours
        See :class:`~sim.kpis.people_tables.PeopleTables`; the object itself is ``people``.
    stock
        The account of the stock.
    of_purchases
        See :class:`~sim.kpis.purchase_tables.PurchaseTables`.
    of_trucks
        See :class:`~sim.kpis.truck_tables.TruckTables`.
    of_customers
        See :class:`~sim.kpis.customer_tables.CustomerTables`.
    of_stations
        See :class:`~sim.kpis.station_tables.StationTables`.
    goods_in
        See :class:`~sim.kpis.goods_in_tables.GoodsInTables`.
    of_records
        See :class:`~sim.kpis.record_tables.RecordTables`.
    facts
        Number of facts of each kind. Shape (256,).
    faults
        What the log itself says that cannot be: a clock that goes back, a second delivery.
    first_order, end_order
        The orders whose time to be placed lies in the window.
    last_s
        Time of the last fact.
    """

    def __init__(self, demand: Demand, catalogue: Catalogue, window: Window) -> None:
        self.demand = demand
        self.catalogue = catalogue
        self.window = window
        self.faults = Faults()
        self.facts = np.zeros(KINDS, dtype=np.int64)
        self.last_s = 0.0
        span = np.searchsorted(demand.placed_s, (window.start_s, window.end_s))
        self.first_order, self.end_order = (int(k) for k in span)
        of_orders = OrderTables(demand, self.faults)
        self.orders, self.cancelled = of_orders.orders, of_orders.cancelled
        self.lost, self.entry_faults = of_orders.lost, of_orders.entry_faults
        self.corrected_addresses = of_orders.corrected_addresses
        self.entry_mended, self.shorts = of_orders.entry_mended, of_orders.shorts
        self.backorders = of_orders.backorders
        self.of_payments = PaymentTables(self.orders, demand.placed_s, window)
        self.payments = self.of_payments.payments
        of_shipments = ShipmentTables(demand.orders, self.faults)
        self.shipments, self.legs = of_shipments.shipments, of_shipments.legs
        self.reworks, self.extra_boxes = of_shipments.reworks, of_shipments.extra_boxes
        self.passes, self.put_aside = of_shipments.passes, of_shipments.put_aside
        self.of_packing = PackingTables()
        self.of_lines = LineTables(demand, catalogue.count, window)
        self.lines, self.wrong_picks = self.of_lines.lines, self.of_lines.wrong_picks
        self.mended, self.arrived_wrong = self.of_lines.mended, self.of_lines.arrived_wrong
        self.form_found = self.of_lines.form_found
        self.scanned, self.short_picks = self.of_lines.scanned, self.of_lines.short_picks
        self._return_table = ReturnTable(self.lines)
        self.returns = self._return_table.returns
        self.people = PeopleTables(demand)
        self.duty, self.spans, self.tours = self.people.duty, self.people.spans, self.people.tours
        self.absences = self.people.absences
        self.stock = StockAccount(self.of_lines.sku_at, self.of_lines.sku_picked, catalogue, window)
        self.goods_in = GoodsInTables(window)
        self.of_stations = StationTables()
        self.of_purchases = PurchaseTables()
        self.of_records = RecordTables()
        self.of_trucks = TruckTables(demand, self.orders)
        self.of_customers = CustomerTables()
        self._handlers: dict[int, Handler] = {}
        for part in (
            *(of_orders, of_shipments, self.of_packing, self.of_lines),
            *(self.people, self.goods_in, self.of_trucks, self.of_records, self.of_customers),
            *(self.of_payments, self.of_stations),
        ):
            self._handlers.update(part.handlers())

    def add(self, chunk: Chunk) -> None:
        """Fold one chunk of the log in; chunks come in the order of happening."""
        if not len(chunk.time_s):
            return
        self._check_clock(chunk.time_s)
        slices = facts_by_kind(chunk)
        self.of_lines.note_exchanges(slices)
        self.of_lines.fold(slices)
        righted = slices.get(int(Fact.TYPED_RIGHT))
        if righted is not None:
            self.of_lines.are_put_right(righted)
        for fact, facts in slices.items():
            self.facts[fact] += len(facts.time_s)
            handler = self._handlers.get(fact)
            if handler is not None:
                handler(facts)
        self._return_table.fold(slices)
        self.people.fold(slices)
        self.stock.fold(slices, self.faults.note)
        self.of_stations.fold(slices)
        self.of_purchases.fold(slices)
        self.of_trucks.fold(chunk, slices)
        if righted is not None:
            self.of_lines.are_right()

    def _check_clock(self, time_s: npt.NDArray[np.float64]) -> None:
        if not np.isfinite(time_s).all():
            self.faults.note("a time is not a number")
        back = np.flatnonzero(time_s < np.append(self.last_s, time_s[:-1]))
        if len(back):
            at = int(back[0])
            before_s = float(time_s[at - 1]) if at else self.last_s
            self.faults.note(f"clock goes back from {before_s:.3f} s to {float(time_s[at]):.3f} s")
        self.last_s = max(self.last_s, float(time_s[-1]))

    @property
    def nbytes(self) -> int:
        """Bytes of all tables, without the demand they share."""
        tables = (
            *(self.orders, self.cancelled, self.lost, self.entry_faults, self.entry_mended),
            *(
                self.corrected_addresses,
                self.payments,
                self.shorts,
                self.backorders,
                self.shipments,
                self.legs,
                self.reworks,
            ),
            *(
                self.passes,
                self.put_aside,
                self.form_found,
                self.extra_boxes,
                self.lines,
                self.wrong_picks,
                self.mended,
            ),
            *(self.arrived_wrong, self.scanned, self.short_picks, self.returns, self.duty),
            self.of_lines.exchange_picks,
            *(self.spans, self.absences, self.tours, self.of_trucks),
            *(self.of_customers.dropped_out, self.of_customers.won_back),
            *(self.of_packing.box_outs, self.of_packing.box_doubts, self.of_packing.benches_full),
        )
        others = self.people.queue_changes.nbytes + self.goods_in.nbytes
        others += self.of_purchases.nbytes + self.of_records.nbytes + self.of_stations.nbytes
        return sum(table.nbytes for table in tables) + others

    def count(self, fact: Fact) -> int:
        """Return how many facts of a kind the log holds."""
        return int(self.facts[fact])

    def order_of_line(self, line: Column) -> npt.NDArray[np.int64]:
        """Return the order of each line number."""
        return np.searchsorted(self.demand.first_line, line, side="right") - 1

    def cohort_line(self, line: Column) -> npt.NDArray[np.bool_]:
        """Tell which lines belong to orders of the cohort."""
        return self.of_lines.cohort_line(line)

    def cohort_order(self, order: Column) -> npt.NDArray[np.bool_]:
        """Tell which orders were due inside the window."""
        inside: npt.NDArray[np.bool_] = (order >= self.first_order) & (order < self.end_order)
        return inside
