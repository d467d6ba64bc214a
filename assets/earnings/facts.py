"""What both readers of XBRL facts give."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

import pyarrow as pa

from expectations import contract
from resources.documents import SourceError

CAPTION_SEPARATOR = " | "
"""Between the captions of a fact that is printed in several rows."""


VALUE = contract.load("facts").schema.field("value").type
"""The type of a fact's value: a decimal, exact to so many digits."""
_DIGITS: int = VALUE.precision
_PLACES: int = VALUE.scale


def fits(value: Decimal) -> bool:
    """Whether a value is one of :data:`VALUE` without loss."""
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        return False
    # Zeros at the end do not count.
    exponent += len(digits) - len("".join(map(str, digits)).rstrip("0")) if exponent < -_PLACES else 0
    return not value or (exponent >= -_PLACES and value.adjusted() < _DIGITS - _PLACES)


@dataclass(frozen=True)
class Facts:
    """Facts of one document: an Arrow table under the contract ``facts``, and what could not be read."""

    table: pa.Table
    problems: list[SourceError] = field(default_factory=list)
