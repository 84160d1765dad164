/** Snowball's `german` (as of Snowball 3): endings go by three steps, umlauts at the end of it. */

const VOWELS = "aeiouyäöü";
const SPELT: Readonly<Record<string, string>> = { ß: "ss", ae: "ä", oe: "ö", ue: "ü" };
const PLAIN: Readonly<Record<string, string>> = { U: "u", Y: "y", ä: "a", ö: "o", ü: "u" };

// Longest first wherever one ends with another.
const FIRST = ["erinnen", "erin", "ern", "lns", "em", "en", "er", "es", "ln", "e", "s"];
const SECOND = ["est", "en", "er", "et", "st"];
const THIRD = ["isch", "lich", "heit", "keit", "end", "ung", "ig", "ik"];
const KEEPS_ET = /(tick|plan|geordn|intern|tr)$/;

function isVowel(letter: string | undefined): boolean {
  return letter !== undefined && VOWELS.includes(letter);
}

/** Behind the first consonant that follows a vowel, from `start` on, or -1 if there is none. */
function afterRow(text: string, start: number): number {
  let at = start;
  while (at < text.length && !isVowel(text[at])) at++;
  while (at < text.length && isVowel(text[at])) at++;
  return at < text.length ? at + 1 : -1;
}

/** One spelling for each sound; a u or y between vowels is a consonant, and written large. */
function spelt(word: string): string {
  const letters = [...word];
  for (let at = 1; at < letters.length - 1; at++) {
    const letter = letters[at] as string;
    if ((letter === "u" || letter === "y") && isVowel(letters[at - 1]) && isVowel(letters[at + 1]))
      letters[at] = letter.toUpperCase();
  }
  return letters.join("").replace(/ß|qu|ae|oe|ue/g, (found) => SPELT[found] ?? found);
}

/** The stem of a word in small letters, exactly as Snowball's `german` finds it. */
export function stemGerman(word: string): string {
  let text = spelt(word);
  let one = text.length;
  let two = text.length;
  if (text.length >= 3) {
    const first = afterRow(text, 0);
    if (first >= 0) {
      one = Math.max(first, 3);
      const second = afterRow(text, first);
      if (second >= 0) two = second;
    }
  }
  text = withoutFirst(text, one);
  text = withoutSecond(text, one);
  text = withoutThird(text, one, two);
  const possessive = /('|'s|'sch)$/.exec(text);
  if (possessive && possessive.index >= 2) text = text.slice(0, possessive.index);
  return text.replace(/[UYäöü]/g, (letter) => PLAIN[letter] as string);
}

function withoutFirst(text: string, one: number): string {
  const ending = FIRST.find((each) => text.endsWith(each));
  if (ending === undefined) return text;
  const before = text.slice(0, text.length - ending.length);
  if (before.length < one) return text;
  switch (ending) {
    case "em":
      return before.endsWith("syst") ? text : before;
    case "e":
    case "en":
    case "es":
      return before.endsWith("niss") ? before.slice(0, -1) : before;
    case "s":
      return /[bdfghklmnrt]$/.test(before) ? before : text;
    case "ln":
    case "lns":
      return `${before}l`;
    default:
      return before;
  }
}

function withoutSecond(text: string, one: number): string {
  const ending = SECOND.find((each) => text.endsWith(each));
  if (ending === undefined) return text;
  const before = text.slice(0, text.length - ending.length);
  if (before.length < one) return text;
  if (ending === "st") return before.length >= 4 && /[bdfghklmnt]$/.test(before) ? before : text;
  if (ending === "et")
    return /[Udfgklmnrstzä]$/.test(before) && !KEEPS_ET.test(before) ? before : text;
  return before;
}

function withoutThird(text: string, one: number, two: number): string {
  const ending = THIRD.find((each) => text.endsWith(each));
  if (ending === undefined) return text;
  const before = text.slice(0, text.length - ending.length);
  if (before.length < two) return text;
  switch (ending) {
    case "end":
    case "ung":
      return /(?<!e)ig$/.test(before) ? without(before, "ig", two) : before;
    case "ig":
    case "ik":
    case "isch":
      return before.endsWith("e") ? text : before;
    case "lich":
    case "heit":
      return without(before, "er", one, "en");
    default:
      return without(before, "lich", two, "ig");
  }
}

/** The text without the first of the endings that fits, where enough stands before it. */
function without(text: string, first: string, region: number, second = first): string {
  const ending = [first, second].find((each) => text.endsWith(each));
  if (!ending) return text;
  return text.length - ending.length >= region ? text.slice(0, -ending.length) : text;
}
