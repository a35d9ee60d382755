// What a script adds to pages that work without one: the browser's zone, months that turn without a
// reload, arrow keys between days, and the messages that a page around a frame waits for.
(() => {
  "use strict";
  const framed = window.parent !== window && document.body.classList.contains("bare");
  const main = () => document.querySelector("main");
  document.documentElement.classList.add("scripted");

  const tell = (message) => {
    // Who is around the frame is not known; nothing personal is told.
    if (framed) window.parent.postMessage(message, "*");
  };
  const event = (name, payload) => tell({ event: "calendly." + name, payload: payload || {} });

  let height = 0;
  const measure = () => {
    const now = Math.ceil(document.querySelector(".sheet").getBoundingClientRect().height);
    if (now === height) return;
    height = now;
    tell({ type: "barid.height", height });
    event("page_height", { height: height + "px" });
  };
  new ResizeObserver(measure).observe(document.querySelector(".sheet"));
  measure();

  const data = main().dataset;
  const page = data.page;
  if (page === "profile") {
    tell({ type: "barid.viewed" });
    event("profile_page_viewed");
  } else if (page === "times") {
    tell({ type: "barid.viewed" });
    event("event_type_viewed");
  } else if (page === "details") {
    tell({ type: "barid.selected", start: new URLSearchParams(location.search).get("start") });
    event("date_and_time_selected");
  } else if (page === "done" && data.new) {
    tell({ type: "barid.booked", booking: data.booking });
    event("event_scheduled", { event: { uri: data.uri }, invitee: { uri: data.uri } });
    // A reload or a shared address is not a second booking.
    const here = new URL(location.href);
    here.searchParams.delete("new");
    history.replaceState(null, "", here);
    if (data.next && !framed) setTimeout(() => location.assign(data.next), 4000);
  }

  let latest = 0;
  const load = async (address, keep, add) => {
    const turn = ++latest;
    const pick = document.querySelector(".pick");
    if (pick) pick.classList.add("busy");
    try {
      const answer = await fetch(address, { headers: { accept: "text/html" }, credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("main");
      if (turn !== latest) return;
      if (!fresh || !answer.ok) throw new Error("no page");
      document.title = page.title;
      main().replaceWith(document.adoptNode(fresh));
      const nav = page.querySelector("footer nav");
      if (nav) document.querySelector("footer nav").replaceWith(document.adoptNode(nav));
      if (add) history.pushState(null, "", address);
      else history.replaceState(null, "", address);
      const at = keep && document.querySelector(keep);
      if (at) at.focus();
      watch();
    } catch {
      location.assign(address);
    }
  };

  // Where the focus goes after a change, so that keyboard and screen reader go on from there.
  const next = (link) => {
    if (link.hasAttribute("data-day")) return "#day";
    if (link.closest(".turn")) return "#month";
    if (link.closest(".zone")) return "#tz";
    return link.closest(".chips") ? ".chips a[aria-current]" : "h1 + *";
  };

  document.addEventListener("click", (click) => {
    const link = click.target.closest && click.target.closest("a[data-swap]");
    if (!link || click.defaultPrevented || click.button || click.metaKey || click.ctrlKey || click.shiftKey || click.altKey)
      return;
    click.preventDefault();
    load(link.href, next(link), true);
  });
  window.addEventListener("popstate", () => load(location.href, null, false));

  const withZone = (zone) => {
    const address = new URL(location.href);
    address.searchParams.set("tz", zone);
    address.searchParams.delete("timezone");
    return address.href;
  };

  // The listeners of what a change of the page replaces.
  function watch() {
    const choice = document.querySelector(".zone select");
    if (choice) {
      choice.addEventListener("change", () => {
        const address = new URL(withZone(choice.value));
        // The same instant may be another day there.
        address.searchParams.delete("day");
        load(address.href, "#tz", true);
      });
    }
    const table = document.querySelector(".days");
    if (table) table.addEventListener("keydown", arrows);
  }

  const arrows = (key) => {
    const rtl = document.documentElement.dir === "rtl";
    const steps = { ArrowLeft: rtl ? 1 : -1, ArrowRight: rtl ? -1 : 1, ArrowUp: -7, ArrowDown: 7 };
    const cell = key.target.closest("td");
    if (!cell || !(key.code in steps)) return;
    const cells = [...document.querySelectorAll(".days td")];
    const step = steps[key.code];
    for (let at = cells.indexOf(cell) + step; at >= 0 && at < cells.length; at += step) {
      const day = cells[at].querySelector("a");
      if (day) {
        key.preventDefault();
        day.focus();
        return;
      }
    }
  };
  watch();

  // The browser's zone, unless one was chosen.
  if (data.zone === "open" && (page === "times" || page === "details")) {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const shown = document.querySelector(".zone select");
    const known = !shown || [...shown.options].some((option) => option.value === zone);
    if (zone && known && (!shown || shown.value !== zone)) load(withZone(zone), null, false);
  }
})();
