"""Sentences of filings that report a letter or a license, and such as do not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from letter_filings import AMD, CADENCE, INTEL, NVIDIA, SYNOPSYS, filing, page, read

from assets.controls import letters
from assets.earnings.reports import may_report
from assets.sentences import split
from resources.documents import SourceError

A100_LETTER = (
    "On August 26, 2022, the U.S. government, or USG, informed NVIDIA Corporation, or the Company, that a new license "
    "requirement, effective immediately, stands for exports to China (including Hong Kong) and Russia of its A100 and "
    "coming H100. DGX and other systems that hold them and the A100X are also covered by the new license "
    "requirement. The license requirement also includes any future integrated circuit achieving peak "
    "performance equal to the A100. The USG indicated that the requirement addresses the risk that the "
    "products may be used in, or diverted to, a ‘military end use’ or ‘military end user’ in China. The "
    "Company sells nothing to customers in Russia."
)
A100_OUTLOOK = (
    "The Company’s outlook of August 24, 2022 held about $400 million in sales to China which may be subject "
    "to the new license requirement if the USG does not grant licenses in a timely manner."
)
H20_LETTER = (
    "On April 9, 2025, the U.S. government, or USG, informed NVIDIA Corporation, or the Company, that the USG "
    "requires a license for export to China (including Hong Kong and Macau) and D:5 countries, or to companies "
    "headquartered therein, of the Company’s H20 and any other circuits achieving the H20’s memory bandwidth, "
    "interconnect bandwidth, or combination thereof. The USG indicated that the requirement addresses the risk "
    "that the products may be used in, or diverted to, a supercomputer in China. On April 14, 2025, the USG "
    "informed the Company that the license requirement will be in effect for the indefinite future."
)
H20_CHARGE = (
    "The first quarter ends on April 27, 2025. Its results are expected to include up to approximately $5.5 billion of "
    "charges for H20 inventory, purchase commitments and reserves."
)


def test_a_letter_with_what_the_paragraph_adds() -> None:
    """NVIDIA, 8-K of 2022-08-31, Item 8.01."""
    (one,) = read(NVIDIA, filing("8-K", "2022-08-31", reported="2022-08-26"), A100_LETTER, A100_OUTLOOK).found
    assert one.kind == "letter_requires_license"
    assert one.period is not None
    assert one.period.day == date(2022, 8, 26)
    assert one.effective == date(2022, 8, 26)
    assert one.chips == ("A100", "H100", "A100X")
    assert one.others == ("DGX",)
    assert one.destinations == ("China", "Hong Kong", "Russia")
    assert one.end_uses == ("military end use", "military end user")
    assert one.scope == "any future integrated circuit achieving peak performance equal to the A100"
    assert one.amount == Decimal("400000000.00")
    assert one.amount_sentence == A100_OUTLOOK
    assert one.sentence == split(A100_LETTER)[0]
    assert one.location == "Item 8.01, p line 2, paragraph 3, sentence 1"
    assert one.reviews == ()


def test_a_later_day_that_only_confirms_is_no_letter_of_its_own() -> None:
    """NVIDIA, 8-K of 2025-04-15: the letter is of April 9, the word of April 14 says how long it holds."""
    (one,) = read(NVIDIA, filing("8-K", "2025-04-15", reported="2025-04-09"), H20_LETTER, H20_CHARGE).found
    assert one.period is not None
    assert one.period.day == date(2025, 4, 9)
    assert one.chips == ("H20",)
    assert one.destinations == ("China", "Hong Kong", "Macau", "D:5")
    assert one.end_uses == ("supercomputer",)
    assert one.scope == (
        "any other circuits achieving the H20’s memory bandwidth, interconnect bandwidth, or combination thereof; "
        "told on 2025-04-14 to hold for the indefinite future"
    )
    assert one.amount == Decimal("5500000000.00")


def test_a_rule_made_effective_at_once_by_letter() -> None:
    """NVIDIA, 8-K of 2023-10-24: the rule's own date (October 18) is not the letter's."""
    (one,) = read(
        NVIDIA,
        filing("8-K", "2023-10-24", reported="2023-10-23"),
        "On October 23, 2023, the United States Government, or USG, informed NVIDIA Corporation, or the "
        "Company, that the licensing requirements of the interim final rule dated October 18, 2023, applicable "
        "to products having a “total processing performance” of 4800 or more and designed or marketed for data "
        "centers, are effective immediately, impacting its A100, A800, H100, H800, and L40S. They were to be "
        "effective after a 30-day period.",
    ).found
    assert one.period is not None
    assert one.period.day == one.effective == date(2023, 10, 23)
    assert one.chips == ("A100", "A800", "H100", "H800", "L40S")
    assert one.scope == (
        "applicable to products having a “total processing performance” of 4800 or more and designed or "
        "marketed for data centers"
    )


def test_a_requirement_without_the_word_letter_is_marked() -> None:
    """AMD, 8-K of 2025-04-16: the day is that of the company's assessment."""
    (one,) = read(
        AMD,
        filing("8-K", "2025-04-16", reported="2025-04-15"),
        "On April 15, 2025, Advanced Micro Devices, Inc. (the “Company”) completed an assessment of a new license "
        "requirement implemented by the United States (“U.S.”) government for exports of certain products to China "
        "(including Hong Kong and Macau) and D:5 countries (the “Export Control”). The Export Control applies to the "
        "Company’s MI308 products. There is no assurance that licenses will be granted. The Company expects "
        "charges of up to approximately $800 million in inventory, purchase commitments and related reserves "
        "from the Export Control.",
    ).found
    assert one.chips == ("MI308",)
    assert one.effective == date(2025, 4, 15)
    assert one.effective_source == "report"
    assert one.amount == Decimal("800000000.00")
    assert "does not say that the requirement came by letter" in one.reviews[0]


def test_licenses_granted_with_their_end() -> None:
    """NVIDIA, 8-K of 2022-09-01: three authorizations, no day in the sentences, so the report's day, marked."""
    found = read(
        NVIDIA,
        filing("8-K", "2022-09-01", reported="2022-08-31"),
        "The U.S. government has authorized exports needed to go on with the Company’s development of H100. The U.S. "
        "government also authorized exports needed to support U.S. customers of A100 through March 1, 2023. In "
        "addition, the U.S. government authorized A100 and H100 order fulfillment through the Hong Kong "
        "facility through September 1, 2023. The Company may seek further licenses.",
    ).found
    assert [(one.kind, one.chips, one.until) for one in found] == [
        ("license_granted", ("H100",), None),
        ("license_granted", ("A100",), date(2023, 3, 1)),
        ("license_granted", ("A100", "H100"), date(2023, 9, 1)),
    ]
    assert {one.effective for one in found} == {date(2022, 8, 31)}
    assert all("the report's" in one.reviews[0] for one in found)


def test_a_letter_and_the_letter_that_lifts_it() -> None:
    """Synopsys, 2025-05-29 and 2025-07-02."""
    (given,) = read(
        SYNOPSYS,
        filing("8-K", "2025-05-29", reported="2025-05-29"),
        "On May 29, 2025, Synopsys, Inc. (“Synopsys”) received a letter from the Bureau of Industry and "
        "Security of the U.S. Department of Commerce, informing Synopsys of new export restrictions related to China.",
    ).found
    (lifted,) = read(
        SYNOPSYS,
        filing("8-K", "2025-07-03", reported="2025-07-02"),
        "On July 2, 2025, Synopsys, Inc. (“Synopsys”) received a letter from the Bureau of Industry and "
        "Security of the U.S. Department of Commerce, informing Synopsys that the export restrictions related "
        "to China, pursuant to a letter received on May 29, 2025, are rescinded, effective immediately.",
    ).found
    assert (given.kind, given.effective) == ("letter_requires_license", date(2025, 5, 29))
    assert (lifted.kind, lifted.effective) == ("letter_lifted", date(2025, 7, 2))
    assert lifted.lifts is not None
    assert lifted.lifts.day == date(2025, 5, 29)


def test_software_and_its_eccns() -> None:
    """Cadence: the letter of 2025-05-23, lifted on 2025-07-02; the later filing writes its date before the word."""
    (given,) = read(
        CADENCE,
        filing("8-K", "2025-05-29"),
        "On May 23, 2025, the Bureau of Industry and Security (“BIS”) issued a letter to Cadence Design Systems, Inc. "
        "stating that a license is required for the export of electronic design automation (“EDA”) software "
        "and technology classified under ECCNs 3D991 and 3E991 to China or a Chinese “military end user” "
        "wherever located.",
    ).found
    (lifted,) = read(
        CADENCE,
        filing("8-K", "2025-07-03"),
        "On July 2, 2025, Cadence received notification from BIS that the license requirements in its May 23, "
        "2025 letter to Cadence have been lifted.",
    ).found
    assert given.effective == date(2025, 5, 23)
    assert given.others == ("EDA software and technology", "3D991", "3E991")
    assert lifted.kind == "letter_lifted"
    assert lifted.lifts is not None
    assert lifted.lifts.day == date(2025, 5, 23)


def test_licenses_revoked() -> None:
    """Intel, 8-K of 2024-05-08; the range of its outlook is no amount of the letter's."""
    (one,) = read(
        INTEL,
        filing("8-K", "2024-05-08", reported="2024-05-07"),
        "On May 7, 2024, the US Department of Commerce informed Intel Corporation (the “Company”) that it was revoking "
        "certain licenses for exports to a customer in China, effective immediately. The Company expects "
        "revenue under the restrictions in the range of $12.5 billion to $13.5 billion.",
    ).found
    assert (one.kind, one.effective, one.amount) == ("license_revoked", date(2024, 5, 7), None)


@pytest.mark.parametrize(
    "sentence",
    [
        "If the USG informed us that a license is required, sales of H20 to China may end.",
        "Our partners may be informed by BIS that a license is required.",
        "The USG may inform us of additional license requirements and has not informed us of others.",
        "To date, we have not received licenses from the USG to ship these products to China.",
        "To the extent that the USG grants licenses for H20, we may ship them to China.",
        "We expect that the USG will have granted licenses to export H20 by then.",
        "On October 17, 2023, the USG announced new licensing requirements for exports to China of A100 and H100.",
        "On October 7, 2022, the Bureau of Industry and Security announced new export regulations that will reduce net "
        "sales by approximately $400 million, plus or minus $150 million, without export licenses.",
        "In January 2023 we granted the venture a license under our patents and received royalties under a "
        "license agreement.",
        "In May 2023 we issued a letter of credit of $5 million to the U.S. Department of Commerce.",
        "Based on a license issued by OFAC, we resumed exports of reports in 2021.",
        "BIS informed US companies that a license is required to ship to SMIC.",
        "The Dutch government informed us that it has revoked a license for the export of two systems.",
        "On July 1, 2024, the Chinese government informed us that a license is required to export gallium.",
        "In August 2025, the USG granted licenses to several of our competitors to export to China.",
    ],
)
def test_no_letter(sentence: str) -> None:
    read_of = read(NVIDIA, filing("10-Q", "2025-11-19"), sentence)
    assert read_of.found == []
    assert read_of.problems == []


def test_what_the_government_told_and_is_not_understood_is_a_problem() -> None:
    """AMD said so of MI308 in 2025: neither a requirement nor a license."""
    told = "In July 2025, the U.S. Department of Commerce notified us that license applications for MI308 move on."
    read_of = read(AMD, filing("10-Q", "2025-08-06"), told)
    assert read_of.found == []
    (problem,) = read_of.problems
    assert told in problem.reason
    assert problem.place == "Item 8.01, p line 2, paragraph 3, sentence 1"


def test_a_letter_dated_after_its_filing_is_kept_and_marked() -> None:
    told = "On April 9, 2026, the USG informed us that a license is required for exports of H20 to China."
    read_of = read(NVIDIA, filing("8-K", "2025-04-15"), told)
    (one,) = read_of.found
    assert one.period is None
    assert one.effective is None
    assert "April 9, 2026" in one.reviews[0]
    assert "2025-04-15" in read_of.problems[0].reason


def test_a_month_or_a_fiscal_quarter_is_no_day() -> None:
    """NVIDIA's fiscal 2024 began in February 2023: its second quarter is May to July 2023."""
    (quarter,) = read(
        NVIDIA,
        filing("10-Q", "2023-11-21"),
        "During the second quarter of fiscal year 2024, the USG informed us of an additional licensing "
        "requirement for some A100 and H100 destined to some countries in the Middle East.",
    ).found
    assert quarter.effective is None
    assert quarter.period is not None
    assert quarter.period.first <= date(2023, 5, 1)
    assert quarter.period.last >= date(2023, 7, 30)
    assert quarter.destinations == ("Middle East",)
    assert quarter.reviews == ("the filing names only second quarter of fiscal year 2024, no day",)


def test_a_sentence_broken_by_the_end_of_a_page_is_read_whole() -> None:
    (one,) = read(
        NVIDIA,
        filing("10-K", "2026-02-25"),
        "On April 9, 2025, the USG informed us that it requires a license for export to China, and to D:5",
        "27",
        "Table of Contents",
        "countries, of our H20 integrated circuits.",
    ).found
    assert one.chips == ("H20",)
    assert one.destinations == ("China", "D:5")


def test_hidden_text_is_no_text() -> None:
    body = page("Nothing.").replace(
        b"<p>Nothing.</p>",
        b'<div style="display:none"><p>On April 9, 2025, the USG informed us that H20 needs a license.</p></div>',
    )
    assert letters.statements(body, filing=filing("8-K", "2025-04-15"), vendor=NVIDIA, sha256="").found == []


def test_a_document_cut_off_or_empty() -> None:
    where = filing("8-K", "2025-04-15", reported="2025-04-09")
    cut = letters.statements(page(H20_LETTER, H20_CHARGE)[:-120], filing=where, vendor=NVIDIA, sha256="")
    assert [one.chips for one in cut.found] == [("H20",)]
    assert "cut off" in cut.problems[0].reason
    with pytest.raises(SourceError, match="empty"):
        letters.statements(b" \n", filing=where, vendor=NVIDIA, sha256="")


@pytest.mark.parametrize(
    ("form", "items", "expected"),
    [
        ("8-K", ["8.01"], True),
        ("8-K", ["2.02", "9.01"], True),
        ("8-K", ["5.02"], False),
        ("8-K/A", [], True),
        ("10-Q", [], True),
        ("6-K", [], False),
    ],
)
def test_which_filings_may_report(form: str, items: list[str], *, expected: bool) -> None:
    assert may_report({"form": form, "items": items}) is expected
