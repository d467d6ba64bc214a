"""What was announced outside the Federal Register and the filings held: the reviewed file ``announcements.yml``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal, cast, get_args

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from assets.controls import letters_words
from assets.controls.letters import Kind, Origin, Statement
from assets.controls.letters_words import Period
from resources.documents import Row

FILE = Path(__file__).with_name("announcements.yml")

OtherKind = Literal["announces_withdrawal", "changes_license_policy", "delays", "suspends"]

_Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
_Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]+$")]
_Url = Annotated[str, StringConstraints(pattern=r"^https?://\S+\.\S+$")]


def _exact(value: Any) -> Any:
    """An amount in quotes: YAML would make a binary fraction of a bare one."""
    if not isinstance(value, str):
        raise ValueError(f"the amount {value!r} must be a number in quotes")
    try:
        return Decimal(value)
    except ArithmeticError as error:
        raise ValueError(f"the amount {value!r} is no number") from error


LETTERS: Final = frozenset(get_args(Kind))
"""Kinds that are about one company's letter or license; filings may report them too."""

_ABOUT_RULES: Final = frozenset({"announces_withdrawal", "delays", "suspends"})


class Announcement(BaseModel):
    """One announcement; the meaning of each field stands at the head of ``announcements.yml``."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    id: _Name
    day: date
    kind: Kind | OtherKind
    source: _Text
    url: _Url
    told: _Text
    subject_type: Literal["chip", "software", "document"]
    subjects: list[_Text] = []
    items: list[_Text] = []
    destinations: list[_Text] = []
    end_uses: list[_Text] = []
    companies: list[_Text] = []
    effective_date: date | None = None
    effective_until: date | None = None
    amount_usd: Annotated[Decimal, BeforeValidator(_exact), Field(gt=0, decimal_places=2)] | None = None
    affects_documents: list[_Text] = []
    affects_citations: list[Annotated[str, StringConstraints(pattern=r"^\d{2} FR \d+$")]] = []
    lifts: date | None = None
    review: _Text | None = None
    reviewed: date

    @model_validator(mode="after")
    def _consistent(self) -> Announcement:
        if self.effective_until and (self.effective_date is None or self.effective_until < self.effective_date):
            raise ValueError(f"{self.id}: ends on {self.effective_until}, before it begins on {self.effective_date}")
        if self.reviewed < self.day:
            raise ValueError(f"{self.id}: reviewed on {self.reviewed}, before the announcement of {self.day}")
        if (self.kind == "letter_lifted") != (self.lifts is not None):
            raise ValueError(f"{self.id}: a lifted letter, and only one, names the day of the letter it ends")
        if self.kind in LETTERS and len(self.companies) != 1:
            raise ValueError(f"{self.id}: a letter or license is one company's")
        if self.kind not in LETTERS and (not self.subjects or self.amount_usd is not None):
            raise ValueError(f"{self.id}: {self.kind} needs a subject and has no amount")
        if self.kind in _ABOUT_RULES and not self.affects_documents:
            raise ValueError(f"{self.id}: {self.kind} names no document")
        if self.subject_type == "chip":
            for name in self.subjects:
                if letters_words.chips(name) != [name]:
                    raise ValueError(f"{self.id}: {name!r} is not a chip's short form")
        return self


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    announcements: list[Announcement]

    @model_validator(mode="after")
    def _linked(self) -> _File:
        ids = Counter(one.id for one in self.announcements)
        if twice := sorted(name for name, count in ids.items() if count > 1):
            raise ValueError(f"several announcements bear the ids {twice}")
        letters = {
            (one.companies[0], one.effective_date)
            for one in self.announcements
            if one.kind == "letter_requires_license"
        }
        for one in self.announcements:
            if one.lifts is not None and (one.companies[0], one.lifts) not in letters:
                raise ValueError(f"{one.id} ends a letter of {one.lifts} to {one.companies[0]}, which the file has not")
        return self


def load(file: Path = FILE) -> list[Announcement]:
    """Read the announcements, by day and id.

    Raises:
        ValueError: the file is not well formed, a field is missing, unknown or out of range, an id stands twice, or
            the letter that another ends is not in the file.
    """
    return list(_load(file))


@cache
def _load(file: Path) -> tuple[Announcement, ...]:
    try:
        read = _File.model_validate(yaml.safe_load(file.read_text("utf-8"))).announcements
    except (ValueError, yaml.YAMLError) as error:
        raise ValueError(f"{file.name}: {error}") from error
    return tuple(sorted(read, key=lambda one: (one.day, one.id)))


def statements(announcements: Sequence[Announcement]) -> list[Statement]:
    """Letters and licenses among the announcements, for :func:`assets.controls.letters_events.letter_events`.

    There they are joined with those that filings report, each letter once.
    """
    return [_statement(one) for one in announcements if one.kind in LETTERS]


def announcement_events(announcements: Sequence[Announcement]) -> list[Row]:
    """Rows of ``restriction_events`` of the other announcements: one per subject, ordered by day and id."""
    rows = []
    for one in announcements:
        if one.kind not in LETTERS:
            rows += [_row(one, index, subject) for index, subject in enumerate(one.subjects, 1)]
    return rows


def _statement(one: Announcement) -> Statement:
    is_chip = one.subject_type == "chip"
    day = one.effective_date or one.day
    return Statement(
        kind=cast(Kind, one.kind),
        company=one.companies[0],
        origin=Origin(
            number=one.id, day=one.day, rank=2, source="announcement", title=one.source, url=one.url, sha256=None
        ),
        sentence=one.told,
        location=f"{FILE.name}, {one.id}",
        block=0,
        order=0,
        period=Period(day, day, f"{day}", 0, 0),
        effective=one.effective_date,
        effective_source="announcement",
        until=one.effective_until,
        chips=tuple(one.subjects) if is_chip else (),
        others=(*(() if is_chip else one.subjects), *one.items),
        destinations=tuple(one.destinations),
        end_uses=tuple(one.end_uses),
        lifts=Period(one.lifts, one.lifts, f"{one.lifts}", 0, 0) if one.lifts else None,
        amount=one.amount_usd.quantize(Decimal("0.01")) if one.amount_usd else None,
        amount_sentence=one.told if one.amount_usd else None,
        reviews=(one.review,) if one.review else (),
    )


def _row(one: Announcement, index: int, subject: str) -> Row:
    return {
        "document_number": one.id,
        "publication_date": one.day,
        "month": f"{one.day:%Y-%m}",
        "event_index": index,
        "source": "announcement",
        "kind": one.kind,
        "subject_type": one.subject_type,
        "subject": subject,
        "destinations": list(one.destinations),
        "items": [name for name in (*one.subjects, *one.items) if name != subject],
        "end_uses": list(one.end_uses),
        "filed_date": None,
        "known_from": one.day,
        "effective_date": one.effective_date,
        "effective_date_source": "announcement" if one.effective_date else None,
        "effective_until": one.effective_until,
        "compliance_date": None,
        "comments_close_date": None,
        "affects_documents": list(one.affects_documents),
        "affects_citations": list(one.affects_citations),
        "entries": None,
        "amendment_index": None,
        "amendment_label": None,
        "companies": list(one.companies),
        "unit": None,
        "effective_before_publication": one.effective_date is not None and one.effective_date < one.day,
        "amount_usd": None,
        "amount_sentence": None,
        "scope": None,
        "sentence": one.told,
        "location": f"{FILE.name}, {one.id}",
        "citation": None,
        "title": one.source,
        "url": one.url,
        "source_sha256": None,
        "needs_review": one.review is not None,
        "review_reason": one.review,
    }
