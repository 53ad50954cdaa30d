"""What a hostile page of one's own can do with Streamlit's upload address, in the running app and a real browser."""

from __future__ import annotations

from playwright.sync_api import Page, Request, expect

from tests.conftest import RunningApp
from tests.stories.conftest import settled, until

# Sends more files in the name of this very session, with its own mark against foreign sites.
SEND_MORE = """async ([address, headers, count]) => {
  const answers = [];
  for (let n = 0; n < count; n++) {
    const form = new FormData();
    form.append("file", new Blob([new Uint8Array(1000)]), "more.bin");
    const answer = await fetch(`${address}-${n}`, {method: "PUT", body: form, headers, credentials: "include"});
    answers.push(answer.status);
  }
  return answers;
}"""


def test_streamlits_own_upload_takes_what_the_page_asks_for_and_nothing_else(app: RunningApp, desktop: Page) -> None:
    sent: list[Request] = []
    desktop.on("request", lambda asked: sent.append(asked) if asked.method == "PUT" else None)
    desktop.goto(f"{app.url}/check")
    desktop.get_by_text("Many links? Use a file").click()
    settled(desktop)
    desktop.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        {"name": "links.txt", "mimeType": "text/plain", "buffer": b"https://www.dropbox.com/s/abc123def456ghi/a.jpg"}
    )
    expect(desktop.get_by_text("dropbox.com", exact=False).first).to_be_visible()
    mark = {name: value for name, value in sent[0].headers.items() if name == "x-xsrftoken"}
    address = sent[0].url
    assert desktop.evaluate(SEND_MORE, [address, mark, 3]) == [413, 413, 413], "it asked for one file"
    desktop.locator("a[href*='compare']").first.evaluate("link => link.click()")
    expect(desktop).to_have_url(f"{app.url}/compare")
    until(desktop, f"() => ({SEND_MORE})({[address, mark, 1]!r}).then(([status]) => status === 403)")
