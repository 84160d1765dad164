/** Questions that wait on this device until there is a network: no time is promised for them. */

import { type Op, storeOf } from "./store";
import { type News, opOf, syncOf } from "./sync";

export const KIND = "question";

export interface Waiting {
  id: string;
  text: string;
}

/** Keep a question; resolves once the disk has it. */
export async function keepQuestion(account: string, text: string, note: string, now: Date): Promise<void> {
  const store = storeOf(account);
  const fields = { text, note, asked_at: now.toISOString() };
  await store.addOp(opOf(store, KIND, account, fields));
  syncOf(account).poke(0);
}

export async function waitingQuestions(account: string): Promise<Waiting[]> {
  const ops = await storeOf(account).ops();
  return ops.filter(isQuestion).map((op) => ({ id: op.id, text: op.fields["text"] ?? "" }));
}

/** Questions that the server did not take, with its reason: kept until somebody puts them aside. */
export async function refusedQuestions(account: string): Promise<(Waiting & { reason: string })[]> {
  const parked = await storeOf(account).parked(account);
  return parked
    .filter(({ op }) => isQuestion(op))
    .map(({ id, op, reason }) => ({ id, text: op.fields["text"] ?? "", reason }));
}

export async function putAside(account: string, id: string): Promise<void> {
  await storeOf(account).discard(id);
}

/** The questions that the server has just taken, by the ids under which it keeps them. */
export function sentQuestions(news: News): Waiting[] {
  return (news.settled ?? [])
    .filter(([op, result]) => isQuestion(op) && result.status !== "parked")
    .map(([op]) => ({ id: op.id, text: op.fields["text"] ?? "" }));
}

/** Take a question back before it was sent. */
export async function takeBack(account: string, id: string): Promise<void> {
  await storeOf(account).dropOp(id);
}

function isQuestion(op: Op): boolean {
  return op.kind === KIND;
}
