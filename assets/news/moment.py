"""Dates as feeds write them, in UTC."""

from __future__ import annotations

import calendar
import re
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

_OFFSET = re.compile(r"(?:[+-]\d{2}:?\d{2}|Z|UTC?|GMT|[ECMP][SD]T)\s*(?:\([^)]*\))?$", re.IGNORECASE)


def moment_of(written: str, *, read: time.struct_time | None, zone: str) -> datetime | None:
    """Turn a feed's date into UTC.

    RFC 822 and RFC 3339, the forms that RSS and Atom prescribe, are read by the standard library; for any other the
    feed reader's own result is taken. A date without an offset, and one whose offset is the ambiguous ``CST`` in a
    feed outside of America, holds in the feed's zone.

    Args:
        written: the date as it stands in the feed.
        read: what the feed reader made of it (UTC), or ``None``.
        zone: IANA name of the feed's time zone.

    Returns:
        The moment, or ``None`` where nothing can be made of it.
    """
    text = " ".join(written.split())
    if not zone.startswith("America/"):
        text = re.sub(r"\bCST$", "", text).strip()
    found = _rfc3339(text) or _rfc822(text)
    if found is None and read is not None:
        found = datetime.fromtimestamp(calendar.timegm(read), UTC)
        if not _OFFSET.search(text):
            found = found.replace(tzinfo=None)
    if found is None:
        return None
    try:
        return (found.replace(tzinfo=ZoneInfo(zone)) if found.tzinfo is None else found).astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _rfc3339(text: str) -> datetime | None:
    if not re.match(r"\d{4}-\d{2}-\d{2}", text):
        return None
    try:
        return datetime.fromisoformat(text.replace(" +", "+"))
    except ValueError:
        return None


def _rfc822(text: str) -> datetime | None:
    # The standard library takes what it does not understand for something else ("Set" for a zone): only the
    # prescribed form is given to it.
    if not re.match(r"(?:[A-Za-z]{3,9},? )?\d{1,2} [A-Za-z]{3,9} \d{2,4} \d{1,2}:\d{2}", text):
        return None
    try:
        return parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError):
        return None
