"""The reviewed table of members."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assets.earnings import members


def test_two_spellings_are_one_segment() -> None:
    table = members.load()
    named = [table.member("amd", "segment", f"amd:{spelling}Member") for spelling in ("DataCenter", "Datacenter")]
    assert [member.name for member in named if member] == ["Data Center", "Data Center"]


def test_a_vendors_own_line_goes_before_the_common_one() -> None:
    table = members.load()
    amd, nvidia = (table.member(vendor, "geography", "country:CN") for vendor in ("amd", "nvidia"))
    assert amd is not None
    assert nvidia is not None
    # 10-K of 2023-12-30, note 4: the row of country:CN is printed as China (including Hong Kong).
    assert (amd.name, amd.scope) == ("China", "including Hong Kong")
    assert (nvidia.name, nvidia.scope) == ("China", None)


@pytest.mark.parametrize(
    ("caption", "name"),
    [
        ("Taiwan (2)", "Taiwan"),
        ("CHINA (including Hong Kong)", "China"),
        ("Singapore (1):", "Singapore"),
        ("Revenue", None),
    ],
)
def test_captions_are_compared_without_footnotes_and_case(caption: str, name: str | None) -> None:
    found = members.load().printed("nvidia", "geography", caption)
    assert (found.name if found else None) == name


def test_the_basis_changes_with_the_filing_that_says_so() -> None:
    table = members.load()
    assert table.reporting_basis("nvidia", date(2021, 5, 26)) == "unstated"
    assert table.reporting_basis("nvidia", date(2025, 8, 27)) == "billing"
    # 10-Q of 2025-10-26, filed on this day: by customers' headquarters, prior periods recast.
    assert table.reporting_basis("nvidia", date(2025, 11, 19)) == "headquarters"
    assert table.reporting_basis("nobody", date(2025, 11, 19)) == "unstated"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("parent: Data Center}", "parent: Data Centre}", "Data Centre"),
        ("basis: headquarters", "basis: domicile", "basis"),
        ("from: 2025-11-19", "from: 2020-11-19", "order of their dates"),
        ("name: Gaming}", "title: Gaming}", "title"),
    ],
)
def test_a_mistake_in_the_table_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    file = tmp_path / "members.yml"
    file.write_text(members.FILE.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(ValueError, match=message):
        members.load(file)
