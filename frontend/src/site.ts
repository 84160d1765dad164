// What every page may add to what the server rendered: the chosen theme, and nothing to wait for.

const KEY = "theme";
type Theme = "system" | "light" | "dark";
const dark = window.matchMedia("(prefers-color-scheme: dark)");

function chosen(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === "light" || kept === "dark" ? kept : "system";
  } catch {
    return "system"; // storage may be closed to us; the system's wish then holds
  }
}

function apply(): void {
  const theme = chosen();
  const isDark = theme === "dark" || (theme === "system" && dark.matches);
  document.documentElement.classList.toggle("dark", isDark);
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-theme]")) {
    button.setAttribute("aria-pressed", String(button.dataset["theme"] === theme));
  }
}

// A passkey that the device did not give: the page says so in its own words.
document.addEventListener("allauth.error", (event) => {
  const words = document.querySelector<HTMLElement>("[data-passkey-error]");
  if (!words) return;
  event.preventDefault();
  words.hidden = false;
});

// Times stand in the zone that is stored for the reader; another zone on the device is only added.
function offset(zone: string | undefined): string {
  const format = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" });
  return format.formatToParts(new Date()).find((part) => part.type === "timeZoneName")?.value ?? "";
}

function nameDeviceZone(): void {
  const place = document.querySelector<HTMLElement>("[data-zone]");
  const words = place?.querySelector<HTMLElement>("[data-device-zone]");
  const stored = place?.dataset["zone"];
  if (!stored || !words) return;
  try {
    if (offset(stored) === offset(undefined)) return;
  } catch {
    return; // the browser does not know the zone; the server's words stand alone
  }
  const device = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  words.textContent = (words.dataset["deviceZone"] ?? "").replace("{zone}", device);
}

// What takes the server longer than a second says so, beside the button that was pressed.
const PATIENCE = 1000;
let waiting: number | undefined;

function sayWorking(event: SubmitEvent): void {
  const form = event.target;
  if (event.defaultPrevented || !(form instanceof HTMLFormElement) || form.method !== "post") return;
  const words = document.body.dataset["working"] ?? "";
  window.clearTimeout(waiting);
  waiting = window.setTimeout(() => {
    const line = document.createElement("span");
    line.className = "muted";
    line.setAttribute("role", "status");
    line.dataset["workingLine"] = "";
    (event.submitter ?? form).after(line);
    line.textContent = words;
  }, PATIENCE);
}

function stopWorking(): void {
  window.clearTimeout(waiting);
  document.querySelector("[data-working-line]")?.remove();
}

// Who sent a form that needs another look stands at its list of errors. After "load", for then the
// browser has gone to wherever the address's # leads.
window.addEventListener("load", () => document.getElementById("errors")?.focus());

document.addEventListener("submit", sayWorking);
window.addEventListener("pageshow", stopWorking); // also when the reader comes back to the page

apply();
document.addEventListener("DOMContentLoaded", nameDeviceZone);
dark.addEventListener("change", apply);
document.addEventListener("DOMContentLoaded", apply);
document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const button = target?.closest<HTMLButtonElement>("button[data-theme]");
  if (!button) return;
  try {
    localStorage.setItem(KEY, button.dataset["theme"] ?? "system");
  } catch {
    // then it holds for this page only
  }
  apply();
});
