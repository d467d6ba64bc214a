"""Documents that a person read (``documents_by_hand.yml``), put beside what the code reads from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import yaml
from lxml import etree

from assets.controls.events import restriction_events
from assets.controls.named_documents import KnownDocuments
from assets.federal_register.document import document_row
from assets.federal_register.full_text import plain_dashes
from resources.documents import Parsed, Row

ISSUE = "daily_issues/FR-2024-02-12.current.xml"
BEARING = ("corrects", "suspends", "delays", "rescinds")


@dataclass
class Compared:
    """How many values of each sort agree, and those that do not: of the table alone, of the code alone."""

    right: Counter[str] = field(default_factory=Counter)
    missing: list[tuple[str, str, str]] = field(default_factory=list)
    wrong: list[tuple[str, str, str]] = field(default_factory=list)

    def of(self, sort: str, where: str, wanted: set[Any], found: set[Any]) -> None:
        """Compare two sets of values of a sort."""
        self.right[sort] += len(wanted & found)
        self.missing += [(sort, where, f"{one}") for one in sorted(wanted - found, key=str)]
        self.wrong += [(sort, where, f"{one}") for one in sorted(found - wanted, key=str)]

    def figures(self) -> dict[str, tuple[int, int, int]]:
        """Right, missing and wrong values by sort."""
        missing, wrong = (Counter(one[0] for one in some) for some in (self.missing, self.wrong))
        return {sort: (self.right[sort], missing[sort], wrong[sort]) for sort in sorted(self.right | missing | wrong)}


def table() -> list[dict[str, Any]]:
    """Return the table's documents."""
    documents: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "documents_by_hand.yml").read_bytes())
    return documents


def read(real: Path, samples: Path) -> Iterator[tuple[dict[str, Any], Parsed]]:
    """Yield each document of the table with what the code reads from it; all of them are held.

    The API's fields are those every search gives, without dates: these are to come from the text.
    """
    register = real / "extra" / "federal_register"
    citations = _citations(samples)
    read_rows: list[tuple[dict[str, Any], bytes, Row]] = []
    for one in table():
        number = str(one["number"])
        if one["file"] == "issue":
            body = _of_issue(register / ISSUE)[number]
        elif one["file"] == "samples":
            day = str(one["published"]).replace("-", "/")
            path = samples / "www.federalregister.gov" / "documents" / "full_text" / "xml" / day
            body = (path / f"{number}.xml").read_bytes()
        else:
            body = (register / one["file"]).read_bytes()
        entry = {
            "document_number": number,
            "publication_date": str(one["published"]),
            "citation": one.get("citation") or citations[number],
        }
        if number.startswith("C1-"):
            entry["correction_of"] = f"https://www.federalregister.gov/api/v1/documents/{number[3:]}"
        read_rows.append((one, body, document_row(entry, body, "0" * 64).rows[0]))
    known = KnownDocuments([row for _, _, row in read_rows])
    for one, body, row in read_rows:
        if one.get("held"):
            continue
        yield one, restriction_events(body, row, known)


def compare(one: dict[str, Any], parsed: Parsed, compared: Compared) -> None:
    """Compare one document's rows with its line of the table."""
    number = str(one["number"])
    rows = parsed.rows
    of_whole = [row for row in rows if row["subject_type"] == "document" and not row["amendment_label"]]
    whole = max(of_whole, key=lambda row: (row["kind"] not in BEARING, -row["event_index"]))
    plain = whole["kind"] not in BEARING
    compared.of("filed", number, _days(one.get("filed")), _days(whole["filed_date"]))
    effective = whole["effective_date"]
    if not plain and whole["kind"] == "delays":  # the row has the day of what is delayed
        effective = one.get("effective")
    compared.of("effective", number, _days(one.get("effective")), _days(effective))
    compared.of("compliance", number, _days(one.get("compliance")), _days(whole["compliance_date"]))
    compared.of("comments", number, _days(one.get("comments")), _days(whole["comments_close_date"]))
    compared.of("until", number, _days(one.get("until")), _days(whole["effective_until"]))
    _statements(one, rows, compared)
    for label, wanted in (one.get("instructions") or {}).items():
        _instruction(number, label, wanted, rows, compared)


def _statements(one: dict[str, Any], rows: list[Row], compared: Compared) -> None:
    number = str(one["number"])
    wanted = one.get("statements") or []
    about = [row for row in rows if row["amendment_label"] is None and row["amendment_index"] is None]
    told = [row for row in about if row["kind"] in BEARING or any(row["kind"] == each["kind"] for each in wanted)]
    compared.of("relation kinds", number, {each["kind"] for each in wanted}, {row["kind"] for row in told})
    for what, column in (("numbers", "affects_documents"), ("citations", "affects_citations")):
        compared.of(
            f"relation {what}",
            number,
            {(each["kind"], name) for each in wanted for name in each.get(what, ())},
            {(row["kind"], name) for row in told for name in row[column] if what == "citations" or name in _numbers()},
        )
    for what, column in (("effective", "effective_date"), ("until", "effective_until")):
        compared.of(
            f"relation {what}",
            number,
            {(each["kind"], str(each[what])) for each in wanted if each.get(what)},
            {(row["kind"], str(row[column])) for row in told if row[column] is not None},
        )
    proposes = any(row["kind"] == "proposes" for row in rows)
    compared.of("proposes", number, {True} if one.get("proposes") else set(), {True} if proposes else set())


def _instruction(number: str, label: str, wanted: dict[str, Any], rows: list[Row], compared: Compared) -> None:
    where = f"{number} {label}"
    own = [
        row for row in rows if (row["amendment_label"] or "") == label and (row["amendment_index"] is not None or label)
    ]
    if "subjects" in wanted:
        compared.of(
            "subjects and kinds",
            where,
            {(subject, kind) for subject, kind in wanted["subjects"].items()},
            {(row["subject"].removesuffix(" authority citation"), row["kind"]) for row in own},
        )
    if "effective" in wanted:
        compared.of(
            "instruction effective",
            where,
            _days(wanted["effective"] or None) or {"none"},
            {str(row["effective_date"] or "none") for row in own} or set(),
        )
    until = wanted.get("until")
    until = until if isinstance(until, dict) else {row["subject"]: until for row in own if until}
    compared.of(
        "instruction until",
        where,
        {(subject, str(day)) for subject, day in until.items()},
        {(row["subject"], str(row["effective_until"])) for row in own if row["effective_until"] is not None},
    )
    if "citations" in wanted:
        found = {name for row in own for name in row["affects_citations"]}
        compared.of("instruction citations", where, set(wanted["citations"]), found)


def _days(day: Any) -> set[str]:
    return {str(day)} if day else set()


@cache
def _numbers() -> frozenset[str]:
    return frozenset(str(one["number"]) for one in table())


@cache
def _citations(samples: Path) -> dict[str, str]:
    results = orjson.loads((samples / "www.federalregister.gov" / "documents.index.json").read_bytes())
    results = results if isinstance(results, list) else results["results"]
    return {one["document_number"]: one["citation"] for one in results}


@cache
def _of_issue(path: Path) -> dict[str, bytes]:
    """The documents of a daily issue by number, each as its own full text."""
    root = etree.parse(path, etree.XMLParser(recover=True, huge_tree=True)).getroot()
    found = {}
    for element in root.iter("RULE", "PRORULE", "NOTICE"):
        line = plain_dashes("".join("".join(each.itertext()) for each in element.iter("FRDOC")))
        if "FR Doc. " in line:
            found[line.split("FR Doc. ")[1].split()[0].rstrip("]")] = etree.tostring(element)
    return found
