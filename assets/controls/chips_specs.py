"""Specifications of chips: the rows of ``chip_specs``, from Epoch AI's table and the reviewed file ``chips.yml``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from assets.controls.chips import QUANTITIES, Chip, Chips
from assets.controls.ml_hardware import SOURCE, URL, Hardware
from assets.controls.performance import BIT_LENGTHS, STORED_BITS, Tpp, is_non_planar, performance_density, tpp
from resources.documents import Parsed, Row, SourceError

TOLERANCE = Decimal("0.01")
"""Sources differ by rounding (311.8 and 312 TFLOPS): within one in a hundred they agree."""

SPARSE = Decimal("2.04")
"""Of dense rates, that of 8 bits is at most twice that of 16: beyond it one of them is of another kind."""

INTERCONNECT = "interconnect_gb_per_s"
"""Epoch's is of the links within a node: the host's and the network's come on top, so that it is the least."""

_STEP = Decimal("0.000001")


def chip_specs(hardware: Sequence[Hardware], reviewed: Chips, *, sha256: str) -> Parsed:
    """Join the lines of Epoch's table with the reviewed chips.

    A line that no reviewed chip names is a chip of its own under its own name. Where two sources differ and the file
    does not say why one holds, both values stand in ``conflicts`` with a problem: rates then span ``tpp_low`` to
    ``tpp_high``, any other quantity stays empty.

    Args:
        hardware: lines of the table, as :func:`assets.controls.ml_hardware.read` gives them.
        reviewed: the file.
        sha256: of the table's bytes.
    """
    lines: dict[str, list[Hardware]] = {}
    own: list[Chip] = []
    for line in hardware:
        chip = reviewed.named(line.name)
        if chip is None:
            chip = Chip(chip=line.name, vendor=line.vendor or "unknown", epoch=[line.name])
            own.append(chip)
        lines.setdefault(chip.chip, []).append(line)
    rows, problems = [], []
    for chip in (*reviewed.chips, *own):
        row, wrong = _row(chip, lines.get(chip.chip, []), reviewed, sha256)
        rows.append(row)
        problems += wrong
    lost = sum(bool(chip.epoch) and chip.chip not in lines for chip in reviewed.chips)
    return Parsed(rows, problems, {"reviewed_chips_without_their_line": float(lost)})


@dataclass
class _Figures:
    """What is known of one chip's quantities: chosen values, the span of each rate, sources and conflicts."""

    chosen: dict[str, Decimal] = field(default_factory=dict)
    spans: dict[str, list[Decimal]] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)
    at_least: set[str] = field(default_factory=set)
    conflicts: list[str] = field(default_factory=list)
    open_conflicts: list[str] = field(default_factory=list)

    def conflict(self, text: str, settled: str | None = None) -> None:
        self.conflicts.append(f"{text}; {f'settled: {settled}' if settled else 'not settled'}")
        if not settled:
            self.open_conflicts.append(text)


def _row(chip: Chip, lines: Sequence[Hardware], reviewed: Chips, sha256: str) -> tuple[Row, list[SourceError]]:
    figures = _Figures()
    for quantity in QUANTITIES:
        _take(quantity, chip, lines, reviewed, figures)
    total, low, high = _total(chip, lines, figures)
    non_planar = is_non_planar(figures.chosen.get("process_nm"))
    area = _applicable_area(figures, chip, non_planar)
    bounds = [(values.die_area_at_most_mm2, values.source) for values in chip.values if values.die_area_at_most_mm2]
    if bounds:
        figures.sources.append(f"die_area_at_most_mm2: {reviewed.sources[min(bounds)[1]].cited}")
    kinds = [(values.memory_kind, values.source) for values in chip.values if values.memory_kind]
    if kinds:
        figures.sources.append(f"memory_kind: {reviewed.sources[kinds[0][1]].cited}")
    datacenter = _datacenter(chip, lines, reviewed, figures)
    row: Row = {
        "chip": chip.chip,
        "product": chip.product,
        "vendor": chip.vendor,
        "aliases": sorted({*chip.aliases, *(line.name for line in lines if line.name != chip.chip)}),
        "release_date": _released(chip, lines),
        **{f"{name}_tops": figures.chosen.get(name) for name in BIT_LENGTHS},
        "tpp": total.value if total else None,
        "tpp_format": total.format if total else None,
        "tpp_low": low,
        "tpp_high": high,
        "die_area_mm2": area,
        "die_area_at_most_mm2": min(bounds)[0] if bounds else None,
        "process_nm": figures.chosen.get("process_nm"),
        "non_planar": non_planar,
        "performance_density": rounded(performance_density(total.value, area)) if total and area else None,
        "interconnect_gb_per_s": figures.chosen.get(INTERCONNECT),
        "interconnect_is_least": INTERCONNECT in figures.at_least,
        "memory_bandwidth_gb_per_s": figures.chosen.get("memory_bandwidth_gb_per_s"),
        "memory_kind": kinds[0][0] if kinds else None,
        "designed_or_marketed_for_datacenter": datacenter,
        "sources": figures.sources,
        "conflicts": figures.conflicts,
        "needs_review": bool(figures.open_conflicts),
        "note": chip.note,
        "source_sha256": sha256 if lines else None,
    }
    remedy = "settle it in assets/controls/chips.yml"
    place = f"line {lines[0].line}" if lines else ""
    problems = [
        SourceError(SOURCE, URL, place, f"{chip.chip}: {text}", remedy=remedy) for text in figures.open_conflicts
    ]
    return row, problems


def _take(quantity: str, chip: Chip, lines: Sequence[Hardware], reviewed: Chips, figures: _Figures) -> None:
    """Choose the value of one quantity: the reviewed one, otherwise Epoch's; note sources and conflicts."""
    stated = [
        (getattr(values, quantity), reviewed.sources[values.source].cited)
        for values in chip.values
        if getattr(values, quantity) is not None
    ]
    for line in lines:
        if (value := _of_line(line, quantity, chip.ics_on_board)) is None:
            continue
        cited = f"Epoch AI, line {line.name}" + (f" <{line.link}>" if line.link else "")
        if quantity in chip.doubts:
            figures.conflict(f"{quantity}: {plain(value)} ({cited}) is not taken", chip.doubts[quantity])
        else:
            stated.append((value, cited))
    if not stated:
        return
    value, cited = stated[0]
    if quantity == INTERCONNECT and all(getattr(values, quantity) is None for values in chip.values):
        figures.at_least.add(quantity)
    others = [other for other in stated[1:] if not _agree(value, other[0])]
    figures.sources.append(f"{quantity}: {cited}")
    figures.spans[quantity] = [value]
    settled = chip.settles.get(quantity)
    if others:
        both = " and ".join(f"{plain(one)} ({source})" for one, source in (stated[0], *others))
        figures.conflict(f"{quantity}: {both}", settled)
        if not settled:
            figures.spans[quantity] += [one for one, _ in others]
    if quantity in BIT_LENGTHS or not others or settled:
        figures.chosen[quantity] = value


def _of_line(line: Hardware, quantity: str, circuits: int) -> Decimal | None:
    """A quantity of one integrated circuit, of those on the board that the line describes."""
    if quantity in BIT_LENGTHS:
        rate = line.rates.get(quantity)
        return _share(rate, circuits)
    value: Decimal | None = getattr(line, quantity)
    return _share(value, circuits if quantity == "memory_bandwidth_gb_per_s" else 1)


def _share(value: Decimal | None, circuits: int) -> Decimal | None:
    return None if value is None else value if circuits == 1 else (value / circuits).quantize(_STEP).normalize()


def _total(
    chip: Chip, lines: Sequence[Hardware], figures: _Figures
) -> tuple[Tpp | None, Decimal | None, Decimal | None]:
    """TPP, the least and the highest that the sources allow; no highest where the matrix units' rate is not known."""
    rates = {name: figures.chosen[name] for name in BIT_LENGTHS if name in figures.chosen}
    total = tpp(rates)
    if total is None:
        return None, None, None
    spans = {name: figures.spans[name] for name in rates}
    is_reviewed = any(getattr(values, name) is not None for values in chip.values for name in BIT_LENGTHS)
    if not is_reviewed:
        _doubt_ratio(rates, spans, figures)
    low, high = _highest(spans, min), _highest(spans, max)
    stored = tpp(rates, STORED_BITS)
    if stored is not None and stored.value > total.value and not _agree(stored.value, total.value):
        figures.conflicts.append(
            f"tpp: {plain(total.value)}, or {plain(stored.value)} where {stored.format} counts as it is stored: "
            "the note to 3A090 does not say which"
        )
        high = max(high, stored.value)
    for line in lines:
        if line.tpp is None:
            continue
        stated = line.tpp / chip.ics_on_board  # its own column, of the whole board
        if not _agree(total.value, stated):
            text = f"tpp: {plain(total.value)} (computed, {total.format}) and {plain(stated)} (Epoch AI's own column)"
            figures.conflict(text, "computed from reviewed rates" if is_reviewed else None)
            if not is_reviewed:
                low, high = min(low, stated), max(high, stated)
    if not is_reviewed and any(line.matrix_units and not line.has_matrix_rate for line in lines):
        figures.conflict(
            f"tpp: {plain(total.value)} is the least; the line counts matrix units but gives no rate of them"
        )
        return total, low, None
    return total, low, high


def _doubt_ratio(rates: Mapping[str, Decimal], spans: dict[str, list[Decimal]], figures: _Figures) -> None:
    """Note rates of 8 bits beyond twice those of 16: with sparsity, or the rate of 16 bits is not the matrix units'."""
    sixteen = max((rates[name] for name in ("fp16", "int16") if name in rates), default=None)
    for name in ("fp8", "int8"):
        if sixteen is not None and name in rates and rates[name] > sixteen * SPARSE:
            times = (rates[name] / sixteen).quantize(Decimal("0.01"))
            figures.conflict(
                f"{name}: {plain(rates[name])} is {times} times the rate of 16 bits, {plain(sixteen)}: dense, or "
                f"{plain(rates[name] / 2)} and this is with sparsity"
            )
            spans[name] = [*spans[name], rates[name] / 2]


def _highest(spans: Mapping[str, Sequence[Decimal]], choose: Callable[[Sequence[Decimal]], Decimal]) -> Decimal:
    total = tpp({name: choose(values) for name, values in spans.items()})
    if total is None:
        raise ValueError("no rates")
    return total.value


def _applicable_area(figures: _Figures, chip: Chip, non_planar: bool | None) -> Decimal | None:
    """Applicable die area: as reviewed; a single die of Epoch's counts where its node has non-planar transistors."""
    area = figures.chosen.get("die_area_mm2")
    if area is None or any(values.die_area_mm2 is not None for values in chip.values):
        return area
    if non_planar is None:
        return None
    return area if non_planar else Decimal(0)


def _datacenter(chip: Chip, lines: Sequence[Hardware], reviewed: Chips, figures: _Figures) -> bool | None:
    if chip.datacenter is not None:
        value, source = chip.datacenter.value, chip.datacenter.source
    else:
        names = [chip.chip, *(line.name for line in lines)]
        brand = next((found for name in names if (found := reviewed.brand(name))), None)
        if brand is None:
            return None
        value, source = brand.datacenter, brand.source
    figures.sources.append(f"designed_or_marketed_for_datacenter: {reviewed.sources[source].cited}")
    return value


def _released(chip: Chip, lines: Sequence[Hardware]) -> date | None:
    days = [line.release_date for line in lines if line.release_date]
    return chip.release_date or min(days, default=None)


def _agree(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= TOLERANCE * max(one, other)


def rounded(value: Fraction) -> Decimal:
    """A density to six decimals, as the table holds it."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(_STEP, ROUND_HALF_EVEN)


def plain(value: Decimal) -> str:
    """A number without trailing zeros or exponent."""
    return f"{value.normalize():f}"
