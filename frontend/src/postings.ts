/**
 * Which texts hold which words, and how well each answers a question: BM25+ over several fields.
 *
 * Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009); Lv and
 * Zhai's lower bound of what a word counts (2011). A word also counts a little where it is the
 * beginning of another one, or one letter away from it. Lists of numbers, added up place by place:
 * a question is asked with every key, on a phone.
 */

const K = 3; // how soon a further mention stops to count
const B = 0.9; // how much a long field counts against its words
const LEAST = 0.2; // what a word counts, however long its field
const BEGINS = 0.25; // a word that only begins like the one asked for,
const FADES = 0.3; // less with each letter that it is longer,
const MISSPELT = 0.1; // and one that is a letter away
const WHOLE = 3; // letters from which a word may also be the beginning of another

/** As it is kept: four lists without anything nested in them, which a disk reads at once. */
export interface KeptPostings {
  ids: string[]; // by place
  lengths: number[]; // different words of each field, place by place
  words: string[];
  found: number[]; // of each word, field by field: how many numbers follow; steps and mentions
}

export interface Hit {
  id: string;
  score: number;
}

export class Postings {
  private ids: string[] = []; // by place; "" where a text was removed
  private places = new Map<string, number>();
  private lengths: number[] = [];
  private sums: number[]; // of the lengths of each field
  private words: string[] = [];
  private numbers = new Map<string, number>();
  private lists: number[][] = []; // by word and field: place, mentions, place, mentions, …
  private shelves = new Map<string, number[]>(); // words by how they begin, and by `endsOf`

  /** `fields` says what a word counts in each. */
  constructor(private readonly fields: readonly number[]) {
    this.sums = fields.map(() => 0);
  }

  static from(kept: KeptPostings, fields: readonly number[]): Postings {
    const made = new Postings(fields);
    made.ids = kept.ids;
    made.lengths = kept.lengths;
    kept.ids.forEach((id, place) => made.places.set(id, place));
    kept.lengths.forEach((length, n) => (made.sums[n % fields.length]! += length));
    for (const word of kept.words) made.numberOf(word);
    let at = 0;
    for (const list of made.lists) {
      const end = at + 1 + kept.found[at]!;
      let place = 0;
      for (at++; at < end; at += 2) list.push((place += kept.found[at]!), kept.found[at + 1]!);
    }
    return made;
  }

  get size(): number {
    return this.places.size;
  }

  /** Put a text in, field by field, each as its words; a text of this id is replaced. */
  put(id: string, said: readonly (readonly string[])[]): void {
    this.remove(id);
    const place = this.ids.push(id) - 1;
    this.places.set(id, place);
    said.forEach((words, field) => {
      const mentions = new Map<string, number>();
      for (const word of words) mentions.set(word, (mentions.get(word) ?? 0) + 1);
      for (const [word, times] of mentions) {
        this.lists[this.numberOf(word) * this.fields.length + field]!.push(place, times);
      }
      this.lengths.push(mentions.size);
      this.sums[field]! += mentions.size;
    });
  }

  /** Take a text out; its place in the lists stays empty until the index is kept and read again. */
  remove(id: string): void {
    const place = this.places.get(id);
    if (place === undefined) return;
    this.places.delete(id);
    this.ids[place] = "";
    this.fields.forEach((_, field) => (this.sums[field]! -= this.lengthOf(place, field)));
  }

  /** The best texts, best first; `worth` is what a text counts beside another that says the same. */
  search(question: readonly string[], count: number, worth: (id: string) => number): Hit[] {
    const places = this.ids.length;
    const scores = new Float64Array(places);
    const matched = new Uint32Array(places); // how many words of the question a text has
    const last = new Uint32Array(places); // the one that was counted there last
    question.forEach((asked, n) => {
      for (const [word, counts] of this.alike(asked)) {
        this.fields.forEach((weight, field) => {
          const list = this.lists[word * this.fields.length + field]!;
          const rare = (this.size - list.length / 2 + 0.5) / (list.length / 2 + 0.5);
          const most = counts * weight * Math.log(1 + Math.max(0, rare));
          const usual = this.sums[field]! / this.size;
          for (let at = 0; at < list.length; at += 2) {
            const place = list[at]!;
            if (!this.ids[place]) continue;
            if (last[place] !== n + 1) matched[place]!++;
            last[place] = n + 1;
            const mentions = list[at + 1]!;
            const long = 1 - B + (B * this.lengthOf(place, field)) / usual;
            scores[place]! += most * (LEAST + (mentions * (K + 1)) / (mentions + K * long));
          }
        });
      }
    });
    const best: Hit[] = [];
    this.ids.forEach((id, place) => {
      if (!matched[place]) return;
      // Who has more of the words goes first, and not who has one of them often.
      const score = scores[place]! * matched[place]! * worth(id);
      let rank = best.length;
      while (rank && best[rank - 1]!.score < score) rank--;
      if (rank < count) best.splice(rank, 0, { id, score });
      best.length = Math.min(best.length, count);
    });
    return best;
  }

  /** All that is needed to go on from here, without the gaps that removed texts have left. */
  toJSON(): KeptPostings {
    const kept: KeptPostings = { ids: [], lengths: [], words: [], found: [] };
    const wide = this.fields.length;
    const moved = this.ids.map((id) => (id ? kept.ids.push(id) - 1 : -1));
    kept.lengths = this.lengths.filter((_, n) => this.ids[(n / wide) | 0]);
    this.words.forEach((word, number) => {
      const begun = kept.found.length;
      for (const list of this.lists.slice(number * wide, (number + 1) * wide)) {
        const head = kept.found.push(0);
        let before = 0;
        for (let at = 0; at < list.length; at += 2) {
          const place = moved[list[at]!]!;
          if (place < 0) continue;
          kept.found.push(place - before, list[at + 1]!);
          before = place;
        }
        kept.found[head - 1] = kept.found.length - head;
      }
      if (kept.found.length > begun + wide) kept.words.push(word);
      else kept.found.length = begun; // only removed texts had it
    });
    return kept;
  }

  /** A word of a question and what each counts: itself, what begins with it, what is a letter away. */
  private alike(asked: string): Map<number, number> {
    const found = new Map<number, number>();
    const itself = this.numbers.get(asked);
    if (itself !== undefined) found.set(itself, 1);
    for (const other of this.shelves.get(asked.slice(0, WHOLE)) ?? []) {
      const said = this.words[other]!;
      const longer = said.length - asked.length;
      if (longer > 0 && said.startsWith(asked)) {
        found.set(other, (BEGINS * said.length) / (said.length + FADES * longer));
      }
    }
    if (asked.length <= WHOLE) return found;
    // One letter off, a word still has the first or the last one.
    for (const length of [asked.length - 1, asked.length, asked.length + 1]) {
      for (const key of endsOf(asked, length)) {
        for (const other of this.shelves.get(key) ?? []) {
          if (found.has(other) || !isOneAway(asked, this.words[other]!)) continue;
          found.set(other, (MISSPELT * length) / (length + 1));
        }
      }
    }
    return found;
  }

  private lengthOf(place: number, field: number): number {
    return this.lengths[place * this.fields.length + field]!;
  }

  private numberOf(word: string): number {
    const there = this.numbers.get(word);
    if (there !== undefined) return there;
    const number = this.words.push(word) - 1;
    this.numbers.set(word, number);
    this.fields.forEach(() => this.lists.push([]));
    for (const key of [word.slice(0, WHOLE), ...endsOf(word, word.length)]) {
      const alike = this.shelves.get(key);
      if (alike) alike.push(number);
      else this.shelves.set(key, [number]);
    }
    return number;
  }
}

/** A word's first letter and its last one, each with a length. */
function endsOf(word: string, length: number): string[] {
  return [`<${word[0]}${length}`, `>${word.at(-1)}${length}`];
}

/** Whether one letter more or another makes one word of the other; at most a letter longer. */
function isOneAway(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  const more = long.length - short.length;
  let at = 0;
  while (at < short.length && short.charCodeAt(at) === long.charCodeAt(at)) at++;
  let rest = at + 1;
  while (rest < long.length && short.charCodeAt(rest - more) === long.charCodeAt(rest)) rest++;
  return at < long.length && rest === long.length;
}
