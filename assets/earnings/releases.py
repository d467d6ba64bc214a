"""A vendor's release of results as rows of the table ``vendor_releases``: what it reports and what it expects.

Read are the vendor's own page and exhibits 99.1 and 99.2 of its 8-K. In scope are the quarter's revenue and its
data-centre revenue, as a sentence states them and as the table of figures does (exact to what the table is printed in),
and the revenue expected of the next quarter. All else in the document is ignored. A figure is only read where the
document says of which quarter it is: a part (a segment, a full year) is never taken for the quarter's whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from bs4 import BeautifulSoup, Tag

from assets.earnings.fiscal import fiscal_position
from assets.earnings.guidance import CURRENCIES, UNITS, Guidance, amount, guidance_of, is_longer, is_whole, rounding
from assets.earnings.vendors import Vendor
from assets.news.plain import one_line, plain_text
from assets.sentences import split
from resources.documents import Parsed, Row, SourceError

_ORDINALS = ("first", "second", "third", "fourth")
_ORDINAL = rf"(?P<ordinal>{'|'.join(_ORDINALS)})"
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = re.compile(rf"(?:{_MONTHS}) \d{{1,2}}, \d{{4}}")
_WAS = r"(?:was|of)\s(?:a\s)?(?:new\s)?(?:record\s)?(?:approximately\s)?"

_TITLE = re.compile(rf"\b{_ORDINAL}[- ]quarter\b.{{0,25}}?\b(?P<year>20\d\d)\b", re.IGNORECASE)
_ENDED = re.compile(rf"\bquarter ended (?P<end>{_DATE.pattern})")
_TOTAL = re.compile(
    rf"\brevenues? for the {_ORDINAL} quarter(?: of)?(?: fiscal)?(?: year)?(?: 20\d\d)?,?"
    rf"(?: ended {_DATE.pattern})?,?\s"
    rf"(?:of|was|were|totaled)\s(?:a\s)?(?:new\s)?(?:record\s)?(?:of\s)?(?:approximately\s)?{amount('value')}",
    re.IGNORECASE,
)
_TOTAL_FIRST = re.compile(
    rf"^\W*(?:record )?(?:net |total )?revenues? {_WAS}{amount('value')} for the {_ORDINAL} quarter\b(?! last)",
    re.IGNORECASE,
)
_QUARTERS = re.compile(rf"^{_ORDINAL}[- ]quarter revenues? {_WAS}{amount('value')}", re.IGNORECASE)
_DATA_CENTER = re.compile(
    rf"^\W*(?:record\s)?(?:quarterly\s)?data center (?:segment )?revenue (?:in the quarter )?{_WAS}{amount('value')}",
    re.IGNORECASE,
)
# Of another time: "$30.8 billion a year ago".
_OF_BEFORE = re.compile(r"\b(?:prior|ago|last|previous)\b", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[,;]|\b(?:up|down|an? (?:in|de)crease|increas|decreas|grew)\b", re.IGNORECASE)
_DATA_CENTER_HEADING = re.compile(r"data center\W*", re.IGNORECASE)

_EXPECTS = re.compile(r"\bexpect|\bforecast|\boutlook|\bguidance", re.IGNORECASE)
_OF_QUARTER = re.compile(rf"\b{_ORDINAL}[- ]quarter (?:of )?(?:fiscal )?(?:year )?(?P<year>20\d\d)\b", re.IGNORECASE)

_COLUMN = re.compile(r"\bQ(?P<quarter>[1-4]) (?:FY|Fiscal |FY ?20)?(?P<year>20\d\d|\d\d)\b")
_TABLE_ROWS = {
    "revenue": re.compile(r"(?:total )?revenue(?: \(\$M\))?", re.IGNORECASE),
    "revenue_data_center": re.compile(r"data center(?: \(\$M\))?", re.IGNORECASE),
}
_IN_MILLIONS = re.compile(r"\bin millions\b|\(\$M\)|^\(?millions\b", re.IGNORECASE)
_PRINTED = re.compile(r"(?:(?P<sign>US\$|NT\$|\$|€)\s?)?(?P<value>\d{1,3}(?:,\d{3})+|\d{2,})(?![\d.%])")

# A title stands near the head; menus of a page go before it. A heading is short and has no figures.
_HEAD_LINES = 150
_LONGEST_HEADING = 60
_OUTLOOK_LINES = 3

Measure = Literal["revenue", "revenue_data_center"]


@dataclass(frozen=True)
class _Line:
    """A sentence, the number of its line in the document, and the last heading above it."""

    text: str
    number: int
    heading: str

    @property
    def place(self) -> str:
        return f"line {self.number}" + (f", under {self.heading!r}" if self.heading else "")


@dataclass(frozen=True)
class _Figure:
    """An amount in whole units and what its last printed digit counts."""

    value: int
    rounded_to: int
    currency: str


@dataclass(frozen=True)
class _Found:
    """A figure of the quarter, where it stands, and in which way it is stated."""

    measure: Measure
    figure: _Figure
    stated_in: Literal["sentence", "table"]
    sentence: str
    place: str


def releases_of(
    body: bytes, *, vendor: Vendor, document: str, source: str, sha256: str, published: date | None = None
) -> Parsed:
    """Read one release.

    Args:
        body: the page or exhibit as received.
        vendor: who publishes it.
        document: its address.
        source: ``sec`` or ``newsroom``, for messages.
        sha256: of ``body``, for provenance.
        published: the filing date of an exhibit; ``None`` where the document's own date counts.

    Returns:
        Rows as the contract ``vendor_releases`` has them; none if no line near the head names a quarter's results.
        Contradictions within the document, figures of which nothing says whose quarter they are of and a release of
        results without revenue are among the problems.

    Raises:
        SourceError: the body is empty, or the release bears no date and none is given.
    """
    text = body.decode("utf-8", "replace")
    lines = plain_text(text).splitlines()
    if not lines:
        raise SourceError(source, document, "", "the release is empty", remedy="fetch it again")
    title = _title(lines)
    if title is None:
        return Parsed()
    at, year, quarter = title
    known_from = published or _dated(lines[at : at + 5])
    if known_from is None:
        raise SourceError(source, document, f"line {at + 1}", f"no date near the title {lines[at]!r}")
    reader = _Reader(vendor, document, source, (year, quarter), _sentences(lines, at))
    if not reader.is_of_its_quarter():
        return Parsed([], reader.problems)
    found = [*reader.reported(), *_in_tables(text, (year, quarter))]
    rows = [reader.row(one) for one in reader.agreed(found)]
    rows += reader.expected()
    if not any(row["kind"] == "reported" and row["measure"] == "revenue" for row in rows):
        reader.report(f"line {at + 1}", f"{lines[at]!r} states no revenue of the quarter that could be read")
    common = {
        "document": document,
        "vendor": vendor.slug,
        "known_from": known_from,
        "month": f"{known_from:%Y-%m}",
        "source_sha256": sha256,
    }
    return Parsed([row | common for row in rows], reader.problems)


def _title(lines: list[str]) -> tuple[int, int, int] | None:
    """Index of the line that names the quarter whose results these are, fiscal year and quarter."""
    for number, line in enumerate(lines[:_HEAD_LINES]):
        found = _TITLE.search(line) if "results" in line.casefold() else None
        if found is not None:
            return number, int(found["year"]), _ORDINALS.index(found["ordinal"].casefold()) + 1
    return None


def _dated(lines: Iterable[str]) -> date | None:
    for line in lines:
        if found := _DATE.search(line):
            return _day(found[0])
    return None


def _day(text: str) -> date:
    return datetime.strptime(text, "%B %d, %Y").date()  # noqa: DTZ007 - a date has no zone


def _sentences(lines: list[str], first: int) -> list[_Line]:
    heading = ""
    found: list[_Line] = []
    for number, line in enumerate(lines[first:], first + 1):
        if len(line) <= _LONGEST_HEADING and re.search(r"[A-Za-z]", line) and not re.search(r"\d|[.:;]$", line):
            heading = line
            continue
        found += [_Line(sentence, number, heading) for sentence in split(line)]
    return found


class _Reader:
    """Finds the figures of one release and notes what cannot be read."""

    def __init__(
        self, vendor: Vendor, document: str, source: str, quarter: tuple[int, int], lines: list[_Line]
    ) -> None:
        self.vendor = vendor
        self.document = document
        self.source = source
        self.quarter = quarter
        self.lines = lines
        self.problems: list[SourceError] = []

    def report(self, place: str, reason: str) -> None:
        """Note a problem."""
        self.problems.append(SourceError(self.source, self.document, place, f"{self.vendor.slug}: {reason}"))

    @property
    def next_quarter(self) -> tuple[int, int]:
        """Fiscal year and quarter (1 to 4) after the one reported."""
        year, number = divmod(self.quarter[0] * 4 + self.quarter[1], 4)
        return year, number + 1

    def is_of_its_quarter(self) -> bool:
        """Compare the title's quarter with the day on which the first sentence that says so lets it end."""
        for line in self.lines:
            if found := _ENDED.search(line.text):
                position = fiscal_position(_day(found["end"]), self.vendor)
                if position != self.quarter:
                    said = f"the title says fiscal {self.quarter[0]} Q{self.quarter[1]}"
                    self.report(line.place, f"{said}, but the quarter ended {found['end']}; nothing is read")
                return position == self.quarter
        return True

    def reported(self) -> Iterator[_Found]:
        """Figures of the quarter that sentences state."""
        has_total = any(_total(line.text) for line in self.lines)
        seen_heading = False
        for line in self.lines:
            whole = _total(line.text)
            part = _data_center(line.text)
            quarters = _QUARTERS.match(line.text)
            if quarters is not None and _DATA_CENTER_HEADING.fullmatch(line.heading):
                part = part or quarters
            elif quarters is not None and not has_total and not seen_heading:
                # Before any other figures stands what is about the whole; later on such a sentence is about a segment.
                whole = quarters
            seen_heading = seen_heading or part is not None or quarters is not None
            matches: tuple[tuple[Measure, re.Match[str] | None], ...] = (
                ("revenue", whole),
                ("revenue_data_center", part),
            )
            for measure, match in matches:
                if match is not None and self._is_of_quarter(match):
                    yield _Found(measure, _figure(match, "value"), "sentence", line.text, line.place)

    def _is_of_quarter(self, match: re.Match[str]) -> bool:
        ordinal = match.groupdict().get("ordinal")
        return ordinal is None or _ORDINALS.index(ordinal.casefold()) + 1 == self.quarter[1]

    def agreed(self, found: list[_Found]) -> list[_Found]:
        """The most exact of each measure's sentences and tables; none of a measure if they contradict one another."""
        kept: list[_Found] = []
        for measure in ("revenue", "revenue_data_center"):
            of_measure = [one for one in found if one.measure == measure]
            lowest = max((2 * one.figure.value - one.figure.rounded_to for one in of_measure), default=0)
            highest = min((2 * one.figure.value + one.figure.rounded_to for one in of_measure), default=0)
            if lowest > highest or len({one.figure.currency for one in of_measure}) > 1:
                values = ", ".join(f"{one.figure.value} {one.figure.currency} at {one.place}" for one in of_measure)
                self.report(of_measure[0].place, f"the release contradicts itself about {measure}: {values}")
                continue
            for stated_in in ("sentence", "table"):
                ways = [one for one in of_measure if one.stated_in == stated_in]
                kept += [min(ways, key=lambda one: one.figure.rounded_to)] if ways else []
        return kept

    def expected(self) -> list[Row]:
        """The revenue expected of the next quarter."""
        rows: list[Row] = []
        for index, line in enumerate(self.lines):
            found = guidance_of(line.text)
            if found is None or _DATA_CENTER_HEADING.fullmatch(line.heading):
                continue
            above = [before.text for before in self.lines[max(0, index - _OUTLOOK_LINES) : index]]
            quarter = _quarter_of([line.text, *(text for text in reversed(above) if _EXPECTS.search(text))])
            if isinstance(found, str):
                # Of a sentence that tells of the quarter itself nothing is missing.
                if quarter == self.next_quarter:
                    self.report(line.place, f"{line.text!r} is not read: {found}")
                continue
            if quarter is None:
                self.report(line.place, f"{line.text!r} does not say which quarter it is about")
                continue
            if quarter != self.next_quarter:
                self.report(
                    line.place, f"{line.text!r} is about fiscal {quarter[0]} Q{quarter[1]}, not the next quarter"
                )
                continue
            rows.append(_outlook(found, quarter) | {"sentence": line.text, "place": line.place})
        # A headline repeats the figure without its tolerance.
        ranges = [row for row in rows if row["low"] < row["high"]]
        middles = {row["value"] for row in ranges}
        rows = [row for row in rows if row in ranges or row["value"] not in middles]
        if len(rows) > 1 and len({(row["low"], row["high"]) for row in rows}) > 1:
            self.report(rows[0]["place"], f"two outlooks: {rows[0]['sentence']!r} and {rows[1]['sentence']!r}")
            return []
        return rows[:1]

    def row(self, found: _Found) -> Row:
        """A reported figure as a row."""
        return {
            "kind": "reported",
            "measure": found.measure,
            "stated_in": found.stated_in,
            "fiscal_year": self.quarter[0],
            "fiscal_quarter": self.quarter[1],
            "value": found.figure.value,
            "rounded_to": found.figure.rounded_to,
            "currency": found.figure.currency,
            "low": None,
            "high": None,
            "tolerance": None,
            "sentence": found.sentence,
            "place": found.place,
        }


def _quarter_of(texts: Iterable[str]) -> tuple[int, int] | None:
    for text in texts:
        if found := _OF_QUARTER.search(text):
            return int(found["year"]), _ORDINALS.index(found["ordinal"].casefold()) + 1
    return None


def _figure(match: re.Match[str], name: str) -> _Figure:
    digits = match[name].replace(",", "")
    unit = match[f"{name}_unit"]
    value = Decimal(digits) * UNITS[unit.casefold()]
    return _Figure(int(value), rounding(digits, unit), CURRENCIES[match[f"{name}_sign"].upper()])


def _total(text: str) -> re.Match[str] | None:
    """Where a sentence states the whole company's revenue of the quarter."""
    whole = (match for match in _TOTAL.finditer(text) if is_whole(text[: match.start()]))
    return next(whole, None) or _TOTAL_FIRST.match(text)


def _data_center(text: str) -> re.Match[str] | None:
    """Where a sentence states the data-centre revenue, not saying that it is that of a longer or an earlier time."""
    match = _DATA_CENTER.match(text)
    if match is None:
        return None
    clause = _CLAUSE_END.split(text[match.end() :], maxsplit=1)[0]
    return None if is_longer(clause) or _OF_BEFORE.search(clause) else match


def _outlook(found: Guidance, quarter: tuple[int, int]) -> Row:
    return {
        "kind": "expected",
        "measure": "revenue",
        "stated_in": "sentence",
        "fiscal_year": quarter[0],
        "fiscal_quarter": quarter[1],
        "value": found.value,
        "rounded_to": found.rounded_to,
        "currency": found.currency,
        "low": found.low,
        "high": found.high,
        "tolerance": found.tolerance,
    }


def _in_tables(markup: str, quarter: tuple[int, int]) -> Iterator[_Found]:
    """Figures of the quarter from tables in millions whose first column of figures bears its name."""
    for number, table in enumerate(BeautifulSoup(markup, "lxml").find_all("table"), 1):
        rows = [_cells(row) for row in table.find_all("tr")]
        if not any(_IN_MILLIONS.search(cell) for row in rows for cell in row):
            continue
        column: tuple[int, int] | None = None
        for cells in rows:
            named = [found for cell in cells if (found := _COLUMN.search(cell))]
            if named:
                column = 2000 + int(named[0]["year"]) % 100, int(named[0]["quarter"])
                continue
            line = " ".join(cells)
            for measure, label in _TABLE_ROWS.items():
                if column == quarter and cells and label.fullmatch(cells[0]):
                    printed = _PRINTED.search(" ".join(cells[1:]))
                    if printed is not None:
                        value = int(printed["value"].replace(",", "")) * 10**6
                        currency = CURRENCIES[printed["sign"] or "$"]
                        figure = _Figure(value, 10**6, currency)
                        yield _Found(measure, figure, "table", line, f"table {number}")  # type: ignore[arg-type]


def _cells(row: Tag) -> list[str]:
    texts = (one_line(cell.get_text(" ")) for cell in row.find_all(["td", "th"]))
    return [text for text in texts if text]
