/** The room: a timer that cannot drift, texts that cannot be lost, ticks both people see. */

import { Field, type SaveWords, type ServerText } from "./room_texts";
import { Timer, type TimerWords } from "./room_timer";

interface RoomState {
  now: string;
  sign: string; // differs when anything in the live parts does
  state: string;
  texts: Record<string, ServerText>;
}

const POLL = 4_000; // milliseconds between looks at what the other person did
const POLL_SLOWEST = 60_000;
const OVER = new Set(["closed", "not_held", "cancelled"]);

export function startRoom(root: HTMLElement): void {
  const words = JSON.parse(
    document.getElementById("room-words")?.textContent ?? "{}",
  ) as SaveWords & TimerWords;
  const voice = root.querySelector<HTMLElement>("[data-voice]");
  const csrf = (): string =>
    root.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value ?? "";
  let sign = root.dataset.sign ?? "";
  let state = root.dataset.state ?? "";
  let wait = POLL;
  let handle = 0;
  let looking = false;

  const timer = new Timer(
    root,
    words,
    (text) => {
      if (voice) voice.textContent = text;
    },
    () => void timeIsUp(),
  );

  const fields = [...root.querySelectorAll<HTMLElement>("[data-text]")].map((box) => {
    const name = box.dataset.text ?? "";
    return new Field(
      box as HTMLTextAreaElement,
      name,
      root.dataset.textUrl ?? "",
      `handrail:${root.dataset.room ?? ""}:${root.dataset.me ?? ""}:${name}`,
      words,
      csrf,
    );
  });

  /** Ask the server before believing this device's clock; without an answer, believe it. */
  async function timeIsUp(): Promise<void> {
    await look();
    if (state === "running" && !timer.isOver) return;
    timer.sayTimeIsUp();
    openArtifact();
  }

  function openArtifact(): void {
    const form = root.querySelector<HTMLDetailsElement>("[data-artifact]");
    if (!form || form.open) return;
    form.open = true;
    const typing = document.activeElement?.matches("textarea, input, select") ?? false;
    // Who is still typing keeps the cursor; everybody else lands in the first field.
    if (!typing) {
      form.scrollIntoView({ block: "start" });
      form.querySelector<HTMLElement>("textarea")?.focus({ preventScroll: true });
    }
  }

  async function look(): Promise<void> {
    if (looking) return;
    looking = true;
    window.clearTimeout(handle);
    try {
      const asked = Date.now();
      const answer = await fetch(root.dataset.stateUrl ?? "", {
        headers: { Accept: "application/json" },
      });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const heard = (await answer.json()) as RoomState;
      timer.hearClock(heard.now, asked, Date.now());
      if (heard.state === "running") timer.read();
      for (const field of fields) {
        const text = heard.texts[field.name];
        if (text) field.hear(text);
      }
      if (heard.sign !== sign) {
        await renew();
        sign = heard.sign;
        if (heard.state !== state) {
          state = heard.state;
          root.dataset.state = state;
          if (state === "awaiting_artifact") openArtifact();
        }
      }
      // Nothing more to write: the whole page changes, once all that was typed is delivered.
      if (OVER.has(state) && state !== root.dataset.shown && fields.every((one) => !one.isDirty)) {
        window.location.reload();
      }
      wait = POLL;
    } catch {
      wait = Math.min(wait * 2, POLL_SLOWEST);
    } finally {
      looking = false;
      plan();
    }
  }

  /** Take the live parts from a fresh page; boxes in which people type are not among them. */
  async function renew(): Promise<void> {
    const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of root.querySelectorAll<HTMLElement>("[data-live]")) {
      const next = fresh.querySelector<HTMLElement>(`[data-live="${part.dataset.live ?? ""}"]`);
      if (!next || next.outerHTML === part.outerHTML) continue;
      const focused = part.contains(document.activeElement) ? document.activeElement?.id : "";
      part.replaceWith(document.adoptNode(next));
      if (focused) document.getElementById(focused)?.focus();
    }
    timer.read();
  }

  function plan(): void {
    window.clearTimeout(handle);
    if (!document.hidden) handle = window.setTimeout(() => void look(), wait);
  }

  // Ticks go without leaving the page; without script the same forms post and come back.
  root.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (!form.matches("[data-tick]")) return;
    event.preventDefault();
    const body = new FormData(form);
    fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } })
      .then((answer) => {
        if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
        return look();
      })
      .catch(() => form.submit());
  });

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) for (const field of fields) field.flush();
    else void look();
  });
  window.addEventListener("pagehide", () => {
    for (const field of fields) field.flush();
  });

  const now = root.dataset.now;
  if (now) timer.hearClock(now, Date.now(), Date.now());
  for (const part of root.querySelectorAll<HTMLElement>("[data-without-script]")) part.hidden = true;
  timer.read();
  void look();
}

const room = document.querySelector<HTMLElement>("[data-room]");
if (room) startRoom(room);
