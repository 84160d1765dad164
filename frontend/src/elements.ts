/** Elements out of words: text is never read as markup, whoever wrote it. */

type Child = Node | string | null | false;

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | boolean> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== false) made.setAttribute(name, value);
  }
  made.append(...children.filter((one): one is Node | string => one !== null && one !== false));
  return made;
}

/** Words with a hole or two filled in. */
export function fill(words: string, holes: Record<string, string | number>): string {
  return words.replace(/\{(\w+)\}/g, (whole, name: string) => String(holes[name] ?? whole));
}

/** Paragraphs as they were written, without any markup. */
export function paragraphs(text: string): HTMLElement[] {
  return text
    .split(/\n{2,}/)
    .map((one) => one.trim())
    .filter(Boolean)
    .map((one) => {
      const made = h("p");
      one.split("\n").forEach((line, place) => {
        if (place) made.append(h("br"));
        made.append(line);
      });
      return made;
    });
}
