"""The room, where network, server, browser and disk give way at any moment: no word is lost.

Each scenario runs as it is and must pass, then with something that loses text and must fail.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import mutants
import pytest
from device import until as ready
from meeting import (
    LEARNED,
    MENTEE,
    NEXT_STEP,
    everywhere,
    here,
    meet,
    notes,
    open_artifact,
    revisions,
    rows,
    saved,
    texts,
    until,
)
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from room_home import Home, again, home, loses, quota
from stage import ARGUMENTS, Served

pytestmark = pytest.mark.nightly

WORKER = "async () => !!(await navigator.serviceWorker.getRegistration())?.active"
__all__ = ["home"]


# S2


def browser_is_killed(home: Home, browser: Browser) -> None:
    folder = home.tmp / "profile"
    shutil.rmtree(folder, ignore_errors=True)

    def launch() -> BrowserContext:
        return browser.browser_type.launch_persistent_context(
            folder,
            executable_path=os.environ.get("HANDRAIL_CHROMIUM") or "/usr/bin/chromium",
            args=ARGUMENTS,
            base_url=home.house.url,
        )

    def enter(served: Served, name: str = "", *, script: bool = True) -> Page:
        page = context.new_page()
        if home.mutant:
            mutants.give(page, home.mutant)
        page.goto("/demo/")
        for closed in page.locator("main details:not([open]) > summary").all():
            closed.click()
        page.locator("main li", has_text=name).first.get_by_role("button").click()
        page.wait_for_url(f"{served.url}/")
        return page

    context = launch()
    meeting, page = meet(home.served, enter)
    everywhere(page)
    home.house.kill()
    notes(page).press_sequentially("typed with no network, then everything is dead")
    here(page)
    cookies = context.cookies()  # a browser writes them down once in a while only
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(folder) in (process / "cmdline").read_text():
                os.kill(int(process.name), signal.SIGKILL)
        except OSError:
            continue
    home.house.start()
    context = launch()
    context.add_cookies(cookies)
    page = context.new_page()
    if home.mutant:
        mutants.give(page, home.mutant)
    page.goto(meeting.url)
    try:
        expect(notes(page)).to_have_value("typed with no network, then everything is dead")
        everywhere(page)
        assert texts(home.house) == ["typed with no network, then everything is dead"]
    finally:
        context.close()


NEVER_WRITTEN = (
    "room_field.ts",
    "const { written, field } = await this.store.put(wanted);",
    "const { written, field } = { written: true, field: wanted };",
)


def test_s02_a_browser_killed_while_offline(home: Home, browser: Browser) -> None:
    browser_is_killed(home, browser)


def test_s02_a_page_that_only_says_it_wrote_is_caught(home: Home, browser: Browser) -> None:
    loses(home, NEVER_WRITTEN, lambda lossy: browser_is_killed(lossy, browser))


# S3


def reply_is_lost(home: Home) -> None:
    _meeting, page = home.meet()
    lost: list[str] = []

    def lose(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().text())
        route.abort()

    page.route("**/api/v1/ops", lose)
    notes(page).fill("Committed, and nobody was told")
    everywhere(page)
    assert json.loads(lost[0])["results"][0]["status"] == "done"
    assert revisions(home.house) == ["Committed, and nobody was told"]


def test_s03_a_reply_lost_after_the_commit(home: Home) -> None:
    reply_is_lost(home)


def test_s03_a_new_id_for_each_try_is_caught(home: Home) -> None:
    fresh = (
        "sync.ts",
        "ops: ops.map(bare)",
        "ops: ops.map((op) => ({ ...bare(op), id: freshId() }))",
    )
    loses(home, fresh, reply_is_lost)


# S4


def server_is_killed_inside(home: Home) -> None:
    marker = home.tmp / "die"
    dies = (
        "handrail.apps.sessions.actions.operations",
        "    room.session.refresh_from_db()\n",
        "    import os, pathlib\n"
        f"    if pathlib.Path({str(marker)!r}).exists(): os.killpg(0, 9)\n"
        "    room.session.refresh_from_db()\n",
    )
    again(home, dies)
    _meeting, page = home.meet()
    marker.touch()
    notes(page).fill("Half a transaction")
    until(lambda: home.house.process is None or home.house.process.poll() is not None, "it lives")
    assert revisions(home.house) == []
    home.house.process = None
    marker.unlink()
    home.house.start()
    everywhere(page)
    assert (revisions(home.house), texts(home.house)) == (["Half a transaction"],) * 2


CLEARED_FIRST = (
    "sync.ts",
    "        results = await this.post(ops);\n",
    "        for (const op of ops) await this.store.dropOp(op.id);\n"
    "        results = await this.post(ops);\n",
)


def test_s04_a_server_killed_inside_the_transaction(home: Home) -> None:
    server_is_killed_inside(home)


def test_s04_an_outbox_cleared_before_the_answer_is_caught(home: Home) -> None:
    loses(home, CLEARED_FIRST, server_is_killed_inside)


# S5


def two_devices(home: Home) -> None:
    meeting, phone = home.meet()
    laptop = meeting.join(MENTEE)
    for page in (phone, laptop):
        open_artifact(page)
    phone.context.set_offline(True)
    phone.locator(LEARNED).fill("On the phone")
    phone.locator(NEXT_STEP).fill("Only on the phone")
    laptop.locator(LEARNED).fill("On the laptop")
    everywhere(laptop, "artifact")
    phone.context.set_offline(False)
    for page in (phone, laptop):
        expect(page.locator("[data-copy-text]")).to_have_text("On the phone")
        expect(page.locator(LEARNED)).to_have_value("On the laptop")
        expect(page.locator(NEXT_STEP)).to_have_value("Only on the phone")
    phone.get_by_role("button", name="Add it to the text").click()
    everywhere(phone, "artifact")
    expect(phone.locator("[data-copy-text]")).to_have_count(0)
    for page in (phone, laptop):
        expect(page.locator(LEARNED)).to_have_value("On the laptop\n\nOn the phone")


LAST_WINS = (
    "handrail.domain.text.merge",
    "    if server == base:\n",
    "    if server != device:\n",
)


def test_s05_two_devices_keep_different_fields_and_the_same_one(home: Home) -> None:
    two_devices(home)


def test_s05_a_server_that_ignores_the_base_is_caught(home: Home) -> None:
    again(home, LAST_WINS)
    mutants.is_caught(lambda: two_devices(home))


# S6


def signed_out_in_between(home: Home) -> None:
    _meeting, page = home.meet()
    notes(page).fill("Before")
    everywhere(page)
    page.context.clear_cookies(name="sessionid")
    notes(page).press_sequentially(", and after the sign-in was over")
    expect(page.locator("[data-told=link]")).to_contain_text("Signed out")
    here(page)
    other = page.context.new_page()
    other.goto("/demo/")
    for closed in other.locator("main details:not([open]) > summary").all():
        closed.click()
    other.locator("main li", has_text=MENTEE).first.get_by_role("button").click()
    other.wait_for_url(f"{home.house.url}/")
    page.bring_to_front()
    everywhere(page)
    expect(page.locator("[data-told=link]")).to_have_count(0)
    stands = notes(page).input_value()
    assert texts(home.house) == [stands]
    assert sorted(stands.replace(", and after the sign-in was over", "|")) == sorted("Before|")


def test_s06_a_sign_in_that_ends_in_the_middle(home: Home) -> None:
    signed_out_in_between(home)


def test_s06_an_answer_401_taken_for_a_yes_is_caught(home: Home) -> None:
    taken = (
        "sync.ts",
        'if (isSecond || answer.status === 401) throw new NoAnswer("signed_out");',
        "if (answer.status === 401) { for (const op of ops) await this.store.dropOp(op.id); }\n"
        'if (isSecond || answer.status === 401) throw new NoAnswer("signed_out");',
    )
    loses(home, taken, signed_out_in_between)


# S8


def disk_is_full(home: Home) -> None:
    _meeting, page = home.meet()
    everywhere(page)
    home.house.kill()
    quota(page, 1)
    typed = ""
    alert = page.get_by_role("alert")
    # A browser looks at what is left of the disk only now and then.
    for n in range(60):
        notes(page).press_sequentially(f"word{n} ")
        typed += f"word{n} "
        page.wait_for_timeout(700)
        if alert.count():
            break
    expect(alert).to_contain_text("NOT SAVED: copy your text")
    expect(alert.get_by_role("textbox")).to_have_value(typed)
    expect(saved(page)).to_have_text("NOT SAVED")
    with page.expect_download() as download:
        alert.get_by_role("button", name="Keep it as a file").click()
    assert Path(download.value.path()).read_text() == typed
    # The server has it, from memory: nothing is wrong then, and nothing is said to be here.
    home.house.start()
    until(lambda: texts(home.house) == [typed], "sent from memory", 40)
    everywhere(page)
    expect(alert).to_have_count(0)
    home.house.kill()
    notes(page).press_sequentially("and more")
    expect(alert.get_by_role("textbox")).to_have_value(typed + "and more")
    quota(page, None)
    here(page)
    expect(alert).to_have_count(0)
    home.house.start()
    everywhere(page)
    assert texts(home.house) == [typed + "and more"]


def test_s08_a_full_disk_says_so_and_recovers(home: Home) -> None:
    disk_is_full(home)


def test_s08_a_green_word_over_a_failed_write_is_caught(home: Home) -> None:
    green = (
        "room_field.ts",
        "        this.hasFailed = true;\n",
        "        this.row = { ...this.row, value: this.value };\n        return;\n",
    )
    loses(home, green, disk_is_full)


# S9


def store_is_wiped(home: Home) -> None:
    _meeting, page = home.meet()
    everywhere(page)
    home.house.kill()
    notes(page).fill("Only here, and then not even here")
    here(page)
    page.context.new_cdp_session(page).send(
        "Storage.clearDataForOrigin",
        {"origin": home.house.url, "storageTypes": "indexeddb"},
    )
    home.house.start()
    until(lambda: texts(home.house) == ["Only here, and then not even here"], "it is lost", 40)
    everywhere(page)


def test_s09_a_store_wiped_under_an_open_page(home: Home) -> None:
    store_is_wiped(home)


def test_s09_a_page_that_does_not_notice_is_caught(home: Home) -> None:
    blind = ("room_page.ts", "for (const field of this.fields) field.rewrite();", "")
    loses(home, blind, store_is_wiped)


# S12


def forty_words(home: Home) -> None:
    _meeting, page = home.meet()
    page.route("**/api/v1/ops", lambda route: (page.wait_for_timeout(300), route.continue_()))
    typed = ""
    for n in range(40):
        notes(page).press_sequentially(f"word{n} ")
        typed += f"word{n} "
        if n in (8, 24):
            home.house.kill()
        if n in (14, 30):
            page.wait_for_timeout(1500)
            home.house.start()
        if n == 20:
            page.reload()
            notes(page).press("Control+End")
    everywhere(page)
    assert notes(page).input_value() == typed
    assert texts(home.house) == [typed]


def test_s12_forty_words_kills_and_a_reload(home: Home) -> None:
    forty_words(home)


def test_s12_an_answer_that_covers_what_was_typed_since_is_caught(home: Home) -> None:
    covers = ("store.ts", "const value = one.dirty ? one.value : stands;", "const value = stands;")
    loses(home, covers, forty_words)


# S13


def two_tabs(home: Home) -> None:
    meeting, first = home.meet()
    open_artifact(first)
    second = first.context.new_page()
    second.goto(meeting.url)
    open_artifact(second)
    home.house.kill()
    first.locator(LEARNED).fill("In the first tab")
    second.locator(NEXT_STEP).fill("In the second tab")
    for tab in (first, second):
        here(tab, "artifact")
        expect(tab.locator(LEARNED)).to_have_value("In the first tab")
        expect(tab.locator(NEXT_STEP)).to_have_value("In the second tab")
    home.house.start()
    for tab in (first, second):
        everywhere(tab, "artifact")
    assert texts(home.house, "learned") == ["In the first tab"]
    assert texts(home.house, "next_step") == ["In the second tab"]


def test_s13_two_tabs_with_different_fields(home: Home) -> None:
    two_tabs(home)


def test_s13_an_operation_with_half_of_what_was_typed_is_caught(home: Home) -> None:
    half = (
        "store.ts",
        "          fields: Object.fromEntries(typed.map((one) => [one.name, one.value])),",
        "          fields: Object.fromEntries(typed.slice(1).map((one) => [one.name, one.value])),",
    )
    loses(home, half, two_tabs)


def test_s13_two_tabs_with_the_same_field_keep_both_texts(home: Home) -> None:
    meeting, first = home.meet()
    second = first.context.new_page()
    second.goto(meeting.url)
    everywhere(second)
    home.house.kill()
    # Neither tab hears of the other in time: as when both were asleep.
    second.evaluate("BroadcastChannel.prototype.postMessage = () => undefined")
    first.evaluate("BroadcastChannel.prototype.postMessage = () => undefined")
    notes(first).fill("From the first tab")
    here(first)
    notes(second).fill("From the second tab")
    here(second)
    home.house.start()
    everywhere(second)
    until(
        lambda: set(revisions(home.house)) >= {"From the first tab", "From the second tab"}, "lost"
    )
    expect(second.locator("[data-copy-text]")).to_have_text("From the second tab")


# S16


def two_people(home: Home) -> None:
    meeting, page = home.meet()
    home.house.kill()
    notes(page).fill("What only the mentee may send")
    here(page)
    # The next one signs in before the first one's page wakes.
    page.route("**/api/v1/**", lambda route: route.abort())
    home.house.start()
    page.goto("/demo/")
    for closed in page.locator("main details:not([open]) > summary").all():
        closed.click()
    page.locator("main li", has_text=meeting.mentor).first.get_by_role("button").click()
    page.wait_for_url(f"{home.house.url}/")
    page.unroute("**/api/v1/**")
    page.goto(meeting.url)
    notes(page).fill("What the mentor writes")
    everywhere(page)
    assert "What only" not in page.content()
    assert texts(home.house) == ["What the mentor writes"]
    # The mentee comes back to the same browser, and it goes out.
    page.goto("/demo/")
    for closed in page.locator("main details:not([open]) > summary").all():
        closed.click()
    page.locator("main li", has_text=MENTEE).first.get_by_role("button").click()
    page.wait_for_url(f"{home.house.url}/")
    page.goto(meeting.url)
    everywhere(page)
    expect(notes(page)).to_have_value("What only the mentee may send")
    assert texts(home.house) == ["What the mentor writes", "What only the mentee may send"]


def test_s16_two_people_in_one_browser(home: Home) -> None:
    two_people(home)


def test_s16_one_store_for_all_is_caught(home: Home) -> None:
    shared = ("store.ts", "const name = PREFIX + this.account;", "const name = PREFIX;")
    loses(home, shared, two_people)


# S19


def newer_database(home: Home) -> None:
    meeting, page = home.meet()
    notes(page).fill("Before the release")
    everywhere(page)
    other = page.context.new_page()
    other.goto("/demo/")
    # What a later release's page does: a schema with one store more, while the old page is open.
    other.evaluate(
        """async () => {
          const [{name, version}] = (await indexedDB.databases())
            .filter(one => /^handrail-[0-9a-f-]{36}$/.test(one.name))
          await new Promise((done, failed) => {
            const asked = indexedDB.open(name, version + 1)
            asked.onupgradeneeded = () => asked.result.createObjectStore('of_later')
            asked.onsuccess = () => { asked.result.close(); done() }
            asked.onerror = () => failed(asked.error)
          })
        }"""
    )
    home.house.kill()
    notes(page).press("Control+End")
    notes(page).press_sequentially(", and after it")
    here(page)
    home.house.start()
    everywhere(page)
    assert texts(home.house) == ["Before the release, and after it"]
    page.goto(meeting.url)
    expect(notes(page)).to_have_value("Before the release, and after it")
    everywhere(page)


def test_s19_an_old_page_with_a_newer_server_and_database(home: Home) -> None:
    newer_database(home)


def test_s19_a_store_opened_with_a_number_is_caught(home: Home) -> None:
    numbered = ("store.ts", "let db = await open();", "let db = await open(1);")
    loses(home, numbered, newer_database)


# S23


def portal(home: Home, status: int) -> None:
    _meeting, page = home.meet()
    sent: list[int] = []

    def say(route: Route) -> None:
        sent.append(status)
        body = "<html><body>Please accept the terms of this hotel</body></html>"
        route.fulfill(status=status, body=body, content_type="text/html")

    page.route("**/api/v1/ops", say)
    notes(page).fill("In the hotel")
    until(lambda: len(sent) >= 2, "it was sent twice", page=page)
    here(page)
    page.unroute("**/api/v1/ops")
    everywhere(page)
    assert texts(home.house) == ["In the hotel"]


@pytest.mark.parametrize("status", [200, 302, 404, 502])
def test_s23_what_is_no_answer_acknowledges_nothing(home: Home, status: int) -> None:
    portal(home, status)


def test_s23_a_portal_s_page_taken_for_an_answer_is_caught(home: Home) -> None:
    fooled = (
        "sync.ts",
        "    const told = await json(answer);\n    const type",
        '    if (!/json/.test(answer.headers.get("Content-Type") ?? "")) return ops.map((op) => ({'
        ' id: op.id, status: "done" as const, rev: 0, fields: op.fields, conflict: [], code: "",'
        ' reason: "" }));\n    const told = await json(answer);\n    const type',
    )
    loses(home, fooled, lambda lossy: portal(lossy, 200))


# S25


def older_backup(home: Home, *, with_command: bool) -> None:
    _meeting, page = home.meet()
    notes(page).fill("In the backup.")
    everywhere(page)
    live, old = next(iter(home.house.home.glob("*.sqlite3"))), home.tmp / "old"
    with closing(sqlite3.connect(live)) as source, closing(sqlite3.connect(old)) as target:
        source.backup(target)
    for words in (" After it.", " And more."):
        notes(page).press("Control+End")
        notes(page).press_sequentially(words)
        everywhere(page)
    typed = "In the backup. After it. And more."
    until(lambda: texts(home.house) == [typed], "acknowledged")
    home.house.kill()
    for file in home.house.home.glob("*.sqlite3-*"):
        file.unlink()
    shutil.copy(old, live)
    assert texts(home.house) == ["In the backup."]
    if with_command:
        home.served.handrail("epoch")
    home.house.start()
    until(lambda: texts(home.house) == [typed], "it does not come back", 60)
    everywhere(page)
    expect(notes(page)).to_have_value(typed)


@pytest.mark.parametrize("with_command", [True, False])
def test_s25_an_older_backup_gets_back_what_was_acknowledged(
    home: Home, *, with_command: bool
) -> None:
    older_backup(home, with_command=with_command)


def test_s25_a_device_that_sends_nothing_again_is_caught(home: Home) -> None:
    forgets = (
        "store.ts",
        "for (const { seq: _seq, ...row } of [...again, ...unsent])",
        "for (const { seq: _seq, ...row } of unsent)",
    )
    loses(home, forgets, lambda lossy: older_backup(lossy, with_command=True))


# S26


def test_s26_without_script_the_room_takes_notes_and_the_artifact(home: Home) -> None:
    page = home.enter(home.served, MENTEE, script=False)
    page.get_by_role("link", name="Join", exact=True).click()
    notes(page).fill("Without script\nin two lines")
    page.get_by_role("button", name="Save the notes").click()
    expect(notes(page)).to_have_value("Without script\nin two lines")
    page.locator(".tick-button").first.click()
    expect(page.locator(".tick-button").first).to_have_attribute("aria-pressed", "true")
    assert texts(home.house) == ["Without script\nin two lines"]


# S27


def test_s27_leaving_warns_only_of_what_is_not_saved(home: Home) -> None:
    meeting, page = home.meet()
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    home.house.kill()
    notes(page).fill("Saved here")
    here(page)
    home.house.start()
    page.goto(meeting.url)
    assert asked == []
    everywhere(page)
    quota(page, 1)
    home.house.kill()
    notes(page).press("Control+End")
    for _ in range(60):
        notes(page).press_sequentially(", and this is not")
        page.wait_for_timeout(700)
        if page.get_by_role("alert").count():
            break
    expect(page.get_by_role("alert")).to_be_visible()
    home.house.start()
    page.route("**/api/v1/ops", lambda route: route.abort())
    page.goto(meeting.url)
    assert asked == ["beforeunload"]


# The room from the disk


def test_the_room_opens_from_the_disk_and_takes_texts(home: Home) -> None:
    home.house.kill()
    home.house.extra = {}
    home.house.start()
    _meeting, page = home.meet()
    ready(page, WORKER)
    notes(page).fill("\nWith a network")  # a first empty line is a line
    everywhere(page)
    page.reload()
    expect(notes(page)).to_have_value("\nWith a network")
    home.house.kill()
    page.reload()
    expect(notes(page)).to_have_value("\nWith a network")
    notes(page).press("Control+End")
    notes(page).press_sequentially(", and without")
    here(page)
    page.locator(".tick-button").first.click()
    expect(page.locator(".tick-button").first).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(notes(page)).to_have_value("\nWith a network, and without")
    expect(page.locator(".tick-button").first).to_have_attribute("aria-pressed", "true")
    page.goto("/programs/")
    page.get_by_role("heading", name="Your sessions on this device").wait_for()
    page.locator("[data-kept-rooms] a").first.click()
    expect(notes(page)).to_have_value("\nWith a network, and without")
    home.house.start()
    everywhere(page)
    assert texts(home.house) == ["\nWith a network, and without"]
    ticked = "SELECT 1 FROM mentoring_sessions_roomrevision WHERE field LIKE 'tick:%'"
    until(lambda: bool(rows(home.house, ticked)), "the tick")
