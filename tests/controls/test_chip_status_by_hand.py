"""Statuses against a table made by hand from the rules' text and the vendors' figures.

The chips are Epoch AI's table as published with the reviewed file; the rules those of the samples.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assets.controls import chips, ml_hardware
from assets.controls.chip_status import chip_control_status
from assets.controls.chip_status_rules import CHINA, D1_D4, D5, MACAU, OTHER
from assets.controls.chips_specs import chip_specs

Row = dict[str, Any]
DENIAL, APPROVAL, CASES = "presumption_of_denial", "presumption_of_approval", "case_by_case"
LETTER, FREE, OPEN = "license_required_by_letter", "not_controlled", "undetermined"
A, B = "3A090.a", "3A090.b"
OCT22, NOV22, NOV23, DEC23, MAY24 = (
    date(2022, 10, 20), date(2022, 11, 1), date(2023, 11, 1), date(2023, 12, 1), date(2024, 5, 1),
)  # fmt: skip
FEB25, JUN25, FEB26 = date(2025, 2, 1), date(2025, 6, 1), date(2026, 2, 1)

BY_HAND: list[tuple[str, str, date, str, str | None, str | None]] = [
    # chip, destination, day, status, paragraph, license exception; TPP and density behind it
    ("NVIDIA A100 SXM 80GB", CHINA, OCT22, LETTER, None, None),
    ("NVIDIA A100 SXM 80GB", CHINA, NOV22, DENIAL, A, None),  # 4,992 and 600 GB/s
    ("NVIDIA A100 SXM 80GB", MACAU, NOV22, FREE, None, None),
    ("NVIDIA A100 SXM 80GB", D1_D4, NOV22, FREE, None, None),
    ("NVIDIA A100 SXM 80GB", D1_D4, DEC23, APPROVAL, A, None),
    ("NVIDIA A100 SXM 80GB", OTHER, DEC23, FREE, None, None),
    ("NVIDIA A100 SXM 80GB", CHINA, FEB26, CASES, A, None),  # 2,039 GB/s
    ("NVIDIA H800 SXM", CHINA, NOV23, LETTER, None, None),
    ("NVIDIA H100 PCIe", CHINA, FEB26, CASES, A, None),
    ("NVIDIA H200 SXM", MACAU, FEB26, CASES, A, None),  # 15,832, 4,800 GB/s
    ("NVIDIA H200 SXM", D5, FEB26, DENIAL, A, None),
    ("NVIDIA GH200", CHINA, FEB26, CASES, A, None),
    ("NVIDIA B200", CHINA, FEB26, DENIAL, A, None),  # 36,000
    ("NVIDIA B200", OTHER, FEB25, APPROVAL, A, None),
    ("NVIDIA GB200", CHINA, FEB26, DENIAL, A, None),
    ("NVIDIA B300 (Blackwell Ultra)", CHINA, FEB26, DENIAL, A, None),
    ("NVIDIA B30A", CHINA, FEB26, OPEN, None, None),
    ("NVIDIA H20", CHINA, MAY24, FREE, None, None),  # 2,368, 2.9
    ("NVIDIA H20", CHINA, JUN25, LETTER, None, None),
    ("NVIDIA L40S", CHINA, NOV23, LETTER, None, None),
    ("NVIDIA L40S", CHINA, DEC23, DENIAL, A, None),  # 5,864
    ("NVIDIA L40", CHINA, DEC23, DENIAL, B, "NAC"),  # 2,896, 4.8
    ("NVIDIA L4", CHINA, DEC23, DENIAL, A, None),  # 1,940, 6.6
    ("NVIDIA L20", CHINA, DEC23, FREE, None, None),  # 1,912, 3.1
    ("NVIDIA L2", CHINA, DEC23, FREE, None, None),  # 1,544
    ("NVIDIA A30", CHINA, DEC23, DENIAL, B, "NAC"),  # 2,644, 3.2
    ("NVIDIA A40", CHINA, DEC23, DENIAL, B, "NAC"),  # 2,395, 3.8: b.2
    ("NVIDIA A10", CHINA, DEC23, FREE, None, None),  # 2,000, 3.18
    ("NVIDIA A10G", CHINA, DEC23, FREE, None, None),  # 1,120
    ("NVIDIA A16", CHINA, DEC23, FREE, None, None),
    ("NVIDIA A2", CHINA, DEC23, FREE, None, None),
    ("NVIDIA T4", CHINA, DEC23, FREE, None, None),  # 1,040
    ("NVIDIA Tesla V100 SXM2 32 GB", CHINA, DEC23, FREE, None, None),  # 2,000, 2.5
    ("NVIDIA Quadro RTX 8000", CHINA, DEC23, FREE, None, None),  # 2,088, 2.8
    ("NVIDIA RTX A6000", CHINA, DEC23, OPEN, None, None),  # 2,477, 3.9, its market not reviewed
    ("NVIDIA RTX A5000", CHINA, DEC23, FREE, None, None),  # 1,778, 2.8
    ("NVIDIA RTX 6000 Ada", CHINA, DEC23, DENIAL, A, OPEN),  # 5,828
    ("NVIDIA RTX PRO 6000 Blackwell Workstation Edition", CHINA, JUN25, DENIAL, A, OPEN),  # 8,000
    ("NVIDIA RTX PRO 6000 Blackwell Server Edition", CHINA, JUN25, DENIAL, A, None),
    ("NVIDIA GeForce RTX 4090", CHINA, DEC23, DENIAL, A, "NAC"),  # 5,285
    ("NVIDIA GeForce RTX 4090", D1_D4, MAY24, APPROVAL, A, "ACA"),
    ("NVIDIA GeForce RTX 4090 D", CHINA, FEB25, FREE, None, None),  # 4,707
    ("NVIDIA GeForce RTX 5090", CHINA, FEB25, DENIAL, A, "NAC"),  # 6,704
    ("NVIDIA GeForce RTX 5090 D", CHINA, FEB25, FREE, None, None),  # 4,750
    ("NVIDIA GeForce RTX 5080", CHINA, FEB25, FREE, None, None),
    ("NVIDIA GeForce RTX 4080", CHINA, DEC23, FREE, None, None),
    ("NVIDIA GeForce RTX 3090", CHINA, DEC23, FREE, None, None),
    ("NVIDIA Jetson AGX Orin", CHINA, DEC23, FREE, None, None),
    ("NVIDIA Jetson Thor", CHINA, FEB26, FREE, None, None),
    ("AMD Instinct MI50", CHINA, DEC23, FREE, None, None),
    ("AMD Instinct MI100", CHINA, DEC23, DENIAL, B, "NAC"),  # 2,954, 3.9
    ("AMD Instinct MI210", CHINA, NOV22, FREE, None, None),
    ("AMD Instinct MI210", CHINA, DEC23, DENIAL, B, "NAC"),  # 2,899, 4.0
    ("AMD Instinct MI250X", CHINA, NOV22, DENIAL, A, None),
    ("AMD Instinct MI300X", CHINA, FEB26, CASES, A, None),  # 20,919, 5,300 GB/s
    ("AMD Instinct MI325X", CHINA, FEB26, CASES, A, None),  # 20,919, 6,000 GB/s
    ("AMD Instinct MI355X", CHINA, FEB26, DENIAL, A, None),
    ("AMD Instinct MI308X", CHINA, MAY24, OPEN, None, None),
    ("AMD Instinct MI308X", CHINA, JUN25, LETTER, None, None),
    ("AMD Versal AI Core VC1902", CHINA, DEC23, FREE, None, None),  # 1,064
    ("AMD Alveo V70", CHINA, DEC23, OPEN, None, None),  # 3,232 without a die
    ("Intel Gaudi 2", CHINA, NOV22, DENIAL, A, None),
    ("Intel Gaudi 2 HL-225B", CHINA, date(2023, 8, 1), FREE, None, None),
    ("Intel Gaudi 3", CHINA, FEB26, DENIAL, A, None),  # BF16 as fast as FP8: beyond 21,000
    ("Intel Gaudi 3 HL-328L", CHINA, MAY24, OPEN, None, None),
    ("Intel Data Center GPU Max 1550", CHINA, DEC23, DENIAL, A, None),  # 13,422
    ("Google TPU v4", CHINA, DEC23, DENIAL, A, None),  # 4,400, more than 7.3
    ("Google TPU v5p", CHINA, DEC23, DENIAL, A, None),
    ("Google TPU v5e", CHINA, DEC23, OPEN, None, None),
    ("Amazon Trainium2", CHINA, FEB25, DENIAL, A, None),
    ("Amazon Trainium1", CHINA, DEC23, OPEN, None, None),
    ("Huawei Ascend 910B", CHINA, NOV22, OPEN, None, None),  # 392 GB/s within the node, the rest not known
    ("Huawei Ascend 910B", CHINA, DEC23, DENIAL, A, None),
    ("Huawei Ascend 910C", CHINA, JUN25, DENIAL, A, None),
    ("Huawei Ascend 910", CHINA, DEC23, DENIAL, A, None),  # 4,096, 6.6
    ("Huawei Ascend 310", CHINA, DEC23, FREE, None, None),
    ("Baidu Kunlun II", CHINA, DEC23, OPEN, None, None),  # 2,048 without a die
    ("Biren BR100", CHINA, NOV22, OPEN, None, None),  # 640 GB/s by the vendor, less by Epoch AI
    ("Biren BR100", CHINA, DEC23, DENIAL, A, None),  # 16,384
    ("Biren BR104", CHINA, DEC23, DENIAL, A, None),
    ("Moore Threads MTT S4000", CHINA, DEC23, OPEN, None, None),  # 1,600 without a die
    ("Cambricon MLU590", CHINA, DEC23, OPEN, None, None),
    ("Cerebras WSE-3", CHINA, MAY24, OPEN, None, None),
    ("Qualcomm Cloud AI 100 Pro", CHINA, DEC23, OPEN, None, None),
    ("Groq LPU v1", CHINA, DEC23, DENIAL, A, OPEN),  # 6,000
]


@pytest.fixture(scope="module")
def statuses(real_documents: Path, asked: tuple[list[Row], list[Row], list[Row]]) -> list[Row]:
    hardware, _ = ml_hardware.read((real_documents / "mirror/epoch.ai/data/ml_hardware.csv").read_bytes())
    named = {name for name, *_ in BY_HAND}
    specs = [row for row in chip_specs(hardware, chips.load(), sha256="0" * 64).rows if row["chip"] in named]
    return chip_control_status(specs, *asked).rows


@pytest.mark.parametrize(("chip", "group", "day", "status", "paragraph", "exception"), BY_HAND)
def test_status_by_hand(  # noqa: PLR0917
    statuses: list[Row], chip: str, group: str, day: date, status: str, paragraph: str | None, exception: str | None
) -> None:
    (found,) = [
        row
        for row in statuses
        if (row["chip"], row["destination_group"], row["known_to"]) == (chip, group, None)
        and row["valid_from"] <= day
        and (row["valid_to"] is None or day < row["valid_to"])
    ]
    assert (found["status"], found["eccn_paragraph"], found["license_exception"]) == (status, paragraph, exception)
    assert bool(found["needs"]) == (OPEN in (status, exception) or chip == "AMD Instinct MI308X")
