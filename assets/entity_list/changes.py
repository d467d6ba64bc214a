"""The table ``entity_list_changes``: what a rule does to the entries of the lists in part 744 of the EAR.

The instructions say which entries are added, revised, corrected, moved or removed; the tables that follow give the text
of those added or revised. Both must agree, and with the numbers that the summary announces: a name that stands in one
and not in the other is a problem that names it, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import SequenceMatcher
from functools import lru_cache
from operator import itemgetter
from typing import Final

from lxml import etree

from assets.entity_list.announced import Announced, announced
from assets.entity_list.claim import Claim, Verb
from assets.entity_list.claims import has_stray_mark, read_claims
from assets.entity_list.delay import Delay, read_delays
from assets.entity_list.destinations import Destination, destination
from assets.entity_list.entity_cell import EntityCell, name_key, read_entity
from assets.entity_list.lists import ENTITY_LIST, LISTS, ControlList, lists_among, lists_named
from assets.entity_list.overlooked import overlooked
from assets.entity_list.table import TableEntry, read_tables
from assets.entity_list.temporary import endings
from assets.entity_list.text_corrections import (
    TextCorrection,
    corrects_a_day,
    page_of,
    read_day_corrections,
    read_text_corrections,
)
from assets.entity_list.which_list import told_by_tables
from assets.federal_register.corrections import own_correction_of
from assets.federal_register.dates import read_date
from assets.federal_register.document import read_preamble
from assets.federal_register.full_text import AMENDING_ROOTS, SOURCE, parse
from assets.federal_register.instructions import Instruction, above, read_instructions
from assets.federal_register.pages import Pages, pages_of
from resources.documents import Parsed, Row, SourceError

_LONGEST_NAME: Final = 500  # letters, with what stands between them
_PART: Final = "744"
_OF_A_LIST: Final = re.compile(r"\b(?:tables?|entr(?:y|ies)|entity|entities|country|destinations?)\b", re.IGNORECASE)
_ALIKE: Final = 0.88
"""Names at least this similar (share of matching characters) under one destination are one name misprinted."""


def changes(body: bytes, *, document_number: str, publication_date: date, source_sha256: str) -> Parsed:
    """Read the changes that a document makes to the Entity List, the Unverified List and the Military End-User List.

    Args:
        body: the full text as XML, as received.
        document_number: as the API gives it.
        publication_date: the issue's day.
        source_sha256: digest of ``body``.

    Returns:
        The rows of ``entity_list_changes`` in the order of the instructions; none for a document that does not amend
        Supplements No. 4, 6 or 7 to part 744. An entry that an instruction adds or revises and no table gives has a row
        without text (``text_supplied`` false): such an amendment cannot be made to the CFR. A rule that delays another
        one's effect has a row with the verb ``delay``. A document that corrects another one has rows with the verb
        ``correct`` that name it: with the entry's text where it sets that out, otherwise with the wrong words and the
        right ones (``text_before``, ``text_after``), which only the document corrected can place.
        Problems: instructions that are not understood, entries that
        instruction and table do not both name, numbers that differ from those the summary announces, table rows that
        fit no layout, entity cells read with doubt, and tables or instructions that look like a list's while nothing
        says that they are.

    Raises:
        SourceError: the body cannot be read.
    """
    root = parse(body, document=document_number)
    if root.tag not in AMENDING_ROOTS:
        return Parsed()
    preamble = read_preamble(root, publication_date)
    instructions = told_by_tables(root, read_instructions(root, preamble.effect))
    corrected = own_correction_of(document_number)
    is_correction = corrected is not None or any(one.corrects is not None for one in instructions)
    if preamble.effect.first is None and is_correction and not preamble.dates_text:
        # A correction needs no DATES of its own.
        instructions = [replace(one, effective_date=one.effective_date or publication_date) for one in instructions]
    of_document = _of_document(document_number, publication_date, source_sha256, corrected)
    rows: list[Row] = []
    problems: list[SourceError] = []
    claimed: set[etree._Element] = set()
    part_named = f"15 CFR {_PART}" in preamble.cfr_references
    of_days = [one for one in instructions if corrects_a_day(one) and (one.cfr_part == _PART or part_named)]
    days = {one.index: read_day_corrections(one) for one in of_days}
    problems += [
        SourceError(SOURCE, document_number, one.location, f"a correction of a day is not read: {one.text:.300}")
        for one in of_days
        if not days[one.index]
    ]
    words = _text_corrections([one for one in instructions if one.index not in days])
    problems += _half_read(words, document_number)
    groups = _groups(root, [one for one in instructions if one.index not in words and one.index not in days])
    pages = pages_of(root)
    for of in LISTS:
        made: list[_Change] = []
        for group in groups[of.name]:
            reader = _GroupReader(group, instructions, document_number, of)
            made += reader.read()
            problems += reader.problems
            claimed |= set(group.tables)
        made_rows = [_row(change, of, of_document, pages) for change in made]
        made_rows += [
            _text_row(one, of, of_document)
            for found in words.values()
            for one in found
            if _list_of(one.instruction) is of
        ]
        rows += sorted(made_rows, key=itemgetter("amendment_index"))
        problems += _against(announced(preamble.summary or "", of), made, of, document_number)
    read = {one.index for one in instructions if _list_of(one) is not None}
    problems += overlooked(root, instructions, read, claimed, document_number)
    for row in rows:
        if row["effective_date"] is None:
            reason = f"no day of effect for {row['entry_name'] or row['text_before']}"
            problems.append(SourceError(SOURCE, document_number, row["location"], reason))
    problems += _ends(preamble.dates_text or "", rows, document_number)
    told = read_delays(preamble.dates_text or "", preamble.cfr_references, instructions)
    rows += [_delay_row(delay, of_document) for delay in told.delays]
    problems += [SourceError(SOURCE, document_number, where, reason) for where, reason in told.unread]
    rows += [_day_row(one, of_document) for found in days.values() for one in found]
    for index, row in enumerate(rows, 1):
        row["change_index"] = index
    return Parsed(rows, problems)


def _ends(dates_text: str, rows: Sequence[Row], document: str) -> list[SourceError]:
    """Report the ends that a DATES section sets for changes to a list: no row says them."""
    problems = []
    for end in endings(dates_text):
        if concerned := [row for row in rows if end.concerns(row["amendment_label"])]:
            names = ", ".join(dict.fromkeys(row["entry_name"] or row["text_before"] for row in concerned))
            reason = (
                f"an end is set, which is no change here, so that they seem to last: {names:.300}: {end.words:.300}"
            )
            problems.append(SourceError(SOURCE, document, "DATES", reason))
    return problems


def _against(told: list[Announced], made: Sequence[_Change], of: ControlList, document: str) -> list[SourceError]:
    """Hold what the summary announces against what instructions and tables give; each disagreement names both."""
    problems = []
    for one in told:
        entries = [change for change in made if change.verb in one.verbs]
        names = {name_key(change.cell.name) for change in entries}
        # Sub-entities named in an entry may count as entities, and so may each of its destinations.
        parts = sum(len(change.cell.sub_entities) for change in entries)
        counts = {len(names), len(entries), len(names) + parts, len(entries) + parts}
        if one.entries is not None and one.entries != len(entries):
            told_of, found = f"{one.entries} entries", len(entries)
        elif one.entities is not None and one.entities not in counts:
            told_of, found = f"{one.entities} entities", len(names)
        else:
            continue
        reason = f"the summary announces {told_of} to {one.verbs[0]}, instructions and tables give {found}"
        problems.append(SourceError(SOURCE, document, "SUMMARY", f"{of.name}: {reason}: {one.words:.200}"))
    return problems


@dataclass
class _Group:
    """A numbered instruction on the list with those under it, and the tables that follow before the next one."""

    of: ControlList
    instructions: list[Instruction] = field(default_factory=list)
    tables: list[etree._Element] = field(default_factory=list)


@dataclass(frozen=True)
class _Change:
    claim: Claim
    verb: Verb
    destination: Destination
    country_as_printed: str
    cell: EntityCell
    entry: TableEntry | None

    @property
    def order(self) -> tuple[int, int]:
        """By instruction, then as printed."""
        line = self.entry.element.sourceline if self.entry is not None else 0
        return self.claim.instruction.index, line or 0


def _groups(root: etree._Element, instructions: Sequence[Instruction]) -> dict[str, list[_Group]]:
    """Return the groups of each list, by its name."""
    by_element = {one.element: one for one in instructions}
    groups: dict[str, dict[int, _Group]] = {of.name: {} for of in LISTS}
    current: _Group | None = None
    for element in root.iter("AMDPAR", "P", "FP", "GPOTABLE"):
        one = by_element.get(element)
        if one is not None:
            of = _list_of(one)
            if of is None:
                current = None
                continue
            # One table may follow several numbered instructions on a list.
            if current is None or of is not current.of or current.tables:
                current = groups[of.name].setdefault(one.top, _Group(of))
            groups[of.name].setdefault(one.top, current)
            current.instructions.append(one)
        elif element.tag == "GPOTABLE" and current is not None:
            current.tables.append(element)
    return {name: list({id(group): group for group in found.values()}.values()) for name, found in groups.items()}


def _list_of(instruction: Instruction) -> ControlList | None:
    """The list that an instruction amends; of several that it names and does not tell apart, none."""
    among = lists_among(instruction.units)
    if len(among) > 1:
        return None
    named = among[0] if among else None
    if named is None and instruction.corrects is not None and instruction.cfr_part == _PART:
        # Corrections go by page and column; of part 744 it is the Entity List that has entries in a table.
        units = [unit.lower() for unit in instruction.units]
        vague = all(unit == f"part {_PART}" or unit.startswith("amendatory instruction") for unit in units)
        return ENTITY_LIST if vague and _OF_A_LIST.search(instruction.masked) else None
    return named


def _text_corrections(instructions: Sequence[Instruction]) -> dict[int, list[TextCorrection]]:
    """The words that a document corrects in another one's lists, by the index of the instruction."""
    found: dict[int, list[TextCorrection]] = {}
    page: int | None = None
    for one in instructions:
        if one.corrects is None:
            continue
        outer = above(one, instructions)
        if _list_of(one) is not None and (words := read_text_corrections(one, outer, page)):
            found[one.index] = words
        page = page_of(one, outer, page)
    return found


def _half_read(found: dict[int, list[TextCorrection]], document: str) -> list[SourceError]:
    """Report corrections of words that say more than which words are right."""
    problems = []
    for texts in found.values():
        one = texts[-1].instruction
        at = one.body.rindex(texts[-1].after) + len(texts[-1].after)
        if any(place > at for place, _ in one.verb_places):
            reason = f"instruction {one.label or '(no number)'}: not all of it is read: {one.text:.300}"
            problems.append(SourceError(SOURCE, document, one.location, reason))
    return problems


class _GroupReader:
    """Bears the claims of one group of instructions out by its tables."""

    def __init__(
        self, group: _Group, instructions: Sequence[Instruction], document: str, of: ControlList = ENTITY_LIST
    ) -> None:
        self._group = group
        self._list = of
        self._all = instructions
        self._document = document
        self.problems: list[SourceError] = []

    def read(self) -> list[_Change]:
        claims = self._claims()
        entries, problems = read_tables(self._group.tables, document=self._document, of=self._list)
        self.problems += problems
        changes = [change for claim in claims if claim.verb == "remove" if (change := self._removal(claim)) is not None]
        written = [claim for claim in claims if claim.verb != "remove"]
        named = [claim for claim in written if claim.name is not None]
        counted = [claim for claim in written if claim.name is None]
        changes += self._named(named, entries, counted)
        return sorted(changes, key=lambda change: change.order)

    def _claims(self) -> list[Claim]:
        claims: list[Claim] = []
        frames = {one.parent for one in self._group.instructions if one.verb != "set_out"}
        for one in self._group.instructions:
            reading = read_claims(one, above(one, self._all))
            # The frame of a list says for all of it what is done (``by adding the following entries:``).
            is_frame = one.index - 1 in frames
            if reading.claims and any(of is not self._list for of in lists_named(one.masked)):
                reason = f"instruction {one.label or '(no number)'}: it names several lists: which it does what to"
                self._problem(one.location, f"{reason} is not read: {one.text:.200}")
                continue
            made = [claim for claim in reading.claims if claim.name is not None or not is_frame]
            claims += made if one.corrects is None else self._corrections(made)
            for doubt in reading.doubts:
                self._problem(one.location, f"instruction {one.label or '(no number)'}: {doubt}: {one.text:.200}")
        return claims

    def _corrections(self, claims: list[Claim]) -> list[Claim]:
        """Correct what a document revises of the rule that it corrects; it removes and moves nothing."""
        kept = []
        for claim in claims:
            if claim.verb in ("remove", "move"):
                reason = f"a correction that should {claim.verb} {claim.name or 'an entry'} is not made"
                self._problem(claim.instruction.location, f"{reason}: {claim.instruction.text:.200}")
            else:
                kept.append(replace(claim, verb="correct") if claim.verb == "revise" else claim)
        return kept

    def _removal(self, claim: Claim) -> _Change | None:
        where = claim.instruction.location
        if claim.name is None:
            self._problem(where, f"a removal that names no entry: {claim.instruction.text:.200}")
            return None
        if claim.destination is None or claim.country_as_printed is None:
            self._problem(where, f"a removal under no destination: {claim.name}")
            return None
        if destination(claim.country_as_printed) is None:
            self._problem(where, f"a removal under a destination that is not in our table: {claim.country_as_printed}")
        cell = read_entity([claim.quoted or claim.name], [claim.name])
        return _Change(claim, "remove", claim.destination, claim.country_as_printed, cell, None)

    def _named(self, named: list[Claim], entries: list[TableEntry], counted: list[Claim]) -> list[_Change]:
        open_claims = _OpenClaims(named)
        changes: list[_Change] = []
        left: list[TableEntry] = []
        for entry in entries:
            claim = open_claims.borne_by(entry)
            if claim is None:
                left.append(entry)
            else:
                changes.append(self._change(claim, entry, [claim.name or ""]))
        unnamed: list[TableEntry] = []
        for entry in left:
            if (claim := open_claims.renamed_by(entry)) is not None:
                changes.append(self._change(claim, entry, []))
                continue
            claim = open_claims.nearly_borne_by(entry)
            if claim is None:
                stray = self._by_stray_words(entry, named)
                if stray is None:
                    unnamed.append(entry)
                else:
                    changes.append(self._change(stray, entry, []))
                continue
            changes.append(self._change(claim, entry, []))
            found = changes[-1].cell.name
            reason = f"the instruction names {claim.name} and the table {found}: taken for one entry"
            self._problem(claim.instruction.location, reason)
        changes += self._counted(counted, unnamed)
        for claim in open_claims.rest():
            under = f" under {claim.country_as_printed}" if claim.country_as_printed else ""
            # A moved entry keeps its text, unless the instruction gives it another.
            if claim.verb != "move" or {"revise", "set_out"} & set(claim.instruction.verbs):
                self._claim_problem(claim, f"{claim.verb} {claim.name}{under}: it is not in the table")
            if claim.destination is not None and claim.country_as_printed is not None:
                cell = read_entity([claim.quoted or claim.name or ""], [claim.name or ""])
                changes.append(_Change(claim, claim.verb, claim.destination, claim.country_as_printed, cell, None))
        return changes

    def _by_stray_words(self, entry: TableEntry, named: Sequence[Claim]) -> Claim | None:
        """Find the one instruction with a quotation mark too many or too few whose words hold the entry's name."""
        name = name_key(_cell(entry).name)
        found = {
            claim.instruction.index: claim
            for claim in named
            if claim.destination == entry.destination
            and has_stray_mark(claim.instruction)
            and name in name_key(claim.instruction.body)
        }
        verbs = {claim.verb for claim in named if claim.instruction.index in found}
        if len(found) != 1 or len(verbs) != 1:
            return None
        return replace(next(iter(found.values())), name=_cell(entry).name, previous_name=None)

    def _counted(self, counted: list[Claim], unnamed: list[TableEntry]) -> list[_Change]:
        """Give the entries that no instruction names to those that only count them; what stays is a problem."""
        changes: list[_Change] = []
        for entry in unnamed:
            fitting = [claim for claim in counted if claim.destination in (entry.destination, None)]
            verbs = {claim.verb for claim in fitting}
            name = _cell(entry).name
            if len(verbs) == 1:
                changes.append(self._change(fitting[0], entry, []))
            elif verbs:
                choice = " or ".join(sorted(verbs))
                self._problem_at(entry, f"{name}: the instructions do not say which of {choice} it is")
            else:
                self._problem_at(entry, f"{name} under {entry.country_as_printed}: no instruction names it")
        alike: dict[tuple[Destination | None, Verb], list[Claim]] = {}
        for claim in counted:
            alike.setdefault((claim.destination, claim.verb), []).append(claim)
        for claims in alike.values():
            found = sum(1 for change in changes if change.claim is claims[0])
            counts = [claim.count for claim in claims if claim.count is not None]
            if not found:
                self._claim_problem(claims[0], f"no entry of the table bears it out: {claims[0].instruction.text:.200}")
            elif len(counts) == len(claims) and sum(counts) != found:
                where = claims[0].country_as_printed or "the list"
                reason = f"{claims[0].verb} {sum(counts)} entries under {where}: the table has {found}"
                self._claim_problem(claims[0], reason)
        return changes

    def _claim_problem(self, claim: Claim, reason: str) -> None:
        self._problem(claim.instruction.location, f"instruction {claim.instruction.label or '(no number)'}: {reason}")

    def _change(self, claim: Claim, entry: TableEntry, names: list[str]) -> _Change:
        cell = _cell(entry, names)
        for doubt in cell.doubts:
            self._problem_at(entry, f"{cell.name}: {doubt}")
        return _Change(claim, claim.verb, entry.destination, entry.country_as_printed, cell, entry)

    def _problem_at(self, entry: TableEntry, reason: str) -> None:
        self._problem(f"ROW line {entry.element.sourceline}", reason)

    def _problem(self, where: str, reason: str) -> None:
        self.problems.append(SourceError(SOURCE, self._document, where, reason))


def _cell(entry: TableEntry, names: Sequence[str] = ()) -> EntityCell:
    """Read an entry's cell; an entry is looked at several times, and read once for each name it is called by."""
    return _read(tuple(entry.lines), tuple(names))


_read = lru_cache(maxsize=1024)(read_entity)


class _OpenClaims:
    """Claims on named entries that no table entry has borne out yet, found by the name's key."""

    def __init__(self, claims: Sequence[Claim]) -> None:
        self._open = dict(enumerate(claims))
        self._keys = {number: name_key(claim.name or "") for number, claim in self._open.items()}
        self._by_key: dict[str, list[int]] = {}
        for number, key in self._keys.items():
            self._by_key.setdefault(key, []).append(number)
        self._lengths = sorted({len(key) for key in self._by_key if key}, reverse=True)

    def borne_by(self, entry: TableEntry) -> Claim | None:
        """Take the claim whose name the entry bears: of several that its text begins with, the longest."""
        begins = self._beginning(entry.text)
        for key in (begins[:length] for length in self._lengths):
            for number in self._by_key.get(key, ()):
                claim = self._open[number]
                fits = claim.destination in (entry.destination, None)
                if fits and name_key(_cell(entry, [claim.name or ""]).name) == key:
                    return self._take(number)
        return None

    def _beginning(self, text: str) -> str:
        """The key of as much of a text as the longest name takes; that of the whole would cost more than the search."""
        longest = self._lengths[0] if self._lengths else 0
        begins = name_key(text[: min(2 * longest, _LONGEST_NAME)])
        return begins if len(begins) >= longest else name_key(text[:_LONGEST_NAME])

    def nearly_borne_by(self, entry: TableEntry) -> Claim | None:
        """Take the one claim under the entry's destination whose name is nearly the entry's, if there is just one."""
        name = name_key(_cell(entry).name)
        alike = [
            number
            for number, claim in self._open.items()
            if claim.destination == entry.destination
            and SequenceMatcher(None, name, self._keys[number], autojunk=False).ratio() >= _ALIKE
        ]
        return self._take(alike[0]) if len(alike) == 1 else None

    def renamed_by(self, entry: TableEntry) -> Claim | None:
        """Take the one revision of an entry whose name the table has among the other names of one with a new name."""
        cell = _cell(entry)
        others = {name_key(alias) for alias in cell.aliases} - {name_key(cell.name)}
        old = [
            number
            for number, claim in self._open.items()
            if claim.verb == "revise" and claim.destination == entry.destination and self._keys[number] in others
        ]
        if len(old) != 1:
            return None
        claim = self._take(old[0])
        return replace(claim, name=cell.name, previous_name=claim.name)

    def _take(self, number: int) -> Claim:
        self._by_key[self._keys[number]].remove(number)
        return self._open.pop(number)

    def rest(self) -> list[Claim]:
        """Return the claims that are left."""
        return list(self._open.values())


def _row(change: _Change, of: ControlList, of_document: Row, pages: Mapping[etree._Element, Pages]) -> Row:
    entry, one, previous = change.entry, change.claim.instruction, change.claim.previous_destination
    first_page, last_page = pages.get(entry.element if entry else one.element, (None, None))
    return (
        of_document
        | _of_correction(one, of_document)
        | {
            "amendment_index": one.index,
            "amendment_label": one.label,
            "list_name": of.name,
            "verb": change.verb,
            "first_page": first_page,
            "last_page": last_page,
            "country": change.destination.name,
            "country_code": change.destination.code,
            "country_as_printed": change.country_as_printed,
            "entry_name": change.cell.name,
            "previous_name": change.claim.previous_name,
            "previous_country": previous.name if previous is not None else None,
            "aliases": change.cell.aliases,
            "addresses": change.cell.addresses,
            "sub_entities": change.cell.sub_entities,
            "license_requirement": entry.license_requirement if entry else None,
            "license_review_policy": entry.license_review_policy if entry else None,
            "footnotes": entry.footnotes if entry else [],
            "federal_register_citation": entry.citation if entry else None,
            "citation_is_placeholder": entry.citation_is_placeholder if entry else False,
            "entry_text": entry.text if entry else change.claim.quoted,
            "text_supplied": entry is not None,
            "delayed_document": None,
            "delayed_instructions": [],
            "effective_date": one.effective_date,
            "location": f"ROW line {entry.element.sourceline}" if entry else one.location,
        }
    )


def _text_row(correction: TextCorrection, of: ControlList, of_document: Row) -> Row:
    one, place = correction.instruction, correction.destination
    return (
        of_document
        | _NOTHING
        | _of_correction(one, of_document)
        | {
            "amendment_index": one.index,
            "amendment_label": one.label,
            "list_name": of.name,
            "verb": "correct",
            "country": place.name if place else None,
            "country_code": place.code if place else None,
            "country_as_printed": correction.country_as_printed,
            "entry_name": correction.entry_name,
            "citation_is_placeholder": False,
            "entry_text": correction.words,
            "text_supplied": False,
            "text_before": correction.before,
            "text_after": correction.after,
            "first_page": correction.page,
            "last_page": correction.page,
            "effective_date": one.effective_date,
            "location": one.location,
        }
    )


def _of_correction(one: Instruction, of_document: Row) -> Row:
    """The document corrected, as the correction names it or as its own number implies it."""
    if one.corrects is None:
        return {}
    number = one.corrects.number or of_document["corrected_document"]
    return {"corrected_document": number, "corrected_citation": one.corrects.citation}


_NOTHING: Final[Row] = dict.fromkeys(
    (
        *("amendment_label", "country", "country_code", "country_as_printed", "entry_name", "previous_name"),
        *("previous_country", "license_requirement", "license_review_policy", "federal_register_citation"),
        *("delayed_document", "first_page", "last_page"),
    )
) | {column: [] for column in ("aliases", "addresses", "sub_entities", "footnotes", "delayed_instructions")}
"""What a row has that tells of no entry's text."""


def _delay_row(delay: Delay, of_document: Row) -> Row:
    one, place = delay.instruction, delay.destination
    return (
        of_document
        | _NOTHING
        | {
            "amendment_index": one.index if one else 0,
            "amendment_label": one.label if one else None,
            "list_name": ENTITY_LIST.name,
            "verb": "delay",
            "country": place.name if place else None,
            "country_code": place.code if place else None,
            "country_as_printed": delay.country_as_printed,
            "entry_name": delay.entry_name,
            "citation_is_placeholder": False,
            "entry_text": delay.words,
            "text_supplied": False,
            "delayed_document": delay.document,
            "delayed_instructions": list(delay.instructions),
            "effective_date": delay.until,
            "location": one.location if one else "DATES",
        }
    )


def _day_row(correction: TextCorrection, of_document: Row) -> Row:
    """A correction of the day on which a rule takes effect is a delay that may bring it forward."""
    one, of = correction.instruction, _of_correction(correction.instruction, of_document)
    return (
        of_document
        | _NOTHING
        | of
        | {
            "amendment_index": one.index,
            "amendment_label": one.label,
            "list_name": ENTITY_LIST.name,
            "verb": "delay",
            "citation_is_placeholder": False,
            "entry_text": correction.words,
            "text_supplied": False,
            "text_before": correction.before,
            "text_after": correction.after,
            "delayed_document": of["corrected_document"] or of["corrected_citation"],
            "effective_date": read_date(correction.after),
            "location": one.location,
        }
    )


def _of_document(number: str, published: date, sha256: str, corrected: str | None) -> Row:
    return {
        "document_number": number,
        "publication_date": published,
        "month": f"{published:%Y-%m}",
        "known_from": published,
        "source_sha256": sha256,
        "change_index": 0,
        "corrected_document": corrected,
        "corrected_citation": None,
        "text_before": None,
        "text_after": None,
    }
