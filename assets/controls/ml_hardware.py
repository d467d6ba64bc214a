"""Reader of Epoch AI's table of machine-learning hardware (``ml_hardware.csv``, CC BY)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from resources.documents import SourceError

SOURCE = "epoch"
URL = "https://epoch.ai/data/ml_hardware.csv"

TENSOR_16 = "Tensor-FP16/BF16 performance (FLOP/s)"
VECTOR_16 = "FP16 (half precision) performance (FLOP/s)"
RATES: Mapping[str, str] = {
    TENSOR_16: "fp16",
    VECTOR_16: "fp16",
    "FP8 performance (FLOP/s)": "fp8",
    "FP4 performance (FLOP/s)": "fp4",
    "FP64 (double precision) performance (FLOP/s)": "fp64",
    "FP32 (single precision) performance (FLOP/s)": "fp32",
    "TF32 (TensorFloat-32) performance (FLOP/s)": "tf32",
    "INT16 performance (OP/s)": "int16",
    "INT8 performance (OP/s)": "int8",
    "INT4 performance (OP/s)": "int4",
}
"""Columns of rates, and the format each is for; of the two for 16 bits the higher counts."""

_NAME, _VENDOR, _RELEASED, _LINK = "Hardware name", "Manufacturer", "Release date", "Link to datasheet"
_DIE, _PROCESS, _CORES = "Die Size (mm^2)", "Process size (nm)", "Tensor cores"
_MEMORY, _INTRANODE = "Memory bandwidth (byte/s)", "Intranode bandwidth (byte/s)"
_TPP = "Total processing performance (bit-OP/s)"
_TAKEN = {*RATES, _NAME, _VENDOR, _RELEASED, _LINK, _DIE, _PROCESS, _CORES, _MEMORY, _INTRANODE, _TPP}
_IGNORED = {
    "Type", "Notes", "Release price (USD)", "Memory (bytes)", "Internode bandwidth (bit/s)", "TDP (W)", "Foundry",
    "Base clock (MHz)", "Boost clock (MHz)", "Memory clock (MHz)", "Memory bus (bit)", "Transistors (millions)",
    "Source for the price", "ML models", "Last modified", "Max performance", "Energy efficiency", "Price-performance",
    "ML OP/s",
}  # fmt: skip

TERA, GIGA = Decimal(10) ** 12, Decimal(10) ** 9
_STEP = Decimal("0.000001")


@dataclass(frozen=True)
class Hardware:
    """One line of the table, in the units of the control: TOPS or TFLOPS, mm², nm, GB/s, TOPS × bits for ``tpp``.

    ``rates`` are per format; ``has_matrix_rate`` says that one of them is a matrix unit's (the tensor column, or a
    narrow format). ``matrix_units`` says that the line counts tensor cores.
    """

    name: str
    line: int
    vendor: str
    release_date: date | None
    link: str
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    tensor_fp16: Decimal | None = None
    matrix_units: bool = False
    die_area_mm2: Decimal | None = None
    process_nm: Decimal | None = None
    memory_bandwidth_gb_per_s: Decimal | None = None
    interconnect_gb_per_s: Decimal | None = None
    tpp: Decimal | None = None

    @property
    def has_matrix_rate(self) -> bool:
        """Whether a rate of the matrix units is given, without which TPP is only a lower bound."""
        return self.tensor_fp16 is not None or bool({"fp8", "int8", "int4", "fp4"} & set(self.rates))


def read(body: bytes, document: str = URL) -> tuple[list[Hardware], list[SourceError]]:
    """Read the table.

    Returns:
        Its lines in order, and the cells that could not be read: such a value is left out, the line stays.

    Raises:
        SourceError: the body is no such table: a page, without the columns needed, or without lines.
    """
    refuse = _refuse(document)
    head = body[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not head or head.startswith(b"<"):
        raise refuse("", "the body is empty" if not head else "an HTML or XML page instead of CSV")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refuse(f"byte {error.start}", "not UTF-8") from error
    lines = csv.DictReader(io.StringIO(text, newline=""), restkey="beyond the last column")
    columns = set(lines.fieldnames or ())
    if lacking := _TAKEN - columns:
        raise refuse("line 1", f"lacks the columns {sorted(lacking)}", "compare with assets/controls/ml_hardware.py")
    problems = []
    if unknown := columns - _TAKEN - _IGNORED:
        problems.append(refuse("line 1", f"columns not known: {sorted(unknown)}", "take them or ignore them by name"))
    held: dict[str, Hardware] = {}
    for cells in lines:
        place = f"line {lines.line_num}"
        if None in cells.values() or "beyond the last column" in cells:
            problems.append(refuse(place, "fewer or more cells than columns; the line is left out"))
            continue
        name = " ".join(cells[_NAME].split())
        if not name:
            problems.append(refuse(place, "a line without a hardware name; it is left out"))
        elif name in held:
            problems.append(refuse(place, f"{name!r} stands twice; the first, on line {held[name].line}, is kept"))
        else:
            held[name] = _hardware(name, lines.line_num, cells, refuse, problems)
    if not held:
        raise refuse("", "no lines")
    return list(held.values()), problems


Refuse = Callable[..., SourceError]


def _refuse(document: str) -> Refuse:
    def refuse(place: str, reason: str, remedy: str = "") -> SourceError:
        return SourceError(SOURCE, document, place, reason, remedy=remedy)

    return refuse


def _hardware(name: str, line: int, cells: Mapping[str, str], refuse: Refuse, problems: list[SourceError]) -> Hardware:
    def number(column: str, unit: Decimal = Decimal(1)) -> Decimal | None:
        cell = cells[column].strip()
        if not cell:
            return None
        try:
            value = Decimal(cell)
            if not value.is_finite() or value < 0:
                raise InvalidOperation
            # The table writes binary floats: 65129999999999.9 is 65.13 TFLOPS.
            return (value / unit).quantize(_STEP).normalize() + 0
        except InvalidOperation:
            problems.append(refuse(f"line {line}, {column}", f"{name}: not a number above zero: {cell!r}"))
            return None

    rates: dict[str, Decimal] = {}
    tensor_fp16 = None
    for column, format_ in RATES.items():
        if rate := number(column, TERA):
            rates[format_] = max(rate, rates.get(format_, rate))
            tensor_fp16 = rate if column == TENSOR_16 else tensor_fp16
    released = None
    if day := cells[_RELEASED].strip():
        try:
            released = date.fromisoformat(day)
        except ValueError:
            problems.append(refuse(f"line {line}, {_RELEASED}", f"{name}: not a day: {day!r}"))
    return Hardware(
        name=name,
        line=line,
        vendor=cells[_VENDOR].strip(),
        release_date=released,
        link=next(iter(cells[_LINK].replace(";", " ").split()), ""),
        rates=rates,
        tensor_fp16=tensor_fp16,
        matrix_units=bool(number(_CORES)),
        die_area_mm2=number(_DIE) or None,
        process_nm=number(_PROCESS) or None,
        memory_bandwidth_gb_per_s=number(_MEMORY, GIGA) or None,
        interconnect_gb_per_s=number(_INTRANODE, GIGA) or None,
        tpp=number(_TPP, TERA) or None,
    )
