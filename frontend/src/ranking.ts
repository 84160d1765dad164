/** Which answers come closest to a question: the same words as on the server, any of them counting. */

import { analyse } from "./analyser";
import { type Answer, isExpired } from "./answer_rows";
import { type Hit, type KeptPostings, Postings } from "./postings";

const EXPIRED = 0.5; // an answer that nobody has looked at for long ranks lower

const FIELDS = [3, 2, 1]; // what a word counts in the question, in other ways of asking it, in the answer

export class AnswerIndex {
  private expired = new Set<string>();
  private languages = new Map<string, number>();
  private told = new Map<string, string>(); // id to language

  private constructor(private readonly postings: Postings) {}

  static empty(): AnswerIndex {
    return new AnswerIndex(new Postings(FIELDS));
  }

  /** An index kept earlier, with the answers that are in it. */
  static from(kept: KeptPostings, answers: Iterable<Answer>, today: string): AnswerIndex {
    const index = new AnswerIndex(Postings.from(kept, FIELDS));
    for (const answer of answers) index.note(answer, today);
    return index;
  }

  get size(): number {
    return this.postings.size;
  }

  /** Put an answer in, in place of an older wording of it. */
  put(answer: Answer, today: string): void {
    this.forget(answer.id);
    this.postings.put(answer.id, [
      this.words(answer.question, answer),
      this.words(answer.aliases.join(" \n "), answer),
      this.words(`${answer.answer} \n ${answer.next_step} \n ${answer.skill_name}`, answer),
    ]);
    this.note(answer, today);
  }

  remove(id: string): void {
    this.postings.remove(id);
    this.forget(id);
  }

  /** The best answers, best first. A question is read in each language that answers are written in. */
  search(question: string, count: number): Hit[] {
    const words = new Set<string>();
    for (const language of this.languages.keys()) {
      for (const word of analyse(question, language)) words.add(word);
    }
    return this.postings.search([...words], count, (id) => (this.expired.has(id) ? EXPIRED : 1));
  }

  toJSON(): KeptPostings {
    return this.postings.toJSON();
  }

  private words(text: string, answer: Answer): string[] {
    return analyse(text, answer.language);
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
