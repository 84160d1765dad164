/** The kept page: it shows from this device what the address asks for, or says that there is no network. */

import { AnswersPage, BELOW, type Words } from "./answers_page";
import { who } from "./device_db";
import { type LeaveWords, watchLeaving } from "./leave";
import { Searcher } from "./searcher";
import { ask, flushAccount, json, syncOf } from "./sync";

const LOOK = 15_000; // milliseconds between two looks whether there is a network again

async function start(): Promise<void> {
  for (const again of document.querySelectorAll<HTMLAnchorElement>("a[data-try-again]")) {
    again.href = window.location.href;
  }
  const main = document.getElementById("main");
  const account = (await who())?.account;
  const words = JSON.parse(document.getElementById("shell-words")?.textContent ?? "{}") as Words;
  if (account) offerLeaving(account, words);
  if (main && window.location.pathname.startsWith(BELOW)) await showAnswers(main, account ?? "", words);
  else watchNetwork((isBack) => showPlain(isBack, words));
}

/** Whoever this device knows can sign out of it here as well, also with no network. */
function offerLeaving(account: string, words: Words): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-leave]")) form.hidden = false;
  watchLeaving(account, words as unknown as LeaveWords, async () => {
    await flushAccount(account);
  });
}

/** Where this page can show nothing it says so, until there is a network again. */
function showPlain(isBack: boolean, words: Words): void {
  for (const part of document.querySelectorAll<HTMLElement>("[data-offline-plain] [data-words]")) {
    part.dataset["was"] ??= part.textContent ?? "";
    part.textContent = isBack ? (words[part.dataset["words"] ?? ""] ?? "") : part.dataset["was"];
  }
}

/** Tell when the server answers again, and when the device says that its network went. */
function watchNetwork(tell: (isBack: boolean) => void): void {
  let isBack = false;
  const look = async (): Promise<void> => {
    if (isBack || document.hidden) return;
    try {
      const answer = await ask("/api/v1/device", {});
      await json(answer); // whoever is signed in: it is our server that answers
      if (answer.status < 500) tell((isBack = true));
    } catch {
      // not yet
    }
  };
  window.setInterval(() => void look(), LOOK);
  window.addEventListener("online", () => void look());
  document.addEventListener("visibilitychange", () => void look());
  window.addEventListener("offline", () => {
    isBack = false;
    tell(false);
  });
}

async function showAnswers(main: HTMLElement, account: string, words: Words): Promise<void> {
  const root = document.documentElement;
  const searcher = new Searcher(root.dataset["searcher"] ?? "", account);
  const page = new AnswersPage(main, words, account, searcher, root.lang);
  main.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    const isOurs = link?.pathname.startsWith(BELOW) && link.origin === window.location.origin;
    if (!link || !isOurs || "tryAgain" in link.dataset || event.ctrlKey || event.metaKey) return;
    event.preventDefault(); // the same page shows it, without asking a network that is not there
    window.history.pushState(null, "", link.href);
    void page.show().then(() => main.focus());
  });
  window.addEventListener("popstate", () => void page.show());
  watchNetwork((isBack) => page.setNetwork(isBack));
  await page.show();
  // A question of before may wait, and a page that is opened with a network hears of no change.
  if (account) syncOf(account).poke(0);
}

void start();
