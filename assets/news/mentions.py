"""Where articles name companies, chips and rules: rows of the table ``mentions``."""

from __future__ import annotations

from collections.abc import Iterable

from assets.news.gazetteer import Context, Gazetteer, load
from resources.documents import Row

FIELDS = ("title", "text")


def mentions_of(articles: Iterable[Row], gazetteer: Gazetteer | None = None) -> list[Row]:
    """Find every mention in the titles and texts of articles.

    Args:
        articles: rows with (at least) ``canonical_url, month, title, text, language, source_sha256`` of the contract
            ``articles``.
        gazetteer: names to look for; the project's own by default.

    Returns:
        Rows of the contract ``mentions``, in the order of the articles, title before text, left to right. Offsets
        count Unicode characters in the column named by ``field``.
    """
    names = gazetteer or load()
    return [mention for article in articles for mention in _of_one(article, names)]


def _of_one(article: Row, names: Gazetteer) -> list[Row]:
    context = Context(f"{article['title']}\n{article['text'] or ''}")
    return [
        {
            "canonical_url": article["canonical_url"],
            "month": article["month"],
            "field": column,
            "start": hit.start,
            "end": hit.end,
            "entity_kind": hit.kind,
            "entity_id": hit.entity_id,
            "surface": article[column][hit.start : hit.end],
            "language": article["language"],
            "source_sha256": article["source_sha256"],
        }
        for column in FIELDS
        for hit in names.find(article[column] or "", context)
    ]
