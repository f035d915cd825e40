"""The floor: where the locations are and how far it is to walk between them.

A rectangular floor is made of parallel two-sided aisles between cross-aisles. A free-form floor is
a list of points, with or without a list of walkways.
"""

from sim.warehouse.layout.free_form import FreeFormLayout
from sim.warehouse.layout.free_form_file import read_free_form
from sim.warehouse.layout.naming import location_names
from sim.warehouse.layout.protocol import DEPOT, Layout
from sim.warehouse.layout.rectangular import RectangularLayout

__all__ = [
    "DEPOT",
    "FreeFormLayout",
    "Layout",
    "RectangularLayout",
    "location_names",
    "read_free_form",
]
