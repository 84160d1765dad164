/** The page's side of the search worker: one question at a time goes out, each gets its answer. */

import type { Answer } from "./answer_rows";
import type { Outcome } from "./answer_sync";

export interface Found {
  answer: Answer;
  score: number;
  expired: boolean;
}

/** What the device keeps besides answers, for their owner alone. */
export interface Checklist {
  program: string;
  items: string[];
}

export interface Shelf {
  kept: number;
  total: number;
  synced_at: number | null;
  used: Answer[]; // the most used, best first
  checklists: Checklist[];
}

export interface Jobs {
  sync: { ask: Record<string, never>; told: Outcome };
  search: { ask: { question: string; count: number }; told: Found[] };
  answer: { ask: { id: string }; told: Found | null };
  shelf: { ask: { count: number }; told: Shelf };
}

export interface Ask {
  n: number;
  account: string;
  job: keyof Jobs;
  about: Jobs[keyof Jobs]["ask"];
}

export interface Told {
  n: number;
  told?: unknown;
  failed?: string;
}

export class Searcher {
  private worker: Worker | null = null;
  private waiting = new Map<number, { done: (told: unknown) => void; failed: (why: Error) => void }>();
  private n = 0;

  constructor(
    private readonly script: string,
    private readonly account: string,
  ) {}

  do<J extends keyof Jobs>(job: J, about: Jobs[J]["ask"]): Promise<Jobs[J]["told"]> {
    const worker = this.started();
    this.n += 1;
    const ask: Ask = { n: this.n, account: this.account, job, about };
    return new Promise((done, failed) => {
      this.waiting.set(ask.n, { done: done as (told: unknown) => void, failed });
      worker.postMessage(ask);
    });
  }

  private started(): Worker {
    if (this.worker) return this.worker;
    const worker = new Worker(this.script);
    worker.addEventListener("message", (event: MessageEvent<Told>) => {
      const one = this.waiting.get(event.data.n);
      this.waiting.delete(event.data.n);
      if (event.data.failed === undefined) one?.done(event.data.told);
      else one?.failed(new Error(event.data.failed));
    });
    worker.addEventListener("error", (event) => {
      for (const one of this.waiting.values()) one.failed(new Error(event.message));
      this.waiting.clear();
    });
    this.worker = worker;
    return worker;
  }
}
