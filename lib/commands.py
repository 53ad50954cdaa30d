"""What can be typed after `python -m lib`. The room of a command does the work, and is loaded only then."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final, cast

import typer
from typer.core import TyperCommand


def run(
    port: Annotated[int, typer.Option(min=1, max=65_535, help="The port to listen on.")] = 8501,
    address: Annotated[str, typer.Option(help="The address to listen on; 127.0.0.1 for this computer alone.")] = "",
    browser: Annotated[bool, typer.Option(help="Open the app in a browser.")] = True,  # noqa: FBT002
) -> None:
    """Start the app, from any folder, until it is stopped with Ctrl+C."""
    import os
    import sys

    from lib.settings import ROOT

    os.chdir(ROOT)  # where Streamlit finds how the app looks
    words = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", f"--server.port={port}"]
    words += [f"--server.address={address}"] if address else []
    words += [] if browser else ["--server.headless=true"]
    sys.stdout.flush()
    os.execv(sys.executable, words)  # noqa: S606 - our own program, and no shell


def clean(
    photos: Annotated[list[Path], typer.Argument(exists=True, metavar="IN…", help="Photos, or folders of photos.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="OUT", help="The folder for the clean photos.")
    ] = None,
    max_side: Annotated[int, typer.Option(min=16, max=20_000, help="The longest side, in pixels.")] = 2048,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found, for scripts.")] = False,  # noqa: FBT002
    cover: Annotated[
        list[str] | None,
        typer.Option(
            metavar="X,Y,W,H", help="Cover this for good: pixels of the upright photo, or parts of it. May be repeated."
        ),
    ] = None,
    crop: Annotated[str | None, typer.Option(metavar="X,Y,W,H", help="Keep only this, in the same numbers.")] = None,
    find: Annotated[  # noqa: FBT002 - an option
        bool,
        typer.Option(
            "--find", help="Only list what may be worth covering, as JSON: faces, codes, plates, house numbers, text."
        ),
    ] = False,
) -> None:
    """Write clean copies: upright, sized, nothing private inside. Originals are never touched.

    Covers and the crop are applied to every photo that is named. What --find lists misses things: look yourself too.

    Exit code 0: all are clean; 1: none; 3: some were refused.
    """
    from lib.photos import cli

    if find:
        cli.find(photos)
        return
    if output is None:
        msg = "Name a folder for the clean photos: -o OUT."
        raise typer.BadParameter(msg)
    cli.clean(photos, output, max_side=max_side, as_json=as_json, covers=cover or (), crop=crop)


def send(  # noqa: PLR0913, PLR0917 - one option for each wish
    photos: Annotated[list[Path], typer.Argument(exists=True, metavar="PHOTOS…", help="Photos, or folders of them.")],
    title: Annotated[str, typer.Option(help="Shown above the photos.")] = "",
    words: Annotated[str, typer.Option(help="A few words for the recipient.")] = "",
    expires: Annotated[str, typer.Option(metavar="TIME", help="12h, 7d, 2w, 3m or 1y.")] = "",
    password: Annotated[str, typer.Option(help="Asked for before the photos show; - to type it unseen.")] = "",
    views: Annotated[int, typer.Option(min=0, help="Disappears after so many views; 0 for no limit.")] = 0,
    name: Annotated[str, typer.Option(help="Your own name for this link.")] = "",
    to: Annotated[str, typer.Option(metavar="PROVIDER", help="A service, such as dropbox; else this server.")] = "",
    max_side: Annotated[int, typer.Option(min=16, max=20_000, help="The longest side, in pixels.")] = 2048,
    download: Annotated[bool, typer.Option(help="Show a save button.")] = True,  # noqa: FBT002
    as_json: Annotated[bool, typer.Option("--json", help="Print everything, for scripts.")] = False,  # noqa: FBT002
) -> None:
    """Clean photos, upload them, and print a link that was opened as a stranger.

    Exit code 0: the link is there and opens; 1: no link; 3: some photos were refused; 4: it could not be opened.
    """
    from lib.services import cli

    cli.send(
        photos, title=title, words=words, expires=expires, password=password, views=views, name=name, to=to,
        max_side=max_side, download=download, as_json=as_json,
    )  # fmt: skip


def links(
    as_json: Annotated[bool, typer.Option("--json", help="Print everything, for scripts.")] = False,  # noqa: FBT002
) -> None:
    """List the links made from this command line, with their counts."""
    from lib.services import cli

    cli.links(as_json=as_json)


def revoke(
    link: Annotated[str, typer.Argument(help="The link to take back.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print everything, for scripts.")] = False,  # noqa: FBT002
) -> None:
    """Take a link back, then open every address that it ever had and say which are gone.

    Exit code 0: all are gone; 1: the link is not yours, could not be taken back, or still opens; 2: it was taken back,
    but nothing answered, so nothing could be looked at.
    """
    from lib.services import cli

    cli.revoke(link, as_json=as_json)


def share_out(
    through: Annotated[str, typer.Option(metavar="WAY", help="Which way, see --ways; else the best one.")] = "",
    how_long: Annotated[str, typer.Option("--for", metavar="TIME", help="1h or 1d; else until it is stopped.")] = "",
    ways: Annotated[bool, typer.Option("--ways", help="List the ways, best first.")] = False,  # noqa: FBT002
) -> None:
    """Let links of this computer be opened from anywhere for a while: share pages alone, through a tunnel.

    Prints the address; ends with Ctrl+C. Exit code 1: no way could be opened.
    """
    from lib.tunnels import cli

    cli.share_out(through=through, how_long=how_long, ways=ways)


def backup(
    to: Annotated[str, typer.Argument(metavar="TO", help="A folder, or an address of a store: s3://bucket/folder.")],
    encrypt: Annotated[bool, typer.Option("--encrypt", help="Ask for a passphrase.")] = False,  # noqa: FBT002
) -> None:
    """Back up index, photos and keys, while the app runs; what is there already is not sent again.

    A passphrase may also be the setting backup_passphrase. Exit code 1: it did not work; the backup of before is whole.
    """
    from lib.backups import cli

    cli.make(to, encrypt=encrypt)


def restore(
    source: Annotated[str, typer.Argument(metavar="FROM", help="The folder or address of the backup.")],
    check: Annotated[bool, typer.Option("--check", help="Only read it whole, and change nothing.")] = False,  # noqa: FBT002
    replace: Annotated[bool, typer.Option("--replace", help="In the place of links that are here.")] = False,  # noqa: FBT002
) -> None:
    """Put a backup back. The app has to be stopped; the backup is looked through whole before anything changes."""
    from lib.backups import cli

    if check:
        cli.look(source)
    else:
        cli.put_back(source, replace=replace)


def host_check(
    as_json: Annotated[bool, typer.Option("--json", help="Print all lines for scripts.")] = False,  # noqa: FBT002
) -> None:
    """Look at the settings and the running app of a host: each line is ok, or says what to mend.

    Exit code 0: nothing to mend; 1: something is.
    """
    from lib.hosting import cli

    cli.host_check(as_json=as_json)


def connect(
    which: Annotated[str, typer.Argument(metavar="dropbox|google", help="The service to connect.")],
    client_file: Annotated[
        Path | None, typer.Option(exists=True, help="Google's downloaded client file (client_secret_….json).")
    ] = None,
) -> None:
    """Connect your own Dropbox or Google account once, for a private installation."""
    from lib.services import cli

    cli.connect(which, client_file)


def facts(
    older: Annotated[
        str,
        typer.Option(
            "--older-than",
            metavar="TIME",
            help="How old a fact's page is, or how long ago an undated one was read: 180d.",
        ),
    ] = "180d",
    watch: Annotated[bool, typer.Option("--watch", help="What to look at again after which release.")] = False,  # noqa: FBT002
    as_json: Annotated[bool, typer.Option("--json", help="Print everything, for scripts.")] = False,  # noqa: FBT002
) -> None:
    """List the facts and menu words that should be looked at again, oldest first."""
    from lib.facts import cli

    cli.facts(older, watch=watch, as_json=as_json)


def status(
    as_json: Annotated[bool, typer.Option("--json", help="Print everything, for scripts.")] = False,  # noqa: FBT002
) -> None:
    """Say what this host keeps and how it is doing: links, photos, room, views, reports, refusals, tunnel, backup."""
    from lib.hosting import cli

    cli.status(as_json=as_json)


def reports(
    close: Annotated[str, typer.Option(metavar="ID", help="Mark a report as dealt with.")] = "",
    take_back: Annotated[str, typer.Option(metavar="LINK-ID", help="Take the reported link back, without undo.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print everything, for scripts.")] = False,  # noqa: FBT002
) -> None:
    """List what recipients reported; close a report, or take the reported link back.

    Exit code 1: there is no such report or working link.
    """
    from lib.albums import cli

    cli.reports(close=close, take_back=take_back, as_json=as_json)


def keys(
    adopt: Annotated[bool, typer.Option("--adopt", help="Go on with the key that is there now, or a new one.")] = False,  # noqa: FBT002
    rotate: Annotated[bool, typer.Option("--rotate", help="Make a new key; what the old one made goes on.")] = False,  # noqa: FBT002
) -> None:
    """Look at this host's secret key. Exit code 0: it fits the database; 1: it does not."""
    from lib.albums import cli

    cli.keys(adopt=adopt, rotate=rotate)


class WrongUse(typer.BadParameter):
    """`check` was called wrongly. Click says that by 2, which means something else here."""

    exit_code = 3  # `lib.links.cli.USAGE`


# What click raises for an unknown option, too. Typer carries click inside and shows only the class below this one.
_ANY_WRONG_USE: Final = cast("type[Exception]", typer.BadParameter.__mro__[1])


class CheckCommand(TyperCommand):
    """The command `check`, with an exit code of its own for wrong use."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments."""
        try:
            return super().parse_args(ctx, args)
        except _ANY_WRONG_USE as problem:
            raise WrongUse(str(problem), ctx) from problem


def check(
    urls: Annotated[list[str] | None, typer.Argument(help="Links, or texts with links in them.")] = None,
    file: Annotated[
        Path | None, typer.Option("--file", "-f", help="A text or CSV file with links; - reads standard input.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object for each link, one a line.")] = False,  # noqa: FBT002
    offline: Annotated[bool, typer.Option("--offline", help="Look at the text only; ask nobody.")] = False,  # noqa: FBT002
    selftest_live: Annotated[
        Path | None,
        typer.Option(help="A file with links of your own and the verdict each must get: do the rules still hold?"),
    ] = None,
) -> None:
    """Check whether a stranger can open links. Exit code 0: all open (with --offline: all look good); 1: some closed;
    2: could not tell; 3: there was nothing to check, or a file that cannot be read.
    """  # noqa: D205 - typer shows all of it as one sentence
    from lib.links import cli

    try:
        raise typer.Exit(cli.check(urls, file, json=json, offline=offline, selftest_live=selftest_live))
    except typer.BadParameter as problem:
        raise WrongUse(problem.message, problem.ctx, problem.param, problem.param_hint) from problem
