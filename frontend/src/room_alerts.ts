/** What a person must know about their text, and can do about it: copy it, keep it as a file. */

import type { Link } from "./sync";

export interface AlertWords {
  not_saved_title: string;
  not_saved: string;
  too_long_title: string;
  too_long: string;
  parked_title: string;
  parked: string;
  spoilt: string;
  copy: string;
  copied: string;
  download: string;
  discard: string;
  signed_out: string;
  sign_in: string;
  other_account: string;
  offline: string;
  back: string;
  open_now: string;
  withdrawn: string;
}

export interface Told {
  key: string;
  kind: "danger" | "note";
  title: string;
  text: string; // the sentence
  own: string; // what was typed
  label: string; // of the field it was typed in
  discard?: () => void;
}

export class Alerts {
  constructor(
    private readonly place: HTMLElement,
    private readonly words: AlertWords,
  ) {}

  /** Show one alert, or change what it holds; the newest text is always the one to copy. */
  show(told: Told): void {
    const there = this.find(told.key);
    if (there) {
      const text = there.querySelector("textarea");
      if (text && text.value !== told.own) text.value = told.own;
      return;
    }
    const box = make("section", { className: told.kind === "danger" ? "alert" : "card stack-sm" });
    box.dataset["told"] = told.key;
    box.dataset["variant"] = told.kind === "danger" ? "destructive" : "";
    const id = `told-${told.key.replace(/[^\w-]/g, "-")}`;
    const title = make("h2", { textContent: told.title, id: `${id}-title` });
    box.setAttribute("aria-labelledby", title.id);
    if (told.kind === "danger") box.setAttribute("role", "alert");
    const body = make("div", { className: "stack-sm" });
    const label = make("label", { textContent: told.label, htmlFor: id, className: "label" });
    const text = make("textarea", { value: told.own, readOnly: true, id, className: "textarea", rows: 3 });
    const row = make("div", { className: "actions" });
    const said = make("span", { className: "muted" });
    said.setAttribute("role", "status");
    row.append(
      this.button(this.words.copy, () => {
        void copy(text).then(() => {
          said.textContent = this.words.copied;
        });
      }),
      this.button(this.words.download, () => download(told.label, text.value)),
    );
    if (told.discard) row.append(this.button(this.words.discard, told.discard, "ghost"));
    row.append(said);
    body.append(make("p", { textContent: told.text }), label, text, row);
    box.append(title, body);
    this.place.append(box);
    this.place.hidden = false;
  }

  hide(key: string): void {
    this.find(key)?.remove();
    this.place.hidden = this.place.childElementCount === 0;
  }

  /** Between this device and the server: one quiet line, and the way on where there is one. */
  showLink(link: Link, loginUrl: string): void {
    this.hide("link");
    const text = {
      ok: "",
      unknown: "",
      offline: this.words.offline,
      signed_out: this.words.signed_out,
      other_account: this.words.other_account,
    }[link];
    const isOut = link === "signed_out" || link === "other_account";
    const way = isOut ? { href: loginUrl, target: "_blank", textContent: this.words.sign_in } : null;
    if (text) this.line("link", text, way);
  }

  /** On a page that stood in while there was no network: there is one again, and the way to the whole page. */
  showBack(isBack: boolean): void {
    const way = { href: window.location.href, textContent: this.words.open_now };
    if (isBack && this.words.back) this.line("back", this.words.back, way);
    else this.hide("back");
  }

  line(key: string, text: string, way: Partial<HTMLAnchorElement> | null = null): void {
    if (this.find(key)) return;
    const line = make("p", { className: "note", textContent: text });
    line.dataset["told"] = key;
    line.setAttribute("role", "status");
    if (way) line.append(" ", make("a", way));
    this.place.append(line);
    this.place.hidden = false;
  }

  private find(key: string): HTMLElement | null {
    return this.place.querySelector<HTMLElement>(`[data-told="${CSS.escape(key)}"]`);
  }

  private button(words: string, press: () => void, variant = "outline"): HTMLButtonElement {
    const made = make("button", { type: "button", className: "btn", textContent: words });
    made.dataset["variant"] = variant;
    made.dataset["size"] = "sm";
    made.addEventListener("click", press);
    return made;
  }
}

function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  values: Partial<HTMLElementTagNameMap[K]>,
): HTMLElementTagNameMap[K] {
  return Object.assign(document.createElement(tag), values);
}

async function copy(box: HTMLTextAreaElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(box.value);
  } catch {
    box.select(); // then a key does it
    document.execCommand("copy");
  }
}

function download(name: string, text: string): void {
  const href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  make("a", { href, download: `${name}.txt` }).click();
  window.setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
