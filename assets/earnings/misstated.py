"""Facts known to be misstated by their filing, from ``misstated_facts.yml`` beside this file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

FILE = Path(__file__).with_name("misstated_facts.yml")


class MisstatedFact(BaseModel):
    """One fact, by what identifies it in the table ``facts``, and how the mistake is known."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    accession_number: str = Field(pattern=r"^\d{10}-\d{2}-\d{6}$")
    concept: str
    period: str
    stated: int
    why: str = Field(min_length=1)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    misstated_facts: list[MisstatedFact]


@cache
def load(file: Path = FILE) -> frozenset[tuple[str, str, str, int]]:
    """Accession number, concept, period and value of each misstated fact.

    Raises:
        ValueError: the file is not well formed.
    """
    try:
        facts = _File.model_validate(yaml.safe_load(file.read_text("utf-8"))).misstated_facts
    except (ValueError, yaml.YAMLError) as error:
        raise ValueError(f"{file.name}: {error}") from error
    return frozenset((fact.accession_number, fact.concept, fact.period, fact.stated) for fact in facts)
