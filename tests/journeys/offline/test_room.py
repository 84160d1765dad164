"""The room, where network, server and browser give way at any moment: no word is lost.

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
from meeting import (
    MENTEE,
    everywhere,
    here,
    meet,
    notes,
    revisions,
    saved,
    texts,
    until,
)
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from room_home import Home, again, home, loses, quota
from stage import ARGUMENTS, Served

pytestmark = pytest.mark.nightly
LOST = 40  # seconds after which what has not reached the server is lost

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
    loses(
        home,
        NEVER_WRITTEN,
        scenario=lambda lossy: browser_is_killed(lossy, browser),
        at="expect(notes(page)).to_have_value(",
    )


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
        "ops: ops.map((op) => ({ ...bare(op), id: (op.sent = freshId()) }))",
    )
    known = ("sync.ts", "(one) => one.id === op.id", "(one) => one.id === op.sent")
    loses(home, fresh, known, scenario=reply_is_lost, at="assert revisions(home.house) ==")


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
    until(lambda: texts(home.house) == ["Half a transaction"], "it is lost", LOST)
    everywhere(page)
    assert revisions(home.house) == ["Half a transaction"]


CLEARED_FIRST = (
    "sync.ts",
    "        results = await this.post(ops);\n",
    "        for (const op of ops) await this.store.dropOp(op.id);\n"
    "        results = await this.post(ops);\n",
)


def test_s04_a_server_killed_inside_the_transaction(home: Home) -> None:
    server_is_killed_inside(home)


def test_s04_an_outbox_cleared_before_the_answer_is_caught(home: Home) -> None:
    loses(home, CLEARED_FIRST, scenario=server_is_killed_inside, at='"it is lost"')


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
    until(lambda: texts(home.house) == [notes(page).input_value()], "it is lost", LOST, page)
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
    loses(home, taken, scenario=signed_out_in_between, at='"it is lost"')


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
    until(lambda: bool(sent), "it was sent", page=page)
    page.wait_for_timeout(500)
    assert saved(page).get_attribute("data-state") == "here"
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
    loses(
        home,
        fooled,
        scenario=lambda lossy: portal(lossy, 200),
        at='assert saved(page).get_attribute("data-state") == "here"',
    )


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
    loses(
        home,
        forgets,
        scenario=lambda lossy: older_backup(lossy, with_command=True),
        at='"it does not come back"',
    )


def test_s25_a_page_that_does_not_see_the_room_go_backwards_is_caught(home: Home) -> None:
    blind = (
        "room_page.ts",
        "if (!isOtherEpoch) await this.store.sendAgain(this.target).then(() => this.sync.poke(0));",
        "",
    )
    loses(
        home,
        blind,
        scenario=lambda lossy: older_backup(lossy, with_command=False),
        at='"it does not come back"',
    )


# S27


def leaving(home: Home) -> None:
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


def test_s27_leaving_warns_only_of_what_is_not_saved(home: Home) -> None:
    leaving(home)


def test_s27_a_page_that_goes_without_a_word_is_caught(home: Home) -> None:
    silent = (
        "room_page.ts",
        'if (this.fields.some((one) => ["unsaved", "saving"].includes(one.saved)))'
        " event.preventDefault();",
        "",
    )
    loses(home, silent, scenario=leaving, at='assert asked == ["beforeunload"]')
