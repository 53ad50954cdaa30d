# ruff: noqa: E501 - pages as servers send them
"""Every state of every provider, as the research tables describe it: a link, what the servers answer, the verdict.

Each provider's rule file names the sources that say how it answers; the replies here imitate those.
"""

from __future__ import annotations

import asyncio
import base64
import io
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from internet import Reply, answer, page, redirect
from PIL import Image

from lib.links.known import provider


@dataclass(frozen=True)
class State:
    name: str
    link: str
    routes: tuple[tuple[str, Reply | Callable[[dict[str, str]], Reply]], ...]
    expected: str
    keys: bool = False


def link(provider_id: str, kind: str, number: int = 0) -> str:
    """An example of a provider's rule file."""
    found = [example for shape in provider(provider_id).shapes if shape.kind == kind for example in shape.examples]
    return found[number]


def picture(form: str = "JPEG", size: tuple[int, int] = (64, 48)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 120, 40)).save(out, form)
    return out.getvalue()


def heic() -> bytes:
    return b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(2_000)


def image(data: bytes | None = None, kind: str = "image/jpeg", **headers: str) -> Reply:
    return page(data or picture(), Content_Type=kind, **headers)


def drive_page(name: str, media_type: str, size: int) -> Reply:
    item: list[object] = [None] * 26
    item[1], item[11], item[25] = name, media_type, [None, None, str(size)]
    return page(f"<html><script>window.viewerData = {{config: {{}}, itemJson: {json.dumps(item)}}};</script></html>")


def og(**properties: str) -> str:
    tags = "".join(f'<meta property="og:{name}" content="{value}">' for name, value in properties.items())
    return f"<html><head>{tags}</head><body></body></html>"


def mega_attributes(name: str, key: str) -> str:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    raw = base64.urlsafe_b64decode(key + "=")
    folded = bytes(a ^ b for a, b in zip(raw[:16], raw[16:], strict=True))
    plain = b"MEGA" + json.dumps({"n": name}).encode()
    plain += bytes(-len(plain) % 16)
    sealer = Cipher(algorithms.AES(folded), modes.CBC(bytes(16))).encryptor()
    return base64.urlsafe_b64encode(sealer.update(plain) + sealer.finalize()).decode().rstrip("=")


def resolved(**result: object) -> Reply:
    return answer({"results": [result]})


SIGN_IN = page("<html><title>Sign in - Google Accounts</title><form></form></html>")
TO_GOOGLE = redirect(
    "https://accounts.google.com/v3/signin/identifier?continue=https%3A%2F%2Fdrive.google.com%2F&service=wise"
)
GOOGLE_404 = page("<html><title>Error 404 (Not Found)!!1</title></html>", 404)
SORRY = redirect("https://www.google.com/sorry/index?continue=x")
CAPTCHA = page("<html><div class='g-recaptcha'></div>unusual traffic</html>", 429)
CLOUDFLARE = page("<html>Just a moment...</html>", 403, Server="cloudflare", cf_mitigated="challenge")
BLANK = page("<html><head><title>Hello</title></head><body><div id=app></div></body></html>")

FILE, FOLDER, DOC = link("google_drive", "file", 1), link("google_drive", "folder", 1), link("google_drive", "document")
UC, THUMB = link("google_drive", "download"), link("google_drive", "picture")
SHORT, ALBUM = link("google_photos", "album"), link("google_photos", "album", 4)
DB_FILE, DB_FOLDER, DB_OLD = link("dropbox", "file"), link("dropbox", "folder", 1), link("dropbox", "file", 3)
IC_ALBUM, IC_LINK, IC_OLD = (
    link("icloud", "shared album"),
    link("icloud", "iCloud link"),
    link("icloud", "shared album (older form)"),
)
IC_DRIVE = link("icloud", "iCloud Drive file")
OD, SP, BOX = link("onedrive", "file or folder"), link("sharepoint", "file or folder"), link("box", "file or folder")
MEGA_FILE, MEGA_FOLDER = link("mega", "file"), link("mega", "folder")
PC = link("pcloud", "file or folder", 1)
PROTON, IMGUR, IMGUR_PIC = link("proton_drive", "file or folder"), link("imgur", "album"), link("imgur", "picture")
FLICKR, FLICKR_ALBUM = link("flickr", "photo"), link("flickr", "album")
AMAZON, ENTE, YANDEX = (
    link("amazon_photos", "album or photo"),
    link("ente", "album"),
    link("yandex_disk", "file or folder"),
)
IMMICH, NEXT = link("immich", "album"), link("nextcloud", "file or folder")
SYNO, SYNO_FILE = link("synology", "album"), link("synology", "file or folder")
PRISM, LYCHEE = link("photoprism", "album"), link("lychee", "album")
SEAFILE, SEAFILE_DIR = link("seafile", "file"), link("seafile", "folder")
PIWIGO, PIWIGO_PHOTO = link("piwigo", "album"), link("piwigo", "photo")
OWN = "https://photos.example.org/pictures/1"

TO_RAW = redirect("https://uc1.dl.dropboxusercontent.com/cd/0/get/x/file?dl=1")
RAW_PHOTO = page(picture(), Content_Type="application/binary", Content_Disposition='attachment; filename="beach.jpg"')
BADGER = (
    r"^api-badgerp\.svc\.ms/v1\.0/token",
    answer({"authScheme": "badger", "token": "pass", "expiryTimeUtc": "2026-12-01"}),
)
SHARED = {"shortGUID": {"value": "x"}, "databaseScope": "SHARED", "anonymousPublicAccess": {"token": "t", "tokenTTL": 1_200_000},
          "share": {"fields": {"cloudkit.title": {"value": "Summer"}}}}  # fmt: skip


def icloud_album(
    photos: int, *, more: bool = False, status: int = 200, partition: str = "https://p1-ckdatabasews.icloud.com:443"
) -> tuple[tuple[str, Reply], ...]:
    zone = {"zoneName": "SharedCollection-1", "ownerRecordName": "_owner", "zoneType": "REGULAR_CUSTOM_ZONE"}
    access = {"token": "t", "tokenTTL": 1_200_000, "databasePartition": partition}
    records = [{"recordType": kind} for _ in range(photos) for kind in ("CPLAsset", "CPLMaster")]
    listed = {"records": records} | ({"continuationMarker": "next"} if more else {})
    return (
        (r"/records/resolve", resolved(**SHARED | {"zoneID": zone, "anonymousPublicAccess": access})),
        (r"/shared/records/query", answer(listed, status)),
    )


def syno_page(status: str) -> Reply:
    script = f"webapi/entry.cgi?api=SYNO.Core.Sharing.Session&version=1&method=get&sharing_id=%22x%22&sharing_status=%22{status}%22&v=1"
    return page(f'<html><script src="{script}"></script></html>')


def syno_inside(**extra: object) -> Reply:
    return page(f"SYNO.SDS.Session = {{}}\n;SYNO.SDS.ExtraSession = {json.dumps(extra)}\n;")


def syno_album(name: str, count: int) -> Callable[[dict[str, str]], Reply]:
    """The album, for whoever shows the pass that its page gave."""

    def reply(request: dict[str, str]) -> Reply:
        if request.get("cookie") != "sharing_sid=pass" or "%22" not in request["body"]:
            return answer({"success": False, "error": {"code": 119}})
        return answer({"success": True, "data": {"list": [{"name": name, "item_count": count}]}})

    return reply


SYNO_PASS = (r"/mo/sharing/\w+$", page("<html>", Set_Cookie="sharing_sid=pass;path=/"))


def seafile_page(options: str) -> Reply:
    return page(og(title="beach.jpg") + f"<script>window.shared = {{ pageOptions: {{ {options} }} }};</script>")


def piwigo_page(content: str) -> Reply:
    return page(
        f'<meta name="generator" content="Piwigo (aka PWG), see piwigo.org"><title>Summer | Ann</title>{content}'
    )


def dropbox_page(*parts: str) -> Reply:
    packed = (base64.b64encode(part.encode()).decode() for part in parts)
    return page("".join(f'<script>registerStreamedPrefetch("a", "{part}")</script>' for part in packed))


PREVIEW = "https://uc1.previews.dropboxusercontent.com/p/thumb/abc/p.jpeg"


def drip(writer: asyncio.StreamWriter) -> object:
    async def slowly() -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>")
        for _ in range(100):
            writer.write(b".")
            await writer.drain()
            await asyncio.sleep(0.1)

    return slowly()


def silent(_: asyncio.StreamWriter) -> object:
    return asyncio.sleep(5)


def hang_up(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


def bomb(megabytes: int) -> bytes:
    """A gzip file that unpacks to so many megabytes of zeros."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1_000_000)
    return b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()


STATES = [
    # Google Drive
    State("icloud album with its list", IC_ALBUM, icloud_album(photos=7), "OPEN_ALBUM"),
    State("icloud album, long list", IC_ALBUM, icloud_album(photos=100, more=True), "OPEN_ALBUM"),
    State("icloud album, empty list", IC_ALBUM, icloud_album(photos=0), "OPEN_ALBUM_EMPTY"),
    State("icloud album, list refused", IC_ALBUM, icloud_album(photos=7, status=500), "OPEN_ALBUM"),
    State(
        "icloud album, list elsewhere",
        IC_ALBUM,
        icloud_album(photos=0, partition="https://evil.example.org"),
        "OPEN_ALBUM",
    ),
    State("drive file open", FILE, ((r"/file/d/", drive_page("beach.jpg", "image/jpeg", 3_000_000)),), "OPEN_PHOTO"),
    State(
        "drive file HEIC", FILE, ((r"/file/d/", drive_page("beach.heic", "image/heif", 3_000_000)),), "OPEN_FORMAT_RISK"
    ),
    State("drive file heavy", FILE, ((r"/file/d/", drive_page("beach.jpg", "image/jpeg", 30_000_000)),), "OPEN_HEAVY"),
    State(
        "drive file PDF",
        FILE,
        ((r"/file/d/", drive_page("menu.pdf", "application/pdf", 9_000)),),
        "OPEN_FILE_NOT_PHOTO",
    ),
    State("drive restricted", FILE, ((r"/file/d/", TO_GOOGLE), (r"^accounts", SIGN_IN)), "NEEDS_SIGNIN"),
    State(
        "drive asks for access",
        FILE,
        ((r"/file/d/", page("<title>Google Drive</title>You need access")),),
        "NEEDS_REQUEST",
    ),
    State("drive 404", FILE, ((r"/file/d/", GOOGLE_404),), "GONE_OR_PRIVATE"),
    State("drive sorry page", FILE, ((r"/file/d/", SORRY), (r"/sorry/", CAPTCHA)), "CHECKER_BLOCKED"),
    State("drive 429 captcha", FILE, ((r"/file/d/", CAPTCHA),), "CHECKER_BLOCKED"),
    State("drive 429", FILE, ((r"/file/d/", page("slow down", 429)),), "CHECKER_RATE_LIMITED"),
    State(
        "drive consent", FILE, ((r"/file/d/", redirect("https://consent.google.com/ml?continue=x")),), "CHECKER_BLOCKED"
    ),
    State("drive page nobody knows", FILE, ((r"/file/d/", BLANK),), "UNRECOGNISED_PAGE"),
    State("drive 500", FILE, ((r"/file/d/", page("oops", 500)),), "SERVER_5XX"),
    State(
        "drive folder open",
        FOLDER,
        (
            (
                r"/embeddedfolderview",
                page(
                    '<title>Summer</title><div class="flip-entries"><div class="flip-entry" id="1"></div><div class="flip-entry" id="2"></div></div>'
                ),
            ),
        ),
        "OPEN_ALBUM",
    ),
    State(
        "drive folder empty",
        FOLDER,
        ((r"/embeddedfolderview", page('<title>Summer</title><div class="flip-entries"></div>')),),
        "OPEN_ALBUM_EMPTY",
    ),
    State("drive folder restricted", FOLDER, ((r"/embeddedfolderview", TO_GOOGLE),), "NEEDS_SIGNIN"),
    State("drive folder 404", FOLDER, ((r"/embeddedfolderview", GOOGLE_404),), "GONE_OR_PRIVATE"),
    State(
        "drive quota",
        UC,
        ((r"/download", page('<title>Google Drive - Quota exceeded</title><p class="uc-error-caption">Sorry')),),
        "QUOTA",
    ),
    State(
        "drive quota in Spanish", UC, ((r"/download", page("<title>Google Drive – Cuota excedida</title>")),), "QUOTA"
    ),
    State(
        "drive virus scan",
        UC,
        ((r"/download", page('<title>Google Drive - Virus scan warning</title><form id="download-form"></form>')),),
        "OPEN_AFTER_CLICK",
    ),
    State(
        "drive download",
        UC,
        ((r"/download", page(picture(), Content_Disposition='attachment; filename="beach.jpg"')),),
        "OPEN_PHOTO",
    ),
    State("drive download restricted", UC, ((r"/download", TO_GOOGLE),), "NEEDS_SIGNIN"),
    State("drive thumbnail", THUMB, ((r"/thumbnail", image()),), "OPEN_PHOTO"),
    State("drive thumbnail 404", THUMB, ((r"/thumbnail", GOOGLE_404),), "GONE_OR_PRIVATE"),
    State(
        "docs does not exist",
        DOC,
        ((r"/document/", page("Sorry, the file you have requested does not exist.", 404)),),
        "GONE_OR_PRIVATE",
    ),
    State("docs restricted", DOC, ((r"/document/", TO_GOOGLE),), "NEEDS_SIGNIN"),
    State(
        "docs open",
        DOC,
        ((r"/document/", page('<meta property="og:title" content="Plan"><script>var x = "docs-title"</script>')),),
        "OPEN_FILE_NOT_PHOTO",
    ),
    State(
        "drive API open",
        FILE,
        ((r"^www\.googleapis", answer({"id": "x", "name": "beach.jpg", "mimeType": "image/jpeg", "size": "1000"})),),
        "OPEN_PHOTO",
        keys=True,
    ),
    State(
        "drive API view only",
        FILE,
        (
            (
                r"^www\.googleapis",
                answer(
                    {"id": "x", "name": "beach.jpg", "mimeType": "image/jpeg", "capabilities": {"canDownload": False}}
                ),
            ),
        ),
        "OPEN_VIEW_ONLY",
        keys=True,
    ),
    State("drive API trashed", FILE, ((r"^www\.googleapis", answer({"id": "x", "trashed": True})),), "GONE", keys=True),
    State(
        "drive API not found, page restricted",
        FILE,
        ((r"^www\.googleapis", answer({"error": {"errors": [{"reason": "notFound"}]}}, 404)), (r"/file/d/", TO_GOOGLE)),
        "NEEDS_SIGNIN",
        keys=True,
    ),
    State(
        "drive API quota",
        FILE,
        ((r"^www\.googleapis", answer({"error": {"errors": [{"reason": "downloadQuotaExceeded"}]}}, 403)),),
        "QUOTA",
        keys=True,
    ),
    # Google Photos
    State(
        "photos album",
        SHORT,
        (
            (r"^lh3", image()),
            (r"^photos\.app", redirect(ALBUM)),
            (
                r"^photos\.google",
                page(
                    og(
                        type="google_photos:photo_album",
                        title="Summer",
                        image="https://lh3.googleusercontent.com/pw/abc=w600",
                    )
                    + "https://lh3.googleusercontent.com/pw/abc"
                ),
            ),
        ),
        "OPEN_ALBUM",
    ),
    State(
        "photos album empty",
        SHORT,
        (
            (r"^photos\.app", redirect(ALBUM)),
            (r"^photos\.google", page(og(type="google_photos:photo_album", title="Summer"))),
        ),
        "OPEN_ALBUM_EMPTY",
    ),
    State(
        "photos link sharing off",
        SHORT,
        ((r"^photos\.app", redirect(ALBUM)), (r"^photos\.google", GOOGLE_404)),
        "GONE_OR_PRIVATE",
    ),
    State("photos short link dead", SHORT, ((r"^photos\.app", GOOGLE_404),), "GONE_OR_PRIVATE"),
    State("photos sign-in", SHORT, ((r"^photos\.app", TO_GOOGLE),), "NEEDS_SIGNIN"),
    State("photos 403", SHORT, ((r"^photos\.app", page("", 403)),), "CHECKER_BLOCKED"),
    State(
        "photos blank page",
        SHORT,
        ((r"^photos\.app", redirect(ALBUM)), (r"^photos\.google", BLANK)),
        "UNRECOGNISED_PAGE",
    ),
    State(
        "photos single photo",
        link("google_photos", "photo in an album"),
        (
            (r"^photos\.google", page(og(title="Beach", image="https://lh3.googleusercontent.com/pw/abc"))),
            (r"^lh3", image()),
        ),
        "OPEN_PHOTO",
    ),
    # Dropbox
    State(
        "dropbox file",
        DB_FILE,
        ((r"dl=0", page("<html>registerStreamedPrefetch</html>")), (r"^www.*dl=1", TO_RAW), (r"^uc1", RAW_PHOTO)),
        "OPEN_PHOTO",
    ),
    State(
        "dropbox HEIC",
        DB_FILE,
        (
            (r"dl=0", BLANK),
            (r"^www.*dl=1", TO_RAW),
            (
                r"^uc1",
                page(heic(), Content_Type="application/binary", Content_Disposition='attachment; filename="IMG.HEIC"'),
            ),
        ),
        "OPEN_FORMAT_RISK",
    ),
    State(
        "dropbox folder",
        DB_FOLDER,
        ((r"dl=0", BLANK), (r"^www.*dl=1", TO_RAW), (r"^uc1", page(b"PK\x03\x04" + bytes(100)))),
        "OPEN_ALBUM",
    ),
    State(
        "dropbox password",
        DB_FILE,
        ((r"dl=0", redirect("https://www.dropbox.com/sm/password?cont=x")), (r"/sm/password", page("<form>"))),
        "NEEDS_PASSWORD",
    ),
    State(
        "dropbox password in the packed page",
        DB_FILE,
        (
            (
                r"dl=0",
                page(
                    'registerStreamedPrefetch("a","'
                    + base64.b64encode(b"...\x00/sm/password?content_id=1").decode()
                    + '")'
                ),
            ),
        ),
        "NEEDS_PASSWORD",
    ),
    State(
        "dropbox no access",
        DB_FILE,
        ((r"dl=0", page("<html>/static/error_pages/no_access.css</html>")),),
        "NEEDS_SIGNIN",
    ),
    State(
        "dropbox sign-in",
        DB_FILE,
        ((r"dl=0", redirect("https://www.dropbox.com/login?cont=x")), (r"/login", page("<form>"))),
        "NEEDS_SIGNIN",
    ),
    State("dropbox deleted", DB_OLD, ((r"dropbox", page("That file isn't here anymore", 404)),), "GONE"),
    State(
        "dropbox traffic",
        DB_FILE,
        (
            (
                r"dl=0",
                page(
                    "This link is temporarily disabled. The person who shared it hit their daily limit of traffic or downloads",
                    429,
                ),
            ),
        ),
        "QUOTA",
    ),
    State("dropbox 509", DB_FILE, ((r"dl=0", page("", 509)),), "QUOTA"),
    State("dropbox 460", DB_FILE, ((r"dl=0", page("Restricted Content", 460)),), "TAKEN_DOWN"),
    State(
        "dropbox speed bump",
        DB_FILE,
        ((r"dl=0", redirect("https://www.dropbox.com/speedbump/x")), (r"/speedbump/", BLANK)),
        "OPEN_AFTER_CLICK",
    ),
    State(
        "dropbox view only",
        DB_FILE,
        ((r"dl=0", dropbox_page("user:\tsomebody", f"\n\x12{PREVIEW}\x18")), (r"dl=1", page("", 403))),
        "OPEN_VIEW_ONLY",
    ),
    State(
        "dropbox view only, download is a page",
        DB_OLD,
        ((r"dl=0", dropbox_page(f"\n{PREVIEW}")), (r"dl=1", BLANK)),
        "OPEN_VIEW_ONLY",
    ),
    State(
        "dropbox refuses the download and shows no picture",
        DB_FILE,
        ((r"dl=0", dropbox_page("nothing")), (r"dl=1", page("", 403))),
        "UNRECOGNISED_PAGE",
    ),
    State(
        "dropbox allows the download and does not hand it out",
        DB_FILE,
        ((r"dl=0", dropbox_page("anonymous:\tanonymous", PREVIEW)), (r"dl=1", BLANK)),
        "UNRECOGNISED_PAGE",
    ),
    State("dropbox page but no file", DB_FILE, ((r"dl=0", BLANK), (r"dl=1", BLANK)), "UNRECOGNISED_PAGE"),
    State(
        "dropbox API file",
        DB_FILE,
        ((r"^api\.dropboxapi", answer({".tag": "file", "name": "beach.jpg", "size": 1000})),),
        "OPEN_PHOTO",
        keys=True,
    ),
    State(
        "dropbox API folder",
        DB_FOLDER,
        ((r"^api\.dropboxapi", answer({".tag": "folder", "name": "Summer"})),),
        "OPEN_ALBUM",
        keys=True,
    ),
    State(
        "dropbox API no download",
        DB_FILE,
        (
            (
                r"^api\.dropboxapi",
                answer({".tag": "file", "name": "beach.jpg", "link_permissions": {"allow_download": False}}),
            ),
        ),
        "OPEN_VIEW_ONLY",
        keys=True,
    ),
    State(
        "dropbox API not found",
        DB_FILE,
        ((r"^api\.dropboxapi", answer({"error_summary": "shared_link_not_found/..", "error": {}}, 409)),),
        "GONE",
        keys=True,
    ),
    State(
        "dropbox API denied",
        DB_FILE,
        ((r"^api\.dropboxapi", answer({"error_summary": "shared_link_access_denied/.", "error": {}}, 409)),),
        "NEEDS_SIGNIN",
        keys=True,
    ),
    State(
        "dropbox API key refused, page answers",
        DB_FILE,
        ((r"^api\.dropboxapi", answer({}, 401)), (r"dl=0", BLANK), (r"^www.*dl=1", TO_RAW), (r"^uc1", RAW_PHOTO)),
        "OPEN_PHOTO",
        keys=True,
    ),
    # iCloud
    State("icloud album", IC_ALBUM, ((r"records/resolve", resolved(**SHARED)),), "OPEN_ALBUM"),
    State("icloud link", IC_LINK, ((r"records/resolve", resolved(**SHARED)),), "OPEN_ALBUM"),
    State(
        "icloud needs Apple account",
        IC_ALBUM,
        ((r"records/resolve", resolved(shortGUID={"value": "x"}, requireAppleLogin=True)),),
        "NEEDS_SIGNIN",
    ),
    State(
        "icloud no public access",
        IC_ALBUM,
        ((r"records/resolve", resolved(shortGUID={"value": "x"}, databaseScope="SHARED")),),
        "NEEDS_SIGNIN",
    ),
    State(
        "icloud expired",
        IC_LINK,
        ((r"records/resolve", resolved(serverErrorCode="NOT_FOUND", reason="Cannot resolve shortGUID")),),
        "EXPIRED",
    ),
    State(
        "icloud denied", IC_ALBUM, ((r"records/resolve", resolved(serverErrorCode="ACCESS_DENIED")),), "NEEDS_SIGNIN"
    ),
    State(
        "icloud drive file",
        IC_DRIVE,
        (
            (
                r"com\.apple\.cloudkit/",
                resolved(**(SHARED | {"share": {"fields": {"cloudkit.title": {"value": "beach.jpg"}}}})),
            ),
        ),
        "OPEN_PHOTO",
    ),
    State("icloud says something new", IC_ALBUM, ((r"records/resolve", answer({"hello": 1})),), "UNRECOGNISED_PAGE"),
    State(
        "icloud old album, moved",
        IC_OLD,
        (
            (r"^p99-.*webstream", answer({"streamName": "Summer", "userFirstName": "Ann", "photos": [{}, {}]})),
            (r"webstream", answer({}, 330, X_Apple_MMe_Host="p99-sharedstreams.icloud.com")),
        ),
        "OPEN_ALBUM",
    ),
    State(
        "icloud old album, moved to an evil host",
        IC_OLD,
        ((r"webstream", answer({}, 330, X_Apple_MMe_Host="evil.example.org")),),
        "UNRECOGNISED_PAGE",
    ),
    State(
        "icloud old album empty",
        IC_OLD,
        ((r"webstream", answer({"streamName": "Summer", "photos": []})),),
        "OPEN_ALBUM_EMPTY",
    ),
    State("icloud old album gone", IC_OLD, ((r"webstream", page("", 404)),), "GONE_OR_PRIVATE"),
    # OneDrive, SharePoint
    State(
        "onedrive photo",
        OD,
        (BADGER, (r"/driveitem", answer({"name": "beach.jpg", "size": 9, "file": {"mimeType": "image/jpeg"}}))),
        "OPEN_PHOTO",
    ),
    State(
        "onedrive folder",
        OD,
        (BADGER, (r"/driveitem", answer({"name": "Summer", "folder": {"childCount": 3}}))),
        "OPEN_ALBUM",
    ),
    State(
        "onedrive empty folder",
        OD,
        (BADGER, (r"/driveitem", answer({"name": "Summer", "folder": {"childCount": 0}}))),
        "OPEN_ALBUM_EMPTY",
    ),
    State(
        "onedrive not for everyone",
        OD,
        (BADGER, (r"/driveitem", answer({"error": {"code": "accessDenied"}}, 403))),
        "NEEDS_SIGNIN",
    ),
    State(
        "onedrive 404",
        OD,
        (BADGER, (r"/driveitem", answer({"error": {"code": "itemNotFound"}}, 404))),
        "GONE_OR_PRIVATE",
    ),
    State("onedrive rate limit", OD, (BADGER, (r"/driveitem", answer({}, 429))), "CHECKER_RATE_LIMITED"),
    State(
        "onedrive pass refused, page asks to sign in",
        OD,
        ((r"^api-badgerp", answer({}, 403)), (r"^1drv", redirect("https://login.live.com/login.srf?x"))),
        "NEEDS_SIGNIN",
    ),
    State(
        "onedrive pass refused, page opens",
        OD,
        (
            (r"^api-badgerp", answer({}, 403)),
            (r"^1drv", redirect("https://onedrive.live.com/?redeem=x")),
            (r"^onedrive", BLANK),
        ),
        "UNRECOGNISED_PAGE",
    ),
    State(
        "sharepoint open",
        SP,
        ((r"sharepoint", page('<script>var g_fileInfo = {"name": "beach.jpg"};</script>')),),
        "OPEN_PHOTO",
    ),
    State(
        "sharepoint sign-in",
        SP,
        ((r"sharepoint", redirect("https://login.microsoftonline.com/common/oauth2/authorize")),),
        "ORG_ONLY",
    ),
    State("sharepoint 403", SP, ((r"sharepoint", page("", 403)),), "ORG_ONLY"),
    State("sharepoint 404", SP, ((r"sharepoint", page("", 404)),), "GONE_OR_PRIVATE"),
    # Box
    State(
        "box file",
        BOX,
        (
            (
                r"box",
                page(
                    'Box.postStreamData = {"/app-api/enduserapp/shared-item":{"itemType":"file","itemID":1}}; <meta property="og:title" content="beach.jpg">'
                ),
            ),
        ),
        "OPEN_PHOTO",
    ),
    State(
        "box folder",
        BOX,
        ((r"box", page('Box.postStreamData = {"/app-api/enduserapp/shared-item":{"itemType":"folder","itemID":1}};')),),
        "OPEN_ALBUM",
    ),
    State("box removed", BOX, ((r"box", page("This shared file or folder link has been removed")),), "GONE"),
    State(
        "box sign-in",
        BOX,
        ((r"^app\.box", redirect("https://account.box.com/login?redirect_url=x")), (r"account", page("<form>"))),
        "NEEDS_SIGNIN",
    ),
    State("box password", BOX, ((r"box", page('<input id="shared_password" type="password">')),), "NEEDS_PASSWORD"),
    State("box expired", BOX, ((r"box", page("This shared link has expired")),), "EXPIRED"),
    State("box bandwidth", BOX, ((r"box", page("The user hosting this content is out of bandwidth")),), "QUOTA"),
    State("box 404", BOX, ((r"box", page("error_message_not_found", 404)),), "GONE"),
    # MEGA
    State(
        "mega file",
        MEGA_FILE,
        ((r"^g\.api", answer([{"s": 1000, "at": mega_attributes("beach.jpg", MEGA_FILE.partition("#")[2])}])),),
        "OPEN_PHOTO",
    ),
    State(
        "mega wrong key",
        MEGA_FILE,
        (
            (
                r"^g\.api",
                answer(
                    [
                        {
                            "s": 1000,
                            "at": mega_attributes(
                                "beach.jpg", base64.urlsafe_b64encode(bytes(range(32))).decode().rstrip("=")
                            ),
                        }
                    ]
                ),
            ),
        ),
        "CHAR_DAMAGED",
    ),
    State("mega folder", MEGA_FOLDER, ((r"^g\.api", answer([{"f": [{"t": 1}, {"t": 0}]}])),), "OPEN_ALBUM"),
    State("mega empty folder", MEGA_FOLDER, ((r"^g\.api", answer([{"f": [{"t": 1}]}])),), "OPEN_ALBUM_EMPTY"),
    State("mega gone", MEGA_FILE, ((r"^g\.api", answer([-9])),), "GONE"),
    State("mega gone, bare number", MEGA_FILE, ((r"^g\.api", answer(-9)),), "GONE"),
    State("mega blocked", MEGA_FILE, ((r"^g\.api", answer([-16])),), "TAKEN_DOWN"),
    State("mega quota", MEGA_FILE, ((r"^g\.api", answer([-17])),), "QUOTA"),
    State("mega busy", MEGA_FILE, ((r"^g\.api", answer(-3)),), "CHECKER_RATE_LIMITED"),
    # pCloud
    State(
        "pcloud file",
        PC,
        (
            (
                r"showpublink",
                answer(
                    {
                        "result": 0,
                        "metadata": {"isfolder": False, "name": "beach.jpg", "contenttype": "image/jpeg", "size": 9},
                    }
                ),
            ),
        ),
        "OPEN_PHOTO",
    ),
    State(
        "pcloud folder",
        PC,
        ((r"showpublink", answer({"result": 0, "metadata": {"isfolder": True, "name": "Summer", "contents": [{}]}})),),
        "OPEN_ALBUM",
    ),
    State(
        "pcloud empty folder",
        PC,
        ((r"showpublink", answer({"result": 0, "metadata": {"isfolder": True, "name": "Summer", "contents": []}})),),
        "OPEN_ALBUM_EMPTY",
    ),
    State(
        "pcloud other region",
        PC,
        (
            (r"^eapi", answer({"result": 0, "metadata": {"isfolder": False, "name": "beach.jpg", "size": 9}})),
            (r"^api", answer({"result": 7001})),
        ),
        "OPEN_PHOTO",
    ),
    State("pcloud unknown", PC, ((r"showpublink", answer({"result": 7001, "error": "Invalid link 'code'."})),), "GONE"),
    State("pcloud deleted", PC, ((r"showpublink", answer({"result": 7002})),), "GONE"),
    State("pcloud expired", PC, ((r"showpublink", answer({"result": 7004})),), "EXPIRED"),
    State("pcloud traffic", PC, ((r"showpublink", answer({"result": 7005})),), "QUOTA"),
    State("pcloud abuse", PC, ((r"showpublink", answer({"result": 7003})),), "TAKEN_DOWN"),
    State(
        "pcloud password",
        PC,
        ((r"showpublink", answer({"result": 2258, "error": "Please provide link password."})),),
        "NEEDS_PASSWORD",
    ),
    State("pcloud too many tries", PC, ((r"showpublink", answer({"result": 4000})),), "CHECKER_RATE_LIMITED"),
    # Proton, Imgur, Flickr, Amazon, Ente, Yandex
    State("proton there", PROTON, ((r"/info", answer({"Code": 1000, "Flags": 0})),), "OPEN_FILE_NOT_PHOTO"),
    State("proton password", PROTON, ((r"/info", answer({"Code": 1000, "Flags": 3})),), "NEEDS_PASSWORD"),
    State(
        "proton gone", PROTON, ((r"/info", answer({"Code": 2501, "Error": "File or folder not found"}, 422)),), "GONE"
    ),
    State(
        "imgur album",
        IMGUR,
        ((r"^imgur", page(og(title="Summer", image="https://i.imgur.com/abc.jpg"))), (r"^i\.imgur", image())),
        "OPEN_REGION_RISK",
    ),
    State("imgur picture", IMGUR_PIC, ((r"^i\.imgur", image()),), "OPEN_REGION_RISK"),
    State(
        "imgur removed",
        IMGUR_PIC,
        (
            (r"removed\.png", image(picture("PNG"), "image/png")),
            (r"^i\.imgur", redirect("https://i.imgur.com/removed.png")),
        ),
        "GONE",
    ),
    State("imgur 404", IMGUR, ((r"^imgur", page("", 404)),), "GONE"),
    State(
        "imgur refuses us", IMGUR, ((r"^imgur", page("Imgur is temporarily over capacity", 403)),), "CHECKER_BLOCKED"
    ),
    State(
        "flickr photo",
        FLICKR,
        (
            (r"staticflickr", image()),
            (r"flickr", page(og(title="Beach", image="https://live.staticflickr.com/1/2_3_b.jpg"))),
        ),
        "OPEN_PHOTO",
    ),
    State(
        "flickr album",
        FLICKR_ALBUM,
        (
            (r"staticflickr", image()),
            (r"flickr", page(og(title="Summer", image="https://live.staticflickr.com/1/2_3_b.jpg"))),
        ),
        "OPEN_ALBUM",
    ),
    State("flickr private", FLICKR, ((r"flickr", page("", 404)),), "NOT_FOUND"),
    State("flickr sign-in", FLICKR, ((r"^www", redirect("https://identity.flickr.com/login")),), "NEEDS_SIGNIN"),
    State(
        "amazon share",
        AMAZON,
        (
            (
                r"/drive/v1/shares/",
                answer(
                    {
                        "nodeInfo": {
                            "id": "x",
                            "name": "beach.jpg",
                            "kind": "FILE",
                            "contentProperties": {"contentType": "image/jpeg", "size": 9},
                        }
                    }
                ),
            ),
        ),
        "OPEN_PHOTO",
    ),
    State(
        "amazon album",
        AMAZON,
        ((r"/drive/v1/shares/", answer({"nodeInfo": {"id": "x", "kind": "FOLDER", "name": "Summer"}})),),
        "OPEN_ALBUM",
    ),
    State("amazon gone", AMAZON, ((r"/drive/v1/shares/", answer({}, 404)),), "GONE"),
    State(
        "amazon sign-in",
        AMAZON,
        ((r"/drive/v1/shares/", redirect("https://www.amazon.com/ap/signin?x")), (r"/ap/signin", BLANK)),
        "NEEDS_SIGNIN",
    ),
    State(
        "ente open", ENTE, ((r"^api\.ente", answer({"code": "NOT_FOUND", "message": "not found"}, 404)),), "OPEN_ALBUM"
    ),
    State("ente expired", ENTE, ((r"^api\.ente", answer({"error": "expired token"}, 410)),), "EXPIRED"),
    State("ente disabled", ENTE, ((r"^api\.ente", answer({"error": "disabled token"}, 410)),), "GONE"),
    State(
        "ente plan lapsed",
        ENTE,
        ((r"^api\.ente", answer({"error": "no active subscription"}, 410)),),
        "OWNER_PLAN_LAPSED",
    ),
    State("ente unknown", ENTE, ((r"^api\.ente", answer({"error": "invalid token"}, 401)),), "GONE"),
    State("ente password", ENTE, ((r"^api\.ente", answer({"error": "unauthorized"}, 401)),), "NEEDS_PASSWORD"),
    State(
        "ente device limit",
        ENTE,
        ((r"^api\.ente", answer({"code": "LINK_DEVICE_LIMIT_EXCEEDED"}, 403)),),
        "DEVICE_LIMIT",
    ),
    State(
        "yandex file",
        YANDEX,
        ((r"^cloud-api", answer({"type": "file", "name": "beach.jpg", "mime_type": "image/jpeg", "size": 9})),),
        "OPEN_PHOTO",
    ),
    State("yandex gone", YANDEX, ((r"^cloud-api", answer({"error": "DiskNotFoundError"}, 404)),), "NOT_FOUND"),
    State("wetransfer expired", link("wetransfer", "transfer"), ((r"^we\.tl", page("Transfer expired")),), "EXPIRED"),
    State("wetransfer page", link("wetransfer", "transfer"), ((r"^we\.tl", BLANK),), "UNRECOGNISED_PAGE"),
    State("tiktok post", link("tiktok", "post or profile"), ((r"^vm", BLANK),), "UNRECOGNISED_PAGE"),
    # Servers of one's own
    State(
        "immich album",
        IMMICH,
        (
            (
                r"/api/shared-links/me",
                answer({"type": "ALBUM", "album": {"albumName": "Summer"}, "assets": [{"id": "a"}]}),
            ),
            (r"/api/assets/a/thumbnail", image()),
        ),
        "OPEN_ALBUM",
    ),
    State(
        "immich empty",
        IMMICH,
        ((r"/api/shared-links/me", answer({"type": "ALBUM", "album": {"albumName": "Summer"}, "assets": []})),),
        "OPEN_ALBUM_EMPTY",
    ),
    State(
        "immich password",
        IMMICH,
        ((r"/api/shared-links/me", answer({"message": "Password required"}, 401)),),
        "NEEDS_PASSWORD",
    ),
    State(
        "immich unknown key",
        IMMICH,
        ((r"/api/shared-links/me", answer({"message": "Invalid share key"}, 401)),),
        "GONE",
    ),
    State(
        "nextcloud open",
        NEXT,
        ((r"/s/", page('<input type="hidden" id="initial-state-files_sharing-sharingToken" value="x">')),),
        "OPEN_ALBUM",
    ),
    State(
        "nextcloud password",
        NEXT,
        ((r"authenticate", page("publicshareauth")), (r"/s/", redirect(NEXT + "/authenticate/showShare", 303))),
        "NEEDS_PASSWORD",
    ),
    State("nextcloud gone", NEXT, ((r"/s/", page("sharenotfound", 404)),), "GONE_OR_PRIVATE"),
    State(
        "nextcloud file drop",
        NEXT,
        (
            (
                r"/s/",
                page(
                    '<input id="initial-state-files_sharing-view" value="ImZpbGUtZHJvcCI="><input id="initial-state-files_sharing-sharingToken">'
                ),
            ),
        ),
        "UPLOAD_REQUEST",
    ),
    State("nextcloud throttles", NEXT, ((r"/s/", page("", 429)),), "CHECKER_RATE_LIMITED"),
    State(
        "immich short key, another server",
        "https://photos.example.org/share/abcdef",
        ((r"/api/", page("<html>", 404)), (r"/share/", image())),
        "OPEN_PHOTO",
    ),
    State("synology album", SYNO, ((r"entry\.cgi", syno_album("Summer", 12)), SYNO_PASS), "OPEN_ALBUM"),
    State("synology empty album", SYNO, ((r"entry\.cgi", syno_album("Summer", 0)), SYNO_PASS), "OPEN_ALBUM_EMPTY"),
    State(
        "synology refuses inside",
        SYNO,
        ((r"entry\.cgi", answer({"success": False, "error": {"code": 105}})), SYNO_PASS),
        "GONE_OR_PRIVATE",
    ),
    State("synology password", SYNO, ((r"/mo/sharing/", syno_page("password")),), "NEEDS_PASSWORD"),
    State("synology account", SYNO, ((r"/mo/sharing/", syno_page("user")),), "NEEDS_SIGNIN"),
    State("synology no pass", SYNO, ((r"/mo/sharing/", page("<script>SYNO.SDS</script>")),), "GONE_OR_PRIVATE"),
    State(
        "synology file",
        SYNO_FILE,
        ((r"entry\.cgi", syno_inside(filename="beach.jpg", is_folder=False)), (r"/sharing/", syno_page("none"))),
        "OPEN_PHOTO",
    ),
    State(
        "synology folder",
        SYNO_FILE,
        ((r"entry\.cgi", syno_inside(filename="Summer", is_folder=True)), (r"/sharing/", syno_page("none"))),
        "OPEN_ALBUM",
    ),
    State(
        "synology file request",
        SYNO_FILE,
        ((r"entry\.cgi", syno_inside(is_sharing_upload=True)), (r"/sharing/", syno_page("none"))),
        "UPLOAD_REQUEST",
    ),
    State(
        "synology pass but no word",
        SYNO_FILE,
        ((r"entry\.cgi", page("")), (r"/sharing/", syno_page("none"))),
        "UNRECOGNISED_PAGE",
    ),
    State("synology 404", SYNO_FILE, (), "NOT_FOUND"),
    State(
        "photoprism album",
        PRISM,
        (
            (
                r"/s/",
                page(
                    '<meta property="og:title" content="Summer"><script>window.__SHARED__ = {"token":"x","uri":"/library/albums"};</script>'
                ),
            ),
        ),
        "OPEN_ALBUM",
    ),
    State(
        "photoprism unknown link",
        PRISM,
        ((r"/s/", redirect("/library/login", 307)), (r"/library", page("<script>window.__CONFIG__ = {};</script>"))),
        "NOT_FOUND",
    ),
    State(
        "photoprism link without its album",
        "https://photos.example.org/s/1jxf3jfn2k",
        ((r"/s/", page('<script>window.__SHARED__ = {"token":"x"};</script>')),),
        "OPEN_ALBUM",
    ),
    State(
        "seafile file",
        SEAFILE,
        ((r"/f/", seafile_page("sharedToken: '9e41', download: 'True' == 'True'")),),
        "OPEN_PHOTO",
    ),
    State(
        "seafile file, view only",
        SEAFILE,
        ((r"/f/", seafile_page("sharedToken: '9e41', download: 'False' == 'True'")),),
        "OPEN_VIEW_ONLY",
    ),
    State("seafile folder", SEAFILE_DIR, ((r"/d/", seafile_page("dirName: 'Summer'")),), "OPEN_ALBUM"),
    State("seafile password", SEAFILE_DIR, ((r"/d/", page('<form id="share-passwd-form">')),), "NEEDS_PASSWORD"),
    State("seafile expired", SEAFILE_DIR, ((r"/d/", page("<p>This link has expired</p>")),), "EXPIRED"),
    State("seafile gone", SEAFILE, ((r"/f/", page("", 404)),), "NOT_FOUND"),
    State(
        "seafile sign-in", SEAFILE, ((r"/f/", redirect("/accounts/login/?next=x")), (r"/login", BLANK)), "NEEDS_SIGNIN"
    ),
    State("piwigo album", PIWIGO, ((r"/index", piwigo_page('<ul class="thumbnails" id="thumbnails">')),), "OPEN_ALBUM"),
    State(
        "piwigo photo", PIWIGO_PHOTO, ((r"/picture", piwigo_page('<img id="theMainImage" src="x.jpg">')),), "OPEN_PHOTO"
    ),
    State(
        "piwigo private album",
        PIWIGO,
        ((r"identification", piwigo_page("<form>")), (r"/index", redirect("/identification.php?redirect=x"))),
        "NEEDS_SIGNIN",
    ),
    State("piwigo no such album", PIWIGO, ((r"/index", page("Requested album does not exist", 404)),), "NOT_FOUND"),
    State(
        "lychee album",
        LYCHEE,
        ((r"/Album::head", answer({"resource": {"id": "x", "title": "Summer", "num_photos": 3}})),),
        "OPEN_ALBUM",
    ),
    State(
        "lychee empty album",
        LYCHEE,
        ((r"/Album::head", answer({"resource": {"id": "x", "title": "S", "num_photos": 0, "num_children": 0}})),),
        "OPEN_ALBUM_EMPTY",
    ),
    State(
        "lychee of an older version",
        LYCHEE,
        ((r"/Album::head", page("", 404)), (r"/api/v2/Album\?", answer({"resource": {"id": "x", "title": "Summer"}}))),
        "OPEN_ALBUM",
    ),
    State(
        "lychee password", LYCHEE, ((r"/Album::head", answer({"message": "Password required"}, 401)),), "NEEDS_PASSWORD"
    ),
    State("lychee private", LYCHEE, ((r"/Album::head", answer({"message": "Unauthenticated."}, 401)),), "NEEDS_SIGNIN"),
    State("lychee no such album", LYCHEE, (), "NOT_FOUND"),
    # Any server
    State("picture", OWN, ((r"example", image()),), "OPEN_PHOTO"),
    State("picture called login", "https://photos.example.org/login.png", ((r"example", image()),), "OPEN_PHOTO"),
    State("picture in a street of sign-in", OWN + "/sign-in/1.jpg", ((r"example", image()),), "OPEN_PHOTO"),
    State("sign-in page", "https://photos.example.org/login", ((r"example", BLANK),), "NEEDS_SIGNIN"),
    State("picture without encryption", OWN.replace("https", "http"), ((r"example", image()),), "HTTP_ONLY"),
    State(
        "picture that moved to encryption",
        OWN.replace("https", "http"),
        ((r"/pictures/1$", redirect("https://photos.example.org/encrypted")), (r"example", image())),
        "OPEN_PHOTO",
    ),
    State(
        "page without encryption that nobody knows",
        OWN.replace("https", "http"),
        ((r"example", BLANK),),
        "UNRECOGNISED_PAGE",
    ),
    State("picture at Google", link("google_pictures", "picture in Drive"), ((r"^lh3", image()),), "OPEN_PHOTO"),
    State(
        "picture at Google, private",
        link("google_pictures", "picture in Drive"),
        ((r"^lh3", page("", 404)),),
        "GONE_OR_PRIVATE",
    ),
    State("sharepoint download", link("sharepoint", "download"), ((r"sharepoint", image()),), "OPEN_PHOTO"),
    State(
        "picture called application/binary", OWN, ((r"example", image(None, "application/binary")),), "OPEN_FORMAT_RISK"
    ),
    State("HEIC picture", OWN, ((r"example", image(heic(), "image/jpeg")),), "OPEN_FORMAT_RISK"),
    State("packed folder", OWN, ((r"example", page(b"PK\x03\x04" + bytes(100))),), "OPEN_FILE_NOT_PHOTO"),
    State(
        "web page called a picture",
        OWN,
        ((r"example", page("<html>Log in</html>", Content_Type="image/jpeg")),),
        "UNRECOGNISED_PAGE",
    ),
    State("a page", OWN, ((r"example", BLANK),), "UNRECOGNISED_PAGE"),
    State("an empty answer", OWN, ((r"example", page("")),), "UNRECOGNISED_PAGE"),
    State(
        "sign-in on the same server", OWN, ((r"/login", BLANK), (r"example", redirect("/login?next=1"))), "NEEDS_SIGNIN"
    ),
    State("401", OWN, ((r"example", page("", 401)),), "NEEDS_SIGNIN"),
    State("403", OWN, ((r"example", page("", 403)),), "CHECKER_BLOCKED"),
    State("404", OWN, ((r"example", page("", 404)),), "NOT_FOUND"),
    State("410", OWN, ((r"example", page("", 410)),), "GONE"),
    State("451", OWN, ((r"example", page("", 451)),), "TAKEN_DOWN"),
    State("502", OWN, ((r"example", page("", 502)),), "SERVER_5XX"),
    State("challenge", OWN, ((r"example", CLOUDFLARE),), "CHECKER_BLOCKED"),
    State("ddos-guard", OWN, ((r"example", page("/ddos-guard/js-challenge/", 403)),), "CHECKER_BLOCKED"),
    State("signature expired", OWN, ((r"example", page("URL signature expired", 403)),), "EXPIRED"),
    State("gzip bomb", OWN, ((r"example", page(bomb(20), Content_Encoding="gzip")),), "UNRECOGNISED_PAGE"),
    State(
        "packed in a way nobody asked for", OWN, ((r"example", page("x", Content_Encoding="br")),), "UNRECOGNISED_PAGE"
    ),
    State("broken gzip", OWN, ((r"example", page("no gzip", Content_Encoding="gzip")),), "UNRECOGNISED_PAGE"),
    State("slow drip", OWN, ((r"example", Reply(play=drip)),), "TIMEOUT"),
    State("silence", OWN, ((r"example", Reply(play=silent)),), "TIMEOUT"),
    State("hangs up", OWN, ((r"example", Reply(play=hang_up)),), "UNRECOGNISED_PAGE"),
    State("circle", OWN, ((r"example", redirect(OWN)),), "REDIRECT_LOOP"),
    State(
        "endless redirects", OWN, ((r"example", lambda request: redirect(request["target"] + "1")),), "REDIRECT_LOOP"
    ),
    State(
        "redirect to metadata", OWN, ((r"example", redirect("http://169.254.169.254/latest/meta-data/")),), "LOCAL_ONLY"
    ),
    State("redirect to this machine", OWN, ((r"example", redirect("http://127.0.0.1:8080/")),), "LOCAL_ONLY"),
    State(
        "redirect to an app", OWN, ((r"example", redirect("intent://x#Intent;scheme=https;end")),), "UNRECOGNISED_PAGE"
    ),
    State("redirect with a password", OWN, ((r"example", redirect("https://a:b@example.org/")),), "UNSAFE_URL"),
    State("a name that does not exist", "https://nowhere.example.com/x", (), "DNS"),
    State("a certificate for another name", "https://wrong.example.net/x", (), "TLS_NAME"),
]


# What each provider answers to an id that it does not know, as a cut or lower-cased link makes one. A provider without
# a row of its own answers 404.
NOT_HERE = page("<html><title>Not found</title></html>", 404)
UNKNOWN_ID: dict[str, tuple[tuple[str, Reply | Callable[[dict[str, str]], Reply]], ...]] = {
    "box": ((r"box", page("error_message_not_found", 404)),),
    "ente": ((r"^api\.ente", answer({"error": "invalid token"}, 401)),),
    "icloud": ((r"/records/resolve", resolved(serverErrorCode="NOT_FOUND", reason="Cannot resolve shortGUID")),),
    "imgur": (
        (r"removed\.png", image(picture("PNG"), "image/png")),
        (r"^i\.imgur", redirect("https://i.imgur.com/removed.png")),
    ),
    "immich": ((r"/api/shared-links/me", answer({"message": "Invalid share key"}, 401)),),
    "mega": ((r"^g\.api", answer([-9])),),
    "onedrive": (BADGER, (r"/driveitem", answer({"error": {"code": "itemNotFound"}}, 404))),
    "pcloud": ((r"showpublink", answer({"result": 7001, "error": "Invalid link 'code'."})),),
    "proton_drive": ((r"/info", answer({"Code": 2501, "Error": "File or folder not found"}, 422)),),
    "yandex_disk": ((r"^cloud-api", answer({"error": "DiskNotFoundError"}, 404)),),
}


def unknown_id(provider_id: str) -> tuple[tuple[str, Reply | Callable[[dict[str, str]], Reply]], ...]:
    """The routes of a small internet in which this provider does not know the id."""
    return (*UNKNOWN_ID.get(provider_id, ()), (r".", NOT_HERE))
