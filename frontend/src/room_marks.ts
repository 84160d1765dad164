/** What is pressed in the room: ticks, copies put away, and the steps of the session. */

import type { ServerClock } from "./room_clock";
import type { RoomField } from "./room_field";
import type { RoomState, RoomWords } from "./room_state";
import type { Span } from "./room_timer";
import type { Field, Op, Result, Store } from "./store";
import { opOf, type Sync } from "./sync";

const STEPS: Record<string, string> = {
  room_check_in: "check_in",
  room_start: "start",
  room_finish: "finish",
  room_artifact: "hand_in",
};

interface Ears {
  field: (name: string) => RoomField | undefined;
  say: (text: string) => void;
  changed: () => void;
}

export class Marks {
  private state: RoomState | null = null;
  private unsent = new Map<string, string>(); // ticks of this device that the server does not have
  private steps: Op[] = []; // steps that were taken here and wait

  constructor(
    private readonly root: HTMLElement,
    private readonly target: string,
    private readonly store: Store,
    private readonly sync: Sync,
    private readonly words: RoomWords,
    private readonly clock: ServerClock,
    private readonly ears: Ears,
  ) {
    root.addEventListener("submit", (event) => this.submitted(event));
    root.addEventListener("click", (event) => this.pressed(event));
  }

  async open(kept: Field[], state: RoomState): Promise<void> {
    for (const one of kept) {
      if (one.name.startsWith("tick:") && (one.dirty || one.op)) this.unsent.set(one.name, one.value);
    }
    this.renewed(state);
    const steps = Object.values(STEPS);
    this.steps = (await this.store.ops()).filter((op) => op.target === this.target && steps.includes(op.kind));
    this.showSteps();
  }

  /** The page's parts are fresh: put upon them what only this device knows. */
  renewed(state: RoomState): void {
    this.state = state;
    for (const [name, value] of this.unsent) this.showTick(name, value);
    this.showSteps();
  }

  async answered(op: Op, result: Result): Promise<void> {
    for (const name of Object.keys(op.fields)) {
      const row = await this.store.field(this.target, name).catch(() => undefined);
      if (!row?.dirty && !row?.op) this.unsent.delete(name);
    }
    this.steps = this.steps.filter((one) => one.id !== op.id);
    if (!this.steps.some((one) => one.kind === op.kind)) this.freeStep(op.kind);
    if (op.kind === "start" && result.conflict.includes("started_at")) this.ears.say(this.words.theirs_counts);
    this.ears.changed();
  }

  /** The span of a timer that was started on this device and that the server has not heard of. */
  startedHere(seconds: number): Span | null {
    const start = this.steps.find((one) => one.kind === "start");
    if (!start) return null;
    const startedAt = Date.parse(start.fields["at"] ?? "") + Number(start.fields["offset"] ?? 0);
    return { startedAt, endsAt: startedAt + seconds * 1000 };
  }

  private submitted(event: SubmitEvent): void {
    const form = event.target as HTMLFormElement;
    for (const token of form.querySelectorAll<HTMLInputElement>("[name=csrfmiddlewaretoken]")) {
      token.value = this.sync.formToken || token.value;
    }
    if (form.matches("[data-tick]")) {
      event.preventDefault();
      void this.tick(form);
      return;
    }
    const step = STEPS[form.dataset["step"] ?? ""];
    // With a connection the form goes as it would without script; else it waits in the outbox.
    if (!step && (this.sync.link === "offline" || !navigator.onLine)) {
      event.preventDefault(); // the browser's own page would take the place of ours
      this.sayIn(form, this.words.needs_network);
      this.ears.say(this.words.needs_network);
    }
    if (!step || (this.sync.link === "ok" && navigator.onLine)) return;
    event.preventDefault();
    void this.step(step, form);
  }

  private async tick(form: HTMLFormElement): Promise<void> {
    const id = form.querySelector<HTMLInputElement>("[name=item]")?.value ?? "";
    const name = `tick:${id}`;
    const button = form.querySelector<HTMLElement>("[aria-pressed]");
    const value = button?.getAttribute("aria-pressed") === "true" ? "" : "yes";
    try {
      await this.mark(name, value, this.state?.ticks[id] ?? (value ? "" : "yes"));
      // Only now: what is shown as ticked is on the disk.
      this.unsent.set(name, value);
      this.showTick(name, value);
    } catch {
      form.submit(); // no disk: the way without script
    }
  }

  /** Write a mark down as a field; it goes to the server like a text. */
  private async mark(name: string, value: string, server: string): Promise<void> {
    for (;;) {
      const there = await this.store.field(this.target, name);
      const base = there && (there.dirty || there.op) ? there.base : server;
      const { n = 0, op = "" } = there ?? {};
      const rev = this.state?.rev ?? 0;
      const { written } = await this.store.put({ target: this.target, name, value, base, rev, n, dirty: true, op });
      if (written) break;
    }
    this.sync.whisper({ changed: this.target });
    this.sync.poke(0);
  }

  private showTick(name: string, value: string): void {
    const item = this.root.querySelector(`[data-tick] [value="${name.slice(5)}"]`);
    const form = item?.closest("form");
    form?.querySelector("[aria-pressed]")?.setAttribute("aria-pressed", String(value === "yes"));
    form?.querySelector("[data-done]")?.setAttribute("data-done", value === "yes" ? "yes" : "no");
    // Who had ticked it is beside it, as long as it is ticked.
    const by = form?.querySelector<HTMLElement>(".muted");
    if (by && value !== "yes") by.hidden = true;
  }

  private async step(kind: string, form: HTMLFormElement): Promise<void> {
    let fields: Record<string, string> = {
      at: new Date().toISOString(),
      offset: String(Math.round(this.clock.offset)),
    };
    if (kind === "hand_in") {
      const typed = new FormData(form);
      fields = Object.fromEntries(["learned", "next_step", "owner", "link"].map((name) => [name, String(typed.get(name) ?? "")]));
    }
    const op = opOf(this.store, kind, this.target, fields);
    try {
      await this.store.addOp(op);
    } catch {
      form.submit();
      return;
    }
    this.steps.push(op);
    this.showSteps();
    this.ears.say(this.later(kind));
    this.ears.changed();
    this.sync.poke(0);
  }

  private later(kind: string): string {
    return kind === "start" ? this.words.started_here : this.words.told_later;
  }

  /** A step that waits stands beside its button, also on a page that came after it was taken. */
  private showSteps(): void {
    for (const { kind } of this.steps) {
      const form = this.formOf(kind);
      if (!form) continue;
      this.sayIn(form, this.later(kind));
      for (const button of form.querySelectorAll("button")) button.disabled = true;
    }
  }

  /** The server has said what became of a step: where its button is still there, it may be pressed. */
  private freeStep(kind: string): void {
    const form = this.formOf(kind);
    if (!form?.querySelector("[data-later]")) return;
    form.querySelector("[data-later]")?.remove();
    for (const button of form.querySelectorAll("button")) button.disabled = false;
  }

  private formOf(kind: string): HTMLFormElement | null {
    const [name = ""] = Object.entries(STEPS).find(([, one]) => one === kind) ?? [];
    return this.root.querySelector<HTMLFormElement>(`form[data-step="${name}"]`);
  }

  private sayIn(form: HTMLFormElement, text: string): void {
    const line = form.querySelector<HTMLElement>("[data-later]") ?? form.appendChild(document.createElement("span"));
    line.dataset["later"] = "";
    line.className = "muted";
    if (line.textContent !== text) line.textContent = text;
  }

  private pressed(event: MouseEvent): void {
    const button = (event.target as Element).closest<HTMLElement>("[data-copy-id]");
    if (!button) return;
    const box = button.closest<HTMLElement>("[data-copy]");
    if (button.dataset["copyDo"] === "add") {
      const text = box?.querySelector("[data-copy-text]")?.textContent ?? "";
      this.ears.field(button.dataset["copyField"] ?? "")?.add(text);
    }
    void this.mark(`copy:${button.dataset["copyId"] ?? ""}`, "away", "").then(() => box?.remove());
  }
}
