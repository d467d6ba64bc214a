"""Events of a document as a whole: what it does to earlier documents, and what it mainly does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from assets.controls.event_dates import is_general_license, until_of
from assets.controls.event_kinds import kind_of_document
from assets.controls.event_parts import covers, excepted, is_paragraph
from assets.controls.event_rows import EventRows, unique
from assets.controls.event_subjects import scope
from assets.controls.named_documents import KnownDocuments, Named, Resolved
from assets.controls.relations import BEARING, Relation, is_correction, relations
from assets.federal_register.dates import in_one_form, read_date
from assets.federal_register.full_text import document_number
from resources.documents import Row

_RETURN: Final = re.compile(
    r"\b(?:reimpos\w*|re-impos\w*|reinstat\w*"
    r"|back\s+in(?:to)?\s+effect)\b[^.;]{0,80}?\bon\s+(?P<day>\w+\s+\d{1,2},\s+\d{4})"
)
# What a DATES section may do to a rule, and the kinds of events by which it is explained.
_DONE_BY_DATES: Final = (
    (re.compile(r"\bsuspen(?:d|sion)\w*|\bstay(?:ed|s)?\b", re.IGNORECASE), {"suspends", "reimposes", "rescinds"}),
    (re.compile(r"\bdelay\w*|\bpostpon\w*", re.IGNORECASE), {"delays", "reimposes"}),
    (re.compile(r"\bwithdraw\w*|\brescind\w*|\brescission\b|\brevok\w*", re.IGNORECASE), {"rescinds", "reimposes"}),
)

Found = Sequence[tuple[Relation, Resolved]]
"""Relations with the documents they lead to."""


def find_relations(rows: EventRows, known: KnownDocuments) -> list[tuple[Relation, Resolved]]:
    """Return what the document does to which documents; a citation that leads to none is a problem."""
    document = rows.document
    stated = _stated(rows, known)
    found: dict[tuple[object, ...], tuple[Relation, Resolved]] = {}
    # One named by its day alone may be one that another sentence names in full.
    for one in sorted(stated, key=lambda one: one.named.is_day_alone):
        answer = known.resolve(one.named, document.row)
        if answer.candidates and set(answer.candidates) <= {key[-1] for key in found}:
            continue  # "the two rules of that day", each of them named already
        name = answer.number or one.named.words
        key = (one.kind, one.is_of_compliance, one.parts, name)
        if key in found or (one.kind == "amends" and any(other[-1] == name for other in found)):
            continue  # by another of its names, or what weighs more
        if one.kind in BEARING and one.named.is_day_alone and answer.trouble is not None:
            answer = Resolved(None, None, answer.trouble, answer.candidates)
        found[key] = (one, answer)
    kept = [pair for key, pair in found.items() if _is_kept(key, pair, found)]
    rows.metrics["relations"] += len(kept)
    for one, answer in kept:
        if answer.trouble is not None:
            rows.metrics["relations not resolved"] += answer.number is None or one.named.number == answer.number
            rows.problem(one.statement.location, f"{one.kind}: {answer.trouble}: {one.statement.text:.300}")
    if is_correction(document.statements) and not any(one.kind == "corrects" for one, _ in kept):
        rows.problem(document.first("title").location, "a correction that names no document it corrects")
    return kept


def _stated(rows: EventRows, known: KnownDocuments) -> list[Relation]:
    document = rows.document
    stated = relations(document.statements)
    corrected = document.row["correction_of"]
    if corrected is not None and (number := document_number(corrected)):
        stated = [one for one in stated if one.kind != "corrects"]
        return [Relation("corrects", Named(number=number), document.first("title")), *stated]
    if is_correction(document.statements):
        # A correction's title bears the titles of what it corrects.
        resolved = {known.resolve(one.named, document.row).number for one in stated if one.kind == "corrects"}
        for row in known.titles_within(document.row["title"], document.row["publication_date"]):
            if row["document_number"] not in resolved and row["document_number"] != document.number:
                stated.append(Relation("corrects", Named(number=row["document_number"]), document.first("title")))
    return stated


def _is_kept(
    key: tuple[object, ...],
    pair: tuple[Relation, Resolved],
    found: dict[tuple[object, ...], tuple[Relation, Resolved]],
) -> bool:
    relation, answer = pair
    if not relation.is_partial and relation.statement.section != "dates":
        # A summary says short what DATES limits to parts.
        alike = (other for other in found if other[0] == key[0] and other[-1] == key[-1])
        if any(found[other][0].is_partial and found[other][0].statement.section == "dates" for other in alike):
            return False
    return answer.trouble is None or relation.kind in BEARING | {"tells"} or relation.statement.section == "summary"


class DocumentEvents:
    """Adds the rows about a document as a whole, after those of its instructions."""

    def __init__(self, rows: EventRows, found: Found) -> None:
        self._rows = rows
        self._document = rows.document
        self._found = found
        self._bearing = [pair for pair in found if pair[0].kind in BEARING]

    def read(self) -> None:
        """Add the rows."""
        effective, source = self._document.effect
        has_more = bool(self._rows.rows or effective) and all(relation.is_partial for relation, _ in self._bearing)
        for relation, answer in self._bearing:
            for subject in _subjects(relation, answer, self._document.number):
                self._add_bearing(relation, answer, subject)
        if has_more or not self._bearing or self._document.is_proposed:
            self._add_main(effective, source)
        self._general_license(effective, source)
        self._returns()
        self._unexplained()
        self._exceptions()

    def _add_bearing(self, relation: Relation, answer: Resolved, subject: tuple[str, str]) -> None:
        effective, source = self._document.effect
        if effective is None and relation.begins is not None:
            effective, source = relation.begins, "dates_text"
        row = self._rows.new(relation.kind, relation.statement, effective, source)
        row |= {
            "subject_type": subject[0],
            "subject": subject[1],
            "affects_documents": unique([answer.number]),
            "affects_citations": unique([answer.citation]),
        }
        if relation.kind == "suspends":
            row["effective_until"] = relation.until or self._suspended_until()
        if relation.kind == "delays":
            self._put_off(row, relation)
        if relation.is_partial and not relation.parts and not self._tells_parts(relation.kind):
            self._rows.review(row, "of parts of it that are not named")
        if answer.trouble is not None:
            self._rows.review(row, answer.trouble)
        self._close(row)

    def _put_off(self, row: Row, relation: Relation) -> None:
        """Give a delay's row the new day: of effect, or of compliance alone."""
        day = relation.until
        column = "compliance_date" if relation.is_of_compliance else "effective_date"
        row["effective_date"] = None
        row[column] = day
        row["effective_date_source"] = "dates_text" if row["effective_date"] is not None else None
        if day is None:
            self._rows.review(row, "delayed to a day that was not read")

    def _tells_parts(self, kind: str) -> bool:
        """Whether instructions say of which parts."""
        return any(row["kind"] == kind and row["amendment_index"] is not None for row in self._rows.rows)

    def _add_main(self, effective: date | None, source: str | None) -> None:
        document = self._document
        kinds = [row["kind"] for row in self._rows.rows if row["amendment_label"] or row["amendment_index"] is not None]
        kind, statement = kind_of_document(document.row["document_type"], document.statements, kinds)
        row = self._rows.new(kind, statement or document.first("title"), effective, source)
        touched = [answer for relation, answer in self._found if relation.kind in ("amends", "tells")]
        row["affects_documents"] = unique(answer.number for answer in touched)
        row["affects_citations"] = unique(answer.citation for answer in touched)
        row["effective_until"] = document.dates.license_until if kind == "general_license" else None
        row["effective_until"] = row["effective_until"] or document.dates.effect_until
        for answer in touched:
            if answer.trouble is not None:
                self._rows.review(row, answer.trouble)
        self._close(row)

    def _general_license(self, effective: date | None, source: str | None) -> None:
        """A temporary general license of which only the DATES section tells is an event of its own."""
        ends = self._document.dates.license_until
        if ends is None or any(row["kind"] == "general_license" for row in self._rows.rows):
            return
        said = next(one for one in self._document.statements if one.section == "dates" and is_general_license(one.text))
        row = self._rows.new("general_license", said, effective, source)
        row |= {"subject_type": "general_order", "subject": "Temporary General License", "effective_until": ends}
        self._rows.rows.append(row)

    def _returns(self) -> None:
        """A return that a suspending document announces in so many words is an event of its own."""
        suspended = [answer for relation, answer in self._bearing if relation.kind == "suspends"]
        if not suspended:
            return
        for one in self._document.statements:
            match = _RETURN.search(in_one_form(one.text))
            if match is None or (day := read_date(match["day"])) is None:
                continue
            for answer in suspended:
                row = self._rows.new("reimposes", one, day, "dates_text")
                row["subject"] = answer.number or answer.citation or self._document.number
                row["affects_documents"] = unique([answer.number])
                row["affects_citations"] = unique([answer.citation])
                self._rows.rows.append(row)
            return

    def _suspended_until(self) -> date | None:
        """Return the last day of a suspension by DATES, by SUMMARY, or by all suspending instructions alike."""
        if self._document.dates.until is not None:
            return self._document.dates.until
        for one in self._document.statements:
            if one.section == "summary" and (day := until_of(one.text)):
                return day
        days = {row["effective_until"] for row in self._rows.rows if row["kind"] == "suspends"}
        return days.pop() if len(days) == 1 else None

    # What a row lacks.

    def _close(self, row: Row) -> None:
        """Add what belongs to a row about the document, and mark it where the document lacks something."""
        said = self._document.statements
        named = scope(" ".join(one.text for one in said if one.section in ("title", "summary")))
        row |= {"destinations": named.destinations, "items": named.items, "end_uses": named.end_uses}
        days = self._document.dates.compliance
        if days and row["kind"] not in ("notice", "proposes", "delays"):
            whole = [one for one in days if not one.is_exception]
            row["compliance_date"] = (whole or days)[0].day
            limited = [one for one in days if one.units or one.is_vague or one.is_exception]
            if limited:
                self._rows.review(row, f"compliance of parts only: {limited[0].sentence:.300}")
        self._lacks(row)
        self._rows.rows.append(row)

    def _lacks(self, row: Row) -> None:
        document, marked = self._document, self._rows.marked
        if document.root is None:
            self._rows.review(row, "the full text is not held: read from the API's fields alone")
        # A correction by the Office of the Federal Register acts on the rule it corrects and has no date of its own.
        is_rule = document.row["document_type"] == "Rule" and not document.is_proposed
        is_rule = is_rule and not document.row["correction_of"]
        has_dates = any(one.section == "dates" for one in document.statements)
        no_day = row["effective_date"] is None and document.effect[0] is None
        if is_rule and not has_dates:
            reason = f"a rule without a DATES section; effective date by the API: {row['effective_date']}"
            marked(row, "DATES", reason)
        elif is_rule and no_day and row["kind"] not in ("notice", "delays"):
            marked(row, "DATES", "a rule whose day of effect cannot be read")
        effective, known_from = row["effective_date"], document.known_from
        if effective is not None and effective < known_from:
            marked(row, "DATES", f"effective {effective}, before it could be known on {known_from}")
        self._disagrees(row)
        for sentence in document.dates.unread:
            marked(row, "DATES", f"a compliance date that cannot be read: {sentence:.300}")
        filed = document.dates.filed
        if filed is not None and filed > document.row["publication_date"]:
            marked(row, "FRDOC", f"filed {filed}, after publication on {document.row['publication_date']}")

    def _disagrees(self, row: Row) -> None:
        """Mark dates of which the API and the DATES section say different days."""
        api, dates = self._document.row, self._document.dates
        by_api, printed = api["effective_date"], row["effective_date"]
        is_printed = api["effective_date_source"] == "api" and row["effective_date_source"] == "dates_text"
        if is_printed and row["kind"] != "delays" and by_api != printed:
            self._rows.marked(row, "DATES", f"effective {printed} by the DATES section, {by_api} by the API")
        closes, told = api["comments_close_date"], dates.comments_close
        if closes is not None and told is not None and closes != told:
            self._rows.marked(row, "DATES", f"comments close {told} by the DATES section, {closes} by the API")

    def _unexplained(self) -> None:
        """Mark the document where DATES suspends, delays or withdraws something and no event says so."""
        kinds = {row["kind"] for row in self._rows.rows}
        read = {one.sentence for one in self._document.dates.parts}
        read |= {relation.statement.text for relation, _ in self._found}
        whole = next((row for row in reversed(self._rows.rows) if row["amendment_index"] is None), None)
        for one in self._document.statements:
            if whole is None or one.section != "dates" or one.text in read:
                continue
            if any(done.search(one.text) and not kinds & by for done, by in _DONE_BY_DATES):
                self._rows.marked(whole, "DATES", f"no event says what DATES does: {one.text:.300}")

    def _exceptions(self) -> None:
        """Mark the document where DATES excepts something from its day of effect and no event is of that."""
        whole = next((row for row in reversed(self._rows.rows) if row["amendment_index"] is None), None)
        done = [row for row in self._rows.rows if row["amendment_index"] is not None]
        for sentence in excepted(one.text for one in self._document.statements if one.section == "dates"):
            parts = [part for dated in self._document.dates.parts if dated.sentence == sentence for part in dated.parts]
            is_found = parts and all(any(_is_of(part, row) for row in done) for part in parts)
            if whole is None or not done or is_found:
                continue
            reason = f"what DATES excepts is in no instruction: {sentence:.300}"
            self._rows.marked(whole, "DATES", reason)
            for row in done:  # any of them may be what it means
                if not parts and row["kind"] != "conforming":
                    self._rows.review(row, reason)


def _is_of(part: str, row: Row) -> bool:
    """Whether a row is of a part, of what is in it, or of the whole that it is in."""
    subject = row["subject"]
    return covers(part, row["amendment_label"], subject, row["unit"]) or is_paragraph(part, subject)


def _subjects(relation: Relation, answer: Resolved, own: str) -> list[tuple[str, str]]:
    """Return type and name of what a relation acts on: the other document, or parts of it."""
    whole = answer.number or answer.citation or relation.named.title or own
    if not relation.is_partial:
        return [("document", whole)]
    return [part_subject(part, whole) for part in relation.parts] or [("document", f"{whole}, in part")]


def part_subject(part: str, whole: str) -> tuple[str, str]:
    """Return type and name of a part of a document: its instruction, or the section or ECCN itself."""
    if part.startswith("instruction "):
        return "document", f"{whole}, {part}"
    return ("eccn" if re.match(r"\d[A-EY]\d{3}", part) else "cfr"), part
