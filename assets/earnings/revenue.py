"""Revenue by segment and by geography: facts with dimensions, their members given canonical names.

Only inline XBRL has dimensions. What is in scope is a fact under one of the concepts of revenue in ``measures.yml`` on
an axis that ``members.yml`` calls a breakdown. Facts on axes it ignores, sums of all segments, and cells of two crossed
breakdowns (a place within a segment) are left out by name; an axis or member it does not know is reported, the member's
row being kept without a canonical name.

A caption in print goes before the member where the two contradict each other: the caption is what the company's readers
saw, and AMD's tags of 2023 and 2024 were shifted by one row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from assets.earnings.currencies import Rates, usd_of
from assets.earnings.edgar import SOURCE
from assets.earnings.facts import CAPTION_SEPARATOR
from assets.earnings.fiscal import days, window_of
from assets.earnings.measures import revenue_concepts
from assets.earnings.members import Breakdown, Member, Members
from assets.earnings.members import load as load_members
from assets.earnings.vendors import Vendor
from resources.documents import Parsed, Row, SourceError

_CURRENCY = re.compile(r"[A-Z]{3}")
_GRAIN = ("vendor", "accession_number", "dimensions", "period_start", "period_end", "currency")


def revenue_segments(
    facts: pa.Table, vendors: Mapping[str, Vendor], members: Members | None = None, rates: Rates | None = None
) -> Parsed:
    """Rows of the table ``revenue_segments`` from all facts (any vendor, any month).

    Axes and members that nobody has reviewed are among the problems, once per filing.
    """
    reading = _read(facts, vendors, members or load_members(), ("segment", "product"), rates or Rates())
    return Parsed(reading.rows, reading.problems)


def revenue_geography(
    facts: pa.Table, vendors: Mapping[str, Vendor], members: Members | None = None, rates: Rates | None = None
) -> Parsed:
    """Rows of the table ``revenue_geography`` from all facts (any vendor, any month).

    Members that nobody has reviewed are among the problems, once per filing; unknown axes are those of
    :func:`revenue_segments`.
    """
    reading = _read(facts, vendors, members or load_members(), ("geography",), rates or Rates())
    return Parsed(reading.rows, reading.problems)


@dataclass(frozen=True)
class _Line:
    """What the dimensions of a fact break revenue down by: one member, within another or not."""

    breakdown: Breakdown
    member: str
    known: Member | None
    parent: str | None = None


class _Reading:
    def __init__(self, rates: Rates) -> None:
        self.rates = rates
        self.rows: list[Row] = []
        self.problems: list[SourceError] = []
        self._reported: set[tuple[str, str]] = set()

    def report(self, fact: Row, what: str, reason: str, remedy: str = "") -> None:
        """Note a problem once per filing and subject."""
        key = (fact["accession_number"], what)
        if key not in self._reported:
            self._reported.add(key)
            self.problems.append(SourceError(SOURCE, fact["accession_number"], fact["location"], reason, remedy=remedy))


def _read(
    facts: pa.Table, vendors: Mapping[str, Vendor], members: Members, wanted: tuple[Breakdown, ...], rates: Rates
) -> _Reading:
    reading = _Reading(rates)
    stated: dict[tuple[Any, ...], Row] = {}
    for fact in _revenue_facts(facts, vendors):
        line = _line(fact, members, reading if "segment" in wanted else None)
        if line is None or line.breakdown not in wanted:
            continue
        row = _row(fact, line, vendors[fact["vendor"]], members, reading)
        if row is None:
            continue
        key = tuple(row[name] for name in _GRAIN)
        other = stated.setdefault(key, row)
        if other["revenue"] != row["revenue"]:
            reason = f"{row['dimensions']} is {other['revenue']} by one tag and {row['revenue']} by another"
            reading.report(fact, f"tags {key}", f"{reason}; the larger is taken")
            if row["revenue"] > other["revenue"]:
                stated[key] = row
    reading.rows.extend(stated.values())
    return reading


def _revenue_facts(facts: pa.Table, vendors: Mapping[str, Vendor]) -> Iterator[Row]:
    """Facts with dimensions under a revenue concept over a duration, in a stable order."""
    mask = pc.and_(
        pc.and_(pc.is_in(facts["concept"], pa.array(revenue_concepts())), pc.equal(facts["source"], "inline_xbrl")),
        pc.and_(pc.is_valid(facts["period_start"]), pc.not_equal(facts["dimensions"], "")),
    )
    order = [
        (name, "ascending")
        for name in ("vendor", "known_from", "accession_number", "dimensions", "period", "unit", "concept")
    ]
    rows: Iterable[Row] = facts.filter(mask).sort_by(order).to_pylist()
    return (row for row in rows if row["vendor"] in vendors)


def _line(fact: Row, members: Members, reading: _Reading | None) -> _Line | None:
    """What a fact's dimensions break down by; ``None`` if it is no line of a breakdown."""
    found: dict[str, str] = {}
    qualifier: str | None = None
    for pair in fact["dimensions"].split(";"):
        axis, _, member = pair.partition("=")
        kind = members.axis_kind(axis)
        if kind == "ignored":
            return None
        if kind == "qualifier" and member in members.qualifiers:
            qualifier = member
        elif kind in ("segment", "product", "geography"):
            found[kind] = member
        else:
            if reading is not None:
                what = f"the member {member} of the axis {axis}" if kind == "qualifier" else f"the axis {axis}"
                reading.report(fact, what, f"revenue by {what} is not read", "review it in assets/earnings/members.yml")
            return None
    name = members.qualifiers[qualifier].name if qualifier else None
    if qualifier and not found:
        # The qualifier alone: the sum of all segments, or a line of its own such as eliminations.
        return _Line("segment", qualifier, Member(name=name)) if name else None
    if "geography" not in found:
        return _business_line(fact["vendor"], found, name, members)
    if len(found) > 1 or name:
        # A place within a segment is a cell of two breakdowns; neither table has room for it.
        return None
    place = found["geography"]
    return _Line("geography", place, members.member(fact["vendor"], "geography", place))


def _business_line(vendor: str, found: Mapping[str, str], qualifier: str | None, members: Members) -> _Line:
    segment, product = found.get("segment"), found.get("product")
    known = members.member(vendor, "segment", segment) if segment else None
    if segment and qualifier:
        # What is taken out of one segment: never to be mistaken for the segment.
        line = Member(name=f"{qualifier}: {known.name}") if known else None
        return _Line("segment", segment, line, parent=qualifier)
    if product:
        parent = (known.name if known else segment) if segment else None
        return _Line("product", product, members.member(vendor, "product", product), parent)
    return _Line("segment", segment or "", known)


def _row(fact: Row, line: _Line, vendor: Vendor, members: Members, reading: _Reading) -> Row | None:
    accession_number = fact["accession_number"]
    window = window_of(fact["period_start"], fact["period_end"], vendor)
    if window is None:
        reading.report(fact, fact["period"], f"the window {fact['period']} is not one to four fiscal quarters")
        return None
    if not _CURRENCY.fullmatch(fact["unit"]):
        reading.report(fact, fact["unit"], f"revenue of {line.member} is in {fact['unit']}, not in a currency")
        return None
    if fact["value"] != int(fact["value"]):
        reading.report(fact, fact["period"], f"revenue of {line.member} is {fact['value']:f}, not a whole number")
        return None
    known, named_by = _named(fact, line, members, reading)
    name = known.name if known else None
    parent = line.parent or (known.parent if known else None)
    in_usd = usd_of(fact["value"], fact["unit"], fact["period_start"], fact["period_end"], reading.rates)
    if in_usd.reason:
        reading.report(fact, in_usd.reason, f"no value in dollars: {in_usd.reason}")
    common: Row = {
        "vendor": fact["vendor"],
        "axis": line.breakdown,
        "member": line.member,
        "caption": fact["caption"],
        "named_by": named_by,
        "dimensions": fact["dimensions"],
        "period_start": fact["period_start"],
        "period_end": fact["period_end"],
        "period_days": days(fact["period_start"], fact["period_end"]),
        "window": window.length,
        "fiscal_year": window.fiscal_year,
        "fiscal_quarter": window.fiscal_quarter,
        "revenue": int(fact["value"]),
        "currency": fact["unit"],
        "revenue_usd": in_usd.value_usd,
        **in_usd.rate_columns,
        "accession_number": accession_number,
        "known_from": fact["known_from"],
        "month": fact["month"],
        "location": fact["location"],
        "source_sha256": fact["source_sha256"],
    }
    if line.breakdown != "geography":
        return common | {"segment": name, "parent_segment": parent}
    return common | {
        "geography": name,
        "parent_geography": parent,
        "scope": known.scope if known else None,
        "reporting_basis": members.reporting_basis(fact["vendor"], fact["known_from"]),
    }


def _named(fact: Row, line: _Line, members: Members, reading: _Reading) -> tuple[Member | None, str]:
    """The member a line is about, and whether its tag or its printed caption says so."""
    captions = fact["caption"].split(CAPTION_SEPARATOR) if fact["caption"] else []
    printed = {
        member.name: member
        for caption in captions
        if (member := members.printed(fact["vendor"], line.breakdown, caption)) is not None
    }
    known = line.known
    if known is None:
        reading.report(
            fact,
            line.member,
            f"{line.member} is not in the reviewed table"
            + (f"; it is printed as {' or '.join(repr(caption) for caption in captions)}" if captions else ""),
            "review it in assets/earnings/members.yml",
        )
        return (next(iter(printed.values())), "caption") if len(printed) == 1 else (None, "member")
    # Totals and eliminations stand in rows with captions of their own.
    if not printed or known.name in printed or line.parent is not None:
        return known, "member"
    if not all(members.is_reviewed_contradiction(fact["vendor"], line.member, name) for name in printed):
        names = " or ".join(map(repr, printed))
        reading.report(
            fact,
            line.member,
            f"{line.member} ({known.name}) is printed as {names}; the printed name is followed",
            "check it in the filing and add it to the contradictions in assets/earnings/members.yml",
        )
    return (next(iter(printed.values())), "caption") if len(printed) == 1 else (None, "caption")
