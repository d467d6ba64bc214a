"""The official list, taken apart into rules by what it cites and put together again.

A test of the machinery, not of the law: the rules are written for it from the official text itself. Each entry is
added on the first day it cites; where it cites later ones, it is added with another text and revised on each of them,
the last time to the official one.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from official_lists import BASE, entries

from assets.entity_list.changes import changes
from assets.entity_list.citations import citation_days
from assets.entity_list.entity_cell import read_entity
from assets.entity_list.entity_names import name_key
from assets.entity_list.history import history
from assets.entity_list.lists import ENTITY_LIST
from resources.documents import Parsed, Row, SourceError

ENTRIES = 3_411
Key = tuple[str, str]


COMPARED = ("entry_text", "license_requirement", "license_review_policy")
NAMED = re.compile(r"(?:add|revise) (.+) under .+: it is|^(.+) under .+: no instruction names it")
SWAPPED = {"Djamshid Nezhad"}
"""Requirement and policy stand in each other's cell; those of a rule are put right."""
UNPAIRED = {
    "Voronezh Scientific Research Institute “Vega“",
    "United Shipbuilding Corporation JSC “SC “Zvyozdochka”",
    "Tactical Missile Corporation, Joint-Stock Company “Research Center for Automated Design",
    "Tactical Missile Corporation, Joint Stock Company “State Machine Building Design Bureau “Vympel” By Name "
    "I.I. Toropov”",
}
"""Their quotation marks have no pair: quoted in an instruction they cannot be told from the instruction's own."""


@cache
def official_entries(folder: Path) -> list[Row]:
    return [row for row in entries(folder, BASE) if row["list_name"] == ENTITY_LIST.name]


def cited_days(entry: Row) -> list[date]:
    return sorted({day for day in citation_days(entry["citations"]) if day <= BASE}) or [BASE]


def key(row: Row, name: str) -> Key:
    return row["country"], name_key(row[name])


def entry_row(entry: Row, *, is_official: bool) -> str:
    lines = entry["entry_text"].split("\n") if is_official else [f"{entry['entry_name']}, 1 Former Road."]
    entity = escape(lines[0]) + "".join(f"<LI>{escape(line)}</LI>" for line in lines[1:])
    requirement = entry["license_requirement"] if is_official else "All items subject to the EAR."
    policy = entry["license_review_policy"] if is_official else "Case-by-case basis."
    mark = f"<SU>{' '.join(entry['footnotes'])}</SU>" if is_official and entry["footnotes"] else ""
    before, cited, after = escape(requirement or "").partition("734.9(g),")
    cells = (entity, f"{before}{cited}{mark}{after}", escape(policy or ""), escape(entry["federal_register_citation"]))
    return f'<ROW><ENT I="22"> </ENT>{"".join(f"<ENT>{cell}</ENT>" for cell in cells)}</ROW>'


def rule(added: list[tuple[Row, bool]], revised: list[tuple[Row, bool]], day: date) -> bytes:
    """A rule of a day; each entry with whether it gets the official text."""
    instructions = ["2. Supplement No. 4 to part 744 is amended:"]
    rows: dict[str, list[str]] = {}
    letters = iter(f"{a}{b}".strip() for a in (" ", *"ab") for b in "abcdefghijklmnopqrstuvwxyz")
    for doing, made in (("adding, in alphabetical order, entries", added), ("revising the entries", revised)):
        names: dict[str, list[str]] = {}
        for entry, is_official in made:
            names.setdefault(entry["country_as_printed"], []).append(f"“{escape(entry['entry_name'])}”")
            rows.setdefault(entry["country_as_printed"], []).append(entry_row(entry, is_official=is_official))
        instructions += [
            f"({next(letters)}) Under {escape(country)}, by {doing} for {'; '.join(quoted)};"
            for country, quoted in names.items()
        ]
    table = "".join(f'<ROW><ENT I="01">{escape(country)}</ENT></ROW>{"".join(made)}' for country, made in rows.items())
    amended = "".join(f"<AMDPAR>{words}</AMDPAR>" for words in instructions)
    dates = f"This rule is effective {day:%B} {day.day}, {day.year}."
    return (
        f"<RULE><PREAMB><EFFDATE><P>{dates}</P></EFFDATE></PREAMB><SUPLINF>"
        f'<REGTEXT TITLE="15" PART="744">{amended}<GPOTABLE COLS="5">{table}</GPOTABLE></REGTEXT></SUPLINF></RULE>'
    ).encode()


@cache
def replayed(folder: Path) -> Parsed:
    """The rules of all days, read and replayed."""
    added: dict[date, list[tuple[Row, bool]]] = {}
    revised: dict[date, list[tuple[Row, bool]]] = {}
    for entry in official_entries(folder):
        first, *later = cited_days(entry)
        added.setdefault(first, []).append((entry, not later))
        for day in later:
            revised.setdefault(day, []).append((entry, day == later[-1]))
    rows: list[Row] = []
    problems: list[SourceError] = []
    for position, day in enumerate(sorted({*added, *revised})):
        body = rule(added.get(day, []), revised.get(day, []), day)
        number = f"{day.year}-{position:05d}"
        read = changes(body, document_number=number, publication_date=day, source_sha256="0" * 64)
        rows += read.rows
        problems += read.problems
    made = history(rows)
    return Parsed(made.rows, problems + made.problems)


@cache
def not_back(folder: Path) -> dict[int, Row]:
    """The official entries, by position, that the replayed list does not have as they are."""
    listed: dict[Key, list[Row]] = {}
    for row in replayed(folder).rows:
        if row["valid_to"] is None:
            listed.setdefault(key(row, "name"), []).append(row)
    return {
        entry["position"]: entry
        for entry in official_entries(folder)
        if not any(
            all(row[column] == entry[column] for column in COMPARED)
            and sorted(row["footnotes"]) == sorted(entry["footnotes"])
            for row in listed.get(key(entry, "entry_name"), [])
        )
    }


def has_comma_in_name(entry: Row) -> bool:
    """Whether a name goes on behind a comma: "…, 31 Research Institute", "…, Limited (CSSC) 701st Institute"."""
    name = entry["entry_name"]
    return key(entry, "entry_name")[1] != name_key(read_entity([name]).name)


@cache
def names(folder: Path) -> Counter[Key]:
    return Counter(key(entry, "entry_name") for entry in official_entries(folder))


def has_namesake(folder: Path, entry: Row) -> bool:
    return names(folder)[key(entry, "entry_name")] > 1


def lost_names(folder: Path) -> dict[str, list[str]]:
    """The names that do not come back, by what is particular about them."""
    lost: dict[str, list[str]] = {"namesake": [], "unpaired": [], "comma": [], "other": []}
    for entry in not_back(folder).values():
        if has_namesake(folder, entry):
            kind = "namesake"
        elif entry["entry_name"] in UNPAIRED:
            kind = "unpaired"
        else:
            kind = "comma" if has_comma_in_name(entry) else "other"
        lost[kind].append(entry["entry_name"])
    return lost


def test_every_entry_comes_back(real_documents: Path) -> None:
    assert len(official_entries(real_documents)) == ENTRIES
    assert set(lost_names(real_documents)["other"]) == SWAPPED


def test_every_entry_comes_back_whose_name_has_a_comma(real_documents: Path) -> None:
    commas = [entry for entry in official_entries(real_documents) if has_comma_in_name(entry)]

    assert len(commas) > 40
    assert lost_names(real_documents)["comma"] == []


def test_names_with_a_quotation_mark_without_its_pair_are_reported(real_documents: Path) -> None:
    said = [problem.reason for problem in replayed(real_documents).problems]
    official = {entry["entry_name"] for entry in official_entries(real_documents)}

    assert official >= UNPAIRED
    for name in lost_names(real_documents)["unpaired"]:
        assert any("without its pair" in reason or name in reason for reason in said)


def test_no_address_is_a_punctuation_mark(real_documents: Path) -> None:
    rows = replayed(real_documents).rows

    assert [row["name"] for row in rows if any(not name_key(address) for address in row["addresses"])] == []


def test_of_namesakes_under_one_destination_the_first_comes_back(real_documents: Path) -> None:
    namesakes = [entry for entry in official_entries(real_documents) if has_namesake(real_documents, entry)]
    lost = not_back(real_documents)

    assert (len(namesakes), len([entry for entry in namesakes if entry["position"] in lost])) == (10, 5)


def test_every_namesake_that_does_not_come_back_is_named(real_documents: Path) -> None:
    said = Counter(
        name_key(match[1] or match[2])
        for problem in replayed(real_documents).problems
        if (match := NAMED.search(problem.reason))
    )
    lost = Counter(
        key(entry, "entry_name")[1]
        for entry in not_back(real_documents).values()
        if has_namesake(real_documents, entry)
    )

    assert len(lost) == 5
    assert {name for name, times in lost.items() if said[name] < times} == set()


def test_every_citation_is_a_version(real_documents: Path) -> None:
    lost = not_back(real_documents)
    versions: dict[Key, list[Row]] = {}
    for row in replayed(real_documents).rows:
        versions.setdefault(key(row, "name"), []).append(row)
    whole = [
        entry
        for entry in official_entries(real_documents)
        if entry["position"] not in lost and not has_namesake(real_documents, entry)
    ]

    assert len(whole) > 3_390
    for entry in whole:
        rows = versions[key(entry, "entry_name")]
        assert [row["valid_from"] for row in rows] == cited_days(entry)
        assert {row["entry_id"] for row in rows} == {rows[0]["entry_id"]}
