/** Keeps a device's answers and searches them, beside the page: nobody's typing waits for it. */

import { ANALYSER } from "./analyser";
import { type Answer, isExpired, isGone } from "./answer_rows";
import { AnswerStore } from "./answer_store";
import { type Outcome, alone, sync } from "./answer_sync";
import { dropAnswers, keep, kept } from "./device_db";
import { AnswerIndex } from "./ranking";
import type { Ask, Checklist, Found, Jobs, Shelf, Told } from "./searcher";

declare const self: DedicatedWorkerGlobalScope;

const PACK = "/offline/pack/";
const FORM = 2; // of a kept index; one of another release is made anew

/** What a person's own part of the help is: whose skills matter to them, and their checklists. */
interface Pack {
  account: string;
  skills: string[];
  checklists: Checklist[];
}

interface Open {
  account: string;
  store: AnswerStore;
  index: AnswerIndex | null;
  at: number;
}

let open: Open | null = null;

const today = (): string => new Date().toLocaleDateString("sv"); // a local day, as 2026-11-26

/** The store that holds now: another one after all was fetched anew. */
async function shelf(account: string): Promise<Open | null> {
  const name = await kept<string>(`answers:${account}`);
  if (open && (open.account !== account || open.store.name !== name)) {
    open.store.close();
    open = null;
  }
  if (name === undefined) return null;
  open ??= { account, store: await AnswerStore.open(name), index: null, at: -1 };
  return open;
}

/** The index, brought up to what the store has: kept from before, or built now. */
async function indexed(here: Open): Promise<AnswerIndex> {
  const day = today();
  const n = (await here.store.meta())?.n ?? 0;
  if (!here.index) {
    const before = await here.store.index();
    const answers = await here.store.answers();
    if (before && before.analyser === ANALYSER && before.form === FORM) {
      const then = new Set(before.data.ids);
      here.index = AnswerIndex.from(
        before.data,
        answers.filter((one) => then.has(one.id)),
        day,
      );
      here.at = before.at;
    } else {
      here.index = AnswerIndex.empty();
      for (const answer of answers) here.index.put(answer, day);
      here.at = n;
      await keepIndex(here);
    }
  }
  if (here.at !== n) {
    for (const row of await here.store.since(here.at)) {
      if (isGone(row)) here.index.remove(row.id);
      else here.index.put(row, day);
    }
    here.at = n;
    await keepIndex(here);
  }
  return here.index;
}

async function keepIndex(here: Open): Promise<void> {
  if (!here.index) return;
  const data = here.index.toJSON();
  await here.store.keepIndex({ at: here.at, analyser: ANALYSER, form: FORM, data });
}

function found(answer: Answer, score = 0): Found {
  return { answer, score, expired: isExpired(answer, today()) };
}

/** The reader's own pack; without a network the one from before. */
async function pack(account: string): Promise<Pack | undefined> {
  const before = await kept<Pack>(`pack:${account}`);
  try {
    const answer = await fetch(PACK, { headers: { Accept: "application/json" }, redirect: "error" });
    const fresh = answer.ok ? ((await answer.json()) as Pack) : undefined;
    if (fresh?.account !== account) return before;
    if (JSON.stringify(fresh) !== JSON.stringify(before)) await keep(`pack:${account}`, fresh);
    return fresh;
  } catch {
    return before;
  }
}

/** One pack and one round of changes; when another tab is at it, this one waits its turn. */
async function bring(account: string): Promise<Outcome> {
  const mine = await pack(account);
  const outcome = await sync(account, new Set(mine?.skills ?? []), Date.now);
  if (outcome === "withdrawn") {
    open?.store.close();
    open = null;
  }
  return outcome;
}

async function search(account: string, question: string, count: number): Promise<Found[]> {
  const here = await shelf(account);
  if (!here) return [];
  const hits = (await indexed(here)).search(question, count);
  const answers = await Promise.all(hits.map((hit) => here.store.answer(hit.id)));
  return hits.flatMap((hit, place) => {
    const answer = answers[place];
    return answer ? [found(answer, hit.score)] : [];
  });
}

async function look(account: string, count: number): Promise<Shelf> {
  const here = await shelf(account);
  const mine = await kept<Pack>(`pack:${account}`);
  const told = { kept: 0, total: 0, synced_at: null, used: [], checklists: mine?.checklists ?? [] };
  if (!here) return told;
  const answers = await here.store.answers();
  const left = await here.store.left();
  const meta = await here.store.meta();
  const used = answers
    .sort((a, b) => b.uses - a.uses || a.question.localeCompare(b.question))
    .slice(0, count);
  const total = answers.length + left;
  return { ...told, kept: answers.length, total, synced_at: meta?.synced_at ?? null, used };
}

const WORK: { [J in keyof Jobs]: (account: string, about: Jobs[J]["ask"]) => Promise<Jobs[J]["told"]> } = {
  sync: (account) => bring(account),
  search: (account, { question, count }) => search(account, question, count),
  shelf: (account, { count }) => look(account, count),
  answer: async (account, { id }) => {
    const answer = await (await shelf(account))?.store.answer(id);
    return answer ? found(answer) : null;
  },
};

/** A copy that cannot be read is thrown away: the server has all of it. */
async function done<J extends keyof Jobs>(job: J, account: string, about: Jobs[J]["ask"]): Promise<Jobs[J]["told"]> {
  try {
    return await WORK[job](account, about);
  } catch (error) {
    open?.store.close();
    open = null;
    await alone(`handrail-answers-${account}`, () => dropAnswers(account));
    throw error;
  }
}

self.addEventListener("message", (event: MessageEvent<Ask>) => {
  const { n, account, job, about } = event.data;
  void done(job, account, about).then(
    (told) => self.postMessage({ n, told } satisfies Told),
    (error: unknown) => self.postMessage({ n, failed: String(error) } satisfies Told),
  );
});
