"""The settings file of vendors, and addresses at EDGAR."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assets.earnings import edgar, fiscal, vendors
from assets.news import gazetteer
from assets.news.gazetteer import Context

GOOD = """
vendors:
  nvidia:
    cik: 1045810
    name: NVIDIA
    names_zh: [英伟达, 輝達]
    role: designer
    fiscal_year_end_month: 1
    fiscal_year_end_note: last Sunday in January
"""


def _load(tmp_path: Path, text: str) -> dict[str, vendors.Vendor]:
    file = tmp_path / "vendors.yml"
    file.write_text(text, "utf-8")
    return vendors.load(file)


CIKS = {
    "nvidia": 1045810, "amd": 2488, "intel": 50863, "broadcom": 1730168, "qualcomm": 804328, "marvell": 1835632,
    "arm": 1973239, "tsmc": 1046179, "micron": 723125, "asml": 937966, "applied_materials": 6951,
    "lam_research": 707549, "kla": 319201, "synopsys": 883241, "cadence": 813672,
}  # fmt: skip
"""EDGAR's company search, by name."""
DO_NOT_FILE = {"smic", "cambricon", "hygon", "moore_threads", "cxmt"}


def test_the_vendors_named_in_the_order_are_configured() -> None:
    known = vendors.load()
    assert {slug: vendor.cik for slug, vendor in vendors.filers(known).items()} == CIKS
    assert {slug for slug, vendor in known.items() if vendor.role == "china_maker"} == DO_NOT_FILE
    assert known.keys() - CIKS.keys() == DO_NOT_FILE
    with pytest.raises(ValueError, match="smic does not file"):
        _ = known["smic"].filer_cik


@pytest.mark.parametrize("slug", [*CIKS, *sorted(DO_NOT_FILE)])
def test_a_vendor_bears_the_names_the_news_know_it_by(slug: str) -> None:
    """One company under one name: an article's mention and a quarter's row must be joined without a second list."""
    vendor, names = vendors.load()[slug], gazetteer.load()
    assert vendor.names_zh
    for name in vendor.names_zh:
        text = f"{name}的芯片和半导体设备"
        hits = {text[hit.start : hit.end]: hit.entity_id for hit in names.find(text, Context(text))}
        assert hits.get(name) == slug.replace("_", "-"), name


@pytest.mark.parametrize(
    ("slug", "end", "year", "quarter"),
    [
        # Ends of quarters as the companies' reports print them.
        ("broadcom", date(2024, 11, 3), 2024, 4),
        ("qualcomm", date(2024, 12, 29), 2025, 1),
        ("marvell", date(2024, 2, 3), 2024, 4),
        ("micron", date(2025, 5, 29), 2025, 3),
        ("asml", date(2024, 9, 29), 2024, 3),
        ("applied_materials", date(2025, 1, 26), 2025, 1),
        ("lam_research", date(2025, 6, 29), 2025, 4),
        ("kla", date(2024, 9, 30), 2025, 1),
        ("synopsys", date(2025, 4, 30), 2025, 2),
        ("arm", date(2025, 3, 31), 2025, 4),
        ("tsmc", date(2025, 9, 30), 2025, 3),
    ],
)
def test_quarters_end_where_the_vendor_ends_them(slug: str, end: date, year: int, quarter: int) -> None:
    assert fiscal.fiscal_position(end, vendors.load()[slug]) == (year, quarter)


def test_a_file_is_read(tmp_path: Path) -> None:
    assert _load(tmp_path, GOOD)["nvidia"].name == "NVIDIA"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("cik: 1045810", 'cik: "1045810"', "cik"),
        ("role: designer", "role: fabless", "role"),
        ("fiscal_year_end_month: 1", "fiscal_year_end_month: 13", "fiscal_year_end_month"),
        ("name: NVIDIA", "name: NVIDIA\n    ticker: NVDA", "ticker"),
        ("    role: designer\n", "", "role"),
        ("vendors:", "companies:", "vendors"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        _load(tmp_path, GOOD.replace(old, new))


def test_two_vendors_with_one_cik_are_refused(tmp_path: Path) -> None:
    block = GOOD.split("vendors:\n")[1]
    with pytest.raises(ValueError, match="nvidia and other bear the same CIK"):
        _load(tmp_path, GOOD + block.replace("nvidia:", "other:"))


def test_vendors_that_do_not_file_share_no_cik(tmp_path: Path) -> None:
    text = GOOD.replace("1045810", "null")
    block = text.split("vendors:\n")[1]
    assert set(_load(tmp_path, text + block.replace("nvidia:", "other:"))) == {"nvidia", "other"}


def test_addresses_are_those_of_the_mirror() -> None:
    assert edgar.submissions_url(1045810) == "https://data.sec.gov/submissions/CIK0001045810.json"
    assert edgar.companyfacts_url(2488) == "https://data.sec.gov/api/xbrl/companyfacts/CIK0000002488.json"
    url = edgar.document_url(1045810, "0001045810-25-000230", "nvda-20251026.htm")
    assert url == "https://www.sec.gov/Archives/edgar/data/1045810/000104581025000230/nvda-20251026.htm"
    page = edgar.index_url(1045810, "0001045810-26-000024")
    folder = "https://www.sec.gov/Archives/edgar/data/1045810/000104581026000024"
    assert page == f"{folder}/0001045810-26-000024-index.html"
    assert edgar.accession_of_url(url) == "0001045810-25-000230"
    assert edgar.accession_of_url("https://www.sec.gov/news") is None
    with pytest.raises(ValueError, match="not an accession number"):
        edgar.document_url(1, "000104581025000230", "x.htm")
