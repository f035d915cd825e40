"""The manners every section of a scenario shares: no unknown keys, no coercion, nothing infinite."""

from __future__ import annotations

import datetime
import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

CLOCK = re.compile(r"^(?:[01]\d|2[0-4]):[0-5]\d$")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Section(BaseModel):
    """One block of a scenario file."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


def _check_clock(text: str) -> str:
    if not CLOCK.match(text) or (text.startswith("24") and text != "24:00"):
        raise ValueError("must be a clock time from 00:00 to 24:00, written HH:MM")
    return text


def _check_date(text: str) -> str:
    try:
        written = datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        written = ""
    if written != text:  # Python reads 20261127 too, but days are looked up as they are written
        raise ValueError("must be a date of the calendar, written YYYY-MM-DD")
    return text


def clock_s(text: str) -> int:
    """Return the seconds since midnight of a clock time such as ``"14:30"``."""
    hours, minutes = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60


ClockTime = Annotated[str, AfterValidator(_check_clock), Field(examples=["14:30"])]
DateText = Annotated[str, AfterValidator(_check_date), Field(examples=["2026-11-27"])]
Weekday = Annotated[str, Field(pattern="^(mon|tue|wed|thu|fri|sat|sun)$")]
Probability = Annotated[float, Field(ge=0.0, le=1.0)]
NotNegative = Annotated[float, Field(ge=0.0, le=1e12)]
Positive = Annotated[float, Field(gt=0.0, le=1e12)]
Count = Annotated[int, Field(ge=0, le=10_000_000)]
PositiveCount = Annotated[int, Field(ge=1, le=10_000_000)]
Name = Annotated[str, Field(min_length=1, max_length=80)]
