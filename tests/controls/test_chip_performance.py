"""TPP and performance density against the law's own examples and published figures."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from assets.controls.performance import Tpp, is_non_planar, performance_density, tpp


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        # 3A090, technical note 2: 4800 is met with 600 TOPS at 8 bits or 300 TFLOPS at 16 bits.
        ({"int8": "600"}, Tpp(Decimal(4800), "int8")),
        ({"fp16": "300"}, Tpp(Decimal(4800), "fp16")),
        # A100: 312 TFLOPS × 16; H20: 148 × 16 and 296 × 8 tie at 2,368, as published of it.
        ({"fp64": "9.7", "tf32": "156", "fp16": "312", "int8": "624"}, Tpp(Decimal(4992), "fp16")),
        ({"fp16": "148", "int8": "296"}, Tpp(Decimal(2368), "fp16")),
        # TF32 has 19 bits: 190 × 19.
        ({"tf32": "190", "fp16": "190", "int8": "420"}, Tpp(Decimal(3610), "tf32")),
        # FP4 three times FP8 (Blackwell Ultra): the narrow format decides.
        ({"fp16": "2500", "fp8": "5000", "fp4": "15000"}, Tpp(Decimal(60000), "fp4")),
    ],
)
def test_highest_product_of_rate_and_bit_length_counts(rates: dict[str, str], expected: Tpp) -> None:
    assert tpp({name: Decimal(rate) for name, rate in rates.items()}) == expected


def test_without_rates_there_is_no_tpp() -> None:
    assert tpp({}) is None


@pytest.mark.parametrize("rates", [{"fp12": Decimal(1)}, {"fp16": Decimal(0)}, {"fp16": Decimal(-1)}])
def test_what_is_no_rate_is_refused(rates: dict[str, Decimal]) -> None:
    with pytest.raises(ValueError, match=r"bit length|above zero"):
        tpp(rates)


def test_performance_density_is_exact() -> None:
    assert performance_density(Decimal(2368), Decimal(814)) == Fraction(32, 11)
    # 5.92 × 500 mm² = 2960: on the threshold, not a hair below it, as binary floats would have it for others.
    assert performance_density(Decimal(2960), Decimal(500)) == Fraction("5.92")
    with pytest.raises(ValueError, match="above zero"):
        performance_density(Decimal(1000), Decimal(0))


@pytest.mark.parametrize(
    ("node", "expected"), [("16", True), ("4", True), ("28", False), ("40", False), ("20", None), ("22", None)]
)
def test_node_says_whether_transistors_are_planar(node: str, expected: bool | None) -> None:
    assert is_non_planar(Decimal(node)) is expected
    assert is_non_planar(None) is None
