/** The room of a session, where the server has put it into the page. */

import { startRoom } from "./room_page";

const shown = document.querySelector<HTMLElement>("[data-room]");
if (shown) void startRoom(shown);
