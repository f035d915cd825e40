"""The KPIs that every table shows first, and over which a comparison makes its correction."""

HEADLINE = (
    "order_lead_time_mean_h",
    "order_lead_time_p50_h",
    "order_lead_time_p95_h",
    "click_to_ship_mean_h",
    "on_time_ship_rate",
    "on_time_delivery_rate",
    "perfect_order_rate",
    "picking_accuracy_lines_rate",
    "shipped_accuracy_orders_rate",
    "rate_of_return",
    "purchase_frequency_per_year",
    "fill_rate_units",
    "utilisation_pickers_rate",
    "lines_per_labour_hour",
    "walk_m_per_line",
    "cost_per_order_eur",
    "margin_eur",
)
