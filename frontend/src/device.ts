/** What each page of a signed-in person does for its device: whose it is, the worker, the answers. */

import { dropAnswers, keep, kept, who } from "./device_db";
import { type LeaveWords, watchLeaving } from "./leave";
import { Searcher } from "./searcher";
import { sentQuestions } from "./questions";
import { flushAccount, syncOf } from "./sync";
import { type WorkerWords, sayBelow, useWorker } from "./worker";

type Words = WorkerWords & LeaveWords & { sent: string; see_question: string };

const OFTEN = 300_000; // milliseconds between two rounds of changes that pages ask for by themselves
const QUIET = 1_500; // milliseconds after the page is there: nobody waits for what comes then

export async function startDevice(script: HTMLScriptElement): Promise<void> {
  const { account, language, worker, searcher } = script.dataset;
  const text = document.getElementById("device-words")?.textContent;
  if (!account || !text || !("indexedDB" in window)) return;
  const words = JSON.parse(text) as Words;
  watchLeaving(account, words, async () => {
    await flushAccount(account);
  });
  syncOf(account).onNews((news) => {
    for (const one of sentQuestions(news)) {
      const link = document.createElement("a");
      link.href = `/answers/questions/${one.id}/`;
      link.textContent = words.see_question;
      sayBelow(`${words.sent} ${one.text}`, link);
    }
  });
  if (!worker) return; // switched off here: what was written can still be sent, and wiped
  const before = await who();
  // Somebody else's copy of the answers goes; what they wrote stays sealed until they come back.
  if (before?.account !== account) await dropAnswers(account, true);
  if (before?.account !== account || before.language !== language) {
    await keep("who", { account, language });
  }
  await useWorker(worker, words);
  window.setTimeout(() => void bring(account, searcher ?? ""), QUIET);
}

async function bring(account: string, script: string): Promise<void> {
  void flushAccount(account).catch(() => undefined);
  const last = (await kept<number>(`asked:${account}`)) ?? 0;
  if (Math.abs(Date.now() - last) < OFTEN) return;
  await keep(`asked:${account}`, Date.now());
  await new Searcher(script, account).do("sync", {}).catch(() => undefined);
}

const script = document.querySelector<HTMLScriptElement>("script[data-account]");
if (script) void startDevice(script).catch(() => undefined);
