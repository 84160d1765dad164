/** One text of the room: to this device's disk with every key, from there to the server. */

import { type Field, freshId, LONGEST, type Op, type Store } from "./store";
import { opOf, type Sync } from "./sync";

/** How far a text has come; the later a state stands here, the more a person has to know it. */
export const STATES = ["everywhere", "here", "saving", "parked", "long", "unsaved"] as const;
export type Saved = (typeof STATES)[number];

export interface ServerText {
  body: string;
  rev: number;
}

export type Box = HTMLTextAreaElement | HTMLInputElement | HTMLSelectElement;

interface Ears {
  changed: (field: RoomField) => void;
  failed: (field: RoomField) => void;
}

const AGAIN = 10_000; // milliseconds until the disk is tried once more
const MID_WORD = 1_500; // milliseconds after a key in which no other text takes the box

export class RoomField {
  private row: Field;
  private readonly begun: string; // the box as the page brought it
  private writing: Promise<void> | null = null;
  private isOpen = false;
  private isParked = false;
  private hasFailed = false;
  private again = 0;
  private typedAt = -MID_WORD;
  private pause = 0;
  private heard: { text: ServerText; rev: number } | null = null; // waits for a pause
  private inMemory: Op | null = null; // on its way without a disk
  private onServer: string | null = null; // what reached the server without a disk

  constructor(
    readonly box: Box,
    readonly name: string,
    private readonly target: string,
    private readonly store: Store,
    private readonly sync: Sync,
    private readonly ears: Ears,
  ) {
    // What differs from it was typed before this script came.
    this.begun = box instanceof HTMLSelectElement ? chosenFirst(box) : box.defaultValue;
    this.row = { target, name, value: "", base: "", rev: 0, n: 0, dirty: false, op: "" };
    box.addEventListener("input", () => {
      this.typedAt = performance.now();
      this.typed();
    });
    box.addEventListener("change", () => this.typed());
  }

  get value(): string {
    // What no database takes and nobody types: a zero byte, half a sign.
    return this.box.value.replace(/\0|\p{Surrogate}/gu, "\ufffd");
  }

  get saved(): Saved {
    if (!this.isOpen) return this.box.value === this.begun ? "everywhere" : "saving";
    const isWritten = this.value === this.row.value;
    if (this.hasFailed && !isWritten) return this.value === this.onServer ? "everywhere" : "unsaved";
    if (!isWritten) return "saving";
    if (this.row.dirty && this.value.length > LONGEST) return "long";
    if (this.row.dirty || this.row.op) return "here";
    return this.isParked ? "parked" : "everywhere";
  }

  /** The room's revision when the server last took or gave this text. */
  get rev(): number {
    return this.row.rev;
  }

  /** Begin with what the server shows and what this device kept. */
  open(kept: Field | undefined, told: ServerText | undefined, rev: number): void {
    const server = told ?? { body: this.begun, rev: 0 };
    const typed = this.box.value !== this.begun ? this.value : null;
    const isUnsent = kept !== undefined && (kept.dirty || kept.op !== "");
    // A choice that nobody made yet shows its first line; that is no text of anybody's.
    const body = server.body || (this.box instanceof HTMLSelectElement ? this.value : "");
    this.row = { ...this.row, value: body, base: server.body, rev };
    if (kept && (isUnsent || kept.rev > rev)) this.row = kept;
    else if (kept) this.row = { ...this.row, n: kept.n };
    this.isOpen = true;
    if (typed === null) this.show(this.row.value);
    else if (typed !== this.row.value) this.goOn(server.body);
    this.ears.changed(this);
  }

  /** Somebody typed before we came, upon the server's text: what waits here goes out by itself. */
  private goOn(seen: string): void {
    const kept = this.row;
    if (kept.dirty && kept.value !== seen) this.writing = this.sendBeside(kept).catch(() => undefined).finally(() => {
      this.writing = null;
      this.typed();
    });
    this.row = { ...kept, base: seen };
    if (!this.writing) this.typed();
  }

  private async sendBeside(kept: Field): Promise<void> {
    const theirs = opOf(this.store, "room", this.target, { [this.name]: kept.value });
    theirs.base = { [this.name]: kept.base };
    theirs.base_rev = kept.rev;
    await this.store.addOp(theirs);
  }

  /** A text from the server: taken over unless something unsent stands here; then false. */
  hear(text: ServerText, rev: number): boolean {
    if (!this.isOpen || this.saved !== "everywhere" || this.writing) return false;
    const isNews = text.body !== this.row.value && (text.body || !(this.box instanceof HTMLSelectElement));
    if (!isNews || rev < this.row.rev) return true;
    if (this.isMidWord) {
      this.heard = { text, rev };
      this.waitForPause();
      return true;
    }
    this.onServer = null;
    void this.store.forget(this.row).catch(() => undefined);
    this.row = { ...this.row, value: text.body, base: text.body, rev };
    this.show(text.body);
    this.ears.changed(this);
    return true;
  }

  /** The server began anew from an older backup: its revisions count from there. */
  forgetRevisions(): void {
    this.row = { ...this.row, rev: 0 };
  }

  /** Another tab, or the server's answer, has changed what the disk has. */
  async reread(isParked = false): Promise<void> {
    await this.writing;
    const there = await this.store.field(this.target, this.name).catch(() => undefined);
    if (isParked) this.isParked = true;
    if (there && there.n > this.row.n) {
      const isOurs = this.value === this.row.value;
      if (isOurs && this.isMidWord && there.value !== this.value) {
        this.waitForPause();
      } else if (isOurs) {
        this.row = there;
        this.show(there.value);
      } else {
        this.typed(); // writing it finds out what the other one says
      }
    }
    this.ears.changed(this);
  }

  /** The store was emptied under us: what only it had comes back from this page. */
  rewrite(): void {
    if (this.saved === "everywhere") {
      this.row = { ...this.row, n: 0 };
      return;
    }
    this.row = { ...this.row, n: 0, op: "", dirty: true };
    this.typed(true);
  }

  /** Put a text below what stands here, as if it had been typed. */
  add(text: string): void {
    const joint = this.box.value && this.box instanceof HTMLTextAreaElement ? "\n\n" : "";
    this.box.value = joint ? `${this.box.value}${joint}${text}` : text;
    this.box.focus();
    this.typed();
  }

  /** Resolves once the disk has what stands in the box, or has refused it. */
  async settled(): Promise<void> {
    await this.writing;
  }

  /** Half a word must not end up in one text and its other half in another. */
  private get isMidWord(): boolean {
    return document.activeElement === this.box && performance.now() - this.typedAt < MID_WORD;
  }

  private waitForPause(): void {
    window.clearTimeout(this.pause);
    this.pause = window.setTimeout(() => void this.goOnAfterPause(), MID_WORD);
  }

  private async goOnAfterPause(): Promise<void> {
    await this.reread();
    const heard = this.heard;
    this.heard = null;
    if (heard) this.hear(heard.text, heard.rev);
  }

  private typed(force = false): void {
    if (!this.isOpen) {
      this.ears.changed(this); // `open` finds what was typed before it
      return;
    }
    this.isParked = false;
    this.writing ??= this.writeAll(force).finally(() => {
      this.writing = null;
      this.ears.changed(this);
      if (!this.hasFailed && this.value !== this.row.value) this.typed();
    });
    this.ears.changed(this);
  }

  private async writeAll(force: boolean): Promise<void> {
    while (force || this.value !== this.row.value) {
      force = false;
      try {
        await this.write(this.value);
        this.hasFailed = false;
        this.inMemory = null;
        this.sync.whisper({ changed: this.target });
        this.sync.poke();
        this.ears.changed(this);
      } catch {
        this.hasFailed = true;
        this.ears.failed(this);
        void this.sendFromMemory();
        window.clearTimeout(this.again);
        this.again = window.setTimeout(() => this.typed(), AGAIN);
        return;
      }
    }
  }

  private async write(value: string): Promise<void> {
    for (;;) {
      const wanted = { ...this.row, target: this.target, name: this.name, value, dirty: true };
      const { written, field } = await this.store.put(wanted);
      if (written) {
        this.row = field;
        return;
      }
      if (field.value === value) {
        this.row = field;
        return;
      }
      if (value === this.row.value) {
        this.row = field; // written again for safety only: the other one's is the newer
        this.show(field.value);
        return;
      }
      const isUnsent = field.dirty || field.op !== "";
      const isNews = field.value !== this.row.value;
      if (isNews && isUnsent) {
        // Another tab wrote another text: theirs goes to the server first, ours after it, and the
        // server keeps the one beside the other.
        await this.sendBeside(field);
      }
      // Ours is still about what we had seen: taking the new base would cover what we have not, and
      // so would the answer to an operation that carries another text than the one we went on from.
      const base = isUnsent || !isNews ? field.base : this.row.base;
      const op = isNews ? "" : field.op;
      this.row = { ...this.row, base, n: field.n, op, rev: field.rev };
    }
  }

  /** The disk will not have it: to the server at once, under one id for the same text. */
  private async sendFromMemory(): Promise<void> {
    const value = this.value;
    if (value === this.onServer) return;
    if (this.inMemory?.fields[this.name] !== value) {
      this.inMemory = opOf(this.store, "room", this.target, { [this.name]: value });
      this.inMemory.id = freshId();
      this.inMemory.base = { [this.name]: this.row.base };
      this.inMemory.base_rev = this.row.rev;
    }
    try {
      const result = await this.sync.sendNow(this.inMemory);
      if (result.status === "parked") return;
      this.onServer = value;
      if (!result.conflict.includes(this.name)) this.row = { ...this.row, base: value };
      this.ears.changed(this);
    } catch {
      // The alert stays; the next key, or ten seconds, try again.
    }
  }

  private show(text: string): void {
    const box = this.box;
    if (box.value === text) return;
    const cursor = box instanceof HTMLTextAreaElement ? box.selectionStart : null;
    box.value = text;
    if (cursor !== null && document.activeElement === box && box instanceof HTMLTextAreaElement) {
      box.setSelectionRange(cursor, cursor);
    }
  }
}

function chosenFirst(box: HTMLSelectElement): string {
  return ([...box.options].find((one) => one.defaultSelected) ?? box.options[0])?.value ?? "";
}
