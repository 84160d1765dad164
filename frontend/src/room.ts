/** The room of a session: as the server has put it into the page, or from this device's disk. */

import { who } from "./device_db";
import { isRoom, keptRooms, openRoom } from "./room_open";
import { startRoom } from "./room_page";

const shown = document.querySelector<HTMLElement>("[data-room]");
if (shown) void startRoom(shown);
else if ("shell" in document.documentElement.dataset) void fromDisk().catch(() => undefined);

/** In the page that stands in while there is no network: the room of its address, or a list. */
async function fromDisk(): Promise<void> {
  const [main, path] = [document.querySelector<HTMLElement>("main"), window.location.pathname];
  const account = (await who())?.account;
  if (!account || !main) return;
  if (isRoom(path) && (await openRoom(main, account, path))) return;
  const place = document.querySelector<HTMLElement>("[data-kept-rooms]");
  const rooms = place ? await keptRooms(account) : [];
  for (const room of rooms) {
    const link = Object.assign(document.createElement("a"), { href: room.path, textContent: room.title });
    const line = document.createElement("li");
    line.append(link);
    place?.querySelector("ul")?.append(line);
  }
  if (place && rooms.length) place.hidden = false;
}
