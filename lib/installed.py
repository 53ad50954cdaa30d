"""What `pip install` makes of this project: the package `passalong`, with the app inside, and a command of that name.

In the wheel this file is `passalong/__init__.py`, and `lib`, `pages` and `streamlit_app.py` stand beside it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main() -> None:
    """Run one command of the installed app; its data and its settings are kept in the person's own folder."""
    sys.path.insert(0, str(Path(__file__).parent))
    import typer

    own = Path(typer.get_app_dir("passalong"))
    os.environ.setdefault("PASSALONG_DATA_DIR", str(own / "data"))
    os.environ.setdefault("PASSALONG_SECRETS_FILE", str(own / "secrets.toml"))
    os.environ.setdefault("STREAMLIT_SECRETS_FILES", os.environ["PASSALONG_SECRETS_FILE"])
    from lib.__main__ import main as run
    from lib.__main__ import program

    run(program("passalong", completion=True))
