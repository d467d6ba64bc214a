"""The table ``license_rules``: what a license is required for, where to, how applications are judged, what is excepted.

The rules of 15 CFR 742.6(a)(6) and (b)(10), 740.8, 740.25 and 744.23 refer to each other and to lists, so that a
sentence alone does not give them: they are reviewed rows (``license_rules.yml``), each bound to the digest of the
paragraph it was read from. What is read from the documents: the day of effect of the instruction, the words of the
paragraph, and whether they are those that were reviewed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

import orjson
import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from assets.controls.parameters import HeldDocument, instruction_of, printed_provisions
from assets.controls.parameters_text import Paragraph, is_below, plain
from assets.federal_register.document import filed_date, first_known, read_preamble
from assets.federal_register.full_text import AMENDING_ROOTS, SOURCE, parse
from assets.federal_register.instructions import read_instructions
from resources.documents import Parsed, Row, SourceError

FILE = Path(__file__).with_name("license_rules.yml")
WATCHED: Mapping[str, tuple[str, ...]] = {
    "§ 742.6": ("(a)(6)(i)(B)", "(a)(6)(iii)", "(b)(10)"),
    "§ 740.8": ("(a)",),
    "§ 740.25": ("(c)",),
    "§ 744.23": ("(a)(3)", "(d)"),
}
"""Paragraphs whose change by a document without reviewed rules is a problem."""

_SAID: Mapping[str, str] = {
    "required": r"licen[sc]e is (?:also )?required|requires a license",
    "presumption_of_denial": r"presumption of denial|policy of denial",
    "presumption_of_approval": r"presumption of approval",
    "case_by_case": r"case[- ]by[- ]case",
}
_COUNTRY: Mapping[str, str] = {
    "China": r"China|PRC|D:5",
    "Macau": r"Macau",
    "worldwide": r"worldwide|other destinations|other than",
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RuleCondition(_Strict):
    """A threshold on the item, in the parameters of ``control_parameters``."""

    parameter: str
    comparison: Literal[">=", ">", "<=", "<", "="]
    value: Decimal

    @field_validator("value", mode="before")
    @classmethod
    def _exact(cls, value: object) -> object:
        if isinstance(value, float):
            raise ValueError("write a decimal in quotation marks: a float is not exact")
        return value


class Doubt(_Strict):
    """What the reviewer could not establish, and for which paragraphs."""

    paragraphs: list[str] = Field(min_length=1)
    text: str = Field(min_length=1)


class LicenseRule(_Strict):
    """One rule as reviewed; ``replaces`` names the rules whose period ends when this one begins."""

    id: str
    document_number: str
    publication_date: date
    effective_date: date
    citation: str
    section: str
    section_paragraph: str
    applies_to: list[str] = Field(min_length=1)
    kind: Literal["license_requirement", "review_policy", "license_exception"]
    value: str
    destinations: list[str] = []
    except_destinations: list[str] = []
    headquartered_in: list[str] = []
    conditions: list[RuleCondition] = []
    condition_text: str | None = None
    compliance_date: date | None = None
    not_enforced_from: date | None = None
    not_enforced_source: str | None = None
    replaces: list[str] = []
    texts: list[str] = []
    doubt: Doubt | None = None
    reviewer: str
    reviewed_on: date


class _File(_Strict):
    license_rules: list[LicenseRule]

    @model_validator(mode="after")
    def _consistent(self) -> _File:
        ids = [rule.id for rule in self.license_rules]
        if twice := {one for one in ids if ids.count(one) > 1}:
            raise ValueError(f"several rules are called {sorted(twice)}")
        if unknown := {one for rule in self.license_rules for one in rule.replaces} - set(ids):
            raise ValueError(f"rules replace {sorted(unknown)}, which there are not")
        return self


@dataclass(frozen=True)
class _Printed:
    """A paragraph as a document prints it, with the day its instruction takes effect."""

    section: str
    paragraph: Paragraph
    effective: date | None
    known: date
    amendment_index: int


@cache
def load(file: Path = FILE) -> tuple[LicenseRule, ...]:
    """The reviewed rules.

    Raises:
        ValueError: the file is not well formed, or a rule replaces one that there is not.
    """
    try:
        return tuple(_File.model_validate(yaml.safe_load(file.read_text("utf-8"))).license_rules)
    except (ValueError, yaml.YAMLError) as error:
        raise ValueError(f"{file.name}: {error}") from error


def license_rules(documents: Iterable[HeldDocument], rules: Sequence[LicenseRule] | None = None) -> Parsed:
    """Set the license rules on the two clocks, bound to the documents held.

    Args:
        documents: rules with their full text, in any order.
        rules: the reviewed rules; those of ``license_rules.yml`` if not given.

    Returns:
        Rows of ``license_rules``. A rule of a document outside of the days of publication given is left out; one within
        them whose document is not held is kept and needs review, as is one in doubt for its reviewer. Problems: a
        document that does not print a rule's paragraph, a text other than reviewed (with whether its words say the
        same), another day of effect than reviewed (both given), a watched paragraph changed by a document without
        reviewed rules.
    """
    rules = load() if rules is None else rules
    problems: list[SourceError] = []
    held = sorted(documents, key=lambda one: (one.publication_date, one.document_number))
    if not held:
        return Parsed()
    printed: dict[str, list[_Printed]] = {}
    for document in held:
        try:
            printed[document.document_number] = list(_printed(document))
        except SourceError as problem:
            problems.append(problem)
            printed[document.document_number] = []
    first, last = held[0].publication_date, held[-1].publication_date
    begun: dict[str, tuple[LicenseRule, Row]] = {}
    for rule in rules:
        if rule.document_number in printed or first <= rule.publication_date <= last:
            begun[rule.id] = (rule, _row(rule, printed.get(rule.document_number), problems))
    problems += _not_reviewed(printed, rules)
    rows: list[Row] = []
    for rule, row in begun.values():
        ends = [other for by, other in begun.values() if rule.id in by.replaces]
        end = min(ends, key=lambda other: (other["known_from"], other["valid_from"]), default=None)
        rows += (_doubted(one, rule.doubt) for one in _by_paragraph(_on_two_clocks(row, end)))
    return Parsed(rows, problems)


def rule_conditions(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The conditions of a row of ``license_rules``: parameter, comparison, value (a ``Decimal``)."""
    return [{**one, "value": Decimal(one["value"])} for one in orjson.loads(row["conditions"])]


def in_country_group(country: str, group: str) -> bool:
    """Whether a country is in a Country Group (supplement no. 1 to part 740), by the state that the file names.

    Raises:
        KeyError: a group other than those of ``license_rules_country_groups.yml``.
    """
    return country in country_groups()[group]


@cache
def country_groups() -> Mapping[str, frozenset[str]]:
    """Country Groups D:1, D:4, D:5, A:1, A:5 and A:6; Macau is in D:1 and D:4, not in D:5."""
    held = yaml.safe_load(FILE.with_name("license_rules_country_groups.yml").read_text("utf-8"))
    return {name: frozenset(countries) for name, countries in held["groups"].items()}


def _printed(document: HeldDocument) -> Iterator[_Printed]:
    root = parse(document.body, document=document.document_number)
    if root.tag not in AMENDING_ROOTS:
        return
    instructions = read_instructions(root, read_preamble(root, document.publication_date).effect)
    known = first_known(filed_date(root), document.publication_date)
    for before, provision in printed_provisions(root):
        if not provision.is_section:
            continue
        instruction = instruction_of(provision, before, instructions)
        for paragraph in provision.paragraphs:
            if paragraph.label and not paragraph.note:
                effective, index = (instruction.effective_date, instruction.index) if instruction else (None, 0)
                yield _Printed(provision.subject, paragraph, effective, known, index)


def _row(rule: LicenseRule, printed: Sequence[_Printed] | None, problems: list[SourceError]) -> Row:
    # Its own paragraph, and those below it: the official text may divide what a stand-in says in one.
    below = [
        one
        for one in printed or ()
        if one.section == rule.section and is_below(one.paragraph.label, rule.section_paragraph)
    ]
    found = min(below, key=lambda one: _farness(rule, one), default=None)
    doubt = None
    effective, known = rule.effective_date, rule.publication_date
    if printed is None:
        doubt = "its document is not held"
    elif found is None:
        doubt = f"the document does not print {rule.section}{rule.section_paragraph}"
    else:
        known = found.known
        if found.paragraph.sha256 not in rule.texts:
            words = " ".join(one.paragraph.words for one in below)
            same = "its words say the same" if _says(rule, words) else "its words do not say the same"
            doubt = f"the text is not one it was reviewed against ({same}); sha256 {found.paragraph.sha256}"
        if found.effective is not None and found.effective != rule.effective_date:
            other = f"in effect from {found.effective} by its instruction, {rule.effective_date} as reviewed"
            doubt = f"{doubt}; {other}" if doubt else other
            effective = found.effective
    if doubt is not None:
        where = found.paragraph.location if found else f"{rule.section}{rule.section_paragraph}"
        problems.append(SourceError(SOURCE, rule.document_number, where, f"license rule {rule.id}: {doubt}"))
    return {
        "rule_id": rule.id,
        "applies_to": rule.applies_to,
        "kind": rule.kind,
        "value": rule.value,
        "destinations": rule.destinations,
        "except_destinations": rule.except_destinations,
        "headquartered_in": rule.headquartered_in,
        "conditions": orjson.dumps(
            [{"parameter": c.parameter, "comparison": c.comparison, "value": str(c.value)} for c in rule.conditions]
        ).decode(),
        "condition_text": rule.condition_text,
        "valid_from": effective,
        "valid_to": None,
        "known_from": known,
        "known_to": None,
        "compliance_date": rule.compliance_date,
        "not_enforced_from": rule.not_enforced_from,
        "not_enforced_source": rule.not_enforced_source,
        "document_number": rule.document_number,
        "citation": rule.citation,
        "section": f"{rule.section}{rule.section_paragraph}",
        "amendment_index": found.amendment_index if found else None,
        "ended_by_document": None,
        "sentence": found.paragraph.words if found else None,
        "location": found.paragraph.location if found else None,
        "text_sha256": found.paragraph.sha256 if found else None,
        "basis": "reviewed",
        "needs_review": doubt is not None,
        "review_reason": doubt,
    }


def _farness(rule: LicenseRule, one: _Printed) -> tuple[bool, bool, bool, int]:
    """How far a paragraph is from the one reviewed: a document may print one twice, with two days of effect."""
    names_its_eccn = any(name.split(".")[0] in one.paragraph.words for name in rule.applies_to)
    is_of_another_day = one.effective != rule.effective_date
    return one.paragraph.sha256 not in rule.texts, is_of_another_day, not names_its_eccn, len(one.paragraph.label)


def _says(rule: LicenseRule, words: str) -> bool:
    """Whether a text has the words of a rule: what is said, of which destinations."""
    words = plain(words)
    wanted = [_SAID.get(rule.value, rf"\b{re.escape(rule.value)}\b")]
    wanted += [_COUNTRY.get(name, rf"\b{re.escape(name)}\b") for name in rule.destinations]
    wanted += ["headquarter"] if rule.headquartered_in else []
    wanted += [
        re.escape(f"{c.value:,}") + "|" + re.escape(str(c.value)) for c in rule.conditions if c.comparison != "="
    ]
    return all(re.search(one, words, re.IGNORECASE) for one in wanted)


def _not_reviewed(printed: Mapping[str, Sequence[_Printed]], rules: Sequence[LicenseRule]) -> Iterator[SourceError]:
    for number, paragraphs in printed.items():
        reviewed = {(rule.section, rule.section_paragraph) for rule in rules if rule.document_number == number}
        for one in paragraphs:
            label = one.paragraph.label
            watched = any(is_below(label, above) for above in WATCHED.get(one.section, ()))
            covered = any(
                section == one.section and (is_below(label, of) or is_below(of, label)) for section, of in reviewed
            )
            if watched and not covered:
                change = f"{one.section}{label} is changed, and no license rule was reviewed for it"
                reason = f"{change}: {one.paragraph.words:.200}"
                yield SourceError(SOURCE, number, one.paragraph.location, reason)


def _on_two_clocks(row: Row, end: Row | None) -> Iterator[Row]:
    if end is None:
        yield row
        return
    known = max(end["known_from"], row["known_from"])
    if known > row["known_from"]:
        yield {**row, "known_to": known}
    if end["valid_from"] > row["valid_from"]:
        by = end["document_number"]
        yield {**row, "valid_to": end["valid_from"], "known_from": known, "ended_by_document": by}


def _doubted(row: Row, doubt: Doubt | None) -> Row:
    if doubt is None or row["paragraph"] not in doubt.paragraphs:
        return row
    reasons = [row["review_reason"], doubt.text]
    return row | {"needs_review": True, "review_reason": "; ".join(reason for reason in reasons if reason)}


def _by_paragraph(rows: Iterable[Row]) -> Iterator[Row]:
    """One row for each ECCN paragraph that a rule applies to."""
    for row in rows:
        for paragraph in row["applies_to"]:
            yield {"paragraph": paragraph, **{name: value for name, value in row.items() if name != "applies_to"}}
