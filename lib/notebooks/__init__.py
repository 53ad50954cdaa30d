"""For scripts and notebooks: the whole chain in a few calls, on whatever photos are at hand.

    from lib import check, clean, inspect, send, storage

    inspect("holiday/")                    # what each photo tells, with small pictures
    photos = clean("holiday/")             # clean copies in memory; photos.save("clean/") writes them
    link = send(photos, title="Holiday", expires="7d")
    check([link.url])                      # a table: can a stranger open it?
    link.take_back()                       # and the proof that every address is gone
    storage()                              # what each storage provider offers, as a table

Photos may be a path, bytes, an open file, a folder, or a list of these. One photo gives one result; a folder or a list
gives a sequence of results. Every result has a short `repr`, a card for notebooks and `.to_frame()`. Failures are
`lib.problems.Problem`. All of it works in a script, in Jupyter and while an event loop is running.

`passalong.ipynb`, in this folder, walks the whole way.
"""

from lib.notebooks.app import AppNotStarted, RunningApp, start_app
from lib.notebooks.cleaning import CleanPhoto, CleanPhotos, clean
from lib.notebooks.looking import InspectedPhoto, InspectedPhotos, inspect
from lib.notebooks.sample import sample_photos
from lib.notebooks.sending import MyLink, TakenBack, send
from lib.notebooks.sources import Refused
from lib.notebooks.tables import check, storage

__all__ = [
    "AppNotStarted",
    "CleanPhoto",
    "CleanPhotos",
    "InspectedPhoto",
    "InspectedPhotos",
    "MyLink",
    "Refused",
    "RunningApp",
    "TakenBack",
    "check",
    "clean",
    "inspect",
    "sample_photos",
    "send",
    "start_app",
    "storage",
]
