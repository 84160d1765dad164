/** The disk under the store: opened without a number, sealed, tried three times. */

import { type IDBPDatabase, type IDBPTransaction, openDB } from "idb";

export const PREFIX = "handrail-";
const STORES = ["keys", "fields", "ops", "sent", "parked", "rooms", "meta"] as const;
export type Name = (typeof STORES)[number];
const PATIENCE = 5_000; // milliseconds until a disk that does not answer has failed

interface Sealed {
  iv: Uint8Array<ArrayBuffer>;
  bytes: ArrayBuffer;
}
export type Row = Record<string, unknown> & { sealed: Sealed };
export type Db = IDBPDatabase<unknown>;
export type Writing = IDBPTransaction<unknown, Name[], "readwrite">;

/** A random UUID; `crypto.randomUUID` is missing where a house serves plain HTTP. */
export function freshId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export class Disk {
  private db: Promise<Db> | null = null;
  protected key: CryptoKey | null = null;
  /** Names this very database: another one afterwards means that it was wiped. */
  life = "";
  onWiped: () => void = () => undefined;
  onSpoilt: (records: number) => void = () => undefined;

  constructor(readonly account: string) {}

  async close(): Promise<void> {
    const open = this.db;
    this.db = null;
    this.key = null;
    (await open?.catch(() => undefined))?.close();
  }

  protected async write(names: Name[], work: (tx: Writing) => Promise<void>): Promise<void> {
    const db = await this.opened();
    const tx = db.transaction(names, "readwrite", { durability: "strict" });
    const done = tx.done;
    done.catch(() => undefined); // it is awaited below; work may fail first
    try {
      await work(tx);
    } catch (error) {
      try {
        tx.abort();
      } catch {
        // it has ended already
      }
      throw error;
    }
    await done;
  }

  /** Try; on a failure drop the handle, open anew and try twice more: handles die, disks recover. */
  protected async attempt<T>(work: (db: Db) => Promise<T>): Promise<T> {
    for (let left = 2; ; left--) {
      try {
        return await within(this.opened().then(work));
      } catch (error) {
        const stale = this.db;
        this.db = null;
        void stale?.then((db) => db.close()).catch(() => undefined);
        if (left === 0) throw error;
      }
    }
  }

  private opened(): Promise<Db> {
    this.db ??= this.reallyOpen();
    return this.db;
  }

  private async reallyOpen(): Promise<Db> {
    const name = PREFIX + this.account;
    const drop = (): void => {
      this.db = null;
    };
    // Without a number: one would shut out this release once another tab has a later schema.
    const open = (version?: number): Promise<Db> =>
      openDB(name, version, {
        upgrade: addWhatIsMissing,
        blocking: (_now, _later, event) => {
          drop();
          (event.target as IDBDatabase).close();
        },
        terminated: drop,
      });
    let db = await open();
    if (STORES.some((one) => !db.objectStoreNames.contains(one))) {
      const later = db.version + 1;
      db.close();
      db = await open(later);
    }
    const life = await nameOf(db);
    const isAnother = this.life !== "" && this.life !== life;
    this.life = life;
    this.key = await keyOf(db);
    if (isAnother) queueMicrotask(() => this.onWiped());
    return db;
  }

  protected async seal(value: Record<string, unknown>, open: string[]): Promise<Row> {
    if (!this.key) await this.opened();
    if (!this.key) throw new Error("no key");
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(value));
    const bytes = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, this.key, plain);
    return { ...Object.fromEntries(open.map((name) => [name, value[name]])), sealed: { iv, bytes } };
  }

  protected async open<T>(row: Row): Promise<T> {
    if (!this.key) throw new Error("no key");
    const { iv, bytes } = row.sealed;
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, this.key, bytes);
    return JSON.parse(new TextDecoder().decode(plain)) as T;
  }

  /** All that can be read; one record that the disk spoilt must not take the others with it. */
  protected async openAll<T>(rows: Row[]): Promise<T[]> {
    const read = await Promise.allSettled(rows.map((row) => this.open<T>(row)));
    const spoilt = read.filter((one) => one.status === "rejected").length;
    if (spoilt) this.onSpoilt(spoilt);
    return read.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  }
}

function addWhatIsMissing(db: Db): void {
  const has = db.objectStoreNames;
  for (const name of STORES) {
    if (has.contains(name)) continue;
    if (name === "keys" || name === "meta") {
      db.createObjectStore(name);
      continue;
    }
    const path = { fields: ["target", "name"], parked: "id", rooms: "target" }[name as string];
    const store = db.createObjectStore(
      name,
      path ? { keyPath: path } : { keyPath: "seq", autoIncrement: true },
    );
    if (name !== "rooms") store.createIndex("target", "target");
    if (name === "ops") store.createIndex("id", "id");
    if (name === "sent") store.createIndex("at", "at");
  }
}

/** A name that lives and dies with the database. */
async function nameOf(db: Db): Promise<string> {
  const there = (await db.get("meta", "life")) as string | undefined;
  if (there) return there;
  const tx = db.transaction("meta", "readwrite");
  const won = ((await tx.store.get("life")) as string | undefined) ?? freshId();
  await tx.store.put(won, "life");
  await tx.done;
  return won;
}

/** The account's key on this device; no script can read it out, only use it. */
async function keyOf(db: Db): Promise<CryptoKey> {
  const there = (await db.get("keys", "texts")) as CryptoKey | undefined;
  if (there) return there;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]);
  const tx = db.transaction("keys", "readwrite", { durability: "strict" });
  const won = ((await tx.store.get("texts")) as CryptoKey | undefined) ?? made;
  await tx.store.put(won, "texts");
  await tx.done;
  return won;
}

function within<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("the disk did not answer")), PATIENCE);
    work.then(resolve, reject).finally(() => clearTimeout(late));
  });
}
