"""Whether the lines of a breakdown add up to the whole that the same filing states."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from assets.earnings.edgar import SOURCE
from assets.earnings.stated import Stated, Windows, shown
from resources.documents import Row, SourceError

_Key = tuple[str, str, str, str]
_Span = tuple[date, date]


def misfits(rows: Iterable[Row], stated: Windows, rounding: int) -> list[SourceError]:
    """Breakdowns whose lines miss the total, eliminations and reconciling items counted among the lines.

    Lines within another line are left out. A window with a single line is no breakdown, and one whose total the filing
    does not state in the same currency cannot be compared.

    Args:
        rows: rows of ``revenue_segments`` or ``revenue_geography``.
        stated: the windows of ``revenue`` by vendor, as :func:`assets.earnings.stated.whole_company` gives them.
        rounding: by what each line may be rounded, in whole units of the currency.

    Returns:
        One problem per filing and axis, about the first window that does not add up.
    """
    totals = {
        (window.accession_number, window.start, window.end, window.currency): window
        for (_, measure), windows in stated.items()
        if measure == "revenue"
        for window in windows
    }
    lines: dict[_Key, dict[_Span, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        parent = row["parent_geography"] if row["axis"] == "geography" else row["parent_segment"]
        if parent is None:
            key = (row["vendor"], row["accession_number"], row["axis"], row["currency"])
            lines[key][row["period_start"], row["period_end"]].append(row)
    return [problem for key in sorted(lines) if (problem := _misfit(key, lines[key], totals, rounding)) is not None]


def _misfit(
    key: _Key,
    windows: Mapping[_Span, list[Row]],
    totals: Mapping[tuple[str, date, date, str], Stated],
    rounding: int,
) -> SourceError | None:
    vendor, accession_number, axis, currency = key
    missed: list[tuple[_Span, int, Decimal, int]] = []
    for span in sorted(windows, reverse=True):
        found = windows[span]
        total = totals.get((accession_number, *span, currency))
        if total is None or len(found) < 2:
            continue
        added = sum(row["revenue"] for row in found)
        if abs(added - total.value) > rounding * len(found):
            missed.append((span, added, total.value, len(found)))
    if not missed:
        return None
    (start, end), added, whole, count = missed[0]
    more = f"; so do {len(missed) - 1} other windows of the filing" if len(missed) > 1 else ""
    reason = (
        f"lines do not add up: {vendor} revenue by {axis} over {start}/{end} is {added} {currency} in {count} lines, "
        f"eliminations counted, and {shown(whole)} {currency} in total{more}"
    )
    return SourceError(SOURCE, accession_number, f"{axis} {start}/{end}", reason)
