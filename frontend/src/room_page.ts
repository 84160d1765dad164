/** A room that lives: a timer that cannot drift, texts that cannot be lost, ticks both see. */

import { Alerts } from "./room_alerts";
import { ServerClock } from "./room_clock";
import { RoomField, STATES, type Box, type ServerText } from "./room_field";
import { keepRoom } from "./room_kept";
import { Marks } from "./room_marks";
import type { RoomState, RoomWords } from "./room_state";
import { type Span, Timer } from "./room_timer";
import { type Field, type Op, type Result, type Store, storeOf } from "./store";
import { ask, json, linkOf, type Sync, syncOf } from "./sync";

const POLL = 5_000; // milliseconds between looks at what the other person did
const POLL_SLOWEST = 60_000;
const OVER = new Set(["closed", "not_held", "cancelled"]);

/** A part's HTML without its forms' tokens, which differ each time it is made. */
function shape(part: HTMLElement): string {
  const copy = part.cloneNode(true) as HTMLElement;
  for (const token of copy.querySelectorAll("[name=csrfmiddlewaretoken]")) token.remove();
  return copy.outerHTML;
}

class Room {
  private readonly words: RoomWords;
  private readonly target: string;
  private readonly store: Store;
  private readonly sync: Sync;
  private readonly alerts: Alerts;
  private readonly marks: Marks;
  private readonly clock: ServerClock;
  private readonly timer: Timer;
  private readonly fields: RoomField[];
  private state: RoomState;
  private tag = "";
  private wait = POLL;
  private handle = 0;
  private isLooking = false;
  private hasOpened = false; // the artifact's form, by itself: once a page, so that it can be shut
  private isPressed = false; // a finger or a mouse button is down
  private answeredAt = 0; // when the server last took something, by this device's clock

  constructor(
    private readonly root: HTMLElement,
    private readonly kept: RoomState | null,
  ) {
    const data = root.dataset;
    this.words = JSON.parse(document.getElementById("room-words")?.textContent ?? "{}") as RoomWords;
    this.target = data["room"] ?? "";
    this.store = storeOf(data["account"] ?? "");
    this.sync = syncOf(data["account"] ?? "");
    this.state = kept ?? this.asShown();
    const place = root.querySelector<HTMLElement>("[data-alerts]") ?? root;
    this.alerts = new Alerts(place, this.words);
    this.clock = new ServerClock(0);
    this.timer = new Timer(root, this.words, this.clock, (text) => this.say(text), () => void this.timeIsUp());
    this.fields = [...root.querySelectorAll<HTMLElement>("[data-text]")].map(
      (box) =>
        new RoomField(box as Box, box.dataset["text"] ?? "", this.target, this.store, this.sync, {
          changed: (field) => this.showSaved(field),
          failed: (field) => this.showUnsaved(field),
        }),
    );
    this.marks = new Marks(root, this.target, this.store, this.sync, this.words, this.clock, {
      field: (name) => this.fields.find((one) => one.name === name),
      say: (text) => this.say(text),
      changed: () => this.runTimer(),
    });
  }

  async start(): Promise<void> {
    this.showWithScript();
    let kept: Field[] = [];
    try {
      const offset = Number(await this.store.meta("offset"));
      this.clock.hear(this.root.dataset["now"] ?? null, Date.now(), Date.now());
      if (!this.root.dataset["now"]) this.clock.hear(new Date(Date.now() + offset).toISOString(), Date.now(), Date.now());
      kept = await this.store.fields(this.target);
    } catch {
      // Without a disk the page works from memory, and says so with the first key.
    }
    for (const field of this.fields) {
      const there = kept.find((one) => one.name === field.name);
      field.open(there, this.textOf(field.name), this.state.rev);
    }
    // What waits here is not to be looked for.
    const form = this.root.querySelector<HTMLDetailsElement>("[data-artifact]");
    if (form && this.fields.some((one) => form.contains(one.box) && one.saved !== "everywhere")) form.open = true;
    this.listen();
    await this.marks.open(kept, this.state).catch(() => undefined);
    this.runTimer();
    void this.showParked();
    void this.clock.measure().then(() => this.store.setMeta("offset", String(this.clock.offset)).catch(() => undefined));
    void this.look();
    this.sync.poke(0);
    void this.store.sweep(Date.now()).catch(() => undefined);
    void navigator.storage?.persist?.().catch(() => undefined);
  }

  private listen(): void {
    for (const kind of ["pointerdown", "pointerup", "pointercancel"]) {
      document.addEventListener(kind, () => (this.isPressed = kind === "pointerdown"), true);
    }
    this.sync.onNews((news) => {
      if (news.changed === this.target) void this.reread();
      for (const [op, result] of news.settled ?? []) if (op.target === this.target) void this.answered(op, result);
    });
    this.sync.onLink((link) => {
      this.alerts.showLink(link, this.root.dataset["loginUrl"] ?? "/");
      if (this.kept) this.alerts.showBack(link === "ok");
    });
    this.store.onWiped = () => {
      for (const field of this.fields) field.rewrite();
    };
    this.store.onSpoilt = () => this.alerts.line("spoilt", this.words.spoilt);
    this.clock.onJump = () => void this.clock.measure().then(() => this.runTimer());
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) return;
      void this.clock.measure().then(() => this.runTimer());
      void this.look();
    });
    window.addEventListener("online", () => void this.look());
    window.addEventListener("beforeunload", (event) => {
      if (this.fields.some((one) => ["unsaved", "saving"].includes(one.saved))) event.preventDefault();
    });
    // Somebody asks whether this page may go: a sign-out, a new release.
    window.addEventListener("handrail:leaving", (event) => {
      const { wait } = (event as CustomEvent<{ wait: (one: Promise<unknown>) => void }>).detail;
      wait(Promise.all(this.fields.map((one) => one.settled())));
    });
  }

  private async reread(parked: string[] = []): Promise<void> {
    await Promise.all(this.fields.map((one) => one.reread(parked.includes(one.name))));
  }

  private async answered(op: Op, result: Result): Promise<void> {
    this.answeredAt = Date.now();
    const isParked = result.status === "parked";
    await this.reread(isParked ? Object.keys(op.fields) : []);
    await this.marks.answered(op, result);
    if (isParked) void this.showParked();
    if (result.conflict.length && op.kind === "room") this.say(this.words.conflict);
    if (op.kind !== "room" || result.conflict.length) void this.look();
  }

  /** Look at what the others did; an unchanged room is answered without a body. */
  private async look(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    window.clearTimeout(this.handle);
    try {
      const asked = Date.now();
      const headers: Record<string, string> = this.tag ? { "If-None-Match": this.tag } : {};
      const answer = await ask(this.root.dataset["roomUrl"] ?? "", { headers });
      this.clock.hear(answer.headers.get("Handrail-Now"), asked, Date.now());
      if (answer.status === 401) this.sync.setLink("signed_out");
      else if (answer.status === 403 || answer.status === 404) await this.withdrawn(answer);
      else if (answer.status === 304) this.sync.setLink("ok");
      else {
        const heard = (await json(answer)) as unknown as RoomState;
        if (!answer.ok || !heard.texts) throw new Error(String(answer.status));
        this.sync.setLink("ok");
        const hasAll = await this.hear(heard, asked);
        this.tag = hasAll ? (answer.headers.get("ETag") ?? "") : "";
      }
      // Another tab may have sent it, and died before it said so.
      if (this.fields.some((one) => one.saved === "here")) await this.reread();
      // Also tells at once when somebody has emptied the store under an open page.
      await this.sync.hearEpoch(this.state.epoch).catch(() => undefined);
      this.wait = POLL;
    } catch (error) {
      this.sync.setLink(linkOf(error));
      this.wait = Math.min(this.wait * 2, POLL_SLOWEST);
    } finally {
      this.isLooking = false;
      window.clearTimeout(this.handle);
      if (!document.hidden) this.handle = window.setTimeout(() => void this.look(), this.wait);
    }
  }

  /** Show what the server says; false where a text of it has to be asked for again. */
  private async hear(heard: RoomState, asked: number): Promise<boolean> {
    const before = this.state;
    const isOtherEpoch = before.epoch !== "" && heard.epoch !== before.epoch;
    const known = Math.max(before.rev, ...this.fields.map((one) => one.rev));
    if (isOtherEpoch || heard.rev < known) {
      if (!isOtherEpoch && asked <= this.answeredAt) return false; // it was under way when that answer came
      // A room that went backwards: an older backup was put back.
      for (const field of this.fields) field.forgetRevisions();
      if (!isOtherEpoch) await this.store.sendAgain(this.target).then(() => this.sync.poke(0));
    }
    this.state = heard;
    // First, and by what stands now: a page that could not renew itself once must not stay shut.
    if (heard.state === "awaiting_artifact") this.openArtifact();
    let hasAll = true;
    for (const field of this.fields) {
      const text = this.textOf(field.name);
      if (text && !field.hear(text, heard.rev)) hasAll = false;
    }
    for (const note of heard.notes) {
      const place = this.root.querySelector<HTMLElement>(`[data-note-of="${note.person}"]`);
      if (place && place.textContent !== note.body) place.textContent = note.body;
    }
    if (heard.sign !== (this.root.dataset["sign"] ?? "")) await this.renew(heard.sign);
    this.runTimer();
    // Nothing more to write: the whole page changes, once all that was typed is delivered.
    const isOver = OVER.has(heard.state) && heard.state !== this.root.dataset["shown"];
    if (isOver && this.fields.every((one) => one.saved === "everywhere" || one.saved === "parked")) {
      window.location.reload();
      return hasAll;
    }
    void keepRoom(this.store, this.root, heard).catch(() => undefined);
    return hasAll;
  }

  /** Take the live parts from a fresh page; boxes in which people type are not among them. */
  private async renew(sign: string): Promise<void> {
    const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const room = fresh.querySelector<HTMLElement>("[data-room]");
    if (room?.dataset["room"] !== this.target) return; // the shell, or another page
    // A button that is replaced while it is pressed does nothing.
    while (this.isPressed) await new Promise((goOn) => setTimeout(goOn, 50));
    for (const part of this.root.querySelectorAll<HTMLElement>("[data-live]")) {
      const next = room.querySelector<HTMLElement>(`[data-live="${part.dataset["live"] ?? ""}"]`);
      if (!next || shape(next) === shape(part)) continue;
      const focused = part.contains(document.activeElement) ? document.activeElement?.id : "";
      part.replaceWith(document.adoptNode(next));
      if (focused) document.getElementById(focused)?.focus();
    }
    this.showWithScript();
    // What was fetched may be newer than what was heard: then the next look has nothing to renew.
    this.root.dataset["sign"] = room.dataset["sign"] ?? sign;
    this.marks.renewed(this.state);
  }

  private showWithScript(): void {
    for (const part of this.root.querySelectorAll<HTMLElement>("[data-without-script]")) part.hidden = true;
    for (const part of this.root.querySelectorAll<HTMLElement>("[data-with-script]")) part.hidden = false;
  }

  private async withdrawn(answer: Response): Promise<void> {
    await json(answer); // a proxy's page is no word of the server
    await this.store.forgetRoom(this.target);
    this.alerts.line("withdrawn", this.words.withdrawn);
  }

  /** Ask the server before believing this device's clock; without an answer, believe it. */
  private async timeIsUp(): Promise<void> {
    await this.look();
    if (!this.timer.isOver) return;
    this.timer.sayTimeIsUp();
    this.openArtifact();
  }

  private openArtifact(): void {
    const form = this.root.querySelector<HTMLDetailsElement>("[data-artifact]");
    if (!form || this.hasOpened) return;
    this.hasOpened = true;
    if (form.open) return;
    form.open = true;
    // Who is still typing keeps the cursor; everybody else lands in the first field.
    if (document.activeElement?.matches("textarea, input, select")) return;
    form.scrollIntoView({ block: "start" });
    form.querySelector<HTMLElement>("textarea")?.focus({ preventScroll: true });
  }

  private runTimer(): void {
    const { state, started_at, ends_at } = this.state;
    let span: Span | null = null;
    if (state === "running" && started_at && ends_at) {
      span = { startedAt: Date.parse(started_at), endsAt: Date.parse(ends_at) };
    } else if (state === "scheduled") {
      span = this.marks.startedHere(Number(this.root.dataset["seconds"]));
    }
    this.timer.run(span);
  }

  private showSaved(field: RoomField): void {
    const group = field.box.dataset["saveIn"] ?? field.name;
    const together = this.fields.filter((one) => (one.box.dataset["saveIn"] ?? one.name) === group);
    const worst = STATES[Math.max(...together.map((one) => STATES.indexOf(one.saved)))] ?? "everywhere";
    const sign = this.root.querySelector<HTMLElement>(`[data-save-state="${group}"]`);
    if (sign) {
      sign.dataset["state"] = worst;
      const isNew = worst === "everywhere" && together.every((one) => one.box instanceof HTMLSelectElement || !one.value);
      const text = isNew ? "" : this.words.saved[worst];
      if (sign.textContent !== text) sign.textContent = text;
    }
    const own = { own: field.value, label: this.labelOf(field.name) };
    if (field.saved !== "unsaved") this.alerts.hide(`unsaved:${field.name}`);
    if (field.saved !== "long") this.alerts.hide(`long:${field.name}`);
    else {
      const { too_long_title: title, too_long: text } = this.words;
      this.alerts.show({ key: `long:${field.name}`, kind: "note", title, text, ...own });
    }
  }

  private showUnsaved(field: RoomField): void {
    const { not_saved_title: title, not_saved: text } = this.words;
    const own = { own: field.value, label: this.labelOf(field.name) };
    this.alerts.show({ key: `unsaved:${field.name}`, kind: "danger", title, text, ...own });
  }

  private async showParked(): Promise<void> {
    for (const one of await this.store.parked(this.target).catch(() => [])) {
      const texts = Object.entries(one.op.fields).filter(([name]) => !/^(tick|copy):|^(at|offset)$/.test(name));
      const own = texts.map(([name, body]) => (texts.length > 1 ? `${this.labelOf(name)}\n${body}` : body)).join("\n\n");
      if (!own) {
        if (one.reason) this.alerts.line(`parked:${one.id}`, one.reason);
        void this.store.discard(one.id).catch(() => undefined);
        continue;
      }
      const discard = (): void => {
        void this.store.discard(one.id).then(() => this.alerts.hide(`parked:${one.id}`));
      };
      this.alerts.show({
        key: `parked:${one.id}`, kind: "note", title: this.words.parked_title,
        text: `${this.words.parked} ${one.reason}`, own, label: this.labelOf(texts[0]?.[0] ?? ""), discard,
      });
    }
  }

  private labelOf(name: string): string {
    return this.words.labels[name] ?? name;
  }

  private textOf(name: string): ServerText | undefined {
    return this.state.texts[name];
  }

  private say(text: string): void {
    const voice = this.root.querySelector<HTMLElement>("[data-voice]");
    if (voice) voice.textContent = text;
  }

  /** What the page itself says, until the first look. */
  private asShown(): RoomState {
    const { state = "", sign = "", rev = "0", epoch = "", startedAt, endsAt } = this.root.dataset;
    return {
      epoch, rev: Number(rev), state, sign, texts: {}, notes: [], ticks: {},
      started_at: startedAt || null, ends_at: endsAt || null,
    };
  }
}

/** Let a room that stands in the page live; `kept` is its state where the page came from the disk. */
export async function startRoom(root: HTMLElement, kept: RoomState | null = null): Promise<void> {
  await new Room(root, kept).start();
}
