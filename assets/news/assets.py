"""The tables of news: articles month by month, and the companies, chips and rules they mention."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assets.news import feeds
from assets.news.feed import articles_of, merge
from assets.news.feeds import Feed
from assets.news.mentions import mentions_of
from assets.table import monthly_table, whole_table
from resources.deployment import Deployment
from resources.documents import Parsed, Row, SourceError
from resources.settings import ROOT

SOURCE = "news"


@monthly_table(pool="news", lists_source=True)
def articles(months: Sequence[str], deployment: Deployment) -> Iterator[tuple[str | None, Parsed]]:
    """Read every feed, in all versions the archive holds, since a feed forgets and the archive does not.

    One lost feed is a problem of its own; nothing is published without any feed.
    """
    problems: list[SourceError] = []
    read = [_articles_of(feed, deployment, problems) for feed in _feeds(deployment)]
    if read and not any(read):
        for problem in problems:
            problem.is_index = True
    everything = merge(version for versions in read for version in versions)
    for month in months:
        yield month, Parsed([row for row in everything if row["month"] == month])
    yield None, Parsed([], problems)


@whole_table(deps=["articles"])
def mentions(deployment: Deployment) -> Parsed:
    """Where the gazetteer's names stand in titles and texts."""
    return Parsed(mentions_of(deployment.lake.rows("articles")))


def _feeds(deployment: Deployment) -> Sequence[Feed]:
    """The configured feeds; a folder's own list comes before ours, of which a folder is asked only what it holds."""
    folder = deployment.sources.folder
    own = folder.path / "feeds.yml" if folder else None
    if deployment.settings.feeds is not None:
        return feeds.load(ROOT / deployment.settings.feeds)
    if own is not None and own.exists():
        return feeds.load(own)
    return [feed for feed in feeds.load() if deployment.sources.answers(feed.url)]


def _articles_of(feed: Feed, deployment: Deployment, problems: list[SourceError]) -> list[list[Row]]:
    """Articles of one feed, by version; empty where it could not be fetched and was never held."""
    try:
        deployment.archive.fetch(feed.url, source=SOURCE)
    except SourceError as error:
        problems.append(error)
    versions: list[list[Row]] = []
    of_newest: list[SourceError] = []
    for held in deployment.archive.versions(feed.url):
        try:
            parsed = articles_of(
                held.body, feed=feed, fetched_at=held.fetched_at, sha256=held.sha256, content_type=held.content_type
            )
        except SourceError as error:
            error.is_index = False
            of_newest = [error]
            continue
        versions.append(parsed.rows)
        of_newest = parsed.problems
    problems += of_newest  # those of older versions were told when they were the newest
    return versions
