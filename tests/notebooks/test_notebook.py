"""The notebook that teaches the whole way, run from its first cell to its last as Jupyter does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.conftest import ROOT, free_port

NOTEBOOK = ROOT / "lib" / "notebooks" / "passalong.ipynb"


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """Run it once, with data of its own, and return what each code cell showed: media type -> text."""
    folder = tmp_path_factory.mktemp("notebook")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PASSALONG_PUBLIC_URL", f"http://127.0.0.1:{free_port()}")
        patch.setenv("PASSALONG_WHO_MAY_CREATE", "anyone")
        patch.setenv("PASSALONG_DATA_DIR", str(folder / "data"))
        patch.delenv("MPLBACKEND", raising=False)  # Streamlit sets it in a process that has loaded it
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        notebook = nbformat.read(NOTEBOOK, as_version=4)
        for cell in notebook.cells:  # the drawn photos go where the data is
            cell.source = cell.source.replace("data/sample-photos", str(folder / "photos"))
        NotebookClient(notebook, timeout=300, kernel_name="python3").execute(cwd=str(NOTEBOOK.parent))
    return [_shown(cell) for cell in notebook.cells if cell.cell_type == "code"]


def _shown(cell: Any) -> dict[str, str]:
    shown: dict[str, str] = {}
    for output in cell.outputs:
        assert output.output_type != "error", output
        # On a slow machine, Matplotlib says that its first start takes a moment.
        assert output.get("name") != "stderr" or "font cache" in output.text, output.text
        shown |= {kind: str(text) for kind, text in output.get("data", {}).items()}
    return shown


def test_it_walks_from_looking_into_photos_to_the_proof(outputs: list[dict[str, str]]) -> None:
    cards = [shown["text/html"] for shown in outputs if "text/html" in shown]
    seen, table, ready, places, app, link, checked, proof, after = cards
    assert seen.count("data:image/jpeg;base64,") == 2
    assert "Ravenna" in seen
    assert "Phone 9" in table
    assert "Removed: " in ready
    assert "free_storage" in places
    assert "Started for this notebook" in app
    assert "Opens for a stranger, whole and clean." in link
    assert "OPEN_ALBUM" in checked
    assert "none shows anything any more" in proof
    assert "GONE" in after


def test_what_was_cleaned_tells_nothing_and_the_plot_is_drawn(outputs: list[dict[str, str]]) -> None:
    texts = [shown.get("text/plain", "") for shown in outputs]
    assert "'This photo held nothing private.'" in texts
    assert sum("image/png" in shown for shown in outputs) == 1


def test_it_opens_in_any_jupyter_and_its_outputs_hold_no_path_of_a_computer() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    told = json.dumps([cell.get("outputs", []) for cell in notebook.cells])
    assert "Error" not in told
    assert str(Path.home()) not in told
    assert "/work/" not in told
