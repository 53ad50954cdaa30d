"""Every uploading provider, on a fake that behaves, under the vendor's own names; this server as it is."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import certifi
import pytest
import trustme

from lib.photos.slideshow import make_slideshow
from lib.services.base import VIDEO_TYPE, AlbumPhoto
from tests.services import fake_drive, fake_dropbox, loopback
from tests.services.benches import BENCHES, SMALL, THIS_SERVER, Bench

# A certificate authority that the SDKs of this process trust beside the usual ones, each by its own means. httplib2
# looks when it is imported, so this happens before any test file is read.
AUTHORITY = trustme.CA()
_BUNDLE = Path(tempfile.mkdtemp(prefix="passalong-ca-")) / "ca.pem"
_BUNDLE.write_bytes(Path(certifi.where()).read_bytes() + AUTHORITY.cert_pem.bytes())
for _name in ("REQUESTS_CA_BUNDLE", "HTTPLIB2_CA_CERTS", "SSL_CERT_FILE"):
    os.environ[_name] = str(_BUNDLE)


NOT_APPLICABLE = "not applicable: "


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return AUTHORITY


@pytest.fixture(scope="session")
def fake_apps(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, loopback.Swap]]:
    """Both fakes and this server's share pages, started once; each test swaps a fresh one in."""
    folder = tmp_path_factory.mktemp("certificates")
    names = {"dropbox": fake_dropbox.NAMES, "google_drive": fake_drive.NAMES, "this_server": (THIS_SERVER,)}
    swaps = {provider: loopback.Swap() for provider in names}
    with ExitStack() as stack:
        ports: dict[str, int] = {}
        for provider, swap in swaps.items():
            port = stack.enter_context(loopback.serving(swap, names[provider], authority, folder))
            ports |= dict.fromkeys(names[provider], port)
        loopback.redirector().redirect(ports)
        yield swaps


@pytest.fixture(scope="session")
def video(tmp_path_factory: pytest.TempPathFactory) -> AlbumPhoto:
    """A video as this app makes it, only smaller, on its way to a provider."""
    out = tmp_path_factory.mktemp("video") / "a.mp4"
    data = make_slideshow([SMALL, SMALL], out, size=(108, 192), seconds_per_photo=0.5, fps=10).path.read_bytes()
    return AlbumPhoto("Our video.mp4", VIDEO_TYPE, 108, 192, len(data), lambda: data)


@pytest.fixture(params=list(BENCHES))
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    """A provider with everything around it, once for each provider."""
    yield from _one(request, request.param, tmp_path)


@pytest.fixture
def dropbox(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    yield from _one(request, "dropbox", tmp_path)


@pytest.fixture
def drive(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    yield from _one(request, "google_drive", tmp_path)


def _one(request: pytest.FixtureRequest, name: str, folder: Path) -> Iterator[Bench]:
    for mark in request.node.iter_markers("not_applicable"):
        if mark.args[0] == name:
            pytest.skip(f"{NOT_APPLICABLE}{mark.args[1]}")
    bench = BENCHES[name](folder)
    request.getfixturevalue("fake_apps")[name].app = bench.app()
    yield bench
    bench.close()
    assert not bench.violations(), bench.violations()


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark for a case that a provider cannot have."""
    config.addinivalue_line("markers", "not_applicable(provider, why): this case cannot happen to that provider")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The SDKs leave a socket to the garbage collector when its connection was cut; that is their matter."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"))
            item.add_marker(pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the contract suite as a table: provider x case."""
    cases: dict[str, dict[str, str]] = {}
    reasons: list[str] = []
    for outcome, sign in (("passed", "✓"), ("failed", "FAILED"), ("error", "ERROR"), ("skipped", "skipped")):
        for report in terminalreporter.stats.get(outcome, []):
            name = report.nodeid.rpartition("::")[2]
            provider = next((one for one in BENCHES if f"[{one}" in name), None)
            if provider is None or (outcome == "passed" and report.when != "call"):
                continue
            shown = sign
            if outcome == "skipped" and NOT_APPLICABLE in str(report.longrepr):
                why = str(report.longrepr[2]).rpartition(NOT_APPLICABLE)[2]
                if why not in reasons:
                    reasons.append(why)
                shown = f"n/a [{reasons.index(why) + 1}]"
            case = name.replace(f"[{provider}]", "").replace(f"[{provider}-", " [").removeprefix("test_")
            cases.setdefault(case.replace("_", " "), {})[provider] = shown
    if not cases:
        return
    width = max(map(len, cases))
    terminalreporter.section("the contract: provider x case")
    terminalreporter.line(" " * width + "".join(f"  {one:^14}" for one in BENCHES))
    for case, found in cases.items():
        terminalreporter.line(case.ljust(width) + "".join(f"  {found.get(one, '–'):^14}" for one in BENCHES))
    for number, why in enumerate(reasons, 1):
        terminalreporter.line(f"[{number}] {why}")
