"""The date that outputs show: from a flag or the environment, never silently from the clock."""

from __future__ import annotations

import os
import re

from advisor.errors import AdvisorError


def report_date(flag: str | None) -> str | None:
    """Return `--date`, else the day of SOURCE_DATE_EPOCH (UTC), else None.

    Raises:
        AdvisorError: not an ISO date, or not a number of seconds.
    """
    import datetime as dt

    if flag is not None:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", flag):
            raise AdvisorError(f'--date "{flag}" is not YYYY-MM-DD', "for example: --date 2026-11-22")
        try:
            return dt.date.fromisoformat(flag).isoformat()
        except ValueError as error:
            raise AdvisorError(f'--date "{flag}" is not a day of the calendar') from error
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return None
    try:
        return dt.datetime.fromtimestamp(int(epoch), tz=dt.UTC).date().isoformat()
    except (ValueError, OverflowError, OSError) as error:
        raise AdvisorError(
            f'SOURCE_DATE_EPOCH "{epoch}" is not a number of seconds', "unset it or use `date +%s`"
        ) from error
