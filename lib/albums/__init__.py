"""The share host: albums from their first photo on, and links.

share = open_share(settings())
album = share.albums.latest(owner) or share.albums.open(owner)
share.photos.add(owner, album, name="beach.jpg", photo=prepare_photo(data))
share.albums.choose(owner, album, title="By the sea", max_views=3)
link = share.links.make(owner, album)
link.path  # "/s/…", below the address of this app
"""

from lib.albums.album import AlbumInfo, AlbumState, PhotoInfo, receipt
from lib.albums.choices import Choices
from lib.albums.clean_up import Swept
from lib.albums.host import Share, open_share
from lib.albums.link_rows import LinkInfo, LinkState
from lib.albums.links import KEEP, PAGE, LinkPage
from lib.albums.photos import Photos
from lib.albums.problems import ShareProblem
from lib.albums.remembered import RememberedLink
from lib.albums.reports import Report
from lib.albums.status import Status
from lib.albums.wishes import expiry_after

__all__ = [
    "KEEP",
    "PAGE",
    "AlbumInfo",
    "AlbumState",
    "Choices",
    "LinkInfo",
    "LinkPage",
    "LinkState",
    "PhotoInfo",
    "Photos",
    "RememberedLink",
    "Report",
    "Share",
    "ShareProblem",
    "Status",
    "Swept",
    "expiry_after",
    "open_share",
    "receipt",
]
