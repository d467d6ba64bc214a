"""What the cover of an inline XBRL document says the document is, compared with what else is known of it."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from assets.earnings.fiscal import fiscal_position
from assets.earnings.inline_contexts import Names
from assets.earnings.vendors import Vendor

_TYPE = "dei:DocumentType"
_END = "dei:DocumentPeriodEndDate"
_AMENDMENT = "dei:AmendmentFlag"
_YEAR = "dei:DocumentFiscalYearFocus"
_PERIOD = "dei:DocumentFiscalPeriodFocus"
COVER = (_TYPE, _END, _AMENDMENT, _YEAR, _PERIOD)
"""Facts that say what the document is."""

_DATES = ("%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%Y-%m-%d", "%d %B %Y", "%m/%d/%Y")
# A rule of the transformation registry that reads 05/06/2025 as the fifth of June.
_DAY_FIRST = ("datedaymonth", "dateslasheu", "datedoteu", "datelongeu", "dateshorteu")
_DATES_DAY_FIRST = ("%d %B %Y", "%d %b %Y", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y")
_FLAGS = {"fixedtrue": True, "booleantrue": True, "fixedfalse": False, "booleanfalse": False}


@dataclass
class Cover:
    """Each of these may be missing; ``problems`` are elements (``None`` for the whole) with what is wrong."""

    document_type: str | None = None
    period_end: date | None = None
    is_amendment: bool | None = None
    fiscal_year_focus: int | None = None
    fiscal_period_focus: str | None = None
    problems: list[tuple[Any, str]] = field(default_factory=list)


def cover_of(elements: Iterable[Any], names: Names, form: str, vendor: Vendor) -> Cover:
    """Read the cover from a document's elements ``ix:nonNumeric``.

    Args:
        elements: in the document's order; of each fact the first counts.
        names: of the document.
        form: as EDGAR lists it; another on the cover is a problem.
        vendor: whose fiscal calendar must place the period as the cover does.
    """
    cover = Cover()
    found: dict[str, Any] = {}
    for element, name in _on_cover(elements, names):
        if name in found:
            continue
        text = " ".join(html.unescape("".join(element.itertext())).split())
        try:
            found[name] = _value(name, text, (element.get("format") or "").rpartition(":")[2])
        except ValueError as error:
            cover.problems.append((element, f"{name}: {error}"))
            continue
        if name == _TYPE and text.split("/")[0] != form.split("/", maxsplit=1)[0]:
            cover.problems.append((element, f"the document calls itself {text!r}, EDGAR lists it as {form!r}"))
    cover.document_type, cover.period_end, cover.is_amendment = found.get(_TYPE), found.get(_END), found.get(_AMENDMENT)
    cover.fiscal_year_focus, cover.fiscal_period_focus = found.get(_YEAR), found.get(_PERIOD)
    if contradiction := _contradiction(cover, vendor):
        cover.problems.append((None, contradiction))
    return cover


def _on_cover(elements: Iterable[Any], names: Names) -> Iterator[tuple[Any, str]]:
    locals_ = {name.partition(":")[2]: name for name in COVER}
    for element in elements:
        written = element.get("name") or ""
        name = locals_.get(written.rpartition(":")[2])
        try:
            if name is not None and names.name(written, element) == name:
                yield element, name
        except ValueError:  # a name of no taxonomy is not on the cover
            continue


def _contradiction(cover: Cover, vendor: Vendor) -> str:
    end, year, period = cover.period_end, cover.fiscal_year_focus, cover.fiscal_period_focus
    if end is None or year is None or period not in ("Q1", "Q2", "Q3", "Q4", "FY"):
        return ""
    placed = fiscal_position(end, vendor)
    if placed == (year, 4 if period == "FY" else int(period[1])):
        return ""
    return f"the period ending {end} is fiscal {year} {period} by its cover, {placed} by vendors.yml"


def _value(name: str, text: str, rule: str) -> Any:
    rule = rule.lower().replace("-", "")
    if name == _YEAR:
        return int(text)
    if name == _AMENDMENT:
        flag = _FLAGS.get(rule, {"true": True, "false": False}.get(text.lower()))
        if flag is None:
            raise ValueError(f"{text!r} is neither true nor false")
        return flag
    if name == _END:
        for pattern in _DATES_DAY_FIRST if rule.startswith(_DAY_FIRST) else _DATES:
            try:
                return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no zone
            except ValueError:
                continue
        raise ValueError(f"{text!r} is not a date")
    return text
