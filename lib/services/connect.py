"""Connect the host's own account once, in a terminal: `python -m lib connect dropbox` and `… connect google`.

What is printed belongs in `.streamlit/secrets.toml`. It opens that account, so it is printed to the terminal only. The
way to an account stands in the service's folder, in `connect.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from lib.services.problems import NotSetUp, PermissionMissing
from lib.services.registry import all_descriptions, client
from lib.settings import Settings

Ask = Callable[[str], str]
Say = Callable[[str], None]


def connect(
    which: str, settings: Settings, *, client_file: Path | None = None, ask: Ask = input, say: Say = print
) -> str:
    """Walk through connecting one account and return the lines for secrets.toml. Raises `ProviderProblem`.

    `which` is a service's id or the name of its sign-in.
    """
    names = {name: one.id for one in all_descriptions() if one.settings for name in (one.id, one.sign_in)}
    if which.replace("-", "_") not in names:
        choice = " or ".join(sorted(str(one.sign_in) for one in all_descriptions() if one.settings))
        raise NotSetUp(f"{which!r} cannot be connected.", fix=f"Say {choice}.")
    lines: str = client(names[which.replace("-", "_")], "connect").connect(settings, client_file, ask, say)
    say("\nPut this under [passalong] in .streamlit/secrets.toml and keep that file to yourself:\n")
    say(lines)
    return lines


def all_there(needed: Iterable[str], given: Iterable[str], fix: str) -> None:
    """Raise `PermissionMissing` where a sign-in came without a permission that is needed."""
    if missing := sorted({*needed} - {*given}):
        raise PermissionMissing(f"The sign-in lacks {', '.join(missing)}.", fix=fix)
