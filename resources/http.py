"""Requests to the sources: polite, bounded, and with permanent and transient failures told apart."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit

import requests
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from resources.documents import SourceError, TransientSourceError
from resources.settings import Settings

_TRANSIENT_STATUSES: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_CHUNK: Final = 1 << 16


@dataclass(frozen=True)
class Answer:
    """What a source answered: 200 with a body, or 304 without one."""

    url: str
    status: int
    body: bytes
    content_type: str
    etag: str
    last_modified: str


class _BusySourceError(TransientSourceError):
    """A transient failure, with the wait the source asked for."""

    def __init__(self, source: str, url: str, reason: str, retry_after_s: float | None) -> None:
        super().__init__(source, url, "", reason, remedy="the source may answer later; the run can be retried")
        self.retry_after_s = retry_after_s


class Http:
    """A session with per-host spacing, retries with jitter, conditional requests, time and size limits.

    Args:
        settings: attempts, waits, limits, User-Agent.
        session: the transport; a folder of documents is mounted on it where sources are not live.
        sleep: how to wait; tests pass their own.
        clock: seconds since the epoch, only for Retry-After dates.
        ticks: seconds that are never set back, only for spacing.
        spaced: whether requests to a host keep their distance; a folder needs none.
    """

    def __init__(
        self,
        settings: Settings,
        session: requests.Session,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
        ticks: Callable[[], float] = time.monotonic,
        spaced: bool = True,
    ) -> None:
        self._settings = settings
        self._session = session
        self._session.headers["User-Agent"] = settings.user_agent
        self._session.headers["Accept-Encoding"] = "gzip, deflate"
        self._sleep = sleep
        self._clock = clock
        self._ticks = ticks
        self._spaced = spaced
        self._next_at: dict[str, float] = {}

    def get(self, url: str, *, source: str, etag: str = "", last_modified: str = "") -> Answer:
        """Get one address.

        Args:
            url: where.
            source: who is asked; errors name it.
            etag: validator of what is already held, sent as If-None-Match.
            last_modified: likewise, sent as If-Modified-Since.

        Raises:
            TransientSourceError: no answer, or 408, 425, 429 and 5xx, after the configured attempts.
            SourceError: any other status than 200 and 304, a body over the size limit, or an address that is none; at
                once, without retry.
        """
        headers = {}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        retrying = Retrying(
            retry=retry_if_exception_type(_BusySourceError) & _waits_no_longer_than(self._settings.http_longest_wait_s),
            stop=stop_after_attempt(self._settings.http_attempts),
            wait=self._wait,
            sleep=self._sleep,
            reraise=True,
        )
        return retrying(self._get_once, url, source, headers)

    def _wait(self, state: RetryCallState) -> float:
        jittered = wait_random_exponential(multiplier=0.5, max=self._settings.http_longest_wait_s)(state)
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after_s if isinstance(error, _BusySourceError) else None
        return max(asked, min(jittered, 1.0)) if asked is not None else jittered

    def _get_once(self, url: str, source: str, headers: dict[str, str]) -> Answer:
        try:
            self._keep_distance(url)
            with self._session.get(
                self._settings.address_of(url), headers=headers, timeout=self._settings.http_timeout_s, stream=True
            ) as answer:
                self._refuse(answer, url, source)
                body = self._read(answer, url, source) if answer.status_code == 200 else b""
                return Answer(
                    url=url,
                    status=answer.status_code,
                    body=body,
                    content_type=answer.headers.get("Content-Type", ""),
                    etag=answer.headers.get("ETag", ""),
                    last_modified=answer.headers.get("Last-Modified", ""),
                )
        except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
            raise _BusySourceError(source, url, f"no whole answer: {error}", None) from error
        except (requests.RequestException, ValueError) as error:  # ValueError: an address that cannot be taken apart
            raise SourceError(source, url, "", f"cannot be requested: {error}") from error

    def _refuse(self, answer: requests.Response, url: str, source: str) -> None:
        status = answer.status_code
        if status in _TRANSIENT_STATUSES:
            raise _BusySourceError(source, url, f"answered {status} {answer.reason}", self._retry_after_s(answer))
        if status not in (200, 304):
            remedy = "set CHOKEPOINT_CONTACT" if status == 403 and "sec.gov" in url else "check the address"
            raise SourceError(source, url, "", f"answered {status} {answer.reason}", remedy=remedy)

    def _read(self, answer: requests.Response, url: str, source: str) -> bytes:
        largest = self._settings.http_largest_body
        body = bytearray()
        for chunk in answer.iter_content(_CHUNK):
            body += chunk
            if len(body) > largest:
                raise SourceError(source, url, f"byte {largest}", f"the body is larger than {largest} bytes")
        promised = answer.headers.get("Content-Length", "")
        if promised.isdecimal() and not answer.headers.get("Content-Encoding") and len(body) != int(promised):
            raise _BusySourceError(source, url, f"a truncated body: {len(body)} of {promised} bytes", None)
        return bytes(body)

    def _retry_after_s(self, answer: requests.Response) -> float | None:
        value = answer.headers.get("Retry-After", "").strip()
        if not value:
            return None
        if value.isdecimal():
            return float(value)
        try:
            return max(0.0, parsedate_to_datetime(value).timestamp() - self._clock())
        except ValueError:
            return None

    def _keep_distance(self, url: str) -> None:
        if not self._spaced:
            return
        host = urlsplit(url).netloc
        now = self._ticks()
        start = max(now, self._next_at.get(host, now))
        self._next_at[host] = start + 1.0 / self._settings.requests_per_s(url)
        if start > now:
            self._sleep(start - now)


class _waits_no_longer_than(retry_if_exception_type):  # noqa: N801 - named as tenacity names its conditions
    """Do not retry here when the source asks for a longer wait than is sensible inside a step."""

    def __init__(self, longest_s: float) -> None:
        super().__init__(_BusySourceError)
        self._longest_s = longest_s

    def __call__(self, retry_state: RetryCallState) -> bool:
        error = retry_state.outcome.exception() if retry_state.outcome else None
        asked_s = error.retry_after_s if isinstance(error, _BusySourceError) else None
        return asked_s is None or asked_s <= self._longest_s
