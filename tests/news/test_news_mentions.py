"""Names in three scripts: what is found, and what looks like a name and is none."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assets.news import gazetteer
from assets.news.gazetteer import Context, GazetteerError
from assets.news.mentions import mentions_of
from expectations import contract
from resources.documents import Row

NAMES = gazetteer.load()


def found(text: str) -> list[tuple[str, str]]:
    return [(text[hit.start : hit.end], hit.entity_id) for hit in NAMES.find(text, Context(text))]


def an_article(title: str, text: str | None, language: str = "en") -> Row:
    return {
        "canonical_url": "https://a.example/1",
        "month": "2026-01",
        "title": title,
        "text": text,
        "language": language,
        "source_sha256": "0" * 64,
        "published_at": datetime(2026, 1, 13, tzinfo=UTC),
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "NVIDIA's H20s and the H200; Nvidia H20-like chips, not H2O",
            [("NVIDIA", "nvidia"), ("H20", "h20"), ("H200", "h200"), ("Nvidia", "nvidia"), ("H20", "h20")],
        ),
        ("AMD's MI308X and Instinct MI300X", [("AMD", "amd"), ("MI308X", "mi308"), ("Instinct MI300X", "mi300x")]),
        (
            "GeForce RTX 4090D, RTX4090 and RTX-4090 D",
            [("GeForce RTX 4090D", "rtx-4090d"), ("RTX4090", "rtx-4090"), ("RTX-4090 D", "rtx-4090d")],
        ),
        (
            "Huawei's Ascend 910C beside other Ascend parts",
            [("Huawei", "huawei"), ("Ascend 910C", "ascend-910c"), ("Ascend", "ascend")],
        ),
        ("Intel said Gaudi 3", [("Intel", "intel"), ("Gaudi 3", "gaudi-3")]),
        ("Nvidia H20, L20 and L2", [("Nvidia", "nvidia"), ("H20", "h20"), ("L20", "l20"), ("L2", "l2")]),
        ("the AI Diffusion Rule, ECCN 3A090.a", [("AI Diffusion Rule", "ai-diffusion-rule"), ("3A090", "eccn-3a090")]),
        ("BIS added it to the Entity List", [("BIS", "bis"), ("Entity List", "entity-list")]),
        (
            "the Commerce Department's entity list",
            [("Commerce Department", "us-department-of-commerce"), ("entity list", "entity-list")],
        ),
        ("BIS, an export agency, suspended the 50% rule", [("BIS", "bis"), ("50% rule", "affiliates-rule")]),
        (
            "Military End User List and Military End-User List",
            [
                ("Military End User List", "military-end-user-list"),
                ("Military End-User List", "military-end-user-list"),
            ],
        ),
        ("Cadence and Synopsys sell EDA", [("Cadence", "cadence"), ("Synopsys", "synopsys")]),
    ],
)
def test_english(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Simplified
        ("英伟达H20芯片与昇腾 910B 芯片", [("英伟达", "nvidia"), ("H20", "h20"), ("昇腾 910B", "ascend-910b")]),
        (
            "美国商务部工业与安全局（BIS）将寒武纪列入实体清单",
            [
                ("美国商务部", "us-department-of-commerce"),
                ("工业与安全局", "bis"),
                ("BIS", "bis"),
                ("寒武纪", "cambricon"),
                ("实体清单", "entity-list"),
            ],
        ),
        ("三星电子与SK 海力士、美光的 DRAM", [("三星电子", "samsung"), ("SK 海力士", "sk-hynix"), ("美光", "micron")]),
        ("浪潮信息的服务器使用海光处理器", [("浪潮信息", "inspur"), ("海光", "hygon")]),
        ("高通骁龙与英特尔", [("高通", "qualcomm"), ("英特尔", "intel")]),
        ("ＮＶＩＤＩＡ　Ｈ２０芯片", [("ＮＶＩＤＩＡ", "nvidia"), ("Ｈ２０", "h20")]),
        (
            "新思科技、楷登电子和西门子EDA",
            [("新思科技", "synopsys"), ("楷登电子", "cadence"), ("西门子EDA", "siemens-eda")],
        ),
        # Traditional
        ("輝達（Nvidia）H200晶片", [("輝達", "nvidia"), ("Nvidia", "nvidia"), ("H200", "h200")]),
        ("美超微電腦與超微電腦", [("美超微", "supermicro"), ("超微電腦", "supermicro")]),
        ("超微MI308與AMD", [("超微", "amd"), ("MI308", "mi308"), ("AMD", "amd")]),
        ("台積電南京廠失去驗證最終用戶資格", [("台積電", "tsmc"), ("驗證最終用戶", "validated-end-user")]),
        ("AI擴散規則與 AI 擴散規則", [("AI擴散規則", "ai-diffusion-rule"), ("AI 擴散規則", "ai-diffusion-rule")]),
        (
            "長鑫存儲、長江存儲、中芯國際、摩爾線程",
            [("長鑫存儲", "cxmt"), ("長江存儲", "ymtc"), ("中芯國際", "smic"), ("摩爾線程", "moore-threads")],
        ),
    ],
)
def test_chinese(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        # English
        "Military intelligence and threat intel were shared",
        "Intel officials and Intel agencies briefed the Senate",
        "AMD, or age-related macular degeneration, is treated with injections",
        "A lamp of 20 dram, paid in AMD, the currency of Armenia",
        "The Bank for International Settlements (BIS) said exports slowed",
        "Drink H2O and take the A100 motorway past H200 street",
        "A 5 Micron filter; a 3-Micron process",
        "the micron scale; a cadence of releases; Cadence of the drums",
        "GPU with 50 MB of L2 cache; L2 regularization; an L2 driving assistant",
        "the UFLPA Entity List and the Unreliable Entity List",
        "the Uyghur Forced Labor Prevention Act Entity List",
        "an entity list in the game engine",
        "AI diffusion models draw pictures; a diffusion rule of thumb",
        "samsungs hynixes nvidiaX xTSMC SMICs_ ASMLs",
        "OFAC's 50 percent rule on sanctions",
        "The KLA fought in Kosovo; chips were served",
        "enflame the debate; ascend the stairs; she ascended",
        # Simplified
        "通货膨胀：高通胀持续，提高通过率，高通量测序",
        "AI浪潮席卷全球，数字化浪潮信息化建设",
        "三星期之后参观三星堆，入住三星级酒店的三星餐厅",
        "寒武纪生命大爆发留下大量三叶虫化石，芯片",
        "超威电池与超威动力的股价",
        "完美光线与唯美光影，存储照片",
        "创新思路与新思想，创新思科技",
        "上海光源与上海光机所的芯片研究",
        "以振兴中华为己任，才华为人称道",
        "广博通识、博通古今的芯片专家",
        "商务部公布不可靠实体清单",
        "大海思念故乡的芯片",
        # Traditional
        "高通膨壓力與提高通過率",
        "三星期後參觀三星堆，三星上將與三星級飯店談半導體",
        "寒武紀大爆發",
        "超微量元素與超微粒子",
        "完美光學，記憶體",
        "中華為主體",
        "不可靠實體清單",
    ],
)
def test_what_only_looks_like_a_name(text: str) -> None:
    assert found(text) == []


def test_context_may_stand_in_the_text_while_the_name_stands_in_the_title() -> None:
    rows = mentions_of([an_article("H20 is back", "The chip of Nvidia")])
    assert [(row["field"], row["entity_id"]) for row in rows] == [("title", "h20"), ("text", "nvidia")]
    assert mentions_of([an_article("H20 is back", "The bus line")]) == []


def test_offsets_count_characters_of_the_column() -> None:
    text = "𠮷野家與輝達 H20 晶片 👍 AMD"
    rows = mentions_of([an_article("標題", text, "zh-Hant")])
    contract.load("mentions").table_of(rows)
    assert [(text[row["start"] : row["end"]], row["surface"]) for row in rows] == [
        ("輝達", "輝達"),
        ("H20", "H20"),
        ("AMD", "AMD"),
    ]
    assert rows[0]["start"] == 4


def test_an_article_with_a_title_alone() -> None:
    assert [row["entity_id"] for row in mentions_of([an_article("NVIDIA", None)])] == ["nvidia"]


def test_the_article_the_project_began_from(real_documents: Path) -> None:
    text = (real_documents / "extra/news/pages_zh-Hant/us-ai-chip-embargo-china-innovation.txt").read_text("utf-8")
    rows = mentions_of([an_article("標題", text, "zh-Hant")])
    entities = {row["entity_id"] for row in rows}
    # Read by hand: all companies, chips and rules of the gazetteer that the text names.
    companies = {
        "nvidia",
        "amd",
        "tsmc",
        "sk-hynix",
        "samsung",
        "micron",
        "asml",
        "bis",
        "smic",
        "huawei",
        "cxmt",
        "xmc",
    }
    companies |= {"tongfu", "cambricon", "moore-threads"}
    assert entities == companies | {"h100", "h20", "h800", "mi308", "entity-list", "ai-diffusion-rule"}


def test_excerpts_of_the_press(real_documents: Path) -> None:
    lines = (real_documents / "extra/news/excerpts.jsonl").read_text("utf-8").splitlines()
    by_url = {}
    for line in lines:
        excerpt = json.loads(line)
        by_url[excerpt["url"]] = {hit[1] for hit in found(excerpt["text_excerpt"])}
    assert by_url["https://udn.com/news/story/7240/9266085"] == {"nvidia", "us-department-of-commerce", "bis", "h200"}
    # Simplified with the vocabulary of Hong Kong: 辉达, 晶片.
    assert by_url["https://www.stheadline.com/zh-hans/realtime-china/3525625/"] == {"nvidia", "h200"}
    assert by_url["https://www.stheadline.com/zh-hans/realtime-world/3535314/"] == {
        "us-department-of-commerce",
        "bis",
        "nvidia",
        "h200",
    }


def test_no_article_about_something_else_is_tagged(real_documents: Path) -> None:
    # Six Chinese pages of other news (2012 to 2015): politics, weather, housing, celebrities.
    for path in sorted((real_documents / "extra/news/pages_zh-Hans").glob("*.html")):
        text = path.read_bytes().decode("utf-8", "replace")
        chips_and_rules = [hit for hit in NAMES.find(text, Context(text)) if hit.kind != "company"]
        assert chips_and_rules == [], path.name


def test_the_cost_grows_with_the_text_alone() -> None:
    text = "The quick brown fox said that export of chips 芯片 to China grew, and samsung stars. " * 2000

    def seconds(of: str) -> float:
        began = time.perf_counter()
        list(NAMES.find(of, Context(of)))
        return time.perf_counter() - began

    seconds(text)
    assert seconds(text * 4) < 12 * min(seconds(text) for _ in range(3))


def test_a_name_belongs_to_one_entity(tmp_path: Path) -> None:
    path = tmp_path / "g.yml"
    path.write_text(
        "entities:\n- {id: a, kind: chip, label: A, exact: [X1]}\n- {id: b, kind: chip, label: B, any_case: [x1]}\n"
    )
    with pytest.raises(GazetteerError, match="both a and b"):
        gazetteer.load(path)
    path.write_text("entities:\n- {id: A b, kind: chip, label: A}\n")
    with pytest.raises(GazetteerError):
        gazetteer.load(path)
    with pytest.raises(GazetteerError):
        gazetteer.load(tmp_path / "none.yml")


def test_every_name_finds_its_entity() -> None:
    for names in NAMES._names.values():
        for name in names:
            context = " ".join(name.guard.needs) if name.guard else ""
            # With `near`, the needed word stands beside the name.
            text = f"{name.surface} · {context}"
            assert (name.surface, name.entity.id) in found(text), name.surface
