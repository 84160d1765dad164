/** Brings a device's answers up to what the server has: changes by cursor, or all of it anew. */

import { deleteDB } from "idb";

import type { Row } from "./answer_rows";
import { AnswerStore, type Meta } from "./answer_store";
import { answersName, dropAnswers, keep, kept } from "./device_db";

export type Outcome =
  | "unchanged"
  | "changed"
  | "unreachable" // no network, a portal, a server in trouble: what is kept stays
  | "withdrawn" // signed out, or not a member any more: the copy is gone
  | "another"; // somebody else is signed in here by now

interface Page {
  epoch: string;
  cursor: string;
  more: boolean;
  rows: Row[];
}

const ADDRESS = "/api/v1/answers";
export const ACCOUNT_HEADER = "X-Handrail-Account";

/** One at a time over all tabs; where a browser knows no locks, as it comes. */
export async function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
  return "locks" in navigator ? await navigator.locks.request(name, work) : work();
}

export function sync(account: string, skills: ReadonlySet<string>, now: () => number): Promise<Outcome> {
  return alone(`handrail-answers-${account}`, () => syncAlone(account, skills, now));
}

async function syncAlone(
  account: string,
  skills: ReadonlySet<string>,
  now: () => number,
): Promise<Outcome> {
  const current = await kept<string>(`answers:${account}`);
  // A download that was cut off goes on where it stood.
  const begun = await kept<string>(`building:${account}`);
  let store = begun ?? current ? await AnswerStore.open((begun ?? current) as string) : null;
  let meta = await store?.meta();
  let outcome: Outcome = "unchanged";
  try {
    for (;;) {
      const asked = await ask(meta);
      if (asked === null || !isOurs(asked)) return "unreachable";
      if (asked.status === 200 && asked.headers.get(ACCOUNT_HEADER) !== account) return "another";
      if (asked.status === 401 || asked.status === 403) {
        store?.close();
        await dropAnswers(account);
        return "withdrawn";
      }
      if (asked.status === 304 && store && meta) {
        await store.touch({ ...meta, synced_at: now() });
        return outcome;
      }
      const page = asked.status === 200 ? await read(asked) : null;
      const again = asked.status === 410 || (page !== null && meta && page.epoch !== meta.epoch);
      if (again && meta) {
        // All of it anew, into a store of its own; until it is whole the old one is read.
        store?.close();
        if (store && store.name !== current) await deleteDB(store.name);
        await keep(`building:${account}`, undefined);
        [store, meta] = [null, undefined];
        continue;
      }
      if (page === null) return "unreachable";
      if (store === null) {
        store = await AnswerStore.open(await freeName(account, page.epoch, current));
        await keep(`building:${account}`, store.name);
      }
      const etag = page.more ? "" : (asked.headers.get("ETag") ?? "");
      meta = { epoch: page.epoch, cursor: page.cursor, n: (meta?.n ?? 0) + 1, etag, synced_at: now() };
      await store.apply(page.rows, meta);
      await store.trim(skills);
      if (page.rows.length > 0) outcome = "changed";
      if (page.more) continue;
      if (store.name !== current) {
        await swap(account, store.name, current);
        outcome = "changed";
      }
      return outcome;
    }
  } finally {
    store?.close();
  }
}

/** The page's own question, past the browser's cache: a 304 is then ours to see. */
async function ask(meta: Meta | undefined): Promise<Response | null> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (meta?.etag) headers["If-None-Match"] = meta.etag;
  try {
    return await fetch(`${ADDRESS}?cursor=${encodeURIComponent(meta?.cursor ?? "")}`, {
      headers,
      cache: "no-store",
      credentials: "same-origin",
      redirect: "error",
    });
  } catch {
    return null;
  }
}

/** Whether this is a server of ours; a page of a hotel's portal is not, whatever its status. */
function isOurs(answer: Response): boolean {
  const type = answer.headers.get("Content-Type") ?? "";
  return answer.status === 304 || /^application\/([a-z]+\+)?json\b/.test(type);
}

async function read(answer: Response): Promise<Page | null> {
  try {
    const page = (await answer.json()) as Partial<Page>;
    const whole =
      typeof page.epoch === "string" && typeof page.cursor === "string" && Array.isArray(page.rows);
    return whole ? (page as Page) : null;
  } catch {
    return null;
  }
}

async function freeName(account: string, epoch: string, taken: string | undefined): Promise<string> {
  const name = answersName(account, epoch);
  const free = name === taken ? `${name}.2` : name;
  await deleteDB(free); // what a crash may have left
  return free;
}

async function swap(account: string, fresh: string, old: string | undefined): Promise<void> {
  await keep(`answers:${account}`, fresh);
  await keep(`building:${account}`, undefined);
  if (old !== undefined) await deleteDB(old);
}
