/** The page's side of the service worker: it is asked for, renewed, and changes when people say so. */

export interface WorkerWords {
  new_version: string;
  use_it_now: string;
  later: string;
}

const RENEWAL = 3_600_000; // milliseconds between two looks for a new release, while a page stays open

/** Anybody who keeps texts may ask for a moment before the page goes: `detail.wait(promise)`. */
export const LEAVING = "handrail:leaving";

export async function settled(): Promise<void> {
  const waits: Promise<unknown>[] = [];
  const wait = (one: Promise<unknown>): number => waits.push(one);
  window.dispatchEvent(new CustomEvent(LEAVING, { detail: { wait } }));
  await Promise.allSettled(waits);
}

export async function useWorker(script: string, words: WorkerWords): Promise<void> {
  if (!("serviceWorker" in navigator)) return; // plain HTTP, or a browser that knows none
  const container = navigator.serviceWorker;
  let asked = false;
  container.addEventListener("controllerchange", () => {
    // Another tab may be full of text: only the one in which somebody asked begins anew.
    if (asked) window.location.reload();
  });
  let registration: ServiceWorkerRegistration;
  try {
    registration = await container.register(script, { updateViaCache: "none" });
  } catch {
    return; // no network, or no worker there now: the one that is at work goes on
  }
  const look = (): void => void registration.update().catch(() => undefined);
  const offer = (): void => {
    if (!registration.waiting || !container.controller) return;
    show(words, async () => {
      asked = true;
      await settled();
      registration.waiting?.postMessage("use it now");
    });
  };
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", offer);
  });
  offer();
  registration.active?.postMessage("fill");
  window.setInterval(look, RENEWAL);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) look();
  });
}

function show(words: WorkerWords, use: () => Promise<void>): void {
  if (document.querySelector("[data-new-version]")) return;
  const now = button(words.use_it_now);
  const later = button(words.later);
  later.dataset["variant"] = "ghost";
  const box = sayBelow(words.new_version, now, later);
  box.dataset["newVersion"] = "";
  now.addEventListener("click", () => {
    now.disabled = true;
    void use();
  });
  later.addEventListener("click", () => box.remove());
}

/** One line at the foot of the window, in the way of nothing. */
export function sayBelow(words: string, ...actions: HTMLElement[]): HTMLElement {
  const box = document.createElement("aside");
  box.className = "device-line";
  box.setAttribute("role", "status");
  const text = document.createElement("span");
  text.textContent = words;
  box.append(text, ...actions);
  document.body.append(box);
  return box;
}

function button(words: string): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn";
  made.dataset["size"] = "sm";
  made.textContent = words;
  return made;
}
