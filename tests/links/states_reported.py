# ruff: noqa: E501 - pages as servers send them, in their languages
"""What servers answered in the states that people reported: by the name of the case, to be played for its link.

The cases themselves (link, what is right) stand in a table that a host keeps; `tests.links.measures` reads it.
"""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable

from internet import Reply, answer, page, redirect
from states import TO_GOOGLE, drive_page, image, og, picture
from states_2026 import ALBUM_PAGE, LOGIN_FORM, anyone, pass_on, said, with_cookie

Routes = tuple[tuple[str, Reply | Callable[[dict[str, str]], Reply]], ...]
ALBUM = "https://photos.google.com/share/AF1QipMwMH7_znQlQ6FihfwVoP3q7yiKVvB8rx86eK0r5B7xNnE1O0N2Gc8Q3nbpsMsDqA?key=RERmXzlZWkRvNmV2Q2JSZkZJbUdyWDllVWhGQ2tR"
FILE = "https://drive.google.com/file/d/1pWj51wZEY0GA_eaEzzpZZQVKqm8ntdk_/view"
NOT_HERE = page("<title>Error 404 (Not Found)!!1</title>", 404)
FORM = page(f"<title>Login</title>{LOGIN_FORM}")


def here(*replies: Reply | Callable[[dict[str, str]], Reply]) -> Routes:
    """Answer this to every request."""
    return tuple((r".", reply) for reply in replies)


def then(first: str, target: str, reply: Reply) -> Routes:
    """Lead on, and answer what is there."""
    return ((first, redirect(target)), (r".", reply))


async def wake(writer: asyncio.StreamWriter) -> None:
    """Answer like a server that has to wake first (twelve seconds there, half a second here)."""
    await asyncio.sleep(0.5)
    data = picture()
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nConnection: close\r\n")
    writer.write(f"Content-Length: {len(data)}\r\n\r\n".encode() + data)


REPORTED: dict[str, Routes] = {
    "soft404_en": here(said("Page not found", "Sorry, the album you are looking for does not exist.")),
    "soft404_es": here(said("Página no encontrada", "El álbum que buscas no existe o ha sido eliminado.")),
    "soft404_ar": here(said("الصفحة غير موجودة", "عذراً، الصفحة التي تبحث عنها غير موجودة.")),
    "soft404_placeholder_image": ((r"beach", redirect("https://i.ibb.co/404/not-found.png")), (r".", image(picture("PNG"), "image/png"))),
    "cookie_wall_loop": here(with_cookie("ok=1", image(), pass_on("/a/1", "ok=1; Path=/"))),
    "cookie_test_hop": ((r"/a/1", with_cookie("t=1", image(), pass_on("/cookietest", "t=1; Path=/"))), (r".", with_cookie("t=1", redirect("/a/1"), said("Cookies", "Please enable cookies")))),
    "consent_inplace_fr": here(said("Avant d'accéder au site", "Nous utilisons des cookies. Tout accepter. Tout refuser.")),
    "consent_inplace_ja": here(said("クッキーの使用", "続行する前に すべて同意する")),
    "geo_451": here(page("<h1>451</h1>", 451)),
    "geo_200": here(said("Not available", "This content is not available in your country.")),
    "violation_200": here(said("Unavailable", "This item was removed because it violates our Terms of Service.")),
    "cf_403": here(page("<title>Just a moment...</title>", 403, Server="cloudflare", cf_mitigated="challenge")),
    "cf_1020": here(page("<title>Access denied</title>Error 1020 Access denied Cloudflare Ray ID", 403, Server="cloudflare")),
    "bot_404": here(page("<title>404</title>", 404)),
    "login_hop_de": then(r"/a/1", "/anmelden?ziel=/a/1", FORM),
    "login_hop_session_new": then(r"/a/1", "/session/new", FORM),
    "login_yahoo": then(r"/a/1", "https://login.yahoo.com/?done=x", FORM),
    "album_path_signin_street": here(image()),
    "js_shell": here(page('<!doctype html><div id="app"></div><script type="module" src="/assets/index-1.js"></script>')),
    "meta_refresh_login": ((r"/a/1", page('<meta http-equiv="refresh" content="0; url=/login">')), (r".", FORM)),
    "refresh_header": ((r"/a/1", page("", Refresh="0; url=/login")), (r".", FORM)),
    "appstore_hop": then(r"/a/1", "https://apps.apple.com/app/id284882215", page("<title>App Store</title>")),
    "intent_hop": here(redirect("intent://photos.example.org/a/1#Intent;scheme=https;package=com.example;end")),
    "deeplink_interstitial": here(said("Open in app", "Open the app to see this album. Get the app")),
    "slow_12s": here(Reply(play=wake)),
    "upgrade_http": here(image()),
    "octet_stream": here(image(kind="application/octet-stream")),
    "text_plain_nosniff": here(image(kind="text/plain", X_Content_Type_Options="nosniff")),
    "json_error_as_jpeg": here(answer({"error": "not_found", "message": "No such image"})),
    "empty_200": here(page("")),
    "brotli_anyway": here(image(b"\x1b\x0f\x00\xf8\xa7", Content_Encoding="br")),
    "zstd_page": here(page(b"\x28\xb5\x2f\xfd\x04\x58\x11\x00\x00hi\n", Content_Encoding="zstd")),
    "gzip_magic_jpeg": here(image(gzip.compress(picture()), Content_Encoding="gzip")),
    "hotlink_403": here(page("<h1>403 Forbidden</h1>", 403)),
    "parked_domain": here(said("example.org", "This domain is for sale. Buy this domain")),
    "captive_portal": here(redirect("/a/1")),
    "short_to_photos_open_t.co": ((r"^t\.co", redirect(ALBUM)), (r"^photos", ALBUM_PAGE), (r".", image())),
    "short_to_drive_open": ((r"^bit\.ly", redirect(FILE)), (r"/file/d/", drive_page("beach.jpg", "image/jpeg", 900_000)), (r".", image())),
    "short_to_own_drive": then(r"^bit\.ly", "https://drive.google.com/drive/my-drive", TO_GOOGLE),
    "short_to_own_photos": then(r"^bit\.ly", "https://photos.google.com/photo/AF1QipjzgXgYIANz5H0EFmMf3c8xbziuOO4uioRxLfYF", TO_GOOGLE),
    "short_preview_200": here(said("TinyURL preview", "This TinyURL redirects to another site. Proceed to this site.")),
    "short_dead_200": here(said("Bitly", "Something's wrong here. This is a 404 error, the link does not exist.")),
    "drive_violation_en": here(said("Google Drive", "We're sorry. You can't access this item because it is in violation of our Terms of Service.")),
    "drive_violation_403": here(said("Google Drive", "You can't access this item because it is in violation of our Terms of Service.", 403)),
    "drive_request_de": here(said("Google Drive – Zugriff verweigert", "Du benötigst eine Zugriffsberechtigung. Zugriff anfordern")),
    "drive_uc_quota_de": here(said("Google Drive – Kontingent überschritten", "Sie können diese Datei zurzeit nicht anzeigen oder herunterladen.")),
    "drive_uc_infected": here(said("Google Drive - Infected file", "This file is infected with a virus. Only the owner can download it.")),
    "drive_403_rate": here(page("<html>Sorry, we can't process your request right now.</html>", 403)),
    "photos_join_wall": ((r"^photos", page(og(title="Summer", image="https://lh3.googleusercontent.com/a/abc=s96") + "<p>Sign in to join this album</p>")), (r".", image())),
    "photos_avatar_only_pw": ((r"^photos", page(f"<h1>Sign in</h1>{LOGIN_FORM}<img src='https://lh3.googleusercontent.com/pw/abc'>")), (r".", image())),
    "photos_404_en": here(NOT_HERE),
    "photos_short_404": here(NOT_HERE),
    "flickr_gp_cookie": ((r"/gp/", pass_on("/photos/ann/50234844455/", "gp=1; Path=/; Domain=.flickr.com")), (r"/photos/ann", with_cookie("gp=1", page(og(title="Beach", image="https://live.staticflickr.com/1/2_3_b.jpg")), NOT_HERE)), (r".", image())),
    "sharepoint_anyone_fedauth": here(anyone),
    "sharepoint_anyone_fedauth_new_id": here(anyone),
    "sharepoint_new_id_404": here(page("", 404)),
    "sharepoint_password": then(r"/:i:/", "https://example-my.sharepoint.com/personal/a/_layouts/15/guestaccess.aspx?share=x", page('<input id="txtPassword" type="password">')),
    "onedrive_password": ((r"badgerp", answer({"token": "pass"})), (r"driveitem", answer({"error": {"code": "accessDenied", "message": "Password required"}}, 401)), (r".", redirect("https://onedrive.live.com/"))),
    "onedrive_blocked_content": ((r"badgerp", answer({"token": "pass"})), (r"driveitem", answer({"error": {"code": "accessDenied", "innerError": {"code": "itemBlocked"}, "message": "violates the terms"}}, 403)), (r".", redirect("https://onedrive.live.com/"))),
    "nextcloud_expired_200": ((r"status\.php", answer({"productname": "Nextcloud"})), (r".", said("Nextcloud", "The link to this share is not valid any more. It has expired."))),
    "nextcloud_untrusted": ((r"status\.php", answer({"productname": "Nextcloud"})), (r".", said("Nextcloud", "Access through untrusted domain. Please contact your administrator."))),
    "immich_new_401": ((r"/api/", answer({"message": "Invalid share key", "statusCode": 401}, 401)), (r".", page("<title>Immich</title><script src=x></script>"))),
    "immich_page_open_api_walled": ((r"/api/", redirect("https://auth.example.org/login")), (r"^auth", FORM), (r".", page('<title>Immich</title><div id="app"></div><script src="x"></script>'))),
    "facebook_share_as_immich": then(r"/share/", "https://www.facebook.com/login/?next=x", page(f"<title>Log in to Facebook</title>{LOGIN_FORM}")),
    "wetransfer_expired_js": then(r"^we\.tl", "https://wetransfer.com/downloads/abc/def", page('<div id="root"></div><script>window.__STATE__={"transfer":{"state":"expired"}}</script>')),
    "icloud_throttled": here(answer({"serverErrorCode": "THROTTLED", "reason": "Request throttled"}, 503)),
    "yandex_captcha": ((r"cloud-api", page("", 429)), (r"showcaptcha", said("Вы не робот?")), (r".", redirect("https://disk.yandex.ru/showcaptcha?x"))),
}  # fmt: skip
