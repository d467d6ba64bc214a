"""What happens when a step fails: one line that names source, document, place and remedy, written down and sent."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from expectations.contract import ContractError
from pipelines import failures
from pipelines.failures import failure_line, report_failure
from resources.documents import SourceError, TransientSourceError
from resources.settings import Settings

ERROR = SourceError(
    "sec",
    "https://data.sec.gov/submissions/CIK0000000001.json",
    "line 7,\n column 3",
    "not JSON:  it begins\twith <html>",
    remedy="fetch it again",
)
LINE = (
    "sec: https://data.sec.gov/submissions/CIK0000000001.json at line 7, column 3: "
    "not JSON: it begins with <html>; fetch it again"
)


def nested(*, explicit: bool) -> KeyError:
    """The error inside of two others: raised from it, or while it was handled."""
    inner = RuntimeError("step failed")
    inner.__cause__, inner.__context__ = (ERROR if explicit else None), ERROR
    outer = KeyError("outermost")
    outer.__cause__ = inner
    return outer


@pytest.mark.parametrize(
    "error", [ERROR, nested(explicit=True), nested(explicit=False)], ids=["itself", "cause", "context"]
)
def test_the_source_error_is_found_however_deep_it_lies(error: BaseException) -> None:
    assert failure_line("filings", error) == f"FAILED filings: {LINE}"


def test_without_place_and_remedy_nothing_is_said_of_them() -> None:
    error = SourceError("news", "https://feeds.example.org/a.rss", "", "answered 404 Not Found")
    assert failure_line("articles", error) == (
        "FAILED articles: news: https://feeds.example.org/a.rss: answered 404 Not Found"
    )


def test_an_error_of_our_own_is_told_in_its_own_words_on_one_line() -> None:
    error = ContractError("facts.value:\n  not decimal(38, 10) but 1.5")
    assert failure_line("facts", error) == "FAILED facts: ContractError: facts.value: not decimal(38, 10) but 1.5"


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (None, "FAILED facts: no exception was recorded; see the run's log"),
        (ValueError(), "FAILED facts: ValueError:"),
        (KeyError("status"), "FAILED facts: KeyError: 'status'"),
    ],
)
def test_there_is_always_something_to_read(error: BaseException | None, line: str) -> None:
    assert failure_line("facts", error) == line


class Webhook(ThreadingHTTPServer):
    """A server that keeps what it is sent and answers as it is told."""

    def __init__(self, status: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = status
        self.received: list[dict[str, Any]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class _Handler(BaseHTTPRequestHandler):
    server: Webhook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append({"path": self.path, "type": self.headers["Content-Type"], "body": json.loads(body)})
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def webhook(status: int = 204) -> Iterator[Webhook]:
    with Webhook(status) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def run_failing(folder: Path, monkeypatch: pytest.MonkeyPatch, hook: str = "") -> tuple[dg.ExecuteInProcessResult, str]:
    """Run a job of one failing and one good step under the hook; return the run and what failures.log has then."""
    chosen = Settings(sources="samples", lake=folder / "lake", state=folder / "state", failure_webhook=hook)
    monkeypatch.setattr(failures, "settings", lambda: chosen)

    @dg.op(out=dg.Out(dg.Nothing))
    def filings() -> None:
        raise RuntimeError("the step") from ERROR

    @dg.op(out=dg.Out(dg.Nothing))
    def articles() -> None: ...

    @dg.op(ins={"start": dg.In(dg.Nothing)})
    def facts() -> None: ...

    @dg.job(hooks={report_failure})
    def night() -> None:
        facts(start=filings())
        articles()

    result = night.execute_in_process(raise_on_error=False)
    log = chosen.state_folder / "failures.log"
    return result, log.read_text("utf-8") if log.exists() else ""


def hook_events(result: dg.ExecuteInProcessResult) -> dict[str, str]:
    """Outcome of the hook by step."""
    kinds = {"HOOK_COMPLETED": "completed", "HOOK_ERRORED": "errored"}
    return {
        str(event.step_key): kinds[event.event_type_value]
        for event in result.all_events
        if event.event_type_value in kinds
    }


def test_the_hook_writes_one_line_for_the_failed_step_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result, log = run_failing(tmp_path, monkeypatch)
    assert log == f"{result.run_id} FAILED filings: {LINE}\n"
    assert hook_events(result) == {"filings": "completed"}
    _, log = run_failing(tmp_path, monkeypatch)
    assert len(log.splitlines()) == 2, "earlier failures stay"


def test_the_hook_sends_the_line_to_the_webhook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with webhook() as server:
        result, _ = run_failing(tmp_path, monkeypatch, server.address)
    body = {"text": f"FAILED filings: {LINE}", "run_id": result.run_id}
    assert server.received == [{"path": "/hook", "type": "application/json", "body": body}]


def test_a_webhook_that_answers_with_an_error_fails_nothing_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with webhook(status=500) as server:
        result, log = run_failing(tmp_path, monkeypatch, server.address)
    assert len(server.received) == 1
    assert log.endswith(f"{LINE}\n")
    assert hook_events(result) == {"filings": "completed"}
    assert "the failure webhook did not take the line: 500 Server Error" in capfd.readouterr().err


def test_a_dead_webhook_fails_nothing_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"http://127.0.0.1:{free.getsockname()[1]}/hook"
    result, log = run_failing(tmp_path, monkeypatch, address)
    assert log.endswith(f"{LINE}\n")
    assert hook_events(result) == {"filings": "completed"}
    assert "the failure webhook did not take the line: " in capfd.readouterr().err


def test_a_webhook_that_never_answers_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failures, "_TIMEOUT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        started = time.monotonic()
        result, log = run_failing(tmp_path, monkeypatch, f"http://127.0.0.1:{silent.getsockname()[1]}/hook")
    assert time.monotonic() - started < 10
    assert log.endswith(f"{LINE}\n")
    assert hook_events(result) == {"filings": "completed"}


@pytest.mark.parametrize("address", ["not an address", "https://", "ftp://127.0.0.1/hook"])
def test_an_address_that_is_none_fails_nothing_more(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result, log = run_failing(tmp_path, monkeypatch, address)
    assert log.endswith(f"{LINE}\n")
    assert hook_events(result) == {"filings": "completed"}


def test_a_step_given_up_after_retries_names_the_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dagster itself says "Exceeded max_retries" only."""
    chosen = Settings(sources="samples", lake=tmp_path / "lake", state=tmp_path / "state")
    monkeypatch.setattr(failures, "settings", lambda: chosen)
    busy = TransientSourceError("sec", "https://www.sec.gov/a", "", "answered 503", remedy="the run can be retried")

    @dg.op(out=dg.Out(dg.Nothing))
    def facts() -> None:
        try:
            raise busy
        except TransientSourceError as error:
            raise dg.RetryRequested(max_retries=1, seconds_to_wait=0) from error

    @dg.job(hooks={report_failure})
    def night() -> None:
        facts()

    result = night.execute_in_process(raise_on_error=False)
    assert (chosen.state_folder / "failures.log").read_text("utf-8") == (
        f"{result.run_id} FAILED facts: sec: https://www.sec.gov/a: answered 503; the run can be retried\n"
    )
