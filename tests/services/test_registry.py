"""The registry itself: what providers say they can do is what they have methods for, and nobody asks their names."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from lib.services import registry
from lib.services.access import Credentials, is_this_computer, may_use_host_account
from lib.services.base import Description, Discards, Mends, Provider, ProviderProblem, Revokes
from lib.services.problems import NotSetUp
from lib.settings import ROOT, read_settings
from tests.services.benches import Bench

ABILITIES = {"can_revoke": Revokes, "can_mend": Mends, "can_discard": Discards}


def test_capabilities_and_methods_agree(bench: Bench) -> None:
    provider = bench.open()
    assert isinstance(provider, Provider)
    for capability, protocol in ABILITIES.items():
        assert isinstance(provider, protocol) == getattr(provider.description, capability), capability


def test_guided_providers_promise_nothing_that_the_app_would_have_to_do() -> None:
    for one in registry.all_descriptions():
        if not one.can_upload:
            assert not any(getattr(one, capability) for capability in ABILITIES), one.id


@pytest.mark.parametrize("one", registry.all_descriptions(), ids=lambda one: one.id)
def test_every_description_is_whole(one: Description) -> None:
    assert re.fullmatch(r"[a-z_]+", one.id)
    assert one.icon.startswith(":material/")
    assert one.summary.endswith(".")
    assert one.hosts or one.id == "this_server"
    assert one.needs_sign_in == (one.sign_in is not None)
    for name in one.settings:
        assert name in type(read_settings()).model_fields


def test_every_provider_of_the_issue_is_there_once() -> None:
    ids = [one.id for one in registry.all_descriptions()]
    assert len(ids) == len(set(ids))
    assert set(ids) >= {
        "dropbox", "google_drive", "google_photos", "icloud_photos", "icloud_album", "icloud_drive", "onedrive", "box",
        "mega", "pcloud", "proton_drive", "amazon_photos", "imgur", "flickr", "ente",
    }  # fmt: skip


def test_unknown_provider_names_those_there_are() -> None:
    with pytest.raises(NotSetUp) as raised:
        registry.description("friendster")
    assert "dropbox" in raised.value.fix


def test_sdks_are_not_imported_until_a_provider_is_opened() -> None:
    program = (
        "import sys; from lib.services import registry; registry.all_descriptions();"
        "print([name for name in ('dropbox', 'googleapiclient', 'google.auth', 'requests') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("address", "only_here"),
    [
        ("127.0.0.1", True), ("127.1.2.3", True), ("localhost", True), ("::1", True), ("[::1]", True),
        (None, False), ("", False), ("0.0.0.0", False), ("192.168.1.5", False), ("example.org", False), ("::", False),
    ],
)  # fmt: skip
def test_only_loopback_is_this_computer(address: str | None, only_here: bool) -> None:  # noqa: FBT001 - a case of the table
    assert is_this_computer(address) == only_here


@pytest.mark.parametrize(
    ("settings", "address", "may"),
    [
        ({}, "127.0.0.1", True),
        ({}, None, False),
        ({}, "0.0.0.0", False),
        ({"public_url": "https://photos.example.org"}, "127.0.0.1", False),  # a proxy brings strangers
        ({"trusted_proxies": ("127.0.0.1",)}, "127.0.0.1", False),
        ({"who_may_create": "anyone", "access_password": "long enough"}, "0.0.0.0", False),
        ({"who_may_create": "password", "access_password": "long enough"}, "0.0.0.0", True),
        ({"who_may_create": "password"}, "0.0.0.0", False),
        ({"who_may_create": "signed_in"}, "0.0.0.0", False),
    ],
)
def test_strangers_never_use_the_host_s_account(settings: dict[str, object], address: str | None, may: bool) -> None:  # noqa: FBT001 - a case of the table
    assert may_use_host_account(read_settings(**settings), address) == may


def test_host_credentials_need_every_setting() -> None:
    assert registry.host_credentials("dropbox", read_settings(dropbox_refresh_token="r")) is None
    both = read_settings(dropbox_app_key="k", dropbox_refresh_token="r")
    assert registry.host_credentials("dropbox", both) == Credentials("host", stored="r")
    assert registry.host_credentials("google_photos", both) is None


@pytest.mark.parametrize(
    ("sign_ins", "settings", "host_account", "ready"),
    [
        (frozenset(), {}, True, False),
        (frozenset({"dropbox"}), {}, False, True),
        (frozenset({"google"}), {}, False, False),
        (frozenset(), {"dropbox_app_key": "k", "dropbox_refresh_token": "r"}, True, True),
        (frozenset(), {"dropbox_app_key": "k", "dropbox_refresh_token": "r"}, False, False),
    ],
)
def test_set_up_means_a_sign_in_or_an_account_that_may_be_used(
    sign_ins: frozenset[str],
    settings: dict[str, str],
    host_account: bool,  # noqa: FBT001 - a case of the table
    ready: bool,  # noqa: FBT001 - a case of the table
) -> None:
    assert registry.is_set_up("dropbox", read_settings(**settings), sign_ins, host_account=host_account) == ready


def test_every_kind_of_problem_has_a_title_and_a_fix() -> None:
    from lib.services.problems import KINDS

    for kind in KINDS.values():
        assert issubclass(kind, ProviderProblem)
        assert kind.title != ProviderProblem.title
        assert kind("x").fix.endswith(".")


def test_a_wrong_row_of_a_problem_table_is_refused(tmp_path: Path) -> None:
    from lib.services.problems import COLUMNS, ProblemTable

    table = tmp_path / "problems.csv"
    for row, reason in [
        ("x,Nonsense,no,Words.,,source,2026-11-21,H", "Nonsense is not one of"),
        ("x,GoneThere,maybe,Words.,,source,2026-11-21,H", "yes or no"),
        ("x,GoneThere,no,,,source,2026-11-21,H", "words, source and date"),
        ("x,GoneThere,no,Words.,,source,2026-11-21,H", "without a code"),
    ]:
        table.write_text(f"{','.join(COLUMNS)}\n{row}\n")
        with pytest.raises(ValueError, match=reason):
            ProblemTable(table)
