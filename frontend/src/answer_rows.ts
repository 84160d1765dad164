/** Answers as a device keeps them, and which of them it keeps where there are very many. */

/** One answer as the server tells it; see "answers" in docs/operate/api.md. */
export interface Answer {
  id: string;
  question: string;
  answer: string;
  next_step: string;
  link: string;
  aliases: string[];
  skill: string | null;
  skill_name: string;
  owner: string; // a person's or a team's name; "" where there is nobody
  source: "session" | "written";
  language: string;
  checked_on: string | null; // a day, as "2026-11-26"
  review_by: string | null;
  flagged: boolean; // its session has later words that nobody has looked at
  uses: number;
}

/** That an answer is not there any more for this reader. */
export interface Gone {
  id: string;
  deleted: true;
}

export type Row = Answer | Gone;

export const CAP = 10_000;

export function isGone(row: Row): row is Gone {
  return "deleted" in row && row.deleted;
}

/** Whether nobody has looked at an answer since the day by which somebody should have. */
export function isExpired(answer: Answer, today: string): boolean {
  return answer.review_by !== null && answer.review_by < today;
}

/** The ids to keep of more answers than fit: those on the reader's teams' skills, then the most used. */
export function chosen(answers: Iterable<Answer>, skills: ReadonlySet<string>, cap = CAP): Set<string> {
  const order = [...answers].sort(
    (a, b) =>
      Number(skills.has(b.skill ?? "")) - Number(skills.has(a.skill ?? "")) ||
      b.uses - a.uses ||
      (b.checked_on ?? "").localeCompare(a.checked_on ?? "") ||
      a.id.localeCompare(b.id),
  );
  return new Set(order.slice(0, cap).map((answer) => answer.id));
}
