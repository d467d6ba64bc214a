"""The table ``fr_amendments``: one row per amendatory instruction of a document."""

from __future__ import annotations

from datetime import date

from lxml import etree

from assets.federal_register.corrections import own_correction_of
from assets.federal_register.document import read_preamble
from assets.federal_register.full_text import AMENDING_ROOTS, SOURCE, parse, place
from assets.federal_register.instructions import Instruction, announces_corrections, read_instructions
from resources.documents import Parsed, Row, SourceError


def amendments(body: bytes, *, document_number: str, publication_date: date, source_sha256: str) -> Parsed:
    """Read a document's amendatory instructions.

    Args:
        body: the full text as XML, as received.
        document_number: as the API gives it.
        publication_date: the issue's day.
        source_sha256: digest of ``body``.

    Returns:
        The rows of ``fr_amendments``; none for a notice, and none for a proposed rule, which changes nothing. An
        instruction whose verb or target is not understood keeps
        its row (``understood`` false) and is a problem too; so is amended text (REGTEXT) that no instruction leads to,
        a correction without instructions, and a day of effect in the DATES of which is not read what takes effect then.

    Raises:
        SourceError: the body cannot be read (see :func:`assets.federal_register.full_text.parse`).
    """
    root = parse(body, document=document_number)
    if root.tag not in AMENDING_ROOTS:
        return Parsed()
    preamble = read_preamble(root, publication_date)
    instructions = read_instructions(root, preamble.effect)
    rows = [_row(one, instructions, document_number, publication_date, source_sha256) for one in instructions]
    problems = [
        SourceError(
            SOURCE, document_number, one.location, f"instruction not understood ({_lacking(one)}): {one.text:.300}"
        )
        for one in instructions
        if not one.understood
    ]
    if not instructions:
        problems += _without_instructions(root, document_number)
    elif unplaced := sorted(set(preamble.effect.others) - {one.effective_date for one in instructions}):
        days, taken = ", ".join(map(str, unplaced)), preamble.effect.first
        reason = f"what takes effect on {days} is not read, and has {taken} here: {preamble.dates_text or '':.300}"
        problems.append(SourceError(SOURCE, document_number, "DATES", reason))
    return Parsed(rows, problems)


def _row(one: Instruction, all_of_them: list[Instruction], number: str, published: date, sha256: str) -> Row:
    return {
        "document_number": number,
        "publication_date": published,
        "month": f"{published:%Y-%m}",
        "amendment_index": one.index,
        "label": one.label,
        "parent_label": all_of_them[one.parent].label if one.parent is not None else None,
        "cfr_title": one.cfr_title,
        "cfr_part": one.cfr_part,
        "target": one.target,
        "verb": one.verb,
        "verbs": list(one.verbs),
        "text": one.text,
        "effective_date": one.effective_date,
        "understood": one.understood,
        "location": one.location,
        "source_sha256": sha256,
    }


def _lacking(one: Instruction) -> str:
    return " and ".join(name for name, value in (("no verb", one.verb), ("no target", one.target)) if value is None)


def _without_instructions(root: etree._Element, document: str) -> list[SourceError]:
    amended = list(root.iter("REGTEXT"))
    if amended:
        reason = "amended text without an amendatory instruction"
        return [SourceError(SOURCE, document, place(element), reason) for element in amended]
    if root.tag == "CORRECT" or own_correction_of(document) or any(map(announces_corrections, root.iter("P"))):
        return [SourceError(SOURCE, document, place(root), "a correction of which no instruction is found")]
    return []
