"""What the real documents give, for type annotations."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from assets.earnings.inline_xbrl import InlineXbrl
from resources.documents import Parsed, SourceError


@dataclass(frozen=True)
class RealEarnings:
    """What the mirror's documents give."""

    companyfacts: pa.Table
    inline: dict[str, InlineXbrl]
    facts: pa.Table
    segments: Parsed
    geography: Parsed
    quarters: Parsed
    problems: list[SourceError]
