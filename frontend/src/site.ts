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

apply();
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
