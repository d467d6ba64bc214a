"""Names of companies, chips and rules, and where a text has them.

The names stand in ``gazetteer.yml``, whose head describes their form. All of them are compiled into one expression in
the shape of a prefix tree, so that the cost of a text does not grow with their number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

GAZETTEER = Path(__file__).with_name("gazetteer.yml")

Kind = Literal["company", "chip", "rule"]
_WINDOW = 40  # characters on either side that a guard may look at
_HYPHENS = "\u2010\u2011\u2012\u2013\u2014\u2212"
# Every replacement is one character for one, so that offsets hold.
_WIDTH = {0xFF01 + i: 0x21 + i for i in range(0x5E)} | {ord(c): "-" for c in _HYPHENS} | {0xA0: " ", 0x3000: " "}
_FOLD = {**_WIDTH, **{code: code + 32 for code in range(ord("A"), ord("Z") + 1)}}
_FOLD |= {0xFF21 + i: ord("a") + i for i in range(26)}
_BETWEEN_LETTERS, _BESIDE_OTHERS = "[ -]{1,2}", "[ -]{0,2}"


class GazetteerError(Exception):
    """The gazetteer is not well formed; the message names the entity or the name."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Guarded(_Strict):
    names: tuple[str, ...]
    case: Literal["exact", "any"] = "exact"
    needs: tuple[str, ...] = ()
    near: int | None = None
    never_with: tuple[str, ...] = ()
    unless_before: str = ""
    unless_after: str = ""


class _Entity(_Strict):
    id: str = Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
    kind: Kind
    label: str
    exact: tuple[str, ...] = ()
    any_case: tuple[str, ...] = ()
    guarded: tuple[_Guarded, ...] = ()


class _File(_Strict):
    vocabulary: tuple[tuple[str, ...], ...] = ()
    entities: tuple[_Entity, ...]


@dataclass(frozen=True)
class Hit:
    """A name found: half-open span of characters in the text, and what it names."""

    start: int
    end: int
    kind: Kind
    entity_id: str


@dataclass(frozen=True)
class _Name:
    surface: str
    entity: _Entity
    exact: bool
    guard: _Guarded | None
    pattern: re.Pattern[str]


@dataclass
class Context:
    """The article around a text: what guards may ask for. Answers are kept, since many names ask the same."""

    text: str
    _folded: str = ""
    _answers: dict[tuple[str, ...], bool] = field(default_factory=dict)

    def has(self, words: tuple[str, ...]) -> bool:
        """Whether one of the words stands in the article."""
        if words not in self._answers:
            self._folded = self._folded or self.text.translate(_FOLD)
            self._answers[words] = bool(_any_of(words).search(self._folded))
        return self._answers[words]


class Gazetteer:
    """All names, compiled. Use :func:`load`."""

    def __init__(self, entities: tuple[_Entity, ...]) -> None:
        self.entities = {entity.id: (entity.kind, entity.label) for entity in entities}
        if len(self.entities) != len(entities):
            raise GazetteerError("an id stands twice")
        self._names: dict[str, list[_Name]] = {}
        tree: dict[str, Any] = {}
        for name in _names_of(entities):
            self._add(name)
            _grow(tree, _tokens(name.surface))
        self._shorter = {
            key: [other for end in range(len(key) - 1, 0, -1) for other in self._names.get(key[:end], ())]
            for key in self._names
        }
        self._pattern = re.compile(_expression(tree))

    def find(self, text: str, context: Context) -> Iterator[Hit]:
        """Names in ``text``, from left to right and without overlap; of those that begin at one place the longest.

        ``context`` is the article ``text`` belongs to. A name whose guard forbids it makes room for a shorter one.
        """
        folded, position = text.translate(_FOLD), 0
        as_written = text.translate(_WIDTH)
        while found := self._pattern.search(folded, position):
            start = found.start()
            hit = self._hit(folded, as_written, start, found.end(), context)
            if hit:
                yield hit
            position = hit.end if hit else start + 1

    def _hit(self, folded: str, as_written: str, start: int, end: int, context: Context) -> Hit | None:
        key = _key(folded[start:end])
        for name in [*self._names.get(key, ()), *self._shorter.get(key, ())]:
            found = name.pattern.match(folded, start)
            if found and _admissible(name, folded, as_written, found.span(), context):
                return Hit(found.start(), found.end(), name.entity.kind, name.entity.id)
        return None

    def _add(self, name: _Name) -> None:
        known = self._names.setdefault(_key(name.surface.translate(_FOLD)), [])
        for other in known:
            if other.entity.id != name.entity.id:
                raise GazetteerError(f"{name.surface} names both {other.entity.id} and {name.entity.id}")
        known.append(name)


@cache
def load(path: Path = GAZETTEER) -> Gazetteer:
    """Read and compile a gazetteer.

    Raises:
        GazetteerError: the file is missing, not well formed, or a name stands for two entities.
    """
    try:
        return Gazetteer(_File.model_validate(yaml.safe_load(path.read_text("utf-8"))).entities)
    except (OSError, ValueError, yaml.YAMLError, re.error) as error:
        raise GazetteerError(f"{path.name}: {error}") from error


def _names_of(entities: tuple[_Entity, ...]) -> Iterator[_Name]:
    for entity in entities:
        for surface in entity.exact:
            yield _Name(surface, entity, True, None, _compiled(surface))
        for surface in entity.any_case:
            yield _Name(surface, entity, False, None, _compiled(surface))
        for guard in entity.guarded:
            for surface in guard.names:
                yield _Name(surface, entity, guard.case == "exact", guard, _compiled(surface))


def _admissible(name: _Name, folded: str, as_written: str, span: tuple[int, int], context: Context) -> bool:
    start, end = span
    if _is_word(folded[start]) and start and _is_word(folded[start - 1]):
        return False
    if _is_word(folded[end - 1]) and end < len(folded) and _is_word(folded[end]):
        # "H20s" is several of them; the chip's name ends before the s.
        plural = name.entity.kind == "chip" and folded[end] == "s" and not _is_word(folded[end + 1 : end + 2])
        if not plural:
            return False
    if name.exact and _key(as_written[start:end]) != _key(name.surface.translate(_WIDTH)):
        return False
    return name.guard is None or _guard_admits(name.guard, folded, as_written, span, context)


def _guard_admits(guard: _Guarded, folded: str, as_written: str, span: tuple[int, int], context: Context) -> bool:
    start, end = span
    before, after = as_written[max(0, start - _WINDOW) : start], as_written[end : end + _WINDOW]
    if guard.unless_before and _before(guard.unless_before).search(before):
        return False
    if guard.unless_after and _after(guard.unless_after).match(after):
        return False
    if guard.never_with and context.has(guard.never_with):
        return False
    if guard.needs and guard.near is not None:
        around = f"{folded[max(0, start - guard.near) : start]} {folded[end : end + guard.near]}"
        return bool(_any_of(guard.needs).search(around))
    return not guard.needs or context.has(guard.needs)


def _is_word(character: str) -> bool:
    # Chinese is written without blanks: only letters and digits of other scripts continue a Latin word.
    return (character.isalnum() and ord(character) < 0x2E80) or character == "_"


def _tokens(surface: str) -> list[str]:
    """Characters of a name as expressions; a blank or hyphen becomes the gap that may stand there."""
    folded, tokens = surface.translate(_FOLD), []
    for index, character in enumerate(folded):
        if character not in " -":
            tokens.append(re.escape(character))
            continue
        neighbours = folded[index - 1 : index] + folded[index + 1 : index + 2]
        letters = neighbours.isascii() and neighbours.isalpha()
        tokens.append(_BETWEEN_LETTERS if letters else _BESIDE_OTHERS)
    # Between a Chinese character and a Latin letter or digit authors set a blank or not, whatever is written here.
    spaced: list[str] = []
    for token, following in zip(tokens, [*tokens[1:], ""], strict=True):
        spaced.append(token)
        if len(token.lstrip("\\")) == len(following.lstrip("\\")) == 1 and token.isascii() != following.isascii():
            spaced.append(_BESIDE_OTHERS)
    return spaced


def _compiled(surface: str) -> re.Pattern[str]:
    return re.compile("".join(_tokens(surface)))


def _key(text: str) -> str:
    return re.sub(r"[ -]", "", text)


def _grow(tree: dict[str, Any], tokens: list[str]) -> None:
    for token in tokens:
        tree = tree.setdefault(token, {})
    tree[""] = {}


def _expression(tree: dict[str, Any]) -> str:
    """The prefix tree as an expression that takes the longest name first."""
    branches = [token + _expression(below) for token, below in sorted(tree.items()) if token]
    if not branches:
        return ""
    joined = branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
    return f"(?:{joined})?" if "" in tree else joined


@cache
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(_bounded(word) for word in sorted(words, key=len, reverse=True)))


def _bounded(word: str) -> str:
    body = "".join(_tokens(word))
    folded = word.translate(_FOLD)
    before = "(?<![a-z0-9])" if _is_word(folded[0]) else ""
    return f"{before}{body}{'(?![a-z0-9])' if _is_word(folded[-1]) else ''}"


@cache
def _before(expression: str) -> re.Pattern[str]:
    return re.compile(f"(?:{expression})$")


@cache
def _after(expression: str) -> re.Pattern[str]:
    return re.compile(expression)
