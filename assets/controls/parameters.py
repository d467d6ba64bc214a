"""The table ``control_parameters``: the numeric thresholds of the control text through time, on two clocks.

Each rule's regulatory text is read as it is printed after its amendatory instructions. A rule that prints a whole entry
or paragraph anew ends what stood there; one that prints a part leaves the rest (1 CFR 21.20 and 21.21: an instruction
names the unit it changes, stars stand for text that stays).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from lxml import etree

from assets.controls.parameters_read import Condition, names_a_threshold, read
from assets.controls.parameters_reviewed import Reviewed
from assets.controls.parameters_text import ECCN, Provision, is_below, lines_of_elements, provisions
from assets.federal_register.document import filed_date, first_known, read_preamble
from assets.federal_register.full_text import AMENDING_ROOTS, SOURCE, parse, place, text
from assets.federal_register.instructions import Instruction, read_instructions
from resources.documents import Parsed, Row, SourceError

_ECCNS: Final = re.compile(rf"\b{ECCN}\b")
_OF_A_PART: Final = re.compile(
    r"\bparagraphs?\b|\blicense requirements?\b|\blicense exceptions?\b|\brelated (?:controls"
    r"|definitions)\b|\bnotes?\b|\bheading\b"
    r"|\bcontrol\(s\)|\btable\b|\bintroductory\b",
    re.IGNORECASE,
)
_ALL_ITEMS: Final = re.compile(r"\bitems\b(?: paragraph| section)?", re.IGNORECASE)
_LETTERED: Final = re.compile(r"(?<![\w])[“\"]?\.?([a-z](?:\.(?:\d{1,2}|[a-z]))*)[”\"]?(?=[\s,;:.)]|$)")
_PARAGRAPH_WORD: Final = re.compile(r"\b(?:items\s+)?paragraphs?\b", re.IGNORECASE)
_MARKED: Final = re.compile(r"(?:\([a-zA-Z0-9]{1,5}\))+")
_REMOVES: Final = frozenset({"remove", "reserve"})
_READ_WHOLE: Final = frozenset({"3A090", "3B090", "4A090", "4E091"})
_READ_Z: Final = frozenset({"3A001", "4A003", "4A004", "4A005", "5A002", "5A004", "5A992"})
_READ_PLAIN: Final = frozenset({"3B001"})
_SECTIONS: Final = {
    "§ 734.9": ("(h)", "(i)"),
    "§ 740.7": ("",),
    "§ 740.8": ("",),
    "§ 740.25": ("",),
    "§ 740.27": ("",),
    "§ 740.28": ("",),
    "§ 740.29": ("",),
    "§ 742.6": ("(a)(6)", "(b)(10)"),
    "§ 744.23": ("",),
    "§ 772.1": (" “Supercomputer", " “Advanced-node"),
}
"""Sections in which thresholds of the controls stand, and the paragraphs that are read of them."""


@dataclass(frozen=True)
class HeldDocument:
    """A document's full text with what ``fr_documents`` says of it."""

    document_number: str
    publication_date: date
    citation: str | None
    body: bytes
    source_sha256: str


@dataclass(frozen=True)
class _Act:
    """What one instruction does to the thresholds of one provision."""

    document: HeldDocument
    instruction: Instruction
    subject: str
    effective: date
    known: date
    conditions: tuple[tuple[Condition, str], ...] = ()  # with its basis
    ends_all: bool = False
    ends_below: tuple[str, ...] = ()
    ends_exactly: frozenset[str] = frozenset()
    is_undated: bool = False

    def ends(self, paragraph: str) -> bool:
        """Whether it ends what stood in a paragraph (as in the table)."""
        if self.ends_all:
            return True
        if note := _note_number(paragraph):
            return note in {_note_number(one.paragraph) for one, _ in self.conditions}
        return paragraph in self.ends_exactly or any(is_below(paragraph, above) for above in self.ends_below)


@dataclass
class _State:
    """Rows that are in force and those that were, subject by subject."""

    standing: dict[str, list[Row]] = field(default_factory=dict)
    done: list[Row] = field(default_factory=list)

    def apply(self, act: _Act) -> None:
        kept = []
        for row in self.standing.get(act.subject, []):
            if act.ends(row["paragraph"]):
                self._end(row, act)
            else:
                kept.append(row)
        self.standing[act.subject] = kept + _rows(act)

    def _end(self, row: Row, act: _Act) -> None:
        known = max(act.known, row["known_from"])
        if known > row["known_from"]:
            self.done.append({**row, "known_to": known})
        if act.effective > row["valid_from"]:
            ended = {"valid_to": act.effective, "known_from": known, "ended_by_document": act.document.document_number}
            self.done.append({**row, **ended})


def control_parameters(documents: Iterable[HeldDocument], reviewed: Sequence[Reviewed] = ()) -> Parsed:
    """Read the thresholds of all documents and set them on the two clocks.

    Args:
        documents: rules and corrections with their full text, in any order; others change nothing.
        reviewed: the reviewed thresholds (:func:`assets.controls.parameters_reviewed.load`).

    Returns:
        Rows of ``control_parameters``. A period holds from ``valid_from`` until ``valid_to`` (exclusive) as it was
        known from ``known_from`` until ``known_to`` (exclusive). Problems: a text that cannot be read, a number no form
        explains, a printed provision without its instruction, a revised entry whose items are not printed, a text that
        changed since its review.
    """
    problems: list[SourceError] = []
    acts: list[_Act] = []
    for document in sorted(documents, key=lambda one: (one.publication_date, one.document_number)):
        try:
            acts += _acts(
                document, [one for one in reviewed if one.document_number == document.document_number], problems
            )
        except SourceError as problem:
            problems.append(problem)
    state = _State()
    for act in sorted(
        acts, key=lambda one: (one.effective, one.known, one.document.document_number, one.instruction.index)
    ):
        state.apply(act)
    rows = [*state.done, *(row for held in state.standing.values() for row in held)]
    return Parsed(_numbered(rows), problems, {"conditions_read": float(len(rows))})


def printed_provisions(root: etree._Element) -> Iterator[tuple[list[etree._Element], Provision]]:
    """Yield every provision a document prints, with the instructions (elements) that stand before it in its REGTEXT."""
    for block in root.iter("REGTEXT"):
        before: list[etree._Element] = []
        run: list[etree._Element] = []
        for element in [*block, None]:
            if element is not None and element.tag != "AMDPAR":
                run.append(element)
                continue
            for provision in provisions(lines_of_elements(run)):
                yield list(before), provision
            run = []
            if element is not None:
                before.append(element)


def _acts(document: HeldDocument, reviewed: Sequence[Reviewed], problems: list[SourceError]) -> Iterator[_Act]:
    root = parse(document.body, document=document.document_number)
    if root.tag not in AMENDING_ROOTS:
        return
    instructions = read_instructions(root, read_preamble(root, document.publication_date).effect)
    if next(root.iter("REGTEXT"), None) is None and names_a_threshold(text(root)):
        problems.append(_problem(document, place(root), "names thresholds outside of amended text: read it by hand"))
    known = first_known(filed_date(root), document.publication_date)
    printed: set[tuple[int, str]] = set()
    waiting = {one.key for one in reviewed}
    for before, provision in printed_provisions(root):
        if not _is_read(provision.subject):
            continue
        instruction = instruction_of(provision, before, instructions)
        if instruction is None:
            problems.append(
                _problem(document, provision.location, f"{provision.subject}: printed, and no instruction names it")
            )
            continue
        printed.add((instruction.index, provision.subject))
        act = _act(document, instruction, provision, known, problems)
        act, met = _with_reviewed(act, provision, reviewed, problems)
        waiting -= met
        yield act
    for instruction in instructions:
        for subject in _named(instruction):
            only_removes = _REMOVES & set(instruction.verbs) and not {"revise", "add"} & set(instruction.verbs)
            if only_removes and _is_read(subject) and (instruction.index, subject) not in printed:
                yield _removal(document, instruction, subject, known)
    for key in sorted(waiting):
        problems.append(_problem(document, key, f"a reviewed threshold for {key}, which the document does not print"))


def _is_read(subject: str) -> bool:
    return subject in _READ_WHOLE | _READ_Z | _READ_PLAIN or subject in _SECTIONS


def _named(instruction: Instruction) -> list[str]:
    """Entries and sections that an instruction names itself."""
    named = list(dict.fromkeys(_ECCNS.findall(instruction.body)))
    if named:
        return named
    return [f"§ {match}" for unit in instruction.units for match in re.findall(r"^§\s*(\d+\.\d+)", unit)]


def instruction_of(
    provision: Provision, before: Sequence[etree._Element], instructions: Sequence[Instruction]
) -> Instruction | None:
    """The instruction that prints a provision: the last one before it, in its REGTEXT, that names it."""
    number = provision.subject.removeprefix("§ ")
    elements = set(map(id, before))
    candidates = [one for one in instructions if id(one.element) in elements]
    naming = [one for one in candidates if re.search(rf"(?<![\d.]){re.escape(number)}(?!\d)", one.body)]
    if naming:
        return naming[-1]
    if provision.is_section and candidates and any(number in unit for unit in candidates[-1].units):
        return candidates[-1]
    return None


def _act(
    document: HeldDocument, instruction: Instruction, provision: Provision, known: date, problems: list[SourceError]
) -> _Act:
    conditions, unread = read(provision)
    conditions = [one for one in conditions if _is_wanted(provision.subject, one.paragraph)]
    if provision.subject not in _READ_PLAIN:
        problems += [
            _problem(document, one.location, f"{one.paragraph}: {one.reason}: {one.sentence:.300}")
            for one in unread
            if _is_wanted(provision.subject, one.paragraph)
        ]
    effective = instruction.effective_date or document.publication_date
    act = _Act(
        document,
        instruction,
        provision.subject,
        effective,
        known,
        tuple((one, "read") for one in conditions),
        is_undated=instruction.effective_date is None,
    )
    if act.is_undated:
        reason = f"{provision.subject}: no day of effect; the day of publication stands in its place"
        problems.append(_problem(document, instruction.location, reason))
    return _scoped(act, provision, problems)


def _scoped(act: _Act, provision: Provision, problems: list[SourceError]) -> _Act:
    """The act with what it ends."""
    body = act.instruction.masked
    is_whole = not _OF_A_PART.search(body) or (
        not provision.is_section and _ALL_ITEMS.search(body) is not None and not _PARAGRAPH_WORD.search(body)
    )
    if provision.is_section:
        is_whole = not re.search(r"\bparagraph", body, re.IGNORECASE) and "introductory" not in body
    full = provision.subject
    if is_whole and not provision.is_partial():
        if provision.labels:
            return replace(act, ends_all=True)
        if provision.subject not in _READ_WHOLE or act.instruction.verb == "add":
            return act
        if not _is_reserved(provision):
            lack = "revised as a whole, but its paragraphs are not printed; what stood before stays and needs review"
            problems.append(_problem(act.document, provision.location, f"{provision.subject}: {lack}"))
            return act
        return replace(act, ends_all=True)
    below = [f"{full}{mark}" for mark in _prefixes(provision, body) if not provision.is_partial(mark.lstrip("."))]
    labels = provision.labels
    leaves = [label for label in labels if not any(other != label and is_below(other, label) for other in labels)]
    names = [_name(provision, label) for label in leaves]
    exactly = frozenset(_name(provision, label) for label in labels)
    return replace(act, ends_below=(*below, *names), ends_exactly=exactly)


def _prefixes(provision: Provision, body: str) -> list[str]:
    """The paragraphs an instruction names: ``(b)(10)`` of a section, ``.a`` of an entry."""
    if provision.is_section:
        after = re.split(r"\bparagraphs?\b", body, maxsplit=1, flags=re.IGNORECASE)
        return _MARKED.findall(after[1]) if len(after) > 1 else []
    after = _PARAGRAPH_WORD.split(body, maxsplit=1)
    if len(after) < 2:
        return []
    return [
        f".{label}"
        for label in _LETTERED.findall(after[1])
        if label in provision.labels or "." in label or (len(label) == 1 and label != "a")
    ]


def _is_reserved(provision: Provision) -> bool:
    return "[reserved]" in provision.heading.lower()


def _removal(document: HeldDocument, instruction: Instruction, subject: str, known: date) -> _Act:
    effective = instruction.effective_date or document.publication_date
    marks = [f"{subject}.{label}" for label in _labels_removed(instruction)]
    return _Act(document, instruction, subject, effective, known, ends_all=not marks, ends_below=tuple(marks))


def _labels_removed(instruction: Instruction) -> list[str]:
    after = _PARAGRAPH_WORD.split(instruction.masked, maxsplit=1)
    return _LETTERED.findall(after[1]) if len(after) > 1 else []


def _is_wanted(subject: str, paragraph: str) -> bool:
    rest = paragraph.removeprefix(subject)
    if subject in _READ_Z:
        return rest.startswith(".z")
    return any(rest.startswith(start) for start in _SECTIONS.get(subject, ("",)))


def _with_reviewed(
    act: _Act, provision: Provision, reviewed: Sequence[Reviewed], problems: list[SourceError]
) -> tuple[_Act, set[str]]:
    """The act with the reviewed thresholds in place of what was read of the same paragraph."""
    met: set[str] = set()
    conditions = list(act.conditions)
    for one in reviewed:
        printed = next(
            (p for p in provision.paragraphs if _name(provision, p.label) == one.paragraph and not p.note), None
        )
        if one.subject != provision.subject or printed is None:
            continue
        met.add(one.key)
        holds = printed.sha256 in one.text_sha256
        conditions = [(c, basis) for c, basis in conditions if c.paragraph != one.paragraph or basis == "reviewed"]
        doubt = "" if holds else "the text is not one it was reviewed against"
        if not holds:
            reason = (
                f"{one.paragraph}: reviewed on {one.reviewed_on} by {one.reviewer} against other text; "
                f"review it anew and add "
                f"sha256 {printed.sha256} to the reviewed file: {printed.words:.200}"
            )
            problems.append(_problem(act.document, printed.location, reason))
        for value in one.conditions:
            conditions.append((
                Condition(
                    one.paragraph, f"{one.paragraph} (all)", value.effect, value.parameter, value.comparison,
                    value.value,
                    value.unit, printed.words, printed.location, printed.sha256, doubt,
                ),
                "reviewed",
            ))  # fmt: skip
        _drop_unread(problems, act.document, one.paragraph) if holds else None
    return replace(act, conditions=tuple(conditions)), met


def _drop_unread(problems: list[SourceError], document: HeldDocument, paragraph: str) -> None:
    """A paragraph whose thresholds were reviewed is not unread any more."""
    problems[:] = [
        one
        for one in problems
        if not (one.document == document.document_number and one.reason.startswith(f"{paragraph}: "))
    ]


def _name(provision: Provision, label: str) -> str:
    return f"{provision.subject}{label}" if provision.is_section else f"{provision.subject}.{label}"


def _rows(act: _Act) -> list[Row]:
    document = act.document
    return [
        {
            "subject": act.subject,
            "paragraph": one.paragraph,
            "clause_path": one.clause_path,
            "effect": one.effect,
            "parameter": one.parameter,
            "comparison": one.comparison,
            "value": one.value,
            "unit": one.unit,
            "valid_from": act.effective,
            "valid_to": None,
            "known_from": act.known,
            "known_to": None,
            "document_number": document.document_number,
            "publication_date": document.publication_date,
            "citation": document.citation,
            "amendment_index": act.instruction.index,
            "amendment_label": act.instruction.label,
            "ended_by_document": None,
            "sentence": one.sentence,
            "location": one.location,
            "text_sha256": one.text_sha256,
            "basis": basis,
            "needs_review": bool(one.doubt) or act.is_undated,
            "review_reason": one.doubt or ("no day of effect: the day of publication" if act.is_undated else None),
        }
        for one, basis in act.conditions
    ]


def _numbered(rows: Sequence[Row]) -> list[Row]:
    """Rows in the order of the table, numbered within each paragraph and document."""
    order = sorted(
        rows,
        key=lambda row: (
            row["subject"],
            row["valid_from"],
            row["document_number"],
            row["paragraph"],
            row["known_from"],
        ),
    )
    counts: dict[tuple[object, ...], int] = {}
    numbered = []
    for row in order:
        key = (row["document_number"], row["amendment_index"], row["paragraph"], row["known_from"])
        counts[key] = counts.get(key, 0) + 1
        numbered.append({**row, "condition_index": counts[key]})
    return numbered


def _note_number(paragraph: str) -> str:
    match = re.search(r" (?:technical )?notes?(?: \d+)?", paragraph, re.IGNORECASE)
    return match[0].lower() if match else ""


def _problem(document: HeldDocument, where: str, reason: str) -> SourceError:
    return SourceError(SOURCE, document.document_number, where, reason)
