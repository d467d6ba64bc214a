"""The two measures of ECCN 3A090: total processing performance (TPP) and performance density.

Source: 15 CFR part 774, supplement no. 1, ECCN 3A090, technical notes 1 to 4 to 3A090.a and 3A090.b (as of 2023-11-17,
88 FR 73458). TPP is 2 × MacTOPS × bit length of the operation, for dense matrices; 2 × MacTOPS is what a datasheet
reports as TOPS or TFLOPS; where formats differ, the highest counts. Performance density is TPP by applicable die area.
The processing performance of 3A090 as of 2022-10-21 (87 FR 62186) is the same product: bit length × TOPS.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

BIT_LENGTHS: Mapping[str, int] = {
    "fp64": 64,
    "fp32": 32,
    "tf32": 19,
    "fp16": 16,
    "int16": 16,
    "fp8": 8,
    "int8": 8,
    "fp6": 6,
    "fp4": 4,
    "int4": 4,
}
"""Largest bit length of the inputs to the multiplication (technical note 1.c), by format.

``fp16`` stands for FP16 and BF16. TF32 has 1 + 8 + 10 bits.
"""

STORED_BITS: Mapping[str, int] = {**BIT_LENGTHS, "tf32": 32}
"""The same where an input counts as it is stored. The note does not say which; it matters where a chip is as fast in
TF32 as in 16 bits (AWS Trainium), and TPP is then a span."""

LAST_NON_PLANAR_NM = 16
FIRST_PLANAR_NM = 28
"""Foundries' logic of 16 nm and below has non-planar transistors (FinFET, gate-all-around), of 28 nm and above planar
ones; between them there is either, so the node does not say."""


@dataclass(frozen=True)
class Tpp:
    """Total processing performance, in TOPS × bits, and the format that gives it."""

    value: Decimal
    format: str


def tpp(rates: Mapping[str, Decimal], bits: Mapping[str, int] = BIT_LENGTHS) -> Tpp | None:
    """Total processing performance of one integrated circuit.

    Args:
        rates: reported dense rates in TOPS or TFLOPS, by format (keys of :data:`BIT_LENGTHS`); one multiply-accumulate
            counts as two operations, as on datasheets.
        bits: bit length by format.

    Returns:
        The highest product and its format (the widest, where several tie); ``None`` without any rate.

    Raises:
        ValueError: a format without bit length, or a rate that is not positive.
    """
    best: Tpp | None = None
    for name, length in bits.items():
        if name in rates and (best is None or rates[name] * length > best.value):
            best = Tpp(rates[name] * length, name)
    if unknown := set(rates) - set(bits):
        raise ValueError(f"no bit length for {sorted(unknown)}")
    if refused := {name: rate for name, rate in rates.items() if rate <= 0}:
        raise ValueError(f"rates are above zero: {refused}")
    return best


def performance_density(total: Decimal, applicable_die_area: Decimal) -> Fraction:
    """Performance density, exact: TPP by applicable die area in mm².

    Raises:
        ValueError: the area is not positive (a chip without non-planar logic has no performance density).
    """
    if applicable_die_area <= 0:
        raise ValueError(f"the applicable die area is above zero: {applicable_die_area}")
    return Fraction(total) / Fraction(applicable_die_area)


def is_non_planar(process_nm: Decimal | None) -> bool | None:
    """Whether logic of a process node has non-planar transistors, as far as the node's name says."""
    if process_nm is None or LAST_NON_PLANAR_NM < process_nm < FIRST_PLANAR_NM:
        return None
    return process_nm <= LAST_NON_PLANAR_NM
