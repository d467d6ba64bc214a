"""License requirement and license review policy cells, read into values."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from assets.entity_list.license_requirement import (
    FOREIGN_DIRECT_PRODUCT_RULES,
    LicenseRequirement,
    read_requirement,
)
from assets.entity_list.review_policy import PolicyPart, ReviewPolicy, read_policy

SNAPSHOTS = ("2026-03-25", "2026-07-18")
NOT_UNDERSTOOD = LicenseRequirement()
NO_POLICY = ReviewPolicy()


@cache
def supplement(root: Path, day: str) -> etree._Element:
    folder = root / "mirror/www.ecfr.gov/api/versioner/v1/full" / day
    parts = etree.parse(folder / "title-15.xml?part=744").iter("DIV9")
    return next(part for part in parts if "No. 4 to Part 744" in "".join(part.find("HEAD").itertext()))


def words(cell: etree._Element, *, marks: bool) -> str:
    pieces = [cell.text or ""]
    for child in cell:
        if child.tag == "br":
            pieces.append(" ")
        elif marks or child.tag != "sup":
            pieces.append(words(child, marks=marks))
        pieces.append(child.tail or "")
    return " ".join("".join(pieces).split())


def rows(root: Path, day: str, *, marks: bool = True) -> Iterator[tuple[str, str]]:
    """Yield requirement and policy of every row of the official list."""
    for row in supplement(root, day).iter("TR"):
        cells = row.findall("TD")
        if len(cells) == 5:
            yield words(cells[2], marks=marks), words(cells[3], marks=marks)


# -- license requirement -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "sections"),
    [
        ("For all items subject to the EAR", ()),
        ("All Items Subject to the EAR", ()),
        ("For all items subject to the EAR. (See § 744.11 of the EAR)", ("744.11",)),
        ("For all items subject to the EAR. (See § 744.11of the EAR)", ("744.11",)),
        ("For all items subject to the EAR. (See part§744.11 of the EAR).", ("744.11",)),
        ("For all items subject to the EAR. (See §744.2 (d) of the EAR)", ("744.2(d)",)),
        ("all items subject to the EAR (see §§ 744.11 and 744.20)", ("744.11", "744.20")),
        # Footnote marks glued to the text, apart from it, and taken out.
        (
            "For all items subject to the EAR. (See §§ 734.9(g),3 746.8(a)(3), and 744.21(b) of the EAR)",
            ("734.9(g)", "746.8(a)(3)", "744.21(b)"),
        ),
        (
            "For All Items Subject to the EAR (See §734.9(g), 3 §746.8(a)(3), and §744.21(b) of the EAR).",
            ("734.9(g)", "746.8(a)(3)", "744.21(b)"),
        ),
        (
            "For all items subject to the EAR (See §§ 734.9(g) 746.8(a)(3), and 744.21(b) of the EAR)",
            ("734.9(g)", "746.8(a)(3)", "744.21(b)"),
        ),
        ("For all items subject to the EAR, see §§ 734.9(e) 1 and 744.11 of the EAR 2", ("734.9(e)", "744.11")),
        ("For all items subject to the EAR, see §§ 734.9(e)1 and 744.11 of the EAR2", ("734.9(e)", "744.11")),
        ("For all items subject to the EAR. (See §§ 734.9(e)(2) and 744.11 of the EAR)4", ("734.9(e)(2)", "744.11")),
        ("For all items subject to the EAR. (Se §§ 734.9(e)(2) and 744.11 of the EAR) 4", ("734.9(e)(2)", "744.11")),
        (
            "For all items subject to the EAR, see §§ 736.2(b)(3)(vi)1, and 744.11 of the EAR2",
            ("736.2(b)(3)(vi)", "744.11"),
        ),
        # Misprints of the official list: an ell for a one, a period in the middle.
        (
            "For all items subject to the EAR (See §§ 734.9(g)3, 746.8(a)(3), and 744.2l(b) of the EAR)",
            ("734.9(g)", "746.8(a)(3)", "744.21(b)"),
        ),
        (
            "For all items subject to the EAR. (See §§ 734.9(g),3 744.21(b) and 746.8(a)(3). Of the EAR)",
            ("734.9(g)", "744.21(b)", "746.8(a)(3)"),
        ),
        # Levels that leave out the section before them.
        (
            "For all items subject to the EAR. (See §§ 746.8(a)(3) and (4), and 744.21(b) and (c))",
            ("746.8(a)(3)", "746.8(a)(4)", "744.21(b)", "744.21(c)"),
        ),
    ],
)
def test_a_requirement_for_all_items_keeps_the_sections_it_rests_on(cell: str, sections: tuple[str, ...]) -> None:
    assert read_requirement(cell) == LicenseRequirement(scope="all_items", sections=sections, understood=True)


@pytest.mark.parametrize(
    ("cell", "items", "condition"),
    [
        ("For items on the CCL and EAR99 items listed in supplement no. 7 to part 746 of the EAR.",
         ("CCL", "EAR99", "supplement no. 7 to part 746"), "EAR99 items listed in supplement no. 7 to part 746"),
        ("For items on the CCL and EAR 99 items listed in supplement no. 7 to part 746 of the EAR",
         ("CCL", "EAR99", "supplement no. 7 to part 746"), "EAR99 items listed in supplement no. 7 to part 746"),
        ("For items on the CCL and listed in supplement no. 7 to part 746 of the EAR",
         ("CCL", "supplement no. 7 to part 746"), "listed in supplement no. 7 to part 746"),
        ("For any item subject to the EAR listed in supplement no. 2 to part 744.",
         ("supplement no. 2 to part 744",), None),
        ("For all items on the CCL", ("CCL",), None),
        ("For all items listed on the Commerce Control List (CCL)", ("CCL",), None),
        ("ECCNs 3A001, 5A002", ("3A001", "5A002"), None),
        ("For items classified under ECCNs 3A090.a, 4A090 or 5A002.", ("3A090.a", "4A090", "5A002"), None),
    ],
)  # fmt: skip
def test_listed_items_are_named_and_not_expanded(cell: str, items: tuple[str, ...], condition: str | None) -> None:
    expected = LicenseRequirement(scope="listed_items", items=items, condition=condition, understood=True)
    assert read_requirement(cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (
            "For all items subject to the EAR when used in projects specified in § 746.8(a)(4) of the EAR.",
            LicenseRequirement(
                scope="all_items",
                condition="when used in projects specified in § 746.8(a)(4)",
                sections=("746.8(a)(4)",),
                understood=True,
            ),
        ),
        (
            "For all items subject to the EAR having a classification other than EAR99",
            LicenseRequirement(
                scope="all_items", condition="having a classification other than EAR99", understood=True
            ),
        ),
        (
            "For all items subject to the EAR when used in orbit, except for EAR99 items (see § 744.11 of the EAR)",
            LicenseRequirement(
                scope="all_items",
                condition="when used in orbit",
                exceptions=("EAR99 items",),
                sections=("744.11",),
                understood=True,
            ),
        ),
    ],
)
def test_a_condition_keeps_its_words(cell: str, expected: LicenseRequirement) -> None:
    assert read_requirement(cell) == expected


@pytest.mark.parametrize(
    ("cell", "exceptions", "sections"),
    [
        (
            "All items subject to the EAR. (See § 744.11 of the EAR), except for EAR99-designated technology for the "
            "operation, maintenance, or repair of unmanned aerial vehicles (UAV) released to this entity by the "
            "operator of the UAV",
            (
                "EAR99-designated technology for the operation, maintenance, or repair of unmanned aerial vehicles "
                "(UAV) released to this entity by the operator of the UAV",
            ),
            ("744.11",),
        ),
        (
            "All items subject to the EAR, apart from items that are related to transactions that are authorized by "
            "the Department of the Treasury's Office of Foreign Assets Control pursuant to General License No. 1B of "
            "March 2, 2021. (See §§ 734.9(g),3 746.8(a)(3), and 744.21(b) of the EAR)",
            (
                "items that are related to transactions that are authorized by the Department of the Treasury's "
                "Office of Foreign Assets Control pursuant to General License No. 1B of March 2, 2021",
            ),
            ("734.9(g)", "746.8(a)(3)", "744.21(b)"),
        ),
        # 85 FR 36719: the section on definitions belongs to the excepted items, a mark is glued to the first word.
        (
            "For all items subject to the EAR (See § 744.11 of the EAR), EXCEPT3 for technology subject to the EAR "
            "when released to members of a “standards organization” (see § 772.1) to develop a “standard”",
            (
                "technology subject to the EAR when released to members of a “standards organization” (see § 772.1) "
                "to develop a “standard”",
            ),
            ("744.11",),
        ),
    ],
)
def test_exceptions_keep_their_words(cell: str, exceptions: tuple[str, ...], sections: tuple[str, ...]) -> None:
    expected = LicenseRequirement(scope="all_items", exceptions=exceptions, sections=sections, understood=True)
    assert read_requirement(cell) == expected


def test_excepted_energy_products_and_joint_ventures_are_two_exceptions(real_documents: Path) -> None:
    cell = next(cell for cell, _ in rows(real_documents, SNAPSHOTS[0]) if "crude oil" in cell)
    read = read_requirement(cell)
    assert (read.scope, read.sections, read.understood) == ("all_items", (), True)
    first, second = read.exceptions
    assert first.startswith("crude oil, condensates,")
    assert first.endswith("2928002500, 2933194350")
    assert second.startswith("items required for the continued operation of joint ventures with persons from")
    assert second.endswith("104°31′41.383″ E")


def test_a_definition_behind_an_exception_is_a_note(real_documents: Path) -> None:
    cell = next(cell for cell, _ in rows(real_documents, SNAPSHOTS[0]) if "General License No. 11 " in cell)
    read = read_requirement(cell)
    (exception,) = read.exceptions
    assert exception.startswith("items that are related to transactions that are authorized by the Department of the")
    assert exception.endswith("pursuant to General License No. 11 of December 20, 2016")
    (note,) = read.notes
    assert note.startswith("Russia does not include the “Crimea region of Ukraine,”")
    assert note.endswith("section 8(d) of E.O. 13685")


@pytest.mark.parametrize(
    ("remark", "terms"),
    [
        ("under § 740.11(b)(2) and (e)", "under § 740.11(b)(2) and (e)"),
        (
            "under § 740.11(b) when used by the U.S Geological Survey.",
            "under § 740.11(b) when used by the U.S Geological Survey",
        ),
    ],
)
def test_a_license_exception_is_kept_with_its_terms(remark: str, terms: str) -> None:
    cell = (
        "For all items subject to the EAR. (See § 744.11 of the EAR). "
        f"This license requirement may be overcome by License Exception GOV {remark}"
    )
    assert read_requirement(cell) == LicenseRequirement(
        scope="all_items",
        license_exceptions=("GOV",),
        license_exception_terms=terms,
        sections=("744.11",),
        understood=True,
    )


def test_a_requirement_may_extend_worldwide() -> None:
    cell = (
        "All items subject to the EAR. (See § 744.11 of the EAR). The license requirements under this entry also "
        "extend to any export, reexport and transfer (in-country) to the entity wherever located worldwide"
    )
    assert read_requirement(cell) == LicenseRequirement(
        scope="all_items", extends_worldwide=True, sections=("744.11",), understood=True
    )


@pytest.mark.parametrize(
    "cell",
    [
        None,
        "",
        " * ",
        "Presumption of denial",
        "Case-by-case basis",
        "See § 744.11 of the EAR",
        "For all items subject to the EAR, with case-by-case basis for items listed on the CCL",
        "For all items subject to the EAR. 88 FR 13675, 3/6/23.",
        "For all items subject to the EAR. Presumption of denial",
        "For all items subject to the EAR and their owners",
        "For all items subject to the EAR except for food. Another sentence of unknown meaning",
        "For all items subject to the EAR. (See § 744.111 of the EAR)",
        "For computers above the Tier 3 level described in § 740.7(d)",
    ],
)
def test_what_is_no_requirement_is_not_understood_and_gives_no_values(cell: str | None) -> None:
    assert read_requirement(cell) == NOT_UNDERSTOOD


def test_footnotes_of_the_official_list_name_the_foreign_direct_product_rules(real_documents: Path) -> None:
    for day in SNAPSHOTS:
        rules: dict[str, str | None] = {}
        for row in supplement(real_documents, day).find(".//TFOOT").iter("TR"):
            found = re.search(
                r"foreign-produced items that are subject to the EAR under § (\S+)", words(row, marks=True)
            )
            rules[row.findtext(".//sup")] = found[1] if found else None
        assert rules.pop("2") is None  # disclosures for cybersecurity
        assert rules == FOREIGN_DIRECT_PRODUCT_RULES


# -- license review policy ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "kind", "items", "sections"),
    [
        ("Presumption of denial", "presumption_of_denial", None, ()),
        ("Presumption of Denial.", "presumption_of_denial", None, ()),
        ("Presumption for denial", "presumption_of_denial", None, ()),
        ("Presumption of denial 84 FR 22963, 5/21/19", "presumption_of_denial", None, ()),
        ("License applications will be reviewed under a presumption of denial", "presumption_of_denial", None, ()),
        ("Presumption of denial, except for EAR99 items", "presumption_of_denial", "except for EAR99 items", ()),
        ("Policy of denial", "policy_of_denial", None, ()),
        ("Policy of denial. See § 746.8(b)", "policy_of_denial", None, ("746.8(b)",)),
        ("Policy of denial See §§ 746.8(b) and 744.21(e).", "policy_of_denial", None, ("746.8(b)", "744.21(e)")),
        (
            "Policy of denial for all items subject to the EAR. See § 746.8(b)",
            "policy_of_denial",
            "all items subject to the EAR",
            ("746.8(b)",),
        ),
        ("Case-by-case basis.", "case_by_case", None, ()),
        ("Case-by-case review", "case_by_case", None, ()),
        ("Reviewed on a case-by-case basis", "case_by_case", None, ()),
        ("Case-by-case review for all items on the CCL", "case_by_case", "all items on the CCL", ()),
        ("All items on the CCL will be reviewed on a case-by-case basis", "case_by_case", "All items on the CCL", ()),
        ("Presumption of approval for EAR99", "presumption_of_approval", "EAR99", ()),
        ("See § 744.2(d) of this part", "per_section", None, ("744.2(d)",)),
        ("See § 744.2(d) of the EAR and 744.3(d) of the EAR", "per_section", None, ("744.2(d)", "744.3(d)")),
        ("See §§ 740.26, 744.11, and 744.23(d) of the EAR", "per_section", None, ("740.26", "744.11", "744.23(d)")),
        # The citation of the next column is stuck to the policy.
        ("See § 744.3(d) of the EAR88 FR 13675, 3/6/23.", "per_section", None, ("744.3(d)",)),
        (
            "The license application procedure and license review policy for entities specified in supplement no. 2 "
            "to part 744 is specified in §744.21(d) and (e).",
            "per_section",
            None,
            ("744.21(d)", "744.21(e)"),
        ),
    ],
)
def test_one_policy(cell: str, kind: str, items: str | None, sections: tuple[str, ...]) -> None:
    read = read_policy(cell)
    assert (read.kind, read.parts, read.sections) == (kind, (PolicyPart(kind, items),), sections)
    assert read.understood


FOOD = "food and medicine designated as EAR99"
STATION = "items for U.S. Government supported use in the International Space Station (ISS)"
ETCHERS = "ECCN 3B001.a.4, .c, .d, f.1.b.2, .k to .p; 3B002.c, 3B993, or 3B994"


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        (
            f"Policy of denial for all items subject to the EAR apart from {FOOD}, which will be reviewed on a "
            "case-by case basis.",
            [
                ("policy_of_denial", f"all items subject to the EAR apart from {FOOD}"),
                ("case_by_case", FOOD),
            ],
        ),
        (
            f"Policy of denial for all items subject to the EAR apart from {FOOD} and for {STATION}, which will be "
            "reviewed on a case-by-case basis",
            [
                ("policy_of_denial", f"all items subject to the EAR apart from {FOOD} and for {STATION}"),
                ("case_by_case", f"{FOOD} and for {STATION}"),
            ],
        ),
        (
            f"Policy of denial; Case-by-case basis for {STATION}",
            [("policy_of_denial", None), ("case_by_case", STATION)],
        ),
        (
            f"Policy of denial Case-by-case basis for {STATION}.",
            [("policy_of_denial", None), ("case_by_case", STATION)],
        ),
        (
            "Case-by-case for all items listed on the CCL. Presumption of approval for EAR99 items",
            [("case_by_case", "all items listed on the CCL"), ("presumption_of_approval", "EAR99 items")],
        ),
        (
            "Case-by-case review for ECCNs 1A004.c, 1A995, and 2E983, and for EAR99 items described in the Note to "
            "ECCN 1A995; casa-by-case review for items necessary to detect, identify and treat infectious disease; and "
            "presumption of denial for all other items subject to the EAR.",
            [
                (
                    "case_by_case",
                    "ECCNs 1A004.c, 1A995, and 2E983, and for EAR99 items described in the Note to ECCN 1A995",
                ),
                ("case_by_case", "items necessary to detect, identify and treat infectious disease"),
                ("presumption_of_denial", "all other items subject to the EAR"),
            ],
        ),
        (
            f"Presumption of denial except case-by-case for items not described in {ETCHERS}",
            [("presumption_of_denial", None), ("case_by_case", f"items not described in {ETCHERS}")],
        ),
        (
            f"Presumption of denial for all items to include items described in {ETCHERS}. Case-by-case for items "
            "designed for production of 200mm wafers",
            [
                ("presumption_of_denial", f"all items to include items described in {ETCHERS}"),
                ("case_by_case", "items designed for production of 200mm wafers"),
            ],
        ),
        (
            "Presumption of denial for items controlled for MT reasons, all other items will be reviewed on a "
            "case-by-case basis",
            [("presumption_of_denial", "items controlled for MT reasons"), ("case_by_case", "all other items")],
        ),
        # A section that describes items is not one that the policy refers to.
        (
            "Case-by-case review for consumer communications devices identified in § 740.19; Presumption of denial for "
            "all other items subject to the EAR",
            [
                ("case_by_case", "consumer communications devices identified in § 740.19"),
                ("presumption_of_denial", "all other items subject to the EAR"),
            ],
        ),
    ],
)
def test_different_policies_for_different_items(cell: str, parts: list[tuple[str, str | None]]) -> None:
    read = read_policy(f"{cell} See § 746.8(b)")
    assert [(part.policy, part.items) for part in read.parts] == parts
    assert (read.kind, read.sections, read.understood) == ("mixed", ("746.8(b)",), True)


@pytest.mark.parametrize(
    "cell",
    [
        None,
        "",
        "For all items subject to the EAR. (See § 744.11 of the EAR)",
        "For all items subject to the EAR, with case-by-case basis for items listed on the CCL",
        "88 FR 13675, 3/6/23.",
        "Denial",
        "Policy of approval",
        "Presumption of denial when feasible",
        "Policy of denial, which is firm",
        "Policy of denial for all items. See note 2",
        "See note 2",
    ],
)
def test_what_is_no_policy_is_not_understood_and_gives_no_values(cell: str | None) -> None:
    assert read_policy(cell) == NO_POLICY


# -- the sources as published ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("marks", [True, False])
@pytest.mark.parametrize("day", SNAPSHOTS)
def test_all_cells_of_the_official_list_are_understood_but_one_row_with_its_cells_exchanged(
    real_documents: Path, day: str, marks: bool
) -> None:
    read = list(rows(real_documents, day, marks=marks))
    assert len(read) == 3415
    assert read.count(("", "")) == 4  # rows that continue the entry above
    entries = [row for row in read if row != ("", "")]
    exchanged = [("Presumption of denial", "For all items subject to the EAR. (See § 744.11 of the EAR)")]
    assert [row for row in entries if not read_requirement(row[0]).understood] == exchanged
    assert [row for row in entries if not read_policy(row[1]).understood] == exchanged


@pytest.mark.parametrize("day", SNAPSHOTS)
def test_values_of_the_official_list_are_as_many_as_its_wordings(real_documents: Path, day: str) -> None:
    """The numbers were counted over the cells' wordings."""
    cells = [row for row in rows(real_documents, day) if row != ("", "")]
    requirements = [read_requirement(requirement) for requirement, _ in cells]
    assert Counter(read.scope for read in requirements) == {"all_items": 3391, "listed_items": 19, None: 1}
    assert sum(read.license_exceptions == ("GOV",) for read in requirements) == 13
    assert sum(bool(read.exceptions) for read in requirements) == 4
    assert sum(read.extends_worldwide for read in requirements) == 2
    assert sum(read.condition is not None for read in requirements) == 82 + 19
    # The only sections that occur, and none of the wrong shape.
    assert {section for read in requirements for section in read.sections} == {
        "734.4(a)(9)", "734.9(e)", "734.9(e)(2)", "734.9(e)(3)", "734.9(g)", "744.2", "744.8(b)", "744.11",
        "744.21(b)", "746.8(a)(3)", "746.8(a)(4)",
    }  # fmt: skip
    for (requirement, policy), read in zip(cells, requirements, strict=True):
        assert ("734.9(g)" in read.sections) == ("734.9(g)" in requirement)
        assert (read_policy(policy).kind == "per_section") == policy.startswith("See §")
    assert Counter(read_policy(policy).kind for _, policy in cells) == {
        "presumption_of_denial": 2160,
        "mixed": 681,
        "policy_of_denial": 373,
        "per_section": 188,
        "case_by_case": 8,
        None: 1,
    }


@pytest.mark.parametrize("day", SNAPSHOTS)
def test_footnote_marks_do_not_change_what_a_cell_says(real_documents: Path, day: str) -> None:
    with_marks, without = rows(real_documents, day), rows(real_documents, day, marks=False)
    for (glued, _), (taken_out, _) in zip(with_marks, without, strict=True):
        assert read_requirement(glued) == read_requirement(taken_out), glued


def test_cells_of_the_screening_list_are_understood_but_those_that_mix_two_columns(real_documents: Path) -> None:
    path = real_documents / "extra/screening_list/entity_list_2026-07-31.json"
    entries = orjson.loads(path.read_bytes())
    requirements = [entry["license_requirement"] for entry in entries]
    policies = [entry["license_policy"] for entry in entries]
    assert [cell for cell in requirements if cell and not read_requirement(cell).understood] == [
        "For all items subject to the EAR, with case-by-case basis for items listed on the CCL"
    ]
    assert [cell for cell in policies if cell and not read_policy(cell).understood] == [
        "For all items subject to the EAR. (See § 744.11 of the EAR)",
        "For all items subject to the EAR when used in projects specified in § 746.8(a)(4) of the EAR",
    ]


# -- hostile input -----------------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        "For all items", "subject to the EAR", "on the CCL", "EAR99", "ECCN 3A001", "(See §§", "744.2l(b)",
        "746.8(a)(3),", "and", "(e)", "3", "of the EAR)", "when used in", "except for", "apart from", "; or",
        ", which will be reviewed on a", "case-by-case basis", "Policy of denial", "presumption of approval", "for",
        ".", ";", "88 FR 1234, 1/2/23", "under § 740.11", "a does not include b", "See", "—", "(", "\u00a0",
        "This license requirement may be overcome by License Exception GOV", "listed in supplement no. 7 to part 746",
    ]
)  # fmt: skip
CELLS = st.one_of(
    st.lists(PIECES, max_size=12).map(" ".join),
    st.lists(PIECES, max_size=8).map(lambda pieces: "For all items subject to the EAR " + " ".join(pieces)),
    st.lists(PIECES, max_size=6).map("".join),
    st.text(max_size=60),
)


@settings(max_examples=400, deadline=None)
@given(CELLS)
def test_no_cell_raises_and_what_is_not_understood_gives_no_values(cell: str) -> None:
    requirement, policy = read_requirement(cell), read_policy(cell)
    assert requirement.understood or requirement == NOT_UNDERSTOOD
    assert policy.understood or policy == NO_POLICY
    assert not (requirement.understood and policy.understood), "a cell cannot belong to both columns"
    if requirement.understood:
        assert requirement.scope is not None
        assert (requirement.scope == "listed_items") == bool(requirement.items)
    if policy.understood:
        assert policy.parts
        assert policy.kind == "mixed" or {part.policy for part in policy.parts} == {policy.kind}
    for section in (*requirement.sections, *policy.sections):
        assert re.fullmatch(r"7\d\d\.\d{1,2}(?:\(\w{1,5}\))*", section)


def test_values_are_immutable_and_read_once() -> None:
    assert read_requirement("For all items subject to the EAR") is read_requirement("For all items subject to the EAR")
    assert read_policy("Policy of denial") is read_policy("Policy of denial")
    for value in (read_requirement("ECCNs 3A001, 5A002"), read_policy("Policy of denial")):
        assert not any(isinstance(getattr(value, field.name), list) for field in fields(value))
        hash(value)


@pytest.mark.parametrize(
    "hostile",
    [
        "§ ", "(See ", "when § ", "except for a; or ", "(a)", "744.21(b) ", "and ", "( ", "case-by-case, and ", ". ",
        "apart from ", "which will be reviewed on a case-by-case basis ", "a does not include ", "88 FR 13675 ", "9 ",
    ],
)  # fmt: skip
@pytest.mark.parametrize("beginning", ["", "For all items subject to the EAR when ", "Policy of denial for "])
def test_long_cells_take_no_more_than_linear_time(beginning: str, hostile: str) -> None:
    cell = beginning + hostile * (100_000 // len(hostile))
    started = time.perf_counter()
    read_requirement(cell)
    read_policy(cell)
    assert time.perf_counter() - started < 5  # usually a tenth of a second; quadratic would be many minutes
