"""The section on boxes and packing: which boxes, how full, what packers spend their time on."""

from __future__ import annotations

from sim.report.cells import Table
from sim.report.charts_bars import boxes_chart
from sim.report.input import ReportInput
from sim.report.pooled import mean_by_key
from sim.report.section import Figure, Section, kpis_of


def packing_section(report: ReportInput) -> Section:
    """Return the section."""

    def by_box(place: int) -> dict[str, float]:
        return mean_by_key(
            report.played, lambda p: {k: float(v[place]) for k, v in p.picture.boxes.items()}
        )

    parcels, void_l = by_box(0), by_box(1)
    rows = tuple(
        (box, count, void_l[box], void_l[box] / count if count else None)
        for box, count in parcels.items()
    )
    minutes = mean_by_key(report.played, lambda p: p.picture.packing_minutes)
    kpis = (
        "void_share_rate",
        "boxes_per_order",
        "cost_boxes_per_order_eur",
        "billed_kg_per_parcel",
        "volumetric_share_rate",
        "box_substitution_rate",
        "wait_box_mean_h",
        "box_not_proved_rate",
        "benches_full_rate",
    )
    known = [kpi for kpi in kpis if report.estimates.get(kpi) is not None]
    heads = ("box", "parcels", "litres of void", "litres a parcel")
    return Section(
        "packing",
        "Boxes and packing",
        "Which boxes are used, how full are they, and what is the packers' time spent on?",
        (
            Figure(
                boxes_chart(parcels),
                "Parcels of the measured window by box, the smallest box first.",
                "No parcel of the measured window was packed.",
                Table("boxes", heads, rows),
            ),
        ),
        (
            *([kpis_of(report, "packing_kpis", known)] if known else []),
            *(
                [Table("packing_minutes", ("packing step", "minutes"), tuple(minutes.items()))]
                if minutes
                else []
            ),
        ),
    )
