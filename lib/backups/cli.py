"""`python -m lib backup` and `restore`."""

from __future__ import annotations

import typer

from lib.albums import open_share
from lib.backups.backup import back_up
from lib.backups.restore import check, restore
from lib.backups.vault import Vault
from lib.settings import settings
from lib.terminal import out
from lib.text.amounts import size


def make(place: str, *, encrypt: bool) -> None:
    """Back up to a place."""
    passphrase = _passphrase()
    if encrypt and passphrase is None:
        passphrase = typer.prompt("Passphrase", hide_input=True, confirmation_prompt=True)
    share = open_share(settings())
    made = back_up(share, Vault(place, settings().backup_options, passphrase))
    how = "encrypted" if made.encrypted else "not encrypted: whoever can read it can open every photo"
    out.print(
        f"Backed up in {made.seconds:.1f} s: {made.photos} files of photos ({size(made.photo_bytes)}), {made.sent} of "
        f"them new; the index ({size(made.index_bytes)}); {how}."
    )
    if not made.holds_key:
        out.print("The secret key is a setting of yours, and not in it. Keep it too: no link opens without it.")


def look(place: str) -> None:
    """Read a backup whole, and say whether it could be restored."""
    found = check(_opened(place))
    out.print(
        f"Whole. Made {found.made_at:%Y-%m-%d %H:%M} UTC: {found.photos} files of photos ({size(found.photo_bytes)})"
        f"{', the index and the key.' if found.holds_key else ' and the index. The key is not in it.'}"
    )


def put_back(place: str, *, replace: bool) -> None:
    """Restore from a place."""
    done = restore(_opened(place), settings(), replace=replace)
    out.print(
        f"Restored as of {done.made_at:%Y-%m-%d %H:%M} UTC: {done.photos} files of photos ({size(done.photo_bytes)}). "
        "Start the app; links open at the same addresses."
    )


def _opened(place: str) -> Vault:
    """Ask for the passphrase where the backup has one."""
    from lib.backups.problems import WrongPassphrase

    given = _passphrase()
    vault = Vault(place, settings().backup_options, given)
    if given is None:
        try:
            vault.read_list()
        except WrongPassphrase:
            vault = Vault(place, settings().backup_options, typer.prompt("Passphrase", hide_input=True))
    return vault


def _passphrase() -> str | None:
    given = settings().backup_passphrase
    return given.get_secret_value() if given else None
