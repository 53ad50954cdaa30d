"""The picker's script: photos are cleaned on the sender's own device, then uploaded into the draft.

Plain modules in `web/`, served in a few files (`packed.py`, `files.py`); the app and the plain page mount the same one
(`web/mount.js`). What the script must know as the server does comes from the server's own tables (`tables.py`).
"""

from lib.picker.files import address, ahead, routes

__all__ = ["address", "ahead", "routes"]
