/**
 * What this device keeps until the server has it: one database per account, one record per field.
 *
 * A promise of this file resolves when the disk has it (`oncomplete`, strict durability) and rejects
 * when it has not; nobody may say "saved here" before. Texts are sealed before a transaction is
 * opened: waiting for the cipher inside one would let it end too early.
 */

import { Disk, freshId, type Row, type Writing } from "./store_disk";

export { freshId } from "./store_disk";

export const LONGEST = 100_000; // characters of one field that the server takes
const KEPT = 14 * 24 * 3_600_000; // how long what the server has is kept, for a restored backup

/** An operation: what `POST /api/v1/ops` takes. */
export interface Op {
  id: string;
  account: string;
  kind: string;
  target: string;
  base_rev: number;
  base: Record<string, string>;
  fields: Record<string, string>;
}

/** What the server answered to one. */
export interface Result {
  id: string;
  status: "done" | "replayed" | "late" | "parked";
  rev: number;
  fields: Record<string, string>;
  conflict: string[];
  code: string;
  reason: string;
}

/** One field as this device has it; `n` counts the writes to it, over all tabs. */
export interface Field {
  target: string;
  name: string;
  value: string;
  base: string; // what the server had when this text was begun
  rev: number; // of the room when the server last took or gave it
  n: number;
  dirty: boolean; // typed since the last operation was made
  op: string; // the operation that is under way with it, or ""
}

export interface Parked {
  id: string;
  target: string;
  op: Op;
  reason: string;
  at: number;
}

/** A room as the server last gave it, to be opened with no network. */
export interface KeptRoom {
  target: string;
  html: string;
  state: string;
  at: number;
}

/**
 * What a field is about, once the server has answered for the operation that carried it.
 *
 * Typed on meanwhile, it is about the text that was sent, never about what now stands: another
 * device may have written that since, and nobody here has seen it. After a conflict, or a refusal,
 * it is about the same old text as before.
 */
function baseAfter(op: Op, result: Result, one: Field): string {
  if (result.status === "parked") return one.base;
  const sent = op.fields[one.name] ?? one.value;
  if (!one.dirty) return result.fields[one.name] ?? sent;
  return result.conflict.includes(one.name) ? one.base : sent;
}

const opened = new Map<string, Store>();

/** The store of an account; one in each page. */
export function storeOf(account: string): Store {
  const there = opened.get(account) ?? new Store(account);
  opened.set(account, there);
  return there;
}

/** How much of this account the server does not have yet: operations and fields typed since. */
export async function outboxCount(account: string): Promise<number> {
  return storeOf(account).waiting();
}

/** Throw the key away: from then on nobody reads what is kept here, whatever else is left behind. */
export async function dropKey(account: string): Promise<void> {
  return storeOf(account).dropKey();
}

export class Store extends Disk {
  /** Everything of one room. */
  async fields(target: string): Promise<Field[]> {
    return this.attempt(async (db) => {
      const rows = (await db.getAllFromIndex("fields", "target", target)) as Row[];
      return this.openAll<Field>(rows);
    });
  }

  async field(target: string, name: string): Promise<Field | undefined> {
    return this.attempt(async (db) => {
      const row = (await db.get("fields", [target, name])) as Row | undefined;
      return row && (await this.openAll<Field>([row]))[0];
    });
  }

  /** Write one field if nobody wrote it since `field.n`; if somebody did, theirs comes back. */
  async put(field: Field): Promise<{ written: boolean; field: Field }> {
    return this.attempt(async () => {
      const next = { ...field, n: field.n + 1 };
      const row = await this.sealField(next);
      let there: Row | undefined;
      await this.write(["fields"], async (tx) => {
        const store = tx.objectStore("fields");
        there = (await store.get([field.target, field.name])) as Row | undefined;
        // Nothing there: it is new, or the store was wiped and this page has what was in it.
        if (!there || there["n"] === field.n) {
          there = undefined;
          await store.put(row);
        }
      });
      if (!there) return { written: true, field: next };
      const [read] = await this.openAll<Field>([there]);
      // What the disk spoilt is in nobody's way.
      return read ? { written: false, field: read } : this.put({ ...field, n: there["n"] as number, op: "" });
    });
  }

  /** Turn what was typed in a room into one operation: both change in one transaction. */
  async makeOp(target: string): Promise<Op | null> {
    return this.attempt(async () => {
      for (;;) {
        const all = await this.fields(target);
        // One at a time, so that the next one knows what the server made of this one.
        if (all.some((one) => one.op)) return null;
        const typed = all.filter((one) => one.dirty && one.value.length <= LONGEST);
        if (!typed.length) return null;
        const op: Op = {
          id: freshId(),
          account: this.account,
          kind: "room",
          target,
          base_rev: Math.max(...typed.map((one) => one.rev)),
          base: Object.fromEntries(typed.map((one) => [one.name, one.base])),
          fields: Object.fromEntries(typed.map((one) => [one.name, one.value])),
        };
        const rows = await Promise.all(
          typed.map((one) => this.sealField({ ...one, n: one.n + 1, dirty: false, op: op.id })),
        );
        const sealed = await this.sealOp(op);
        if (await this.replace(rows, async (tx) => void (await tx.objectStore("ops").add(sealed)))) {
          return op;
        }
      }
    });
  }

  /** An operation that stands by itself: a start of the timer, a text that another tab wrote. */
  async addOp(op: Op): Promise<void> {
    return this.attempt(async () => {
      const sealed = await this.sealOp(op);
      await this.write(["ops"], async (tx) => void (await tx.objectStore("ops").add(sealed)));
    });
  }

  /** Take an operation back that was not sent yet. */
  async dropOp(id: string): Promise<void> {
    return this.attempt(() =>
      this.write(["ops"], async (tx) => {
        const key = await tx.objectStore("ops").index("id").getKey(id);
        if (key !== undefined) await tx.objectStore("ops").delete(key);
      }),
    );
  }

  /** What waits to be sent, in the order in which it was made. */
  async ops(): Promise<Op[]> {
    return this.attempt(async (db) => {
      const rows = (await db.getAll("ops")) as Row[];
      return this.openAll<Op>(rows);
    });
  }

  /** A field that has nothing of its own any more: the server's text is the one to show. */
  async forget(field: Field): Promise<void> {
    return this.attempt(() =>
      this.write(["fields"], async (tx) => {
        const store = tx.objectStore("fields");
        const there = (await store.get([field.target, field.name])) as Row | undefined;
        if (there && !there["dirty"] && !there["op"]) await store.delete([field.target, field.name]);
      }),
    );
  }

  /** The server has answered: the operation leaves the outbox, its fields take what now stands. */
  async settle(op: Op, result: Result): Promise<void> {
    return this.attempt(async () => {
      const parked = result.status === "parked";
      const sent = await this.seal({ ...op, at: Date.now() }, ["target", "at"]);
      const beside = await this.seal(
        { id: op.id, target: op.target, op, reason: result.reason, at: Date.now() },
        ["id", "target", "at"],
      );
      for (;;) {
        const rows: Row[] = [];
        for (const name of Object.keys(op.fields)) {
          const one = await this.field(op.target, name);
          if (!one || one.op !== op.id) continue;
          const stands = parked ? one.value : (result.fields[name] ?? one.value);
          const value = one.dirty ? one.value : stands;
          const base = baseAfter(op, result, one);
          const rev = Math.max(one.rev, result.rev);
          rows.push(await this.sealField({ ...one, value, base, rev, n: one.n + 1, op: "" }));
        }
        const done = await this.replace(rows, async (tx) => {
          const kept = parked ? tx.objectStore("parked").put(beside) : tx.objectStore("sent").put(sent);
          const ids = tx.objectStore("ops").index("id");
          const key = await ids.getKey(op.id);
          await Promise.all([kept, key === undefined ? undefined : tx.objectStore("ops").delete(key)]);
        });
        if (done) return;
      }
    });
  }

  async parked(target: string): Promise<Parked[]> {
    return this.attempt(async (db) => {
      const rows = (await db.getAllFromIndex("parked", "target", target)) as Row[];
      return this.openAll<Parked>(rows);
    });
  }

  async discard(id: string): Promise<void> {
    return this.attempt(() =>
      this.write(["parked"], async (tx) => tx.objectStore("parked").delete(id)),
    );
  }

  async keepRoom(room: KeptRoom): Promise<void> {
    return this.attempt(async () => {
      const row = await this.seal({ ...room }, ["target", "at"]);
      await this.write(["rooms"], async (tx) => void (await tx.objectStore("rooms").put(row)));
    });
  }

  async room(target: string): Promise<KeptRoom | undefined> {
    return this.attempt(async (db) => {
      const row = (await db.get("rooms", target)) as Row | undefined;
      return row && this.open<KeptRoom>(row);
    });
  }

  async rooms(): Promise<KeptRoom[]> {
    return this.attempt(async (db) => {
      const kept = await this.openAll<KeptRoom>((await db.getAll("rooms")) as Row[]);
      return kept.sort((one, other) => other.at - one.at);
    });
  }

  /** Forget a room that this account may not see any more; what was not sent stays. */
  async forgetRoom(target: string): Promise<void> {
    return this.attempt(() =>
      this.write(["rooms"], async (tx) => tx.objectStore("rooms").delete(target)),
    );
  }

  /** After a restored backup: what the server had acknowledged in the last 14 days goes again. */
  async sendAgain(target = ""): Promise<void> {
    return this.attempt(() =>
      this.write(["ops", "sent"], async (tx) => {
        const [waiting, sent] = [tx.objectStore("ops"), tx.objectStore("sent")];
        const unsent = (await waiting.getAll()) as Row[];
        const again = ((await sent.getAll()) as Row[]).filter(
          (row) => !target || row["target"] === target,
        );
        for (const row of again) await sent.delete(row["seq"] as number);
        await waiting.clear();
        // In order, the acknowledged ones first: what waits was written on top of them.
        for (const { seq: _seq, ...row } of [...again, ...unsent]) await waiting.add(row);
      }),
    );
  }

  /** What the server has had for long needs no second place. */
  async sweep(now: number): Promise<void> {
    return this.attempt(() =>
      this.write(["sent"], async (tx) => {
        const old = IDBKeyRange.upperBound(now - KEPT);
        const sent = tx.objectStore("sent");
        for (const key of await sent.index("at").getAllKeys(old)) await sent.delete(key);
      }),
    );
  }

  async meta(name: string): Promise<string> {
    return this.attempt(async (db) => String((await db.get("meta", name)) ?? ""));
  }

  async setMeta(name: string, value: string): Promise<void> {
    return this.attempt(() =>
      this.write(["meta"], async (tx) => void (await tx.objectStore("meta").put(value, name))),
    );
  }

  /** Operations, and fields typed since the last one was made. */
  async waiting(): Promise<number> {
    return this.attempt(async (db) => {
      const ops = await db.count("ops");
      const rows = (await db.getAll("fields")) as Row[];
      return ops + rows.filter((row) => row["dirty"]).length;
    });
  }

  /** The rooms in which something waits. */
  async targets(): Promise<string[]> {
    return this.attempt(async (db) => {
      const rows = [...(await db.getAll("ops")), ...(await db.getAll("fields"))] as Row[];
      const unsent = rows.filter((row) => row["dirty"] !== false || row["op"]);
      return [...new Set(unsent.map((row) => row["target"] as string))];
    });
  }

  async dropKey(): Promise<void> {
    await this.attempt(() => this.write(["keys"], async (tx) => tx.objectStore("keys").clear()));
    this.key = null;
    await this.close();
  }

  /** Rows whose `n` must be one below ours, and what else belongs into the same transaction. */
  private async replace(rows: Row[], more: (tx: Writing) => Promise<void>): Promise<boolean> {
    let fresh = true;
    await this.write(["fields", "ops", "sent", "parked"], async (tx) => {
      const store = tx.objectStore("fields");
      for (const row of rows) {
        const key = [row["target"] as string, row["name"] as string];
        const there = (await store.get(key)) as Row | undefined;
        fresh &&= there?.["n"] === (row["n"] as number) - 1;
      }
      if (!fresh) return;
      for (const row of rows) await store.put(row);
      await more(tx);
    });
    return fresh;
  }

  private sealField(field: Field): Promise<Row> {
    return this.seal({ ...field }, ["target", "name", "rev", "n", "dirty", "op"]);
  }

  private sealOp(op: Op): Promise<Row> {
    return this.seal({ ...op }, ["id", "target"]);
  }
}
