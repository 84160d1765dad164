/**
 * Porter, "An algorithm for suffix stripping" (1980), in the reading of Snowball's `porter`: a word
 * is a row of vowels and consonants, and an ending goes if enough of such rows stand before it.
 */

type Endings = readonly (readonly [string, string])[];

const DOUBLED = new Set(["bb", "dd", "ff", "gg", "mm", "nn", "pp", "rr", "tt"]);

// Longest first wherever one ends with another.
const STEP_2: Endings = [
  ["ational", "ate"],
  ["ization", "ize"],
  ["iveness", "ive"],
  ["fulness", "ful"],
  ["ousness", "ous"],
  ["tional", "tion"],
  ["biliti", "ble"],
  ["ousli", "ous"],
  ["entli", "ent"],
  ["aliti", "al"],
  ["iviti", "ive"],
  ["alism", "al"],
  ["ation", "ate"],
  ["anci", "ance"],
  ["enci", "ence"],
  ["abli", "able"],
  ["alli", "al"],
  ["izer", "ize"],
  ["ator", "ate"],
  ["eli", "e"],
];

const STEP_3: Endings = [
  ["icate", "ic"],
  ["ative", ""],
  ["alize", "al"],
  ["iciti", "ic"],
  ["ical", "ic"],
  ["ness", ""],
  ["ful", ""],
];

const STEP_4 = [
  "ement",
  "ance",
  "ence",
  "able",
  "ible",
  "ment",
  "ate",
  "ive",
  "ize",
  "iti",
  "ism",
  "ion",
  "ous",
  "ant",
  "ent",
  "al",
  "ic",
  "er",
  "ou",
];

/** Which letters are vowels; a y is one unless it begins the word or follows a vowel. */
function vowelsOf(word: string): boolean[] {
  const vowels: boolean[] = [];
  for (let at = 0; at < word.length; at++) {
    const letter = word[at] as string;
    vowels.push(letter === "y" ? at > 0 && !vowels[at - 1] : "aeiou".includes(letter));
  }
  return vowels;
}

/** Behind the first consonant that follows a vowel, from `start` on; the word's end if there is none. */
function afterRow(vowels: readonly boolean[], start: number): number {
  let at = start;
  while (at < vowels.length && !vowels[at]) at++;
  while (at < vowels.length && vowels[at]) at++;
  return at < vowels.length ? at + 1 : vowels.length;
}

/** Whether it ends consonant, vowel, consonant, the last none of w, x and y: as in "hop". */
function isShort(word: string): boolean {
  const last = word.length - 1;
  const vowels = vowelsOf(word);
  return (
    last >= 2 &&
    !vowels[last] &&
    !"wxy".includes(word[last] as string) &&
    vowels[last - 1] === true &&
    !vowels[last - 2]
  );
}

/** The stem of a word in small letters, exactly as Snowball's `porter` finds it. */
export function stemEnglish(word: string): string {
  const vowels = vowelsOf(word);
  const one = afterRow(vowels, 0);
  const two = afterRow(vowels, one);
  const hasVowel = (text: string): boolean => vowels.slice(0, text.length).includes(true);
  let text = word;

  if (text.endsWith("sses")) text = text.slice(0, -2);
  else if (text.endsWith("ies")) text = text.slice(0, -2);
  else if (text.endsWith("s") && !text.endsWith("ss")) text = text.slice(0, -1);

  if (text.endsWith("eed")) {
    if (text.length - 3 >= one) text = text.slice(0, -1);
  } else {
    const ending = text.endsWith("ed") ? "ed" : text.endsWith("ing") ? "ing" : "";
    const before = text.slice(0, text.length - ending.length);
    if (ending && hasVowel(before)) text = mended(before, one);
  }

  if (text.endsWith("y") && hasVowel(text.slice(0, -1))) text = `${text.slice(0, -1)}i`;

  text = replaced(text, STEP_2, one);
  text = replaced(text, STEP_3, one);

  const ending = STEP_4.find((each) => text.endsWith(each));
  if (ending) {
    const before = text.slice(0, text.length - ending.length);
    if (before.length >= two && (ending !== "ion" || /[st]$/.test(before))) text = before;
  }

  if (text.endsWith("e")) {
    const before = text.slice(0, -1);
    if (before.length >= two || (before.length >= one && !isShort(before))) text = before;
  }
  if (text.endsWith("ll") && text.length - 1 >= two) text = text.slice(0, -1);
  return text;
}

/** What is left after "ed" or "ing": "hopp" is "hop", "fil" is "file", "conflat" is "conflate". */
function mended(text: string, one: number): string {
  if (/(at|bl|iz)$/.test(text)) return `${text}e`;
  if (DOUBLED.has(text.slice(-2))) return text.slice(0, -1);
  return text.length === one && isShort(text) ? `${text}e` : text;
}

/** The first ending that fits is the only one looked at, whether or not enough stands before it. */
function replaced(text: string, endings: Endings, region: number): string {
  for (const [ending, instead] of endings) {
    if (text.endsWith(ending)) {
      const before = text.slice(0, text.length - ending.length);
      return before.length >= region ? before + instead : text;
    }
  }
  return text;
}
