"""The list of licences is whole, and nothing in it forbids to pass the app on."""

from __future__ import annotations

from tests.conftest import ROOT
from tests.licences import licence_of, needed


def test_every_package_that_the_app_brings_states_its_licence() -> None:
    packages = needed((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    assert {"streamlit", "starlette", "pillow", "tqdm"} <= packages.keys()  # starlette comes with streamlit
    assert {name for name, one in packages.items() if licence_of(one) == "not stated"} == set()
    assert not {name for name, one in packages.items() if "proprietary" in licence_of(one).lower()}
