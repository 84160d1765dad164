"""What a device keeps, with a fault in it: each scenario stops at the line about that fault.

The room's faults stand beside its scenarios; the search's slow page is in `benchmarks/offline.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import mutants
import pytest
from feed import Feed
from stage import Enter
from wire import Killable, Wire

from journeys.offline import test_answers_kept as answers
from journeys.offline import test_by_day as by_day
from journeys.offline import test_worker as worker

pytestmark = pytest.mark.nightly


@dataclass
class Around:
    """What the scenarios are given."""

    wire: Wire
    enter: Enter
    feed: Feed
    killable: Killable
    tmp: Path


@dataclass(frozen=True)
class Fault:
    """A piece of a script, what stands there instead, and the line at which that is noticed."""

    name: str
    scripts: tuple[str, ...]
    change: mutants.Change
    scenario: Callable[[Around], None]
    at: str


# Everything of an account but its answers goes: the outbox with it.
DROP_ALL = """for (const one of await indexedDB.databases()) {
    if (one.name !== fresh && one.name !== "handrail-device") await deleteDB(one.name ?? "");
  }"""
DROP_EVERYTHING = """for (const one of await indexedDB.databases()) {
    await new Promise(done => {
      const asked = indexedDB.deleteDatabase(one.name ?? "");
      asked.onsuccess = asked.onerror = asked.onblocked = done;
    });
  }
  await self.registration.unregister();"""

FAULTS = [
    Fault(
        "s01 what came is not written down",
        ("search.worker",),
        ("answer_store.ts", 'void work.objectStore("rows").put({ ...row, at: meta.n });', ""),
        lambda one: by_day.test_s01_with_the_server_dead_a_reload_finds_the_answer(
            one.wire, one.killable, one.enter
        ),
        "search(page,",
    ),
    Fault(
        "s07 every tab begins anew",
        ("device",),
        (
            "worker.ts",
            "if (asked) window.location.reload();",
            'if (document.querySelector("[data-new-version]")) window.location.reload();',
        ),
        lambda one: (
            worker.test_s07_a_release_while_typing_keeps_the_text_and_changes_when_it_is_asked_to(
                one.wire, one.killable, one.enter, one.tmp
            )
        ),
        'other.evaluate("window.stands") is True',
    ),
    Fault(
        "s07 the old cache stays",
        ("sw",),
        (
            "sw.ts",
            "if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);",
            "",
        ),
        lambda one: (
            worker.test_s07_a_release_while_typing_keeps_the_text_and_changes_when_it_is_asked_to(
                one.wire, one.killable, one.enter, one.tmp
            )
        ),
        "assert len(new) == 1",
    ),
    Fault(
        "s10 what is gone stays readable",
        ("search.worker",),
        (
            "answer_store.ts",
            "for (const row of rows) {",
            "for (const row of rows) if (!isGone(row)) {",
        ),
        lambda one: answers.test_s10_the_pages_own_request_is_told_what_changed_and_else_304(
            one.wire, one.enter, one.feed
        ),
        "len(kept_rows(page)) == 2",
    ),
    Fault(
        "s10 the page does not say what it has",
        ("search.worker",),
        ("answer_sync.ts", 'if (meta?.etag) headers["If-None-Match"] = meta.etag;', ""),
        lambda one: answers.test_s10_the_pages_own_request_is_told_what_changed_and_else_304(
            one.wire, one.enter, one.feed
        ),
        "assert feed.log[-1] == (3, 304)",
    ),
    Fault(
        "s11 the worker has nothing to show",
        ("sw",),
        ("sw.ts", "const instead = await standIn(pathname, canStandIn);", "const instead = null;"),
        lambda one: by_day.test_s11_a_browser_set_offline_opens_the_kept_page(one.wire, one.enter),
        "page.goto(ANSWERS)",
    ),
    Fault(
        "s17 a no leaves the copy",
        ("search.worker",),
        ("answer_sync.ts", "if (asked.status === 401 || asked.status === 403) {", "if (false) {"),
        lambda one: (
            answers.test_s17_access_withdrawn_while_offline_takes_the_copy_at_the_next_contact(
                one.wire, one.enter, one.feed, 403
            )
        ),
        'name.startswith("handrail-answers")',
    ),
    Fault(
        "s18 the old store goes before the new one is whole",
        ("search.worker",),
        (
            "answer_sync.ts",
            "        await keep(`building:${account}`, undefined);\n        [store",
            "        await dropAnswers(account);\n        [store",
        ),
        lambda one: answers.test_s18_until_the_new_store_is_whole_the_old_one_is_read(
            one.wire, one.enter, one.feed
        ),
        "in questions(page)",
    ),
    Fault(
        "s18 the swap takes the outbox along",
        ("search.worker",),
        ("answer_sync.ts", "if (old !== undefined) await deleteDB(old);", DROP_ALL),
        lambda one: answers.test_s18_410_fills_a_new_store_and_swaps_it_in_with_questions_kept(
            one.wire, one.enter, one.feed, one.killable
        ),
        "assert waiting(page) == 1",
    ),
    Fault(
        "s20 the switch takes what was typed",
        ("sw_off",),
        ("sw_off.ts", "await self.registration.unregister();", DROP_EVERYTHING),
        lambda one: worker.test_s20_switched_off_the_worker_goes_and_what_was_typed_stays(
            one.wire, one.killable, one.enter
        ),
        "assert databases(typing) == kept",
    ),
    Fault(
        "s21 a worker that does not come takes the old one away",
        ("device",),
        (
            "worker.ts",
            '  registration.active?.postMessage("fill");',
            "  await registration.update().catch(() => registration.unregister());",
        ),
        lambda one: worker.test_s21_a_worker_that_is_missing_or_a_page_leaves_the_old_one_at_work(
            one.wire, one.enter, (404, {"Content-Type": "text/html"}, b"not here")
        ),
        "typing.goto(ANSWERS)",
    ),
    Fault(
        "s23 a slow network is waited for",
        ("sw",),
        ("sw.ts", "const PATIENCE = 3_000;", "const PATIENCE = 30_000;"),
        lambda one: (
            worker.test_s23_on_a_slow_network_the_shell_stands_in_and_elsewhere_the_page_is_awaited(
                one.wire, one.enter
            )
        ),
        'get_by_text("No network. You see the answers")',
    ),
    Fault(
        "s23 a proxy's error is a page like any other",
        ("sw",),
        ("sw.ts", "new Set([502, 503, 504])", "new Set()"),
        lambda one: worker.test_s23_a_proxy_without_a_server_gives_the_shell(
            one.wire, one.enter, 502
        ),
        'name="You are offline"',
    ),
    Fault(
        "s23 a portal's page is a page of ours",
        ("sw",),
        ("sw.ts", 'return answer.type === "basic" && !answer.headers.has(OURS);', "return false;"),
        lambda one: worker.test_s23_a_captive_portal_is_no_server_and_nothing_is_acknowledged(
            one.wire, one.enter, one.feed
        ),
        "search(typing,",
    ),
    Fault(
        "s23 a portal's page acknowledges what was asked",
        ("device", "shell", "room"),
        (
            "sync.ts",
            "    const told = await json(answer);\n    const type",
            '    if (!/json/.test(answer.headers.get("Content-Type") ?? ""))'
            ' return ops.map((op) => ({ id: op.id, status: "done", rev: 0, fields: op.fields,'
            ' conflict: [], code: "", reason: "" }));\n'
            "    const told = await json(answer);\n    const type",
        ),
        lambda one: worker.test_s23_a_captive_portal_is_no_server_and_nothing_is_acknowledged(
            one.wire, one.enter, one.feed
        ),
        "assert waiting(typing) == 1",
    ),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_it_is_caught(
    fault: Fault, wire: Wire, enter: Enter, feed: Feed, killable: Killable, tmp_path: Path
) -> None:
    for name in fault.scripts:
        wire.gives(name, mutants.script(tmp_path, f"{name}.ts", fault.change))
    around = Around(wire, enter, feed, killable, tmp_path / "around")
    mutants.is_caught(lambda: fault.scenario(around), at=fault.at)
