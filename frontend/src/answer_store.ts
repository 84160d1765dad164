/** The answers that a device keeps: one database per account and epoch, changed page by page. */

import { type DBSchema, type IDBPDatabase, openDB } from "idb";

import { type Answer, CAP, type Row, chosen, isGone } from "./answer_rows";
import type { KeptPostings } from "./postings";

/** A row with the page of changes that brought it; a tombstone stays until the index has heard. */
export type Stored = Row & { at: number };

export interface Meta {
  epoch: string;
  cursor: string; // how far this device has heard, in the server's words
  n: number; // pages of changes that came here
  etag: string;
  synced_at: number; // milliseconds, this device's clock
}

interface AnswersSchema extends DBSchema {
  rows: { key: string; value: Stored; indexes: { at: number } };
  left: { key: string; value: { id: string } }; // answers that are there, but not on this device
  kept: { key: string; value: unknown };
}

export interface KeptIndex {
  at: number; // the page of changes up to which it has heard
  analyser: number;
  form: number; // of what is kept
  data: KeptPostings;
}

export class AnswerStore {
  private constructor(
    readonly name: string,
    private readonly db: IDBPDatabase<AnswersSchema>,
  ) {}

  /** Open a store, without a version: what another tab upgraded can still be read. */
  static async open(name: string): Promise<AnswerStore> {
    const db = await openDB<AnswersSchema>(name, undefined, {
      upgrade(fresh) {
        fresh.createObjectStore("rows", { keyPath: "id" }).createIndex("at", "at");
        fresh.createObjectStore("left", { keyPath: "id" });
        fresh.createObjectStore("kept");
      },
      blocking: () => db.close(), // it is taken away: a newer store, or a sign-out
    });
    return new AnswerStore(name, db);
  }

  close(): void {
    this.db.close();
  }

  async meta(): Promise<Meta | undefined> {
    return (await this.db.get("kept", "meta")) as Meta | undefined;
  }

  /** One page of changes and how far it leads: both or neither. */
  async apply(rows: Row[], meta: Meta): Promise<void> {
    const work = this.db.transaction(["rows", "left", "kept"], "readwrite");
    for (const row of rows) {
      void work.objectStore("rows").put({ ...row, at: meta.n });
      void work.objectStore("left").delete(row.id);
    }
    void work.objectStore("kept").put(meta, "meta");
    await work.done;
  }

  async touch(meta: Meta): Promise<void> {
    await this.db.put("kept", meta, "meta");
  }

  /** Let go of what does not fit, but not of the knowledge that it is there. */
  async trim(skills: ReadonlySet<string>, cap = CAP): Promise<void> {
    if ((await this.db.count("rows")) <= cap) return;
    const answers = await this.answers();
    if (answers.length <= cap) return;
    const keep = chosen(answers, skills, cap);
    const at = (await this.meta())?.n ?? 0;
    const work = this.db.transaction(["rows", "left"], "readwrite");
    for (const { id } of answers) {
      if (keep.has(id)) continue;
      void work.objectStore("rows").put({ id, deleted: true, at });
      void work.objectStore("left").put({ id });
    }
    await work.done;
  }

  async answers(): Promise<Answer[]> {
    const rows = await this.db.getAll("rows");
    return rows.filter((row): row is Answer & { at: number } => !isGone(row));
  }

  async answer(id: string): Promise<Answer | undefined> {
    const row = await this.db.get("rows", id);
    return row === undefined || isGone(row) ? undefined : row;
  }

  /** What came after a page of changes, tombstones too. */
  async since(n: number): Promise<Row[]> {
    return this.db.getAllFromIndex("rows", "at", IDBKeyRange.lowerBound(n, true));
  }

  /** How many answers there are for this reader that this device does not keep. */
  async left(): Promise<number> {
    return this.db.count("left");
  }

  async index(): Promise<KeptIndex | undefined> {
    return (await this.db.get("kept", "index")) as KeptIndex | undefined;
  }

  /** Keep the index; tombstones that it has heard are not needed any more. */
  async keepIndex(index: KeptIndex): Promise<void> {
    const work = this.db.transaction(["rows", "kept"], "readwrite");
    void work.objectStore("kept").put(index, "index");
    for (let row = await work.objectStore("rows").openCursor(); row; row = await row.continue()) {
      if (isGone(row.value) && row.value.at <= index.at) void row.delete();
    }
    await work.done;
  }
}
