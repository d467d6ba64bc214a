"""Revenue by segment and geography."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

import pytest
from fact_rows import fact, table
from real_earnings import RealEarnings

from assets.earnings.revenue import revenue_geography, revenue_segments
from assets.earnings.vendors import Vendor
from expectations import contract
from resources.documents import Row

SEGMENT = "us-gaap:StatementBusinessSegmentsAxis"
PRODUCT = "srt:ProductOrServiceAxis"
PLACE = "srt:StatementGeographicalAxis"
QUALIFIER = "srt:ConsolidationItemsAxis"
OPERATING = f"{QUALIFIER}=us-gaap:OperatingSegmentsMember"


def test_a_segment_row(known: dict[str, Vendor]) -> None:
    parsed = revenue_segments(table(fact(f"{OPERATING};{SEGMENT}=nvda:GraphicsSegmentMember", 6_098_000_000)), known)
    assert not parsed.problems
    assert parsed.rows == [
        {
            "vendor": "nvidia",
            "axis": "segment",
            "segment": "Graphics",
            "parent_segment": None,
            "member": "nvda:GraphicsSegmentMember",
            "caption": None,
            "named_by": "member",
            "dimensions": f"{OPERATING};{SEGMENT}=nvda:GraphicsSegmentMember",
            "period_start": date(2025, 7, 28),
            "period_end": date(2025, 10, 26),
            "period_days": 91,
            "window": "quarter",
            "fiscal_year": 2026,
            "fiscal_quarter": 3,
            "revenue": 6_098_000_000,
            "currency": "USD",
            "revenue_usd": 6_098_000_000,
            "usd_rate": None,
            "usd_rate_from": None,
            "usd_rate_to": None,
            "accession_number": "0001045810-25-000230",
            "known_from": date(2025, 11, 19),
            "month": "2025-11",
            "location": "ix:nonFraction f-1, line 8",
            "source_sha256": "d" * 64,
        }
    ]
    contract.load("revenue_segments").table_of(parsed.rows)


def test_a_child_names_its_parent(known: dict[str, Vendor]) -> None:
    parsed = revenue_segments(table(fact(f"{PRODUCT}=nvda:ComputeMember")), known)
    assert [(row["axis"], row["segment"], row["parent_segment"]) for row in parsed.rows] == [
        ("product", "Compute", "Data Center")
    ]


def test_a_product_within_a_segment_is_its_child(known: dict[str, Vendor]) -> None:
    dimensions = f"{PRODUCT}=intc:DesktopMember;{OPERATING};{SEGMENT}=intc:ClientComputingGroupMember"
    days: dict[str, Any] = {"period_start": date(2023, 1, 1), "period_end": date(2023, 12, 30)}
    filing: dict[str, Any] = {
        "vendor": "intel",
        "accession_number": "0000050863-24-000010",
        "known_from": date(2024, 1, 26),
    }
    parsed = revenue_segments(table(fact(dimensions, **days, **filing)), known)
    assert [(row["axis"], row["segment"], row["parent_segment"]) for row in parsed.rows] == [
        ("product", "Desktop", "Client Computing")
    ]


@pytest.mark.parametrize(
    "dimensions",
    [
        "",  # the total
        OPERATING,  # the sum of all segments
        f"{PLACE}=country:US;{PRODUCT}=nvda:DataCenterMember",  # a cell of two breakdowns
        f"srt:MajorCustomersAxis=nvda:CustomerAMember;{PRODUCT}=nvda:DataCenterMember",  # a customer's share
    ],
)
def test_what_is_no_line_of_a_breakdown_is_left_out(known: dict[str, Vendor], dimensions: str) -> None:
    for read in (revenue_segments, revenue_geography):
        parsed = read(table(fact(dimensions)), known)
        assert (parsed.rows, parsed.problems) == ([], [])


def test_eliminations_are_a_line_and_never_a_segment(known: dict[str, Vendor]) -> None:
    facts = table(
        fact(f"{QUALIFIER}=us-gaap:IntersegmentEliminationMember", -5),
        fact(f"{QUALIFIER}=us-gaap:IntersegmentEliminationMember;{SEGMENT}=nvda:GraphicsMember", -4),
    )
    rows = revenue_segments(facts, known).rows
    assert {(row["segment"], row["parent_segment"], row["revenue"]) for row in rows} == {
        ("Eliminations", None, -5),
        ("Eliminations: Graphics", "Eliminations", -4),
    }


def test_an_unknown_member_is_kept_and_reported_once_per_filing(known: dict[str, Vendor]) -> None:
    dimensions = f"{PRODUCT}=nvda:RoboticsMember"
    year = {"period_start": date(2025, 1, 27), "caption": "Robotics"}
    parsed = revenue_segments(table(fact(dimensions, 1, caption="Robotics"), fact(dimensions, 2, **year)), known)
    assert [(row["segment"], row["revenue"]) for row in parsed.rows] == [(None, 2), (None, 1)]
    (problem,) = parsed.problems
    assert "nvda:RoboticsMember is not in the reviewed table; it is printed as 'Robotics'" in problem.reason
    assert problem.document == "0001045810-25-000230"


def test_an_unknown_axis_is_reported_once(known: dict[str, Vendor]) -> None:
    facts = table(fact("nvda:MoodAxis=nvda:GoodMember", 1), fact("nvda:MoodAxis=nvda:BadMember", 2))
    parsed = revenue_segments(facts, known)
    assert parsed.rows == []
    assert ["the axis nvda:MoodAxis is not read" in problem.reason for problem in parsed.problems] == [True]
    assert not revenue_geography(facts, known).problems


def test_a_printed_name_goes_before_a_contradicting_tag(known: dict[str, Vendor]) -> None:
    parsed = revenue_segments(table(fact(f"{PRODUCT}=nvda:GamingMember", caption="Data Center (1)")), known)
    assert [(row["segment"], row["named_by"]) for row in parsed.rows] == [("Data Center", "caption")]
    assert "(Gaming) is printed as 'Data Center'" in parsed.problems[0].reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"unit": "shares"}, "is in shares, not in a currency"),
        ({"period_start": date(2025, 9, 28)}, "is not one to four fiscal quarters"),
    ],
)
def test_what_cannot_be_placed_is_reported(known: dict[str, Vendor], changes: dict[str, Any], reason: str) -> None:
    parsed = revenue_segments(table(fact(f"{PRODUCT}=nvda:GamingMember", **changes)), known)
    assert parsed.rows == []
    assert reason in parsed.problems[0].reason


def test_revenue_stays_in_its_currency(known: dict[str, Vendor]) -> None:
    facts = table(fact(f"{PRODUCT}=nvda:GamingMember", 5, unit="EUR"), fact(f"{PRODUCT}=nvda:GamingMember", 6))
    parsed = revenue_segments(facts, known)
    assert ["no rates of EUR" in problem.reason for problem in parsed.problems] == [True]
    assert [(row["currency"], row["revenue"], row["revenue_usd"]) for row in parsed.rows] == [
        ("EUR", 5, None),
        ("USD", 6, 6),
    ]
    contract.load("revenue_segments").table_of(parsed.rows)


def test_companyfacts_and_other_vendors_are_left_out(known: dict[str, Vendor]) -> None:
    line = f"{PRODUCT}=nvda:GamingMember"
    facts = table(
        fact(line, source="companyfacts"), fact(line, vendor="somebody"), fact(line, concept="us-gaap:Assets")
    )
    assert revenue_segments(facts, known).rows == []


# Real filings


def _value(rows: list[Row], **wanted: Any) -> int:
    (value,) = {row["revenue"] for row in rows if all(row[key] == value for key, value in wanted.items())}
    return int(value)


def test_every_member_of_the_real_filings_is_reviewed(real: RealEarnings) -> None:
    assert not real.segments.problems
    assert not real.geography.problems
    assert contract.load("revenue_segments").table_of(real.segments.rows).num_rows == 397
    assert contract.load("revenue_geography").table_of(real.geography.rows).num_rows == 211


def test_the_recast_and_the_original_both_stay(real: RealEarnings) -> None:
    quarter = {"vendor": "nvidia", "geography": "China", "fiscal_year": 2025, "fiscal_quarter": 3}
    found = [
        (row["revenue"], row["reporting_basis"], row["accession_number"])
        for row in real.geography.rows
        if all(row[key] == value for key, value in quarter.items())
    ]
    assert found == [
        (5_416_000_000, "billing", "0001045810-24-000316"),  # 10-Q of 2024-10-27, segment note
        (8_142_000_000, "headquarters", "0001045810-25-000230"),  # 10-Q of 2025-10-26, recast comparative
    ]
    nine_months = {"accession_number": "0001045810-25-000230", "geography": "China", "window": "nine_months"}
    assert _value(real.geography.rows, fiscal_year=2026, **nine_months) == 16_617_000_000


def test_amd_is_named_by_print_where_its_tags_are_shifted(real: RealEarnings) -> None:
    """10-Q of 2023-07-01, segment note: Data Center 1,321, Client 998, Gaming 1,581, Embedded 1,459."""
    rows = [
        row
        for row in real.segments.rows
        if row["accession_number"] == "0000002488-23-000139" and row["fiscal_quarter"] and row["fiscal_year"] == 2023
    ]
    assert {row["segment"]: (row["revenue"] // 10**6, row["member"], row["named_by"]) for row in rows} == {
        "Data Center": (1321, "amd:ClientMember", "caption"),
        "Client": (998, "amd:GamingMember", "caption"),
        "Gaming": (1581, "amd:DataCenterMember", "caption"),
        "Embedded": (1459, "amd:EmbeddedMember", "member"),
    }


@pytest.mark.parametrize(
    ("vendor", "year", "china"),
    [
        # AMD's 10-K of 2023-12-30, note 4; Intel's of the same day, revenue by billing location.
        ("amd", 2023, 3_417_000_000),
        ("amd", 2022, 5_207_000_000),
        ("amd", 2021, 4_096_000_000),
        ("intel", 2023, 14_854_000_000),
        ("intel", 2022, 17_125_000_000),
        ("intel", 2021, 22_961_000_000),
    ],
)
def test_annual_geography_stays_annual(real: RealEarnings, vendor: str, year: int, china: int) -> None:
    rows = [row for row in real.geography.rows if row["vendor"] == vendor and row["geography"] == "China"]
    assert _value(rows, fiscal_year=year) == china
    assert {(row["window"], row["fiscal_quarter"], row["scope"] is not None) for row in rows} == {("year", None, True)}


@pytest.mark.parametrize(
    ("accession", "segment", "year", "revenue"),
    [
        ("0000002488-24-000012", "Data Center", 2023, 6_496_000_000),
        ("0000050863-24-000010", "Data Center", 2023, 15_521_000_000),
        ("0000050863-24-000010", "Client Computing", 2021, 41_081_000_000),
        ("0001045810-25-000023", "Compute & Networking", 2025, 116_193_000_000),
    ],
)
def test_annual_segments_as_printed(real: RealEarnings, accession: str, segment: str, year: int, revenue: int) -> None:
    found = _value(real.segments.rows, accession_number=accession, segment=segment, fiscal_year=year)
    assert found == revenue


def test_lines_without_a_parent_add_up_to_the_total(real: RealEarnings) -> None:
    """In every filing, window and axis, exactly: children beside their parents are not added."""
    totals = {
        (row["accession_number"], row["period"]): int(row["value"])
        for row in real.facts.to_pylist()
        if row["dimensions"] == ""
        and row["concept"].startswith("us-gaap:Revenue")
        and row["unit"] == "USD"
        # Only the total's own tags, of which each filing uses one.
        and row["concept"] in ("us-gaap:Revenues", "us-gaap:RevenueFromContractWithCustomerExcludingAssessedTax")
    }
    sums: dict[tuple[str, str, str], int] = defaultdict(int)
    for rows, parent in ((real.segments.rows, "parent_segment"), (real.geography.rows, "parent_geography")):
        for row in rows:
            if row[parent] is None:
                window = f"{row['period_start']}/{row['period_end']}"
                sums[row["accession_number"], window, row["axis"]] += row["revenue"]
    # Nine 10-Qs of NVIDIA: 3 with two windows and 6 with four on three axes, 3 10-Ks with three years on three;
    # AMD's 10-Q four windows of segments; AMD's and Intel's 10-Ks three years of segments and of geography.
    assert len(sums) == (3 * 2 + 6 * 4 + 3 * 3) * 3 + 4 + 2 * 3 * 2
    assert {key: value for key, value in sums.items() if value != totals[key[0], key[1]]} == {}
