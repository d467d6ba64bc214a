"""The settings file of vendors, and addresses at EDGAR."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.earnings import edgar, vendors

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


def test_three_vendors_are_configured() -> None:
    known = vendors.load()
    assert {slug: vendor.cik for slug, vendor in known.items()} == {"nvidia": 1045810, "amd": 2488, "intel": 50863}
    assert known["nvidia"].names_zh == ("英伟达", "輝達")
    assert known["nvidia"].fiscal_year_end_month == 1


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


def test_addresses_are_those_of_the_mirror() -> None:
    assert edgar.submissions_url(1045810) == "https://data.sec.gov/submissions/CIK0001045810.json"
    assert edgar.companyfacts_url(2488) == "https://data.sec.gov/api/xbrl/companyfacts/CIK0000002488.json"
    url = edgar.document_url(1045810, "0001045810-25-000230", "nvda-20251026.htm")
    assert url == "https://www.sec.gov/Archives/edgar/data/1045810/000104581025000230/nvda-20251026.htm"
    assert edgar.accession_of_url(url) == "0001045810-25-000230"
    assert edgar.accession_of_url("https://www.sec.gov/news") is None
    with pytest.raises(ValueError, match="not an accession number"):
        edgar.document_url(1, "000104581025000230", "x.htm")
