// Shows what the server pushes while no window of the application is in front. The push says that something
// waits, never what was written.
self.addEventListener("push", (event) => {
  const { title = "Barid", body = "", tag, workspace, conversation } = event.data?.json() ?? {};
  const url = workspace ? `/app/${workspace}/inbox/conversations/${conversation ?? ""}` : "/";
  const show = async () => {
    const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    if (windows.some((one) => one.focused)) return;
    await self.registration.showNotification(title, { body, tag, renotify: Boolean(tag), icon: "/icon.svg", data: { url }, dir: "auto" });
  };
  event.waitUntil(show());
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data?.url ?? "/", self.location.origin);
  if (url.origin !== self.location.origin) return;
  const open = async () => {
    const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    const known = windows.find((one) => new URL(one.url).pathname.startsWith("/app"));
    if (!known) return self.clients.openWindow(url.href);
    await known.focus();
    known.postMessage({ open: url.pathname + url.search });
  };
  event.waitUntil(open());
});
