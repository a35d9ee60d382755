import type { Category, Choices, Config } from "./config";

type Loader = HTMLScriptElement | HTMLIFrameElement;

/** Whatever is marked `data-barid="category"`, or comes from a listed host, waits until its category is allowed. */
export class Blocker {
  private allowed: Choices;

  constructor(
    private readonly config: Config,
    choices: Choices,
  ) {
    this.allowed = choices;
    this.guard(HTMLScriptElement.prototype);
    this.guard(HTMLIFrameElement.prototype);
    // Elements that the page's own HTML brings are stopped before they run.
    const seen = new MutationObserver((changes) => {
      for (const change of changes) change.addedNodes.forEach((node) => this.look(node));
    });
    seen.observe(document.documentElement, { childList: true, subtree: true });
  }

  /** Lets what is allowed now run, in the order in which it stands on the page. */
  release(choices: Choices): void {
    this.allowed = choices;
    for (const element of document.querySelectorAll<Loader>("script[data-barid],iframe[data-barid]")) {
      if (!this.allowed[element.dataset.barid as Category]) continue;
      if (element instanceof HTMLIFrameElement) {
        const address = element.dataset.src;
        delete element.dataset.barid;
        if (address) element.src = address;
        continue;
      }
      const live = document.createElement("script");
      for (const { name, value } of element.attributes) {
        if (name !== "type" && name !== "data-barid" && name !== "data-src" && name !== "data-type") {
          live.setAttribute(name, value);
        }
      }
      if (element.dataset.type) live.type = element.dataset.type;
      live.async = element.async && element.hasAttribute("async");
      const address = element.dataset.src ?? element.getAttribute("src");
      if (address) live.src = address;
      else live.text = element.text;
      element.replaceWith(live);
    }
  }

  /** The category that keeps an address back, if one does. */
  private holds(address: string): Category | undefined {
    let host: string;
    try {
      host = new URL(address, location.href).hostname;
    } catch {
      return undefined;
    }
    const listed = (pattern: string) =>
      pattern.startsWith(".") ? host === pattern.slice(1) || host.endsWith(pattern) : host === pattern;
    return this.config.services.find(
      (service) => !this.allowed[service.category] && service.hosts.some(listed),
    )?.category;
  }

  private hold(element: Loader, address: string, category: Category): void {
    element.dataset.barid = category;
    element.dataset.src = address;
    element.removeAttribute("src");
    if (element instanceof HTMLScriptElement) {
      if (element.type) element.dataset.type = element.type;
      element.type = "text/plain";
    }
  }

  private look(node: Node): void {
    if (!(node instanceof Element)) return;
    const found = node.matches("script[src],iframe[src]") ? [node] : [...node.querySelectorAll("script[src],iframe[src]")];
    for (const element of found as Loader[]) {
      if (element.dataset.barid) continue;
      const address = element.getAttribute("src")!;
      const category = this.holds(address);
      if (category) this.hold(element, address, category);
    }
  }

  /** Elements made by scripts get their address by property or attribute: both ask first. */
  private guard(prototype: HTMLScriptElement | HTMLIFrameElement): void {
    const blocker = this;
    const native = Object.getOwnPropertyDescriptor(prototype, "src")!;
    Object.defineProperty(prototype, "src", {
      ...native,
      set(this: Loader, value: string) {
        const category = blocker.holds(String(value));
        if (category) blocker.hold(this, String(value), category);
        else native.set!.call(this, value);
      },
    });
    const setAttribute = prototype.setAttribute;
    prototype.setAttribute = function (this: Loader, name: string, value: string) {
      if (name.toLowerCase() === "src") this.src = value;
      else setAttribute.call(this, name, value);
    };
  }
}
