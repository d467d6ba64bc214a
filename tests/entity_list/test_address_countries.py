"""Addresses: the destination that ends them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from assets.entity_list.address import address_country, address_destination
from assets.entity_list.destinations import destination
from assets.entity_list.entity_cell import read_entity


@pytest.mark.parametrize(
    ("address", "country"),
    [
        ("501, 5th Floor, Amanullah Sancharaki Market Opp Chaman E Huzuri, Kabul, Afghanistan", "AF"),
        ("5929 Route Transcanadienne Ste 130 St. Laurent, Quebec H4T 1Z6 Canada", "CA"),
        ("No. 1 Zhongguancun East Road, Haidian District, Beijing, China, 100102", "CN"),
        ("Suite 1, Beijing 100081, China", "CN"),
        ("11 Hepingli East Street, Beijing, P.R.C.", "CN"),
        ("Room 803, Chevalier House 45-51, Chatham Road South, Tsim Sha Tsui, Hong Kong", "HK"),
        ("8 Finance Street, Central, Hong Kong, China", "HK"),
        ("8 Finance Street, Central, Hong Kong SAR, P.R.C.", "HK"),
        ("P.O. Box 245221, Riyadh 11312, Kingdom of Saudi Arabia", "SA"),
        ("P.O. Box 1, Dubai, UAE", "AE"),
        ("P.O. Box 1, Dubai, U.A.E", "AE"),
        ("Sama Tower, Dubai, U.A.E., P.O. Box 16048", "AE"),
        ("Fasanenweg 7, Kelsterbach, Germany D-65451", "DE"),
        ("Aviation 3 Trebeck Street, Mayfair, London, United Kingdom W1J7 LS", "GB"),
        ("302 Cambridge Science Park, Milton Road, Cambridge, CB4 0WG, England", "GB"),
        ("Room 1, Vientiane Capital, Laos P.D.R.", "LA"),
        ("De Castro Street 24, Road Town, Tortola, Virgin Islands, British", "VG"),
        ("1 Street, Seoul, Republic of Korea", "KR"),
        ("1 Street, Juba, South Sudan", "SS"),
        ("Unit 1, Flat 2, 01250 Ankara, Türkiye", "TR"),
        ("3 Road, Kabul, Afghanistan. (See alternate address under Pakistan).", "AF"),
        # A destination that does not end the address, or is not one.
        ("6 Pakistan Street, Kabul", None),
        ("202 Factory Baotou, Inner Mongolia", None),
        ("1 Main Street, Santa Fe, New Mexico", None),
        ("(For alternate addresses, see Kyrgyzstan and Turkey.)", None),
        ("No. 1, Yungang Beili, Fengtai District, Beijing 100074", None),
        ("1 Street, Westindia", None),
        ("a" * 500 + "India", None),
        ("", None),
    ],
)
def test_the_destination_that_ends_an_address_is_its_country(address: str, country: str | None) -> None:
    assert address_country(address) == country


@pytest.mark.parametrize(
    "address",
    [
        "5 Roosevelt Street, Yalta, Crimea 98600, Ukraine",
        "Kirova/per. Sovnarkomovskaya, 52/1, Simferopol, Crimea, 95000, Ukraine. (See also Crimea (Occupied))",
        "5 Roosevelt Street, Yalta, Crimea region of Ukraine",
        "5 Roosevelt Street, Yalta, Crimea",
    ],
)
def test_crimea_is_a_destination_of_its_own_without_a_code(address: str) -> None:
    assert address_destination(address) == destination("Crimea")
    assert address_country(address) is None


def lines(cell: etree._Element) -> list[str]:
    out = [""]

    def take(element: etree._Element) -> None:
        if element.tag == "br":
            out.append("")
            return
        out[-1] += element.text or ""
        for child in element:
            take(child)
            out[-1] += child.tail or ""

    take(cell)
    return [line for line in (" ".join(line.split()) for line in out) if line]


def addresses(root: Path, day: str) -> Iterator[tuple[str, str]]:
    """Yield heading and address of every address of the official Entity List."""
    path = root / "mirror/www.ecfr.gov/api/versioner/v1/full" / day / "title-15.xml?part=744"
    parts = etree.parse(path).iter("DIV9")
    supplement = next(part for part in parts if "No. 4 to Part 744" in "".join(part.find("HEAD").itertext()))
    heading = ""
    for row in supplement.iter("TR"):
        cells = row.findall("TD")
        if len(cells) == 5 and (entity := lines(cells[1])):
            heading = " ".join("".join(cells[0].itertext()).split()) or heading
            yield from ((heading, address) for address in read_entity(entity).addresses)


@pytest.mark.parametrize("day", ["2026-03-25", "2026-07-18"])
def test_addresses_of_the_official_list_end_in_the_destination_they_are_listed_under(
    real_documents: Path, day: str
) -> None:
    read = [(heading, address, address_destination(address)) for heading, address in addresses(real_documents, day)]
    found = [(heading, place) for heading, _, place in read if place is not None]
    assert len(read) > 6000
    assert len(found) / len(read) > 0.96  # most others name a city only
    # Hong Kong, the British Virgin Islands and the Cayman Islands have no heading of their own in the list.
    elsewhere = Counter((heading, place.name) for heading, place in found if place != destination(heading))
    within = {
        ("CHINA, PEOPLE'S REPUBLIC OF", "Hong Kong"),
        ("UNITED KINGDOM", "Virgin Islands, British"),
        ("UNITED KINGDOM", "Cayman Islands"),
        ("CRIMEA REGION OF UKRAINE", "Ukraine"),  # addresses with the city and "Ukraine" only
        ("UKRAINE", "Crimea Region of Ukraine"),
    }
    # Two entries stand under one destination with an address in another.
    assert {pair: count for pair, count in elsewhere.items() if pair not in within} == {
        ("THAILAND", "Taiwan"): 1,
        ("UNITED ARAB EMIRATES", "Lebanon"): 1,
    }
    assert elsewhere["CHINA, PEOPLE'S REPUBLIC OF", "Hong Kong"] > 450


PIECES = st.sampled_from(
    [*"(),.; ", "China", "Hong Kong", "See", "100102", "H4T", "SAR", "U.A.E.", "new", "Mexico", "—"]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.lists(PIECES, max_size=15).map(" ".join), st.lists(PIECES, max_size=9).map("".join), st.text()))
def test_no_address_raises(address: str) -> None:
    place = address_destination(address)
    assert address_country(address) == (place.code if place else None)


@pytest.mark.parametrize("hostile", ["(see ", "(see (", "SAR 1 ", "China ", "1-", " ", ")", "(see) ", "H4T "])
def test_long_addresses_take_no_more_than_linear_time(hostile: str) -> None:
    started = time.perf_counter()
    address_destination(f"China {hostile * (200_000 // len(hostile))}")
    assert time.perf_counter() - started < 5
