/** What the server tells about a room, and the words that the script says. */

import type { AlertWords } from "./room_alerts";
import type { Saved, ServerText } from "./room_field";
import type { TimerWords } from "./room_timer";

export interface RoomState {
  epoch: string;
  rev: number;
  state: string;
  sign: string; // differs when anything in the live parts does
  started_at: string | null;
  ends_at: string | null;
  texts: Record<string, ServerText>;
  notes: { person: string; body: string }[];
  ticks: Record<string, string>;
}

export interface RoomWords extends TimerWords, AlertWords {
  saved: Record<Saved, string>;
  labels: Record<string, string>;
  conflict: string;
  told_later: string;
  needs_network: string;
  started_here: string;
  theirs_counts: string;
}
