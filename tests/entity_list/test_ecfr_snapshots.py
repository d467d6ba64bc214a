"""The official lists as the eCFR printed them: days, tables, footnotes, notes, and what is wrong with a document."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assets.entity_list import ecfr
from assets.entity_list.ecfr import days_to_take, snapshot, snapshot_url, version_days, versions_page, versions_url
from expectations import contract, suite
from resources.documents import Parsed, Row, SourceError

EARLIER, LATER = date(2026, 3, 25), date(2026, 7, 18)
URL = versions_url(ecfr.BASE)
EL, UVL, MEU = "Entity List", "Unverified List", "Military End-User List"


# --- days -----------------------------------------------------------------------------------------------------------


def versions(*days: str, meta: Any = None, **more: Any) -> bytes:
    answer: dict[str, Any] = {"content_versions": [{"date": day} for day in days], **more}
    return json.dumps(answer if meta is None else answer | {"meta": meta}).encode()


def test_addresses_are_those_of_the_versioner_service() -> None:
    assert snapshot_url("https://www.ecfr.gov", EARLIER) == (
        "https://www.ecfr.gov/api/versioner/v1/full/2026-03-25/title-15.xml?part=744"
    )
    assert URL == "https://www.ecfr.gov/api/versioner/v1/versions/title-15.json?part=744"
    assert versions_url("https://www.ecfr.gov/", 2) == f"{URL}&page=2"


def test_days_of_several_sections_are_one_and_in_order() -> None:
    page = versions_page(versions("2025-01-02", "2017-01-03", "2025-01-02"), document=URL)
    assert version_days([page]) == [date(2017, 1, 3), date(2025, 1, 2)]


def test_a_version_without_its_date_has_the_day_of_issue() -> None:
    body = json.dumps({"content_versions": [{"issue_date": "2025-01-02"}]}).encode()
    assert versions_page(body, document=URL).days == [date(2025, 1, 2)]


def test_pages_are_put_together_and_counted() -> None:
    meta = {"result_count": "3", "total_pages": "2"}
    pages = [
        versions_page(versions("2025-01-02", "2025-01-03", meta=meta), document=URL),
        versions_page(versions("2025-01-04", meta=meta), document=f"{URL}&page=2"),
    ]
    assert len(version_days(pages)) == 3
    with pytest.raises(SourceError, match="1 pages of 2 were read") as raised:
        version_days(pages[:1])
    assert raised.value.is_index
    with pytest.raises(SourceError, match="3 versions are counted, 2 listed"):
        version_days([pages[1], pages[1]])


@pytest.mark.parametrize(
    ("body", "place", "reason"),
    [
        (b" ", "", "the body is empty"),
        (b"<!DOCTYPE html><html>Request Access</html>", "", "HTML or XML page"),
        (b'{"content_versions": [', "line 1", "not JSON"),
        (b"[]", "$.content_versions", "no list of versions"),
        (b'{"content_versions": {}}', "$.content_versions", "no list of versions"),
        (b'{"content_versions": ["2025-01-02"]}', "$.content_versions[0]", "a version without a day"),
        (versions("2025-01-02", "2025-02-30"), "$.content_versions[1]", "not a day"),
        (versions("2025-01-02", ""), "$.content_versions[1]", "a version without a day"),
        (versions("2025-01-02", meta=[1]), "$.meta", "not an object"),
        (versions("2025-01-02", meta={"result_count": "many"}), "$.meta.result_count", "not a count"),
        (versions("2025-01-02", meta={"total_pages": "0"}), "$.meta.total_pages", "not a number of pages"),
        (versions("2025-01-02", meta={"total_pages": 10**9}), "$.meta.total_pages", "not a number of pages"),
    ],
)
def test_a_list_of_versions_that_cannot_be_trusted_says_where(body: bytes, place: str, reason: str) -> None:
    with pytest.raises(SourceError, match=reason) as raised:
        versions_page(body, document=URL)
    assert raised.value.source == "ecfr"
    assert raised.value.document == URL
    assert raised.value.place.startswith(place)
    assert raised.value.is_index


def test_a_part_without_any_version_is_an_error_of_the_list() -> None:
    with pytest.raises(SourceError, match="no version") as raised:
        version_days([versions_page(versions(), document=URL)])
    assert raised.value.is_index


def test_a_month_gives_its_last_version_and_the_first_of_all_its_own_too() -> None:
    days = [date(2017, 1, 3), date(2017, 1, 10), date(2017, 1, 26), date(2017, 3, 1), date(2017, 3, 29)]
    assert days_to_take(days, "2017-01") == [date(2017, 1, 3), date(2017, 1, 26)]
    assert days_to_take(days, "2017-02") == []
    assert days_to_take(days, "2017-03") == [date(2017, 3, 29)]
    assert days_to_take(days[:1], "2017-01") == days[:1]
    assert days_to_take([], "2017-01") == []


# --- the lists as published -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def body(real_documents: Path) -> Callable[[date], bytes]:
    folder = real_documents / "mirror" / "www.ecfr.gov" / "api" / "versioner" / "v1" / "full"
    return lambda day: (folder / day.isoformat() / "title-15.xml?part=744").read_bytes()


@pytest.fixture(scope="module", params=[EARLIER, LATER], ids=str)
def official(request: pytest.FixtureRequest, body: Callable[[date], bytes]) -> Parsed:
    return snapshot(body(request.param), snapshot_date=request.param, source_sha256="a" * 64)


def entries(parsed: Parsed, list_name: str = EL) -> list[Row]:
    return [row for row in parsed.rows if row["kind"] == "entry" and row["list_name"] == list_name]


def one(parsed: Parsed, name: str, list_name: str = EL) -> Row:
    (found,) = [row for row in entries(parsed, list_name) if row["entry_name"] == name]
    return found


def of_parts(row: Row) -> dict[str, str]:
    """The other names of an entry's parts, each with the part."""
    return dict(zip(row["sub_entity_aliases"], row["sub_entity_alias_of"], strict=True))


def test_every_row_of_the_official_lists_is_read(official: Parsed) -> None:
    """3,415 rows of the Entity List, of which 4 continue the one above; 186 of the Unverified List; 70 institutions on
    the Military End-User List, where 2 headings, 15 labels and 4 reserved destinations are no entries."""
    assert Counter((row["list_name"], row["kind"]) for row in official.rows) == {
        (EL, "entry"): 3415 - 4,
        (EL, "footnote"): 5,
        (EL, "editorial_note"): 2,
        (EL, "effective_date_note"): 1,
        (UVL, "entry"): 186,
        (MEU, "entry"): 70,
        (MEU, "effective_date_note"): 1,
    }
    assert len({row["country"] for row in entries(official)}) == 91
    assert len({row["country"] for row in entries(official, UVL)}) == 25
    assert {row["country"] for row in entries(official, MEU)} == {"China"}
    assert all(row["country_code"] or row["country"] == "Crimea Region of Ukraine" for row in entries(official))


def test_every_footnote_designation_is_counted(official: Parsed) -> None:
    """<sup> in requirement cells: 774 with 3 and one with ",3", 130 with both 1 and 2, 96 with 4, 16 with 5."""
    marks = Counter(mark for row in official.rows if row["kind"] == "entry" for mark in row["footnotes"])
    assert marks == {"3": 775, "1": 130, "2": 130, "4": 96, "5": 16}
    assert [(row["position"], row["footnotes"]) for row in official.rows if row["kind"] == "footnote"] == [
        (number, [str(number)]) for number in range(1, 6)
    ]


def test_positions_are_those_of_the_printed_order(official: Parsed) -> None:
    listed = entries(official)
    assert [row["position"] for row in listed] == list(range(1, 3412))
    assert (listed[0]["entry_name"], listed[0]["country_as_printed"]) == ("Abdul Satar Ghoura", "AFGHANISTAN")
    assert listed[1]["country"] == "Afghanistan", "a blank country cell inherits"
    assert listed[-1]["country"] == "Vietnam"


def test_an_entry_has_its_cells_in_their_columns(official: Parsed) -> None:
    row = one(official, "BSVT-New Technologies")
    assert row["country_code"] == "BY"
    assert row["addresses"] == ["187 Soltysa Street, Minsk, Belarus"]
    assert row["license_requirement"] == (
        "All items subject to the EAR. (See §§ 734.9(g), 746.8(a)(3), and 744.21(b) of the EAR)"
    )
    assert row["footnotes"] == ["3"]
    assert row["license_review_policy"].startswith("Policy of denial for all items subject to the EAR apart from food")
    assert row["federal_register_citation"] == "87 FR 20299, 4/7/22. 87 FR 34136, 6/6/22."
    assert row["citations"] == ["87 FR 20299, 4/7/22", "87 FR 34136, 6/6/22"]


def test_a_raised_comma_stays_when_its_number_goes(official: Parsed) -> None:
    requirements = {row["license_requirement"] for row in entries(official) if row["footnotes"] == ["3"]}
    assert not [words for words in requirements if "734.9(g) 746" in words or "734.9(g)3" in words]


def test_fractions_and_ordinals_join_their_number_and_are_no_footnotes(official: Parsed) -> None:
    fractions = [row for row in official.rows if row["kind"] == "entry" and "⁄" in row["entry_text"]]
    assert len(fractions) == 9 + 2
    assert {row["country"]: row["addresses"] for row in fractions if row["entry_name"] == "Ecotherm-Cryo Limited"} == {
        "Belize": ["1 1⁄2 Miles Northern Highway, Belize City, Belize"]
    }
    spacety = {
        row["country"]: row["entry_text"] for row in entries(official) if row["entry_name"] == "Spacety Co., Ltd."
    }
    assert "Room 445, 9th Floor, Block B" in spacety["China"]


def test_rows_without_requirement_policy_and_citation_continue_the_entry_above(official: Parsed) -> None:
    huawei = one(official, "Huawei Technologies Co., Ltd.")
    assert len(huawei["sub_entities"]) == 22, "the entry announces 22 affiliated entities"
    assert huawei["sub_entities"][0] == "Beijing Huawei Longshine Information Technology Co., Ltd."
    assert huawei["sub_entities"][-1] == "Zhejiang Huawei Communications Technology Co., Ltd."
    assert huawei["footnotes"] == ["1", "2"]
    assert len(huawei["citations"]) == 10
    assert "\nAffiliated entities:\n" in huawei["entry_text"]
    assert of_parts(huawei)["HMN Tech"] == "Huawei Marine Networks Co., Ltd.", "printed without a dash"
    assert huawei["aliases"] == ["Shenzhen Huawei Technologies", "Huawei Technology"]
    academy = one(official, "China Aerospace Science and Industry Corporation Second Academy")
    assert len(academy["sub_entities"]) == 13, "three rows continue it; it announces thirteen institutions"
    assert academy["sub_entities"][3] == "201 Research Institute"
    assert academy["addresses"][0] == "50 Yongding Road, Haidian District, Beijing, China"
    assert len(academy["addresses"]) == 5
    assert len(academy["sub_entity_aliases"]) == 21
    assert of_parts(academy)["BIRM"] == "23rd Research Institute"
    assert of_parts(academy)["706th Research Institute"] == "204th Research Institute"


def test_other_names_and_addresses_of_parts_are_kept_apart_from_the_entitys_own(official: Parsed) -> None:
    cetc = one(official, "China Electronics Technology Group Corporation 55th Research Institute (CETC55)")
    assert of_parts(cetc)["NTESY"] == "NEDITEK"
    assert "NTESY" not in cetc["aliases"]
    of_neditek = [of for of in cetc["sub_entity_address_of"] if of == "NEDITEK"]
    assert (len(cetc["addresses"]), len(of_neditek), len(cetc["sub_entity_addresses"])) == (9, 10, 18)
    paec = one(official, "Pakistan Atomic Energy Commission (PAEC)")
    assert (paec["aliases"], paec["addresses"]) == (["Power Plant Workshops"], ["P.O. Box 1114, Islamabad"])
    assert len(paec["sub_entities"]) == 4, "as many as announced"
    assert of_parts(paec)["National Defense Complex"] == "National Development Complex (NDC)"
    named = sum(len(row["sub_entity_aliases"]) for row in entries(official))
    assert named == 35
    for row in official.rows:
        for of in (row["sub_entity_alias_of"], row["sub_entity_address_of"]):
            assert set(of) <= set(row["sub_entities"])
        assert len(row["sub_entity_aliases"]) == len(row["sub_entity_alias_of"])
        assert len(row["sub_entity_addresses"]) == len(row["sub_entity_address_of"])


def test_what_an_institution_is_subordinate_to_is_not_its_name(official: Parsed) -> None:
    """Twelve entries that print CETC 13 in front of their own name, one of them behind a dash."""
    within = [row for row in entries(official) if "(CETC 13) subordinate institution:" in row["entry_text"]]
    assert len(within) == 12
    assert not [row["entry_name"] for row in within if "subordinate" in row["entry_name"]]
    assert {"Hebei Puxing Electronic", "Hebei Brightway International"} <= {row["entry_name"] for row in within}


def test_every_second_aka_of_the_unverified_list_is_a_name(official: Parsed) -> None:
    names = {row["entry_name"]: row["aliases"] for row in entries(official, UVL) if len(row["aliases"]) > 1}
    assert names["Roudah Al Hayat General Trading FZE"] == [
        "Rudha Al Hayat General Trading",
        "Rouda Al Hayat General Trading",
        "JSB Logistics",
    ]
    assert names["Premier Kiosk Global Supply Co."] == ["PKGS", "Global Kiosk"]
    assert len(names) == 10


def test_no_name_or_address_has_the_marks_of_another(official: Parsed) -> None:
    marks = re.compile(r"(?<![^\W_])(?:[afd]\.\s?[kb]\.\s?a\b|aka\b|formerly known|also known)|\balias(?:es)?\b")
    for row in official.rows:
        if row["kind"] != "entry":
            continue
        names = [row["entry_name"], *row["aliases"], *row["sub_entities"], *row["sub_entity_aliases"]]
        for words in (*names, *row["addresses"], *row["sub_entity_addresses"]):
            assert not marks.search(words), words
            assert words.strip(" .,;:"), row
            assert not re.match(r"(?:and|or)\b|[;,.:)]", words), words
        assert not [name for name in names if ";" in name or name.count("(") != name.count(")")], names


def test_the_contract_refuses_aliases_and_addresses_that_are_none(official: Parsed) -> None:
    terms = contract.load("entity_list_snapshots")

    def failing(**fields: list[str]) -> set[str]:
        row = {**one(official, "BSVT-New Technologies"), **fields}
        verdicts = suite.validate(terms, terms.table_of([row]))
        return {verdict.expectation.check_name for verdict in verdicts if not verdict.success}

    assert failing() == set()
    assert failing(aliases=["O'Brien & Sons (HK) Ltd.", "Al-“Nur”", 'A "B"']) == set()
    for alias in ("A, a.k.a., B", "A (f.k.a. B)", "and", "and Technology", "", "A; B", "the following two aliases"):
        assert failing(aliases=["Foo's", alias]) == {"aliases_match_regex"}, alias
    for address in ("a.k.a. B, 1 Street, City", "and 2 Street, City", "", ". SM-Office, Ajman"):
        assert failing(addresses=["1 Street", address]) == {"addresses_match_regex"}, address


def test_institutions_grouped_on_the_military_end_user_list_are_entries_of_their_own(official: Parsed) -> None:
    """What stands above the eight is another entry, with which they have nothing to do, and they have no citation."""
    above = one(official, "Academy of Aerospace Solid Propulsion Technology (AASPT)", MEU)
    assert above["sub_entities"] == []
    assert above["entry_text"].count("\n") == 0
    first = "The following eight subordinate institutions of Aero-Engine Company of China:"
    eight = [row for row in entries(official, MEU) if row["entry_text"].startswith(f"{first}\n")]
    assert [row["position"] for row in eight] == list(range(2, 10))
    assert eight[-1]["entry_name"] == "AECC South Industry Company Limited"
    assert {row["federal_register_citation"] for row in eight} == {None}
    second = "The following seven subordinate institutions of Aviation Industry Corporation of China:"
    seven = [row for row in entries(official, MEU) if row["entry_text"].startswith(second)]
    assert [row["position"] for row in seven] == list(range(11, 18))
    assert {row["federal_register_citation"] for row in seven} == {"85 FR 83799, 12/23/2020."}
    assert not [row for row in entries(official, MEU) if row["entry_name"].startswith(("Subordinate", "The following"))]


def test_notes_are_rows_of_their_own(official: Parsed) -> None:
    notes = [row for row in official.rows if row["kind"].endswith("note") and row["kind"] != "footnote"]
    second, stayed, of_meu = notes[1:]
    assert (second["kind"], second["position"], second["list_name"]) == ("editorial_note", 2, EL)
    assert second["entry_text"].startswith("2. At 89 FR 96836, Dec. 5, 2024")
    assert "could not be incorporated" in second["entry_text"]
    assert (stayed["kind"], stayed["list_name"]) == ("effective_date_note", EL)
    assert stayed["entry_text"].endswith("effective until Nov. 9, 2026.")
    assert of_meu["list_name"] == MEU
    assert all(row["country"] is None and row["entry_name"] is None for row in notes)


def test_a_policy_in_the_requirements_column_is_reported_and_kept(official: Parsed) -> None:
    row = one(official, "Djamshid Nezhad")
    assert row["license_requirement"] == "Presumption of denial"
    assert row["license_review_policy"] == "For all items subject to the EAR. (See § 744.11 of the EAR)"
    of_row = [problem for problem in official.problems if problem.place == row["location"]]
    assert ["license requirement" in problem.reason for problem in of_row] == [True, False]
    assert all(problem.source == "ecfr" and not problem.is_index for problem in of_row)
    assert all("Djamshid Nezhad" in problem.reason and problem.remedy for problem in of_row)


def test_nothing_else_of_the_official_lists_is_a_problem(official: Parsed) -> None:
    """Besides that row: the eight without a citation, and cells whose aliases are not as many as they announce."""
    others = [problem for problem in official.problems if "words of another column" not in problem.reason]
    doubtful = [
        problem for problem in others if problem.reason.startswith("names that may be cut wrongly in the entry")
    ]
    assert len(others) == 1 + len(doubtful) == 8
    assert len({problem.place for problem in doubtful}) == 7
    assert "the entry Suntac Group: 1 names of the kind alias" in doubtful[0].reason
    assert all(problem.place.startswith("TR line") and problem.remedy for problem in doubtful)
    assert sum("no Federal Register citation" in problem.reason for problem in others) == 1


# --- what else a document may hold ----------------------------------------------------------------------------------

REQUIREMENT, POLICY, CITATION = "All items subject to the EAR.", "Presumption of denial", "90 FR 14035, 3/28/25."
TITLES = ("Country", "Entity", "License requirement", "License review<br/>policy", "Federal Register citation")


def row_xml(*cells: str) -> str:
    return "<TR>" + "".join(f"<TD>{cell}</TD>" for cell in cells) + "</TR>"


def table_xml(titles: tuple[str, ...], rows: str, foot: str = "") -> str:
    head = "".join(f"<TH>{title}</TH>" for title in titles)
    return f"<DIV><TABLE><THEAD><TR>{head}</TR></THEAD><TBODY>{rows}</TBODY><TFOOT>{foot}</TFOOT></TABLE></DIV>"


def part_xml(
    rows: str, *, foot: str = "", more: str = "", without: tuple[int, ...] = (), titles: Any = TITLES
) -> bytes:
    small = (TITLES[0], "Listed person and address", TITLES[4]), (TITLES[0], TITLES[1], TITLES[4])
    tables = {4: table_xml(titles, rows, foot) + more, 6: table_xml(small[0], ""), 7: table_xml(small[1], "")}
    supplements = "".join(
        f'<DIV9 N="Supplement No. {number} to Part 744" TYPE="APPENDIX"><HEAD>x</HEAD>{table}</DIV9>'
        for number, table in tables.items()
        if number not in without
    )
    return f'<?xml version="1.0"?>\n<DIV5 N="744" TYPE="PART">{supplements}</DIV5>'.encode()


ENTRY = row_xml("CHINA, PEOPLE'S REPUBLIC OF", "One Ltd., 1 First Road, Beijing, China.", REQUIREMENT, POLICY, CITATION)


def read(document: bytes, day: date = LATER) -> Parsed:
    return snapshot(document, snapshot_date=day, source_sha256="a" * 64)


def test_before_it_existed_the_military_end_user_list_is_not_missed() -> None:
    """Supplement No. 7 was added on December 23, 2020."""
    document = part_xml(ENTRY, without=(7,))
    assert [row["entry_name"] for row in read(document, date(2020, 12, 22)).rows] == ["One Ltd."]
    with pytest.raises(SourceError, match="Military End-User List is missing"):
        read(document, date(2020, 12, 23))


def test_a_continued_destination_keeps_the_entry_open() -> None:
    rows = ENTRY + row_xml("China, People's Republic of—Continued", "2 Second Road, Beijing, China.", "", "", "")
    parsed = read(part_xml(rows))
    assert parsed.rows[0]["addresses"] == ["1 First Road, Beijing, China", "2 Second Road, Beijing, China"]
    assert parsed.problems == []


def test_a_heading_row_gives_the_destination_of_what_follows() -> None:
    heading = '<TR><TD colspan="5">IRAN</TD></TR>'
    parsed = read(part_xml(ENTRY + heading + row_xml("", "Two Co., Tehran, Iran.", REQUIREMENT, POLICY, CITATION)))
    assert [(row["entry_name"], row["country_code"]) for row in parsed.rows] == [("One Ltd.", "CN"), ("Two Co.", "IR")]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (row_xml("", "Two Ltd.", REQUIREMENT, POLICY), "4 cells instead of 5"),
        (row_xml("", "", REQUIREMENT, POLICY, CITATION), "without an entity"),
        (row_xml("IRAN", "Two Ltd., Tehran, Iran.", "", "", ""), "neither a whole entry nor the continuation"),
        (
            row_xml("", "[Reserved]", "[Reserved]", "", "") + row_xml("", "Two Ltd.", "", "", ""),
            "neither a whole entry",
        ),
    ],
)
def test_a_row_that_fits_no_layout_is_reported_and_loses_nothing_else(rows: str, reason: str) -> None:
    last = row_xml("IRAN", "Last Co., Tehran, Iran.", REQUIREMENT, POLICY, CITATION)
    parsed = read(part_xml(ENTRY + rows + last))
    assert [row["entry_name"] for row in parsed.rows] == ["One Ltd.", "Last Co."]
    assert len(parsed.problems) == 1
    assert reason in parsed.problems[0].reason
    assert parsed.problems[0].place.startswith("TR line ")


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (row_xml("", "Two Ltd.", REQUIREMENT, POLICY, ""), "no Federal Register citation for Two Ltd."),
        (row_xml("", "Two Ltd.", "", "", CITATION), "no license requirement and no license review policy for Two"),
        (row_xml("ATLANTIS", "Two Ltd.", REQUIREMENT, POLICY, CITATION), "not in our table: ATLANTIS"),
        (row_xml("", "Two Ltd.", f"{REQUIREMENT}<sup>9</sup>", POLICY, CITATION), "footnote 9, which is not printed"),
    ],
)
def test_a_row_that_lacks_something_is_kept_and_reported(rows: str, reason: str) -> None:
    parsed = read(part_xml(ENTRY + rows))
    assert [row["entry_name"] for row in parsed.rows] == ["One Ltd.", "Two Ltd."]
    assert [reason in problem.reason for problem in parsed.problems] == [True]


def test_an_entity_cell_with_the_words_of_another_column_is_reported() -> None:
    parsed = read(part_xml(ENTRY + row_xml("", REQUIREMENT, "Two Ltd.", POLICY, CITATION)))
    assert ["another column in entity" in problem.reason for problem in parsed.problems] == [True]


def test_a_group_with_other_than_the_announced_number_is_reported() -> None:
    group = row_xml("", "The following two subordinate institutions of Big Corp:", REQUIREMENT, POLICY, CITATION)
    parsed = read(part_xml(ENTRY + group + row_xml("", "Institute A", "", "", "")))
    assert [row["entry_name"] for row in parsed.rows] == ["One Ltd.", "Institute A"]
    assert parsed.rows[1]["citations"] == ["90 FR 14035, 3/28/25"]
    assert [problem.reason[:39] for problem in parsed.problems] == ["2 entries are announced and 1 found: Th"]


def test_what_is_set_forth_in_a_note_is_not_on_the_list() -> None:
    """A note on a delayed amendment may print the text that is not in effect, tables included."""
    note = (
        "<EFFDNOT><HED>Effective Date Note:</HED><PSPACE>At 90 FR 1, Jan. 2, 2025, this was revised.</PSPACE>"
        f"{table_xml(TITLES, row_xml('IRAN', 'Future Co.', REQUIREMENT, POLICY, CITATION))}</EFFDNOT>"
    )
    parsed = read(part_xml(ENTRY, more=note))
    assert [row["entry_name"] for row in parsed.rows if row["kind"] == "entry"] == ["One Ltd."]
    assert [row["entry_text"] for row in parsed.rows if row["kind"] != "entry"] == [
        "At 90 FR 1, Jan. 2, 2025, this was revised."
    ]
    assert ["of a note that is not read" in problem.reason for problem in parsed.problems] == [True]


def test_an_element_that_is_not_known_is_reported() -> None:
    parsed = read(part_xml(ENTRY, more="<EXTRACT>Words of consequence.</EXTRACT>"))
    assert ["Words of consequence" in problem.reason for problem in parsed.problems] == [True]


@pytest.mark.parametrize(
    ("document", "place", "reason"),
    [
        (b"", "", "the body is empty"),
        (b"<!DOCTYPE html><html><body>Request Access</body></html>", "line 1", "an HTML page"),
        (part_xml(ENTRY)[:-40], "line 2", "not well-formed XML"),
        (part_xml(ENTRY).replace(b'N="744"', b'N="742"'), "line 2", "the root is DIV5 PART 742"),
        (b"<ECFR/>", "line 1", "the root is ECFR"),
        (part_xml(ENTRY, without=(6,)), "Supplement No. 6", "the Unverified List is missing"),
        (part_xml(ENTRY, without=(4,)), "Supplement No. 4", "the Entity List is missing"),
        (part_xml(""), "DIV9 line 2", "no entry in the Entity List"),
        (part_xml(ENTRY, titles=("Country", "Entity", "A", "B", "C")), "TABLE line 2", "the columns are"),
        (part_xml(ENTRY).replace(b"No. 6", b"No. 4"), "DIV9 line 2", "Supplement No. 4 stands 2 times"),
        (part_xml(ENTRY).replace(b"\n", b'\n<!DOCTYPE DIV5 [<!ENTITY a "b">]>'), "", "declares entities"),
        (part_xml(ENTRY).replace(b"\n", b"\n<!DOCTYPE DIV5 SYSTEM 'file:///etc/passwd'>"), "line 1", "has a DTD"),
    ],
)
def test_a_document_that_is_no_snapshot_is_refused(document: bytes, place: str, reason: str) -> None:
    with pytest.raises(SourceError, match=reason) as raised:
        read(document)
    assert raised.value.source == "ecfr"
    assert raised.value.document == snapshot_url(ecfr.BASE, LATER)
    assert raised.value.place == place
    assert not raised.value.is_index


def test_entities_declared_in_another_encoding_are_refused_too() -> None:
    hidden = part_xml(ENTRY).decode().replace("\n", '\n<!DOCTYPE DIV5 [<!ENTITY a "b">]>')
    with pytest.raises(SourceError, match="DTD"):
        read(hidden.replace("?>", ' encoding="utf-16"?>', 1).encode("utf-16"))


def test_a_truncated_official_list_is_refused_with_its_line(body: Callable[[date], bytes]) -> None:
    with pytest.raises(SourceError, match="not well-formed") as raised:
        read(body(LATER)[:1_000_000])
    assert raised.value.place.startswith("line ")
    assert int(raised.value.place.removeprefix("line ")) > 1000
