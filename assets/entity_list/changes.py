"""The table ``entity_list_changes``: what a rule does to the entries of a list in part 744 of the EAR.

The instructions say which entries are added, revised or removed; the tables that follow give the text of those added or
revised. Both must agree: a name that stands in one and not in the other is a problem that names it, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from typing import Final

from lxml import etree

from assets.entity_list.claims import Claim, Verb, read_claims
from assets.entity_list.destinations import Destination
from assets.entity_list.entity_cell import EntityCell, name_key, read_entity
from assets.entity_list.table import TableEntry, is_list_table, read_tables
from assets.federal_register.document import read_preamble
from assets.federal_register.full_text import AMENDING_ROOTS, SOURCE, parse, place
from assets.federal_register.instructions import Instruction, read_instructions
from resources.documents import Parsed, Row, SourceError

ENTITY_LIST: Final = 4
"""Number of the supplement to part 744 that is the Entity List."""

_ALIKE: Final = 0.88
"""Names at least this similar (share of matching characters) under one destination are one name misprinted."""


def changes(body: bytes, *, document_number: str, publication_date: date, source_sha256: str) -> Parsed:
    """Read the changes that a document makes to the Entity List.

    Args:
        body: the full text as XML, as received.
        document_number: as the API gives it.
        publication_date: the issue's day.
        source_sha256: digest of ``body``.

    Returns:
        The rows of ``entity_list_changes`` in the order of the instructions; none for a document that does not amend
        Supplement No. 4 to part 744. Problems: instructions that are not understood, entries that instruction and table
        do not both name, table rows that fit no layout, entity cells read with doubt, and tables or instructions that
        look like the list's while nothing says that they are.

    Raises:
        SourceError: the body cannot be read.
    """
    root = parse(body, document=document_number)
    if root.tag not in AMENDING_ROOTS:
        return Parsed()
    effect = read_preamble(root, publication_date).effect
    instructions = read_instructions(root, effect)
    made: list[_Change] = []
    problems: list[SourceError] = []
    claimed: set[etree._Element] = set()
    for group in _groups(root, instructions, supplement=ENTITY_LIST):
        reader = _GroupReader(group, instructions, document_number)
        made += reader.read()
        problems += reader.problems
        claimed |= set(group.tables)
    problems += _unclaimed(root, instructions, claimed, document_number)
    rows = [
        _row(change, index, document_number, publication_date, source_sha256) for index, change in enumerate(made, 1)
    ]
    problems += [
        SourceError(SOURCE, document_number, row["location"], f"no day of effect for {row['entry_name']}")
        for row in rows
        if row["effective_date"] is None
    ]
    return Parsed(rows, problems)


@dataclass
class _Group:
    """A numbered instruction on the list with those under it, and the tables that follow before the next one."""

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


def _groups(root: etree._Element, instructions: Sequence[Instruction], *, supplement: int) -> list[_Group]:
    target = re.compile(rf"supplement no\. {supplement} to part 744", re.IGNORECASE)
    by_element = {one.element: one for one in instructions}
    groups: dict[int, _Group] = {}
    current: _Group | None = None
    for element in root.iter("AMDPAR", "P", "FP", "GPOTABLE"):
        one = by_element.get(element)
        if one is not None:
            current = None
            if any(target.fullmatch(unit) for unit in one.units):
                current = groups.setdefault(one.top, _Group())
                current.instructions.append(one)
        elif element.tag == "GPOTABLE" and current is not None:
            current.tables.append(element)
    return list(groups.values())


def _unclaimed(
    root: etree._Element, instructions: Sequence[Instruction], claimed: set[etree._Element], document: str
) -> list[SourceError]:
    """Report what looks like the Entity List's and hangs on no instruction that names it: a rule must not get lost."""
    problems: list[SourceError] = []
    elements = {one.element for one in instructions}
    instructed = False
    for element in root.iter("AMDPAR", "P", "FP", "GPOTABLE"):
        instructed = instructed or element in elements
        if element.tag != "GPOTABLE" or element in claimed or not is_list_table(element):
            continue
        amended = next(element.iterancestors("REGTEXT"), None)
        # Outside of amended text only what follows an instruction changes anything; before, the preamble explains.
        if amended.get("PART", "").strip() == "744" if amended is not None else instructed:
            reason = f"a table like the Entity List's that no instruction on Supplement No. {ENTITY_LIST} leads to"
            problems.append(SourceError(SOURCE, document, place(element), reason))
    for one in instructions:
        if one.cfr_part == "744" and one.units in ((), ("part 744",)):
            named = [claim for claim in read_claims(one, ()).claims if claim.name and claim.destination]
            if named:
                reason = f"{named[0].verb} {named[0].name} under a destination, but no list is named: {one.text:.200}"
                problems.append(SourceError(SOURCE, document, one.location, reason))
    return problems


class _GroupReader:
    """Bears the claims of one group of instructions out by its tables."""

    def __init__(self, group: _Group, instructions: Sequence[Instruction], document: str) -> None:
        self._group = group
        self._all = instructions
        self._document = document
        self.problems: list[SourceError] = []

    def read(self) -> list[_Change]:
        claims = self._claims()
        entries, problems = read_tables(self._group.tables, document=self._document)
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
            reading = read_claims(one, self._above(one))
            # The frame of a list says for all of it what is done (``by adding the following entries:``).
            is_frame = one.index - 1 in frames
            claims += [claim for claim in reading.claims if claim.name is not None or not is_frame]
            for doubt in reading.doubts:
                self._problem(one.location, f"instruction {one.label or '(no number)'}: {doubt}: {one.text:.200}")
        return claims

    def _above(self, one: Instruction) -> list[Instruction]:
        above: list[Instruction] = []
        parent = one.parent
        while parent is not None:
            above.insert(0, self._all[parent])
            parent = self._all[parent].parent
        return above

    def _removal(self, claim: Claim) -> _Change | None:
        where = claim.instruction.location
        if claim.name is None:
            self._problem(where, f"a removal that names no entry: {claim.instruction.text:.200}")
            return None
        if claim.destination is None or claim.country_as_printed is None:
            self._problem(where, f"a removal under no destination: {claim.name}")
            return None
        cell = read_entity([claim.quoted or claim.name])
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
            claim = open_claims.nearly_borne_by(entry)
            if claim is None:
                unnamed.append(entry)
                continue
            changes.append(self._change(claim, entry, []))
            found = changes[-1].cell.name
            reason = f"the instruction names {claim.name} and the table {found}: taken for one entry"
            self._problem(claim.instruction.location, reason)
        changes += self._counted(counted, unnamed)
        for claim in open_claims.rest():
            under = f" under {claim.country_as_printed}" if claim.country_as_printed else ""
            self._claim_problem(claim, f"{claim.verb} {claim.name}{under}: it is not in the table")
        return changes

    def _counted(self, counted: list[Claim], unnamed: list[TableEntry]) -> list[_Change]:
        """Give the entries that no instruction names to those that only count them; what stays is a problem."""
        changes: list[_Change] = []
        for entry in unnamed:
            fitting = [claim for claim in counted if claim.destination in (entry.destination, None)]
            verbs = {claim.verb for claim in fitting}
            name = read_entity(entry.lines).name
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
        cell = read_entity(entry.lines, names)
        for doubt in cell.doubts:
            self._problem_at(entry, f"{cell.name}: {doubt}")
        return _Change(claim, claim.verb, entry.destination, entry.country_as_printed, cell, entry)

    def _problem_at(self, entry: TableEntry, reason: str) -> None:
        self._problem(f"ROW line {entry.element.sourceline}", reason)

    def _problem(self, where: str, reason: str) -> None:
        self.problems.append(SourceError(SOURCE, self._document, where, reason))


class _OpenClaims:
    """Claims on named entries that no table entry has borne out yet, found by destination and the name's beginning."""

    _BEGINNING: Final = 3

    def __init__(self, claims: Sequence[Claim]) -> None:
        self._open = dict(enumerate(claims))
        self._keys = {number: name_key(claim.name or "") for number, claim in self._open.items()}
        self._by_beginning: dict[str, list[int]] = {}
        for number, key in self._keys.items():
            self._by_beginning.setdefault(key[: self._BEGINNING], []).append(number)

    def borne_by(self, entry: TableEntry) -> Claim | None:
        """Take the claim whose name the entry bears: of several that its text begins with, the longest."""
        begins = name_key(entry.text[:500])
        # A name may be shorter than the beginning it is found by.
        numbers = [n for end in range(1, self._BEGINNING + 1) for n in self._by_beginning.get(begins[:end], ())]
        fitting = [
            number
            for number in numbers
            if number in self._open
            and self._open[number].destination in (entry.destination, None)
            and begins.startswith(self._keys[number])
            and name_key(read_entity(entry.lines, [self._open[number].name or ""]).name) == self._keys[number]
        ]
        return self._open.pop(max(fitting, key=lambda number: len(self._keys[number]))) if fitting else None

    def nearly_borne_by(self, entry: TableEntry) -> Claim | None:
        """Take the one claim under the entry's destination whose name is nearly the entry's, if there is just one."""
        name = name_key(read_entity(entry.lines).name)
        alike = [
            number
            for number, claim in self._open.items()
            if claim.destination == entry.destination
            and SequenceMatcher(None, name, self._keys[number], autojunk=False).ratio() >= _ALIKE
        ]
        return self._open.pop(alike[0]) if len(alike) == 1 else None

    def rest(self) -> list[Claim]:
        """Return the claims that are left."""
        return list(self._open.values())


def _row(change: _Change, index: int, number: str, published: date, sha256: str) -> Row:
    entry, one = change.entry, change.claim.instruction
    return {
        "document_number": number,
        "publication_date": published,
        "month": f"{published:%Y-%m}",
        "change_index": index,
        "amendment_index": one.index,
        "amendment_label": one.label,
        "verb": change.verb,
        "country": change.destination.name,
        "country_code": change.destination.code,
        "country_as_printed": change.country_as_printed,
        "entry_name": change.cell.name,
        "previous_name": change.claim.previous_name,
        "aliases": change.cell.aliases,
        "addresses": change.cell.addresses,
        "sub_entities": change.cell.sub_entities,
        "license_requirement": entry.license_requirement if entry else None,
        "license_review_policy": entry.license_review_policy if entry else None,
        "footnotes": entry.footnotes if entry else [],
        "federal_register_citation": entry.citation if entry else None,
        "citation_is_placeholder": entry.citation_is_placeholder if entry else False,
        "entry_text": entry.text if entry else change.claim.quoted,
        "effective_date": one.effective_date,
        "known_from": published,
        "location": f"ROW line {entry.element.sourceline}" if entry else one.location,
        "source_sha256": sha256,
    }
