"""What this server is and can do, as data."""

from typing import Final

from lib.services.base import Description

DESCRIPTION: Final = Description(
    id="this-server",
    label="This server",
    icon=":material/home_storage:",
    summary="No account for anybody, and every limit holds: password, end, number of views, and taking it back.",
    can_upload=True,
    can_album=True,
    can_revoke=True,
    can_read_back=True,
    can_mend=False,
    can_password=True,
    can_expire=True,
    can_limit_views=True,
    can_count_views=True,
    can_block_download=True,
    can_preview=True,
    kept_here=True,
    needs_sign_in=False,
    recipient_needs_account=False,
    facts_name="This server",
)
