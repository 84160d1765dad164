/** Answers without a network: listed, searched and shown from what this device has. */

import { fill, h, paragraphs } from "./elements";
import {
  keepQuestion,
  putAside,
  refusedQuestions,
  sentQuestions,
  takeBack,
  waitingQuestions,
} from "./questions";
import type { Found, Searcher, Shelf } from "./searcher";
import { syncOf } from "./sync";

export type Words = Record<string, string>;

export const BELOW = "/answers/";
const FIVE = 5;
const LONGEST = 280; // characters of a question
const NOTED = 400; // milliseconds after the last key until the address says what is searched for
const PAUSE = 60; // milliseconds after a key; a search takes less than the next one

export class AnswersPage {
  private latest = 0;
  private handle = 0;
  private isBack = false;
  private shelf: Shelf | null = null;
  private isOne = false;
  private noting = 0;
  private readonly results = h("div", { "data-results": true, class: "stack-sm" });
  private readonly language: string;
  /** What is searched for stands in the question too, until somebody writes there. */
  private typed: (text: string) => void = () => undefined;
  private readonly voice = h("p", { class: "sr-only", role: "status" });

  constructor(
    private readonly main: HTMLElement,
    private readonly words: Words,
    private readonly account: string,
    private readonly searcher: Searcher,
    language: string,
  ) {
    this.language = language === "en" ? "en-GB" : language; // days as the server writes them
  }

  /** Show what the address asks for. */
  async show(): Promise<void> {
    window.clearTimeout(this.noting);
    const id = window.location.pathname.slice(BELOW.length).replace(/\/$/, "");
    const isOne = /^[0-9a-f-]{36}$/.test(id);
    this.isOne = isOne;
    const part = isOne ? await this.one(id) : await this.list();
    document.title = `${part.querySelector("h1")?.textContent ?? ""} · Handrail`;
    this.main.replaceChildren(part);
  }

  /** There is a network again, or none: the line about it changes, and nothing else under the reader. */
  setNetwork(isBack: boolean): void {
    if (isBack === this.isBack) return;
    this.isBack = isBack;
    this.main.querySelector("[data-offline-line]")?.replaceWith(this.isOne ? this.offline() : this.state());
    this.voice.textContent = isBack ? this.word("back_again") : "";
  }

  private word(name: string, holes: Record<string, string | number> = {}): string {
    return fill(this.words[name] ?? name, holes);
  }

  private day(day: string): string {
    const [year, month, date] = day.split("-").map(Number);
    const local = new Date(year ?? 0, (month ?? 1) - 1, date ?? 1);
    return new Intl.DateTimeFormat(this.language, { dateStyle: "medium" }).format(local);
  }

  private async list(): Promise<HTMLElement> {
    let shelf: Shelf | null = null;
    try {
      shelf = await this.searcher.do("shelf", { count: FIVE });
    } catch {
      // said below, in place of the list
    }
    this.shelf = shelf;
    const asked = new URLSearchParams(window.location.search).get("q") ?? "";
    const box = h("input", {
      class: "input",
      type: "search",
      id: "answers-search",
      value: asked,
      autocomplete: "off",
      "aria-describedby": "answers-search-help",
    });
    box.addEventListener("input", () => {
      this.typed(box.value);
      window.clearTimeout(this.handle);
      this.handle = window.setTimeout(() => void this.search(box.value, shelf), PAUSE);
    });
    const form = h(
      "form",
      { role: "search", class: "stack-sm", action: BELOW },
      h("label", { class: "label", for: "answers-search" }, this.word("search")),
      box,
      h("p", { class: "muted", id: "answers-search-help" }, this.word("search_help")),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.search(box.value, shelf);
    });
    const page = h(
      "div",
      { class: "narrow stack", "data-answers-kept": true },
      h("h1", {}, this.word("title")),
      this.state(),
      form,
      this.voice,
      this.results,
      await this.ask(asked),
      this.checklists(shelf),
    );
    await this.search(asked, shelf);
    return page;
  }

  /** That there is no network, as of when this is, and what is not here. */
  private state(): HTMLElement {
    if (this.isBack) return this.offline();
    const { shelf } = this;
    const again = h("a", { href: window.location.href, "data-try-again": true }, this.word("try_again"));
    const parts = [this.word("offline_line")];
    if (shelf?.synced_at) {
      const when = new Intl.DateTimeFormat(this.language, { dateStyle: "medium", timeStyle: "short" });
      parts.push(this.word("kept_at", { when: when.format(new Date(shelf.synced_at)) }));
    }
    const note = h("div", { class: "note", "data-offline-line": true }, h("p", {}, `${parts.join(" ")} `, again));
    if (shelf && shelf.total > shelf.kept) {
      const number = new Intl.NumberFormat(this.language);
      const said = { kept: number.format(shelf.kept), total: number.format(shelf.total) };
      note.append(h("p", {}, this.word("capped", said)));
    }
    return note;
  }

  private async search(question: string, shelf: Shelf | null): Promise<void> {
    const turn = (this.latest += 1);
    // For a reload, once typing pauses: browsers allow few changes of an address in a short time.
    window.clearTimeout(this.noting);
    this.noting = window.setTimeout(() => {
      const asked = question.trim() ? `?q=${encodeURIComponent(question)}` : "";
      if (turn === this.latest) window.history.replaceState(null, "", window.location.pathname + asked);
    }, NOTED);
    if (!shelf) return this.say(h("p", { class: "note" }, this.word("broken")));
    if (!shelf.kept) return this.say(h("p", { class: "note" }, this.word("none_kept")));
    if (!question.trim()) {
      this.voice.textContent = "";
      const used = shelf.used.map((answer) => ({ answer, score: 0, expired: isOld(answer.review_by) }));
      return this.say(h("h2", {}, this.word("most_used")), this.rows(used));
    }
    let found: Found[];
    try {
      found = await this.searcher.do("search", { question, count: FIVE });
    } catch {
      return this.say(h("p", { class: "note" }, this.word("broken")));
    }
    if (turn !== this.latest) return; // somebody has typed on
    const title = found.length ? this.word("best") : this.word("nothing");
    this.voice.textContent = found.length ? `${title}: ${found.length}` : title;
    if (!found.length) return this.say(h("p", {}, title));
    return this.say(h("h2", {}, title), this.rows(found), h("p", { class: "muted" }, this.word("perhaps")));
  }

  private say(...parts: HTMLElement[]): void {
    this.results.replaceChildren(...parts);
  }

  private rows(found: Found[]): HTMLElement {
    const list = h("ol", { class: "kept-list" });
    for (const one of found) {
      const link = h("a", { href: `${BELOW}${one.answer.id}/`, class: "kept-question" }, one.answer.question);
      list.append(h("li", {}, h("div", {}, link, this.origin(one))));
    }
    return list;
  }

  /** Owner, last check and source: with every answer, everywhere. */
  private origin({ answer, expired }: Found): HTMLElement {
    const owner = answer.owner ? this.word("owner", { name: answer.owner }) : this.word("nobody");
    let check = this.word("never_checked");
    if (answer.checked_on) {
      check = this.word(expired ? "not_checked" : "checked", { day: this.day(answer.checked_on) });
    }
    let source = this.word("source_written");
    if (answer.source === "session") {
      source = this.word(answer.skill_name ? "source_session_on" : "source_session", {
        skill: answer.skill_name,
      });
    }
    const line = h("p", { class: "muted" }, `${owner} · `, h("span", expired ? { class: "warn" } : {}, check));
    line.append(` · ${source}`);
    if (answer.flagged) line.append(h("br"), h("span", { class: "warn" }, this.word("flagged")));
    return line;
  }

  private async one(id: string): Promise<HTMLElement> {
    const found = await this.searcher.do("answer", { id }).catch(() => null);
    const page = h("article", { class: "narrow stack", "data-answer-kept": true });
    page.append(h("p", {}, h("a", { href: BELOW }, this.word("back"))));
    if (found) {
      const { answer } = found;
      page.append(h("h1", {}, answer.question), this.origin(found), this.offline());
      page.append(h("div", { class: "stack-sm", lang: answer.language }, ...paragraphs(answer.answer)));
      if (answer.next_step) {
        page.append(h("section", {}, h("h2", {}, this.word("next_step")), ...paragraphs(answer.next_step)));
      }
      if (/^https?:\/\//.test(answer.link)) {
        page.append(h("p", {}, h("a", { href: answer.link, rel: "noreferrer noopener" }, answer.link)));
      }
    } else {
      page.append(h("h1", {}, this.word("title")), h("p", { class: "note" }, this.word("gone")));
    }
    page.append(await this.ask(""));
    return page;
  }

  private offline(): HTMLElement {
    if (this.isBack) return backLine(this.words);
    return h("p", { class: "note", "data-offline-line": true }, this.word("offline_line"));
  }

  /** A question that waits: always there, whatever was found. */
  private async ask(searched: string): Promise<HTMLElement> {
    const text = h("input", { class: "input", id: "ask-text", maxlength: String(LONGEST), "aria-describedby": "ask-help" });
    const note = h("textarea", { class: "textarea", id: "ask-note", rows: "3", maxlength: "4000" });
    const error = h("p", { class: "error", id: "ask-error", role: "alert" });
    const told = h("p", { class: "muted", role: "status", "data-question-told": true });
    const waiting = h("div", { "data-waiting": true });
    const form = h(
      "form",
      { class: "form stack-sm" },
      h("div", { class: "field" }, h("label", { class: "label", for: "ask-text" }, this.word("ask_label")), text),
      error,
      h("div", { class: "field" }, h("label", { class: "label", for: "ask-note" }, this.word("ask_note")), note),
      h("p", { class: "muted", id: "ask-help" }, this.word("ask_help")),
      h("div", { class: "actions" }, h("button", { class: "btn" }, this.word("ask_send"))),
      told,
    );
    let isOwn = false;
    text.value = searched;
    text.addEventListener("input", () => {
      isOwn = text.value !== "";
    });
    this.typed = (said) => {
      if (!isOwn) text.value = said.slice(0, LONGEST);
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      error.textContent = "";
      told.textContent = "";
      if (!text.value.trim()) {
        error.textContent = this.word("ask_empty");
        text.focus();
        return;
      }
      keepQuestion(this.account, text.value.trim(), note.value, new Date()).then(
        () => {
          told.textContent = this.word("will_be_sent");
          form.reset();
          isOwn = true; // the next search is not the next question by itself
          void this.renewWaiting(waiting);
        },
        () => {
          error.textContent = this.word("not_kept");
        },
      );
    });
    await this.renewWaiting(waiting);
    const sent = h("div", { role: "status", class: "stack-sm" });
    syncOf(this.account).onNews((news) => {
      for (const one of sentQuestions(news)) {
        const link = h("a", { href: `${BELOW}questions/${one.id}/` }, this.word("see_question"));
        sent.append(h("p", { class: "note" }, `${this.word("sent")} ${one.text} `, link));
      }
      void this.renewWaiting(waiting);
    });
    return h(
      "section",
      { class: "stack-sm", "aria-labelledby": "ask-title" },
      h("h2", { id: "ask-title" }, this.word("ask_title")),
      form,
      sent,
      waiting,
    );
  }

  private async renewWaiting(place: HTMLElement): Promise<void> {
    const all = await waitingQuestions(this.account).catch(() => []);
    const refused = await refusedQuestions(this.account).catch(() => []);
    place.replaceChildren(...this.refused(refused, place));
    if (!all.length) return;
    const list = h("ul", { class: "kept-list" });
    for (const one of all) {
      const back = h("button", { type: "button", class: "btn", "data-variant": "ghost", "data-size": "sm" });
      back.textContent = this.word("take_back");
      back.addEventListener("click", () => {
        void takeBack(this.account, one.id).then(() => this.renewWaiting(place));
      });
      list.append(h("li", {}, h("span", {}, one.text), back));
    }
    place.append(h("h3", {}, this.word("waiting")), list);
  }

  /** What the server did not take: shown with its reason, to be copied or put aside. */
  private refused(all: { id: string; text: string; reason: string }[], place: HTMLElement): HTMLElement[] {
    if (!all.length) return [];
    const list = h("ul", { class: "kept-list" });
    for (const one of all) {
      const aside = h("button", { type: "button", class: "btn", "data-variant": "ghost", "data-size": "sm" });
      aside.textContent = this.word("put_aside");
      aside.addEventListener("click", () => {
        void putAside(this.account, one.id).then(() => this.renewWaiting(place));
      });
      const said = h("div", {}, h("span", {}, one.text), h("span", { class: "error" }, one.reason));
      list.append(h("li", {}, said, aside));
    }
    return [h("h3", {}, this.word("not_taken")), list];
  }

  private checklists(shelf: Shelf | null): HTMLElement | null {
    if (!shelf?.checklists.length) return null;
    const part = h(
      "section",
      { class: "stack-sm", "aria-labelledby": "checklists-title" },
      h("h2", { id: "checklists-title" }, this.word("checklists")),
      h("p", { class: "muted" }, this.word("checklists_help")),
    );
    for (const one of shelf.checklists) {
      const items = h("ul", {}, ...one.items.map((item) => h("li", {}, item)));
      part.append(h("details", { class: "quiet" }, h("summary", {}, one.program), items));
    }
    return part;
  }
}

/** That there is a network again, and the way to the page that it brings. */
function backLine(words: Words): HTMLElement {
  const way = h("a", { href: window.location.href, "data-try-again": true }, words["open_now"] ?? "");
  return h("p", { class: "note", role: "status", "data-offline-line": true }, `${words["back_again"] ?? ""} `, way);
}

function isOld(reviewBy: string | null): boolean {
  return reviewBy !== null && reviewBy < new Date().toLocaleDateString("sv");
}
