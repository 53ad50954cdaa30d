# ruff: noqa: E501, RUF001 - pages as servers send them, in their languages
"""States of 2025 and 2026: short links, cookies, walls in other languages, pictures that are not the photo.

Each is a link, what the servers answer, and the verdict. What walls look like is from the pages of the services named.
"""

from __future__ import annotations

import gzip
import re

from internet import Reply, answer, page, redirect
from states import (
    ALBUM,
    FILE,
    FLICKR,
    GOOGLE_404,
    IMMICH,
    NEXT,
    OD,
    SHORT,
    SP,
    THUMB,
    UC,
    State,
    drive_page,
    image,
    link,
    og,
    picture,
)  # fmt: skip

PAGE = "https://photos.example.org/a/1"
FILE_URL = "https://photos.example.org/a/beach.jpg"
HERE = r"^photos\.example\.org/a/1$"
ALBUM_PAGE = page(
    og(type="google_photos:photo_album", title="Summer", image="https://lh3.googleusercontent.com/pw/abc=w600")
    + "https://lh3.googleusercontent.com/pw/abc"
)
PHOTO_PAGE = page(og(type="article", title="Beach", image="https://live.staticflickr.com/1/2_3_b.jpg"))
WORDS = "<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>"
LOGIN_FORM = '<form action="/session"><input type="email" name="email"><input type="password" name="password"></form>'


def said(title: str, text: str = "", status: int = 200) -> Reply:
    return page(WORDS.format(title=title, text=text), status)


def with_cookie(pattern: str, then: Reply, otherwise: Reply):  # noqa: ANN201 - what the small internet plays
    """Answer one thing to whoever brings the cookie, another to whoever does not."""
    return lambda request: then if re.search(pattern, request.get("cookie", "")) else otherwise


def pass_on(target: str, cookie: str) -> Reply:
    return Reply(302, b"", {"Location": target, "Set-Cookie": cookie})


SP_INNER = "/personal/ann_example_org/_layouts/15/onedrive.aspx?id=1"
SP_FILE = page('<script>var g_fileInfo = {"name":"beach.jpg"};</script>')
SP_NEW = "https://example-my.sharepoint.com/:i:/g/personal/ann_example_org/IQDYrodsIvyZRKkvQVvQ7ILaAUqHhSTg7NTxJEp2wDNDkO8?e=a"
MS_LOGIN = redirect("https://login.microsoftonline.com/common/oauth2/authorize?client_id=x")


def anyone(request: dict[str, str]) -> Reply:
    """SharePoint's way with a link for anyone: a pass at the first redirect, the page for whoever brings it along."""
    if "/:i:/" in request["target"]:
        return pass_on(
            f"https://example-my.sharepoint.com{SP_INNER}", "FedAuth=77u; path=/; SameSite=None; secure; HttpOnly"
        )
    return SP_FILE if "FedAuth=77u" in request.get("cookie", "") else MS_LOGIN


MORE_STATES = [
    # cookies
    State("sharepoint anyone link", SP, ((r"sharepoint\.com/", anyone),), "OPEN_PHOTO"),
    State("sharepoint anyone link, id of today", SP_NEW, ((r"sharepoint\.com/", anyone),), "OPEN_PHOTO"),
    State("sharepoint 404, id of today", SP_NEW, ((r"sharepoint", page("", 404)),), "GONE_OR_PRIVATE"),
    State(
        "sharepoint password",
        SP,
        (
            (r"/:i:/", redirect("https://example-my.sharepoint.com/personal/ann/_layouts/15/guestaccess.aspx?share=x")),
            (r"guestaccess", page('<form><label>Enter password</label><input name="txtPassword" type="password" id="txtPassword"><input type="submit" id="btnSubmitPassword"></form>')),
        ),
        "NEEDS_PASSWORD",
    ),
    State("sharepoint page refused without pass", SP, ((r"/:i:/", redirect(f"https://example-my.sharepoint.com{SP_INNER}")), (r"onedrive\.aspx", MS_LOGIN)), "ORG_ONLY"),
    State("cookie test in a circle", PAGE, ((HERE, with_cookie("seen=1", image(), pass_on("/a/1", "seen=1; Path=/"))),), "OPEN_PHOTO"),
    State(
        "cookie test by a page of its own",
        PAGE,
        ((r"/a/1$", with_cookie("ok=1", image(), pass_on("/check?back=/a/1", "ok=1; Path=/"))), (r"/check", with_cookie("ok=1", redirect("/a/1"), said("Please switch cookies on")))),
        "OPEN_PHOTO",
    ),
    State("flickr guest pass", link("flickr", "guest pass"), ((r"/gp/", pass_on("/photos/ann/50234844455/", "pass=1; Path=/; Domain=.flickr.com")), (r"/photos/ann", with_cookie("pass=1", PHOTO_PAGE, page("", 404))), (r"staticflickr", image())), "OPEN_PHOTO"),
    # short links
    State("t.co to an open album", "https://t.co/AbCdEf1234", ((r"^t\.co", redirect(SHORT, 301)), (r"^photos\.app", redirect(ALBUM)), (r"^photos\.google", ALBUM_PAGE), (r"^lh3", image())), "OPEN_ALBUM"),
    State("bit.ly to an open file", "https://bit.ly/3abcDEF", ((r"^bit\.ly", redirect(FILE, 301)), (r"/file/d/", drive_page("beach.jpg", "image/jpeg", 3_000_000))), "OPEN_PHOTO"),
    State("share.google to an album", "https://share.google/AbCdEfGhIjKl", ((r"^share\.google", redirect(ALBUM)), (r"^photos\.google", ALBUM_PAGE), (r"^lh3", image())), "OPEN_ALBUM"),
    State("tinyurl to a dead album", "https://tinyurl.com/lakealbum", ((r"^tinyurl", redirect(SHORT, 301)), (r"^photos\.app", GOOGLE_404)), "GONE_OR_PRIVATE"),
    State("bit.ly to one's own drive", "https://bit.ly/3abcDEF", ((r"^bit\.ly", redirect("https://drive.google.com/drive/my-drive")),), "ACCOUNT_BOUND"),
    State("bit.ly to one's own photos", "https://bit.ly/3abcDEF", ((r"^bit\.ly", redirect("https://photos.google.com/photo/AF1QipjzgXgYIANz5H0EFmMf3c8xbziuOO4uioRxLfYF")),), "ACCOUNT_BOUND"),
    State("bit.ly through t.co to a restricted file", "https://bit.ly/3abcDEF", ((r"^bit\.ly", redirect("https://t.co/AbCdEf1234")), (r"^t\.co", redirect(FILE)), (r"/file/d/", redirect("https://accounts.google.com/v3/signin/identifier?continue=x"))), "NEEDS_SIGNIN"),
    State("a page that refreshes to an album", "https://bit.ly/3abcDEF", ((r"^bit\.ly", page(f'<meta http-equiv="refresh" content="0; url={SHORT}">')), (r"^photos\.app", redirect(ALBUM)), (r"^photos\.google", ALBUM_PAGE), (r"^lh3", image())), "OPEN_ALBUM"),
    State("short link with a page in between", "https://tinyurl.com/lakealbum", ((r"^tinyurl", said("TinyURL", "You are about to be redirected. Proceed to this site.")),), "UNRECOGNISED_PAGE"),
    State("dead short link with status 200", "https://bit.ly/3abcDEF", ((r"^bit\.ly", said("Something's wrong here", "This is a 404 error, which means you've clicked on a bad link: this page does not exist.")),), "GONE_OR_PRIVATE"),
    State("bit.ly to an address inside", "https://bit.ly/3abcDEF", ((r"^bit\.ly", redirect("http://192.168.178.1/")),), "LOCAL_ONLY"),
    State("t.co's page for browsers, to a dead album", "https://t.co/QwErTy1234", ((r"^t\.co", page(f'<head><noscript><META http-equiv="refresh" content="0;URL={SHORT}"></noscript><title>{SHORT}</title></head><script>window.opener = null; location.replace("{SHORT}")</script>'.replace("/", "\\/").replace("<\\/", "</"))), (r"^photos\.app", GOOGLE_404)), "GONE_OR_PRIVATE"),
    State("a program that looks at something first", "https://bit.ly/3abcDEF", ((r"^bit\.ly", page(f"<script>if (window.opener) location.href = '{SHORT}'</script>")),), "UNRECOGNISED_PAGE"),
    # nothing there, said with 200
    State("soft 404, Czech", PAGE, ((HERE, said("Stránka nenalezena", "Odkaz již neexistuje nebo byl smazán.")),), "GONE_OR_PRIVATE"),
    State("soft 404, Greek", PAGE, ((HERE, said("Η σελίδα δεν βρέθηκε", "Η σελίδα που ζητήσατε δεν υπάρχει.")),), "GONE_OR_PRIVATE"),
    State("soft 404, Finnish", PAGE, ((HERE, said("Sivua ei löytynyt", "Etsimääsi sivua ei ole olemassa.")),), "GONE_OR_PRIVATE"),
    State("soft 404, Hebrew", PAGE, ((HERE, said("הדף לא נמצא", "הדף שביקשת אינו קיים.")),), "GONE_OR_PRIVATE"),
    State("password in words, Czech", PAGE, ((HERE, said("Chráněné album", "Pro zobrazení alba zadejte heslo.")),), "NEEDS_PASSWORD"),
    State("sign-in in words, Danish", PAGE, ((HERE, said("Log ind", "Du skal logge ind for at se dette album.")),), "NEEDS_SIGNIN"),
    State("asks for access, Korean", PAGE, ((HERE, said("액세스 권한 필요", "액세스 권한을 요청하세요.")),), "NEEDS_REQUEST"),
    State("taken away for the rules, Spanish", PAGE, ((HERE, said("No disponible", "Este contenido ha sido eliminado por infringir nuestras normas.")),), "TAKEN_DOWN"),
    State("sent on to an organisation by a form", PAGE, ((HERE, page('<body onload="document.forms[0].submit()"><form action="https://idp.uni.example/SSO" method="post"><input type="hidden" name="SAMLRequest" value="x"></form>')),), "ORG_ONLY"),
    State("robot check by arithmetic", PAGE, ((HERE, page('<title>Making sure you&#39;re not a bot!</title><script id="anubis_challenge" type="application/json">{}</script>')),), "CHECKER_BLOCKED"),
    State("robot check of a store of pages", PAGE, ((HERE, page('<script>window.gokuProps={}</script><script src="https://x.token.awswaf.com/challenge.js"></script>', 202)),), "CHECKER_BLOCKED"),
    State("soft 404, English", PAGE, ((HERE, said("Oops!", "The page you are looking for could not be found.")),), "GONE_OR_PRIVATE"),
    State("soft 404, Spanish", PAGE, ((HERE, said("Página no encontrada", "El álbum que buscas ya no existe.")),), "GONE_OR_PRIVATE"),
    State("soft 404, Arabic", PAGE, ((HERE, said("الصفحة غير موجودة", "لم يتم العثور على الألبوم")),), "GONE_OR_PRIVATE"),
    State("soft 404, Japanese", PAGE, ((HERE, said("エラー", "お探しのアルバムは見つかりませんでした。")),), "GONE_OR_PRIVATE"),
    State("soft 404, Russian", PAGE, ((HERE, said("Ошибка", "Альбом не найден или был удалён.")),), "GONE_OR_PRIVATE"),
    State("led to /404", PAGE, ((HERE, redirect("/404")), (r"/404", page("<p>Upps</p>"))), "GONE_OR_PRIVATE"),
    State("error in JSON under a picture's name", FILE_URL, ((r"beach", answer({"error": "not_found", "message": "Image does not exist"})),), "GONE_OR_PRIVATE"),
    State("expired, Portuguese", PAGE, ((HERE, said("Link", "Este link expirou.")),), "EXPIRED"),
    State("expired, Korean", PAGE, ((HERE, said("공유", "링크가 만료되었습니다.")),), "EXPIRED"),
    State("nextcloud expired with 200", NEXT, ((r"/status\.php", answer({"productname": "Nextcloud"})), (r"/s/", said("Nextcloud", "The link to this share has expired"))), "EXPIRED"),
    State("domain for sale", PAGE, ((HERE, said("example.org is for sale", "This domain may be for sale. Inquire now.")),), "GONE"),
    State("store of files refuses", FILE_URL, ((r"beach", page("<?xml version='1.0'?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>", 403)),), "GONE_OR_PRIVATE"),
    State("store of files, run out", FILE_URL, ((r"beach", page("<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>", 403)),), "EXPIRED"),
    # rules, countries, age
    State("taken away for the rules", PAGE, ((HERE, said("Unavailable", "This content was removed for violating our community guidelines.")),), "TAKEN_DOWN"),
    State("taken away for the rules, German", PAGE, ((HERE, said("Nicht verfügbar", "Der Inhalt verstößt gegen unsere Nutzungsbedingungen.")),), "TAKEN_DOWN"),
    State("blocked in a country, 200", PAGE, ((HERE, said("Sorry", "This content is not available in your country.")),), "CHECKER_BLOCKED"),
    State("blocked in a country, French", PAGE, ((HERE, said("Désolé", "Ce contenu n'est pas disponible dans votre pays.")),), "CHECKER_BLOCKED"),
    State("blocked in a country, 403", PAGE, ((HERE, said("Forbidden", "Content not viewable in your region", 403)),), "CHECKER_BLOCKED"),
    State("asks for an age", PAGE, ((HERE, said("Age check", "This album has mature content. Are you over 18?")),), "UNRECOGNISED_PAGE"),
    State("traffic used up", PAGE, ((HERE, said("509", "Bandwidth limit exceeded")),), "QUOTA"),
    # doors
    State("led to /anmelden", PAGE, ((HERE, redirect("/anmelden?weiter=/a/1")), (r"/anmelden", page("<form>"))), "NEEDS_SIGNIN"),
    State("led to /session/new", PAGE, ((HERE, redirect("/session/new")), (r"/session", page("<form>"))), "NEEDS_SIGNIN"),
    State("led to a login host", PAGE, ((HERE, redirect("https://login.yahoo.com/?done=x")), (r"^login\.yahoo", page("<form>"))), "NEEDS_SIGNIN"),
    State("led to an auth host", PAGE, ((HERE, redirect("https://auth.example.org/realms/x?redirect_uri=y")), (r"^auth", page("<form>"))), "NEEDS_SIGNIN"),
    State("led to Cloudflare Access", PAGE, ((HERE, redirect("https://team.cloudflareaccess.com/cdn-cgi/access/login/photos")), (r"cloudflareaccess", page("<form>"))), "ORG_ONLY"),
    State("refreshed to a sign-in", PAGE, ((HERE, page('<html><head><META HTTP-EQUIV="Refresh" CONTENT="1;URL=/login"></head>')), (r"/login", page(LOGIN_FORM))), "NEEDS_SIGNIN"),
    State("Refresh header to a sign-in", PAGE, ((HERE, page("", Refresh="0; url=/login?next=1")), (r"/login", page(LOGIN_FORM))), "NEEDS_SIGNIN"),
    State("sign-in in place", PAGE, ((HERE, page(f"<title>Family</title>{LOGIN_FORM}")),), "NEEDS_SIGNIN"),
    State("a gallery with a form for its members", PAGE, ((HERE, page(f"<title>Beach | Ann</title>{LOGIN_FORM}<img src='/i/beach-me.jpg'>")),), "UNRECOGNISED_PAGE"),
    State("an open album with a form for its members", link("piwigo", "album"), ((r".", page('<meta name="generator" content="Piwigo (aka PWG), see piwigo.org"><title>Summer | Ann</title><ul class="thumbnails"><li><a href="picture.php?/1"><img class="thumbnail" src="/i/upload/beach-th.jpg"></a></li></ul>' + LOGIN_FORM)),), "OPEN_ALBUM"),
    State("sign-in in place, Thai", PAGE, ((HERE, said("เข้าสู่ระบบ")),), "NEEDS_SIGNIN"),
    State("password in place", PAGE, ((HERE, page('<form><p>Hallo</p><input type="password" name="code"></form>')),), "NEEDS_PASSWORD"),
    State("password in place with 403", PAGE, ((HERE, page('<form><input type="password" name="code"></form>', 403)),), "NEEDS_PASSWORD"),
    State("password in words, Polish", PAGE, ((HERE, said("Album", "Ten album jest chroniony hasłem. Podaj hasło.")),), "NEEDS_PASSWORD"),
    State("asks for access, Turkish", PAGE, ((HERE, said("Erişim izni gerekiyor", "Erişim iste")),), "NEEDS_REQUEST"),
    State("drive asks for access, German", FILE, ((r"/file/d/", said("Google Drive – Zugriff verweigert", "Sie benötigen Zugriff. Zugriff anfordern")),), "NEEDS_REQUEST"),
    State("drive quota, German", UC, ((r"/download", page("<title>Google Drive – Kontingent überschritten</title>")),), "QUOTA"),
    State("drive virus", UC, ((r"/download", said("Google Drive - Infected file", "Sorry, this file is infected with a virus. Only the owner is allowed to download infected files.")),), "TAKEN_DOWN"),
    State("only one's organisation", PAGE, ((HERE, said("Hello", "Sign in with your work or school account.")),), "ORG_ONLY"),
    State("onedrive password", OD, ((r"badgerp", answer({"token": "pass"})), (r"/driveitem", answer({"error": {"code": "accessDenied", "message": "Password required"}}, 401))), "NEEDS_PASSWORD"),
    State("onedrive blocked for the rules", OD, ((r"badgerp", answer({"token": "pass"})), (r"/driveitem", answer({"error": {"code": "accessDenied", "innerError": {"code": "itemBlocked"}, "message": "The item was blocked because it violates the terms of use"}}, 403))), "TAKEN_DOWN"),
    # checkers are not people
    State("bot check with 200", PAGE, ((HERE, page("<html><title>Just a moment...</title><script>window._cf_chl_opt={}</script>")),), "CHECKER_BLOCKED"),
    State("Cloudflare 1020", PAGE, ((HERE, said("Access denied | Cloudflare", "Error 1020. You do not have permission to view this", 403)),), "CHECKER_BLOCKED"),
    State("yandex robot check", "https://disk.yandex.ru/d/_OZj0Lh0cVwCmA", ((r"cloud-api", page("", 429)), (r"^disk", redirect("https://disk.yandex.ru/showcaptcha?x")), (r"showcaptcha", said("Вы не робот?", "Подтвердите, что запросы отправляли вы, а не робот"))), "CHECKER_RATE_LIMITED"),
    State("page in between that names an open album", "https://tinyurl.com/lakealbum", ((r"^tinyurl", page(f'<title>TinyURL</title><p>You are about to be redirected.</p><a href="{SHORT}">{SHORT}</a><a href="https://tinyurl.com/app/">More</a>')), (r"^photos\.app", redirect(ALBUM)), (r"^photos\.google", ALBUM_PAGE), (r"^lh3", image())), "OPEN_AFTER_CLICK"),
    State("page in between that names a dead album", "https://tinyurl.com/lakealbum", ((r"^tinyurl", page(f'<p>You are about to be redirected.</p><a href="{SHORT}">Proceed</a>')), (r"^photos\.app", GOOGLE_404)), "GONE_OR_PRIVATE"),
    State("mail filter's page that names the link", PAGE, ((HERE, page(f'<title>Link protection</title><p>We are scanning this link.</p><a href="{SHORT}">Continue</a>')), (r"^photos\.app", redirect(ALBUM)), (r"^photos\.google", ALBUM_PAGE), (r"^lh3", image())), "OPEN_AFTER_CLICK"),
    State("mail filter's page", PAGE, ((HERE, said("Link protection", "We are scanning this link. Click to continue to the site.")),), "UNRECOGNISED_PAGE"),
    # apps, scripts, cookies
    State("into the App Store", PAGE, ((HERE, redirect("https://apps.apple.com/app/id1")), (r"^apps\.apple", page("App Store"))), "UNRECOGNISED_PAGE"),
    State("into an app", PAGE, ((HERE, redirect("intent://a/1#Intent;scheme=x;end")),), "UNRECOGNISED_PAGE"),
    State("page in between for an app", PAGE, ((HERE, said("Album", "Open in app. Download the app")),), "UNRECOGNISED_PAGE"),
    State("only a program", PAGE, ((HERE, page('<div id="root"></div><script src="/app.js"></script>')),), "UNRECOGNISED_PAGE"),
    State("question about cookies, French", PAGE, ((HERE, said("Avant de continuer", "Nous utilisons des cookies. Tout accepter")),), "UNRECOGNISED_PAGE"),
    State("question about cookies, Japanese", PAGE, ((HERE, said("クッキー", "すべて同意する")),), "UNRECOGNISED_PAGE"),
    State("empty answer", FILE_URL, ((r"beach", page("")),), "UNRECOGNISED_PAGE"),
    State("database is down", NEXT, ((r".", said("Nextcloud", "Access through untrusted domain. Please contact your administrator", 200)),), "SERVER_5XX"),
    # pictures
    State("octet-stream", FILE_URL, ((r"beach", image(kind="application/octet-stream")),), "OPEN_FORMAT_RISK"),
    State("attachment", FILE_URL, ((r"beach", image(Content_Disposition="attachment; filename=beach.jpg")),), "OPEN_FORMAT_RISK"),
    State("plain text, nosniff", FILE_URL, ((r"beach", image(kind="text/plain", X_Content_Type_Options="nosniff")),), "OPEN_FILE_NOT_PHOTO"),
    State("packed by gzip", FILE_URL, ((r"beach", image(gzip.compress(picture()), Content_Encoding="gzip")),), "OPEN_PHOTO"),
    State("broken picture", FILE_URL, ((r"beach", image(b"\xff\xd8\xff\xe0 not really")),), "UNRECOGNISED_PAGE"),
    State("cut picture", FILE_URL, ((r"beach", image(picture(size=(900, 700))[:900])),), "UNRECOGNISED_PAGE"),
    State("one pixel", FILE_URL, ((r"beach", image(picture("PNG", (1, 1)), "image/png")),), "UNRECOGNISED_PAGE"),
    State("a stand-in picture", FILE_URL, ((r"/a/beach", redirect("/static/image-not-found.png")), (r"/static", image(picture("PNG"), "image/png"))), "GONE_OR_PRIVATE"),
    State("another picture", FILE_URL, ((r"/a/beach", redirect("/static/hero.png")), (r"/static", image(picture("PNG"), "image/png"))), "UNRECOGNISED_PAGE"),
    State("a picture in a folder called sign-in", "https://photos.example.org/gallery/sign-in/IMG_1.jpg", ((r"sign-in", image()),), "OPEN_PHOTO"),
    State("a picture called login.png", "https://photos.example.org/login.png", ((r"login", image(picture("PNG"), "image/png")),), "OPEN_PHOTO"),
    State("album whose pictures answer 401", link("flickr", "photo"), ((r"^www\.flickr", PHOTO_PAGE), (r"staticflickr", page("", 401))), "NEEDS_SIGNIN"),
    State("page whose picture is gone", FLICKR, ((r"^www\.flickr", PHOTO_PAGE), (r"staticflickr", page("", 404))), "UNRECOGNISED_PAGE"),
    State("page whose picture is another page", FLICKR, ((r"^www\.flickr", PHOTO_PAGE), (r"staticflickr", said("Hello"))), "UNRECOGNISED_PAGE"),
    State("page whose picture is a stand-in", FLICKR, ((r"^www\.flickr", PHOTO_PAGE), (r"2_3_b", redirect("https://live.staticflickr.com/images/photo_unavailable.gif")), (r"staticflickr", image(picture("GIF", (500, 374)), "image/gif"))), "GONE_OR_PRIVATE"),
    State("album whose pictures are gone", ALBUM, ((r"^photos\.google", ALBUM_PAGE), (r"^lh3", page("", 404))), "UNRECOGNISED_PAGE"),
    State("imgur album whose picture is gone", link("imgur", "album"), ((r"^imgur", page(og(title="x", image="https://i.imgur.com/abc.jpg"))), (r"^i\.imgur", page("", 404))), "UNRECOGNISED_PAGE"),
    State("page whose picture is a sign-in page", FLICKR, ((r"^www\.flickr", PHOTO_PAGE), (r"staticflickr", page(f"<h1>Sign in</h1>{LOGIN_FORM}"))), "NEEDS_SIGNIN"),
    State("page whose picture is a dot", FLICKR, ((r"^www\.flickr", PHOTO_PAGE), (r"staticflickr", image(picture("GIF", (1, 1)), "image/gif"))), "UNRECOGNISED_PAGE"),
    State("flickr photo kept for members", FLICKR, ((r"^www\.flickr", page(og(title="Beach", image="https://live.staticflickr.com/1/2_3_b.jpg") + "<h2>You must be signed in to see this content</h2>")), (r"staticflickr", image())), "NEEDS_SIGNIN"),
    State("imgur behind a sign-in", link("imgur", "album"), ((r"^imgur", page(og(title="x", image="https://i.imgur.com/abc.jpg") + "<h1>Sign in to view this post</h1>")), (r"^i\.imgur", image())), "NEEDS_SIGNIN"),
    State("photos album to join", ALBUM, ((r"^photos\.google", page(og(title="Summer", image="https://lh3.googleusercontent.com/a/abc=s600") + "<p>Join this album. Sign in</p>")), (r"^lh3", image())), "NEEDS_SIGNIN"),
    State("photos sign-in page with a picture", ALBUM, ((r"^photos\.google", page(f"<h1>Sign in</h1>{LOGIN_FORM}<img src='https://lh3.googleusercontent.com/pw/abc'>")), (r"^lh3", image())), "NEEDS_SIGNIN"),
    State("immich page open, interface walled", IMMICH, ((r"/api/", redirect("/auth/login")), (r"/auth/login", page(LOGIN_FORM)), (r"/share/", page('<div id="app"></div><script src="x"></script>'))), "NEEDS_SIGNIN"),
    State("hot-link refused", FILE_URL, ((r"beach", page("<h1>Forbidden</h1>", 403)),), "CHECKER_BLOCKED"),
    State("drive thumbnail led to sign-in", THUMB, ((r"/thumbnail", redirect("https://accounts.google.com/v3/signin/identifier?continue=x")),), "NEEDS_SIGNIN"),
    # a password is offered, not asked for
    *(
        State(f"photo beside a box to set a password, {language}", PAGE, ((HERE, page(f'<title>Beach</title><img src="/i/beach.jpg"><form><p>{words}</p><input type="password"></form>')), (r"/i/beach", image())), "UNRECOGNISED_PAGE")
        for language, words in (
            ("English", "Enter a password to protect this album (optional)"),
            ("German", "Passwort eingeben (optional)"),
            ("French", "Saisissez le mot de passe (facultatif)"),
            ("Turkish", "Şifre girin (isteğe bağlı)"),
        )
    ),
    State("a real box for a password beside it", PAGE, ((HERE, page('<title>Beach</title><form><p>Enter the password to see these photos. It protects them.</p><input type="password"></form>')),), "NEEDS_PASSWORD"),
]  # fmt: skip
