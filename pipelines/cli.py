"""The command ``chokepoint``: the night, a backfill, the UI, and what is held."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import date
from functools import partial
from html import escape
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO
from urllib.parse import quote, unquote

import typer
from pydantic import ValidationError
from pydantic_settings import SettingsError

from expectations.dictionary import PAGE, data_dictionary
from resources.folder import Folder
from resources.settings import ROOT, Settings, settings

if TYPE_CHECKING:
    from assets.entity_list.screening import Held, Match

_HOW_TO_QUERY = """
Query it:  {python} -c "import duckdb; duckdb.sql(\\"from '{where}/restriction_timeline.parquet'\\").show()"
      or:  {python} -c "import pandas; print(pandas.read_parquet('{where}/vendor_quarters.parquet'))"
Look at:   {where}/report.html; columns are described in {dictionary}"""

_VAGUE = "not screened: it has no word that tells it from others, only usual words and legal forms"
_SOURCES = {
    "samples": "SAMPLES (small stand-ins: most entries of the lists are missing; no match clears nobody)",
    "mirror": "a folder of documents (it has what the folder holds; no match clears nobody)",
    "live": "the live sources",
}
_AMONG = {
    "samples": "among the samples, which lack most of the lists ",
    "mirror": "among what the folder holds ",
    "live": "",
}

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__, pretty_exceptions_enable=False)


@app.command()
def nightly() -> None:
    """Run the whole night: from the sources to a published release."""
    _run("nightly", None)


@app.command()
def backfill(
    first: Annotated[str, typer.Argument(help="first month, YYYY-MM")],
    last: Annotated[str, typer.Argument(help="last month, YYYY-MM")],
) -> None:
    """Take in a range of months again; the next night makes the rest anew."""
    _run("intake", (first, last))


@app.command()
def ui() -> None:
    """Open Dagster on localhost, and serve releases beside it so that their reports can be opened."""
    from pipelines.instance import prepare_home  # noqa: PLC0415 - Dagster costs a second that --help need not pay

    chosen = _settings()
    home = prepare_home(chosen)
    chosen.lake_folder.mkdir(parents=True, exist_ok=True)
    handler = partial(_Releases, directory=str(chosen.lake_folder))
    server = ThreadingHTTPServer(("127.0.0.1", chosen.report_port), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    typer.echo(f"Dagster:  http://localhost:{chosen.ui_port}")
    typer.echo(f"Report:   http://localhost:{chosen.report_port}/current/report.html")
    command = [
        sys.executable,
        "-m",
        "dagster",
        "dev",
        "-w",
        str(ROOT / "workspace.yaml"),
        "-h",
        "127.0.0.1",
        "-p",
        str(chosen.ui_port),
    ]
    # A script's shell has what it starts with `&` ignore SIGINT, by which Dagster ends: it would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # In its home, since Dagster warns of a dagster.yaml in the working folder that is not the one in force.
    with subprocess.Popen(command, cwd=home) as dagster:  # noqa: S603
        signal.signal(signal.SIGTERM, lambda *_: dagster.terminate())
        try:
            code = dagster.wait()
        except KeyboardInterrupt:  # the terminal has told Dagster too
            code = dagster.wait()
    raise typer.Exit(code)


@app.command()
def show() -> None:
    """Print the current release: where it is, its tables and rows, and how to query it."""
    _print_release(_settings(), None)


@app.command()
def problems() -> None:
    """Print what could not be read of the configured sources, as the working area has it now: a line each."""
    from resources.deployment import Deployment  # noqa: PLC0415

    chosen = _settings()
    held = Deployment.of(chosen).lake.problems()
    with _reader_may_leave():
        for row in held:
            place = f" at {row['place']}" if row["place"] else ""
            typer.echo(
                f"{row['table']} {row['month'] or ''}: {row['source']}: {row['document']}{place}: {row['reason']}"
            )
    typer.echo(f"{len(held)} problems of sources {chosen.sources}, from {_from_here(chosen.state_folder)}", err=True)


@app.command()
def screen(  # noqa: PLR0917 - Typer calls it, by name
    name: Annotated[str | None, typer.Argument(help="a company, institution or person, in any script")] = None,
    file: Annotated[
        Path | None,
        typer.Option(help="names to screen, one a line, UTF-8; - is standard input; prints CSV, or JSON lines"),
    ] = None,
    on: Annotated[str | None, typer.Option(help="the day, YYYY-MM-DD; by default the newest held")] = None,
    country: Annotated[str | None, typer.Option(help="only entries under it: ISO code (CN), or name (China)")] = None,
    limit: Annotated[int, typer.Option(min=1, help="at most so many matches for a name")] = 10,
    cutoff: Annotated[float, typer.Option(min=0, max=100, help="matches that score less are left out")] = 80,
    as_json: Annotated[bool, typer.Option("--json", help="print an object a line for each name")] = False,
) -> None:
    """Find the entries of the lists that a name, or each name of a file, may stand for, in the current release.

    What they are screened against goes to standard error, and into each object with --json: no match among samples, or
    among what a folder holds, clears nobody. The exit code is 0 whether anything is found or not, 1 without a release,
    2 for a question that is not well formed, 3 where a name without any match has only usual words and legal forms
    (Technology Co Ltd): that could stand for too many to be looked for.
    """
    from assets.entity_list import screening  # noqa: PLC0415

    chosen = _settings()
    try:
        names = _names_asked(name, file)
        day = _day(on)
        held = screening.held(chosen.lake_folder)
        found = screening.screen(names, lake=chosen.lake_folder, on=day, country=country, limit=limit, cutoff=cutoff)
    except screening.NoReleaseError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from error
    except (screening.ScreeningError, ValueError, OSError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(2) from error
    answers = list(zip(names, found, strict=True))
    _print_held(held, day)
    vague = {asked for asked, matches in answers if not matches and not screening.is_distinctive(asked)}
    for asked in sorted(vague):
        typer.echo(f"remark: {asked}: {_VAGUE}", err=True)
    with _reader_may_leave():
        if as_json:
            for asked, matches in answers:
                line = {"asked": asked, "held": held.as_row(), "matches": [match.as_row() for match in matches]}
                line |= {"remark": _VAGUE} if asked in vague else {}
                typer.echo(json.dumps(line, ensure_ascii=False))
        elif file is not None:
            _print_csv(answers)
        else:
            _print_matches(answers, on or _newest(held), cutoff, _AMONG[held.sources])
    if vague:
        raise typer.Exit(3)


@app.command()
def dictionary() -> None:
    """Write docs/data-dictionary.md from the contracts."""
    PAGE.write_text(data_dictionary(), encoding="utf-8")
    typer.echo(f"wrote {PAGE.relative_to(ROOT)}")


@app.command()
def index(folder: Path) -> None:
    """Write index.csv of a folder of documents: a line for each file, under the address that its path stands for."""
    held = Folder(folder)
    lines = held.listing()
    with (folder / "index.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["url", "file", "status", "content_type", "last_modified"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
    typer.echo(f"{len(lines)} addresses")


def _run(job: str, months: tuple[str, str] | None) -> None:
    chosen = _settings()
    from pipelines.instance import BusyError, alone, prepare_home  # noqa: PLC0415

    prepare_home(chosen)
    try:
        with alone(chosen):
            _execute(chosen, job, months)
    except (BusyError, ValueError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(2) from error


def _execute(chosen: Settings, job: str, asked: tuple[str, str] | None) -> None:
    import dagster as dg  # noqa: PLC0415

    from pipelines import runs  # noqa: PLC0415
    from pipelines.instance import IN_THE_UI, LAUNCHED_BY, bury_dead_runs  # noqa: PLC0415
    from pipelines.nights import backfill as range_of  # noqa: PLC0415
    from pipelines.nights import next_night  # noqa: PLC0415
    from resources.deployment import Deployment  # noqa: PLC0415

    started = time.monotonic()
    deployment = Deployment.of(chosen)
    months = range_of(*asked) if asked else next_night(deployment)
    typer.echo(f"{job}: sources {chosen.sources}, months {months.first} to {months.last} ({months.why})", err=True)
    before = deployment.archive.traffic()
    current = deployment.releases.current()
    with dg.DagsterInstance.get() as instance:
        for run_id in bury_dead_runs(instance):
            typer.echo(f"run {run_id} had been killed; marked as failed", err=True)
        result = dg.execute_job(
            dg.reconstructable(getattr(runs, job)),
            instance=instance,
            tags={**months.tags, **IN_THE_UI, LAUNCHED_BY: "cli", "chokepoint/why": months.why},
            run_config={"loggers": {"console": {}}},
        )
    traffic = deployment.archive.traffic(before.last)
    typer.echo(
        f"\n{traffic.requests} addresses asked: {traffic.bodies} bodies received ({traffic.body_bytes:,} bytes), "
        f"{traffic.unchanged} unchanged. {len(deployment.lake.problems())} problems held"
        f"{' (chokepoint problems lists them)' if deployment.lake.problems() else ''}. "
        f"{time.monotonic() - started:.0f} s."
    )
    if not result.success:
        stays = f"{chosen.lake_folder / 'current'} stays {current.id}" if current else "nothing was published"
        typer.echo(f"FAILED: {stays}. Each failure has its line in {chosen.state_folder / 'failures.log'}.", err=True)
        raise typer.Exit(1)
    if job == "nightly":
        _print_release(chosen, current.id if current else None)
    else:
        typer.echo("Intake is done; run `make nightly` to make the rest anew and publish.")


def _print_release(chosen: Settings, before: str | None) -> None:
    from resources.release import Releases  # noqa: PLC0415

    current = Releases(chosen.lake_folder, kept=chosen.releases_kept).current()
    if current is None:
        typer.echo(f"No release in {chosen.lake_folder} yet: run `make nightly`.", err=True)
        raise typer.Exit(1)
    if current.id == before:
        typer.echo(f"Nothing new: no table changed a byte, release {current.id} stays.")
    shown = _from_here(chosen.lake_folder / "current")
    typer.echo(f"Release {current.id} (sources: {current.manifest['sources']}) in {shown} -> {current.folder}\n")
    typer.echo(_columns(current.tables))
    # This environment's Python: another one on the path need not have the packages, nor the machine a duckdb shell.
    python = _from_here(Path(sys.executable))
    typer.echo(_HOW_TO_QUERY.format(python=python, where=shown, dictionary=_from_here(PAGE)))


def _from_here(path: Path) -> Path:
    """Return a path as one may write it in the working folder."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _names_asked(name: str | None, file: Path | None) -> list[str]:
    if (name is None) == (file is None):
        raise ValueError("give either a NAME or --file FILE")
    if name is not None:
        if not name.strip():
            raise ValueError("NAME is blank")
        return [name]
    source = str(file)
    data = typer.get_binary_stream("stdin").read() if source == "-" else Path(source).read_bytes()
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise ValueError(f"{'standard input' if source == '-' else source} is not UTF-8: {error}") from error
    return [line.strip() for line in lines if line.strip()]


def _day(written: str | None) -> date | None:
    from assets.entity_list.screening import as_day  # noqa: PLC0415

    try:
        return as_day(written)
    except ValueError as error:
        raise ValueError(f"--on {error}") from error


@contextmanager
def _reader_may_leave() -> Iterator[None]:
    """End quietly where the reader of the output has seen enough (``| head``)."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        # What is still in the buffer goes nowhere; otherwise Python complains of it at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None


def _newest(held: Held) -> str:
    return f"{held.newest_day}, the newest day held" if held.newest_day else "the newest state held"


def _print_held(held: Held, day: date | None) -> None:
    """Say what was screened against, apart from the answers."""
    until = f", data up to {held.data_day}" if held.data_day else ""
    typer.echo(f"Screened against {held.entries:,} entries of {_SOURCES[held.sources]}{until}.", err=True)
    if day is not None and held.data_day is not None and day > held.data_day:
        typer.echo(f"remark: {day} is after the data's last day: what came since is not known", err=True)


def _print_csv(answers: Sequence[tuple[str, Sequence[Match]]]) -> None:
    """Print a line for each match; a name without any has one, with nothing but the name."""
    from assets.entity_list.screening import Match  # noqa: PLC0415

    columns = ["asked", *(field.name for field in fields(Match))]
    writer = csv.DictWriter(sys.stdout, columns, lineterminator="\n")
    writer.writeheader()
    for asked, matches in answers:
        for match in matches:
            writer.writerow({"asked": asked, **match.as_row(), "footnotes": "; ".join(match.footnotes)})
        if not matches:
            writer.writerow({"asked": asked})


def _print_matches(answers: Sequence[tuple[str, Sequence[Match]]], day: str, cutoff: float, among: str) -> None:
    for asked, matches in answers:
        count = f"{len(matches) or 'no'} match{'' if len(matches) == 1 else 'es'} from {cutoff:g}"
        typer.echo(f"{asked}: {count} {'' if matches else among}({day})")
        for match in matches:
            since = match.valid_from or "before the first document held"
            until = f" until {match.valid_to}" if match.valid_to else ""
            code = f" ({match.country_code})" if match.country_code else ""
            removed = f" on {match.removed_on} by {match.removed_by}" if match.removed_on else ""
            lines = {
                "matches": f"{match.matched_field.replace('_', '-')} {match.matched_text}",
                "listed": f"since {match.listed_from or 'a day that is not known'}",
                "text": f"since {since}{until}, document {match.document}",
                "license": match.license_requirement,
                "policy": match.license_review_policy,
                "footnotes": ", ".join(match.footnotes),
                "citation": match.citation,
                "entry": match.entry_id,
            }
            typer.echo(
                f"\n{match.score:5.1f}  {match.name}\n"
                f"       {match.list_name}, {match.country}{code}: {match.status}{removed}"
            )
            for label, words in lines.items():
                if words:
                    typer.echo(f"       {label:<9} {words}")


def _columns(rows: Mapping[str, int]) -> str:
    width = max(map(len, rows), default=0)
    return "\n".join(f"  {name:<{width}}  {count:>9,} rows" for name, count in rows.items())


def _settings() -> Settings:
    try:
        return settings()
    except SettingsError as error:
        typer.echo(f"error: {error} (lists and mappings are written as JSON)", err=True)
        raise typer.Exit(2) from error
    except ValidationError as error:
        for problem in error.errors():
            where = ".".join(map(str, problem["loc"]))
            typer.echo(f"error: setting {where}: {problem['msg']}" if where else f"error: {problem['msg']}", err=True)
        raise typer.Exit(2) from error


class _Releases(SimpleHTTPRequestHandler):
    """Serves the lake's folder, but for what is hidden there: locks, and releases that are being built."""

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """Answer as if hidden names were not there."""
        if any(part.startswith(".") for part in unquote(self.path).split("/")):
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        return super().send_head()

    def list_directory(self, path: str | os.PathLike[str]) -> io.BytesIO | None:
        """List a folder without its hidden names."""
        try:
            names = sorted(entry.name + "/" * entry.is_dir() for entry in os.scandir(path) if entry.name[0] != ".")
        except OSError:
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        lines = "".join(f'<li><a href="{quote(name)}">{escape(name)}</a></li>\n' for name in names)
        page = f"<!DOCTYPE html>\n<meta charset=utf-8>\n<title>Releases</title>\n<ul>\n{lines}</ul>\n".encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        return io.BytesIO(page)

    def log_message(self, *_: object) -> None:
        """Say nothing: Dagster's output has the terminal."""


if __name__ == "__main__":
    app()
