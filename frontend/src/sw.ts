/**
 * The service worker: what a page needs without a network, and nothing about anybody.
 *
 * It answers only to GET, only for this origin, never for the API. Pages come from the network; where
 * there is none the kept page stands in for room and answers, and a plain one says so elsewhere.
 */

import { who } from "./device_db";

declare const self: ServiceWorkerGlobalScope & { RELEASE: Release };

/** What `web/offline.py` lays before this script. */
interface Release {
  version: string;
  shells: Record<string, string>; // language to address
  pages: string[];
  files: string[];
  shelled: string[]; // patterns of the addresses at which the shell can show what the page would
}

const { version, shells, pages, files, shelled } = self.RELEASE;
const PREFIX = "handrail-";
const CACHE = PREFIX + version;
const PATIENCE = 3_000; // milliseconds until a page that can be shown from here is
const OURS = "X-Request-Id"; // every answer of ours has it; a hotel's portal has not
const BROKEN = new Set([502, 503, 504]);
const LANGUAGE = "en";
const showable = shelled.map((one) => new RegExp(one));
const keptFiles = new Set(files);
const keptPages = new Set([...pages, ...Object.values(shells)]);

self.addEventListener("install", (event) => event.waitUntil(fill()));

self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

self.addEventListener("message", (event) => {
  if (event.data === "use it now") event.waitUntil(self.skipWaiting());
  if (event.data === "fill") event.waitUntil(fill()); // a sign-out or a full disk took it away
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (pathname.startsWith("/api/")) return;
  if (request.mode === "navigate") event.respondWith(page(request, pathname));
  else if (keptFiles.has(pathname)) event.respondWith(file(request, pathname));
});

/** Keep what is not kept yet. Without a sign-in: what is kept is the same for everybody. */
async function fill(): Promise<void> {
  const cache = await caches.open(CACHE);
  const there = new Set((await cache.keys()).map((one) => new URL(one.url).pathname));
  const missing = [...keptFiles, ...keptPages].filter((address) => !there.has(address));
  await Promise.all(
    missing.map(async (address) => {
      const answer = await fetch(address, { credentials: "omit", cache: "no-cache" });
      const isPage = (answer.headers.get("Content-Type") ?? "").startsWith("text/html");
      const isMeant = isPage === keptPages.has(address) && (!isPage || answer.headers.has(OURS));
      if (!answer.ok || answer.redirected || !isMeant) throw new Error(`${address}: ${answer.status}`);
      await cache.put(address, answer);
    }),
  );
}

async function takeOver(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
  }
  await self.clients.claim();
}

async function file(request: Request, pathname: string): Promise<Response> {
  return (await fromCache(pathname)) ?? fetch(request);
}

async function page(request: Request, pathname: string): Promise<Response> {
  const canStandIn = showable.some((one) => one.test(pathname)) || keptPages.has(pathname);
  const asked = fetch(request).catch(() => null);
  // Only where there is something to show instead: elsewhere a slow page is better than none.
  const answer = canStandIn ? await Promise.race([asked, later(PATIENCE)]) : await asked;
  if (answer && !BROKEN.has(answer.status) && !(canStandIn && isForeign(answer))) return answer;
  const instead = await standIn(pathname, canStandIn);
  return instead ?? answer ?? (await asked) ?? Response.error();
}

/** A page that is not ours where ours was asked for; a redirect is let through, to sign in there. */
function isForeign(answer: Response): boolean {
  return answer.type === "basic" && !answer.headers.has(OURS);
}

/** What is kept instead of a page: itself, or the shell in the reader's language. */
async function standIn(pathname: string, isMeant: boolean): Promise<Response | undefined> {
  const itself = await fromCache(pathname);
  if (itself) return itself;
  const shell = await fromCache(shells[await language()] ?? shells[LANGUAGE] ?? "");
  if (!shell || isMeant) return shell;
  return new Response(shell.body, { status: 503, headers: shell.headers });
}

async function fromCache(address: string): Promise<Response | undefined> {
  // By name, since opening would make it anew after a sign-out took it away.
  return caches.match(address, { cacheName: CACHE, ignoreVary: true, ignoreSearch: true });
}

async function language(): Promise<string> {
  try {
    const told = (await who())?.language;
    if (told) return told;
  } catch {
    // a device that keeps nothing; the browser's own language then holds
  }
  return self.navigator.language.slice(0, 2);
}

function later(milliseconds: number): Promise<null> {
  return new Promise((done) => setTimeout(() => done(null), milliseconds));
}
