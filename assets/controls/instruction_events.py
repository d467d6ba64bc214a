"""Events of a document's amendatory instructions: one for each act on one subject, with its own dates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from lxml import etree

from assets.controls.document_events import Found, part_subject
from assets.controls.event_dates import license_ends, put_off_to, until_of
from assets.controls.event_kinds import kind_of_act
from assets.controls.event_parts import PartDates, covers, is_paragraph, named_parts
from assets.controls.event_rows import EventRows, unique
from assets.controls.event_subjects import Act, Scope, acts, general_order, scope, set_out, text_of
from assets.controls.named_documents import KnownDocuments, named_in
from assets.controls.relations import BEARING, is_only_correction
from assets.controls.statements import Statement
from assets.federal_register.dates import own_effective_date
from assets.federal_register.instructions import QUOTED, Instruction
from resources.documents import Row

_FRAME_VERBS: Final = frozenset({"amend", "set_out"})
_NO_DAY: Final = "no day of effect that could be read"
_OF_OTHERS: Final = "DATES gives days to other instructions only: this is the earliest of theirs"
_INDEFINITELY: Final = re.compile(r"^\W*(?:delayed|stayed)\s+indefinitely\b", re.IGNORECASE)
_OF_ANOTHER_RULE: Final = re.compile(r"\bamendatory\s+instructions?\s+\d[\w.]*", re.IGNORECASE)
_AS_AMENDED: Final = re.compile(
    r"\bas\s+(?:proposed\s+to\s+be\s+)?(?:added|amended|revised|redesignated|set\s+out)\b", re.IGNORECASE
)


class InstructionEvents:
    """Adds the rows of a document's instructions, in their order."""

    def __init__(self, rows: EventRows, found: Found, known: KnownDocuments) -> None:
        self._rows = rows
        self._document = rows.document
        self._found = found
        self._known = known
        self._only_corrects = is_only_correction(rows.document.statements)

    def read(self) -> None:
        """Add the rows; instructions that are not understood are a problem with their list."""
        instructions = self._document.instructions
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
                self._rows.rows.append(self._instruction_row(one, named, following[one.index]))
        self._rows.metrics["instructions"] += len(instructions)
        self._rows.metrics["instructions not understood"] += len(lost)
        self._rows.metrics["instructions explained"] += len(instructions) - len(lost)
        if lost:
            listed = "; ".join(f"{one.location} ({one.label or 'no number'}): {one.text:.160}" for one in lost)
            self._rows.problem(
                lost[0].location, f"instructions not understood: {len(lost)} of {len(instructions)}: {listed}"
            )

    def _inherited(self, one: Instruction) -> str | None:
        """Return the verb of the instruction above, for one that has none of its own."""
        if one.parent is None or set(one.verbs) - {"amend"}:
            return None
        above = self._document.instructions[one.parent]
        verb = above.verb if above.verb not in _FRAME_VERBS else None
        return verb or self._inherited(above)

    @staticmethod
    def _is_frame(one: Instruction, under: Sequence[Instruction]) -> bool:
        """Whether an instruction only opens a list: it does nothing itself, or what those under it do not repeat."""
        telling = set(one.verbs) - _FRAME_VERBS
        return not telling or any(not set(child.verbs) - {"amend"} for child in under)

    def _instruction_row(self, one: Instruction, act: Act, following: list[etree._Element]) -> Row:
        words = text_of(act.subject, following)
        proposed = self._document.is_proposed
        kind = "proposes" if proposed else kind_of_act(act, one, words, only_corrects=self._only_corrects)
        named = self._scope(one, act, words)
        effective, source, told = self._effect_of(one, act)
        row = self._rows.new(kind, Statement(one.text, "background", one.location), effective, source)
        row |= {
            "subject_type": act.subject.type,
            "subject": act.subject.name,
            "unit": act.subject.unit,
            "destinations": named.destinations,
            "items": [item for item in named.items if item != act.subject.name],
            "end_uses": named.end_uses,
            "entries": _entries(one) if kind.endswith("_entries") and one.verb in one.verbs[-1:] else None,
            "amendment_index": None if proposed else one.index,
            "amendment_label": one.label,
            "effective_until": self._until(one, act, kind, words),
        }
        self._relate(row, one)
        if kind == "delays":  # its day is the new one, not that of the rule that delays
            day = row["effective_until"] or put_off_to(one.masked)
            row |= {"effective_date": day, "effective_until": None}
            row["effective_date_source"] = "instruction" if day is not None else None
        self._comply(row, one, act)
        if told and (kind != "conforming" or told != _OF_OTHERS):
            self._rows.review(row, told)
        if row["effective_date"] is None and not proposed and kind != "corrects" and not told:
            self._rows.review(row, _NO_DAY)
        return row

    def _relate(self, row: Row, one: Instruction) -> None:
        """Add the documents whose text an instruction acts on: of its kind, or as by which a section stands."""
        answers = [answer for relation, answer in self._found if relation.kind == row["kind"]]
        if row["kind"] not in BEARING:
            told = named_in(one.text) if _AS_AMENDED.search(one.text) else []
            answers = [self._known.resolve(named, self._document.row) for named in told]
        row["affects_documents"] = unique(answer.number for answer in answers)
        row["affects_citations"] = unique(answer.citation for answer in answers)
        # An instruction of another document, which is what it acts on.
        if row["kind"] in ("corrects", "delays") and (match := _OF_ANOTHER_RULE.search(one.masked)):
            parts = [part for part in named_parts(match[0]) if part.startswith("instruction ")]
            whole = (row["affects_documents"] or [self._document.number])[0]
            row["subject_type"], row["subject"] = part_subject(parts[0], whole) if parts else ("document", whole)

    def _scope(self, one: Instruction, act: Act, words: str) -> Scope:
        """Read what the instruction and its text name; a list's destination may stand in the instruction above."""
        if act.subject.type != "list":
            own, of_text = scope(one.masked), scope(words)
            items = of_text.items if act.subject.type == "eccn" else unique([*own.items, *of_text.items])
            return Scope(
                unique([*own.destinations, *of_text.destinations]), items, unique([*own.end_uses, *of_text.end_uses])
            )
        named = scope(one.masked)
        while not named.destinations and one.parent is not None:
            one = self._document.instructions[one.parent]
            named = Scope(scope(one.masked).destinations, named.items, named.end_uses)
        return named

    def _until(self, one: Instruction, act: Act, kind: str, words: str) -> date | None:
        if kind == "conforming":
            return None
        dates = self._document.dates
        ends = dates.until_of(one.label) or until_of(one.masked)
        ends = ends or next((part.until for part in self._parts(one, act) if part.until is not None), None)
        if kind == "general_license":
            ends = ends or license_ends(words) or license_ends(one.body) or dates.license_until
        elif kind == "suspends":
            ends = ends or dates.until
        return ends or (dates.effect_until if kind not in ("corrects", "delays", "reimposes") else None)

    def _parts(self, one: Instruction, act: Act) -> list[PartDates]:
        """Return what DATES says of the instruction, and then of its subject."""
        found = [
            (not part.startswith("instruction "), dated)
            for dated in self._document.dates.parts
            for part in dated.parts
            if covers(part, one.label, act.subject.name, act.subject.unit)
        ]
        return [dated for _, dated in sorted(found, key=lambda pair: pair[0])]

    def _effect_of(self, one: Instruction, act: Act) -> tuple[date | None, str | None, str]:
        """Return the day of effect, where it was read, and what a person has to look at."""
        if self._document.is_proposed:
            return None, None, ""
        if _INDEFINITELY.search(one.body):
            return None, None, "delayed indefinitely: the document gives it no day"
        if own_effective_date(one.body) is not None or self._above_dated(one):
            return one.effective_date, "instruction", ""
        dated = [part for part in self._parts(one, act) if part.effective is not None or part.until is None]
        if any(part.effective is not None for part in dated):
            return next(part.effective for part in dated if part.effective is not None), "dates_text", ""
        if dated:
            return None, None, f"DATES gives it no day that could be read: {dated[0].sentence:.300}"
        told = next((part for part in self._document.dates.parts if self._is_of_a_part(part, act)), None)
        review = f"DATES gives a part of it a day of its own: {told.sentence:.300}" if told else ""
        if not told and self._document.is_without_day(one.label):
            review = _OF_OTHERS
        day = (one.effective_date, "dates_text") if one.effective_date is not None else self._document.effect
        return *day, review

    @staticmethod
    def _is_of_a_part(dated: PartDates, act: Act) -> bool:
        return any(is_paragraph(part, act.subject.name) for part in dated.parts)

    def _above_dated(self, one: Instruction) -> bool:
        return any(own_effective_date(above.body) is not None for above in self._above(one))

    def _above(self, one: Instruction) -> list[Instruction]:
        """Return the instructions it stands under, the nearest first."""
        found = []
        while one.parent is not None:
            one = self._document.instructions[one.parent]
            found.append(one)
        return found

    def _comply(self, row: Row, one: Instruction, act: Act) -> None:
        """Give an instruction the compliance date that covers it; one that covers a part of it is for review."""
        if row["kind"] in ("conforming", "proposes"):
            return
        for day in self._document.dates.compliance:
            if day.is_vague:
                continue
            if not day.units and not day.is_exception:
                row["compliance_date"] = row["compliance_date"] or day.day
            elif any(covers(unit, one.label, act.subject.name, act.subject.unit) for unit in day.units):
                if not day.is_exception:
                    row["compliance_date"] = day.day
                else:
                    self._rows.review(row, f"another compliance date for a part of it: {day.day}")


def _entries(one: Instruction) -> int | None:
    """Count the entries an instruction names; none where it does several things or names aliases beside them."""
    if re.search(r"\balias|\baddress", one.masked, re.IGNORECASE):
        return None
    return len(QUOTED.findall(one.body)) or None
