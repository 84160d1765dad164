"""What a test does with a device: make it ready, search on it, look into what it keeps."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Error as NoAnswer
from playwright.sync_api import Locator, Page
from stage import Enter, Served
from wire import Wire

ANSWERS = "/answers/"
READER = "Ben Singh"

# The worker is at work and has what it keeps; the answers have come.
READY = """async () => {
  if (!navigator.serviceWorker.controller) return false
  const names = (await indexedDB.databases()).map(one => one.name)
  if (!names.some(name => name.startsWith('handrail-answers-'))) return false
  const db = await new Promise((done, failed) => {
    const asked = indexedDB.open('handrail-device')
    asked.onsuccess = () => done(asked.result)
    asked.onerror = () => failed(asked.error)
  })
  const keys = await new Promise(done => {
    const asked = db.transaction('kept').objectStore('kept').getAllKeys()
    asked.onsuccess = () => done(asked.result)
  })
  db.close()
  return keys.some(key => key.startsWith('answers:'))
}"""


def ready(enter: Enter, wire: Wire, name: str = READER) -> Page:
    """A signed-in page whose device has all it needs to go without a network."""
    page = enter(Served(wire.url, wire.server.home), name)
    until(page, READY)
    return page


def until(page: Page, asked: str, seconds: float = 30) -> None:
    """Wait until a question to the page, which may take its time to answer, is answered by yes."""
    deadline = time.monotonic() + seconds
    while not _says_yes(page, asked):
        assert time.monotonic() < deadline, asked
        time.sleep(0.1)


def _says_yes(page: Page, asked: str) -> bool:
    try:
        return bool(page.evaluate(asked))
    except NoAnswer as error:
        if "Execution context was destroyed" in error.message:
            return False  # the page is just changing: the next one is asked
        raise


def search(page: Page, question: str) -> Locator:
    """Type a question; the answers that are shown."""
    page.get_by_label("Search the answers").fill(question)
    page.get_by_role("heading", name="What comes closest").wait_for()
    return page.locator("[data-results] li")


def databases(page: Page) -> list[str]:
    names: list[str] = page.evaluate(
        "async () => (await indexedDB.databases()).map(one => one.name).sort()"
    )
    return names


def caches(page: Page) -> list[str]:
    names: list[str] = page.evaluate("async () => (await caches.keys()).sort()")
    return names


def kept_rows(page: Page) -> list[dict[str, Any]]:
    """The answers in the store that holds now, by id."""
    rows: list[dict[str, Any]] = page.evaluate(
        """async () => {
          const open = name => new Promise((done, failed) => {
            const asked = indexedDB.open(name)
            asked.onsuccess = () => done(asked.result)
            asked.onerror = () => failed(asked.error)
          })
          const all = (db, store, what) => new Promise(done => {
            const asked = db.transaction(store).objectStore(store)[what]()
            asked.onsuccess = () => done(asked.result)
          })
          const device = await open('handrail-device')
          const keys = await all(device, 'kept', 'getAllKeys')
          const values = await all(device, 'kept', 'getAll')
          device.close()
          const name = values[keys.findIndex(key => key.startsWith('answers:'))]
          if (!name) return []
          const db = await open(name)
          const rows = await all(db, 'rows', 'getAll')
          db.close()
          return rows.filter(row => !row.deleted)
        }"""
    )
    return rows


def bring(page: Page, address: str = "/sessions/") -> None:
    """Open a page with a network, long after the last one: the device asks what has changed."""
    page.evaluate(
        """async () => {
          const db = await new Promise(done => {
            const asked = indexedDB.open('handrail-device')
            asked.onsuccess = () => done(asked.result)
          })
          const work = db.transaction('kept', 'readwrite')
          const store = work.objectStore('kept')
          const keys = store.getAllKeys()
          keys.onsuccess = () => keys.result
            .filter(key => key.startsWith('asked:')).forEach(key => store.delete(key))
          await new Promise(done => { work.oncomplete = done })
          db.close()
        }"""
    )
    page.goto(address)


def ask_later(page: Page, question: str) -> None:
    """On the kept page of the answers: leave a question that will be sent."""
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Keep the question").click()
    page.get_by_text("Kept on this device.").wait_for()


def waiting(page: Page) -> int:
    """How many operations this device has not delivered yet, over all accounts."""
    count: int = page.evaluate(
        """async () => {
          let sum = 0
          for (const { name } of await indexedDB.databases()) {
            if (!/^handrail-[0-9a-f]{8}-/.test(name)) continue
            const db = await new Promise(done => {
              const asked = indexedDB.open(name)
              asked.onsuccess = () => done(asked.result)
            })
            sum += await new Promise(done => {
              const asked = db.transaction('ops').objectStore('ops').count()
              asked.onsuccess = () => done(asked.result)
            })
            db.close()
          }
          return sum
        }"""
    )
    return count
