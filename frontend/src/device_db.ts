/** What a device knows about itself: whose it is just now, and where their answers lie. */

import { type DBSchema, type IDBPDatabase, deleteDB, openDB } from "idb";

export const DEVICE = "handrail-device";
const ANSWERS = "handrail-answers-";

export interface Who {
  account: string;
  language: string;
}

interface DeviceSchema extends DBSchema {
  kept: { key: string; value: unknown };
}

/** Open without a version: another tab may already have a newer one, and must not lock this one out. */
export async function openDevice(): Promise<IDBPDatabase<DeviceSchema>> {
  const db = await openDB<DeviceSchema>(DEVICE, undefined, {
    upgrade: (fresh) => void fresh.createObjectStore("kept"),
    blocking: () => db.close(), // a sign-out in another tab takes it away
  });
  return db;
}

async function withDevice<T>(use: (db: IDBPDatabase<DeviceSchema>) => Promise<T>): Promise<T> {
  const db = await openDevice();
  try {
    return await use(db);
  } finally {
    db.close();
  }
}

export async function kept<T>(key: string): Promise<T | undefined> {
  return withDevice(async (db) => (await db.get("kept", key)) as T | undefined);
}

export async function keep(key: string, value: unknown): Promise<void> {
  await withDevice(async (db) => {
    if (value === undefined) await db.delete("kept", key);
    else await db.put("kept", value, key);
  });
}

/** Whose device this is, as far as the last page with a network said. */
export const who = (): Promise<Who | undefined> => kept<Who>("who");

export function answersName(account: string, epoch: string): string {
  return `${ANSWERS}${account}-${epoch}`;
}

/** The names of all answers' stores on this device; where a browser lists none, those that are noted. */
export async function answersStores(): Promise<string[]> {
  const noted = await withDevice(async (db) => {
    const keys = (await db.getAllKeys("kept")).filter((key) => /^(answers|building):/.test(key));
    return Promise.all(keys.map(async (key) => (await db.get("kept", key)) as string));
  });
  const listed = "databases" in indexedDB ? await indexedDB.databases() : [];
  const names = listed.map((one) => one.name ?? "").filter((name) => name.startsWith(ANSWERS));
  return [...new Set([...noted, ...names])];
}

/** Take an account's copy of the answers off this device; of everybody else's, where `others` is set. */
export async function dropAnswers(account: string, others = false): Promise<void> {
  for (const name of await answersStores()) {
    if (name.startsWith(`${ANSWERS}${account}-`) !== others) await deleteDB(name);
  }
  await withDevice(async (db) => {
    for (const key of await db.getAllKeys("kept")) {
      const of = /^(?:answers|building|pack):(.*)$/.exec(key)?.[1];
      if (of !== undefined && (of === account) !== others) await db.delete("kept", key);
    }
  });
}
