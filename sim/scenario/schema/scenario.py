"""A scenario: one YAML file, everything but its name has a default."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.schema.after_sales import FollowUpSection, ReturnsSection
from sim.scenario.schema.base import Name, Section
from sim.scenario.schema.customers import CustomersSection
from sim.scenario.schema.entry import EntrySection
from sim.scenario.schema.inbound import InboundSection
from sim.scenario.schema.items import ItemsSection
from sim.scenario.schema.labour import LabourSection
from sim.scenario.schema.money_in import PaymentSection
from sim.scenario.schema.orders import Channel, OrdersSection
from sim.scenario.schema.packing import PackingSection
from sim.scenario.schema.people import PeopleSection, Shift, _default_staff
from sim.scenario.schema.pick_faces import PickFacesSection
from sim.scenario.schema.picking import PickingSection
from sim.scenario.schema.records import RecordsSection
from sim.scenario.schema.release import ReleaseSection
from sim.scenario.schema.run import RunSection
from sim.scenario.schema.shipping import ShippingSection
from sim.scenario.schema.stations import Station
from sim.scenario.schema.stock import StockSection
from sim.scenario.schema.stockouts import AllocationSection, StockoutsSection
from sim.scenario.schema.suppliers import Supplier
from sim.scenario.schema.warehouse import WarehouseSection

ScenarioName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]


class Target(Section):
    """A bound on a KPI; a run that misses one ends with exit code 3."""

    at_least: float | None = None
    at_most: float | None = None


class Scenario(Section):
    """A warehouse, its people, its stock, its orders."""

    schema_version: Literal[1] = 1
    name: ScenarioName = Field(description="short name: small letters, digits, - and _")
    title: str = Field("", max_length=200)
    extends: str | None = Field(
        None, description="file whose values hold where this one says nothing"
    )
    plan: str | None = Field(None, description="plan file written by `warelab optimize`")
    run: RunSection = RunSection()
    orders: OrdersSection = OrdersSection()
    customers: CustomersSection = CustomersSection()
    items: ItemsSection = ItemsSection()
    warehouse: WarehouseSection = WarehouseSection()
    entry: EntrySection = EntrySection()
    payment: PaymentSection = PaymentSection()
    stock: StockSection = StockSection()
    suppliers: dict[Name, Supplier] = Field(
        default_factory=dict, description="who delivers; none named: one, as stock says"
    )
    records: RecordsSection = RecordsSection()
    inbound: InboundSection = InboundSection()
    pick_faces: PickFacesSection = PickFacesSection()
    stockouts: StockoutsSection = StockoutsSection()
    allocation: AllocationSection = AllocationSection()
    release: ReleaseSection = ReleaseSection()
    picking: PickingSection = PickingSection()
    stations: dict[Name, Station] = Field(
        default_factory=dict,
        description="extra work between pick and packing, by name; and workshops for its machines",
    )
    packing: PackingSection = PackingSection()
    shipping: ShippingSection = ShippingSection()
    follow_up: FollowUpSection = FollowUpSection()
    returns: ReturnsSection = ReturnsSection()
    people: PeopleSection = PeopleSection()
    staff: dict[Name, Shift] = Field(default_factory=_default_staff, min_length=1)
    labour: LabourSection = LabourSection()
    targets: dict[Name, Target] = Field(default_factory=dict, description="KPI name to bound")

    def sync_min(self, channel: Channel | None) -> float:
        """Return the minutes between updates of the stock that a channel shows; 0: real time."""
        own = None if channel is None else channel.sync_min
        return self.stock.sync_min if own is None else own
