"""What Dropbox is and can do."""

from typing import Final

from lib.services.base import Description

DESCRIPTION: Final = Description(
    id="dropbox",
    label="Dropbox",
    icon=":material/deployed_code:",
    summary="Puts the photos in a folder of your own Dropbox and makes a link that anyone can open.",
    can_upload=True,
    can_album=True,
    can_revoke=True,
    can_read_back=True,
    can_mend=True,
    can_password=True,
    can_expire=True,
    can_limit_views=False,
    can_count_views=False,
    can_block_download=True,
    needs_sign_in=True,
    recipient_needs_account=False,
    facts_name="Dropbox",
    settings=("dropbox_app_key", "dropbox_refresh_token"),
    hosts=("www.dropbox.com", "dropbox.com", "dl.dropboxusercontent.com"),
    sign_in="dropbox",
    on_some_plans=("password", "expiry", "download"),
    can_discard=True,
    issuer_without_nonce="https://www.dropbox.com",
)

# The least that uploading, sharing, reading back and naming the plan need; the app works in its own folder only.
SCOPES: Final = ("files.content.write", "sharing.write", "sharing.read", "account_info.read")
