"""What both readers of XBRL facts give."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

from resources.documents import SourceError

CAPTION_SEPARATOR = " | "
"""Between the captions of a fact that is printed in several rows."""


@dataclass(frozen=True)
class Facts:
    """Facts of one document: an Arrow table under the contract ``facts``, and what could not be read."""

    table: pa.Table
    problems: list[SourceError] = field(default_factory=list)
