/** Keeping a room on this device as the server showed it. */

import type { RoomState } from "./room_state";
import type { Store } from "./store";

/** Keep the room as it stands, without what this page's script has added or a later one must not use. */
export async function keepRoom(store: Store, root: HTMLElement, state: RoomState): Promise<void> {
  const copy = root.cloneNode(true) as HTMLElement;
  for (const made of copy.querySelectorAll("[data-alerts] > *")) made.remove();
  for (const line of copy.querySelectorAll("[data-later]")) {
    for (const button of line.closest("form")?.querySelectorAll("button") ?? []) button.disabled = false;
    line.remove();
  }
  for (const token of copy.querySelectorAll("input[name=csrfmiddlewaretoken]")) token.setAttribute("value", "");
  delete copy.dataset["now"]; // the clock of then
  await store.keepRoom({
    target: copy.dataset["room"] ?? "",
    html: copy.outerHTML,
    state: JSON.stringify(state),
    at: Date.now(),
  });
}
