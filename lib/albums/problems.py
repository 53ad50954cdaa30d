"""What can go wrong with drafts, albums and links of this server, in words.

::

    ShareProblem
    ├── DraftGone        the photos waited too long, or were never this visitor's
    ├── PhotoGone        one photo of a draft or an album is not there
    ├── AlbumGone        the album is not there, or its photos were already deleted
    ├── LinkGone         no such link of this visitor
    ├── LinkEnded        a link that is over cannot be changed or brought back
    ├── WishRefused      an expiry, limit, password or text that cannot be kept
    ├── TooManyPhotos    over the photos of one album
    ├── NoRoom           over a quota of this visitor or of this server
    ├── DiskFull         the disk or the store took no more bytes
    ├── TooFast          more than this visitor may make in an hour
    ├── MayNotCreate     the host lets only some people create links
    ├── TicketRefused    an upload ticket that is old or not ours
    ├── CodeRefused      a recovery code that is not known
    └── StoreDown        the database or the photo store does not answer
"""

from __future__ import annotations

from lib.problems import Problem


class ShareProblem(Problem):
    """Something this server could not do with a draft, an album or a link."""

    title = "That did not work"


class DraftGone(ShareProblem):
    """The draft is unknown, too old, or somebody else's: the same words for all three."""

    title = "These photos are no longer waiting"
    fix = "Choose the photos again."

    def __init__(self) -> None:
        super().__init__("Photos wait here only for a short while before they become a link, and that time is over.")


class PhotoGone(ShareProblem):
    """One photo is not there."""

    title = "This photo is not there"
    fix = "Load the page again to see what is there."

    def __init__(self) -> None:
        super().__init__("The photo was removed, or it was never part of this.")


class AlbumGone(ShareProblem):
    """The album is unknown, somebody else's, or its photos were deleted."""

    title = "These photos are gone"
    fix = "Create a new link with the photos from your device."

    def __init__(self) -> None:
        super().__init__("Photos are deleted here as soon as no link to them works any more.")


class LinkGone(ShareProblem):
    """No such link belongs to this visitor."""

    title = "This link is not in your list"
    fix = "Load the page again. Links made on another device come here with your recovery code."

    def __init__(self) -> None:
        super().__init__("There is no such link among yours.")


class LinkEnded(ShareProblem):
    """A link that is over cannot be changed."""

    title = "This link is over"
    fix = "Create a new link."


class WishRefused(ShareProblem):
    """A wish that cannot be kept: an expiry, a limit, a password or a text."""

    title = "This choice does not work"
    fix = "Choose another value."


class TooManyPhotos(ShareProblem):
    """Over the number of photos of one album."""

    title = "Too many photos"
    fix = "Remove some photos, or make two links."


class NoRoom(ShareProblem):
    """Over a quota."""

    title = "No room for more photos"
    fix = "Take back links that are no longer needed, or choose a smaller size."


class DiskFull(ShareProblem):
    """The disk or the photo store takes no more bytes. Nothing half-made is left."""

    title = "The server's disk is full"
    fix = "Nothing was lost: try again later, or tell the person who runs this app."

    def __init__(self) -> None:
        super().__init__("There was no space left to keep this photo.")


class TooFast(ShareProblem):
    """More than this visitor may make in an hour."""

    title = "That was a lot in a short time"
    fix = "Wait a little, then try again."


class MayNotCreate(ShareProblem):
    """The host lets only some people create links."""

    title = "Creating links is limited here"
    fix = "Ask the person who runs this app."


class TicketRefused(ShareProblem):
    """An upload ticket that is too old, or that this server did not give."""

    title = "This page is too old"
    fix = "Load the page again, then choose the photos once more."

    def __init__(self) -> None:
        super().__init__("The permission to add photos has run out.")


class CodeRefused(ShareProblem):
    """A recovery code that is not known."""

    title = "This recovery code is not known"
    fix = "Check it letter by letter. A newer code replaces the older one."

    def __init__(self) -> None:
        super().__init__("No list of links belongs to this code.")


class StoreDown(ShareProblem):
    """The database or the photo store does not answer."""

    title = "The storage of this server does not answer"
    fix = "Try again in a minute. Nothing was lost."

    def __init__(self) -> None:
        super().__init__("The place where photos and links are kept could not be reached.")
