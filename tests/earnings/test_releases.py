"""Releases of results: what they report, what they expect, and what the filing that follows says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from real_earnings import RealEarnings

from assets.earnings import newsrooms
from assets.earnings.fiscal import last_quarter_before
from assets.earnings.release_reconciliation import reconciled
from assets.earnings.releases import releases_of
from assets.earnings.vendors import Vendor
from expectations import contract
from resources.documents import Parsed, Row, SourceError

MILLION = 10**6
NEWSROOM = "nvidianews.nvidia.com/news/nvidia-announces-financial-results-fy"

# The releases' words: total and Data Center as rounded in print, the total in the table, and the revenue expected of
# the next quarter, in USD millions; fiscal 2024 Q2 and 2026 Q1 and Q2 are not held.
NVIDIA = {
    "2023q1": (8_290, 3_750, 8_288, 8_100),
    "2023q2": (6_700, 3_810, 6_704, 5_900),
    "2023q3": (5_930, 3_830, 5_931, 6_000),
    "2023q4": (6_050, 3_620, 6_051, 6_500),
    "2024q1": (7_190, 4_280, 7_192, 11_000),
    "2024q3": (18_120, 14_510, 18_120, 20_000),
    "2024q4": (22_100, 18_400, 22_103, 24_000),
    "2025q1": (26_000, 22_600, 26_044, 28_000),
    "2025q2": (30_000, 26_300, 30_040, 32_500),
    "2025q3": (35_100, 30_800, 35_082, 37_500),
    "2025q4": (39_300, 35_600, 39_331, 43_000),
    "2026q3": (57_000, 51_200, 57_006, 65_000),
}

Read = Callable[[str, str, date | None], Parsed]


@pytest.fixture(scope="module")
def read(real_documents: Path, known: dict[str, Vendor]) -> Read:
    def read(path: str, vendor: str, published: date | None = None) -> Parsed:
        body = (real_documents / "mirror" / path).read_bytes()
        return releases_of(
            body, vendor=known[vendor], document=f"https://{path}", source="sec", sha256="e" * 64, published=published
        )

    return read


def text(*lines: str, title: str = "NVIDIA: Results for Third Quarter Fiscal 2026") -> str:
    return "".join(f"<p>{line}</p>" for line in (title, "November 19, 2025", *lines))


def _read(known: dict[str, Vendor], markup: str, vendor: str = "nvidia") -> Parsed:
    return releases_of(
        markup.encode(), vendor=known[vendor], document="https://example.org/r", source="newsroom", sha256="e" * 64
    )


def _short(parsed: Parsed) -> list[tuple[Any, ...]]:
    return [(row["kind"], row["measure"], row["stated_in"], row["value"] // MILLION) for row in parsed.rows]


TOTAL = "There was revenue for the third quarter ended October 26, 2025, of $57.0 billion."


@pytest.mark.parametrize("quarter", NVIDIA)
def test_nvidias_releases(read: Read, quarter: str) -> None:
    parsed = read(f"{NEWSROOM}{quarter}", "nvidia", None)
    total, data_center, in_table, expected = NVIDIA[quarter]
    assert not parsed.problems
    assert _short(parsed) == [
        ("reported", "revenue", "sentence", total),
        ("reported", "revenue", "table", in_table),
        ("reported", "revenue_data_center", "sentence", data_center),
        ("expected", "revenue", "sentence", expected),
    ]
    rows = parsed.rows
    year, number = int(quarter[:4]), int(quarter[-1])
    assert [(row["fiscal_year"], row["fiscal_quarter"]) for row in rows] == [(year, number)] * 3 + [
        (year + number // 4, number % 4 + 1)
    ]
    assert (rows[3]["low"], rows[3]["high"], rows[3]["tolerance"]) == (
        expected * MILLION * 98 // 100,
        expected * MILLION * 102 // 100,
        "2%",
    )
    contract.load("vendor_releases").table_of([row | {"accession_number": None} for row in rows])


def test_the_sentence_and_its_place_are_kept(read: Read) -> None:
    rows = read(f"{NEWSROOM}2023q1", "nvidia", None).rows
    assert rows[2]["sentence"].startswith("First-quarter revenue was a record $3.75 billion, up 83% from a year ago")
    assert rows[2]["place"] == "line 154, under 'Data Center'"
    assert rows[1]["sentence"] == "Revenue $8,288 $7,643 $5,661 Up 8% Up 46%"
    assert {row["known_from"] for row in rows} == {date(2022, 5, 25)}
    assert [row["rounded_to"] for row in rows] == [10 * MILLION, MILLION, 10 * MILLION, 10 * MILLION]


def test_amds_exhibit(read: Read) -> None:
    """Exhibit 99.1 of 2026-02-03: a margin in dollars, the year's figures beside the quarter's."""
    path = "www.sec.gov/Archives/edgar/data/2488/000000248826000016/q42025991.htm"
    parsed = read(path, "amd", date(2026, 2, 3))
    assert not parsed.problems
    assert _short(parsed) == [
        ("reported", "revenue", "sentence", 10_300),
        ("reported", "revenue", "table", 10_270),
        ("reported", "revenue_data_center", "sentence", 5_400),
        ("expected", "revenue", "sentence", 9_800),
    ]
    expected = parsed.rows[3]
    assert (expected["fiscal_year"], expected["fiscal_quarter"]) == (2026, 1)
    assert (expected["low"], expected["high"], expected["tolerance"]) == (
        9_500 * MILLION,
        10_100 * MILLION,
        "$300 million",
    )


def test_the_commentary_has_data_center_exactly(read: Read) -> None:
    path = "www.sec.gov/Archives/edgar/data/1045810/000104581024000113/q1fy25cfocommentary.htm"
    parsed = read(path, "nvidia", date(2024, 5, 22))
    assert not parsed.problems
    assert ("reported", "revenue_data_center", "table", 22_563) in _short(parsed)


def test_every_release_agrees_with_the_filing_that_follows(read: Read, real: RealEarnings) -> None:
    rows = [row for quarter in NVIDIA for row in read(f"{NEWSROOM}{quarter}", "nvidia", None).rows]
    made = reconciled(rows, real.quarters.rows).rows
    reported = [row for row in made if row["kind"] == "reported"]
    assert {row["status"] for row in reported} == {"agrees"}
    assert {row["difference"] for row in reported if row["stated_in"] == "table"} == {0}
    expected = {
        f"{row['fiscal_year']}q{row['fiscal_quarter']}": row["status"] for row in made if row["kind"] != "reported"
    }
    # 6,704 of 8,100 expected, after the preliminary results of 2022-08-08; 13,507 of 11,000 a year later.
    assert (expected["2023q2"], expected["2023q3"], expected["2024q2"]) == ("below", "within", "above")
    assert {
        row["filed_accession_number"] for row in made if (row["fiscal_year"], row["fiscal_quarter"]) == (2026, 3)
    } == {"0001045810-25-000230"}
    contract.load("release_reconciliation").table_of(made)


def _filed(value: int, **changes: Any) -> Row:
    return {
        "vendor": "nvidia",
        "measure": "revenue",
        "fiscal_year": 2026,
        "fiscal_quarter": 3,
        "version": 1,
        "value": value * MILLION,
        "currency": "USD",
        "derivation": "reported",
        "accession_number": "0001045810-25-000230",
        "known_from": date(2025, 11, 19),
    } | changes


@pytest.mark.parametrize(
    ("filed", "status", "difference"),
    [
        ([], "not_filed", None),
        ([_filed(57_006)], "agrees", 6),
        ([_filed(57_050)], "agrees", 50),
        ([_filed(57_051)], "differs", 51),
        ([_filed(57_051, derivation="derived")], "agrees", 51),
        ([_filed(57_006, currency="TWD")], "other_currency", None),
        ([_filed(50_000, version=2), _filed(57_006)], "agrees", 6),
    ],
)
def test_a_difference_beyond_rounding_is_told(
    known: dict[str, Vendor], filed: list[Row], status: str, difference: int | None
) -> None:
    (row,) = reconciled(_read(known, text(TOTAL)).rows, filed).rows
    assert row["status"] == status
    assert row["difference"] == (None if difference is None else difference * MILLION)


def test_a_part_is_never_taken_for_the_whole(known: dict[str, Vendor]) -> None:
    lines = (
        TOTAL,
        "Gaming",
        "Third-quarter revenue was $4.3 billion.",
        "Third-quarter Automotive revenue was $592 million.",
        "Full-year revenue of $130.5 billion.",
        "Data Center",
        "Third-quarter revenue was $51.2 billion. Full-year revenue rose to a record $115.2 billion.",
    )
    assert _short(_read(known, text(*lines))) == [
        ("reported", "revenue", "sentence", 57_000),
        ("reported", "revenue_data_center", "sentence", 51_200),
    ]


def test_segments_alone_give_no_total(known: dict[str, Vendor]) -> None:
    parsed = _read(
        known,
        text(
            "Data Center",
            "Third-quarter revenue was $51.2 billion.",
            "Gaming",
            "Third-quarter revenue was $4.3 billion.",
        ),
    )
    assert _short(parsed) == [("reported", "revenue_data_center", "sentence", 51_200)]
    assert "states no revenue of the quarter that could be read" in parsed.problems[0].reason


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (
            ("There was revenue for the third quarter ended July 27, 2025, of $57.0 billion.",),
            "the title says fiscal 2026 Q3, but the quarter ended July 27, 2025",
        ),
        (
            (TOTAL, "Data Center revenue was $51.2 billion.", "Data Center revenue was $41.2 billion."),
            "contradicts itself",
        ),
        ((TOTAL, "Revenue is expected to be $65.0 billion, plus or minus 2%."), "does not say which quarter"),
        (
            (TOTAL, "In the first quarter of fiscal 2027 revenue is expected to be $65.0 billion, plus or minus 2%."),
            "is about fiscal 2027 Q1, not the next quarter",
        ),
    ],
)
def test_what_cannot_be_read_safely_is_reported(known: dict[str, Vendor], lines: tuple[str, ...], reason: str) -> None:
    parsed = _read(known, text(*lines))
    assert reason in parsed.problems[0].reason
    assert all(row["kind"] == "reported" and row["measure"] == "revenue" for row in parsed.rows)


def test_an_expected_range(known: dict[str, Vendor]) -> None:
    title = "Intel: First-Quarter 2025 Results"
    lines = (
        "First-quarter revenue was $12.7 billion.",
        "For second-quarter 2025 it forecasts revenue of $11.2 billion to $12.4 billion.",
    )
    parsed = _read(known, text(*lines, title=title), "intel")
    assert not parsed.problems
    assert [(row["value"] // MILLION, row["low"], row["high"]) for row in parsed.rows] == [
        (12_700, None, None),
        (11_800, 11_200 * MILLION, 12_400 * MILLION),
    ]


def test_a_document_that_is_no_release_of_results_gives_nothing(known: dict[str, Vendor]) -> None:
    parsed = _read(known, text("There was revenue of $5 billion.", title="NVIDIA Appoints a Director"))
    assert (parsed.rows, parsed.problems) == ([], [])


def test_an_empty_or_undated_page_is_refused(known: dict[str, Vendor]) -> None:
    with pytest.raises(SourceError, match="empty"):
        _read(known, "<html><script>x()</script></html>")
    with pytest.raises(SourceError, match="no date near the title"):
        _read(known, "<p>Results for Third Quarter Fiscal 2026</p>")


@pytest.mark.parametrize(
    ("filed", "quarter", "url"),
    [
        ("2025-11-19", (2026, 3), "third-quarter-fiscal-2026"),
        ("2025-02-26", (2025, 4), "fourth-quarter-and-fiscal-2025"),
        ("2022-05-25", (2023, 1), "first-quarter-fiscal-2023"),
    ],
)
def test_the_newsrooms_address_follows_from_the_filing(
    known: dict[str, Vendor], filed: str, quarter: tuple[int, int], url: str
) -> None:
    """The canonical addresses that NVIDIA's pages of these quarters name."""
    day = date.fromisoformat(filed)
    assert last_quarter_before(day, known["nvidia"]) == quarter
    filing = {"form": "8-K", "items": ["2.02", "9.01"], "filing_date": day}
    base = "https://nvidianews.nvidia.com/news/nvidia-announces-financial-results-for-"
    assert newsrooms.release_url(filing, known["nvidia"]) == f"{base}{url}"
    assert newsrooms.release_url(filing | {"items": ["8.01"]}, known["nvidia"]) is None
    assert newsrooms.release_url(filing, known["amd"]) is None


OUTLOOK = "The outlook for the fourth quarter of fiscal 2026 is as follows:"


@pytest.mark.parametrize(
    ("sentence", "low", "high", "tolerance"),
    [
        ("Revenue is expected to be $65.0 billion, plus or minus 2%.", 63_700, 66_300, "2%"),
        ("Revenue is expected to be $65.0 billion (plus or minus two percent).", 63_700, 66_300, "2%"),
        ("Net revenue is expected to be $2.200 billion +/- 5%.", 2_090, 2_310, "5%"),
        ("Total revenue is forecast to be about $65.0 billion ± 2 percent.", 63_700, 66_300, "2%"),
        ("We expect revenue to be approximately $9.6 billion, +/- $300 million.", 9_300, 9_900, "$300 million"),
        ("Revenue is expected to be between $63.7 and $66.3 billion.", 63_700, 66_300, None),
        ("We expect revenue in a range of $63.7 billion - $66.3 billion.", 63_700, 66_300, None),
        ("Forecasting fourth-quarter 2026 revenue of $12.8–13.8 billion.", 12_800, 13_800, None),
        ("Fourth quarter fiscal year 2026 revenue guidance of approximately $17.4 billion.", 17_400, 17_400, None),
        ("It expects revenue of $65.0 billion, plus or minus 2%, for the fourth quarter of fiscal 2026.",
         63_700, 66_300, "2%"),
    ],
)  # fmt: skip
def test_wordings_of_what_is_expected(
    known: dict[str, Vendor], sentence: str, low: int, high: int, tolerance: str | None
) -> None:
    parsed = _read(known, text(TOTAL, OUTLOOK, sentence))
    assert not parsed.problems
    row = parsed.rows[-1]
    assert (row["kind"], row["low"], row["high"]) == ("expected", low * MILLION, high * MILLION)
    assert (row["value"], row["tolerance"]) == ((low + high) // 2 * MILLION, tolerance)


@pytest.mark.parametrize(
    "sentence",
    [
        "Data Center revenue is expected to be $50.0 billion, plus or minus 2%.",
        "We expect Gaming net revenue to be $4.0 billion, plus or minus 2%.",
        "For fiscal 2027, revenue is expected to be $300.0 billion, plus or minus 2%.",
        "We expect full-year revenue to be $200.0 billion, plus or minus 2%.",
        "The outlook reflects a loss in H20 revenue of approximately $8.0 billion.",
    ],
)
def test_what_is_expected_of_a_part_or_of_a_year_is_no_outlook(known: dict[str, Vendor], sentence: str) -> None:
    parsed = _read(known, text(TOTAL, OUTLOOK, sentence))
    assert _short(parsed) == [("reported", "revenue", "sentence", 57_000)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Revenue is expected to be at least $65.0 billion.",
        "Revenue is expected to be $65.0 billion, plus $1.0 billion or minus $2.0 billion.",
        "Revenue is expected to be $63.7 million to $66.3 billion.",
        "Revenue from China is expected to be $3.0 billion.",
    ],
)
def test_an_outlook_that_is_not_understood_to_its_end_is_reported(known: dict[str, Vendor], sentence: str) -> None:
    parsed = _read(known, text(TOTAL, OUTLOOK, sentence))
    assert _short(parsed) == [("reported", "revenue", "sentence", 57_000)]
    assert "is not read" in parsed.problems[0].reason


@pytest.mark.parametrize(
    "sentence",
    [
        "Data Center revenue for the third quarter was a record of $51.2 billion.",
        "Gaming revenue for the third quarter ended October 26, 2025, of $4.3 billion, up 30%.",
        "Revenue for the third quarter and first nine months of fiscal 2026 of $147.8 billion.",
        "Revenue for the third quarter of fiscal 2026 rose from a prior year of $35.1 billion to $57.0 billion.",
        "Revenue for the third quarter grew 22%, with operating income of $36.0 billion.",
    ],
)
def test_another_figure_beside_the_quarter_is_not_its_revenue(known: dict[str, Vendor], sentence: str) -> None:
    parsed = _read(known, text(sentence))
    assert not parsed.rows
    assert "states no revenue of the quarter that could be read" in parsed.problems[0].reason


@pytest.mark.parametrize("over", ["for the full year", "for the first nine months", "in fiscal 2025", "a year ago"])
def test_data_center_revenue_of_another_time_is_not_the_quarters(known: dict[str, Vendor], over: str) -> None:
    parsed = _read(known, text(TOTAL, f"Data Center revenue was $115.2 billion {over}."))
    assert _short(parsed) == [("reported", "revenue", "sentence", 57_000)]
    parsed = _read(known, text(TOTAL, "Data Center revenue was $51.2 billion, up 66% from a year ago."))
    assert len(parsed.rows) == 2


def test_the_amount_before_or_after_the_quarter(known: dict[str, Vendor]) -> None:
    for sentence in (
        "Revenue of $15,952 million for the third quarter, up 22 percent from the prior year period",
        "Net revenue for the third quarter of fiscal 2026 was $15.952 billion.",
    ):
        assert _short(_read(known, text(sentence))) == [("reported", "revenue", "sentence", 15_952)]
