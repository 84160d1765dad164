"""The offline half in a real Chromium: search, typing, index and first load, held to their goals.

    python benchmarks/offline.py [--quick] [--sizes 1000,10000] [--questions 300] [--json OUT]
                                 [--mutant]

Answers and questions are made up from a seed (`made_answers.py`). Search and a plain scan (each
word of the question looked for in each text) take turns in one page, question by question; the
shortest of three times counts, since other work of the machine only makes them longer. Milliseconds
hold for this machine only, the ratio does not depend on it. Typing is measured on the kept page
with its worker, against a small server that tells the answers by the contract; the page's processor
is slowed six times, which the browser does not do to workers. With --mutant the page gets all
answers with each key, as if it searched by itself: the goal for a key must then be missed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import quantiles
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("benchmarks", "tests/harness", "tests/journeys", "tests")
sys.path[:0] = [str(ROOT / folder) for folder in FOLDERS]

# The harness of the tests is no package: its folders are named first.
from chromium import ARGUMENTS, chromium  # noqa: E402
from feed import Feed  # noqa: E402
from made_answers import answers, questions  # noqa: E402
from mutants import script  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402
from weights import LIBRARIES, OWN_LIMIT, READY_LIMIT, own_scripts, ready_load  # noqa: E402

FRONTEND = ROOT / "frontend"
ACCOUNT = "00000000-0000-4000-8000-000000000001"
SLOWER = 6
INDEX_LIMIT = 2_000_000
P95_LIMIT, RATIO_LIMIT, KEY_LIMIT = 12.0, 0.4, 100.0
Row = dict[str, Any]

# From the key until the frame with its letter is drawn: what is posted from a frame comes after it.
TYPED = """() => {
  window.typed = []
  document.getElementById('answers-search').addEventListener('keydown', event => {
    const began = event.timeStamp
    requestAnimationFrame(() => {
      const drawn = new MessageChannel()
      drawn.port1.onmessage = () => window.typed.push(performance.now() - began)
      drawn.port2.postMessage(0)
    })
  })
}"""
# From the last letter to the list that belongs to it.
SHOWN = """question => new Promise(done => {
  const box = document.getElementById('answers-search')
  const list = document.querySelector('[data-results]')
  const began = performance.now()
  new MutationObserver((_, watch) => {
    watch.disconnect()
    done(performance.now() - began)
  }).observe(list, { childList: true })
  box.value = question
  box.dispatchEvent(new Event('input', { bubbles: true }))
})"""
DEVICE = """account => new Promise((done, failed) => {
  const asked = indexedDB.open('handrail-device', 1)
  asked.onupgradeneeded = () => asked.result.createObjectStore('kept')
  asked.onerror = failed
  asked.onsuccess = () => {
    const work = asked.result.transaction('kept', 'readwrite')
    work.objectStore('kept').put({ account, language: 'en' }, 'who')
    work.oncomplete = () => { asked.result.close(); done() }
  }
})"""
JOB = """([script, account, job, about]) => new Promise((done, failed) => {
  window.worker ??= new Worker(script)
  const began = performance.now()
  window.worker.onmessage = ({ data }) =>
    data.failed ? failed(new Error(data.failed)) : done([data.told, performance.now() - began])
  window.worker.postMessage({ n: 1, account, job, about })
})"""


def search(page: Page, script: str, made: list[Row], asked: int) -> Row:
    """Search and scan over so many answers, in one page."""
    said = list(questions(made, asked))
    page.goto("/plain/")
    page.add_script_tag(content=script)
    told = page.evaluate(
        "([answers, questions]) => measure(answers, questions)", [made, [one.text for one in said]]
    )
    right = sum(found == one.answer for found, one in zip(told["ids"], said, strict=True))
    texts = json.dumps([[one["question"], one["answer"], *one["aliases"]] for one in made])
    return {
        "answers": len(made),
        "questions": len(said),
        "search_p50_ms": _at(told["searches"], 50),
        "search_p95_ms": _at(told["searches"], 95),
        "scan_p50_ms": _at(told["scans"], 50),
        "ratio_to_scan": round(sum(told["searches"]) / sum(told["scans"]), 3),
        "build_ms": round(told["build"]),
        "index_gz_bytes": len(gzip.compress(told["index"].encode(), 9)),
        "texts_gz_bytes": len(gzip.compress(texts.encode(), 6)),
        "right_first": round(right / len(said), 3),
    }


def device(page: Page, made: list[Row], asked: int) -> Row:
    """The kept page and its worker: all answers brought, the index made, words typed."""
    script = "/static/build/search.worker.js"
    page.goto("/plain/")
    page.evaluate(DEVICE, ACCOUNT)
    _told, brought = page.evaluate(JOB, [script, ACCOUNT, "sync", {}])
    about = {"question": made[0]["question"], "count": 5}
    _found, first = page.evaluate(JOB, [script, ACCOUNT, "search", about])
    page.goto("/answers/")
    page.locator("[data-answers-kept]").wait_for()
    said = [one.text for one in questions(made, asked, seed=3)]
    page.evaluate(SHOWN, said[0])  # the index is read from the device
    shown = [page.evaluate(SHOWN, text) for text in said]
    box = page.get_by_label("Search the answers")
    box.fill("")
    page.evaluate(TYPED)
    slow = page.context.new_cdp_session(page)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    for text in said[: asked // 5]:
        box.press_sequentially(f"{text[:25]} ", delay=80)
    page.wait_for_timeout(500)
    keys = page.evaluate("window.typed")
    return {
        "answers": len(made),
        "brought_ms": round(brought),
        "first_search_ms": round(first),
        "shown_p50_ms": _at(shown, 50),
        "shown_p95_ms": _at(shown, 95),
        "keys": len(keys),
        "slower": SLOWER,
        "key_p95_ms": _at(keys, 95),
        "key_worst_ms": round(max(keys), 1),
    }


def _at(values: list[float], percent: int) -> float:
    return round(quantiles(values, n=100, method="inclusive")[percent - 1], 2)


def goals(found: Row) -> list[Row]:
    """Each goal with what was measured; not measured is neither reached nor missed."""
    large = next((row for row in found["search"] if row["answers"] == 10_000), {})
    keys = found.get("device", {})
    typed = keys if keys.get("answers") == 10_000 else {}
    own, ready = sum(found["own_scripts"].values()), sum(found["ready_load"].values())
    named = [
        ("10k answers: p95 of a search ≤ 12 ms", large.get("search_p95_ms"), P95_LIMIT),
        ("10k answers: CPU ≤ 0.4 of a scan", large.get("ratio_to_scan"), RATIO_LIMIT),
        ("10k answers, two aliases: index ≤ 2 MB", large.get("index_gz_bytes"), INDEX_LIMIT),
        (f"10k answers, CPU / {SLOWER}: a key < 100 ms", typed.get("key_p95_ms"), KEY_LIMIT),
        ("our own scripts ≤ 30 kB", own, OWN_LIMIT),
        ("ready without answers ≤ 300 kB", ready, READY_LIMIT),
    ]
    return [
        {"goal": goal, "measured": value, "reached": None if value is None else value <= limit}
        for goal, value, limit in named
    ]


def slow_page() -> bytes:
    """The script of the kept page with a fault: with each key all answers come to the page."""
    with tempfile.TemporaryDirectory(prefix="handrail-offline-") as folder:
        fault = (
            "answers_page.ts",
            "      this.typed(box.value);\n",
            '      void this.searcher.do("shelf", { count: 20_000 });\n'
            "      this.typed(box.value);\n",
        )
        return script(Path(folder), "shell.ts", fault).encode()


@contextmanager
def served(feed: Feed, shell_script: bytes = b"") -> Iterator[str]:
    """The kept page, its files, and the answers: what a device asks for, and nothing else."""
    from django.contrib.staticfiles import finders

    from handrail.web import offline

    shell = offline.shell("en").encode()
    pack = json.dumps({"account": ACCOUNT, "skills": [], "checklists": []}).encode()
    kinds = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            status, kind, content, more = 200, "text/html; charset=utf-8", b"<!doctype html>", {}
            if path == "/offline/pack/":
                kind, content = "application/json", pack
            elif feed.is_asked(self.path):
                status, more, content = feed.told(self.path, dict(self.headers), ACCOUNT)
                kind = more.pop("Content-Type", "application/json")
            elif shell_script and path.startswith("/static/build/shell."):
                kind, content = "text/javascript", shell_script
            elif path.startswith("/static/"):
                file = finders.find(path.removeprefix("/static/"))
                kind = kinds.get(Path(path).suffix, "application/octet-stream")
                status, content = (200, Path(str(file)).read_bytes()) if file else (404, b"")
            elif path.startswith("/answers/"):
                content = shell
            elif path != "/plain/":
                status, content = 404, b""
            self.send_response(status)
            for name, value in {"Content-Type": kind, **more}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def bundled() -> str:
    """The measuring script with the search of the pages, as the build makes those."""
    esbuild = FRONTEND / "node_modules/.bin/esbuild"
    entry = ROOT / "benchmarks/offline_search.ts"
    options = ["--bundle", "--minify", "--format=iife", "--target=es2022", "--log-level=error"]
    done = subprocess.run(
        [esbuild, entry, *options], cwd=FRONTEND, check=True, capture_output=True, text=True
    )
    return done.stdout


def measure(sizes: list[int], asked: int, shell_script: bytes = b"") -> Row:
    measuring = bundled()
    typed = answers(max(sizes))
    feed = Feed(list(typed), page=500)
    with served(feed, shell_script) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        page = browser.new_context(base_url=url).new_page()
        page.set_default_timeout(120_000)
        found: Row = {"search": [search(page, measuring, typed[:size], asked) for size in sizes]}
        found["device"] = device(page, typed, min(asked, 60))
        found["chromium"] = browser.version
        browser.close()
    return {**found, "own_scripts": own_scripts(), "ready_load": ready_load()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few answers; below 50 s")
    parser.add_argument("--sizes", default="1000,10000", help="numbers of answers")
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--json", type=Path, help="where all figures go")
    parser.add_argument("--mutant", action="store_true", help="a page that is slow on purpose")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="handrail-offline-") as home:
        os.environ.update(HANDRAIL_HOME=home, DJANGO_SETTINGS_MODULE="handrail.site.settings")
        os.environ.setdefault("HANDRAIL_SECRET_KEY", "only-for-tests-" + "x" * 40)
        import django

        django.setup()
        began = time.monotonic()
        sizes = [int(size) for size in arguments.sizes.split(",")]
        if arguments.quick:
            sizes, arguments.questions = [1_000], 10
        found = measure(sizes, arguments.questions, slow_page() if arguments.mutant else b"")
    found["goals"] = goals(found)
    for row in [*found["search"], found["device"]]:
        print(", ".join(f"{name} {value}" for name, value in row.items()))
    own, libraries = sum(found["own_scripts"].values()), " and ".join(LIBRARIES)
    print(f"own scripts {own} bytes (without {libraries})", end=", ")
    print(f"ready after {sum(found['ready_load'].values())} bytes and the page")
    for goal in found["goals"]:
        words = {True: "reached", False: "NOT REACHED", None: "not measured"}
        print(f"{words[goal['reached']]}: {goal['goal']} ({goal['measured']})")
    print(f"{time.monotonic() - began:.0f} s, Chromium {found['chromium']}")
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
