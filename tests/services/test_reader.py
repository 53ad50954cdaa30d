"""One folder for each service: a new one is seen everywhere, a wrong one is left out and takes nothing with it."""

from __future__ import annotations

import ast
import logging
import shutil
from pathlib import Path

import pytest

from lib import facts
from lib.guide import compare
from lib.links import recognise
from lib.links.known import OTHER, providers
from lib.services import reader, registry
from lib.services.dropbox.client import shared_url
from lib.services.google_drive.client import file_id_of
from lib.settings import ROOT
from lib.ui import start
from lib.ui.providers.mend import mender_of


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A services directory of its own."""
    copy = tmp_path / "services"
    shutil.copytree(reader.FOLDER, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(reader, "FOLDER", copy)
    return copy


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    caplog.clear()
    with caplog.at_level(logging.WARNING, logger="passalong"):
        start._look()  # noqa: SLF001 - what the thread at start does
    return [record.getMessage() for record in caplog.records]


SERVICE = """
label = "Photobay"
icon = ":material/sailing:"
summary = "You upload the photos and paste the link."
hosts = ["photobay.example"]
source = "https://photobay.example/help"
as_of = 2026-11-21
confidence = "H"
[by_hand]
source = "https://photobay.example/help"
as_of = 2026-11-21
confidence = "H"
iphone = { text = "Tap **Upload**." }
android = { text = "Tap **Upload**." }
web = { opens = "https://photobay.example/", text = "Press **Upload**." }
"""
LINKS = """
source = "https://photobay.example/help"
as_of = 2026-11-21
confidence = "firm"
[[shapes]]
kind = "album"
role = "share"
path = '^/a/(?P<id>[a-z]+)$'
probe = "page"
examples = ["https://photobay.example/a/sea"]
[probes.page]
url = "{url}"
"""
FACTS = """field,value,unit,note,source,source_date,as_of,confidence
password,paid,,,https://photobay.example/help,undated,2026-11-21,H
take_back,yes,,,https://photobay.example/help,undated,2026-11-21,H
"""
MENUS = """device,task,step,text,source,source_date,as_of,confidence
web,share,1,Click **Share**.,https://photobay.example/help,undated,2026-11-21,H
"""


def test_a_guided_service_is_one_folder_and_nothing_else(folder: Path) -> None:
    new = folder / "photobay"
    new.mkdir()
    for name, text in {"service.toml": SERVICE, "links.toml": LINKS, "facts.csv": FACTS, "menus.csv": MENUS}.items():
        (new / name).write_text(text, encoding="utf-8")
    assert reader.services().left_out == ()
    place = registry.description("photobay")
    assert (place.can_password, place.can_expire, place.on_some_plans) == (True, False, ("password",))
    assert place in registry.all_descriptions()
    service, hand = registry.by_hand("photobay")
    assert hand.way("web").opens == "https://photobay.example/"
    assert [step.menu for step in service.steps(facts.Task.SHARE, "iphone")] == [("Share",)], "the computer's way"
    found = recognise("https://photobay.example/a/sea")
    assert (found.provider, found.label, found.kind) == ("photobay", "Photobay", "album")
    assert "Photobay" in facts.provider_names()
    assert facts.fact("photobay.take_back").value == "yes"
    assert "Photobay" in compare.table(facts.provider_names(), ["password"]).to_string()
    assert facts.menu_steps("Photobay", "web")[0].text == "Click **Share**."
    assert facts.provider_called("photobay") == "Photobay"


WRONG = [
    ("box", "facts.csv", "free_storage,10,", "free_storage,ten,", "free_storage: value has to be a number"),
    ("box", "facts.csv", "field,", "colour,", "field is missing"),
    ("box", "menus.csv", ",share,1,", ",share,4,", "step 4 comes where step 1"),
    ("box", "links.toml", "[[shapes]]", "[[shapes", "not valid TOML"),
    ("box", "links.toml", "path = '^/", "path = '^(/", "no pattern"),
    ("box", "links.toml", 'kind = "', 'kind = 4 # "', "kind of Shape cannot be 4"),
    ("box", "links.toml", "[ids]", 'hosts = ["box.com"]\n[ids]', "hosts does not belong here"),
    ("box", "service.toml", "label = ", "labels = ", "label is missing"),
    ("box", "service.toml", "label = ", "colour = 1\nlabel = ", "colour is not a known column"),
    ("box", "service.toml", "as_of = 2026", "as_of = 2226", "as_of cannot be"),
    ("box", "service.toml", "hosts = [", 'hosts = ["www.dropbox.com", ', "hosts: www.dropbox.com belongs to Dropbox"),
    ("box", "service.toml", "label = ", 'former_ids = ["google-drive"]\nlabel = ', "former_ids: Google Drive has one"),
    ("box", "service.toml", "[by_hand.web]", "[by_hand.fridge]", "by_hand.web is missing"),
    ("box", "service.toml", "icon = ", "# icon = ", "icon is missing"),
    ("box", "service.toml", 'label = "', 'label = "\udcff', "cannot be read"),
    ("dropbox", "problems.csv", ",TooBusy,", ",TooLazy,", "TooLazy is not one of"),
    ("google_drive", "service.toml", "upload = true", 'upload = "sure"', "can.upload cannot be"),
    ("icloud", "links.toml", 'verdict = "', 'verdicts = "', "Shape has no field 'verdicts'"),
    ("icloud", "service.toml", "hosts = [", "hosts = [1, ", "hosts.0 cannot be"),
    ("icloud_drive", "service.toml", 'part_of = "icloud"', 'part_of = "apple"', "part_of: there is no folder 'apple'"),
    ("tiktok", "facts.csv", "photos_per_message,", "photos_a_message,", "field is not in fields.toml"),
]


@pytest.mark.parametrize(
    ("name", "file", "find", "put", "reason"), WRONG, ids=[f"{row[0]}/{row[1]}: {row[4]}" for row in WRONG]
)
def test_a_service_whose_files_are_wrong_is_left_out_alone(
    folder: Path, caplog: pytest.LogCaptureFixture, name: str, file: str, find: str, put: str, reason: str
) -> None:
    path = folder / name / file
    good = path.read_text(encoding="utf-8")
    assert find in good
    path.write_bytes(good.replace(find, put, 1).encode(errors="surrogateescape"))
    (problem,) = reader.services().left_out
    assert (problem.service_id, problem.file.partition(", ")[0]) == (name, f"{name}/{file}")
    assert reason in problem.reason
    (warning,) = [line for line in warnings(caplog) if "left out" in line]
    assert f"{name}/{file}" in warning
    assert reason in warning
    with_it = reader.open_services(ROOT / "lib" / "services", facts.reader.TABLES)
    assert {one.id for one in with_it.every} - {one.id for one in reader.services().every} == {name}

    offered = [one.id for one in registry.all_descriptions()]
    assert name not in offered
    assert offered[0] == "this_server"
    assert {"dropbox", "google_drive"} - {name} <= set(offered)
    assert recognise("https://www.flickr.com/photos/somebody/12345678901/").provider == "flickr"
    assert all(each.id != name for each in providers())
    label = next(one.label for one in with_it.every if one.id == name)
    assert label not in facts.provider_names()
    assert "Flickr" in compare.table(facts.provider_names(), ["take_back"]).to_string()
    assert facts.fact("this_server.free_storage").known

    path.write_text(good, encoding="utf-8")
    assert reader.services().left_out == (), "and it is there again once its file is right"
    assert registry.all_descriptions()[0].id == "this_server"


def test_what_leads_to_a_service_that_is_left_out_still_works(folder: Path) -> None:
    (folder / "box" / "service.toml").write_text("label = ", encoding="utf-8")
    found = recognise("https://app.box.com/s/5p1l8yzqqhq1u3wkgbn6o6k1jjrw1gq9")
    assert found.provider == OTHER
    blank = registry.description_or_blank("box")
    assert (blank.label, blank.can_revoke) == ("box", False)
    with pytest.raises(facts.FactProblem, match=r"box/service\.toml"):
        facts.fact("box.free_storage")


def test_without_this_server_s_own_files_the_doctor_and_the_other_places_work(folder: Path) -> None:
    (folder / "this_server" / "links.toml").write_text("nothing", encoding="utf-8")
    assert registry.all_descriptions()[0].id == "dropbox"
    assert recognise("https://here.example/s/abc", own_origins=frozenset({"https://here.example"})).provider == OTHER


def test_a_broken_list_of_fields_takes_facts_away_and_what_follows_from_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fields.toml").write_text("label = ", encoding="utf-8")
    monkeypatch.setattr(reader, "TABLES", tmp_path)
    assert [one.id for one in registry.all_descriptions()] == ["this_server", "dropbox", "google_drive"]
    assert recognise("https://app.box.com/s/5p1l8yzqqhq1u3wkgbn6o6k1jjrw1gq9").provider == "box"


@pytest.mark.parametrize("one", reader.services().every, ids=lambda one: one.id)
def test_an_id_of_an_older_version_is_read_as_the_folder_s(one: reader.Service) -> None:
    for old in one.former_ids:
        found = reader.services().find(old)
        assert found is not None
        assert found.id == one.id
        if one.description:
            assert registry.description(old).id == one.id


@pytest.mark.parametrize(
    "old",
    ["this-server", "google-drive", "google-photos", "icloud-photos", "icloud-album", "icloud-drive", "proton-drive",
     "amazon-photos", "yandex-disk", "google-pictures", "mail-and-chats", "ente_photos", "icloud_shared_album"],
)  # fmt: skip
def test_every_id_that_was_ever_written_down_is_still_read(old: str) -> None:
    assert reader.services().find(old) is not None


def hosts_of_menders() -> list[tuple[str, str]]:
    return [
        (one.id, host)
        for one in reader.services().every
        for host in one.hosts
        if one.description and one.description.can_mend
    ]


@pytest.mark.parametrize(("name", "host"), hosts_of_menders())
def test_mend_is_offered_for_every_host_that_is_recognised(name: str, host: str) -> None:
    place = mender_of(f"https://{host.replace('*', 'some')}/any/page")
    assert place is not None
    assert place.id == name
    assert recognise(f"https://{host.replace('*', 'some')}/any/page").label == place.label


def test_mend_knows_hosts_that_once_stood_in_one_of_two_tables_only() -> None:
    found = {host for _, host in hosts_of_menders()}
    assert found >= {"www.dropbox.com", "m.dropbox.com", "db.tt", "drive.google.com", "docs.google.com"}
    for other in (
        "https://app.box.com/s/x",
        "https://dropbox.com.evil.example/s/x",
        "https://photos.google.com/share/x",
    ):
        assert mender_of(other) is None


def examples(name: str) -> list[str]:
    (service,) = [one for one in reader.services().every if one.id == name]
    assert service.links is not None
    return [each for shape in service.links.shapes if shape.role in {"share", "direct"} for each in shape.examples]


@pytest.mark.parametrize("link", examples("google_drive"))
def test_mend_finds_the_file_in_every_shape_of_a_drive_link(link: str) -> None:
    assert len(file_id_of(link)) >= 25


@pytest.mark.parametrize("link", examples("dropbox"))
def test_mend_asks_dropbox_for_a_link_at_its_own_host(link: str) -> None:
    asked = shared_url(link)
    assert asked.startswith("https://www.dropbox.com/") or link == asked == "https://db.tt/Hk3wQz7R"
    assert asked.partition("?")[2] == link.partition("?")[2], "the key in the query stays"


def test_every_service_looks_like_its_neighbour() -> None:
    known = {"service.toml", "links.toml", "facts.csv", "menus.csv", "problems.csv", "setup.md"}
    code = {"__init__.py", "client.py", "connect.py"}
    for path in (path for path in reader.FOLDER.iterdir() if path.is_dir() and path.name != "__pycache__"):
        files = {file.name for file in path.iterdir() if file.name != "__pycache__"}
        assert "service.toml" in files, path.name
        assert files <= known | code, path.name
        assert not files & code or {"__init__.py", "client.py"} <= files, path.name


def names_of_services() -> dict[str, str]:
    """Every name under which a service could be asked for, and its folder.

    "box" is a word, too, and TikTok no place for photos: it is what the guide is about.
    """
    return {
        name: one.id for one in reader.services().every for name in (one.id, one.label, *one.former_ids, *one.hosts)
        if name not in {"*", "box"} and one.id != "tiktok"
    }  # fmt: skip


class Asks(ast.NodeVisitor):
    """Finds conditions that compare with a name, or look one up."""

    def __init__(self) -> None:
        self.found: list[tuple[int, str]] = []

    def visit_Compare(self, node: ast.Compare) -> None:
        self._texts(node)

    def visit_match_case(self, node: ast.match_case) -> None:
        self._texts(node.pattern)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Attribute) and node.func.attr in {"startswith", "endswith"}:
            self._texts(node)
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self._texts(node.slice)
        self.generic_visit(node)

    def _texts(self, node: ast.AST) -> None:
        self.found += [
            (each.lineno, each.value)
            for each in ast.walk(node)
            if isinstance(each, ast.Constant) and isinstance(each.value, str)
        ]


def test_no_service_s_name_stands_in_a_condition_outside_its_folder() -> None:
    names = names_of_services()
    bugs = []
    files = [ROOT / "streamlit_app.py", *(path for room in ("lib", "pages") for path in (ROOT / room).rglob("*.py"))]
    for path in files:
        asks = Asks()
        asks.visit(ast.parse(path.read_text(encoding="utf-8")))
        for line, text in asks.found:
            owner = names.get(text)
            if owner and not path.is_relative_to(reader.FOLDER / owner):
                bugs.append(f"{path.relative_to(ROOT)}:{line}: {text!r}")
    assert not bugs, "\n".join(bugs)


@pytest.mark.parametrize(
    "code",
    ['if one.id == "dropbox": pass', 'if one.id in {"x", "google_drive"}: pass', "match one:\n    case 'mega': pass",
     'if url.startswith("Dropbox"): pass', 'flows["google-drive"]()', 'x = 1 if host == "m.dropbox.com" else 2'],
)  # fmt: skip
def test_the_search_for_names_finds_them(code: str) -> None:
    asks = Asks()
    asks.visit(ast.parse(code))
    assert any(text in names_of_services() for _, text in asks.found)
