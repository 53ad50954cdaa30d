"""Made `host.zip`: a host as revision 0001 left it. Run once, in a checkout of commit 38a102e, as `python make.py OUT`.

It holds the database as SQL, the photos, and `told.json`: which link is in which state, and the moment of making.
"""

# mypy: ignore-errors
import io
import json
import sqlite3
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from lib.providers.base import VIDEO_TYPE, Album, AlbumPhoto, Outcome, SharedLink, Wishes
from lib.share.host import open_share
from PIL import Image

from lib.photos import prepare_photo
from lib.photos.slideshow import make_slideshow
from lib.settings import read_settings

OWNER, KEY = "owner-secret-of-ana-0123456789", "a key for tests alone"


def picture(number: int) -> bytes:
    made = io.BytesIO()
    image = Image.new("RGB", (96, 64), (number * 60 % 256, 120, 90))
    image.paste((250, 200, 40), (10, 10, 30 + number, 40))
    image.save(made, "JPEG")
    return made.getvalue()


def main(out: Path) -> None:  # noqa: C901 - one step after the other
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        share = open_share(read_settings(data_dir=folder, secret_key=KEY))
        clean = [prepare_photo(picture(n)) for n in range(4)]
        video = make_slideshow(
            [one.data for one in clean[:2]], folder / "v.mp4", size=(108, 192), seconds_per_photo=1, fps=5, fit="crop"
        ).path.read_bytes()

        def album(key: str, *photos: tuple[str, int, int, bytes]) -> Album:
            return Album(
                key,
                f"Title {key}",
                f"Words {key}",
                [
                    AlbumPhoto(f"{n}.jpg", kind, w, h, len(data), lambda data=data: data)
                    for n, (kind, w, h, data) in enumerate(photos)
                ],
            )

        two = [("image/jpeg", 96, 64, one.data) for one in clean[:2]]
        wishes = {
            "live": {},
            "limited": {"max_views": 3},
            "used_up": {"max_views": 1},
            "protected": {"password": "abcd 1234"},
            "expired": {},
            "taken_back": {},
            "video": {},
        }
        told = {"links": {}, "owner": OWNER, "secret_key": KEY}
        for state, asked in wishes.items():
            photos = [*two, (VIDEO_TYPE, 108, 192, video)] if state == "video" else two
            link = share.create_link(OWNER, share.create_album(OWNER, album(state, *photos)), Wishes(**asked))
            told["links"][state] = link.path
            if state in {"limited", "used_up"}:
                assert share.spend_view(share.find(link.path[3:]))
            with sqlite3.connect(folder / "passalong.db") as db:
                if state == "expired":
                    db.execute("UPDATE links SET expires_at = created_at + 1 WHERE id = ?", (link.id,))
                if state == "taken_back":
                    share.revoke(OWNER, link.id)
                    db.execute("UPDATE links SET revoked_at = created_at - 60 WHERE id = ?", (link.id,))
        second = share.create_link(OWNER, share.link_of_path(OWNER, told["links"]["live"]).album_id, Wishes(name="Ben"))
        told["links"]["second"] = second.path
        share.reports.add(second.id, "me", "Please take me off")
        share.sweep()

        def stop(progress: object) -> None:
            if progress.photos_done == 1:
                raise KeyboardInterrupt

        try:
            share.create_album(OWNER, album("half", *two), stop)
        except KeyboardInterrupt:
            told["half"] = True
        draft = share.drafts.create(OWNER)
        ids = [share.drafts.add(draft, OWNER, name=f"photo {n}.jpg", photo=one).id for n, one in enumerate(clean[:3])]
        share.drafts.remove(draft, OWNER, ids[1])
        share.drafts.add_video(draft, OWNER, name="video", data=video)
        told |= {"draft": draft, "draft_photos": ids, "code": share.recovery_code(OWNER)}
        share.remember_link(
            OWNER,
            SharedLink(
                "google-drive",
                "https://drive.example/secret",
                {"file": "x"},
                "Sea",
                3,
                1234,
                link.created_at,
                None,
                (Outcome("expiry", "Ends", "No end", kept=False, advice="Take it back"),),
            ),
        )
        told["made_at"] = time.time()
        share.index.free_space()
        share.close()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            with sqlite3.connect(folder / "passalong.db") as db:
                archive.writestr("passalong.sql", "\n".join(db.iterdump()))
            archive.writestr("told.json", json.dumps(told, indent=1))
            for path in sorted((folder / "photos").rglob("*")):
                if path.is_file():
                    archive.write(path, path.relative_to(folder))


main(Path(sys.argv[1]))
