/** For offline.py: the search of the pages beside a plain scan, both in one browser in one run. */

import type { Answer } from "../frontend/src/answer_rows";
import { AnswerIndex } from "../frontend/src/ranking";

const TODAY = "2026-11-26";
const FIVE = 5;
const TIMES = 3;

interface Measured {
  ids: string[]; // the best answer to each question, or ""
  build: number; // milliseconds
  searches: number[];
  scans: number[];
  index: string; // as JSON
}

/** The simplest thing that finds something: each word looked for in each text, most found first. */
function scan(texts: string[], question: string): number[] {
  const words = [...new Set(question.toLowerCase().split(" "))];
  const scores = texts.map((text) => words.filter((word) => text.includes(word)).length);
  const order = scores.map((_score, place) => place);
  return order.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0)).slice(0, FIVE);
}

/** Milliseconds; of several times the shortest, since other work of the machine only adds to them. */
function timed(work: () => void, times = 1): number {
  let best = Infinity;
  for (let n = 0; n < times; n += 1) {
    const began = performance.now();
    work();
    best = Math.min(best, performance.now() - began);
  }
  return best;
}

/** Question by question, both in turn: whatever else the machine does meets both alike. */
function measure(answers: Answer[], questions: string[]): Measured {
  const index = AnswerIndex.empty();
  const build = timed(() => {
    for (const answer of answers) index.put(answer, TODAY);
  });
  const texts = answers.map((one) => [one.question, ...one.aliases, one.answer].join("\n").toLowerCase());
  for (const one of questions.slice(0, 20)) {
    index.search(one, FIVE);
    scan(texts, one);
  }
  const told: Measured = { ids: [], build, searches: [], scans: [], index: JSON.stringify(index) };
  for (const question of questions) {
    told.ids.push(index.search(question, FIVE)[0]?.id ?? "");
    told.searches.push(timed(() => index.search(question, FIVE), TIMES));
    told.scans.push(timed(() => scan(texts, question), TIMES));
  }
  return told;
}

Object.assign(globalThis, { measure });
