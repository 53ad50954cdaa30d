"""What `pip install` makes of this project: the package `passalong`, with the app inside, and a command of that name.

In the wheel this file is `passalong/__init__.py`, and `lib`, `pages` and `streamlit_app.py` stand beside it.
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import Any

_CALLS = ("check", "clean", "inspect", "send", "storage")  # for scripts and notebooks: `from passalong import clean`


def main() -> None:
    """Run one command of the installed app."""
    _make_ready()
    from lib.__main__ import main as run
    from lib.__main__ import program

    run(program("passalong", completion=True))


def _make_ready() -> None:
    """Let the rooms find each other; data and settings are kept in the person's own folder."""
    here = str(Path(__file__).parent)
    if here not in sys.path:
        sys.path.insert(0, here)
    import typer

    own = Path(typer.get_app_dir("passalong"))
    os.environ.setdefault("PASSALONG_DATA_DIR", str(own / "data"))
    os.environ.setdefault("PASSALONG_SECRETS_FILE", str(own / "secrets.toml"))
    os.environ.setdefault("STREAMLIT_SECRETS_FILES", os.environ["PASSALONG_SECRETS_FILE"])


def __getattr__(name: str) -> Any:
    if name not in _CALLS:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    _make_ready()
    return getattr(importlib.import_module("lib"), name)
