"""Entity cells: name, aliases and addresses out of the printed lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from assets.entity_list.destinations import destination, mentions
from assets.entity_list.entity_cell import name_key, read_entity


@pytest.mark.parametrize(
    ("lines", "name", "aliases", "addresses"),
    [
        # The official list of 2026-03-25, Supplement No. 4 to part 744; citations of the rows in brackets.
        (  # Canada (88 FR 12171)
            [
                "CPUNTO Inc., a.k.a., the following one alias:",
                "—CPUNTO.",
                "5929 Route Transcanadienne Ste 130 St. Laurent, Quebec H4T 1Z6 Canada.",
            ],
            "CPUNTO Inc.",
            ["CPUNTO"],
            ["5929 Route Transcanadienne Ste 130 St. Laurent, Quebec H4T 1Z6 Canada"],
        ),
        (  # Russia (85 FR 14796)
            ["Avilon Ltd., 9/1-417, Montazhnaya St., Moscow, Russia."],
            "Avilon Ltd.",
            [],
            ["9/1-417, Montazhnaya St., Moscow, Russia"],
        ),
        (  # China (88 FR 13675)
            [
                "Nanjing Jiuding Refrigeration & Air-conditioning Equipment Co., Ltd., No. 8, West Longzhong Road, "
                "Nanjing, Jiangsu 211500, China. (See alternate address under Pakistan).",
            ],
            "Nanjing Jiuding Refrigeration & Air-conditioning Equipment Co., Ltd.",
            [],
            ["No. 8, West Longzhong Road, Nanjing, Jiangsu 211500, China"],
        ),
        (  # Saudi Arabia (83 FR 44824): the name alone in its line
            ["UEC (Pvt.) Ltd.,", "P.O. Box 245221, Riyadh 11312, Kingdom of Saudi Arabia (See alternate addresses)"],
            "UEC (Pvt.) Ltd.",
            [],
            ["P.O. Box 245221, Riyadh 11312, Kingdom of Saudi Arabia"],
        ),
        (  # Russia (81 FR 61601): an address behind the last alias, and a former name in brackets
            [
                "SGM Most OOO (f.k.a., Obshchestvo SGM Most), a.k.a., the following two aliases:",
                "—SGM-Bridge; and",
                "—SGM-Most, LLC. D. 10 korp. 3 ul. Neverovskogo, Moscow 121170, Russia.",
            ],
            "SGM Most OOO",
            ["Obshchestvo SGM Most", "SGM-Bridge", "SGM-Most, LLC"],
            ["D. 10 korp. 3 ul. Neverovskogo, Moscow 121170, Russia"],
        ),
        (  # Canada (87 FR 60066)
            ["Alexandre Ivjenko, a.k.a., the following one alias:", "—Alexander Ivjenko, 7150 Rue Chouinard, Canada."],
            "Alexandre Ivjenko",
            ["Alexander Ivjenko"],
            ["7150 Rue Chouinard, Canada"],
        ),
        (  # Belgium (83 FR 3580): the alias run on
            [
                "Nicolas Kaiga, a.k.a., the following one alias: Nicholas Kaiga",
                "Goffarstraad 16, B-1050, Brussels, Belgium.",
            ],
            "Nicolas Kaiga",
            ["Nicholas Kaiga"],
            ["Goffarstraad 16, B-1050, Brussels, Belgium"],
        ),
        (  # Russia (2024-06-18): the entry is an address
            ["Address 04, Room 803, Chevalier House 45-51, Chatham Road South, Tsim Sha Tsui, Hong Kong."],
            "Address 04",
            [],
            ["Room 803, Chevalier House 45-51, Chatham Road South, Tsim Sha Tsui, Hong Kong"],
        ),
        (  # Iran: no address
            ["Kamran Daneshjou."],
            "Kamran Daneshjou",
            [],
            [],
        ),
        (  # China (86 FR 71557): a part of an organisation
            ["Academy of Military Medical Sciences, Institute of Basic Medicine, 27 Taiping Road, Beijing, China."],
            "Academy of Military Medical Sciences, Institute of Basic Medicine",
            [],
            ["27 Taiping Road, Beijing, China"],
        ),
        (  # Iran: a person and where he works
            ["Sayyed Javad Ahmadi, Nuclear Science and Technology Research Institute, P.O. Box 1, Tehran, Iran."],
            "Sayyed Javad Ahmadi",
            [],
            ["Nuclear Science and Technology Research Institute, P.O. Box 1, Tehran, Iran"],
        ),
        (  # several items in one line
            ["A LLC, a.k.a., the following two aliases: —B; and —C. ", "1 Street, Iran; and 2 Street, Iran."],
            "A LLC",
            ["B", "C"],
            ["1 Street, Iran", "2 Street, Iran"],
        ),
    ],
)
def test_cells_of_the_official_list(lines: list[str], name: str, aliases: list[str], addresses: list[str]) -> None:
    cell = read_entity(lines)

    assert (cell.name, cell.aliases, cell.addresses, cell.doubts) == (name, aliases, addresses, [])


def test_a_name_known_from_the_instruction_wins() -> None:
    line = "Huawei Tech Investment Co., Ltd., Argentina, Av. Leandro N. Alem 815, C1054 CABA, Argentina."

    assert read_entity([line]).name == "Huawei Tech Investment Co., Ltd."
    cell = read_entity([line], ["Huawei Tech Investment Co., Ltd., Argentina"])
    assert cell.name == "Huawei Tech Investment Co., Ltd., Argentina"
    assert cell.addresses == ["Av. Leandro N. Alem 815, C1054 CABA, Argentina"]


def test_a_name_that_only_begins_the_entry_is_not_its_name() -> None:
    assert read_entity(["China HEAD Aerospace Technology Co., Paris, France."], ["China HEAD"]).name == (
        "China HEAD Aerospace Technology Co."
    )


def test_a_count_that_does_not_agree_is_doubted() -> None:
    cell = read_entity(["A LLC, a.k.a., the following three aliases:", "—B; and", "—C.", "1 Street, Iran."])

    assert cell.doubts == ["3 names of the kind alias are announced and 2 found"]


def test_entities_within_an_entry_are_kept_by_name() -> None:
    """CETC 14 under China (83 FR 37427)."""
    cell = read_entity(
        [
            "CETC 14, a.k.a., the following one alias, and two subordinate institutions:",
            "—NRIET.",
            "Subordinate institution",
            "Nanjing SunSea Industry Corporation.",
            "Subordinate institution",
            "Nanjing Institute of Radio Technology.",
            "The following addresses apply to the entity and the two subordinate institutions:",
            "No 1 Dinghuaimen, Nanjing, China; and No 8 Guorui Road, Nanjing, China.",
        ]
    )

    assert cell.aliases == ["NRIET"]
    assert cell.sub_entities == ["Nanjing SunSea Industry Corporation", "Nanjing Institute of Radio Technology"]
    assert cell.addresses == ["No 1 Dinghuaimen, Nanjing, China", "No 8 Guorui Road, Nanjing, China"]


def test_the_official_list_is_read(real_documents: Path) -> None:
    """3,415 rows of the eCFR of 2026-03-25: all have a name, 99.5 % the number of aliases they announce."""
    path = real_documents / "mirror/www.ecfr.gov/api/versioner/v1/full/2026-03-25/title-15.xml?part=744"
    part = etree.parse(str(path)).getroot()
    supplement = next(el for el in part.iter("DIV9") if el.get("N") == "Supplement No. 4 to Part 744")
    cells = []
    for row in supplement.iter("TR"):
        columns = row.findall("TD")
        if len(columns) == 5:
            lines = [columns[1].text or ""]
            for child in columns[1]:
                lines += [""] if child.tag == "br" else []
                lines[-1] += "".join(child.itertext()) + (child.tail or "")
            lines = [" ".join(line.split()) for line in lines]
            cells.append(read_entity([line for line in lines if line]))

    assert len(cells) >= 3415
    assert all(2 <= len(cell.name) <= 250 for cell in cells)
    assert sum(bool(cell.doubts) for cell in cells) <= 0.015 * len(cells)
    assert sum(not cell.addresses for cell in cells) <= 0.01 * len(cells)


def test_names_are_compared_by_their_letters() -> None:
    assert name_key("Spacety Co., Ltd.") == name_key("SPACETY  CO LTD")
    assert name_key("Şirketi") == name_key("Sirketi")
    assert name_key("华为技术") == "华为技术"
    assert name_key("A-1") != name_key("A-2")


@pytest.mark.parametrize(
    ("printed", "name", "code"),
    [
        ("CHINA, PEOPLE'S REPUBLIC OF", "China", "CN"),
        ("China, People’s Republic of", "China", "CN"),
        ("the Netherlands", "Netherlands", "NL"),
        ("CRIMEA REGION OF UKRAINE", "Crimea Region of Ukraine", None),
        ("TÜRKİYE", "Turkey", "TR"),
        ("ATLANTIS", None, None),
    ],
)
def test_destinations(printed: str, name: str | None, code: str | None) -> None:
    found = destination(printed)

    assert (found.name if found else None, found.code if found else None) == (name, code)


def test_destinations_in_a_sentence() -> None:
    words = "Under CHINA, PEOPLE'S REPUBLIC OF, two Chinese entities; under South Sudan; and the U.A.E."

    assert [name for _, _, name in mentions(words)] == ["CHINA, PEOPLE'S REPUBLIC OF", "South Sudan", "U.A.E."]
