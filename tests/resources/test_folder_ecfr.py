"""A folder that answers for the eCFR: its snapshots, the list of versions made from them, and their days."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
import requests
from source_server import SourceServer

from resources.folder import Folder, FolderAdapter
from resources.settings import Settings
from resources.sources import Sources

VERSIONS = "https://www.ecfr.gov/api/versioner/v1/versions/title-15.json?part=744"
FULL = "www.ecfr.gov/api/versioner/v1/full"


def hold(folder: Path, *names: str) -> Folder:
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"<DIV5/>")
    return Folder(folder)


def ask(folder: Folder, url: str) -> requests.Response:
    asking = requests.Session()
    asking.mount("https://", FolderAdapter(folder))
    return asking.get(url)


def test_the_list_of_versions_has_the_snapshots_held(tmp_path: Path) -> None:
    folder = hold(
        tmp_path,
        f"{FULL}/2026-07-18/title-15.xml?part=744",
        f"{FULL}/2026-03-25/title-15.xml?part=744",
        f"{FULL}/2026-04-01/title-15.xml?part=742",
        f"{FULL}/2026-04-02/title-22.xml?part=744",
        f"{FULL}/2026-13-02/title-15.xml?part=744",
    )
    answer = ask(folder, VERSIONS)
    assert answer.status_code == 200
    assert [version["date"] for version in answer.json()["content_versions"]] == ["2026-03-25", "2026-07-18"]
    assert answer.json()["meta"]["result_count"] == "2"
    assert folder.answers(VERSIONS)
    assert ask(folder, f"https://{FULL}/2026-03-25/title-15.xml?part=744").content == b"<DIV5/>"


def test_the_list_agrees_with_that_of_an_independent_server(tmp_path: Path) -> None:
    folder = hold(tmp_path, *(f"{FULL}/2026-0{month}-18/title-15.xml?part=744" for month in (7, 3)))
    with SourceServer(tmp_path) as server:
        theirs = json.loads(server.usual(VERSIONS).body)
        assert server.usual(f"https://{FULL}/2026-07-18/title-15.xml?part=744").status == 200
    ours = ask(folder, VERSIONS).json()
    assert [one["date"] for one in ours["content_versions"]] == [one["date"] for one in theirs["content_versions"]]
    assert ours["meta"]["result_count"] == theirs["meta"]["result_count"] == "2"


def test_a_snapshot_named_in_the_index_is_a_version(tmp_path: Path) -> None:
    line = f"https://{FULL}/2020-01-02/title-15.xml?part=744,saved.xml,200,application/xml,"
    (tmp_path / "index.csv").write_text(f"url,file,status,content_type,last_modified\n{line}\n")
    folder = hold(tmp_path, "saved.xml", f"{FULL}/2021-02-03/title-15.xml?part=744")
    held = [version["date"] for version in ask(folder, VERSIONS).json()["content_versions"]]
    assert held == ["2020-01-02", "2021-02-03"]


def test_a_list_of_versions_that_is_held_comes_first(tmp_path: Path) -> None:
    folder = hold(tmp_path, f"{FULL}/2021-02-03/title-15.xml?part=744", VERSIONS.removeprefix("https://"))
    assert ask(folder, VERSIONS).content == b"<DIV5/>"


@pytest.mark.parametrize(
    "url",
    [
        VERSIONS,
        VERSIONS.replace("part=744", "part=742"),
        VERSIONS.replace("title-15", "title-16"),
        VERSIONS.replace("www.ecfr.gov", "www.example.org"),
        "https://[bad/api/versioner/v1/versions/title-15.json?part=744",
    ],
)
def test_a_folder_without_the_snapshots_has_no_list_of_versions(tmp_path: Path, url: str) -> None:
    folder = hold(tmp_path, "www.sec.gov/a.htm")
    assert not folder.answers(url)
    if "[" not in url:
        assert ask(folder, url).status_code == 404


def test_the_days_of_snapshots_count_among_those_to_take_in(tmp_path: Path) -> None:
    folder = hold(tmp_path, f"{FULL}/2021-02-03/title-15.xml?part=744", f"{FULL}/2024-05-06/title-15.xml?part=744")
    assert folder.days["ecfr"] == [date(2021, 2, 3), date(2024, 5, 6)]
    sources = Sources(Settings(sources=f"mirror:{tmp_path}"))
    assert sources.months_held() == ("2021-02", "2024-05")
    assert sources.answers(VERSIONS)
    assert sources.now().date() == date(2024, 5, 6)


def test_the_official_lists_of_the_mirror_are_found(real_documents: Path) -> None:
    folder = Folder(real_documents / "mirror")
    assert folder.days["ecfr"] == [date(2026, 3, 25), date(2026, 7, 18)]
    held = [version["date"] for version in ask(folder, VERSIONS).json()["content_versions"]]
    assert held == ["2026-03-25", "2026-07-18"]
