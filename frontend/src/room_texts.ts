/** Autosave: each field goes to this device first, then to the server; no text is ever dropped. */

export interface SaveWords {
  saved_here: string;
  saved_everywhere: string;
  saving: string;
  sign_in_again: string;
  your_copy: string;
  put_back: string;
}

export interface ServerText {
  body: string;
  rev: number;
}

interface Sending {
  body: string;
  base_rev: number;
  operation: string;
}

/** What this device keeps until the server has it. */
interface Kept {
  latest: string;
  base_rev: number;
  sending: Sending | null;
}

interface Saved {
  rev: number;
  body: string;
  conflict: boolean;
  copy: string;
}

type Box = HTMLTextAreaElement | HTMLInputElement | HTMLSelectElement;

const PAUSE = 700; // milliseconds without typing before a save
const LONGEST_WAIT = 30_000;

/** A random UUID; `crypto.randomUUID` is missing where a house serves plain HTTP. */
function freshId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export class Field {
  private rev: number;
  private settled: string; // the text both sides agree on
  private sending: Sending | null = null;
  private inFlight = false;
  private timer = 0;
  private wait = 1_000;

  constructor(
    private readonly box: Box,
    readonly name: string,
    private readonly url: string,
    private readonly store: string,
    private readonly words: SaveWords,
    private readonly csrf: () => string,
  ) {
    this.rev = Number(box.dataset.rev ?? "0");
    this.settled = box.value;
    this.restore();
    box.addEventListener("input", () => this.changed());
    box.addEventListener("change", () => this.changed());
    window.addEventListener("online", () => void this.send());
  }

  get isDirty(): boolean {
    return this.sending !== null || this.box.value !== this.settled;
  }

  /** A text from the server: taken over unless something unsent stands here. */
  hear(text: ServerText): void {
    if (this.isDirty || text.rev <= this.rev) return;
    this.take(text.body, text.rev);
  }

  /** Send now, when the page is about to go away. */
  flush(): void {
    if (this.isDirty) void this.send(true);
  }

  private changed(): void {
    this.keep();
    this.show(this.words.saved_here, "here");
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.send(), PAUSE);
  }

  private async send(leaving = false): Promise<void> {
    if (this.inFlight && !leaving) return;
    if (this.sending === null) {
      if (this.box.value === this.settled) return;
      this.sending = { body: this.box.value, base_rev: this.rev, operation: freshId() };
    }
    // The same save under the same id until it is answered: an answer lost on the way back must
    // not make a second revision.
    const sent = this.sending;
    this.keep();
    window.clearTimeout(this.timer);
    this.inFlight = true;
    this.show(this.words.saving, "saving");
    let saved: Saved | null = null;
    try {
      saved = await this.post(sent, leaving);
    } catch {
      this.show(this.words.saved_here, "here");
    }
    this.inFlight = false;
    if (saved !== null) {
      this.wait = 1_000;
      this.sending = null;
      this.answered(sent, saved);
    } else if (this.sending !== null) {
      this.timer = window.setTimeout(() => void this.send(), this.wait);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    }
  }

  private async post(sent: Sending, leaving: boolean): Promise<Saved | null> {
    const answer = await fetch(this.url, {
      method: "POST",
      headers: {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-CSRFToken": this.csrf(),
        Accept: "application/json",
      },
      body: new URLSearchParams({
        field: this.name,
        body: sent.body,
        base_rev: String(sent.base_rev),
        operation: sent.operation,
      }),
      keepalive: leaving,
    });
    if (answer.ok && !answer.redirected) return (await answer.json()) as Saved;
    if (answer.redirected || answer.status === 403) {
      this.show(this.words.sign_in_again, "here");
      return null;
    }
    if (answer.status >= 500) {
      this.show(this.words.saved_here, "here");
      return null;
    }
    // Refused for good (too long, say): the next change is a new save.
    this.sending = null;
    const refused = (await answer.json()) as { detail?: string };
    this.show(refused.detail ?? this.words.saved_here, "here");
    return null;
  }

  private answered(sent: Sending, saved: Saved): void {
    const typedSince = this.box.value !== sent.body;
    if (saved.conflict) {
      // The newer text of the other person stands; what was written here stays beside it.
      const mine = this.box.value;
      this.take(saved.body, saved.rev);
      this.offerCopy(mine);
    } else if (typedSince) {
      this.rev = saved.rev;
      this.settled = saved.body;
      void this.send();
      return;
    } else {
      this.rev = saved.rev;
      this.settled = this.box.value;
    }
    this.forget();
    this.show(this.words.saved_everywhere, "everywhere");
  }

  private take(body: string, rev: number): void {
    const box = this.box;
    const cursor = box instanceof HTMLTextAreaElement ? box.selectionStart : null;
    this.rev = rev;
    this.settled = body;
    if (box.value !== body) {
      box.value = body;
      if (cursor !== null && document.activeElement === box && box instanceof HTMLTextAreaElement) {
        box.setSelectionRange(cursor, cursor);
      }
    }
  }

  private offerCopy(mine: string): void {
    const place = document.querySelector<HTMLElement>(`[data-copies="${this.name}"]`);
    if (!place || !mine) return;
    const note = document.createElement("div");
    note.className = "copy";
    const label = document.createElement("p");
    label.textContent = this.words.your_copy;
    const text = document.createElement("pre");
    text.textContent = mine;
    const back = document.createElement("button");
    back.type = "button";
    back.className = "btn";
    back.dataset.variant = "outline";
    back.dataset.size = "sm";
    back.textContent = this.words.put_back;
    back.addEventListener("click", () => {
      const joint = this.box.value && this.box instanceof HTMLTextAreaElement ? "\n\n" : "";
      this.box.value = joint ? `${this.box.value}${joint}${mine}` : mine;
      note.remove();
      this.box.focus();
      this.changed();
    });
    note.append(label, text, back);
    place.append(note);
    place.hidden = false;
  }

  private show(text: string, state: string): void {
    const sign = document.querySelector<HTMLElement>(`[data-save-state="${this.box.dataset.saveIn ?? this.name}"]`);
    if (!sign) return;
    sign.dataset.state = state;
    if (sign.textContent !== text) sign.textContent = text;
  }

  private keep(): void {
    const kept: Kept = { latest: this.box.value, base_rev: this.rev, sending: this.sending };
    try {
      localStorage.setItem(this.store, JSON.stringify(kept));
    } catch {
      // A full or forbidden store: the server is then the only place, and the page says so.
    }
  }

  private forget(): void {
    localStorage.removeItem(this.store);
  }

  /** What an earlier page could not deliver comes back into the box and is sent. */
  private restore(): void {
    let kept: Kept | null = null;
    try {
      kept = JSON.parse(localStorage.getItem(this.store) ?? "null") as Kept | null;
    } catch {
      return;
    }
    if (kept === null) return;
    if (kept.latest === this.settled && kept.sending === null) {
      this.forget();
      return;
    }
    this.box.value = kept.latest;
    this.rev = kept.base_rev;
    this.sending = kept.sending;
    void this.send();
  }
}
