"""Entity cells: name, aliases and addresses out of the printed lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from assets.entity_list.destinations import destination, mentions
from assets.entity_list.entity_cell import SubEntity, read_entity
from assets.entity_list.entity_names import name_key, own_name


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
        (  # Russia (79 FR 55615): all in brackets, with labels on the addresses
            [
                "Tikhomirov Institute, JSC (a.k.a., JSC NIIP, f.k.a., Otkrytoe Obshchestvo; "
                "a.k.a. Works, G. Yekaterinburg.)",
                "Address: 3 Ul. Gagarina, Zhukovski, Russia",
                "Alt. Address: 4 Ul. Gagarina, Zhukovski, Russia",
            ],
            "Tikhomirov Institute, JSC",
            ["JSC NIIP", "Otkrytoe Obshchestvo", "Works, G. Yekaterinburg"],
            ["3 Ul. Gagarina, Zhukovski, Russia", "4 Ul. Gagarina, Zhukovski, Russia"],
        ),
        (  # Singapore (76 FR 67062)
            ["Wong Yuh Lan, (a.k.a., Huang Yulan, Jancy Wong and Yuh Lan Wong), Blk 109B, #14115, Singapore 822109"],
            "Wong Yuh Lan",
            ["Huang Yulan", "Jancy Wong", "Yuh Lan Wong"],
            ["Blk 109B, #14115, Singapore 822109"],
        ),
        (  # Syria (70 FR 11861): names side by side, then the address
            ["SSRC Center (SSRC), a.k.a., Centre of Studies (CERS), Research Council, P.O. Box 4470, Damascus, Syria"],
            "SSRC Center (SSRC)",
            ["Centre of Studies (CERS)", "Research Council"],
            ["P.O. Box 4470, Damascus, Syria"],
        ),
        (  # Unverified List (80 FR 4781)
            ["Finland Center FMC OY a.k.a. Finland Center OY a.k.a. Finland Center, Vaalimaa, Finland"],
            "Finland Center FMC OY",
            ["Finland Center OY", "Finland Center"],
            ["Vaalimaa, Finland"],
        ),
        (  # Iran (84 FR 21233): two names in an item; a name of the list's own kind within one
            [
                "IRGC-ASF Force, a.k.a., the following two aliases:",
                "—IRGC Air Force; IRGCAF; and",
                "—A (f.k.a., B)",
                "Iran.",
            ],
            "IRGC-ASF Force",
            ["IRGC Air Force", "IRGCAF", "A", "B"],
            ["Iran"],
        ),
        (  # China (84 FR 54002): a semicolon in the midst of a name
            ["Leon, a.k.a., the following two aliases:", "—Leon Telecom; and Technology", "—LAJS.", "1 Street, China."],
            "Leon",
            ["Leon Telecom and Technology", "LAJS"],
            ["1 Street, China"],
        ),
        (  # Russia (81 FR 61601): a dash of the name taken for one of the list
            [
                "Neft LLC, a.k.a., the following two aliases:",
                "—OOO Neft",
                "—Aktiv; and",
                "—RN OOO.",
                "1 Street, Russia.",
            ],
            "Neft LLC",
            ["OOO Neft—Aktiv", "RN OOO"],
            ["1 Street, Russia"],
        ),
        (  # Canada (87 FR 60066): the addresses behind the last alias
            [
                "Mercury, a.k.a., the following one alias:",
                "—Mercury Group, 380 Van Rd Unit 6, St. Anne, Canada; and 7 Rue X, Canada.",
            ],
            "Mercury",
            ["Mercury Group"],
            ["380 Van Rd Unit 6, St. Anne, Canada", "7 Rue X, Canada"],
        ),
        (  # Canada: an abbreviation is no end of a name
            ["Magtech, a.k.a., the following one alias:", "—M.A.G. Tech, 5762 Royalmount Ave, Montreal, Canada."],
            "Magtech",
            ["M.A.G. Tech"],
            ["5762 Royalmount Ave, Montreal, Canada"],
        ),
        (  # China (87 FR 38920): the legal form belongs to the name
            [
                "Hoshine, a.k.a., the following one alias:",
                "—Hesheng (Shanshan) Co., Ltd. West of Kekeya Road, Turpan City, China.",
            ],
            "Hoshine",
            ["Hesheng (Shanshan) Co., Ltd."],
            ["West of Kekeya Road, Turpan City, China"],
        ),
        (  # Military End-User List
            ["Jincheng Group Imp & Exp. Co. Ltd. Floor 26th Jincheng Plaza, 216 Middle Longpan Road, Nanjing, China"],
            "Jincheng Group Imp & Exp. Co. Ltd.",
            [],
            ["Floor 26th Jincheng Plaza, 216 Middle Longpan Road, Nanjing, China"],
        ),
        (  # Pakistan (79 FR 44684): a list that is not introduced
            ["Mohammad Azam, a.k.a,", "—Mohammad Akram,", "Chaman, Killa, Pakistan"],
            "Mohammad Azam",
            ["Mohammad Akram"],
            ["Chaman, Killa, Pakistan"],
        ),
        (  # Morocco (85 FR 51596): a dash in an address
            ["Huawei Morocco, Immeuble High Tech, 4eme Etage, Hay Riad", "—Rabat, Morocco."],
            "Huawei Morocco",
            [],
            ["Immeuble High Tech, 4eme Etage, Hay Riad—Rabat, Morocco"],
        ),
        (  # Russia (87 FR 38920): misprinted introductions
            [
                "SP Kvant, a.k.a., the follow two aliases:",
                "—Kvant LLC; and",
                "—JV Quantum.",
                "D. 46, Moscow, 115230, Russia.",
            ],
            "SP Kvant",
            ["Kvant LLC", "JV Quantum"],
            ["D. 46, Moscow, 115230, Russia"],
        ),
        (
            [
                "German Sky, a.k.a., the one alias:",
                "—Civil Trading FZE",
                "Office No. 901, Dubai, UAE; Al Maktoum Road, Dubai, UAE",
            ],
            "German Sky",
            ["Civil Trading FZE"],
            ["Office No. 901, Dubai, UAE", "Al Maktoum Road, Dubai, UAE"],
        ),
        (  # Thailand (86 FR 46590): stray marks between addresses; a country parted from its address
            [
                "Kosol, a.k.a., the following one alias: "
                "Kosol Surin.140/65 Tower, Bangkok, Thailand; and495 Soi Anamai; Thailand; and. 3 Rd, Thailand"
            ],
            "Kosol",
            ["Kosol Surin"],
            ["140/65 Tower, Bangkok, Thailand", "495 Soi Anamai, Thailand", "3 Rd, Thailand"],
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


def test_parts_have_their_own_names_and_addresses() -> None:
    """As under China (83 FR 37427); in rules nothing sets the names of affiliates apart."""
    cell = read_entity(
        [
            "CETC 55, a.k.a., the following one alias, and two subordinate institutions:",
            "—NEDI.",
            "524 East Road, Nanjing, China.",
            "Subordinate institution",
            "Nanjing Guosheng Electronics, 8 Xingwen Road, Nanjing, China; and",
            "Subordinate institution",
            "NEDITEK, a.k.a, the following two aliases:",
            "—NEDI Technology; and",
            "—NTESY.",
            "2nd Floor, B4 Block, Nanjing, China.",
        ]
    )
    assert cell.doubts == []
    assert (cell.aliases, cell.addresses) == (["NEDI"], ["524 East Road, Nanjing, China"])
    assert cell.parts == [
        SubEntity("Nanjing Guosheng Electronics", [], ["8 Xingwen Road, Nanjing, China"]),
        SubEntity("NEDITEK", ["NEDI Technology", "NTESY"], ["2nd Floor, B4 Block, Nanjing, China"]),
    ]
    affiliates = read_entity(
        [
            "Huawei, and to include the following two affiliated entities:",
            "Affiliated entities:",
            "Huawei Marine Co., Ltd., a.k.a., the following one alias:",
            "—Huawei Marine;",
            "HMN Tech.",
            "Building R4, No. 2 City Avenue, Dongguan, China.",
            "Huawei Mobile Ltd., Huawei Base, Building 2, Shenzhen, China.",
        ],
        set_apart={"Huawei Marine Co., Ltd.,", "Huawei Mobile Ltd.,"},
    )
    assert [(part.name, part.aliases) for part in affiliates.parts] == [
        ("Huawei Marine Co., Ltd.", ["Huawei Marine", "HMN Tech"]),
        ("Huawei Mobile Ltd.", []),
    ]


def test_parts_listed_behind_dashes_may_have_lists_of_their_own() -> None:
    """The Pakistan Atomic Energy Commission, and an entry that names nothing but kinds of facilities."""
    cell = read_entity(
        [
            "PAEC, a.k.a., the following one alias:",
            "—Power Plant Workshops, P.O. Box 1114, Islamabad; and the following three subordinate entities:",
            "—National Complex (NDC), a.k.a., the following two aliases:",
            "—National Centre; and",
            "—Defense Complex.",
            "Fateh Jang, Rawalpindi, Pakistan;",
            "—Institute for Science (PINSTECH), Nilore, Islamabad;",
            "—Nuclear reactors (including power plants), all enrichment facilities and ammonia plants.",
        ]
    )
    assert (cell.aliases, cell.addresses, cell.doubts) == (["Power Plant Workshops"], ["P.O. Box 1114, Islamabad"], [])
    assert cell.parts == [
        SubEntity(
            "National Complex (NDC)", ["National Centre", "Defense Complex"], ["Fateh Jang, Rawalpindi, Pakistan"]
        ),
        SubEntity("Institute for Science (PINSTECH)", [], ["Nilore, Islamabad"]),
        SubEntity("Nuclear reactors (including power plants), all enrichment facilities and ammonia plants"),
    ]
    kinds = read_entity(
        ["The following Department of Atomic Energy entities:", "—Fuel facilities; and", "—Heavy plants, (but X)."]
    )
    assert (kinds.name, kinds.aliases) == ("Department of Atomic Energy entities", [])
    assert kinds.sub_entities == ["Fuel facilities", "Heavy plants, (but X)"]


def test_what_an_institution_is_subordinate_to_is_left_out_of_its_name() -> None:
    for words in ("CETC 13 subordinate institution: Envoltek", "CETC 13. Subordinate Institution - Envoltek"):
        assert own_name(words) == read_entity([words]).name == "Envoltek"
    lines = ["CETC 13 subordinate institution:", "—Brightway,", "21 Street, China."]
    assert (read_entity(lines).name, read_entity(lines).addresses) == ("Brightway", ["21 Street, China"])
    assert own_name("Hongyu Co., Ltd. (a subordinate institute of CETC-7)").startswith("Hongyu Co., Ltd. (a sub")


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
