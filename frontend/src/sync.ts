/**
 * Bringing what this device keeps to the server: in order, once, and by one tab at a time.
 *
 * Nothing leaves the outbox before the server has answered for it by its id; whatever is not such an
 * answer (no network, a proxy's error page, a captive portal's form, a sign-in page) changes nothing.
 */

import { freshId, type Op, type Result, type Store, storeOf } from "./store";

const SCHEMA = 1;
const OPS = "/api/v1/ops";
const DEVICE = "/api/v1/device";
const PAUSE = 1_000; // after the last key
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;
const PATIENCE = 15_000; // until an answer is no longer waited for
const AT_ONCE = 500_000; // characters in one request

export type Link = "ok" | "unknown" | "offline" | "signed_out" | "other_account";

/** Why nothing was answered; the outbox stays as it is. */
class NoAnswer extends Error {
  constructor(readonly link: Link) {
    super(link);
  }
}

/** The server will not read this request, however often it comes. */
class Unreadable extends Error {
  constructor(readonly reason: string) {
    super(reason);
  }
}

interface Told {
  account: string;
  epoch: string;
  token: string;
}

export interface News {
  settled?: [Op, Result][];
  changed?: string; // the room whose fields another tab has written
}

export class Sync {
  link: Link = "unknown";
  private token = "";
  private handle = 0;
  private wait = FIRST_WAIT;
  private running: Promise<boolean> | null = null;
  private readonly channel: BroadcastChannel | null;
  private readonly hear = new Set<(news: News) => void>();
  private readonly watch = new Set<(link: Link) => void>();

  constructor(readonly store: Store) {
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel(`handrail-${store.account}`) : null;
    this.channel?.addEventListener("message", (event) => this.tell(event.data as News));
    window.addEventListener("online", () => this.poke(0));
    window.addEventListener("focus", () => this.poke(0));
    document.addEventListener("visibilitychange", () => this.poke(0));
    window.addEventListener("pagehide", () => this.poke(0));
  }

  onNews(hear: (news: News) => void): void {
    this.hear.add(hear);
  }

  onLink(watch: (link: Link) => void): void {
    this.watch.add(watch);
  }

  /** What a form must carry today: a page of before a sign-in, or from the disk, has no such token. */
  get formToken(): string {
    return cookie("csrftoken") || this.token;
  }

  /** Tell this page's rooms and, if it is ours, the other tabs. */
  announce(news: News): void {
    this.tell(news);
    this.channel?.postMessage(news);
  }

  /** Tell the other tabs alone. */
  whisper(news: News): void {
    this.channel?.postMessage(news);
  }

  /** Send what waits, soon: in a second, or at once. */
  poke(after = PAUSE): void {
    window.clearTimeout(this.handle);
    if (after === 0) void this.flush();
    else this.handle = window.setTimeout(() => void this.flush(), after);
  }

  /** Send all that waits; true once nothing does. */
  async flush(): Promise<boolean> {
    window.clearTimeout(this.handle);
    if (this.running) {
      await this.running;
      return (await this.store.waiting().catch(() => 1)) === 0 || this.once();
    }
    return this.once();
  }

  /** Send one operation from memory, where the disk refused it. */
  async sendNow(op: Op): Promise<Result> {
    const [result] = await this.post([op]);
    if (!result) throw new NoAnswer("offline");
    return result;
  }

  /** Which epoch the server is in; in another one, what it may lack is sent again. */
  async hearEpoch(epoch: string): Promise<void> {
    const known = await this.store.meta("epoch");
    if (known === epoch) return;
    if (known) await this.store.sendAgain();
    await this.store.setMeta("epoch", epoch);
    if (known) this.poke(0);
  }

  setLink(link: Link): void {
    const before = this.link;
    this.link = link;
    if (link !== before) for (const watch of this.watch) watch(link);
  }

  private once(): Promise<boolean> {
    this.running ??= this.underLock().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async underLock(): Promise<boolean> {
    const work = (): Promise<boolean> => this.sendAll();
    try {
      const name = `handrail-flush-${this.store.account}`;
      const done = await (navigator.locks ? navigator.locks.request(name, work) : work());
      this.wait = FIRST_WAIT;
      return done;
    } catch (error) {
      if (error instanceof NoAnswer) this.setLink(error.link);
      // The lot decides within half of the wait, so that a whole office does not come back at once.
      this.poke(this.wait * (0.5 + Math.random() / 2));
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
      return false;
    }
  }

  private async sendAll(): Promise<boolean> {
    for (;;) {
      for (const target of await this.store.targets()) await this.store.makeOp(target);
      const ops = firstOf(await this.store.ops());
      if (!ops.length) return (await this.store.waiting()) === 0;
      let results: Result[];
      try {
        results = await this.post(ops);
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
        results = await this.oneByOne(ops);
      }
      const settled = pairs(ops, results);
      for (const [op, result] of settled) await this.store.settle(op, result);
      this.announce({ settled });
    }
  }

  /** Something in a request cannot be read: find out what, set it aside, send the rest. */
  private async oneByOne(ops: Op[]): Promise<Result[]> {
    const results: Result[] = [];
    for (const op of ops) {
      try {
        results.push(...(await this.post([op])));
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
        const { id } = op;
        const reason = error.reason;
        results.push({ id, status: "parked", rev: 0, fields: {}, conflict: [], code: "unreadable", reason });
      }
    }
    return results;
  }

  private async post(ops: Op[], isSecond = false): Promise<Result[]> {
    const epoch = await this.store.meta("epoch").catch(() => "");
    const answer = await ask(OPS, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.formToken },
      body: JSON.stringify({ schema_version: SCHEMA, epoch: epoch || null, ops: ops.map(bare) }),
    });
    if (answer.status === 401 || answer.status === 403) {
      // A token of before the sign-in looks the same as no sign-in: ask for a fresh one, once.
      if (isSecond || answer.status === 401) throw new NoAnswer("signed_out");
      await this.askWho();
      return this.post(ops, true);
    }
    const told = await json(answer);
    const type = String(told["type"] ?? "");
    if (answer.status === 409 && type.endsWith("/other-account")) throw new NoAnswer("other_account");
    if (answer.status === 409 && type.endsWith("/other-epoch")) {
      await this.hearEpoch((await this.askWho()).epoch);
      throw new NoAnswer("unknown");
    }
    if ([400, 413, 422].includes(answer.status)) throw new Unreadable(String(told["title"] ?? ""));
    const results = told["results"];
    if (!answer.ok || !Array.isArray(results)) throw new NoAnswer("offline");
    if (typeof told["epoch"] === "string" && !epoch) await this.store.setMeta("epoch", told["epoch"]).catch(() => undefined);
    this.setLink("ok");
    return results as Result[];
  }

  private async askWho(): Promise<Told> {
    const answer = await ask(DEVICE, {});
    if (answer.status === 401) throw new NoAnswer("signed_out");
    const told = (await json(answer)) as unknown as Told;
    if (!answer.ok || !told.account) throw new NoAnswer("offline");
    if (told.account !== this.store.account) throw new NoAnswer("other_account");
    this.token = told.token;
    return told;
  }

  private tell(news: News): void {
    for (const hear of this.hear) hear(news);
  }
}

const going = new Map<string, Sync>();

/** The one that sends for this account in this page. */
export function syncOf(account: string): Sync {
  const there = going.get(account) ?? new Sync(storeOf(account));
  going.set(account, there);
  return there;
}

/** Send what waits for this account, before a sign-out say; true once nothing waits. */
export function flushAccount(account: string): Promise<boolean> {
  return syncOf(account).flush();
}

/** A request that answers within its time or counts as not answered. */
export async function ask(url: string, options: RequestInit): Promise<Response> {
  const headers = { Accept: "application/json", ...(options.headers as Record<string, string>) };
  try {
    return await fetch(url, {
      ...options,
      headers,
      redirect: "manual", // a redirect is a sign-in page or a captive portal, never an answer
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch {
    throw new NoAnswer("offline");
  }
}

/** What it says in JSON; anything else was not said by the server. */
export async function json(answer: Response): Promise<Record<string, unknown>> {
  if (!/json/.test(answer.headers.get("Content-Type") ?? "")) throw new NoAnswer("offline");
  try {
    return (await answer.json()) as Record<string, unknown>;
  } catch {
    throw new NoAnswer("offline");
  }
}

export function linkOf(error: unknown): Link {
  return error instanceof NoAnswer ? error.link : "offline";
}

export function opOf(store: Store, kind: string, target: string, fields: Record<string, string>): Op {
  return { id: freshId(), account: store.account, kind, target, base_rev: 0, base: {}, fields };
}

function firstOf(ops: Op[]): Op[] {
  const chosen: Op[] = [];
  let size = 0;
  for (const op of ops) {
    size += JSON.stringify(op).length;
    if (chosen.length && (size > AT_ONCE || chosen.length === 20)) break;
    chosen.push(op);
  }
  return chosen;
}

/** Each operation with its own answer; an answer without all of them is none. */
function pairs(ops: Op[], results: Result[]): [Op, Result][] {
  return ops.map((op) => {
    const own = results.find((one) => one.id === op.id);
    if (!own || !["done", "replayed", "late", "parked"].includes(own.status)) throw new NoAnswer("offline");
    return [op, own];
  });
}

function bare({ id, account, kind, target, base_rev, base, fields }: Op): Op {
  return { id, account, kind, target, base_rev, base, fields };
}

function cookie(name: string): string {
  const found = document.cookie.split("; ").find((one) => one.startsWith(`${name}=`));
  return decodeURIComponent(found?.slice(name.length + 1) ?? "");
}
