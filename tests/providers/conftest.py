"""Every uploading provider, on a fake that behaves, under the vendor's own names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import trustme

from tests.providers import fake_drive, fake_dropbox, loopback
from tests.providers.benches import BENCHES, Bench


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> trustme.CA:
    """A certificate authority that every library of this process trusts, by the means of each."""
    authority = trustme.CA()
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(path)
    for name in ("REQUESTS_CA_BUNDLE", "HTTPLIB2_CA_CERTS", "SSL_CERT_FILE"):
        os.environ[name] = str(path)
    return authority


@pytest.fixture(scope="session")
def fake_apps(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, loopback.Swap]]:
    """Both fakes, started once; each test swaps a fresh one in."""
    folder = tmp_path_factory.mktemp("certificates")
    swaps = {"dropbox": loopback.Swap(), "google-drive": loopback.Swap()}
    names = {"dropbox": fake_dropbox.NAMES, "google-drive": fake_drive.NAMES}
    with ExitStack() as stack:
        ports: dict[str, int] = {}
        for provider, swap in swaps.items():
            port = stack.enter_context(loopback.serving(swap, names[provider], authority, folder))
            ports |= dict.fromkeys(names[provider], port)
        loopback.redirector().redirect(ports)
        yield swaps


@pytest.fixture(params=list(BENCHES))
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    """A provider with everything around it, once for each provider."""
    yield from _one(request, request.param, tmp_path)


@pytest.fixture
def dropbox(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    yield from _one(request, "dropbox", tmp_path)


@pytest.fixture
def drive(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    yield from _one(request, "google-drive", tmp_path)


def _one(request: pytest.FixtureRequest, name: str, folder: Path) -> Iterator[Bench]:
    kind = BENCHES[name]
    swaps = request.getfixturevalue("fake_apps") if kind.needs_fake else {}
    bench = kind(folder)
    if name in swaps:
        swaps[name].app = bench.fake.app()
    yield bench
    bench.close()
    assert not bench.violations(), bench.violations()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The SDKs leave a socket to the garbage collector when its connection was cut; that is their matter."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"))
            item.add_marker(pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"))
