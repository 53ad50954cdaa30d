"""What Google Drive is and can do."""

from typing import Final

from lib.services.base import Description

DESCRIPTION: Final = Description(
    id="google-drive",
    label="Google Drive",
    icon=":material/add_to_drive:",
    summary="Puts the photos in a folder of your own Google Drive and opens it for anyone with the link.",
    can_upload=True,
    can_album=True,
    can_revoke=True,
    can_read_back=True,
    can_mend=True,
    can_password=False,
    can_expire=False,
    can_limit_views=False,
    can_count_views=False,
    can_block_download=True,
    needs_sign_in=True,
    recipient_needs_account=False,
    facts_name="Google Drive",
    settings=("google_authorized_user",),
    hosts=("drive.google.com",),
    sign_in="google",
    can_discard=True,
)

# Only files that this app made or that the person picked: Google's smallest class of Drive permission.
SCOPES: Final = ("https://www.googleapis.com/auth/drive.file",)
