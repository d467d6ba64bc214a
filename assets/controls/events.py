"""The table ``restriction_events`` from the Federal Register: what each document did to a control, by its words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from lxml import etree

from assets.controls.event_dates import EventDates, event_dates, is_general_license, license_ends, until_of
from assets.controls.event_kinds import kind_of_act, kind_of_document
from assets.controls.event_subjects import Act, Scope, acts, general_order, scope, set_out, text_of
from assets.controls.relations import (
    KnownDocuments,
    Named,
    Relation,
    Resolved,
    is_correction,
    is_only_correction,
    relations,
)
from assets.controls.statements import Statement, statements
from assets.federal_register.dates import in_one_form, own_effective_date, read_date
from assets.federal_register.document import first_known, read_preamble
from assets.federal_register.full_text import AMENDING_ROOTS, SOURCE, document_number, parse
from assets.federal_register.instructions import QUOTED, Instruction, read_instructions
from resources.documents import Parsed, Row, SourceError

_FRAME_VERBS: Final = frozenset({"amend", "set_out"})
_DIFFERENT: Final = "no day of effect that could be read"
_BEARING: Final = frozenset({"corrects", "suspends", "delays", "rescinds"})
_RETURN: Final = re.compile(
    r"\b(?:reimpos\w*|re-impos\w*|reinstat\w*"
    r"|back\s+in(?:to)?\s+effect)\b[^.;]{0,80}?\bon\s+(?P<day>\w+\s+\d{1,2},\s+\d{4})"
)
_SENTENCE_LETTERS: Final = 4000


@dataclass(frozen=True)
class _Document:
    """A document under reading."""

    row: Row
    root: etree._Element | None
    statements: list[Statement]
    dates: EventDates
    instructions: list[Instruction]

    @property
    def number(self) -> str:
        return str(self.row["document_number"])

    @property
    def known_from(self) -> date:
        return first_known(self.dates.filed, self.row["publication_date"])


def restriction_events(body: bytes | None, document: Row, known: KnownDocuments) -> Parsed:
    """Read what a document did to controls.

    Args:
        body: its full text as received; ``None`` if it is not held.
        document: its row of ``fr_documents``.
        known: the documents held, of all months, to which its citations lead.

    Returns:
        Rows of ``restriction_events``: one for each act of an instruction on one subject, then those about the document
        as a whole. Frames ("is amended as follows:") and instructions that only say where the text stands have none:
        those under or beside them are their events. Problems: instructions not understood, with their list; a citation
        that leads to no document or to another than it says; a rule without DATES section; an effect before the
        document could be known; two dates that disagree. The row is kept and marked ``needs_review``.

        ``metrics``: ``instructions``, ``instructions explained``, ``instructions not understood``, ``relations``,
        ``relations not resolved``, ``effective before publication``.

    Raises:
        SourceError: the body cannot be read (see :func:`assets.federal_register.full_text.parse`).
    """
    root = parse(body, document=document["document_number"]) if body is not None else None
    reading = _Reading(_document(root, document), known)
    reading.read()
    return Parsed(reading.rows, reading.problems, dict(reading.metrics))


def merged(parts: Iterable[Parsed]) -> Parsed:
    """Put what several documents gave together; figures are added up."""
    rows: list[Row] = []
    problems: list[SourceError] = []
    metrics: Counter[str] = Counter()
    for part in parts:
        rows += part.rows
        problems += part.problems
        metrics.update(part.metrics)
    return Parsed(rows, problems, dict(metrics))


def _document(root: etree._Element | None, document: Row) -> _Document:
    said = statements(root, document)
    dates_text = " ".join(one.text for one in said if one.section == "dates")
    instructions: list[Instruction] = []
    if root is not None and root.tag in AMENDING_ROOTS | {"PRORULE"}:
        instructions = read_instructions(root, read_preamble(root, document["publication_date"]).effect)
    return _Document(document, root, said, event_dates(dates_text, root), instructions)


class _Reading:
    """Rows and problems of one document, as they are found."""

    def __init__(self, document: _Document, known: KnownDocuments) -> None:
        self.document = document
        self.rows: list[Row] = []
        self.problems: list[SourceError] = []
        self.metrics: Counter[str] = Counter()
        self._known = known
        self._only_corrects = is_only_correction(document.statements)
        self._proposed = document.row["document_type"] == "Proposed Rule" or (
            document.root is not None and document.root.tag == "PRORULE"
        )
        self._effect = self._document_effect()

    def read(self) -> None:
        found = self._relations()
        self._read_instructions(found)
        self._read_document(found)
        for index, row in enumerate(self.rows, start=1):
            row["event_index"] = index

    # Relations.

    def _relations(self) -> list[tuple[Relation, Resolved]]:
        document = self.document
        stated = relations(document.statements)
        corrected = document.row["correction_of"]
        if corrected is not None and (number := document_number(corrected)):
            at = _first(document.statements, "title")
            stated = [one for one in stated if one.kind != "corrects"]
            stated.insert(0, Relation("corrects", Named(number=number), at))
        elif is_correction(document.statements):
            # A correction's title bears the titles of what it corrects.
            at = _first(document.statements, "title")
            resolved = {self._known.resolve(one.named, document.row).number for one in stated if one.kind == "corrects"}
            for row in self._known.titles_within(document.row["title"], document.row["publication_date"]):
                if row["document_number"] not in resolved and row["document_number"] != document.number:
                    stated.append(Relation("corrects", Named(number=row["document_number"]), at))
        found: dict[tuple[str, str], tuple[Relation, Resolved]] = {}
        # One named by its day alone may be one that another sentence names in full.
        for one in sorted(stated, key=lambda one: one.named.is_day_alone):
            resolved_one = self._known.resolve(one.named, document.row)
            if resolved_one.candidates and set(resolved_one.candidates) <= {key for _, key in found}:
                continue  # "the two rules of that day", each of them named already
            key = resolved_one.number or one.named.words
            if (one.kind, key) in found or (one.kind == "amends" and any(other == key for _, other in found)):
                continue  # by another of its names, or what weighs more
            if one.kind in _BEARING and one.named.is_day_alone and resolved_one.number is not None:
                titled = resolved_one.trouble is None
                resolved_one = resolved_one if titled else replace(resolved_one, number=None, citation=None)
            found[one.kind, key] = (one, resolved_one)
        kept = [
            pair
            for pair in found.values()
            if pair[1].trouble is None or pair[0].kind in _BEARING or pair[0].statement.section == "summary"
        ]
        self.metrics["relations"] += len(kept)
        for one, answer in kept:
            if answer.trouble is not None:
                self.metrics["relations not resolved"] += answer.number is None or one.named.number == answer.number
                self._problem(one.statement.location, f"{one.kind}: {answer.trouble}: {one.statement.text:.300}")
        if is_correction(document.statements) and not any(one.kind == "corrects" for one, _ in kept):
            self._problem(
                _first(document.statements, "title").location, "a correction that names no document it corrects"
            )
        return kept

    # Instructions.

    def _read_instructions(self, found: Sequence[tuple[Relation, Resolved]]) -> None:
        instructions = self.document.instructions
        children: dict[int, list[Instruction]] = {}
        for one in instructions:
            if one.parent is not None:
                children.setdefault(one.parent, []).append(one)
        following = set_out(instructions)
        lost: list[Instruction] = []
        for position, one in enumerate(instructions):
            under = children.get(position, [])
            inherited = self._inherited(one)
            if one.verb == "set_out" or (under and self._is_frame(one, under)):
                continue
            if one.target is None or (one.verb is None and inherited is None):
                lost.append(one)
                continue
            done = acts(one, inherited, self._above(one))
            if not done:
                lost.append(one)
            for act in done:
                named = general_order(act, following[one.index])
                self.rows.append(self._instruction_row(one, named, following[one.index], found))
        self.metrics["instructions"] += len(instructions)
        self.metrics["instructions not understood"] += len(lost)
        self.metrics["instructions explained"] += len(instructions) - len(lost)
        if lost:
            listed = "; ".join(f"{one.location} ({one.label or 'no number'}): {one.text:.160}" for one in lost)
            self._problem(
                lost[0].location, f"instructions not understood: {len(lost)} of {len(instructions)}: {listed}"
            )

    def _inherited(self, one: Instruction) -> str | None:
        """Return the verb of the instruction above, for one that has none of its own."""
        if one.parent is None or set(one.verbs) - {"amend"}:
            return None
        above = self.document.instructions[one.parent]
        verb = above.verb if above.verb not in _FRAME_VERBS else None
        return verb or self._inherited(above)

    @staticmethod
    def _is_frame(one: Instruction, under: Sequence[Instruction]) -> bool:
        """Whether an instruction only opens a list: it does nothing itself, or what those under it do not repeat."""
        telling = set(one.verbs) - _FRAME_VERBS
        return not telling or any(not set(child.verbs) - {"amend"} for child in under)

    def _instruction_row(
        self, one: Instruction, act: Act, following: list[etree._Element], found: Sequence[tuple[Relation, Resolved]]
    ) -> Row:
        words = text_of(act.subject, following)
        kind = "proposes" if self._proposed else kind_of_act(act, one, words, only_corrects=self._only_corrects)
        named = self._scope(one, act, words)
        effective, source = self._effect_of(one)
        row = self._row(kind, Statement(one.text, "background", one.location), effective, source)
        bears = [pair for pair in found if pair[0].kind == kind] if kind in _BEARING else []
        row |= {
            "subject_type": act.subject.type,
            "subject": act.subject.name,
            "unit": act.subject.unit,
            "destinations": named.destinations,
            "items": [item for item in named.items if item != act.subject.name],
            "end_uses": named.end_uses,
            "entries": _entries(one) if kind.endswith("_entries") and one.verb in one.verbs[-1:] else None,
            "amendment_index": None if self._proposed else one.index,
            "amendment_label": one.label,
            "effective_until": self._until(one, kind, words),
            "affects_documents": _unique(answer.number for _, answer in bears),
            "affects_citations": _unique(answer.citation for _, answer in bears),
        }
        if act.subject.name.startswith("amendatory instruction"):  # of another document, which is what it acts on
            row |= {"subject_type": "document", "subject": (row["affects_documents"] or [self.document.number])[0]}
        if kind == "delays" and row["effective_until"] is not None:
            row["effective_date"], row["effective_until"] = row["effective_until"], None
        self._comply(row, one, act)
        if effective is None and not self._proposed and kind != "corrects":
            self._review(row, _DIFFERENT)
        return row

    def _scope(self, one: Instruction, act: Act, words: str) -> Scope:
        """Read what the instruction and its text name; a list's destination may stand in the instruction above."""
        if act.subject.type != "list":
            own, of_text = scope(one.masked), scope(words)
            items = of_text.items if act.subject.type == "eccn" else _unique([*own.items, *of_text.items])
            return Scope(
                _unique([*own.destinations, *of_text.destinations]), items, _unique([*own.end_uses, *of_text.end_uses])
            )
        named = scope(one.masked)
        while not named.destinations and one.parent is not None:
            one = self.document.instructions[one.parent]
            named = Scope(scope(one.masked).destinations, named.items, named.end_uses)
        return named

    def _until(self, one: Instruction, kind: str, words: str) -> date | None:
        if kind == "conforming":
            return None
        ends = self.document.dates.until_of(one.label) or until_of(one.masked)
        if kind == "general_license":
            return ends or license_ends(words) or license_ends(one.body) or self.document.dates.license_until
        if kind == "suspends":
            return ends or self.document.dates.until
        return ends

    def _effect_of(self, one: Instruction) -> tuple[date | None, str | None]:
        if self._proposed:
            return None, None
        day, source = self._effect
        if own_effective_date(one.body) is not None or self._above_dated(one):
            return one.effective_date, "instruction"
        if one.effective_date is not None:
            return one.effective_date, "dates_text"
        return day, source

    def _above_dated(self, one: Instruction) -> bool:
        return any(own_effective_date(above.body) is not None for above in self._above(one))

    def _above(self, one: Instruction) -> list[Instruction]:
        """Return the instructions it stands under, the nearest first."""
        found = []
        while one.parent is not None:
            one = self.document.instructions[one.parent]
            found.append(one)
        return found

    # The document as a whole.

    def _read_document(self, found: Sequence[tuple[Relation, Resolved]]) -> None:
        effective, source = self._effect
        bearing = [pair for pair in found if pair[0].kind in _BEARING]
        for relation, answer in bearing:
            row = self._row(relation.kind, relation.statement, effective, source)
            row["subject"] = answer.number or answer.citation or relation.named.title or self.document.number
            row["affects_documents"] = _unique([answer.number])
            row["affects_citations"] = _unique([answer.citation])
            if relation.kind == "suspends":
                row["effective_until"] = relation.until or self._suspended_until()
            if relation.kind == "delays":
                row["effective_date"], row["effective_date_source"] = relation.until or effective, "dates_text"
                if relation.until is None and effective is None:
                    row["effective_date_source"] = None
                    self._review(row, "delayed to a day that was not read")
            if answer.trouble is not None:
                self._review(row, answer.trouble)
            self._close(row)
        amended = [answer for relation, answer in found if relation.kind == "amends"]
        if not bearing or self._proposed:
            kinds = [row["kind"] for row in self.rows if row["amendment_index"] is not None]
            kind, statement = kind_of_document(self.document.row["document_type"], self.document.statements, kinds)
            row = self._row(kind, statement or _first(self.document.statements, "title"), effective, source)
            row["affects_documents"] = _unique(answer.number for answer in amended)
            row["affects_citations"] = _unique(answer.citation for answer in amended)
            if kind == "general_license":
                row["effective_until"] = self.document.dates.license_until
            for answer in amended:
                if answer.trouble is not None:
                    self._review(row, answer.trouble)
            self._close(row)
        self._general_license(effective, source)
        self._returns(bearing)

    def _general_license(self, effective: date | None, source: str | None) -> None:
        """A temporary general license of which only the DATES section tells is an event of its own."""
        ends = self.document.dates.license_until
        if ends is None or any(row["kind"] == "general_license" for row in self.rows):
            return
        said = next(one for one in self.document.statements if one.section == "dates" and is_general_license(one.text))
        row = self._row("general_license", said, effective, source)
        row |= {"subject_type": "general_order", "subject": "Temporary General License", "effective_until": ends}
        self.rows.append(row)

    def _close(self, row: Row) -> None:
        """Add what belongs to a row about the document, and mark it where the document lacks something."""
        named = scope(" ".join(one.text for one in self.document.statements if one.section in ("title", "summary")))
        row |= {"destinations": named.destinations, "items": named.items, "end_uses": named.end_uses}
        days = self.document.dates.compliance
        if days and row["kind"] not in ("notice", "proposes"):
            whole = [one for one in days if not one.is_exception]
            row["compliance_date"] = (whole or days)[0].day
            limited = [one for one in days if one.units or one.is_vague or one.is_exception]
            if limited:
                self._review(row, f"compliance of parts only: {limited[0].sentence:.300}")
        self._lacks(row)
        self.rows.append(row)

    def _lacks(self, row: Row) -> None:
        document = self.document
        if document.root is None:
            self._review(row, "the full text is not held: read from the API's fields alone")
        # A correction by the Office of the Federal Register acts on the rule it corrects and has no date of its own.
        is_rule = document.row["document_type"] == "Rule" and not self._proposed and not document.row["correction_of"]
        has_dates = any(one.section == "dates" for one in document.statements)
        if is_rule and not has_dates:
            self._marked(
                row, "DATES", f"a rule without a DATES section; effective date by the API: {row['effective_date']}"
            )
        elif is_rule and row["effective_date"] is None and row["kind"] != "notice":
            self._marked(row, "DATES", "a rule whose day of effect cannot be read")
        effective, known_from = row["effective_date"], document.known_from
        if effective is not None and effective < known_from:
            self._marked(row, "DATES", f"effective {effective}, before it could be known on {known_from}")
        by_api, printed = document.row["effective_date"], row["effective_date"]
        if (
            document.row["effective_date_source"] == "api"
            and row["effective_date_source"] == "dates_text"
            and row["kind"] != "delays"
            and by_api != printed
        ):
            self._marked(row, "DATES", f"effective {printed} by the DATES section, {by_api} by the API")
        closes, told = document.row["comments_close_date"], document.dates.comments_close
        if closes is not None and told is not None and closes != told:
            self._marked(row, "DATES", f"comments close {told} by the DATES section, {closes} by the API")
        for sentence in document.dates.unread:
            self._marked(row, "DATES", f"a compliance date that cannot be read: {sentence:.300}")
        filed = document.dates.filed
        if filed is not None and filed > document.row["publication_date"]:
            self._marked(row, "FRDOC", f"filed {filed}, after publication on {document.row['publication_date']}")

    def _returns(self, bearing: Sequence[tuple[Relation, Resolved]]) -> None:
        """A return that a suspending document announces in so many words is an event of its own."""
        suspended = [answer for relation, answer in bearing if relation.kind == "suspends"]
        if not suspended:
            return
        for one in self.document.statements:
            match = _RETURN.search(in_one_form(one.text))
            if match is None or (day := read_date(match["day"])) is None:
                continue
            for answer in suspended:
                row = self._row("reimposes", one, day, "dates_text")
                row["subject"] = answer.number or answer.citation or self.document.number
                row["affects_documents"] = _unique([answer.number])
                row["affects_citations"] = _unique([answer.citation])
                self.rows.append(row)
            return

    def _suspended_until(self) -> date | None:
        """Return the last day of a suspension by DATES, by SUMMARY, or by all suspending instructions alike."""
        if self.document.dates.until is not None:
            return self.document.dates.until
        for one in self.document.statements:
            if one.section == "summary" and (day := until_of(one.text)):
                return day
        days = {row["effective_until"] for row in self.rows if row["kind"] == "suspends"}
        return days.pop() if len(days) == 1 else None

    # Dates.

    def _document_effect(self) -> tuple[date | None, str | None]:
        document = self.document
        if self._proposed or document.row["document_type"] == "Notice":
            return None, None
        printed = None
        if document.root is not None:
            printed = read_preamble(document.root, document.row["publication_date"]).effect.first
        if printed is not None:
            return printed, "dates_text"
        return document.row["effective_date"], document.row["effective_date_source"]

    def _comply(self, row: Row, one: Instruction, act: Act) -> None:
        """Give an instruction the compliance date that covers it; one that covers a part of it is for review."""
        if row["kind"] in ("conforming", "proposes"):
            return
        for day in self.document.dates.compliance:
            if day.is_vague:
                continue
            if not day.units and not day.is_exception:
                row["compliance_date"] = row["compliance_date"] or day.day
            elif any(_covers(unit, one, act) for unit in day.units):
                if not day.is_exception:
                    row["compliance_date"] = day.day
                else:
                    self._review(row, f"another compliance date for a part of it: {day.day}")

    # Rows.

    def _row(self, kind: str, statement: Statement, effective: date | None, source: str | None) -> Row:
        document = self.document
        row = document.row
        closes = document.dates.comments_close or row["comments_close_date"]
        return {
            "document_number": document.number,
            "publication_date": row["publication_date"],
            "month": f"{row['publication_date']:%Y-%m}",
            "event_index": 0,
            "source": SOURCE,
            "kind": kind,
            "subject_type": "document",
            "subject": document.number,
            "unit": None,
            "destinations": [],
            "items": [],
            "end_uses": [],
            "filed_date": document.dates.filed,
            "known_from": document.known_from,
            "effective_date": effective,
            "effective_date_source": source if effective is not None else None,
            "effective_before_publication": effective is not None and effective < row["publication_date"],
            "effective_until": None,
            "compliance_date": None,
            "comments_close_date": closes,
            "affects_documents": [],
            "affects_citations": [],
            "entries": None,
            "amendment_index": None,
            "amendment_label": None,
            "companies": [],
            "amount_usd": None,
            "amount_sentence": None,
            "scope": None,
            "sentence": statement.text[:_SENTENCE_LETTERS],
            "location": statement.location,
            "citation": row["citation"],
            "title": row["title"],
            "url": row["html_url"],
            "source_sha256": row["xml_sha256"] if document.root is not None else None,
            "needs_review": False,
            "review_reason": None,
        }

    def _marked(self, row: Row, place: str, reason: str) -> None:
        self._review(row, reason)
        if not any(problem.reason == reason for problem in self.problems):
            self._problem(place, reason)

    @staticmethod
    def _review(row: Row, reason: str) -> None:
        row["needs_review"] = True
        if reason not in (row["review_reason"] or ""):
            row["review_reason"] = "; ".join(filter(None, [row["review_reason"], reason]))

    def _problem(self, place: str, reason: str) -> None:
        self.problems.append(SourceError(SOURCE, self.document.number, place, reason))


def _first(said: Sequence[Statement], section: str) -> Statement:
    return next((one for one in said if one.section == section), said[0])


def _unique(values: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))


def _entries(one: Instruction) -> int | None:
    """Count the entries an instruction names; none where it does several things or names aliases beside them."""
    if re.search(r"\balias|\baddress", one.masked, re.IGNORECASE):
        return None
    return len(QUOTED.findall(one.body)) or None


def _covers(unit: str, one: Instruction, act: Act) -> bool:
    """Whether words such as ``§ 740.8``, ``instructions 3 and 5`` or ``3A090`` name the instruction or its subject."""
    plain = " ".join(unit.split()).lower()
    if plain.startswith("instruction"):
        return (one.label or "").split(".")[0] in re.findall(r"\d+", plain)
    subject, target = act.subject.name.lower(), act.subject.unit.lower()
    if section := re.fullmatch(r"(?:§+\s*)?(\d{3}\.\S+)", plain):
        number = f"§ {section[1]}"
        return subject == number or subject.startswith((f"{number}(", f"{number}."))
    if plain.startswith("supplement"):
        return re.sub(r"nos?\.?\s*", "no. ", plain) in (subject, target)
    return subject == plain or subject.startswith(f"{plain}.")
