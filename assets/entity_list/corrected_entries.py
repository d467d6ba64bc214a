"""Corrections of documents, tied to what the documents corrected do to the lists.

A correction does not amend the list: it says what the rule it corrects should have said, and so acts from the day that
rule takes effect, while the world knows it from its own publication. Only a correction that names a day of effect
other than its publication waits for it. A correction of words gives no entry, only wrong words and right ones: it is
made where the words stand at one place in one entry of the rule corrected, and reported otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from difflib import SequenceMatcher
from typing import Final

from assets.entity_list.entity_cell import name_key, read_entity
from assets.entity_list.order import RegisterOrder
from assets.federal_register.full_text import SOURCE
from resources.documents import Row, SourceError

_ALIKE: Final = 0.85
"""Names at least this similar (share of matching characters) are one name, one of them misprinted."""
_CELLS: Final = ("entry_text", "license_requirement", "license_review_policy", "federal_register_citation")
_EVERYWHERE: Final = re.compile(
    r"\b(?:both|all|each|every)\s+(?:places?|instances?|occurrences?|times?)\b|\bwherever\b", re.I
)
_OF_INSTRUCTION: Final = re.compile(r"\binstructions?\b", re.IGNORECASE)
_OF_TABLE: Final = re.compile(r"\b(?:tables?|rows?|entr(?:y|ies))\b", re.IGNORECASE)
_SIGNS: Final = ('“”"„', "‘’'`", "-‐‑–")
# A period that ends a sentence stands within the quotation marks; one of these words has its own.
_ABBREVIATION: Final = re.compile(
    r"\b(?:Co|Corp|Inc|Ltd|Ltda|Pvt|Pte|Pty|Sdn|Bhd|Est|Bros|Tic|San|No|St|Rd|Ave|Blvd|Bldg|\w)\.$"
)
_RULE: Final = ("rule_published", "rule_number")


def with_corrections(
    changes: Sequence[Row],
    document_of: Mapping[str, str],
    base_day: date | None,
    order: RegisterOrder,
    problems: list[SourceError],
) -> list[Row]:
    """Return changes with each correction of a document as a change of the entry it corrects.

    Args:
        changes: rows of ``entity_list_changes``, delays already made.
        document_of: numbers of documents by citation.
        base_day: day of the official text that the replay stands on; it cannot have what was corrected later, so such a
            correction of a rule of before is made on the day it was published.
        order: the order of documents; corrections of one rule are made one after the other.
        problems: takes those that cannot be tied to one change of the document corrected.

    Returns:
        The changes in no order, each with a day of effect or without; a correction that acts with its rule names
        it (``rule_published``, ``rule_number``), so that :meth:`RegisterOrder.of_effect` puts it behind.
    """
    tie = _Tie(changes, document_of, base_day, problems)
    corrections = [change for change in changes if _corrected(change)]
    for correction in sorted(corrections, key=order.within):
        if correction["text_before"] is None:
            tie.entry(correction)
        else:
            tie.words(correction)
    return tie.changes


def _corrected(change: Row) -> bool:
    return bool(change.get("corrected_document") or change.get("corrected_citation"))


class _Tie:
    def __init__(
        self, changes: Sequence[Row], document_of: Mapping[str, str], base_day: date | None, problems: list[SourceError]
    ) -> None:
        self.changes = [change for change in changes if not _corrected(change)]
        self._document_of = document_of
        self._base_day = base_day
        self._problems = problems
        self._of: dict[str, list[int]] = {}  # positions of what each rule does now, as corrected so far
        for position, change in enumerate(self.changes):
            self._of.setdefault(change["document_number"], []).append(position)

    def entry(self, correction: Row) -> None:
        """Give a correction that sets out an entry its day; what it corrects is found by the entry's name."""
        own = self._own(correction)
        name = correction["previous_name"] or correction["entry_name"]
        under = [at for at in own if _place(self.changes[at]) == _place(correction)]
        found = [at for at in under if name_key(self.changes[at]["entry_name"]) == name_key(name)]
        if not found:
            alike = [at for at in under if _alike(self.changes[at]["entry_name"], name)]
            found = alike if len(alike) == 1 else []
        if len({self.changes[at]["effective_date"] for at in found}) != 1:
            self.changes.append(correction)  # the replay says whether it fits the list
            return
        rule = self.changes[found[-1]]
        if correction["text_supplied"] and not rule["text_supplied"] and rule["verb"] in ("add", "re-add"):
            correction = correction | {"verb": rule["verb"]}  # the text that the rule forgot
        elif name_key(rule["entry_name"]) != name_key(correction["entry_name"]):
            correction = correction | {"previous_name": rule["entry_name"]}
        self._make(correction, found[-1])

    def words(self, correction: Row) -> None:
        """Make a correction of words, if they stand at one place in one entry."""
        own = self._own(correction)
        if not own:
            self._report(correction, "no change that it makes to a list is held")
            return
        found = [at for at in own if self._is_meant(correction, self.changes[at])]
        for wrong, right in _readings(correction["text_before"], correction["text_after"]):
            pattern = _pattern(wrong)
            places = [
                (at, cell) for at in found for cell in _CELLS for _ in pattern.finditer(self.changes[at][cell] or "")
            ]
            if not places:
                continue
            everywhere = _EVERYWHERE.search(correction["entry_text"]) is not None
            if len({at for at, _ in places}) > 1 or (len(places) > 1 and not everywhere):
                self._report(correction, f"the words stand at {len(places)} places there")
                return
            self._make_words(correction, places[0][0], pattern, right)
            return
        self._report(correction, "the words do not stand in the entries it speaks of")

    def _is_meant(self, correction: Row, change: Row) -> bool:
        """Whether a change of the rule is among those that a correction speaks of."""
        words, page = correction["entry_text"], correction["first_page"]
        if _OF_INSTRUCTION.search(words) and change["text_supplied"]:
            return False
        if not change["text_supplied"] and (change["verb"] not in ("remove", "move") or _speaks_of_table(words)):
            return False
        name = correction["entry_name"]
        return (
            change["list_name"] == correction["list_name"]
            and correction["country"] in (None, change["country"])
            and (name is None or name_key(name) == name_key(change["entry_name"]))
            and (page is None or change["first_page"] is None or change["first_page"] <= page <= change["last_page"])
        )

    def _make_words(self, correction: Row, at: int, pattern: re.Pattern[str], right: str) -> None:
        rule = self.changes[at]

        def put_right(words: str | None) -> str | None:
            return pattern.sub(lambda match: _joined(right, match), words) if words else words

        texts = {cell: put_right(rule[cell]) for cell in _CELLS}
        cell = read_entity((texts["entry_text"] or "").split("\n"), [put_right(rule["entry_name"]) or ""])
        for doubt in cell.doubts:
            if not doubt.endswith("are read by name only"):
                self._report(correction, f"{cell.name}: {doubt}")
        renamed = name_key(cell.name) != name_key(rule["entry_name"])
        made = (
            rule
            | texts
            | {
                "verb": "correct" if rule["text_supplied"] else rule["verb"],
                "entry_name": cell.name,
                "previous_name": rule["entry_name"] if renamed and rule["text_supplied"] else None,
                "previous_country": None if rule["text_supplied"] else rule["previous_country"],
                "aliases": cell.aliases,
                "addresses": cell.addresses,
                "sub_entities": cell.sub_entities,
            }
        )
        own = ("document_number", "publication_date", "known_from", "change_index", "amendment_label", "location")
        made |= {column: correction[column] for column in (*own, "effective_date", "source_sha256")}
        self._make(made, at)

    def _make(self, correction: Row, at: int) -> None:
        """Take a correction in, with the day of the change that it corrects."""
        rule = self.changes[at]
        day, own_day = rule["effective_date"], correction["effective_date"]
        waits = own_day is not None and own_day != correction["publication_date"]
        if day is not None and self._base_day is not None and day <= self._base_day < correction["known_from"]:
            day = correction["known_from"]
        elif day is not None and waits and own_day > day:
            day = own_day
        else:
            correction = correction | self._behind(rule)
        correction = correction | {"effective_date": day, "delayed_by_document": rule.get("delayed_by_document")}
        if rule.get("delayed_by_document"):  # the day is known from the delay
            correction["known_from"] = max(correction["known_from"], rule["known_from"])
        positions = next(positions for positions in self._of.values() if at in positions)
        if rule["text_supplied"] or correction["text_supplied"]:
            positions[positions.index(at)] = len(self.changes)
            self.changes.append(correction)
        else:
            self.changes[at] = correction  # a removal of the wrong name did not take place

    @staticmethod
    def _behind(rule: Row) -> Row:
        """What puts a correction behind the rule; a correction of what is corrected stands behind the rule, too."""
        own = (rule["publication_date"], rule["document_number"])
        return {column: rule.get(column, value) for column, value in zip(_RULE, own, strict=True)}

    def _own(self, correction: Row) -> list[int]:
        number = correction["corrected_document"] or self._document_of.get(correction["corrected_citation"] or "", "")
        return self._of.get(number, [])

    def _report(self, correction: Row, reason: str) -> None:
        which = correction["corrected_document"] or correction["corrected_citation"]
        words = f"in {which}, “{correction['text_before']}” should read “{correction['text_after']}”"
        reason = f"{words}: {reason}: {correction['entry_text']:.200}"
        self._problems.append(SourceError(SOURCE, correction["document_number"], correction["location"], reason))


def _place(change: Row) -> tuple[str, str]:
    return change["list_name"], change["country"]


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, name_key(one), name_key(other), autojunk=False).ratio() >= _ALIKE


def _speaks_of_table(words: str) -> bool:
    return _OF_TABLE.search(words) is not None and _OF_INSTRUCTION.search(words) is None


def _readings(wrong: str, right: str) -> Iterator[tuple[str, str]]:
    """Yield the ways to read quoted words: as they are, and without the punctuation of the sentence around them."""
    bare = wrong.rstrip(",;.")
    # A comma that only the wrong words have is the sentence's, unless nothing else is wrong.
    if not (wrong[-1:] in (",", ";") and right[-1:] != wrong[-1:] and bare not in ("", right)):
        yield wrong, right
    if bare not in (wrong, ""):
        yield bare, right.rstrip(",;")


def _pattern(words: str) -> re.Pattern[str]:
    """Return the expression that finds words as whole words, whatever their quotation marks, hyphens and blanks."""
    pieces = []
    for letter in " ".join(words.split()):
        signs = next((signs for signs in _SIGNS if letter in signs), None)
        pieces.append(r" +" if letter == " " else f"[{re.escape(signs)}]" if signs else re.escape(letter))
    begins, ends = r"(?<!\w)" if words[0].isalnum() else "", r"(?!\w)" if words[-1].isalnum() else ""
    return re.compile(begins + "".join(pieces) + ends)


def _joined(right: str, match: re.Match[str]) -> str:
    """Return the right words for a place, without a mark that only ends the sentence of the correction."""
    end = right[-1:]
    if end not in (".", ",", ";") or match[0].endswith(end):
        return right
    following = match.string[match.end() : match.end() + 1]
    if following == end or end != "." or not _ABBREVIATION.search(right):
        return right[:-1]
    return right
