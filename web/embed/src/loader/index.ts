/** Brings what a page asks for, once the page itself has come: `data-form`, `data-chat`, `data-booking`, `data-site`, or several. */
function bring(tag: HTMLScriptElement): void {
  const base = tag.src.slice(0, tag.src.lastIndexOf("/w/loader.js"));
  const { form, chat, booking, site, lang } = tag.dataset;
  const load = (path: string): void => {
    const script = document.createElement("script");
    script.src = base + path;
    if (!document.querySelector(`script[src="${script.src}"]`)) document.head.append(script);
  };
  const made = (name: string, path: string): HTMLElement => {
    const element = document.createElement("barid-" + name);
    element.setAttribute("src", base + path);
    if (lang) element.setAttribute("language", lang);
    load(`/w/${name}.js`);
    return element;
  };
  const go = (): void => {
    if (site) load(`/w/cookies/${site}/consent.js`);
    if (chat && !document.querySelector("barid-chat")) document.body.append(made("chat", "/w/chat/" + chat));
    const element = form ? made("form", "/w/forms/" + form) : booking && made("booking", "/book/" + booking);
    if (!element) return;
    for (const name of ["kind", "mode", "label", "name", "email", "timezone"]) {
      const value = tag.dataset[name];
      if (value) element.setAttribute(name, value);
    }
    if (document.body.contains(tag)) tag.after(element);
    else document.body.append(element);
  };
  const idle = (): void => {
    if ("requestIdleCallback" in window) requestIdleCallback(go, { timeout: 2000 });
    else setTimeout(go);
  };
  if (document.readyState === "complete") idle();
  else addEventListener("load", idle);
}

const tag = document.currentScript;
if (tag instanceof HTMLScriptElement) bring(tag);
