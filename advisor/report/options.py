"""What a report says about itself: given by whoever asks for it, never taken from the clock or the account."""

from __future__ import annotations

from typing import NamedTuple


class ReportOptions(NamedTuple):
    """The frame around a recommendation. Every field is foreign text, or None when it was not given."""

    title: str | None = None  #: heading; None: made from the advice
    project: str | None = None  #: what the decision is about
    author: str | None = None  #: who decides, as the record names them
    status: str | None = None  #: of a decision record: "proposed", "accepted", …
    date: str | None = None  #: ISO date, from `--date` or SOURCE_DATE_EPOCH
    rules_file: str | None = None  #: as it was given with `--rules`, for the commands that a report shows
