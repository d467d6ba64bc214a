"""The official lists as the eCFR printed them on a day: supplements No. 4, 6 and 7 to part 744 of title 15.

The versioner service of the eCFR (https://www.ecfr.gov/developers/documentation/api/v1) lists the days on which a part
changed, since 2017, and gives the whole part as it stood on a day. Its XML is that of the publishers' guide "eCFR XML",
with tables in the manner of HTML: ``TABLE`` with ``THEAD``, ``TBODY`` and ``TFOOT``, cells in which ``<br/>`` ends a
printed line, footnote marks in ``<sup>``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, Final

from lxml import etree

from assets.entity_list import damage
from assets.entity_list.citations import citations
from assets.entity_list.destinations import Destination, destination, or_as_printed
from assets.entity_list.entity_cell import PARTS, EntityCell, read_entity
from assets.entity_list.entity_names import number
from assets.entity_list.lists import ENTITY_LIST, LISTS, MILITARY_END_USER_LIST, UNVERIFIED_LIST, ControlList
from assets.entity_list.table import CONTINUED, RESERVED
from assets.federal_register.full_text import place, refuse_page, tidy, xml_root
from resources.documents import Parsed, Row, SourceError, read_json

SOURCE: Final = "ecfr"
BASE: Final = "https://www.ecfr.gov"

_PART: Final = "744"
_REFETCH: Final = "fetch the part again; if it comes the same, report it to the eCFR"
_FIRST_DAYS: Final = {
    ENTITY_LIST.name: date.min,
    UNVERIFIED_LIST.name: date.min,
    # Supplement No. 7 was added on this day (85 FR 83793).
    MILITARY_END_USER_LIST.name: date(2020, 12, 23),
}
_SUPPLEMENT: Final = re.compile(r"Supplement No\. (\d{1,2}) to Part 744", re.IGNORECASE)
_NOTES: Final = {"EDNOTE": "editorial_note", "EFFDNOT": "effective_date_note"}
_PARAGRAPHS: Final = frozenset({"PSPACE", "P", "FP"})
_READ_ELSEWHERE: Final = frozenset({"HEAD", "P", "DIV", "TABLE", "CITA", *_NOTES})
"""What a supplement consists of; its introductory paragraphs and its own history (CITA) are no rows."""
_NUMBERED: Final = re.compile(r"\d{1,2}\. ")

_BREAK: Final = "\x1e"  # neither is a character that XML allows
_FACE: Final = "\x1f"
_CONNECTIVES: Final = re.compile(r"(?:and|or)?[\s,;:.]*", re.IGNORECASE)
_RAISED_NUMBERS: Final = re.compile(r"[\s,]*\d{1,2}(?:[\s,]+\d{1,2})*[\s,]*")
_SLASHES: Final = ("\u2044", "/")

_GROUP: Final = re.compile(rf"the following (?:([\w-]{{1,20}}) )?{PARTS} of .{{1,300}}:", re.IGNORECASE)
"""Words over a group of entries: not an entry, and what they belong to is not listed by them."""
_LABEL: Final = re.compile(rf"{PARTS}\s*:?", re.IGNORECASE)
# How the cells behind the entity begin; the words of one column do not do for another.
_SHAPES: Final = (
    re.compile(r"(?:for\s+)?(?:all|any)\s+(?:other\s+)?items\b|(?:for\s+)?items\b", re.IGNORECASE),
    re.compile(r"(?:policy|presumption)\s+of\b|case-by-case|see\s+§", re.IGNORECASE),
    re.compile(r"\d{2,3}\s*FR\b", re.IGNORECASE),
)
_MOST_PAGES: Final = 50
"""Of the list of versions: part 744 has had some 60 versions a year, and a page has up to 1,000."""
_DOUBTFUL_CELL: Final = (
    "compare aliases, addresses and sub_entities with entry_text; where they are cut wrongly, teach entity_cell.py the "
    "case; where the document announces another number than it prints, nothing is to be done"
)
_DAMAGED: Final = (
    "compare it with the list as printed at ecfr.gov: fetch the part again if it is cut; if the text is right, set "
    "CHOKEPOINT_ACCEPTED_LOSSES=entity_list_snapshots:YYYY-MM with its month"
)
_TWICE: Final = "the row is taken once; if both stand at ecfr.gov, nothing is to be done"
_SHIFTED_CELL: Final = (
    "look at the printed list: where it has the columns so, nothing is to be done until it is corrected there; "
    "otherwise the row is read wrongly"
)


# --- addresses and days ---------------------------------------------------------------------------------------------


def snapshot_url(base: str, day: date) -> str:
    """Return the address of part 744 as it stood on a day."""
    return f"{base.rstrip('/')}/api/versioner/v1/full/{day.isoformat()}/title-15.xml?part={_PART}"


def versions_url(base: str, page: int = 1) -> str:
    """Return the address of a page of the versions of part 744; a page has up to 1,000, and the first has no number."""
    more = f"&page={page}" if page > 1 else ""
    return f"{base.rstrip('/')}/api/versioner/v1/versions/title-15.json?part={_PART}{more}"


@dataclass(frozen=True)
class VersionsPage:
    """One page of the list of versions.

    Attributes:
        document: its address, for messages.
        days: the day of each version on it, as listed.
        pages: how many pages there are; 1 where the source does not say.
        count: how many versions there are on all pages; ``None`` where the source does not say.
    """

    document: str
    days: list[date]
    pages: int
    count: int | None


def versions_page(body: bytes, *, document: str) -> VersionsPage:
    """Read one page of the list of versions: ``content_versions``, each with the ``date`` it holds from.

    Raises:
        SourceError: (``is_index``) the body is empty, an HTML page, not JSON, or of another shape; a version without a
            day is one, since a snapshot could be missing with it.
    """
    answer = read_json(body, partial(_broken, document))
    versions = answer.get("content_versions") if isinstance(answer, dict) else None
    if not isinstance(versions, list):
        raise _broken(document, "$.content_versions", "no list of versions")
    days = [_day_of(version, document, f"$.content_versions[{at}]") for at, version in enumerate(versions)]
    meta = answer.get("meta")
    if meta is not None and not isinstance(meta, dict):
        raise _broken(document, "$.meta", "not an object")
    said = meta or {}
    count = _count(said.get("result_count"), document, "$.meta.result_count")
    pages = _count(said.get("total_pages"), document, "$.meta.total_pages")
    if pages is not None and not 0 < pages <= _MOST_PAGES:
        raise _broken(document, "$.meta.total_pages", f"not a number of pages to ask for: {pages}")
    return VersionsPage(document, days, pages or 1, count)


def version_days(pages: Sequence[VersionsPage]) -> list[date]:
    """Return the days on which the part changed, in order, each once, from all pages of the list.

    Raises:
        SourceError: (``is_index``) there is no page, a page is missing, there are other than as many versions as the
            source counts, or none at all: part 744 has had versions since 2017.
    """
    if not pages:
        raise _broken(versions_url(BASE), "", "no page")
    first = pages[0]
    if len(pages) != first.pages:
        raise _broken(first.document, "$.meta.total_pages", f"{len(pages)} pages of {first.pages} were read")
    listed = [day for page in pages for day in page.days]
    if first.count is not None and len(listed) != first.count:
        reason = f"{first.count} versions are counted, {len(listed)} listed"
        raise _broken(first.document, "$.meta.result_count", reason)
    if not listed:
        raise _broken(first.document, "$.content_versions", "no version of the part")
    return sorted(set(listed))


def days_to_take(days: Iterable[date], month: str) -> list[date]:
    """Return the days of a month whose snapshots are taken: its last version, and the very first version of all.

    The first of all is the base from which changes can be replayed, whatever else its month brings.
    """
    ordered = sorted(set(days))
    within = [day for day in ordered if f"{day:%Y-%m}" == month]
    return sorted({within[-1], *(day for day in within if day == ordered[0])}) if within else []


def _day_of(version: Any, document: str, where: str) -> date:
    value = (version.get("date") or version.get("issue_date")) if isinstance(version, dict) else None
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        raise _broken(document, where, f"a version without a day: {version!r:.100}")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise _broken(document, where, f"not a day: {value}") from error


def _count(value: Any, document: str, where: str) -> int | None:
    """Read a count; the source writes numbers as text."""
    if value is None:
        return None
    words = str(value)
    if isinstance(value, bool) or not (words.isascii() and words.isdecimal()):
        raise _broken(document, where, f"not a count: {value!r:.100}")
    return int(words)


def _broken(document: str, where: str, reason: str) -> SourceError:
    return SourceError(SOURCE, document, where, reason, remedy=_REFETCH, is_index=True)


# --- a snapshot -----------------------------------------------------------------------------------------------------


def snapshot(body: bytes, *, snapshot_date: date, source_sha256: str) -> Parsed:
    """Read the three lists of a snapshot of part 744.

    Args:
        body: the XML as received.
        snapshot_date: the day it was asked for; the body itself bears none.
        source_sha256: sha256 of the body.

    Returns:
        Rows of ``entity_list_snapshots``: the entries, footnotes and notes of each list, in printed order; and what of
        them could not be read, or stands in another cell than its words belong to (such a cell is kept as printed).

    Raises:
        SourceError: the body is empty, an HTML page, not well formed (with the line), declares entities, is another
            part, lacks a supplement that existed on that day or the columns of its table, or has no entry in the Entity
            List.
    """
    document = snapshot_url(BASE, snapshot_date)
    root = _parse(body, document)
    rows: list[Row] = []
    problems: list[SourceError] = []
    for of in LISTS:
        supplement = _supplement(root, of, document)
        if supplement is None:
            if snapshot_date >= _FIRST_DAYS[of.name]:
                raise _refused(document, f"Supplement No. {of.supplement}", f"no supplement: the {of.name} is missing")
            continue
        reader = _ListReader(of, document)
        reader.read(supplement)
        if of is ENTITY_LIST and not reader.entries:
            raise _refused(document, place(supplement), "no entry in the Entity List")
        common = {
            "source": SOURCE,
            "snapshot_date": snapshot_date,
            "month": f"{snapshot_date:%Y-%m}",
            "list_name": of.name,
            "source_sha256": source_sha256,
        }
        of_list = [common | row for row in reader.rows()]
        rows += of_list
        problems += [*reader.problems, *_damages(damage.within_a_text(_entries_of(of_list)), of, snapshot_date)]
    return Parsed(rows, problems)


def losses(before: Sequence[Row], now: Sequence[Row], *, floor: bool) -> list[SourceError]:
    """Hold a snapshot against an earlier one, and against what the Entity List has at least.

    Args:
        before: rows of the last snapshot before it; none where no earlier one is held.
        now: its rows, as :func:`snapshot` gives them.
        floor: whether the lists must be whole ones; those of samples are not.

    Returns:
        What it cannot have lost by a rule: each names the snapshot, the row where there is one, and both values.

    Raises:
        SourceError: entries by the hundred, or a destination, are gone: nothing of the snapshot is to be used.
    """
    problems: list[SourceError] = []
    for of in LISTS:
        entries = _entries_of(now, of)
        if not entries:
            continue
        day = entries[0]["snapshot_date"]
        found = damage.since_the_last_text(_entries_of(before, of), entries)
        if of is ENTITY_LIST and floor:
            found += damage.below_the_floor(entries, day)
        problems += _damages(found, of, day)
    return problems


def _entries_of(rows: Sequence[Row], of: ControlList | None = None) -> list[Row]:
    return [row for row in rows if row["kind"] == "entry" and (of is None or row["list_name"] == of.name)]


def _damages(found: Iterable[damage.Damage], of: ControlList, day: date) -> list[SourceError]:
    """Return damages as problems; raise the first with which nothing of the snapshot is to be used."""
    problems = []
    for one in found:
        where = one.place or f"Supplement No. {of.supplement}"
        reason = f"{of.name} of {day}: {one.reason}"
        error = SourceError(SOURCE, snapshot_url(BASE, day), where, reason, remedy=_DAMAGED)
        if one.spoils_list:
            raise error
        problems.append(error)
    return problems


def _parse(body: bytes, document: str) -> etree._Element:
    """Parse a part; entities and external references are never resolved."""
    refused = partial(_refused, document)
    refuse_page(body, refused)
    # A declaration in another encoding hides from this search, and is found below by the DTD it makes.
    if b"<!ENTITY" in body:
        raise _refused(document, "", "declares entities, which are not resolved")
    root = xml_root(body, refused)
    if root.getroottree().docinfo.internalDTD is not None:
        raise _refused(document, "line 1", "has a DTD, which the eCFR does not send")
    if (root.tag, root.get("TYPE"), root.get("N")) != ("DIV5", "PART", _PART):
        found = f"{root.tag} {root.get('TYPE', '')} {root.get('N', '')}".strip()
        raise _refused(document, f"line {root.sourceline}", f"the root is {found:.100}, not DIV5 PART {_PART}")
    return root


def _supplement(root: etree._Element, of: ControlList, document: str) -> etree._Element | None:
    found = [
        element
        for element in root.iter("DIV9")
        if (named := _SUPPLEMENT.fullmatch(element.get("N", "").strip())) and int(named[1]) == of.supplement
    ]
    if len(found) > 1:
        raise _refused(document, place(found[1]), f"Supplement No. {of.supplement} stands {len(found)} times")
    return found[0] if found else None


def _refused(document: str, where: str, reason: str) -> SourceError:
    return SourceError(SOURCE, document, where, reason, remedy=_REFETCH)


# --- words of a cell ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Line:
    """A printed line, and the words in another face (italics) it begins with, if any but a conjunction."""

    words: str
    lead: str = ""


@dataclass
class _Cell:
    """A cell's printed lines and the footnotes its raised numbers point to."""

    lines: list[_Line] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All its words on one line."""
        return tidy(" ".join(line.words for line in self.lines))


def _cell(element: etree._Element) -> _Cell:
    cell = _Cell()
    pieces: list[str] = []
    _collect(element, pieces, cell.marks)
    for piece in "".join(pieces).split(_BREAK):
        lead = re.match(rf"\s*{_FACE}([^{_FACE}]*){_FACE}", piece)
        if words := tidy(piece.replace(_FACE, "")):
            cell.lines.append(_Line(words, tidy(lead[1]) if lead else ""))
    return cell


def _collect(element: etree._Element, pieces: list[str], marks: list[str]) -> None:
    pieces.append(element.text or "")
    for child in element:
        tail = child.tail or ""
        if child.tag == "br":
            pieces.append(_BREAK)
        elif child.tag == "sup":
            _collect_raised(child, pieces, marks)
        else:
            inner: list[str] = []
            _collect(child, inner, marks)
            words = "".join(inner)
            # Words set in another face (E) are words of their own, even if printed against a letter.
            if child.tag == "E":
                if "".join(pieces[-1:])[-1:].isalpha() and words[:1].isalnum():
                    pieces.append(" ")
                if (words[-1:].isalnum() or words[-1:] in ",;:)") and tail[:1].isalpha():
                    tail = f" {tail}"
                if not _CONNECTIVES.fullmatch(words):
                    words = f"{_FACE}{words.replace(_FACE, '')}{_FACE}"
            pieces.append(words)
        pieces.append(tail)


def _collect_raised(element: etree._Element, pieces: list[str], marks: list[str]) -> None:
    """Take a raised sign: fractions and an ordinal's letters join their number, footnote numbers leave the words."""
    words = "".join(element.itertext()).strip()
    if (element.tail or "").lstrip().startswith(_SLASHES):
        before = pieces[-1]
        pieces.append(f" {words}" if before[-1:].isdecimal() else words)  # 1 1⁄2, not 11⁄2
    elif _RAISED_NUMBERS.fullmatch(words):
        marks += [mark for mark in re.findall(r"\d+", words) if mark not in marks]
        # The comma of "§ 734.9(g),³" is raised with the number in some rows.
        pieces.append("," if words.startswith(",") or words.endswith(",") else "")
    else:
        pieces[-1] = pieces[-1].rstrip()
        pieces.append(words)


# --- a list ---------------------------------------------------------------------------------------------------------


@dataclass
class _Entry:
    destination: Destination
    country_as_printed: str
    lines: list[_Line]
    rest: list[str]
    """Requirement, policy and citation, or the citation alone: what the columns behind the entity say."""
    marks: list[str]
    location: str
    group: str = ""
    """The words over the group it belongs to."""


@dataclass
class _Group:
    words: str
    announced: int | None
    rest: list[str]
    location: str
    found: int = 0


class _ListReader:
    """Puts the rows of a supplement's table together into entries, and reads its footnotes and notes."""

    def __init__(self, of: ControlList, document: str) -> None:
        self.entries: list[_Entry] = []
        self.problems: list[SourceError] = []
        self._of = of
        self._document = document
        self._footnotes: list[tuple[list[str], str, str]] = []  # designations, words, location
        self._notes: list[tuple[str, str, str]] = []  # kind, words, location
        self._printed: str | None = None
        self._destination: Destination | None = None
        self._open: _Entry | None = None
        self._group: _Group | None = None
        self._seen: dict[tuple[str, ...], _Entry] = {}

    def read(self, supplement: etree._Element) -> None:
        for child in supplement:
            if child.tag in _NOTES:
                self._take_notes(child)
            elif child.tag not in _READ_ELSEWHERE and "".join(child.itertext()).strip():
                self._problem(child, f"an element that is not read: {' '.join(''.join(child.itertext()).split()):.200}")
        tables = [
            table
            for table in supplement.iter("TABLE")
            if not any(above.tag in _NOTES or above.tag == "TABLE" for above in table.iterancestors())
        ]
        if not tables:
            raise _refused(self._document, place(supplement), f"the {self._of.name} has no table")
        for table in tables:
            columns = self._columns(table)
            for row in table.iter("TR"):
                if row.find("TH") is None:
                    self._take(row, columns)
        self._end_group()
        self._check_footnotes(supplement)

    def rows(self) -> Iterator[Row]:
        """Yield rows without source, day and list."""
        for position, entry in enumerate(self.entries, start=1):
            yield self._entry_row(position, entry)
        for position, (designations, words, location) in enumerate(self._footnotes, start=1):
            yield _note_row("footnote", position, words, location, designations)
        positions = dict.fromkeys(_NOTES.values(), 0)
        for kind, words, location in self._notes:
            positions[kind] += 1
            yield _note_row(kind, positions[kind], words, location, [])

    def _columns(self, table: etree._Element) -> list[int]:
        """Return where in a row each of the list's columns stands, by the table's titles."""
        titles = [_cell(title).text.casefold() for title in table.iter("TH")]
        at = [next((n for n, t in enumerate(titles) if t.startswith(c.casefold())), -1) for c in self._of.columns]
        if -1 in at or len(titles) != len(self._of.columns):
            reason = f"the columns are {titles!r:.300} instead of {list(self._of.columns)}"
            raise _refused(self._document, place(table), reason)
        return at

    def _take(self, row: etree._Element, columns: list[int]) -> None:
        cells = [_cell(cell) for cell in row.findall("TD")]
        above = row.getparent()
        if above is not None and above.tag == "TFOOT":
            self._take_footnote(row, cells)
            return
        if len(cells) == 1 and destination(CONTINUED.sub("", cells[0].text)) is not None:
            self._country(cells[0].text, row)
            return
        if len(cells) != len(columns):
            words = " | ".join(cell.text for cell in cells)
            self._end_entry()
            self._problem(row, f"{len(cells)} cells instead of {len(columns)}: {words:.200}")
            return
        country, entity, *rest = (cells[at] for at in columns)
        if country.text:
            self._country(country.text, row)
        behind = [cell.text for cell in rest]
        if not entity.lines and not any(behind):
            return
        if all(RESERVED.fullmatch(words) for words in (entity.text, *behind) if words):
            self._end_entry()
        elif not entity.lines:
            self._end_entry()
            self._problem(row, f"a row without an entity: {' | '.join(behind):.200}")
        else:
            marks = list(dict.fromkeys(mark for cell in (entity, *rest[:-1]) for mark in cell.marks))
            self._take_entity(row, entity, behind, marks)

    def _take_entity(self, row: etree._Element, entity: _Cell, rest: list[str], marks: list[str]) -> None:
        if len(entity.lines) == 1 and (group := _GROUP.fullmatch(entity.text)):
            self._end_entry()
            self._group = _Group(entity.text, number(group[1] or ""), rest, place(row))
            if not all(rest):
                self._problem(row, f"what follows has no {self._missing(rest)}: {entity.text:.200}")
        elif any(rest):
            self._end_entry()
            if not all(rest):
                self._problem(row, f"no {self._missing(rest)} for {entity.text:.200}")
            if any(shape.match(entity.text) for shape in _SHAPES):
                self._problem(
                    row,
                    f"the words of another column in {self._of.columns[1]}: {entity.text:.200}",
                    remedy=_SHIFTED_CELL,
                )
            self._check_shapes(row, entity, rest)
            self._open = self._add(row, entity, rest, marks)
        elif self._group is not None:
            if not _LABEL.fullmatch(entity.text):
                self._group.found += 1
                self._add(row, entity, self._group.rest, marks, group=self._group.words)
        elif self._open is not None:
            self._open.lines += entity.lines
            self._open.marks += [mark for mark in marks if mark not in self._open.marks]
        else:
            self._problem(row, f"neither a whole entry nor the continuation of one: {entity.text:.200}")

    def _add(
        self, row: etree._Element, entity: _Cell, rest: list[str], marks: list[str], *, group: str = ""
    ) -> _Entry | None:
        if self._destination is None or self._printed is None:
            self._problem(row, f"an entry before any country: {entity.text:.200}")
            return None
        entry = _Entry(self._destination, self._printed, list(entity.lines), rest, marks, place(row), group)
        first = self._seen.setdefault((self._destination.name, *(line.words for line in entity.lines)), entry)
        if first is not entry:
            same = first.rest == rest
            said = "the same again" if same else f"{' | '.join(rest)}, and there {' | '.join(first.rest)}"
            self._problem(row, f"stands at {first.location} too, {said}: {entity.text:.200}", remedy=_TWICE)
            if same:
                return entry  # once is enough; what continues it is not lost on another entry
        self.entries.append(entry)
        return entry

    def _country(self, printed: str, row: etree._Element) -> None:
        words = CONTINUED.sub("", printed)
        if words == printed:
            self._end_entry()
        self._printed, self._destination = words, or_as_printed(words)
        if destination(words) is None:
            self._problem(row, f"a destination that is not in our table: {words:.100}")

    def _end_entry(self) -> None:
        self._open = None
        self._end_group()

    def _end_group(self) -> None:
        group, self._group = self._group, None
        if group is not None and group.announced not in (None, group.found):
            reason = f"{group.announced} entries are announced and {group.found} found: {group.words:.200}"
            self.problems.append(self._error(group.location, reason))

    def _missing(self, rest: list[str]) -> str:
        return " and no ".join(c for c, words in zip(self._of.columns[2:], rest, strict=True) if not words)

    def _check_shapes(self, row: etree._Element, entity: _Cell, rest: list[str]) -> None:
        for at, words in enumerate(rest):
            own = at + len(_SHAPES) - len(rest)
            other = next((n for n, shape in enumerate(_SHAPES) if shape.match(words)), own)
            if other != own and not _SHAPES[own].match(words):
                title = self._of.columns[2 + at]
                named = " ".join(entity.text.split())
                reason = f"the words of another column in {title} of {named:.80}, kept as printed: {words:.200}"
                self._problem(row, reason, remedy=_SHIFTED_CELL)

    def _take_footnote(self, row: etree._Element, cells: list[_Cell]) -> None:
        words = tidy(" ".join(cell.text for cell in cells))
        marks = [mark for cell in cells for mark in cell.marks]
        if not words:
            return
        if not marks:
            self._problem(row, f"a footnote without its number: {words:.200}")
        self._footnotes.append((marks, words, place(row)))

    def _take_notes(self, element: etree._Element) -> None:
        """Take the notes of an element: each numbered paragraph begins one, and so does the first."""
        notes: list[list[str]] = []
        for part in element:
            words = _cell(part).text
            if part.tag in _PARAGRAPHS and words:
                if not notes or _NUMBERED.match(words):
                    notes.append([])
                notes[-1].append(words)
            elif part.tag != "HED" and words:
                self._problem(part, f"an element of a note that is not read: {words:.200}")
        self._notes += [(_NOTES[element.tag], "\n".join(note), place(element)) for note in notes]

    def _check_footnotes(self, supplement: etree._Element) -> None:
        printed = {mark for marks, _, _ in self._footnotes for mark in marks}
        used: dict[str, list[str]] = {}
        for entry in self.entries:
            for mark in entry.marks:
                used.setdefault(mark, []).append(entry.location)
        for mark, places in sorted(used.items()):
            if mark not in printed:
                reason = f"{len(places)} entries point to footnote {mark}, which is not printed; first at {places[0]}"
                self._problem(supplement, reason)

    def _entry_row(self, position: int, entry: _Entry) -> Row:
        printed = [line.words for line in entry.lines]
        # The eCFR sets the names of parts apart, so that they need not be told from addresses by their words.
        cell = read_entity(printed, set_apart={line.lead for line in entry.lines if line.lead})
        doubts = cell.doubts if cell.name else [*cell.doubts, "no name"]
        if doubts:
            reason = f"names that may be cut wrongly in the entry {cell.name:.80}: {', '.join(doubts)}"
            self.problems.append(self._error(entry.location, reason, remedy=_DOUBTFUL_CELL))
        requirement, policy, citation = entry.rest if len(entry.rest) == len(_SHAPES) else ("", "", *entry.rest)
        return {
            "kind": "entry",
            "position": position,
            "country": entry.destination.name,
            "country_code": entry.destination.code,
            "country_as_printed": entry.country_as_printed,
            "entry_name": cell.name or printed[0],
            **cell.columns,
            "license_requirement": requirement or None,
            "license_review_policy": policy or None,
            "footnotes": entry.marks,
            "federal_register_citation": citation or None,
            "citations": citations(citation),
            "entry_text": "\n".join([entry.group, *printed] if entry.group else printed),
            "location": entry.location,
        }

    def _problem(self, element: etree._Element, reason: str, *, remedy: str = "") -> None:
        self.problems.append(self._error(place(element), reason, remedy=remedy))

    def _error(self, where: str, reason: str, *, remedy: str = "") -> SourceError:
        return SourceError(SOURCE, self._document, where, reason, remedy=remedy)


def _note_row(kind: str, position: int, words: str, location: str, designations: list[str]) -> Row:
    return {
        "kind": kind,
        "position": position,
        "country": None,
        "country_code": None,
        "country_as_printed": None,
        "entry_name": None,
        **EntityCell("").columns,
        "license_requirement": None,
        "license_review_policy": None,
        "footnotes": designations,
        "federal_register_citation": None,
        "citations": [],
        "entry_text": words,
        "location": location,
    }
