/**
 * From what somebody wrote to the words that search compares; `domain/text/analyser.py` does the same
 * on the server, word for word, and a test holds the two together.
 */

import { stemEnglish } from "./stem_english";
import { stemGerman } from "./stem_german";
import { STOP_WORDS } from "./stop_words";

/** Raised whenever the same text gives other words than before: an index kept longer is built anew. */
export const ANALYSER = 1;

const LONGEST = 64; // characters of a word that count; what is longer was not typed by a person
const SHORT = 2; // words this short have no ending to take off: "is", "js", "AG"
const WORD = /[\p{L}\p{N}\p{M}]+(?:'[\p{L}\p{N}\p{M}]+)*(?:\+\+|#)?/gu;
const STEMS: Readonly<Record<string, (word: string) => string>> = {
  en: stemEnglish,
  de: stemGerman,
};
const NONE: ReadonlySet<string> = new Set();

/** The language without its country: "de" for "de-AT" and "de_CH". */
export function baseLanguage(language: string): string {
  return language.trim().toLowerCase().split(/[-_]/, 1)[0] ?? "";
}

/** The words of a text as search compares them, in order, repeated where the text repeats them. */
export function analyse(text: string, language: string): string[] {
  const base = baseLanguage(language);
  const stem = STEMS[base];
  if (!stem) return words(text).flatMap((word) => word.split("'").map(shortened)).filter(Boolean);
  const stop = STOP_WORDS[base] ?? NONE;
  const found: string[] = [];
  for (const each of words(text)) {
    const word = shortened(each.replace(/'s$/, "").replaceAll("'", ""));
    if (!stop.has(word)) found.push([...word].length > SHORT ? stem(word) : word);
  }
  return found;
}

/** What stands between spaces and signs, folded; an apostrophe inside a word stays. */
function words(text: string): string[] {
  const folded = text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replaceAll("ς", "σ")
    .replace(/[\u00ad\u200b]/g, "")
    .replace(/[’ʼ‘]/g, "'");
  return (folded.match(WORD) ?? []).map(speltOut);
}

/** A programming language of one letter with its sign spelt out; from others a sign is cut. */
function speltOut(word: string): string {
  const letters = word.replace(/(\+\+|#)$/, "");
  if (letters === word || [...letters].length > 1) return letters;
  return letters + (word.endsWith("#") ? "sharp" : "pp");
}

function shortened(word: string): string {
  return word.length <= LONGEST ? word : [...word].slice(0, LONGEST).join("");
}
