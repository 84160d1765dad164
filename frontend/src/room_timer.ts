/** The countdown: its one origin is the server's start time, never this device's clock. */

export interface TimerWords {
  minutes_left: string; // "%(n)d minutes left"
  minute_left: string;
  time_is_up: string;
}

interface Span {
  endsAt: number;
  seconds: number;
}

const GENTLE_WARNING = 180; // seconds before the end

export class Timer {
  /** Server time minus this device's time, in milliseconds. */
  private offset = 0;
  private span: Span | null = null;
  private said = new Set<string>();
  private handle = 0;

  constructor(
    private readonly root: HTMLElement,
    private readonly words: TimerWords,
    private readonly say: (text: string) => void,
    private readonly timeIsUp: () => void,
  ) {}

  /** Learn the server's clock; half the way there and back is taken off. */
  hearClock(serverNow: string, askedAt: number, answeredAt: number): void {
    this.offset = Date.parse(serverNow) - (askedAt + answeredAt) / 2;
  }

  /** Read the span from the page; called again whenever the page's live parts were renewed. */
  read(): void {
    const face = this.face();
    const endsAt = face?.dataset.endsAt;
    this.span =
      face && endsAt ? { endsAt: Date.parse(endsAt), seconds: Number(face.dataset.seconds) } : null;
    window.clearInterval(this.handle);
    if (this.span) {
      if (this.remaining() > 0) this.said.delete("up");
      this.draw();
      this.handle = window.setInterval(() => this.draw(), 250);
    }
  }

  /** Whether a running timebox has come to its end, as far as this device knows. */
  get isOver(): boolean {
    return this.span !== null && this.remaining() === 0;
  }

  sayTimeIsUp(): void {
    this.say(this.words.time_is_up);
  }

  private face(): HTMLElement | null {
    return this.root.querySelector<HTMLElement>("[data-timer]");
  }

  private remaining(): number {
    if (!this.span) return 0;
    return Math.max(0, Math.ceil((this.span.endsAt - (Date.now() + this.offset)) / 1000));
  }

  private draw(): void {
    const face = this.face();
    if (!face || !this.span) return;
    const left = this.remaining();
    const text = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (face.textContent !== text) face.textContent = text;
    const bar = this.root.querySelector<HTMLProgressElement>("[data-timer-bar]");
    if (bar) bar.value = this.span.seconds - left;
    face.dataset.near = left > 0 && left <= GENTLE_WARNING ? "yes" : "no";
    // Read aloud at three moments only; a region that speaks every second is noise.
    if (left <= GENTLE_WARNING && left > 60) this.once("near", this.minutes(left));
    if (left <= 60 && left > 0) this.once("last", this.words.minute_left);
    if (left === 0) {
      window.clearInterval(this.handle);
      if (!this.said.has("up")) {
        this.said.add("up");
        this.timeIsUp();
      }
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
