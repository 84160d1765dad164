/** The server's clock, as well as a device can know it. */

import { ask } from "./sync";

const SAMPLES = 5;
const JUMP = 1_000; // milliseconds by which the wall clock may part from the one that only runs on

interface Sample {
  offset: number; // server minus device, in milliseconds
  trip: number;
}

export class ServerClock {
  private samples: Sample[] = [];
  private isStale = false; // what comes next takes the place of all before
  private drift = 0;
  onJump: () => void = () => undefined;

  /** `kept` is the offset that an earlier page measured: with no network it is all there is. */
  constructor(kept: number) {
    this.samples = [{ offset: kept, trip: Number.POSITIVE_INFINITY }];
    this.drift = Date.now() - performance.now();
  }

  now(): number {
    return Date.now() + this.offset;
  }

  /** Of the last five the one that was fastest there and back: it can be wrong by half of that. */
  get offset(): number {
    return this.samples.reduce((best, one) => (one.trip < best.trip ? one : best)).offset;
  }

  hear(serverNow: string | null, askedAt: number, answeredAt: number): void {
    const now = Date.parse(serverNow ?? "");
    if (Number.isNaN(now)) return;
    const sample = { offset: now - (askedAt + answeredAt) / 2, trip: answeredAt - askedAt };
    // What was measured before holds until something newer is known: a press in between needs a time.
    this.samples = this.isStale ? [sample] : [...this.samples, sample].slice(-SAMPLES);
    this.isStale = false;
  }

  /** Ask five times anew: what was measured before a sleep or on another network says nothing. */
  async measure(): Promise<void> {
    this.isStale = true;
    for (let left = SAMPLES; left; left--) {
      try {
        const asked = Date.now();
        const answer = await ask("/api/v1/device", {});
        const answered = Date.now();
        const told = (await answer.json()) as { now?: string };
        this.hear(told.now ?? null, asked, answered);
      } catch {
        break;
      }
    }
  }

  /** Look whether the device slept or somebody set its clock; called on every wake. */
  watch(): void {
    const drift = Date.now() - performance.now();
    if (Math.abs(drift - this.drift) > JUMP) {
      this.drift = drift;
      this.onJump();
    }
  }
}
