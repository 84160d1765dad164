// Cases asked of the page's own index, in Node: JSON in, JSON out. `index.mjs` is built from frontend/src.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const { AnswerIndex } = await import(process.argv[2]);
const { cases, sizes } = JSON.parse(readFileSync(0, "utf8"));
const TODAY = "2026-02-02";

const row = (doc) => ({
  id: doc.id, question: doc.title, answer: doc.body, next_step: "", link: "", aliases: doc.aliases, skill: null,
  skill_name: "", owner: "", source: "written", language: doc.language, checked_on: TODAY, review_by: null, flagged: false, uses: 0,
});

function filled(docs) {
  const index = AnswerIndex.empty();
  for (const doc of docs) index.put(row(doc), TODAY);
  return index;
}

const hits = cases.map(({ docs, asks }) => {
  const index = filled(docs);
  return asks.map(({ question }) => index.search(question, 5).map(({ id, score }) => ({ id, score })));
});

/** Many answers, each made of sentences of the set and words of its own. */
function many(count) {
  const sentences = cases[0].docs.filter((doc) => doc.language === "en").flatMap((doc) => doc.body.split(/(?<=\.) /));
  let state = 7;
  const draw = (limit) => ((state = (state * 1103515245 + 12345) % 2147483648), state % limit);
  const one = () => sentences[draw(sentences.length)];
  const name = () => Array.from({ length: 7 }, () => "aeioubcdfglmnprst"[draw(17)]).join("");
  return Array.from({ length: count }, (_, n) => ({
    id: String(n), language: "en", title: `${one().split(" ").slice(0, 9).join(" ")} ${name()}`,
    aliases: [`${one().split(" ").slice(2, 9).join(" ")} ${name()}`, name()], body: `${one()} ${one()} ${one()} ${name()} ${name()}`,
  }));
}

const large = sizes.map((size) => {
  const docs = many(size);
  const began = performance.now();
  const index = filled(docs);
  const built = performance.now() - began;
  const times = cases[0].asks.map(({ question }) => {
    const start = performance.now();
    index.search(question, 5);
    return performance.now() - start;
  }).sort((a, b) => a - b);
  const at = (share) => Math.round(times[Math.floor(times.length * share)] * 100) / 100;
  const bytes = (what) => gzipSync(JSON.stringify(what), { level: 9 }).length;
  return { answers: size, p50_ms: at(0.5), p95_ms: at(0.95), built_ms: Math.round(built),
    index_gz_bytes: bytes(index.toJSON()), answers_gz_bytes: bytes(docs.map(row)) };
});

process.stdout.write(JSON.stringify({ hits, large }));
