"""From a feed's bytes to characters, without guessing silently.

Feed readers that know no encoding fall back to a Western one and turn Chinese into noise; here an encoding is one that
was declared, UTF-8, or the one usual for the feed's configured language, and anything but the first is said.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from email.message import Message

_XML_DECLARATION = re.compile(rb"""<\?xml[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_TEXT_ENCODINGS = re.compile(
    r"utf|us-ascii|latin|iso|windows|cp\d|koi8|euc|shift|sjis|gb|x-gbk|hz|big5|x-x-big5|tis|mac|ascii"
)
# What the labels mean in practice (WHATWG Encoding): the declared set or the superset that its publishers really use.
_MEANT: dict[str, tuple[str, ...]] = {
    "gb2312": ("gb18030",),
    "gbk": ("gb18030",),
    "x-gbk": ("gb18030",),
    "big5": ("big5hkscs", "cp950"),
    "big5-hkscs": ("big5hkscs", "cp950"),
    "x-x-big5": ("big5hkscs", "cp950"),
    "shift_jis": ("cp932",),
    "shift-jis": ("cp932",),
    "sjis": ("cp932",),
    "euc-kr": ("cp949",),
    "iso-8859-1": ("cp1252", "latin-1"),
    "latin1": ("cp1252", "latin-1"),
    "latin-1": ("cp1252", "latin-1"),
    "us-ascii": ("ascii",),
}
_USUAL: dict[str, tuple[str, ...]] = {
    "zh-Hans": ("gb18030",),
    "zh-Hant": ("big5hkscs", "cp950"),
    "en": ("cp1252",),
}
_WESTERN = 0.1  # more bytes than this share beyond ASCII are no text in a Western language
_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_ONE_BYTE = ("cp125", "latin", "iso-8859", "ascii", "windows-")


@dataclass(frozen=True)
class Decoded:
    """Characters of a document; ``doubt`` says why they may be wrong, and is empty if the declaration held."""

    text: str
    encoding: str
    doubt: str = ""


def decoded(body: bytes, *, content_type: str | None, language: str) -> Decoded:
    """Decode a feed.

    Order: byte order mark; UTF-8 where it is declared, where nothing is, or where only a one-byte set is (bytes that
    are valid UTF-8 beyond ASCII are not Latin-1); the charset of the HTTP header; that of the XML declaration; UTF-8;
    the encoding usual for ``language``. As a last resort bytes outside UTF-8 become U+FFFD, and ``doubt`` says so.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark) and (text := _strictly(body, encoding)) is not None:
            return Decoded(text, encoding)
    declared = [label for label in (_http_charset(content_type), _xml_encoding(body)) if label]
    meant = [(label, encoding) for label in declared for encoding in _meaning(label)]
    as_utf8 = _strictly(body, "utf-8")
    only_one_byte = all(encoding.startswith(_ONE_BYTE) for _, encoding in meant)
    if as_utf8 is not None and (not declared or body.isascii() or "utf-8" in declared):
        return Decoded(as_utf8, "utf-8")
    if as_utf8 is not None and only_one_byte:
        return Decoded(as_utf8, "utf-8", f"declared as {declared[0]}, but its bytes are UTF-8")
    for label, encoding in meant:
        if (text := _strictly(body, encoding)) is not None:
            doubt = "" if label == declared[0] else f"declared as {declared[0]}, but its bytes are {label}"
            return Decoded(text, encoding, doubt)
    said = f"declared as {', '.join(declared)}, but its bytes are not" if declared else "no encoding declared"
    usual = _USUAL.get(language, ())
    if language == "en" and sum(byte > 0x7F for byte in body) > _WESTERN * len(body):
        usual = ()
    for encoding in ("utf-8", *usual):
        if (text := _strictly(body, encoding)) is not None:
            return Decoded(text, encoding, f"{said}; read as {encoding}")
    return Decoded(body.decode("utf-8", "replace"), "utf-8", f"{said}; read as UTF-8 with unknown bytes replaced")


def _strictly(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _meaning(label: str) -> tuple[str, ...]:
    if label in _MEANT:
        return _MEANT[label]
    return (label,) if _TEXT_ENCODINGS.match(label) else ()


def _http_charset(content_type: str | None) -> str:
    header = Message()
    header["content-type"] = " ".join((content_type or "").split())
    return (header.get_content_charset() or "").lower()


def _xml_encoding(body: bytes) -> str:
    found = _XML_DECLARATION.search(body[:1024])
    return found[1].decode("ascii").lower() if found else ""
