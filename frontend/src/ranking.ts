/** Which answers come closest to a question: the same words as on the server, any of them counting. */

import MiniSearch, { type AsPlainObject } from "minisearch";

import { analyse } from "./analyser";
import { type Answer, isExpired } from "./answer_rows";

const FIELDS = ["title", "aliases", "answer"];
const WEIGHTS = { title: 3, aliases: 2, answer: 1 };
const EXPIRED = 0.5; // an answer that nobody has looked at for long ranks lower
const MISSPELT = 1; // letters that may be wrong; with two in long words fewer right answers come first
const WHOLE = 3; // letters from which a word may also be the beginning of another, or misspelt
// What a word counts that only begins like the one asked for, or is spelt a little otherwise.
const GUESSED = { prefix: 0.25, fuzzy: 0.1 };
// BM25: said twice is more than said once for longer than usual, and a long answer proves less.
const BM25 = { k: 3, b: 0.9, d: 0.2 };

/** An answer as it is indexed: words already as search compares them. */
interface Indexed {
  id: string;
  title: string;
  aliases: string;
  answer: string;
}

const OPTIONS = {
  fields: FIELDS,
  tokenize: (text: string): string[] => (text ? text.split(" ") : []),
  processTerm: (term: string): string => term,
};

export interface Hit {
  id: string;
  score: number;
}

export class AnswerIndex {
  private expired = new Set<string>();
  private languages = new Map<string, number>();
  private told = new Map<string, string>(); // id to language

  private constructor(private readonly mini: MiniSearch<Indexed>) {}

  static empty(): AnswerIndex {
    return new AnswerIndex(new MiniSearch<Indexed>(OPTIONS));
  }

  /** An index kept earlier, with the answers that are in it. */
  static from(kept: AsPlainObject, answers: Iterable<Answer>, today: string): AnswerIndex {
    const index = new AnswerIndex(MiniSearch.loadJS<Indexed>(kept, OPTIONS));
    for (const answer of answers) index.note(answer, today);
    return index;
  }

  get size(): number {
    return this.mini.documentCount;
  }

  get ids(): string[] {
    return [...this.told.keys()];
  }

  /** Put an answer in, in place of an older wording of it. */
  put(answer: Answer, today: string): void {
    this.remove(answer.id);
    this.mini.add({
      id: answer.id,
      title: this.words(answer.question, answer),
      aliases: this.words(answer.aliases.join(" \n "), answer),
      answer: this.words(`${answer.answer} \n ${answer.next_step} \n ${answer.skill_name}`, answer),
    });
    this.note(answer, today);
  }

  remove(id: string): void {
    if (this.mini.has(id)) this.mini.discard(id);
    this.forget(id);
  }

  /** The best answers, best first. A question is read in each language that answers are written in. */
  search(question: string, count: number): Hit[] {
    const words = new Set<string>();
    for (const language of this.languages.keys()) {
      for (const word of analyse(question, language)) words.add(word);
    }
    const found = this.mini.search([...words].join(" "), {
      combineWith: "OR",
      boost: WEIGHTS,
      prefix: (term) => term.length >= WHOLE,
      fuzzy: (term) => (term.length > WHOLE ? MISSPELT : false),
      weights: GUESSED,
      bm25: BM25,
      boostDocument: (id) => (this.expired.has(id as string) ? EXPIRED : 1),
    });
    return found.slice(0, count).map((hit) => ({ id: hit.id as string, score: hit.score }));
  }

  toJSON(): AsPlainObject {
    return this.mini.toJSON();
  }

  private words(text: string, answer: Answer): string {
    return analyse(text, answer.language).join(" ");
  }

  private note(answer: Answer, today: string): void {
    this.told.set(answer.id, answer.language);
    this.languages.set(answer.language, (this.languages.get(answer.language) ?? 0) + 1);
    if (isExpired(answer, today)) this.expired.add(answer.id);
  }

  private forget(id: string): void {
    const language = this.told.get(id);
    if (language === undefined) return;
    this.told.delete(id);
    this.expired.delete(id);
    const left = (this.languages.get(language) ?? 1) - 1;
    if (left > 0) this.languages.set(language, left);
    else this.languages.delete(language);
  }
}
