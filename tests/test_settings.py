from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from lib.settings import ROOT, Settings, SettingsProblem, read_settings


def test_everything_has_a_default_that_works(tmp_path: Path) -> None:
    found = read_settings(data_dir=tmp_path)
    assert found.index_url == f"sqlite:///{tmp_path}/passalong.db"
    assert found.store_url == (tmp_path / "photos").resolve().as_uri()
    assert found.public_url is None


def test_secrets_toml_is_read_and_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "secrets.toml"
    file.write_text('[passalong]\npublic_url = "https://a.example.org"\nmax_photos = 12\n', encoding="utf-8")
    monkeypatch.setenv("PASSALONG_SECRETS_FILE", str(file))
    monkeypatch.setenv("PASSALONG_PUBLIC_URL", "https://b.example.org/")
    found = read_settings()
    assert found.public_url == "https://b.example.org"
    assert found.max_photos == 12


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("public_url", "photos.example.org", "has to be an address such as https://photos.example.org"),
        ("public_url", "https://example.org/my photos", "has to be an address such as"),
        ("public_url", "https://example.org/a/../b", "has to be an address such as"),
        ("public_url", "https://me@example.org", "has to be an address such as"),
        ("public_url", "https://example.org/photos?x=1", "has to be an address such as"),
        ("tunnel_url", "https://example.org/photos", "without a path"),
        ("public_url", "https://me:secret@example.org", "has to be an address"),
        ("public_url", "ftp://example.org", "has to be an address"),
        ("max_photos", "many", "valid integer"),
        ("max_photos", 0, "greater than or equal to 1"),
        ("max_link_days", 4000, "less than or equal to 365"),
        ("who_may_create", "nobody", '"anyone", "password" or "signed_in"'),
        ("colour", "red", "is not a setting of this app"),
    ],
)
def test_a_wrong_value_names_the_setting_and_what_it_may_be(name: str, value: object, text: str) -> None:
    with pytest.raises(SettingsProblem) as caught:
        read_settings(**{name: value})
    assert str(caught.value).startswith(f"{name}: ")
    assert text in str(caught.value)
    assert "secrets.toml" in caught.value.fix


def test_broken_toml_is_told_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "secrets.toml"
    file.write_text("[passalong]\nmax_photos = = 3\n", encoding="utf-8")
    monkeypatch.setenv("PASSALONG_SECRETS_FILE", str(file))
    with pytest.raises(SettingsProblem, match="line 2"):
        read_settings()


def test_settings_cannot_be_changed_while_running() -> None:
    found = read_settings()
    with pytest.raises(ValueError, match="frozen"):
        found.max_photos = 3  # type: ignore[misc]


def test_secrets_never_show_in_print() -> None:
    found = read_settings(access_password="hunter2 hunter2", secret_key="sixteen signs at least")
    assert "hunter2" not in repr(found)
    assert "sixteen" not in repr(found)


def test_the_example_file_documents_every_setting_and_nothing_else() -> None:
    text = (ROOT / ".streamlit" / "secrets.example.toml").read_text(encoding="utf-8")
    ours = re.split(r"^(?:# )?\[auth", text, maxsplit=1, flags=re.MULTILINE)[0]
    documented = tomllib.loads(re.sub(r"^# (?=[a-z_]+ = )", "", ours, flags=re.MULTILINE))["passalong"]
    assert set(documented) == set(Settings.model_fields)


def test_a_public_address_may_have_a_path() -> None:
    here = read_settings(public_url="https://home.example.org/my/photos/")
    assert here.public_url == "https://home.example.org/my/photos"
    assert (here.public_origin, here.below) == ("https://home.example.org", "/my/photos")
    plain = read_settings(public_url="https://photos.example.org:8443")
    assert (plain.public_origin, plain.below) == ("https://photos.example.org:8443", "")
    assert (read_settings().public_origin, read_settings().below) == (None, "")
