"""Changes to the Entity List: instructions and tables read together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from entity_rules import entry_row, rule_xml, table_xml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets.entity_list.changes import changes
from expectations import contract
from resources.documents import Parsed, SourceError

RULE = "mirror/www.federalregister.gov/documents/full_text/xml/2023/02/27/2023-03929.xml"
HEAD = "2. Supplement No. 4 to part 744 is amended:"
ALPHA = "Alpha Technology Co., Ltd., a.k.a., the following one alias:\n—Alpha Tech.\n1 First Road, Beijing, China."
BETA = "Beta LLC, 2 Second Road, Shanghai, China."
GAMMA = "Gamma FZE, 3 Third Street, Dubai, U.A.E."

Read = Callable[..., Parsed]


def gist(parsed: Parsed) -> list[tuple[Any, ...]]:
    contract.load("entity_list_changes").table_of(parsed.rows)
    return [(row["verb"], row["country_code"], row["entry_name"], row["amendment_label"]) for row in parsed.rows]


def test_an_institution_printed_under_what_it_is_subordinate_to_has_its_own_name(read_rule: Read) -> None:
    """As 83 FR 37427 names and prints the institutions of CETC 13."""
    of = "China Electronics 13th Research Institute (CETC 13) subordinate institution:"
    parsed = read_rule(
        [
            HEAD,
            f"a. Under CHINA, by adding entries for “{of} MT Microsystems” and “{of} Brightway”;",
            f"b. Under CHINA, by removing the entry for “{of} Envoltek”.",
        ],
        [("CHINA", [f"{of} MT Microsystems,\n113 Hezuo Road, China.", f"{of}\n—Brightway,\n21 Street, China."])],
    )
    assert parsed.problems == []
    assert [(row["verb"], row["entry_name"], row["addresses"]) for row in parsed.rows] == [
        ("add", "MT Microsystems", ["113 Hezuo Road, China"]),
        ("add", "Brightway", ["21 Street, China"]),
        ("remove", "Envoltek", []),
    ]


def test_the_thirteen_entries_of_a_real_rule(real_documents: Path) -> None:
    """2023-03929, table after instruction 2, lines 148 to 590 of the XML."""
    body = (real_documents / RULE).read_bytes()
    parsed = changes(body, document_number="2023-03929", publication_date=date(2023, 2, 27), source_sha256="0" * 64)

    assert parsed.problems == []
    assert contract.load("entity_list_changes").table_of(parsed.rows).num_rows == 13
    head = [
        *("China HEAD", "China HEAD Technology Co", "HEAD Aerospace", "HEAD Aerospace Group"),
        *("HEAD Aerospace Netherlands", "HEAD France", "HEAD Technology France"),
    ]
    spacety = ["Changsha Tianyi Space Science and Technology Research Institute", "Spacety", "Spacety Luxembourg S.A."]
    assert [
        (r["amendment_label"], r["country_code"], r["entry_name"], r["aliases"], r["addresses"]) for r in parsed.rows
    ] == [
        (
            "2.a",
            "CA",
            "CPUNTO Inc.",
            ["CPUNTO"],
            ["5929 Route Transcanadienne Ste 130 St. Laurent, Quebec H4T 1Z6 Canada"],
        ),
        (
            *("2.a", "CA", "Electronic Network Inc."),
            [
                *("Electronic Network", "Electronic Network Holdings", "Electronic Network Holdings Inc."),
                *("Electronic Network Incorporated", "Electronic Network Products Inc."),
                "Electronic's Network & Technology Corp.",
            ],
            ["145 Montee De Liesse Ste 10 St. Laurent, Quebec H4T 1T9 Canada"],  # a continuation row
        ),
        (
            *("2.b", "CN", "AOOK Technology Ltd.", ["AOOK", "AOOK Electronics"]),
            ["Rm 803 Chevalier Building 45-51 Chatham Rd S Tsim Sha Tsui Hong Kong, China"],
        ),
        (
            *("2.b", "CN", "Beijing Ti-Tech Science and Technology Development Co."),
            ["Beijing Ti-Tech", "China Ti-Tech Development Co. Ltd."],
            ["5F, Building 5 Science and Technology Park, A-2 North Xisanhuan Road, Beijing 100081 China"],
        ),
        (  # a PRTPAGE in its row
            *("2.b", "CN", "Beijing Yunze Technology Co., Ltd."),
            ["Beijing Yunze", "Beijing Yunze Technology Company", "Yunze Beijing"],
            [
                "West of Floor 1, Building 7, Jiajia Garden Courtyard 15, Fengtai Beijing 100000 China",
                "201, Floor 2, 36#, Yinhe Garden, Miyun District Beijing 100000 China",
                "402, Floor 4, No. 85, Huilongguan W. Street, Changping District Beijing 102200 China",
            ],
        ),
        (  # a continuation row with an ordinal in SU
            *("2.b", "CN", "China HEAD Aerospace Technology Co.", head),
            [
                "5F, Bldg 5, Science and Technology Park, A-2 North Xisanhuan Road, Haidian District, Beijing 100081, "
                "P.R. China",
                "Room 01, floor 13, building 5, no. A2 courtyard, west 3rd ring r. Beijing, 10004-8, China",
                "B-11a-02 Keshi Plaza 28 Shangdi Xinxi Rd Beijing 100058 China",
            ],
        ),
        (
            *("2.b", "CN", "Spacety Co., Ltd.", spacety),
            [
                "9 Dengzhuang South Rd Beijing, Beijing China",
                "Room 445, 9th Floor, Block B, No. 18 Zhongguancun Street, Haidian District, Beijing China",
            ],
        ),
        (
            *("2.c", "FR", "China HEAD Aerospace Technology Co.", head),
            ["71 Boulevard national, 92250 La Garenne-Colombes Paris, France"],
        ),
        (
            *("2.d", "LU", "Spacety Co., Ltd.", spacety),
            ["9, Avenue des Hauts-Fourneaux, L-4362 Esch-Sur-Alzette, Luxembourg"],
        ),
        (
            *("2.e", "NL", "China HEAD Aerospace Technology Co.", head),
            ["Kapteynstraat 1 2201 BB Noordwijk ZH, Netherlands"],
        ),
        (
            *("2.f", "RU", "Dexias Industrial Products and Trade Limited Company"),
            ["Dexias", "Dexias Endil strivel", "Dexias IPTLC", "Mainbox LLC", "Orunler ve Ticaret Limited Sirketi"],
            ["Apartment 261, Building 3, Ryabinovaya Street, Moscow, Russia"],
        ),
        (
            *("2.f", "RU", "Innovation and Technologies LLC", ["Intekh", "INTEKH OOO"]),
            [
                "D. 83 K. 3 OFIS 516, Ul. Savushkina, St. Petersburg 197374 Russia",
                "Mira prospect, 2-7 601901 Kovrov, Russia",
            ],
        ),
        (
            *("2.f", "RU", "Promtekhkomplekt JSC"),
            [
                *("AO TipoMTeXKOMirneKT", "Promtech Komplekt", "Promtekhkomplekt"),
                "Promtekhkomplekt Joint Stock Company",
            ],
            [
                "MKAD Greenwood Business Park building 9 floor 3, pos. Putilko o, 69 km., Moscow region, "
                "143441, Russia",
                "6/1 Griboyedov Street, OF.23, Tyumen, Tyumen Oblast, Russia",
            ],
        ),
    ]
    requirements = {row["license_requirement"] for row in parsed.rows[:-1]}
    assert requirements == {
        "For all items subject to the EAR. (See §§ 734.9(g), 744.21(b), and 746.8(a)(3) of the EAR)"
    }
    assert parsed.rows[-1]["license_requirement"] == (  # the sections stand in another order here
        "For all items subject to the EAR. (See §§ 734.9(g), 746.8(a)(3), and 744.21(b) of the EAR)"
    )
    assert {row["license_review_policy"] for row in parsed.rows} == {
        "Policy of denial for all items subject to the EAR apart from food and medicine designated as EAR99, "
        "which will be reviewed on a case-by-case basis. See §§ 746.8(b) and 744.21(e)"
    }
    assert {tuple(row["footnotes"]) for row in parsed.rows} == {("3",)}
    assert {row["federal_register_citation"] for row in parsed.rows} == {"88 FR [INSERT FR PAGE NUMBER AND 2/27/2023]."}
    assert all(row["citation_is_placeholder"] for row in parsed.rows)
    assert {(row["effective_date"], row["known_from"]) for row in parsed.rows} == {
        (date(2023, 2, 24), date(2023, 2, 27))
    }


def test_nested_lists_of_additions_revisions_and_removals(read_rule: Read) -> None:
    parsed = read_rule(
        [
            HEAD,
            "a. Under CHINA, PEOPLE'S REPUBLIC OF:",
            "i. By adding, in alphabetical order, an entry for “Alpha Technology Co., Ltd.”;",
            "ii. By removing the entry for “Old Company, Ltd.”; and",
            "iii. By revising the entry for “Beta LLC”;",
            "b. Under UNITED ARAB EMIRATES, by adding an entry for “Gamma FZE”.",
            "The additions and revisions read as follows:",
        ],
        [("CHINA, PEOPLE'S REPUBLIC OF", [ALPHA, BETA]), ("UNITED ARAB EMIRATES", [GAMMA])],
    )

    assert parsed.problems == []
    assert gist(parsed) == [
        ("add", "CN", "Alpha Technology Co., Ltd.", "2.a.i"),
        ("remove", "CN", "Old Company, Ltd.", "2.a.ii"),
        ("revise", "CN", "Beta LLC", "2.a.iii"),
        ("add", "AE", "Gamma FZE", "2.b"),
    ]
    removal = parsed.rows[1]
    assert (removal["license_requirement"], removal["footnotes"], removal["entry_text"]) == (
        None,
        [],
        "Old Company, Ltd.",
    )


@pytest.mark.parametrize(
    "instructions",
    [
        # One sentence; older rules; verb after the names; verb in the frame.
        ["2. Supplement No. 4 to part 744 is amended by adding, under China, in alphabetical order, “Beta LLC”."],
        [HEAD, "(a) By adding under China, in alphabetical order, one Chinese entity: “Beta LLC”."],
        [HEAD, "a. An entry for “Beta LLC” is added in alphabetical order under CHINA, PEOPLE'S REPUBLIC OF."],
        ["2. Amend supplement no. 4 to part 744 by adding the following entries:", "a. Under CHINA, “Beta LLC”."],
        [HEAD, "a. The following entry is added in alphabetical order under CHINA: “Beta LLC”"],
        [HEAD, "a. By adding under the country heading “China, People's Republic of” an entry for “Beta LLC”."],
        [
            HEAD,
            "a. By revising the table to add under China, in alphabetical order, “Beta LLC”, including two aliases.",
        ],
        [HEAD, "a. China: Add an entry for “Beta LLC” with footnote 4 following the entry for “Beta Corp.”"],
        [HEAD, "a. By adding the Chinese company “Beta LLC” and a footnote 4 designation in the columns under China."],
        # Entries that are only counted, or not even that.
        [HEAD, "a. By adding under China, in alphabetical order, one Chinese entity; and"],
        ["2. Supplement No. 4 to Part 744 is amended by adding the following entry in alphabetical order:"],
    ],
)
def test_ways_to_say_that_an_entry_is_added(read_rule: Read, instructions: list[str]) -> None:
    parsed = read_rule(instructions, [("CHINA, PEOPLE'S REPUBLIC OF", [BETA])])

    assert parsed.problems == []
    assert [(row["verb"], row["country"], row["entry_name"]) for row in parsed.rows] == [("add", "China", "Beta LLC")]


def test_paragraphs_that_carry_the_list_of_an_older_rule(read_rule: Read) -> None:
    body = rule_xml([HEAD], [("CHINA", [BETA])]).replace(
        b"</AMDPAR>",
        "</AMDPAR><P>(a) By adding, in alphabetical order, under China, one Chinese entity;</P>"
        "<P>(b) By removing under Iran, one Iranian entity, “Old Co., 1 Street, Tehran, Iran.”</P>".encode(),
    )
    parsed = changes(body, document_number="2009-1", publication_date=date(2009, 7, 21), source_sha256="0" * 64)

    assert parsed.problems == []
    assert gist(parsed) == [("add", "CN", "Beta LLC", "2.a"), ("remove", "IR", "Old Co.", "2.b")]
    assert parsed.rows[1]["addresses"] == ["1 Street, Tehran, Iran"]


def test_an_entry_in_the_place_of_another_is_a_revision(read_rule: Read) -> None:
    parsed = read_rule(
        [HEAD, "a. Under CHINA, by removing the entry for “Alef LLC” and adding in its place an entry for “Beta LLC”."],
        [("CHINA, PEOPLE'S REPUBLIC OF", [BETA])],
    )

    assert gist(parsed) == [("revise", "CN", "Beta LLC", "2.a")]
    assert parsed.rows[0]["previous_name"] == "Alef LLC"


def test_aliases_taken_from_an_entry_do_not_remove_it(read_rule: Read) -> None:
    words = "a. Under CHINA, by removing the aliases “Old” and “Older” from the entry for “Beta LLC”."

    assert gist(read_rule([HEAD, words], [("CHINA, PEOPLE'S REPUBLIC OF", [BETA])])) == [
        ("revise", "CN", "Beta LLC", "2.a")
    ]


def test_several_destinations_in_one_instruction(read_rule: Read) -> None:
    parsed = read_rule(
        [HEAD, "a. By removing, under China, “Old Co., Ltd.” and, under Iran, “Older Co.” and “Oldest (Iran) LLC”;"]
    )

    assert gist(parsed) == [
        ("remove", "CN", "Old Co., Ltd.", "2.a"),
        ("remove", "IR", "Older Co.", "2.a"),
        ("remove", "IR", "Oldest (Iran) LLC", "2.a"),
    ]


def test_what_is_not_an_entry_is_left_alone(read_rule: Read) -> None:
    parsed = read_rule(
        [
            HEAD,
            "a. By revising the introductory text;",
            "b. By adding footnote 5 in numerical order;",
            "c. By adding a heading for “TAJIKISTAN” in alphabetical order;",
            "3. Section 744.11 is amended by adding paragraph (a)(2)(v).",
            "4. Supplement No. 3 to part 744 is amended by removing the entry for “Other Co.” under CHINA.",
        ]
    )

    assert parsed == Parsed()


UVL = "2. Supplement No. 6 to part 744 is amended:"
SUMMARY = "BIS amends the EAR by adding {0} to the Entity List. These entities act against national security."


def three_cells(cell: str, citation: str = "89 FR [INSERT FR PAGE NUMBER AND 1/2/2024].") -> str:
    return f'<ROW><ENT I="22"> </ENT><ENT>{cell}</ENT><ENT>{citation}</ENT></ROW>'


def test_the_other_lists_are_read_by_the_same_machinery(read_rule: Read) -> None:
    table = [("ARMENIA", [three_cells("Atlas Sanatgaran, Komitas 26/114, Yerevan, Armenia")])]
    remove = "b. Under BULGARIA, by removing the entry for “Vera Yordanova, Zemen Street, Sofia, Bulgaria”."
    parsed = read_rule([UVL, "a. Under ARMENIA, by adding an entry for “Atlas Sanatgaran”;", remove], table)

    assert parsed.problems == []
    assert [(r["list_name"], r["verb"], r["country"], r["entry_name"], r["addresses"]) for r in parsed.rows] == [
        ("Unverified List", "add", "Armenia", "Atlas Sanatgaran", ["Komitas 26/114, Yerevan, Armenia"]),
        ("Unverified List", "remove", "Bulgaria", "Vera Yordanova", ["Zemen Street, Sofia, Bulgaria"]),
    ]
    assert parsed.rows[0]["license_requirement"] is None


def test_reserved_rows_are_no_entries(read_rule: Read) -> None:
    reserved = [("BURMA", [three_cells("[Reserved]", "[Reserved]")]), ("CHINA", [three_cells("Beta LLC, Beijing")])]
    head = "2. Supplement No. 7 to part 744 is amended by adding under CHINA an entry for “Beta LLC”."
    parsed = read_rule([head], reserved)

    assert parsed.problems == []
    assert [(row["list_name"], row["entry_name"]) for row in parsed.rows] == [("Military End-User List", "Beta LLC")]


@pytest.mark.parametrize(
    "name", ["Beijing Technology Co., Ltd 5", "Alpha Academy, 31 Research Institute", "Open, Singapore"]
)
def test_a_quoted_name_is_whole_unless_an_address_follows_it(read_rule: Read, name: str) -> None:
    add = f"a. Under CHINA, by adding an entry for “{name}”;"
    remove = "b. Under CHINA, by removing the entry for “Gamma, 2 Second Road, Shanghai, China”."
    parsed = read_rule([HEAD, add, remove], [("CHINA", [f"{name}, 1 First Road, Beijing, China."])])

    assert [row["entry_name"] for row in parsed.rows] == [name, "Gamma"]


def test_a_moved_entry_names_both_destinations(read_rule: Read) -> None:
    move = "a. By moving the entry for “Beta LLC” from under CHINA to under HONG KONG."
    parsed = read_rule([HEAD, move], [("HONG KONG", [BETA])])

    assert parsed.problems == []
    (row,) = parsed.rows
    assert (row["verb"], row["previous_country"], row["country"]) == ("move", "China", "Hong Kong")
    assert row["text_supplied"]
    (bare,) = read_rule([HEAD, move]).rows  # it keeps its text
    assert (bare["previous_country"], bare["country"], bare["text_supplied"]) == ("China", "Hong Kong", False)


def test_an_entry_whose_text_is_not_supplied_has_a_row_that_says_so(read_rule: Read) -> None:
    """As S2C Limited in 89 FR 96836: editorial note 2 of the official list."""
    parsed = read_rule([HEAD, "a. Under CHINA, by adding an entry for “S2C Limited”."])

    assert [(row["entry_name"], row["text_supplied"]) for row in parsed.rows] == [("S2C Limited", False)]
    assert "add S2C Limited under CHINA: it is not in the table" in parsed.problems[0].reason


def test_a_rule_that_delays_another(read_rule: Read) -> None:
    dates = (
        "As of January 30, 2024, the effective date of the rule published January 2, 2024, at 89 FR 100 "
        "(FR Doc. 2024–00001), is delayed until March 1, 2024."
    )
    parsed = read_rule([HEAD, "a. By revising the introductory text."], dates=dates)

    assert [(row["verb"], row["delayed_document"], row["effective_date"]) for row in parsed.rows] == [
        ("delay", "2024-00001", date(2024, 3, 1))
    ]


@pytest.mark.parametrize("what", ["is delayed indefinitely", "is withdrawn as of January 30, 2024"])
def test_a_rule_that_takes_another_out_of_effect(read_rule: Read, what: str) -> None:
    dates = f"The effective date of the rule at 89 FR 100 (FR Doc. 2024-00001), {what}."
    parsed = read_rule([HEAD, "a. By revising the introductory text."], dates=dates)

    assert [(row["verb"], row["delayed_document"], row["effective_date"]) for row in parsed.rows] == [
        ("delay", "2024-00001", None)
    ]


def test_an_entry_under_several_destinations_is_one_under_each(read_rule: Read) -> None:
    add = "a. Under CHINA and HONG KONG, by adding an entry for “Beta LLC”."
    parsed = read_rule([HEAD, add], [("CHINA", [BETA]), ("HONG KONG", [BETA])])

    assert parsed.problems == []
    assert [(row["country"], row["entry_name"]) for row in parsed.rows] == [
        ("China", "Beta LLC"),
        ("Hong Kong", "Beta LLC"),
    ]


def test_a_moved_entry_whose_new_text_is_missing_is_a_problem(read_rule: Read) -> None:
    move = (
        "a. By moving the entry for “Beta LLC” from under CHINA to under HONG KONG and revising it to read as follows:"
    )
    parsed = read_rule([HEAD, move])

    assert "move Beta LLC under HONG KONG: it is not in the table" in parsed.problems[0].reason


def test_a_correction_that_is_not_marked_up_as_an_instruction() -> None:
    words = "On page 105, in Supplement No. 4 to part 744, the entry for “Beta LLC” should read as follows:"
    table = table_xml([("CHINA", [BETA])])
    body = f"<CORRECT><P>{words}</P>{table}</CORRECT>".encode()
    parsed = changes(body, document_number="C1-2024-00001", publication_date=date(2024, 1, 9), source_sha256="0" * 64)

    assert parsed.problems == []
    assert [(row["verb"], row["entry_name"], row["corrected_document"]) for row in parsed.rows] == [
        ("correct", "Beta LLC", "2024-00001")
    ]
    other = f"<CORRECT><P>The table on the Entity List:</P>{table}</CORRECT>".encode()
    parsed = changes(other, document_number="C1-2024-00001", publication_date=date(2024, 1, 9), source_sha256="0" * 64)
    assert [problem.place.split()[0] for problem in parsed.problems] == ["GPOTABLE"]


@pytest.mark.parametrize(
    ("told", "disagrees"),
    [
        ("two entities", None),
        ("two entities under two entries", None),
        ("2 new entities, under the destination of China, under two entries,", None),
        ("three entities", "announces 3 entities to add, instructions and tables give 2"),
        ("two entities under three entries", "announces 3 entries to add, instructions and tables give 2"),
    ],
)
def test_the_number_announced_and_the_number_given_must_agree(
    read_rule: Read, told: str, disagrees: str | None
) -> None:
    add = "a. Under CHINA, by adding entries for “Alpha Technology Co., Ltd.” and “Beta LLC”."
    alpha = "Alpha Technology Co., Ltd., 1 First Road, Beijing, China."
    parsed = read_rule([HEAD, add], [("CHINA", [alpha, BETA])], summary=SUMMARY.format(told))

    reasons = [problem.reason for problem in parsed.problems]
    assert [disagrees in reason for reason in reasons] == [True] if disagrees else reasons == []


def test_the_entries_own_day_of_effect(read_rule: Read) -> None:
    parsed = read_rule(
        [HEAD, "a. Under CHINA, by adding an entry for “Beta LLC”."],
        [("CHINA", [BETA])],
        dates="Effective January 3, 2024, except for amendatory instruction 2, which is effective March 1, 2024.",
    )

    assert parsed.rows[0]["effective_date"] == date(2024, 3, 1)


@pytest.mark.parametrize(
    ("instructions", "table", "kept", "reasons"),
    [
        # Named by the instruction and absent from the table, and the reverse.
        (
            [HEAD, "a. Under CHINA, by adding entries for “Alpha Technology Co., Ltd.” and “Beta LLC”."],
            [("CHINA", [BETA])],
            ["Beta LLC"],
            ["add Alpha Technology Co., Ltd. under CHINA: it is not in the table"],
        ),
        (
            [HEAD, "a. Under CHINA, by adding an entry for “Beta LLC”."],
            [("CHINA", [ALPHA, BETA])],
            ["Beta LLC"],
            ["Alpha Technology Co., Ltd. under CHINA: no instruction names it"],
        ),
        # The right name under another destination.
        (
            [HEAD, "a. Under IRAN, by adding an entry for “Beta LLC”."],
            [("CHINA", [BETA])],
            [],
            ["Beta LLC under CHINA: no instruction names it", "add Beta LLC under IRAN: it is not in the table"],
        ),
        # One letter off: one entry, but said so.
        (
            [HEAD, "a. Under CHINA, by adding an entry for “Alfa Technology Co., Ltd.”."],
            [("CHINA", [ALPHA])],
            ["Alpha Technology Co., Ltd."],
            ["names Alfa Technology Co., Ltd. and the table Alpha Technology Co., Ltd.: taken for one"],
        ),
        # Counted additions and revisions under one destination.
        (
            [HEAD, "a. By adding under China one entity;", "b. By revising under China one entity;"],
            [("CHINA", [BETA])],
            [],
            [
                "do not say which of add or revise",
                "no entry of the table bears it out",
                "no entry of the table bears it out",
            ],
        ),
        (
            [HEAD, "a. By adding, in alphabetical order, under China, three Chinese entities;"],
            [("CHINA", [ALPHA, BETA])],
            ["Alpha Technology Co., Ltd.", "Beta LLC"],
            ["add 3 entries under China: the table has 2"],
        ),
        (
            [HEAD, "a. By adding, under China, three entities, “Alpha Technology Co., Ltd.” and “Beta LLC”;"],
            [("CHINA", [ALPHA, BETA])],
            ["Alpha Technology Co., Ltd.", "Beta LLC"],
            ["it counts 3 entries and names 2"],
        ),
        ([HEAD, "a. By removing under China two Chinese entities."], [], [], ["a removal that names no entry"]),
        ([HEAD, "a. By removing the entry for “Beta LLC”."], [], [], ["a removal under no destination: Beta LLC"]),
        ([HEAD, "a. Under CHINA, the entry for “Beta LLC” is redesignated."], [], [], ["redesignate to “Beta LLC”"]),
        (
            [HEAD, "a. Under CHINA, by removing the entries for “Beta LLC; and “Old Co.”."],
            [],
            ["Old Co."],
            ["a quotation mark without its pair"],
        ),
        (
            [HEAD, "a. Under ATLANTIS, by adding an entry for “Beta LLC”."],
            [("ATLANTIS", [BETA])],
            ["Beta LLC"],
            ["a destination that is not in our table: ATLANTIS"],
        ),
        # Rows that fit no layout.
        (
            [HEAD, "a. Under CHINA, by adding an entry for “Beta LLC”."],
            [("CHINA", ["<ROW><ENT/><ENT>Lost words.</ENT></ROW>", BETA])],
            ["Beta LLC"],
            ["neither a whole entry nor the continuation of one: Lost words."],
        ),
        (
            [HEAD, "a. Under CHINA, by adding an entry for “Beta LLC”."],
            [("CHINA", [entry_row(BETA, citation="")])],
            ["Beta LLC"],
            ["no Federal Register citation for Beta LLC"],
        ),
        (
            [HEAD, "a. Under CHINA, by adding an entry for “Beta LLC”."],
            [("CHINA", [BETA, "<ROW><ENT/><ENT>A</ENT><ENT>B</ENT><ENT>C</ENT><ENT>D</ENT><ENT>E</ENT></ROW>"])],
            ["Beta LLC"],
            ["6 cells instead of 5"],
        ),
    ],
)
def test_disagreement_is_reported_and_the_rest_kept(
    read_rule: Read, instructions: list[str], table: list[Any], kept: list[str], reasons: list[str]
) -> None:
    parsed = read_rule(instructions, table)

    contract.load("entity_list_changes").table_of(parsed.rows)
    assert [row["entry_name"] for row in parsed.rows if row["text_supplied"] or row["verb"] == "remove"] == kept
    assert len(parsed.problems) == len(reasons), [str(problem) for problem in parsed.problems]
    for problem, reason in zip(parsed.problems, reasons, strict=True):
        assert reason in problem.reason
        assert (problem.document, problem.is_index) == ("2024-00001", False)
        assert "line" in problem.place


def test_a_rule_without_a_day_of_effect_is_reported(read_rule: Read) -> None:
    parsed = read_rule([HEAD, "a. Under CHINA, by removing the entry for “Beta LLC”."], dates="See the text.")

    assert parsed.rows[0]["effective_date"] is None
    assert "no day of effect for Beta LLC" in parsed.problems[0].reason


def test_several_tables_and_footnote_designations(read_rule: Read) -> None:
    marked = entry_row(BETA, requirement="See § 734.9(e)(2)<SU>4</SU>, and<SU>1 5</SU>", citation="85 FR 1, 1/2/20.")
    body = rule_xml(
        [HEAD, "a. Under CHINA, by adding “Beta LLC” and “Alpha Technology Co., Ltd.”."], [("CHINA", [marked])]
    )
    second = rule_xml([], [("CHINA—Continued", [ALPHA])]).split(b"Entity List</HD>")[1].split(b"</REGTEXT>")[0]
    body = body.replace(b"</GPOTABLE>", b"</GPOTABLE>" + second)
    parsed = changes(body, document_number="x", publication_date=date(2024, 1, 2), source_sha256="0" * 64)

    assert [(row["entry_name"], row["footnotes"], row["citation_is_placeholder"]) for row in parsed.rows] == [
        ("Beta LLC", ["4", "1", "5"], False),
        ("Alpha Technology Co., Ltd.", [], True),
    ]
    assert parsed.rows[0]["license_requirement"] == "See § 734.9(e)(2), and"


@pytest.mark.parametrize("body", [b"", b"<html><body>Error</body></html>", b"<RULE><REGTEXT>", b"{}"])
def test_damaged_documents_are_refused(body: bytes) -> None:
    with pytest.raises(SourceError):
        changes(body, document_number="x", publication_date=date(2024, 1, 2), source_sha256="0" * 64)


@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_table_that_lost_rows_or_cells_never_passes_unnoticed(data: st.DataObject) -> None:
    """Each cell of a whole rule that is cut out leaves its entry out, changed and reported, or reported."""
    instructions = [HEAD, "a. Under CHINA, by adding entries for “Alpha Technology Co., Ltd.” and “Beta LLC”."]
    whole = rule_xml(instructions, [("CHINA", [ALPHA, BETA])]).decode()
    start = whole.index(">CHINA<")
    cells = [at for at in range(start, len(whole)) if whole.startswith("<ENT>", at)]
    cut = data.draw(st.sampled_from(cells))
    body = (whole[:cut] + whole[whole.index("</ENT>", cut) + len("</ENT>") :]).encode()

    parsed = changes(body, document_number="x", publication_date=date(2024, 1, 2), source_sha256="0" * 64)

    assert parsed.problems
    contract.load("entity_list_changes").table_of(parsed.rows)


@given(body=st.binary(max_size=300), at=st.integers(min_value=0, max_value=4000))
@settings(max_examples=100, deadline=None)
def test_bytes_written_over_a_rule_are_read_or_refused(body: bytes, at: int) -> None:
    whole = rule_xml([HEAD, "a. Under CHINA, by adding entries for “Beta LLC”."], [("CHINA", [BETA, ALPHA])])
    damaged = whole[:at] + body + whole[at + len(body) :]
    outcome: object
    try:
        outcome = changes(damaged, document_number="x", publication_date=date(2024, 1, 2), source_sha256="0" * 64)
    except SourceError as error:
        outcome = error
    assert isinstance(outcome, (Parsed, SourceError))


def test_the_addresses_of_several_entries_are_revised(read_rule: Read) -> None:
    tables = [("CHINA", [ALPHA, BETA, "Delta Ltd., 4 Fourth Road, Beijing, China."])]
    words = "by revising the addresses for “Alpha Technology Co., Ltd.”, “Beta LLC”, and “Delta Ltd.”"

    parsed = read_rule([HEAD, f"a. Under CHINA, {words}."], tables)
    assert parsed.problems == []
    assert [one[:3] for one in gist(parsed)] == [
        ("revise", "CN", "Alpha Technology Co., Ltd."),
        ("revise", "CN", "Beta LLC"),
        ("revise", "CN", "Delta Ltd."),
    ]


def test_an_alias_beside_the_name_of_its_entry_is_no_entry(read_rule: Read) -> None:
    words = "by revising the alias of “Beta LLC”, “Beta Limited”, to read “Beta Ltd.”"

    parsed = read_rule([HEAD, f"a. Under CHINA, {words}."], [("CHINA", [BETA])])
    assert [one[:3] for one in gist(parsed)] == [("revise", "CN", "Beta LLC")]


def test_a_destination_named_twice_is_one(read_rule: Read) -> None:
    words = "By adding a new destination for SEYCHELLES, and under SEYCHELLES, adding entries for “Alpha” and “Beta”."

    parsed = read_rule([HEAD, f"a. {words}"], [("SEYCHELLES", ["Alpha, Mahe, Seychelles.", "Beta, Mahe, Seychelles."])])
    assert parsed.problems == []
    assert [one[:3] for one in gist(parsed)] == [("add", "SC", "Alpha"), ("add", "SC", "Beta")]
