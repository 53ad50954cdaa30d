"""Connect the host's own Google Drive once, in a terminal."""

from __future__ import annotations

import json
from pathlib import Path

from google_auth_oauthlib.flow import InstalledAppFlow
from oauthlib.oauth2 import OAuth2Error  # type: ignore[import-untyped]

from lib.services.connect import Ask, Say, all_there
from lib.services.problems import NotSetUp, SignInNeeded
from lib.services.registry import description
from lib.settings import Settings


def connect(_: Settings, client_file: Path | None, ask: Ask, say: Say) -> str:
    """PKCE through a page on this computer, which Google calls back."""
    scopes = description("google_drive").scopes
    path = client_file or Path(ask("The JSON file of your client (see lib/services/google_drive/setup.md): ").strip())
    try:
        flow = InstalledAppFlow.from_client_secrets_file(str(path), list(scopes))
    except (OSError, ValueError, AttributeError, KeyError) as error:
        raise NotSetUp(
            f"{path.name or 'The file'} is not the JSON file of a Google client.",
            fix="Download it again: Google Auth Platform, Clients, your Desktop client, Download JSON.",
        ) from error
    say("\nA browser opens. Sign in, tick the box about Google Drive, and press Continue.\n")
    try:
        found = flow.run_local_server(
            port=0, authorization_prompt_message="{url}\n", access_type="offline", prompt="consent"
        )
    except OAuth2Error as error:
        raise SignInNeeded("Google did not allow it.", fix="Run the command again and press Continue.") from error
    all_there(scopes, (found.scopes or ()), "Run the command again and tick the box about Google Drive.")
    kept = {
        "client_id": found.client_id, "client_secret": found.client_secret, "refresh_token": found.refresh_token,
        "type": "authorized_user",
    }  # fmt: skip
    return f"google_authorized_user = {json.dumps(json.dumps(kept))}"
