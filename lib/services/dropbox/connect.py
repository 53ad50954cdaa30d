"""Connect the host's own Dropbox once, in a terminal."""

from __future__ import annotations

import json
from pathlib import Path

import requests
from dropbox import DropboxOAuth2FlowNoRedirect

from lib.services.connect import Ask, Say, all_there
from lib.services.problems import ConnectionCut, NotSetUp, SignInNeeded
from lib.services.registry import description
from lib.settings import Settings


def connect(settings: Settings, _: Path | None, ask: Ask, say: Say) -> str:
    """PKCE, no redirect: the person pastes the code that Dropbox shows."""
    scopes = description("dropbox").scopes
    key = settings.dropbox_app_key or ask("The App key of your app (see lib/services/dropbox/setup.md): ").strip()
    if not key:
        raise NotSetUp("Without an App key there is nothing to connect.", fix="Follow lib/services/dropbox/setup.md.")
    flow = DropboxOAuth2FlowNoRedirect(
        key,
        use_pkce=True,
        token_access_type="offline",  # noqa: S106 - a kind of token, not one
        scope=list(scopes),
    )
    say(f"\n1. Open this page and sign in:\n\n   {flow.start()}\n\n2. Press Continue, then Allow.\n")
    code = ask("3. Paste the code that Dropbox shows: ").strip()
    try:
        result = flow.finish(code)
    except requests.HTTPError as error:
        raise SignInNeeded(
            "Dropbox did not take the code.", fix="Run the command again: a code works once and for a few minutes."
        ) from error
    except requests.RequestException as error:
        raise ConnectionCut("Dropbox could not be reached.", fix="Check the network and try again.") from error
    all_there(scopes, ((result.scope or "").split()), "Tick them under Permissions and press Submit first.")
    return f"dropbox_app_key = {json.dumps(key)}\ndropbox_refresh_token = {json.dumps(result.refresh_token)}"
