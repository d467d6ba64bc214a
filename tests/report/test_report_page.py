"""The report's page: what it says, that it needs no network, and that the same rows give the same bytes."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from report_rows import NOTHING, event, everything, timeline

from assets.report.page import build


@pytest.fixture(scope="module")
def page() -> bytes:
    return build(**everything())


@pytest.fixture(scope="module")
def tree(page: bytes) -> Any:
    return html.document_fromstring(page.decode("utf-8"))


def text_of(tree: Any, anchor: str) -> str:
    return " ".join(" ".join(tree.xpath(f"//section[@id='{anchor}']//text()[not(ancestor::svg)]")).split())


def test_the_same_rows_in_any_order_give_the_same_bytes(page: bytes) -> None:
    shuffled = everything()
    for name in (
        "timeline",
        "controls",
        "parameters",
        "chips",
        "chip_statuses",
        "china_revenue",
        "forecast",
        "backtest",
        "quarters",
    ):
        shuffled[name].reverse()
    shuffled["counts"] = dict(reversed(shuffled["counts"].items()))
    assert build(**shuffled) == page


def test_another_process_with_another_hash_seed_gives_the_same_bytes(page: bytes) -> None:
    script = (
        "import hashlib, report_rows; from assets.report.page import build; "
        "print(hashlib.sha256(build(**report_rows.everything())).hexdigest())"
    )
    environment = os.environ | {"PYTHONHASHSEED": "4321", "PYTHONPATH": str(Path(__file__).parent)}
    run = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert run.stdout.strip() == hashlib.sha256(page).hexdigest()


def test_nothing_is_loaded_from_the_network(page: bytes, tree: Any) -> None:
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        for attribute, value in element.attrib.items():
            name = attribute.rpartition("}")[2].rpartition(":")[2]
            if name == "src" or (name in ("href", "data", "action", "poster", "srcset") and element.tag != "a"):
                assert value.startswith(("#", "data:")), (element.tag, attribute, value)
            if name == "style":
                assert not re.search(r"url\((?!#)", value), value
    assert not tree.xpath("//script | //iframe | //object | //embed | //img | //link[@rel='stylesheet']")
    (style,) = tree.xpath("//head/style/text()")
    assert "url(" not in style
    assert "@import" not in style
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'")
    addresses = set(re.findall(rb"https?://[^\"' <>]+", page))
    assert addresses == {row["url"].encode() for row in timeline()}


def test_it_is_accessible(tree: Any) -> None:
    identifiers = tree.xpath("//@id")
    assert len(identifiers) == len(set(identifiers))
    drawings = tree.xpath("//svg")
    assert len(drawings) == 14  # seven charts, wide and narrow
    for drawing in drawings:
        assert drawing.get("role") == "img"
        for identifier in drawing.get("aria-labelledby").split():
            (label,) = tree.xpath(f"//*[@id='{identifier}']")
            assert label.text_content().strip()
    for table in tree.xpath("//table"):
        assert table.xpath("./caption")
        assert all(cell.get("scope") == "col" for cell in table.xpath("./thead//th"))
    assert tree.get("lang") == "en"
    for target in tree.xpath("//nav//a/@href"):
        assert tree.xpath(f"//*[@id='{target[1:]}']")


def test_charts_follow_the_colour_scheme(page: bytes) -> None:
    drawings = b"".join(re.findall(rb"<svg.*?</svg>", page, re.DOTALL))
    assert b"var(--main)" in drawings
    assert re.findall(rb"#[0-9a-f]{6}\b", drawings) == []


def test_heading_says_as_of_when_and_which_release(tree: Any) -> None:
    (stamp,) = tree.xpath("//p[@class='stamp']")
    assert " ".join(stamp.text_content().split()) == "As known on 2024-06-03 · release 2024-06-03-abc"


def test_main_restrictions_are_numbered_once_and_linked(tree: Any) -> None:
    items = tree.xpath("//ol[@class='key']/li")
    assert [item.xpath("./span/text()")[0] for item in items] == ["1", "2"]
    assert [item.xpath("./time/text()")[0] for item in items] == ["2022-10-07", "2023-11-17"]
    assert items[0].xpath(".//a/@href") == ["https://www.federalregister.gov/d/2022-21658"]
    assert items[0].xpath(".//a/text()") == ["87 FR 62186"]
    assert items[1].xpath(".//a/text()") == ["2023-23049"]


def test_every_event_stands_in_the_table(tree: Any) -> None:
    rows = [
        [" ".join(cell.text_content().split()) for cell in row.xpath("./td")]
        for row in tree.xpath("//section[@id='events']//tbody/tr")
    ]
    assert len(rows) == len(timeline())
    assert [row[0] for row in rows[:3]] == ["2022-10-07", "2022-10-12", "2022-10-21"]
    assert [row[3] for row in rows[:3]] == ["2022-10-13"] * 3
    assert rows[3][1:3] == ["Entities added", "Maker 0; Maker 1; Maker 2; Maker 3 and others · China · 11 entities"]
    assert rows[4][2] == "AOOK; Dexias · Russia · 2 entities"
    assert rows[-1][0] == "2024-06-03 p."


def test_forecast_and_backtest_in_figures(tree: Any) -> None:
    forecast = text_of(tree, "forecast")
    assert "NVIDIA revenue FY2025Q1 2024-04-28 25.10 20.08 – 32.63 17.57 – 37.65 FY2024Q4" in forecast
    assert "Not forecast" in forecast
    assert "AMD revenue." in forecast
    # MAPE (0.05 + 0.15 + 0.10) / 3; naive (0.2 + 0.3 + 0.25) / 3; MASE (0.25 + 0.75 + 0.5) / 3; naive 1.25.
    assert "NVIDIA revenue 2 10 % 25 % 0.50 1.25 67 % 100 % better" in text_of(tree, "backtest")


def test_china_revenue_in_figures(tree: Any) -> None:
    told = text_of(tree, "china-data")
    assert "NVIDIA FY2024Q3 2023-10-29 4.03 18.12 22 % billing 2023-11-23 0001045810-23-000227" in told
    assert "AMD FY2022 2022-12-31 5.21 – – ship to" in told


def test_tables_are_told_by_their_contracts(tree: Any) -> None:
    told = text_of(tree, "tables")
    assert "fr_documents 1,234 Documents of the Bureau of Industry and Security in the Federal Register" in told


def test_text_from_documents_is_escaped() -> None:
    rows = everything()
    rows["timeline"] = [
        event(
            timeline()[0]["event_date"], "<b>kind</b>", "<script>alert(1)</script>", "2022-1", url="javascript:alert(2)"
        )
    ]
    rows["vendor_names"] = {"nvidia": "<img src=x>", "amd": "A&D"}
    page = build(**rows).decode()
    assert "<script" not in page
    assert "<img" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "javascript:" not in page


def test_restrictions_of_unknown_type_are_numbered_and_said() -> None:
    title = "Framework for Artificial Intelligence Diffusion"
    rows = everything() | {"timeline": [event(date(2025, 1, 15), "other", title, "2025-00636")]}
    told = text_of(html.document_fromstring(build(**rows).decode()), "timeline")
    assert "1 2025-01-15 Framework for Artificial Intelligence Diffusion" in told
    assert "Documents whose type is not known are among them" in told
    assert "No rule on" not in told


@pytest.mark.parametrize(
    ("sources", "said"),
    [("samples", "Made from samples."), ("mirror", "Made from a folder of documents"), ("live", None)],
)
def test_the_head_says_what_it_was_made_from(sources: str, said: str | None) -> None:
    head = html.document_fromstring(build(**everything(), sources=sources).decode()).find(".//header").text_content()
    assert [words for words in ("Made from samples.", "Made from a folder of documents") if words in head] == (
        [said] if said else []
    )


@pytest.mark.parametrize(("lists", "known"), [(date(2026, 7, 18), "2026-07-18"), (date(2020, 1, 1), "2024-06-03")])
def test_it_is_as_known_on_the_day_of_the_newest_rule_filing_or_official_text(lists: date, known: str) -> None:
    page = build(**everything(), lists_as_of=lists).decode()
    assert f'As known on <time datetime="{known}">' in page


def test_nothing_held_is_said_and_does_not_crash() -> None:
    page = build(**NOTHING).decode()
    assert page.count("Nothing held:") == 10
    assert "<svg" not in page
    assert "No dated row is held" in page


@pytest.mark.parametrize("missing", ["timeline", "china_revenue", "forecast", "backtest", "quarters"])
def test_any_one_table_may_be_empty(missing: str) -> None:
    page = build(**everything() | {missing: []}).decode()
    assert ("Nothing held:" in page) == (missing != "quarters")


def test_a_single_event_and_a_single_period_are_drawn() -> None:
    rows = everything()
    for name in (
        "timeline",
        "controls",
        "parameters",
        "chips",
        "chip_statuses",
        "china_revenue",
        "quarters",
        "backtest",
    ):
        rows[name] = rows[name][:1]
    assert build(**rows).count(b"<svg") == 12  # no Entity List action among them


def test_the_main_rules_show_their_states_as_known_now(tree: Any) -> None:
    rows = [
        [" ".join(cell.text_content().split()) for cell in row]
        for row in tree.xpath("//section[@id='rules']//tbody/tr")
    ]
    assert [row[:4] for row in rows] == [
        ["2022-21658", "in force", "2022-10-07", ""],
        ["2023-23049", "announced", "2023-10-25", "2023-11-17"],
        ["2023-23049", "in force", "2023-11-17", "2024-01-01"],
        ["2023-23049", "suspended", "2024-01-01", "2025-01-01"],
        ["2023-23049", "in force again", "2025-01-01", ""],
    ]


def test_chips_are_drawn_against_each_text_and_listed_where_a_license_is_needed(tree: Any) -> None:
    described = tree.xpath("//section[@id='chips']//*[local-name()='desc']/text()")[0]
    assert described == (
        "Text of 2022-21658 from 2022-10-07: reaches 1 of 3 chips drawn. "
        "Text of 2023-23055 from 2023-11-17: reaches 2 of 3 chips drawn."
    )
    names = tree.xpath("//section[@id='chips']//tbody/tr/th/text()")
    assert names == ["NVIDIA A100", "NVIDIA A800", "NVIDIA Unknown"]
    assert "aggregate bidirectional transfer rate >= 600 GB/s" in tree.xpath("string(//section[@id='chips'])")
