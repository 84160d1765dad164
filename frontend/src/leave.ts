/** Signing out of a device: nothing unsent is lost unasked, then nothing readable is left. */

import { deleteDB } from "idb";

import { settled } from "./worker";
import { dropKey, outboxCount } from "./store";

export interface LeaveWords {
  not_sent_title: string;
  not_sent_one: string;
  not_sent: string;
  sending: string;
  send_first: string;
  discard: string;
  stay: string;
  cannot_send: string;
  only_here: string;
}

const PREFIX = "handrail-";
const CHANNEL = "handrail-left";
const TOKEN = "csrfmiddlewaretoken";

/** Take everything of an account off this device: its key first, so that the rest is sure. */
export async function wipe(account: string): Promise<void> {
  await dropKey(account).catch(() => undefined); // a store that is broken has no key to read it with
  const listed = "databases" in indexedDB ? await indexedDB.databases() : [];
  const names = new Set(listed.map((one) => one.name ?? ""));
  names.add(PREFIX + account).add(`${PREFIX}device`);
  for (const name of names) {
    const isTheirs = name === `${PREFIX}device` || (name.startsWith(PREFIX) && name.includes(account));
    if (isTheirs) await deleteDB(name);
  }
  if ("caches" in window) {
    for (const name of await caches.keys()) {
      if (name.startsWith(PREFIX)) await caches.delete(name);
    }
  }
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith("handrail:") && key.includes(account)) localStorage.removeItem(key);
  }
}

/** Hold each form that signs out until the device has nothing left that only it knows. */
export function watchLeaving(account: string, words: LeaveWords, send: () => Promise<void>): void {
  const others = new BroadcastChannel(CHANNEL);
  others.addEventListener("message", (event: MessageEvent<string>) => {
    if (event.data === account) window.location.replace("/");
  });
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-leave]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void leave(form);
    });
  }

  async function leave(form: HTMLFormElement): Promise<void> {
    await settled();
    if (await count(account)) await send().catch(() => undefined);
    const left = await count(account);
    if (left && !(await askAbout(left))) return;
    await wipe(account);
    let isOut = false;
    try {
      isOut = await signOut(form);
    } catch {
      // said below
    }
    others.postMessage(account);
    await wipe(account); // what other tabs did until they heard of it
    if (isOut) return window.location.assign("/");
    tell(words.only_here);
    window.addEventListener("online", () => void leave(form), { once: true });
  }

  function askAbout(left: number): Promise<boolean> {
    return new Promise((decided) => {
      const box = dialog(words, left);
      const end = (leaves: boolean): void => {
        box.root.close();
        box.root.remove();
        decided(leaves);
      };
      box.root.addEventListener("cancel", () => end(false));
      box.stay.addEventListener("click", () => end(false));
      box.discard.addEventListener("click", () => end(true));
      box.send.addEventListener("click", () => {
        box.line.textContent = words.sending;
        box.send.disabled = true;
        void send()
          .catch(() => undefined)
          .then(() => count(account))
          .then((still) => {
            if (!still) return end(true);
            box.line.textContent = words.cannot_send;
            box.send.disabled = false;
          });
      });
      document.body.append(box.root);
      box.root.showModal();
    });
  }
}

/** Ask the server to end the sign-in; false where it says no. A kept page holds no token: it gets one. */
async function signOut(form: HTMLFormElement): Promise<boolean> {
  let body = new FormData(form);
  if (!body.has(TOKEN)) {
    const asked = await fetch(form.action);
    const page = new DOMParser().parseFromString(await asked.text(), "text/html");
    const theirs = page.querySelector<HTMLFormElement>("main form[data-leave]");
    if (!theirs) return asked.ok; // nobody is signed in there any more
    body = new FormData(theirs);
  }
  return (await fetch(form.action, { method: "POST", body, redirect: "follow" })).ok;
}

/** What only this device knows; a store that cannot be read holds nothing that could be sent. */
function count(account: string): Promise<number> {
  return outboxCount(account).catch(() => 0);
}

interface Dialog {
  root: HTMLDialogElement;
  line: HTMLParagraphElement;
  send: HTMLButtonElement;
  discard: HTMLButtonElement;
  stay: HTMLButtonElement;
}

function dialog(words: LeaveWords, left: number): Dialog {
  const root = document.createElement("dialog");
  root.className = "leave-dialog";
  root.dataset["leaving"] = "";
  const title = document.createElement("h2");
  title.id = "leaving-title";
  title.textContent = words.not_sent_title;
  root.setAttribute("aria-labelledby", title.id);
  const text = document.createElement("p");
  text.textContent = left === 1 ? words.not_sent_one : words.not_sent.replace("{n}", String(left));
  const line = document.createElement("p");
  line.setAttribute("role", "status");
  const row = document.createElement("div");
  row.className = "actions";
  const make = (said: string, variant: string): HTMLButtonElement => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn";
    if (variant) made.dataset["variant"] = variant;
    made.textContent = said;
    row.append(made);
    return made;
  };
  const send = make(words.send_first, "");
  const stay = make(words.stay, "outline");
  const discard = make(words.discard, "ghost");
  root.append(title, text, line, row);
  return { root, line, send, discard, stay };
}

/** Nothing that was shown stays: only what is left to do. */
function tell(words: string): void {
  const line = document.createElement("p");
  line.className = "note";
  line.setAttribute("role", "alert");
  line.textContent = words;
  document.querySelector("main")?.replaceChildren(line);
}
