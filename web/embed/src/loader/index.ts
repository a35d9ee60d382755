/** Brings what a page asks for, once the page itself has come: `data-form`, `data-site`, or both. */
function bring(tag: HTMLScriptElement): void {
  const base = tag.src.slice(0, tag.src.lastIndexOf("/w/loader.js"));
  const { form, site, lang, kind } = tag.dataset;
  const load = (path: string): void => {
    const script = document.createElement("script");
    script.src = base + path;
    if (!document.querySelector(`script[src="${script.src}"]`)) document.head.append(script);
  };
  const go = (): void => {
    if (site) load(`/w/cookies/${site}/consent.js`);
    if (!form) return;
    const element = document.createElement("barid-form");
    element.setAttribute("src", `${base}/w/forms/${form}`);
    if (lang) element.setAttribute("language", lang);
    if (kind) element.setAttribute("kind", kind);
    if (document.body.contains(tag)) tag.after(element);
    else document.body.append(element);
    load("/w/form.js");
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
