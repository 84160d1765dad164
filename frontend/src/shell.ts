/** The kept page: it shows from this device what the address asks for, or says that there is no network. */

import { AnswersPage, BELOW, type Words } from "./answers_page";
import { who } from "./device_db";
import { Searcher } from "./searcher";

async function start(): Promise<void> {
  for (const again of document.querySelectorAll<HTMLAnchorElement>("a[data-try-again]")) {
    again.href = window.location.href;
  }
  const main = document.getElementById("main");
  const account = (await who())?.account;
  if (!main || !window.location.pathname.startsWith(BELOW)) return;
  await showAnswers(main, account ?? "");
}

async function showAnswers(main: HTMLElement, account: string): Promise<void> {
  const root = document.documentElement;
  const words = JSON.parse(document.getElementById("shell-words")?.textContent ?? "{}") as Words;
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
  await page.show();
}

void start();
