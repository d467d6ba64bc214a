"""Amounts in 亿 and 万, and periods of which some are cumulative."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from assets.earnings.chinese_figures import Amount, Quarters, parse_amount, parse_period


@pytest.mark.parametrize(
    ("text", "value", "currency", "precision"),
    [
        ("17.27亿元", "1727000000", None, 10**6),
        ("40.26億元", "4026000000", None, 10**6),
        ("6,476.53万元", "64765300", None, 100),
        ("6476.53萬元", "64765300", None, 100),
        ("4,025,739,773.97元", "4025739773.97", None, "0.01"),
        ("人民币173.2亿", "17320000000", "CNY", 10**7),
        ("人民幣178.12億元", "17812000000", "CNY", 10**6),
        ("RMB 17.162 billion", "17162000000", "CNY", 10**6),
        ("24.89亿美元", "2489000000", "USD", 10**6),
        ("USD 2.382 billion", "2382000000", "USD", 10**6),
        ("$2,209.1 million", "2209100000", "USD", 10**5),
        ("NT$989.92 billion", "989920000000", "TWD", 10**7),
        ("1.5万亿日元", "1500000000000", "JPY", 10**11),
        ("2亿5000万元", "250000000", None, 10**4),
        ("-1.2亿元", "-120000000", None, 10**7),
        ("－39.4億港元", "-3940000000", "HKD", 10**7),
        ("１７．２７亿元", "1727000000", None, 10**6),
        ("100亿", "10000000000", None, 10**8),
        ("17亿元（港币）", "1700000000", "HKD", 10**8),
        ("3百万欧元", "3000000", "EUR", 10**6),
    ],
)
def test_an_amount_is_read_exactly(text: str, value: str, currency: str | None, precision: float | str) -> None:
    assert parse_amount(text) == Amount(Decimal(value), currency, Decimal(precision))


@pytest.mark.parametrize(
    "text",
    [
        "近4亿", "超过10亿美元", "10余亿元", "20多亿", "约17亿元", "121,800万元至149,800万元", "178.12-178.13亿",
        "1200万像素", "50岁", "元", "亿元", "", "1,72亿", "17.2.7亿元", "人民币17亿美元", "3万2亿", "2亿3亿", "17兆元",
        "12,34亿元", "17.27亿元,同比增长1332.52%", "1亿元美元", "17亿元港币",
    ],
)  # fmt: skip
def test_what_is_not_one_exact_amount_of_money_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no single, exact amount|several currencies|do not descend"):
        parse_amount(text)


@pytest.mark.parametrize(
    ("page", "context", "value", "currency"),
    [
        # The text around the amount as the page has it; the amount stands between the marks.
        ("zh-Hans/163_4.html", "奖金«711万元»！", 7_110_000, None),
        ("zh-Hans/163_4.html", "地震致经济损失«54万元» 当地启动应急响应", 540_000, None),
        ("zh-Hans/guancha_guancha.html", "年出口创汇«20亿美元»，", 2_000_000_000, "USD"),
        ("zh-Hans/guancha_guancha.html", "美国对剩余«3000亿美元»清单加征关税", 300_000_000_000, "USD"),
        ("zh-Hans/guancha_guancha.html", "上半年营收«105亿»</a>", 10_500_000_000, None),
        ("zh-Hans/guancha_guancha.html", "的«1700万欧元»，不要", 17_000_000, "EUR"),
        ("zh-Hans/newspaper4k_chinese_article.html", "伦敦«6亿英镑»开发项目", 600_000_000, "GBP"),
        ("zh-Hans/sina_sina.html", "5G芯片累计研发投入«10亿美元»", 1_000_000_000, "USD"),
        ("zh-Hant/us-ai-chip-embargo-china-innovation.txt", "2030年將達到«4,530億美元»", 453_000_000_000, "USD"),
        # An approximation, people, pixels, transistors.
        ("zh-Hans/163_4.html", "这半年巨亏«近4亿»</a>", None, None),
        ("zh-Hans/newspaper4k_chinese_article.html", "全球烟民«接近10亿» 中国", None, None),
        ("zh-Hans/sina_4.html", "采用«1200万广角»和", None, None),
        ("zh-Hans/sina_sina.html", "放下了«103亿个»晶体管", None, None),
        ("zh-Hant/us-ai-chip-embargo-china-innovation.txt", "就錄得«超過800億美元»收入", None, None),
    ],
)
def test_amounts_of_real_pages(
    real_documents: Path, page: str, context: str, *, value: int | None, currency: str | None
) -> None:
    body = (real_documents / f"extra/news/pages_{page}").read_bytes()
    charset = re.search(rb"charset=[\"']?([\w-]+)", body[:3000])
    text = body.decode(charset[1].decode().replace("gb2312", "gb18030") if charset else "utf-8", "replace")
    before, amount, after = re.split("[«»]", context)
    assert f"{before}{amount}{after}" in text
    if value is None:
        with pytest.raises(ValueError, match="no single, exact amount"):
            parse_amount(amount)
    else:
        found = parse_amount(amount)
        assert (found.value, found.currency) == (value, currency)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025年第三季度", 3, 3),
        ("2025年三季度", 3, 3),
        ("2025年第3季", 3, 3),
        ("2025Q3", 3, 3),
        ("3Q25", 3, 3),
        ("2025年7-9月", 3, 3),
        ("2025年7月—9月", 3, 3),
        ("2025年前三季度", 1, 3),
        ("2025年首三季", 1, 3),
        ("2025年前3季度", 1, 3),
        ("2025年1-9月", 1, 3),
        ("2025年１至９月", 1, 3),
        ("2025年前九个月", 1, 3),
        ("2025 9M", 1, 3),
        ("2025年上半年", 1, 2),
        ("2025年半年度", 1, 2),
        ("2025年1～6月", 1, 2),
        ("2025H1", 1, 2),
        ("1H25", 1, 2),
        ("2025年下半年", 3, 4),
        ("2025年度", 1, 4),
        ("2025年全年", 1, 4),
        ("2025年", 1, 4),
        ("FY2025", 1, 4),
        ("2025年1-12月", 1, 4),
        ("2025年一季度", 1, 1),
    ],
)
def test_a_cumulative_period_is_no_quarter(text: str, first: int, last: int) -> None:
    assert parse_period(text) == Quarters(2025, first, last)


@pytest.mark.parametrize(
    "text",
    [
        "2025年三季报",
        "三季报",
        "2025年2-9月",
        "2025年1-8月",
        "2025年9-7月",
        "2025年第五季度",
        "2025年10月",
        "近三年",
        "",
    ],
)
def test_what_is_no_period_of_whole_quarters_or_may_be_two_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no period of whole quarters|not whole quarters"):
        parse_period(text)


def test_a_period_without_a_year_needs_one() -> None:
    with pytest.raises(ValueError, match="which year"):
        parse_period("前三季度")
    assert parse_period("前三季度", 2024) == Quarters(2024, 1, 3)
    assert parse_period("全年", 2024) == Quarters(2024, 1, 4)
    assert parse_period("2025年前三季度", 2024).year == 2025


def test_quarters_have_days_and_a_name() -> None:
    third, nine_months = Quarters(2025, 3, 3), Quarters(2024, 1, 3)
    assert (third.start, third.end, third.count, str(third)) == (date(2025, 7, 1), date(2025, 9, 30), 1, "2025Q3")
    assert (nine_months.start, nine_months.end, nine_months.count) == (date(2024, 1, 1), date(2024, 9, 30), 3)
    assert [str(Quarters(2025, *ends)) for ends in ((1, 3), (1, 2), (3, 4), (1, 4), (2, 4))] == [
        "2025-9M", "2025H1", "2025H2", "2025FY", "2025Q2-Q4",
    ]  # fmt: skip


def test_excerpts_with_wrong_figures_are_seen_through(real_documents: Path) -> None:
    """Three pages state ten times the amount or the nine months as a quarter; the companies' own: 171.62亿, 17.27亿."""
    told = (real_documents / "extra/news/excerpts.jsonl").read_text("utf-8")
    assert "RMB 171.62 billion" in told
    assert "40.26 billion yuan" in told
    assert parse_amount("RMB 171.62 billion").value == 10 * parse_amount("171.62亿元").value
    assert "states Q3 (7-9月) revenue 46.07亿元" in told
    assert parse_period("7-9月", 2025) != parse_period("前三季度", 2025)
