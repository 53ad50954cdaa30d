"""The share host: drafts, albums, photos and links, and the plain pages that recipients meet.

share = open_share(settings())
draft = share.drafts.create(owner)
share.drafts.add(draft, owner, name="beach.jpg", photo=prepare_photo(data))
album = share.create_album(owner, Album(...))
link = share.create_link(owner, album, Wishes(max_views=3))
link.path  # "/s/…", below the address of this app
"""

from lib.share.clean_up import Swept
from lib.share.drafts import DraftPhoto, Drafts
from lib.share.host import Share, open_share
from lib.share.link_rows import LinkInfo, LinkState
from lib.share.links import KEEP
from lib.share.problems import ShareProblem
from lib.share.remembered import RememberedLink
from lib.share.reports import Report
from lib.share.status import Status
from lib.share.wishes import expiry_after

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
