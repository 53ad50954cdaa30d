"""The share host: drafts, albums, photos and links.

share = open_share(settings())
draft = share.drafts.create(owner)
share.drafts.add(draft, owner, name="beach.jpg", photo=prepare_photo(data))
album = share.create_album(owner, Album(...))
link = share.create_link(owner, album, Wishes(max_views=3))
link.path  # "/s/…", below the address of this app
"""

from lib.albums.clean_up import Swept
from lib.albums.drafts import DraftPhoto, Drafts
from lib.albums.host import Share, open_share
from lib.albums.link_rows import LinkInfo, LinkState
from lib.albums.links import KEEP
from lib.albums.problems import ShareProblem
from lib.albums.remembered import RememberedLink
from lib.albums.reports import Report
from lib.albums.status import Status
from lib.albums.wishes import expiry_after

__all__ = [
    "KEEP",
    "DraftPhoto",
    "Drafts",
    "LinkInfo",
    "LinkState",
    "RememberedLink",
    "Report",
    "Share",
    "ShareProblem",
    "Status",
    "Swept",
    "expiry_after",
    "open_share",
]
