"""Whether a chip meets conditions of the control text, in three values: met, not met, not known (``None``).

Kleene's logic: what one known input decides is decided, whatever the others are; an unknown input is never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from assets.controls.chips_specs import plain, rounded

Truth = bool | None
Condition = Mapping[str, Any]

TPP = "total processing performance"
DENSITY = "performance density"
TRANSFER_RATE = "aggregate bidirectional transfer rate"
DRAM_BANDWIDTH = "total DRAM bandwidth"
DATACENTER = "designed or marketed for use in datacenters"
PARAMETERS = (TPP, DENSITY, TRANSFER_RATE, DRAM_BANDWIDTH, DATACENTER)
"""What the text asks of a chip; the processing performance of 3A090 as of 2022 is the same product as TPP."""


@dataclass(frozen=True)
class Span:
    """What is known of a number: it lies between two bounds, of which either may be missing, and what would tell."""

    low: Fraction | None
    high: Fraction | None
    needs: str

    @property
    def shown(self) -> str | None:
        """The value, or its bounds where the sources leave a span; ``None`` where nothing is known."""
        low = plain(rounded(self.low)) if self.low is not None else None
        high = plain(rounded(self.high)) if self.high is not None else None
        if low is None and high is None:
            return None
        return low if low == high else f"{low or ''} to {high or ''}".strip()


@dataclass(frozen=True)
class Finding:
    """The truth of a text for a chip, the reasons, and what would have to be known."""

    truth: Truth
    reasons: tuple[Mapping[str, Any], ...] = ()
    needs: frozenset[str] = frozenset()


def both(truths: Iterable[Truth]) -> Truth:
    """All of."""
    held = list(truths)
    return False if False in held else None if None in held else True


def either(truths: Iterable[Truth]) -> Truth:
    """Any of."""
    held = list(truths)
    return True if True in held else None if None in held else False


def negated(truth: Truth) -> Truth:
    """Not."""
    return None if truth is None else not truth


def span(chip: Mapping[str, Any], parameter: str) -> Span:
    """What a row of ``chip_specs`` says of a parameter: nothing of one outside :data:`PARAMETERS`."""
    if parameter in (TPP, DENSITY):
        low, high = _fraction(chip["tpp_low"]), _fraction(chip["tpp_high"])
        if parameter == TPP:
            return Span(low, high, TPP)
        area = _fraction(chip["die_area_mm2"])
        if not area:
            most = _fraction(chip.get("die_area_at_most_mm2"))
            return Span(low / most if most and low is not None else None, None, "die area")
        return Span(low / area if low is not None else None, high / area if high is not None else None, TPP)
    if parameter == DATACENTER:
        marketed = chip["designed_or_marketed_for_datacenter"]
        value = None if marketed is None else Fraction(int(marketed))
        return Span(value, value, "data-center marketing")
    columns = {
        TRANSFER_RATE: ("interconnect_gb_per_s", "transfer rate to other circuits"),
        DRAM_BANDWIDTH: ("memory_bandwidth_gb_per_s", "memory bandwidth"),
    }
    if parameter not in columns:
        return Span(None, None, parameter)
    column, needs = columns[parameter]
    value = _fraction(chip[column])
    is_least = parameter == TRANSFER_RATE and chip.get("interconnect_is_least")
    return Span(value, None if is_least else value, needs)


def compare(known: Span, comparison: str, threshold: Fraction) -> Truth:
    """Whether a number known within bounds satisfies a comparison.

    Raises:
        ValueError: a comparison other than ``>=``, ``>``, ``<``, ``<=`` and ``=``.
    """
    low, high = known.low, known.high
    if comparison == ">=":
        return (
            True if low is not None and low >= threshold else False if high is not None and high < threshold else None
        )
    if comparison == ">":
        return (
            True if low is not None and low > threshold else False if high is not None and high <= threshold else None
        )
    if comparison == "<":
        return negated(compare(known, ">=", threshold))
    if comparison == "<=":
        return negated(compare(known, ">", threshold))
    if comparison == "=":
        if low is not None and low == high:
            return low == threshold
        outside = (low is not None and low > threshold) or (high is not None and high < threshold)
        return False if outside else None
    raise ValueError(f"no comparison {comparison!r}")


def condition(chip: Mapping[str, Any], asked: Condition, origin: Mapping[str, Any]) -> Finding:
    """Whether a chip meets one condition, with the reason as data."""
    known = span(chip, asked["parameter"])
    truth = compare(known, asked["comparison"], Fraction(Decimal(asked["value"])))
    reason = {
        "document_number": origin["document_number"],
        "citation": origin.get("citation"),
        "paragraph": asked.get("paragraph") or origin.get("paragraph"),
        "parameter": asked["parameter"],
        "chip_value": known.shown,
        "comparison": asked["comparison"],
        "threshold": plain(Decimal(asked["value"])),
        "met": truth,
    }
    return Finding(truth, (reason,), frozenset({known.needs}) if truth is None else frozenset())


def all_of(findings: Sequence[Finding]) -> Finding:
    """Conditions that must hold together."""
    return _joined(both(finding.truth for finding in findings), findings)


def any_of(findings: Sequence[Finding]) -> Finding:
    """Alternatives."""
    return _joined(either(finding.truth for finding in findings), findings)


def without(found: Finding, excluded: Sequence[Finding]) -> Finding:
    """What a text takes in, save what its notes take out."""
    truth = both([found.truth, *(negated(one.truth) for one in excluded)])
    return _joined(truth, [found, *excluded])


def _joined(truth: Truth, findings: Sequence[Finding]) -> Finding:
    reasons = tuple(reason for finding in findings for reason in finding.reasons)
    needs = frozenset(need for finding in findings if finding.truth is None for need in finding.needs)
    return Finding(truth, reasons, needs if truth is None else frozenset())


def _fraction(value: Decimal | None) -> Fraction | None:
    return None if value is None else Fraction(value)
