"""Thresholds that a person read, from ``reviewed_parameters.yml``: where the reader of text gives none it can stand by.

Each holds for the texts whose digests it lists (:func:`assets.controls.parameters_text.text_sha256` of the paragraph).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator

FILE = Path(__file__).with_name("reviewed_parameters.yml")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReviewedCondition(_Strict):
    """One threshold as reviewed."""

    parameter: str
    comparison: Literal[">=", ">", "<=", "<", "="]
    value: Decimal
    unit: str
    effect: Literal["includes", "excludes", "exception", "review_policy", "defines"]

    @field_validator("value", mode="before")
    @classmethod
    def _exact(cls, value: object) -> object:
        if isinstance(value, float):
            raise ValueError("write a decimal in quotation marks: a float is not exact")
        return value


class ReviewedText(_Strict):
    """A text the thresholds hold for, and whose it is (the stand-in's, the official one)."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    of: str


class Reviewed(_Strict):
    """The thresholds of one paragraph as one document prints it."""

    document_number: str
    citation: str
    subject: str
    paragraph: str
    conditions: list[ReviewedCondition]
    texts: list[ReviewedText]
    reviewer: str
    reviewed_on: date

    @property
    def key(self) -> str:
        """What it is about."""
        return self.paragraph

    @property
    def text_sha256(self) -> frozenset[str]:
        """Digests of the texts it holds for."""
        return frozenset(one.sha256 for one in self.texts)


class _File(_Strict):
    reviewed_parameters: list[Reviewed]


@cache
def load(file: Path = FILE) -> tuple[Reviewed, ...]:
    """The reviewed thresholds.

    Raises:
        ValueError: the file is not well formed.
    """
    try:
        return tuple(_File.model_validate(yaml.safe_load(file.read_text("utf-8"))).reviewed_parameters)
    except (ValueError, yaml.YAMLError) as error:
        raise ValueError(f"{file.name}: {error}") from error
