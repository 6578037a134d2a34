"""Is every rating, remedy and caveat backed by a source, and was it looked at within a year?"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import NamedTuple

from advisor.audit.finding import Finding
from advisor.knowledge.model import Rules

YEAR = 365


class Claim(NamedTuple):
    """Something that the rules say about the world."""

    path: str
    source: str
    checked: str
    check: str | None


def claims(rules: Rules) -> Iterator[Claim]:
    """Yield every rating, remedy and caveat."""
    for criterion in rules.criteria:
        for name, rating in criterion.ratings.items():
            path = f"criteria › {criterion.id} › ratings › {name}"
            yield Claim(path, rating.source, rating.checked, rating.check)
    for kind, entries in (("remedies", rules.remedies), ("caveats", rules.caveats)):
        for entry in entries:
            yield Claim(f"{kind} › {entry.id}", entry.source, entry.checked, entry.check)


def day_of(rules: Rules, given: str | None) -> tuple[str | None, str]:
    """Return the day against which ages are measured, and where it comes from; never the clock.

    Args:
        rules: their version may be a month or a day ("2026.11", "2026-11-22").
        given: a day that was asked for.
    """
    if given is not None:
        return given, "given"
    found = re.match(r"(\d{4})[.-](\d{1,2})(?:[.-](\d{1,2}))?", rules.version)
    if found:
        year, month, day = found.groups()
        try:
            if day is not None:
                return dt.date(int(year), int(month), int(day)).isoformat(), "the rules' version"
            within = dt.date(int(year), int(month), 28)
            following = (within + dt.timedelta(days=4)).replace(day=1)
            return (following - dt.timedelta(days=1)).isoformat(), "the rules' version"
        except (ValueError, OverflowError):
            # A version that only looks like a date.
            return None, "nowhere"
    return None, "nowhere"


def check_evidence(rules: Rules, day: str | None) -> Iterator[Finding]:
    """Yield what has no source, no date, no test, or is older than a year."""
    today = dt.date.fromisoformat(day) if day is not None else None
    ratings = unchecked = 0
    for claim in claims(rules):
        is_rating = claim.path.startswith("criteria")
        ratings += is_rating
        unchecked += is_rating and claim.check is None
        if not claim.source:
            yield Finding("evidence", "warning", claim.path, "has no source")
        if not claim.checked:
            yield Finding("evidence", "warning", claim.path, "does not say when it was checked")
        elif today is not None:
            age = (today - dt.date.fromisoformat(claim.checked)).days
            if age > YEAR:
                yield Finding("evidence", "warning", claim.path, f"was checked {age} days before {day}")
    if unchecked:
        message = f"{unchecked} of {ratings} ratings have no test that shows them"
        yield Finding("evidence", "note", "criteria", message)
    if today is None:
        message = "ages were not looked at: give a date, or let the version of the rules be one"
        yield Finding("evidence", "note", "version", message)
