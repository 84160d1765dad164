/** What takes the worker back from every device: its caches go, what people wrote stays. */

declare const self: ServiceWorkerGlobalScope;

export {};

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));

self.addEventListener("activate", (event) => event.waitUntil(giveUp()));

async function giveUp(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith("handrail-")) await caches.delete(name);
  }
  await self.registration.unregister();
}
