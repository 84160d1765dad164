/** The countdown: what is left follows from the server's clock, and is never counted. */

import type { ServerClock } from "./room_clock";

export interface TimerWords {
  minutes_left: string; // "%(n)d minutes left"
  minute_left: string;
  time_is_up: string;
}

export interface Span {
  startedAt: number;
  endsAt: number;
}

const GENTLE = 300; // seconds before the end
const LAST = 60;
const WAKE = 250; // milliseconds; a tab in the background wakes when it is let

export class Timer {
  private span: Span | null = null;
  private said = new Set<string>();
  private title = "";

  constructor(
    private readonly root: HTMLElement,
    private readonly words: TimerWords,
    private readonly clock: ServerClock,
    private readonly say: (text: string) => void,
    private readonly timeIsUp: () => void,
  ) {
    window.setInterval(() => {
      this.clock.watch();
      this.draw();
    }, WAKE);
  }

  /** From when to when it runs; null while it does not. */
  run(span: Span | null): void {
    if (span?.endsAt !== this.span?.endsAt) this.said.clear();
    this.span = span;
    this.draw();
  }

  get isOver(): boolean {
    return this.span !== null && this.left() === 0;
  }

  sayTimeIsUp(): void {
    this.say(this.words.time_is_up);
  }

  private left(): number {
    if (!this.span) return 0;
    return Math.max(0, Math.ceil((this.span.endsAt - this.clock.now()) / 1000));
  }

  private draw(): void {
    const face = this.root.querySelector<HTMLElement>("[role=timer]");
    if (!this.span) return;
    if (face) face.dataset["timer"] = "";
    const left = this.left();
    const text = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (face && face.textContent !== text) face.textContent = text;
    const bar = this.root.querySelector<HTMLProgressElement>("[data-timer-bar]");
    if (bar) {
      bar.max = (this.span.endsAt - this.span.startedAt) / 1000;
      bar.value = bar.max - left;
    }
    const near = left > 0 && left <= GENTLE ? (left <= LAST ? "last" : "yes") : "no";
    if (face) face.dataset["near"] = near;
    this.nameTab(left > 0 ? near : "no", text);
    // Read aloud at three moments only; whoever slept through one hears the latest, once.
    if (left <= GENTLE && left > LAST) this.once("near", this.minutes(left));
    if (left <= LAST && left > 0) this.once("last", this.words.minute_left);
    if (left === 0 && !this.said.has("up")) {
      this.said.add("up");
      this.timeIsUp();
    }
  }

  private nameTab(near: string, text: string): void {
    if (near !== "no") {
      this.title ||= document.title;
      document.title = `${text} · ${this.title}`;
    } else if (this.title) {
      document.title = this.title;
      this.title = "";
    }
  }

  private minutes(left: number): string {
    return this.words.minutes_left.replace("%(n)d", String(Math.ceil(left / 60)));
  }

  private once(key: string, text: string): void {
    if (this.said.has(key)) return;
    this.said.add(key);
    this.say(text);
  }
}
