"""The reviewed figures of makers that do not file with the SEC."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from assets.earnings import curated, reference_rates
from assets.earnings.chinese_figures import parse_period
from assets.earnings.currencies import Rates
from assets.earnings.quarters import vendor_quarters
from assets.earnings.vendors import Vendor
from expectations import contract
from resources.documents import Row

FIGURE = """
  - vendor: cambricon
    measure: revenue
    standard: CAS
    period: 2025年第三季度
    printed: 17.27亿元
    currency: CNY
    published: 2025-10-17
    source: http://example.org/1
    reviewed: 2026-11-28
"""


def load(tmp_path: Path, *figures: str) -> list[curated.Figure]:
    file = tmp_path / "curated_figures.yml"
    file.write_text(f"figures:{''.join(figures)}", "utf-8")
    return curated.load(file)


def a_year_of(rate: str) -> Rates:
    days = (date(2025, 1, 1) + timedelta(n) for n in range(365))
    return Rates({"currency": "CNY", "quote": "units_per_usd", "rate_date": day, "rate": Decimal(rate)} for day in days)


def test_a_figure_keeps_what_was_printed_and_says_what_it_means(tmp_path: Path) -> None:
    (row,) = curated.curated_figures(load(tmp_path, FIGURE), a_year_of("7.25")).rows
    assert contract.load("curated_figures").table_of([row]).num_rows == 1
    assert (row["period"], row["quarters"], row["value"], row["currency"]) == ("2025Q3", 1, 1_727_000_000, "CNY")
    assert (row["period_printed"], row["printed"], row["known_from"]) == (
        "2025年第三季度",
        "17.27亿元",
        date(2025, 10, 17),
    )
    assert row["usd_rate"] == Decimal("0.1379310345")  # 1 / 7.25
    assert (row["value_usd"], row["no_usd_reason"]) == (238_206_897, None)
    assert (row["usd_rate_from"], row["usd_rate_to"]) == (date(2025, 7, 1), date(2025, 9, 30))


def test_without_rates_there_are_no_dollars(tmp_path: Path) -> None:
    (row,) = curated.curated_figures(load(tmp_path, FIGURE), Rates()).rows
    assert (row["value_usd"], row["usd_rate"]) == (None, None)
    assert row["no_usd_reason"] == "no rates of CNY for all of 2025-07-01 to 2025-09-30"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("17.27亿元", "约17.27亿元", "no single, exact amount"),
        ("17.27亿元", "17.27亿美元", "is in USD, not in CNY"),
        ("17.27亿元", "-17.27亿元", "not negative"),
        ("2025年第三季度", "2025年三季报", "no period of whole quarters"),
        ("2025-10-17", "2025-09-30", "out of order"),
        ("2026-11-28", "2025-10-16", "out of order"),
        ("cambricon", "nvidia", "not a vendor without filings"),
        ("cambricon", "biren", "not a vendor without filings"),
        ("standard: CAS", "standard: GAAP", "standard"),
        ("currency: CNY", "currency: yuan", "currency"),
        ("source: http://example.org/1", "source: a newspaper", "source"),
        ("    measure: revenue\n", "", "measure"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        load(tmp_path, FIGURE.replace(old, new))


def test_a_figure_stands_once(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"cambricon revenue 2025Q3 \(CAS, CNY\) stands twice"):
        load(tmp_path, FIGURE, FIGURE.replace("2025年第三季度", "3Q25"))


def test_nine_months_taken_for_a_quarter_do_not_add_up(tmp_path: Path) -> None:
    """As gilin.com.cn has it: the nine months' 46.07亿 as the third quarter."""
    half = FIGURE.replace("2025年第三季度", "2025年上半年").replace("17.27亿元", "28.81亿元")
    nine_months = FIGURE.replace("2025年第三季度", "2025年前三季度").replace("17.27亿元", "46.07亿元")
    folders = [tmp_path / "right", tmp_path / "wrong"]
    for folder in folders:
        folder.mkdir()
    right = curated.curated_figures(load(folders[0], FIGURE, half, nine_months), Rates())
    assert not right.problems  # 28.81 + 17.27 = 46.08: rounding
    wrong = curated.curated_figures(load(folders[1], FIGURE.replace("17.27", "46.07"), half, nine_months), Rates())
    (problem,) = wrong.problems
    assert problem.reason == ("46.07亿元 (4607000000.00), but 2025H1 28.81亿元 + 2025Q3 46.07亿元 make 7488000000.00")
    assert len(wrong.rows) == 3


def millions(row: Row) -> float:
    return float(row["value"] / 1_000_000)


def test_the_figures_reviewed_are_those_of_the_notes(real_documents: Path) -> None:
    """china_vendor_figures.csv was gathered independently, in millions; a figure is rounded to its last digit."""
    made = curated.curated_figures(curated.load(), Rates())
    assert made.problems == []
    contract.load("curated_figures").table_of(made.rows)
    slugs = {"Moore Threads": "moore_threads", "CXMT (Changxin)": "cxmt"}
    noted = {}
    with (real_documents / "extra/market/china_vendor_figures.csv").open(encoding="utf-8") as file:
        for line in csv.DictReader(file):
            if "estimate" in line["metric"]:
                continue
            slug = slugs.get(line["company"], line["company"].lower())
            currency = line["unit"].removesuffix(" m")
            noted[slug, currency, str(parse_period(line["period"]))] = line
    held = {(row["vendor"], row["currency"], row["period"]): row for row in made.rows}
    assert len(noted) == 19
    assert noted.keys() <= held.keys()
    for key, line in noted.items():
        slack = float(held[key]["value_precision"]) / 1_000_000 / 2 + 0.51
        assert millions(held[key]) == pytest.approx(float(line["value"]), abs=slack), key
        assert ("IFRS" in line["metric"]) == (held[key]["accounting_standard"] == "IFRS")


def test_only_quarters_are_quarters() -> None:
    rows = curated.curated_figures(curated.load(), Rates()).rows
    quarters = {(row["vendor"], row["currency"], row["period"]) for row in rows if row["quarters"] == 1}
    assert ("cambricon", "CNY", "2025Q3") in quarters
    assert not {period for _, _, period in quarters if "Q" not in period}
    nine_months = next(row for row in rows if row["vendor"] == "cambricon" and row["quarters"] == 3)
    assert (nine_months["period_printed"], millions(nine_months)) == ("2025年前三季度", 4607)


def quarters_of(figures: list[curated.Figure], rates: Rates, known: dict[str, Vendor]) -> list[Row]:
    rows = curated.curated_figures(figures, rates).rows
    made = vendor_quarters(contract.load("facts").schema.empty_table(), [], [], known, rates, curated=rows)
    assert not made.problems
    contract.load("vendor_quarters").table_of(made.rows)
    return made.rows


def test_quarters_stand_among_those_of_filers_and_say_where_they_come_from(
    tmp_path: Path, known: dict[str, Vendor]
) -> None:
    half = FIGURE.replace("2025年第三季度", "2025年上半年").replace("17.27亿元", "28.81亿元")
    (row,) = quarters_of(load(tmp_path, FIGURE, half), a_year_of("7.25"), known)
    assert (row["vendor"], row["fiscal_year"], row["fiscal_quarter"], row["calendar_quarter"]) == (
        "cambricon",
        2025,
        3,
        "2025Q3",
    )
    assert (row["value"], row["currency"], row["value_usd"]) == (1_727_000_000, "CNY", 238_206_897)
    assert (row["source"], row["accession_number"], row["source_url"]) == ("curated", None, "http://example.org/1")
    assert (row["reporting_basis"], row["known_from"]) == ("CAS", date(2025, 10, 17))


def test_a_quarter_is_derived_from_cumulative_figures_alone(tmp_path: Path, known: dict[str, Vendor]) -> None:
    """46.07亿 in nine months less 28.81亿 in six: 17.26亿, a rounding away from the 17.27亿 stated."""
    half = FIGURE.replace("2025年第三季度", "2025年上半年").replace("17.27亿元", "28.81亿元")
    nine_months = FIGURE.replace("2025年第三季度", "2025年1-9月").replace("17.27亿元", "46.07亿元")
    (row,) = quarters_of(load(tmp_path, half, nine_months), a_year_of("7.25"), known)
    assert (row["value"], row["derivation"]) == (1_726_000_000, "derived")
    assert row["derived_from"] == ["http://example.org/1"]


def test_the_quarters_reviewed(samples: Path, known: dict[str, Vendor]) -> None:
    """SMIC's by IFRS in dollars as it reports them; the others' in yuan with dollars by the third quarter's rates."""
    held: list[Row] = []
    for series in reference_rates.SERIES:
        body = (samples / series.url.removeprefix("https://")).read_bytes()
        held += reference_rates.rates_of(body, series=series, sha256="a" * 64).rows
    rows = quarters_of(curated.load(), Rates(held), known)
    assert [(row["vendor"], row["calendar_quarter"], row["currency"], row["value"]) for row in rows] == [
        ("cambricon", "2025Q3", "CNY", 1_727_000_000),
        ("hygon", "2025Q3", "CNY", Decimal("4025739773.97")),
        ("smic", "2024Q2", "USD", 1_901_300_000),
        ("smic", "2025Q1", "USD", 2_247_200_000),
        ("smic", "2025Q2", "USD", 2_209_100_000),
        ("smic", "2025Q3", "USD", 2_382_000_000),
        ("smic", "2025Q4", "USD", 2_489_000_000),
    ]
    assert all(row["value_usd"] for row in rows)
    # 17.27亿 at about 7.16 yuan for a dollar.
    assert rows[0]["value_usd"] == pytest.approx(241_300_000, rel=0.002)
    assert [row["is_comparative"] for row in rows if row["vendor"] == "smic"] == [True, False, False, False, False]
