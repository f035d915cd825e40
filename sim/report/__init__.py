"""What a person sees: tables, figures, the report page."""

from sim.report.input import ReportInput
from sim.report.page import report_html, write_report

__all__ = ["ReportInput", "report_html", "write_report"]
