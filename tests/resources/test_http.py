"""Http against a server that misbehaves: what is tried again, how often, after which wait, and what is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
import requests
import source_server as wrong
from source_server import SourceServer

from resources.documents import SourceError, TransientSourceError
from resources.http import Http
from resources.settings import Settings

URL = "https://www.sec.gov/Archives/edgar/data/1/000000000126000001/a.htm"
NOON = 1_700_000_000.0


class Time:
    """Clocks that move only when somebody sleeps, and the waits so far."""

    def __init__(self) -> None:
        self.now = NOON
        self.passed = 0.0
        self.waits: list[float] = []

    def clock(self) -> float:
        return self.now

    def ticks(self) -> float:
        return self.passed

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.passes(seconds)

    def passes(self, seconds: float) -> None:
        self.now += seconds
        self.passed += seconds


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def document(served: Path) -> bytes:
    """What the folder holds at URL."""
    file = served / URL.removeprefix("https://")
    file.parent.mkdir(parents=True)
    file.write_bytes(b"<html>" + b"Net revenue 57,006 " * 2000 + b"</html>")
    return file.read_bytes()


@pytest.fixture
def http(live: Callable[..., Settings], time: Time) -> Callable[..., Http]:
    def make(*, spaced: bool = False, **settings: Any) -> Http:
        return Http(
            live(**settings),
            requests.Session(),
            sleep=time.sleep,
            clock=time.clock,
            ticks=time.ticks,
            spaced=spaced,
        )

    return make


def test_answer_has_body_and_validators_under_the_sources_own_address(
    http: Callable[..., Http], server: SourceServer, document: bytes
) -> None:
    answer = http().get(URL, source="sec")
    assert (answer.url, answer.status, answer.body, answer.content_type) == (URL, 200, document, "text/html")
    assert answer.etag.startswith('"')
    assert answer.last_modified.endswith(" GMT")
    assert [asked.url for asked in server.asked] == [URL]


def test_user_agent_names_the_contact(http: Callable[..., Http], server: SourceServer, document: bytes) -> None:
    """SEC: "Please declare your traffic by updating your user agent to include company specific information"."""
    http(contact="ops@example.org").get(URL, source="sec")
    assert server.asked[0].headers["user-agent"] == "Chokepoint/0.1 (ops@example.org)"


def test_compressed_answers_are_asked_for_and_unpacked(
    http: Callable[..., Http], served: Path, document: bytes
) -> None:
    with SourceServer(served, gzips=True) as gzipping:
        answer = http(addresses=gzipping.addresses).get(URL, source="sec")
    assert gzipping.asked[0].headers["accept-encoding"] == "gzip, deflate"
    assert gzipping.asked[0].sent < len(document) / 10
    assert answer.body == document


@pytest.mark.parametrize("gzips", [False, True])
@pytest.mark.parametrize("validator", ["ETag", "Last-Modified"])
def test_either_validator_alone_spares_the_body(
    http: Callable[..., Http], served: Path, document: bytes, validator: str, gzips: bool
) -> None:
    with SourceServer(served, validators=[validator], gzips=gzips) as server:
        asking = http(addresses=server.addresses)
        first = asking.get(URL, source="sec")
        again = asking.get(URL, source="sec", etag=first.etag, last_modified=first.last_modified)
    assert bool(first.etag) == (validator == "ETag")
    assert (again.status, again.body) == (304, b"")
    assert [asked.status for asked in server.asked] == [200, 304]
    assert server.asked[1].sent == 0


def test_changed_document_comes_whole_although_asked_conditionally(
    http: Callable[..., Http], served: Path, server: SourceServer, document: bytes
) -> None:
    first = http().get(URL, source="sec")
    (served / URL.removeprefix("https://")).write_bytes(b"<html>amended</html>")
    again = http().get(URL, source="sec", etag=first.etag, last_modified=first.last_modified)
    assert (again.status, again.body) == (200, b"<html>amended</html>")


@pytest.mark.parametrize("code", [400, 401, 403, 404, 410, 418, 501])
def test_permanent_statuses_fail_at_once_with_the_address(
    http: Callable[..., Http], server: SourceServer, time: Time, code: int
) -> None:
    server.misbehave(URL, wrong.status(code))
    with pytest.raises(SourceError) as failure:
        http().get(URL, source="sec")
    assert not isinstance(failure.value, TransientSourceError)
    assert len(server.asked) == 1
    assert time.waits == []
    assert URL in str(failure.value)
    assert f"answered {code}" in failure.value.reason
    assert failure.value.source == "sec"
    assert failure.value.remedy


def test_403_of_the_sec_says_that_it_wants_a_contact(http: Callable[..., Http], server: SourceServer) -> None:
    server.misbehave(URL, wrong.status(403))
    with pytest.raises(SourceError, match="CHOKEPOINT_CONTACT"):
        http().get(URL, source="sec")


@pytest.mark.parametrize("code", [408, 425, 429, 500, 502, 503, 504])
def test_transient_statuses_are_tried_again_until_the_answer_comes(
    http: Callable[..., Http], server: SourceServer, time: Time, document: bytes, code: int
) -> None:
    server.misbehave(URL, wrong.status(code), times=3)
    assert http().get(URL, source="sec").body == document
    assert [asked.status for asked in server.asked] == [code, code, code, 200]
    assert len(time.waits) == 3


TRANSIENT: dict[str, tuple[Callable[[], wrong.Behaviour], str]] = {
    "503": (lambda: wrong.status(503), "answered 503"),
    "reset": (wrong.reset, "no whole answer"),
    "truncated": (wrong.truncated, "no whole answer|truncated"),
    "truncated gzip": (lambda: wrong.truncated(compress=True), "no whole answer"),
    "unfinished chunks": (wrong.cut_chunks, "no whole answer"),
    "slow to begin": (lambda: wrong.slow(5), "no whole answer.*timed out"),
    "stalled in the middle": (lambda: wrong.stalled(5), "no whole answer.*timed out"),
}


@pytest.mark.parametrize("name", TRANSIENT)
def test_attempts_are_bounded_and_the_failure_is_transient(
    http: Callable[..., Http], server: SourceServer, time: Time, document: bytes, name: str
) -> None:
    behaviour, said = TRANSIENT[name]
    server.misbehave(URL, behaviour())
    with pytest.raises(TransientSourceError, match=said) as failure:
        http(http_attempts=3, http_timeout_s=0.15).get(URL, source="sec")
    assert len(time.waits) == 2
    if not name.startswith("slow"):  # a request that was given up before its answer is noted by nobody
        assert len(server.asked) == 3
    assert URL in str(failure.value)
    assert failure.value.remedy


@pytest.mark.parametrize("name", ["reset", "truncated", "truncated gzip", "unfinished chunks"])
def test_broken_answer_is_followed_by_the_whole_one(
    http: Callable[..., Http], server: SourceServer, document: bytes, name: str
) -> None:
    server.misbehave(URL, TRANSIENT[name][0](), times=1)
    assert http().get(URL, source="sec").body == document
    assert len(server.asked) == 2


def test_nobody_listening_is_transient(http: Callable[..., Http], time: Time) -> None:
    asking = http(addresses={"https://www.sec.gov": "http://127.0.0.1:1"}, http_attempts=2)
    with pytest.raises(TransientSourceError, match="refused") as failure:
        asking.get(URL, source="sec")
    assert len(time.waits) == 1
    assert URL in str(failure.value)


def test_same_failure_has_the_same_words_each_time(http: Callable[..., Http], server: SourceServer) -> None:
    """Its words are a column of the ledger, where a failure that repeats itself adds no row."""
    server.misbehave(URL, wrong.reset())
    said = set()
    for addresses in [server.addresses, {"https://www.sec.gov": "http://127.0.0.1:1"}]:
        for _ in range(3):
            with pytest.raises(TransientSourceError) as failure:
                http(addresses=addresses, http_attempts=1).get(URL, source="sec")
            said.add(failure.value.reason)
    assert len(said) == 2, said


def test_waits_are_jittered_grow_and_are_bounded(http: Callable[..., Http], server: SourceServer, time: Time) -> None:
    server.misbehave(URL, wrong.status(503))
    for _ in range(20):
        with pytest.raises(TransientSourceError):
            http(http_attempts=6, http_longest_wait_s=3).get(URL, source="sec")
    by_attempt = [time.waits[attempt::5] for attempt in range(5)]
    for attempt, waits in enumerate(by_attempt):
        assert len(waits) == 20
        assert len(set(waits)) > 10, "no jitter: clients that failed together would come back together"
        assert all(0 <= wait <= min(0.5 * 2**attempt, 3) for wait in waits)
    assert max(by_attempt[4]) > max(by_attempt[0]), "waits do not grow"


def test_retry_after_in_seconds_is_waited_out(
    http: Callable[..., Http], server: SourceServer, time: Time, document: bytes
) -> None:
    server.misbehave(URL, wrong.status(429, retry_after="7"), times=2)
    assert http().get(URL, source="sec").body == document
    assert len(time.waits) == 2
    assert all(7 <= wait <= 8 for wait in time.waits)


def test_retry_after_as_a_date_is_waited_out(
    http: Callable[..., Http], server: SourceServer, time: Time, document: bytes
) -> None:
    at = format_datetime(datetime.fromtimestamp(NOON + 20, UTC), usegmt=True)
    server.misbehave(URL, wrong.status(503, retry_after=at), times=1)
    assert http().get(URL, source="sec").body == document
    assert len(time.waits) == 1
    assert 20 <= time.waits[0] <= 21


@pytest.mark.parametrize("value", ["Wed, 01 Jan 2020 00:00:00 GMT", "0", "soon", "-5", "1.5", "²", ""])
def test_retry_after_that_is_past_or_no_time_leaves_the_usual_wait(
    http: Callable[..., Http], server: SourceServer, time: Time, document: bytes, value: str
) -> None:
    server.misbehave(URL, wrong.status(429, retry_after=value), times=1)
    assert http().get(URL, source="sec").body == document
    assert len(time.waits) == 1
    assert 0 <= time.waits[0] <= 1


@pytest.mark.parametrize("value", ["61", "86400", "9" * 400])
def test_a_longer_retry_after_than_is_sensible_leaves_it_to_the_run(
    http: Callable[..., Http], server: SourceServer, time: Time, value: str
) -> None:
    server.misbehave(URL, wrong.status(429, retry_after=value))
    with pytest.raises(TransientSourceError, match="answered 429"):
        http(http_longest_wait_s=60).get(URL, source="sec")
    assert len(server.asked) == 1
    assert time.waits == []


@pytest.mark.parametrize("size", [1000, 1001])
def test_size_limit_is_exact_and_permanent(
    http: Callable[..., Http], server: SourceServer, time: Time, size: int
) -> None:
    server.misbehave(URL, wrong.oversized(size))
    asking = http(http_largest_body=1000)
    if size == 1000:
        assert len(asking.get(URL, source="sec").body) == 1000
        return
    with pytest.raises(SourceError, match="larger than 1000 bytes") as failure:
        asking.get(URL, source="sec")
    assert not isinstance(failure.value, TransientSourceError)
    assert URL in str(failure.value)
    assert len(server.asked) == 1


def test_body_over_the_limit_is_not_received_to_its_end(http: Callable[..., Http], server: SourceServer) -> None:
    whole = 64 << 20
    server.misbehave(URL, wrong.oversized(whole))
    with pytest.raises(SourceError, match="larger than"):
        http(http_largest_body=1 << 20).get(URL, source="sec")
    server.closing.wait(0.2)  # until the server has met the closed connection
    assert server.asked[0].sent < whole / 2


def test_size_limit_counts_what_is_unpacked(http: Callable[..., Http], server: SourceServer) -> None:
    server.misbehave(URL, wrong.compressed(bytes(50 << 20)))
    with pytest.raises(SourceError, match="larger than"):
        http(http_largest_body=1 << 20).get(URL, source="sec")
    assert server.asked[0].sent < 1 << 20


def test_redirect_is_followed_and_the_address_stays(
    http: Callable[..., Http], server: SourceServer, document: bytes
) -> None:
    old = "https://www.sec.gov/old"
    server.misbehave("/old", wrong.redirected(URL))
    answer = http().get(old, source="sec")
    assert (answer.url, answer.body) == (old, document)


def test_endless_redirects_are_permanent(http: Callable[..., Http], server: SourceServer) -> None:
    server.misbehave(URL, wrong.redirected(URL))
    with pytest.raises(SourceError, match="redirects") as failure:
        http().get(URL, source="sec")
    assert not isinstance(failure.value, TransientSourceError)


@pytest.mark.parametrize(
    "address", ["http://[bad/x", "no address", "", "ftp://www.sec.gov/x", "file:///etc/hostname", "https://exa mple/x"]
)
def test_an_address_that_is_none_is_an_error_of_its_document(http: Callable[..., Http], address: str) -> None:
    """Such an address comes from a document; it must not end the step for all others."""
    with pytest.raises(SourceError) as failure:
        http(spaced=True).get(address, source="sec")
    assert not isinstance(failure.value, TransientSourceError)
    assert failure.value.document == address


def test_requests_to_a_host_keep_their_distance(
    http: Callable[..., Http], server: SourceServer, time: Time, document: bytes
) -> None:
    asking = http(spaced=True, http_requests_per_s={"www.sec.gov": 4.0})
    for _ in range(4):
        asking.get(URL, source="sec")
    assert time.waits == pytest.approx([0.25, 0.25, 0.25])


def test_distance_is_by_the_sources_host_and_one_second_where_none_is_set(
    http: Callable[..., Http], served: Path, time: Time, document: bytes
) -> None:
    """Both hosts are the same test server, whose name must not matter."""
    (served / "data.sec.gov").mkdir()
    (served / "data.sec.gov" / "b.json").write_bytes(b"{}")
    asking = http(spaced=True, http_requests_per_s={"www.sec.gov": 4.0})
    asking.get(URL, source="sec")
    asking.get("https://data.sec.gov/b.json", source="sec")
    assert time.waits == []
    asking.get("https://data.sec.gov/b.json", source="sec")
    assert time.waits == pytest.approx([1.0])
    time.passes(10)
    asking.get(URL, source="sec")
    assert len(time.waits) == 1, "nobody waits for a turn that is long past"


def test_attempts_after_a_failure_keep_their_distance_too(
    http: Callable[..., Http], server: SourceServer, time: Time, document: bytes
) -> None:
    server.misbehave(URL, wrong.status(503), times=3)
    http(spaced=True, http_requests_per_s={"www.sec.gov": 0.1}).get(URL, source="sec")
    assert time.passed == pytest.approx(30)


def test_a_clock_set_back_does_not_stop_the_night(
    http: Callable[..., Http], server: SourceServer, time: Time, document: bytes
) -> None:
    asking = http(spaced=True, http_requests_per_s={"www.sec.gov": 4.0})
    asking.get(URL, source="sec")
    time.now -= 3600
    asking.get(URL, source="sec")
    assert sum(time.waits) <= 1
