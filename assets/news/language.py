"""Language of a text as a BCP 47 tag, deciding between the two Chinese scripts by the characters themselves."""

from __future__ import annotations

import re
from functools import cache

UNDETERMINED = "und"
"""BCP 47 for a text whose language neither its source nor its script tells."""

_TAG = re.compile(r"([a-z]{2,3})(?:[-_]([a-z0-9]{2,8}))?(?:[-_]([a-z0-9]{2,8}))?", re.IGNORECASE)
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_KANA = re.compile(r"[\u3041-\u30fa]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_LATIN = re.compile(r"[A-Za-z]+")
_TRADITIONAL_REGIONS = frozenset({"hant", "tw", "hk", "mo"})
_SIMPLIFIED_REGIONS = frozenset({"hans", "cn", "sg", "my"})


def tag_of(declared: str | None) -> str:
    """Reduce a declared tag to the forms used here: ``en-US`` to ``en``, ``zh-TW`` to ``zh-Hant``; ``zh`` stays."""
    found = _TAG.fullmatch((declared or "").strip())
    if not found:
        return UNDETERMINED
    primary = found[1].lower()
    if primary != "zh":
        return primary
    rest = {(part or "").lower() for part in found.groups()[1:]}
    if "hans" in rest or (rest & _SIMPLIFIED_REGIONS and "hant" not in rest):
        return "zh-Hans"
    return "zh-Hant" if rest & _TRADITIONAL_REGIONS else "zh"


def language_of(text: str, *, declared: str | None, configured: str) -> str:
    """Language of a text.

    The script decides where it can: kana is Japanese, Hangul Korean, Han beyond a third of the words Chinese, and which
    Chinese by the characters only one of the scripts has. Otherwise the tag the document declares, then the
    configured one.

    Args:
        text: title and text together.
        declared: what the item or the feed says of itself, if anything.
        configured: the tag of the feed in the settings; decides where a Chinese text has no telling character.
    """
    han, kana, hangul = (len(pattern.findall(text)) for pattern in (_HAN, _KANA, _HANGUL))
    words = len(_LATIN.findall(text))
    said = tag_of(declared)
    if han + kana + hangul > words / 2:
        if hangul > han + kana:
            return "ko"
        if kana * 10 > han:
            return "ja"
        return _chinese(text, said, configured)
    if said.startswith("zh"):
        said = "en" if words > 3 else UNDETERMINED
    if said == UNDETERMINED:
        return UNDETERMINED if configured.startswith("zh") and not words else _not_chinese(configured)
    return said


def script_counts(text: str) -> tuple[int, int]:
    """Count of characters that only Simplified, and that only Traditional Chinese has."""
    simplified = traditional = 0
    for character in _HAN.findall(text):
        script = _script(character)
        simplified += script == "Hans"
        traditional += script == "Hant"
    return simplified, traditional


def _chinese(text: str, said: str, configured: str) -> str:
    simplified, traditional = script_counts(text)
    if simplified != traditional:
        return "zh-Hans" if simplified > traditional else "zh-Hant"
    for tag in (said, configured):
        if tag in ("zh-Hans", "zh-Hant"):
            return tag
    return "zh-Hans"


def _not_chinese(configured: str) -> str:
    return "en" if configured.startswith("zh") else configured


@cache
def _script(character: str) -> str:
    # GB 2312 (1980) is the repertoire of Simplified Chinese, Big5 (1984) that of Traditional: a character that one of
    # them has and the other lacks tells the script, without any table of our own.
    in_gb, in_big5 = (_encodes(character, encoding) for encoding in ("gb2312", "big5"))
    if in_gb == in_big5:
        return ""
    return "Hans" if in_gb else "Hant"


def _encodes(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
