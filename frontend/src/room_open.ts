/** A room opened from this device, with no network. */

import { startRoom } from "./room_page";
import type { RoomState } from "./room_state";
import { storeOf } from "./store";

const ADDRESS = /^\/sessions\/([0-9a-f-]{36})\/$/;

/** The rooms that this device can open, the one looked at last first. */
export async function keptRooms(account: string): Promise<{ path: string; title: string }[]> {
  const kept = await storeOf(account).rooms();
  return kept.map((room) => {
    const page = new DOMParser().parseFromString(room.html, "text/html");
    return { path: `/sessions/${room.target}/`, title: page.querySelector("h1")?.textContent ?? room.target };
  });
}

/** Whether an address is a room's. */
export function isRoom(path: string): boolean {
  return ADDRESS.test(path);
}

/**
 * Put the room of an address into `place`, from this account's disk; false where it is not there.
 * It then is what it was with a network: it takes texts, ticks and starts, and sends them later.
 */
export async function openRoom(place: HTMLElement, account: string, path: string): Promise<boolean> {
  const target = ADDRESS.exec(path)?.[1];
  const kept = target ? await storeOf(account).room(target) : undefined;
  if (!kept) return false;
  // Our own page of before, sealed by this account's key; the policy lets no script of it run.
  const page = new DOMParser().parseFromString(kept.html, "text/html");
  const root = page.querySelector<HTMLElement>("[data-room]");
  if (!root) return false;
  place.replaceChildren(document.adoptNode(root));
  document.title = root.querySelector("h1")?.textContent ?? document.title;
  await startRoom(root, JSON.parse(kept.state) as RoomState);
  return true;
}
