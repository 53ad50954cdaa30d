"""What can go wrong with drafts, albums and links of this server, in words.

::

    ShareProblem
    ├── PhotoGone        one photo of an album is not there
    ├── AlbumGone        its photos were already deleted
    │   └── DraftGone    the draft waited too long, or was never this visitor's
    ├── LinkGone         no such link of this visitor
    ├── LinkEnded        a link that is over cannot be changed or brought back
    ├── WishRefused      an expiry, limit, password or text that cannot be kept
    ├── SheetRefused     a table of names and prices that cannot be read
    ├── NoPhotos         a link without photos
    ├── LastPhoto        an album that is out keeps one photo
    ├── TooManyPhotos    over the photos of one album
    ├── StillPrivate     the second parser still finds something in a photo
    ├── NoRoom           over a quota of this visitor or of this server
    ├── DiskFull         the disk or the store took no more bytes
    ├── TooFast          more than this visitor may make in an hour
    ├── MayNotCreate     the host lets only some people create links
    ├── GuessedTooOften  wrong passwords of this app came from here
    ├── TicketRefused    an upload ticket that is old or not ours
    ├── CodeRefused      a recovery code that is not known
    ├── TokenEnded       a token for scripts that is over or unknown
    ├── KeyProblem       the host's secret key is not the one of this database
    │   ├── KeyLost      there is none
    │   ├── KeyBroken    the file is empty or cut
    │   └── KeyForeign   it is another one
    ├── DatabaseTooNew   a newer version of this app made the database
    ├── DatabaseDamaged  the database cannot be read
    └── StoreDown        the database or the photo store does not answer
"""

from __future__ import annotations

from lib.problems import Problem
from lib.text.later import later


class ShareProblem(Problem):
    """Something this server could not do with a draft, an album or a link."""

    title = later("That did not work")


class PhotoGone(ShareProblem):
    """One photo is not there."""

    title = later("This photo is not there")
    fix = later("Load the page again to see what is there.")

    def __init__(self) -> None:
        super().__init__(later("The photo was removed, or it was never part of this."))


class PhotoDamaged(ShareProblem):
    """What the store has of a photo is not what was written."""

    title = later("This photo is damaged on the server")
    fix = later("Take it out and add it again from your device.")

    def __init__(self) -> None:
        super().__init__(later("What is stored is not the photo that was added."))


class AlbumGone(ShareProblem):
    """The album is unknown, somebody else's, or its photos were deleted."""

    title = later("These photos are gone")
    fix = later("Create a new link with the photos from your device.")

    def __init__(self) -> None:
        super().__init__(later("Photos are deleted here as soon as no link to them works any more."))


class DraftGone(AlbumGone):
    """A draft that waited too long (`expired`), or that is unknown or somebody else's."""

    title = later("These photos are no longer waiting")
    fix = later("Choose the photos again.")

    def __init__(self, *, waited: str = "") -> None:
        """`waited` is how long a draft waits, in words, where its time is over."""
        self.expired = bool(waited)
        ShareProblem.__init__(
            self,
            later("Your photos waited longer than {waited} and were deleted.", waited=waited)
            if waited
            else later(
                "Nothing waits under this address in this browser. Unfinished photos are deleted after a short while."
            ),
        )


class LinkGone(ShareProblem):
    """No such link belongs to this visitor."""

    title = later("This link is not in your list")
    fix = later("Load the page again. Links made on another device come here with your recovery code.")

    def __init__(self) -> None:
        super().__init__(later("There is no such link among yours."))


class LinkEnded(ShareProblem):
    """A link that is over cannot be changed."""

    title = later("This link is over")
    fix = later("Create a new link.")


class WishRefused(ShareProblem):
    """A wish that cannot be kept: an expiry, a limit, a password or a text."""

    title = later("This choice does not work")
    fix = later("Choose another value.")


class SheetRefused(ShareProblem):
    """A table of names and prices that cannot be read, or that names no photo."""

    title = later("This table was not taken")
    fix = later("Choose another table.")


class NoPhotos(ShareProblem):
    """A link needs a photo."""

    title = later("There are no photos yet")
    fix = later("Choose at least one photo.")

    def __init__(self) -> None:
        super().__init__(later("A link opens photos, and none were chosen."))


class LastPhoto(ShareProblem):
    """An album that is out keeps one photo."""

    title = later("This is the last photo")
    fix = later("Add another one first, or take the link back.")

    def __init__(self) -> None:
        super().__init__(later("A link that works shows at least one photo."))


class StillPrivate(ShareProblem):
    """The second parser found something in a cleaned photo. It is not kept."""

    title = later("This photo could not be cleaned")
    fix = later("Send a screenshot of it instead, and tell the person who runs this app.")


class TooManyPhotos(ShareProblem):
    """Over the number of photos of one album."""

    title = later("Too many photos")
    fix = later("Remove some photos, or make two links.")


class NoRoom(ShareProblem):
    """Over a quota."""

    title = later("No room for more photos")
    fix = later("Take back links that are no longer needed, or choose a smaller size.")


class DiskFull(ShareProblem):
    """The disk or the photo store takes no more bytes. Nothing half-made is left."""

    title = later("The server's disk is full")
    fix = later("Nothing was lost: try again later, or tell the person who runs this app.")

    def __init__(self) -> None:
        super().__init__(later("There was no space left to keep this photo."))


class TooFast(ShareProblem):
    """More than this visitor may make in an hour."""

    title = later("That was a lot in a short time")
    fix = later("Wait a little, then try again.")


class MayNotCreate(ShareProblem):
    """The host lets only some people create links."""

    title = later("Creating links is limited here")
    fix = later("Ask the person who runs this app.")


class GuessedTooOften(ShareProblem):
    """Wrong passwords of this app came from here: the next one has to wait."""

    title = later("Please wait a moment")
    fix = later("Then try the password again.")
    status = 429

    def __init__(self, wait_s: float) -> None:
        super().__init__(
            later("There were wrong passwords before. The next try is possible in {n} s.", n=int(wait_s) + 1)
        )


class TicketRefused(ShareProblem):
    """An upload ticket that is too old, or that this server did not give."""

    title = later("This page is too old")
    fix = later("Load the page again, then choose the photos once more.")

    def __init__(self) -> None:
        super().__init__(later("The permission to add photos has run out."))


class CodeRefused(ShareProblem):
    """A recovery code that is not known."""

    title = later("This recovery code is not known")
    fix = later("Check it letter by letter. A newer code replaces the older one.")

    def __init__(self) -> None:
        super().__init__(later("No list of links belongs to this code."))


class TokenEnded(ShareProblem):
    """A token for scripts that is unknown, or over."""

    title = later("This token does not work")
    fix = later("Make a new token under My links.")
    status = 401

    def __init__(self) -> None:
        super().__init__(later("It was ended, its time is over, or it was never one of this server."))


class KeyProblem(ShareProblem):
    """The host's secret key is not the one with which links here were made."""

    title = later("The secret key needs a look")
    fix = later(
        "Put back secret.key from a copy of the data folder, or the setting secret_key. If it is lost for good: "
        "python -m lib keys --adopt says what ends and what goes on, and starts with a new one."
    )


class KeyLost(KeyProblem):
    """The key is missing, although the database was used with one."""

    def __init__(self) -> None:
        super().__init__(later("The key with which links here were made is not there."))


class KeyBroken(KeyProblem):
    """The file holds no key."""

    def __init__(self, name: str) -> None:
        super().__init__(later("{name} in the data folder is empty or cut: it holds no key.", name=name))


class KeyForeign(KeyProblem):
    """It is another one than that of the database."""

    def __init__(self) -> None:
        super().__init__(later("This is not the key with which links here were made."))


class DatabaseTooNew(ShareProblem):
    """A newer version of this app changed the database."""

    title = later("The database is newer than this app")
    fix = later(
        "Install the newest version of this app, or go back to the copy of the data folder from before the upgrade."
    )

    def __init__(self) -> None:
        super().__init__(later("A newer version of this app has changed its tables; this version could damage them."))


class DatabaseDamaged(ShareProblem):
    """The database cannot be read."""

    title = later("The database is damaged")
    fix = later("Stop the app and put back a copy of the data folder. The photos in it are not touched.")

    def __init__(self) -> None:
        super().__init__(later("The file with albums and links cannot be read as a database."))


class StoreDown(ShareProblem):
    """The database or the photo store does not answer."""

    title = later("The storage of this server does not answer")
    fix = later("Try again in a minute. Nothing was lost.")

    def __init__(self) -> None:
        super().__init__(later("The place where photos and links are kept could not be reached."))
