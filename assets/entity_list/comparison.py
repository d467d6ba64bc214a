"""Whether two texts of an entry say the same: punctuation, white space and line breaks mean nothing.

The official text changes its punctuation and breaks its lines anew between dates without any rule.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from assets.entity_list.entity_names import name_key, own_name
from assets.entity_list.license_requirement import read_requirement
from assets.entity_list.review_policy import read_policy
from resources.documents import Row

_NOTHING: Final = re.compile(r"\b(?:and|the)\b", re.IGNORECASE)
COMPARED: Final = (
    "name",
    "aliases",
    "addresses",
    "sub_entities",
    "sub_entity_aliases",
    "sub_entity_addresses",
    "entry_text",
    "license_requirement",
    "license_review_policy",
    "footnotes",
)
"""What is compared, in the order in which differences are named."""
_LISTS: Final = ("aliases", "addresses", "sub_entities", "sub_entity_aliases", "sub_entity_addresses")


def differing_fields(ours: Row, official: Row, *, name: str = "entry_name", text: bool = True) -> list[str]:
    """Name the fields in which two entries differ in meaning.

    Args:
        ours: an entry as replayed, with the columns of ``entity_list_history``.
        official: an entry with the columns of ``entity_list_snapshots``.
        name: the official entry's column for its name.
        text: whether the official entry has the whole cell; if not, what it lacks is not compared.
    """
    differing = []
    if not (text and text_key(ours["entry_text"]) == text_key(official["entry_text"])):
        # The screening list prints what an institution is subordinate to in front of its name.
        if name_key(ours["name"]) != name_key(own_name(official[name])):
            differing.append("name")
        parts = _LISTS if text else ("aliases",)
        differing += [part for part in parts if _set(ours[part]) != _set(official[part])]
        if text and not differing:
            differing.append("entry_text")
    if _requirement(ours["license_requirement"]) != _requirement(official["license_requirement"]):
        differing.append("license_requirement")
    if _policy(ours["license_review_policy"]) != _policy(official["license_review_policy"]):
        differing.append("license_review_policy")
    if text and set(ours["footnotes"]) != set(official["footnotes"]):
        differing.append("footnotes")
    return differing


def text_key(words: str | None) -> str:
    """Return words for comparison: letters and digits in one case, without conjunctions and articles."""
    return name_key(_NOTHING.sub(" ", words or ""))


def _set(words: Sequence[str]) -> set[str]:
    return {text_key(one) for one in words} - {""}


def _requirement(words: str | None) -> object:
    """What a requirement says, in values where they are understood, otherwise in letters."""
    read = read_requirement(words)
    if not read.understood:
        return text_key(words)
    return read.scope, set(read.items), read.condition, set(read.exceptions), set(read.sections), read.extends_worldwide


def _policy(words: str | None) -> object:
    read = read_policy(words)
    if not read.understood:
        return text_key(words)
    return read.kind, {(part.policy, text_key(part.items)) for part in read.parts}, set(read.sections)
