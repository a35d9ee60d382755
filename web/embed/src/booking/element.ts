import ar from "../../../../i18n/ar/embed_booking.json";
import en from "../../../../i18n/en/embed_booking.json";
import { addressOf, languageOf } from "./address";
import { css } from "./style";

const WORDS = { ar, en };
const SVG = "http://www.w3.org/2000/svg";
/** A page that says it is higher than this is not believed. */
const HIGHEST = 20_000;

/** What the booking page tells of itself. */
interface Told {
  type?: unknown;
  height?: unknown;
}

/** A booking page in a frame: in the page, in a window that a button opens, or with the button at the corner.
 *  What happens in the frame arrives as events on this element (`barid.viewed`, `barid.selected`, `barid.booked`);
 *  the frame itself posts the messages that scripts made for Calendly know. */
export class BookingElement extends HTMLElement {
  private frame?: HTMLIFrameElement;
  private dialog?: HTMLDialogElement;
  private words = en;
  private language: "en" | "ar" = "en";
  private hear = (event: MessageEvent<Told | null>): void => this.told(event);

  connectedCallback(): void {
    addEventListener("message", this.hear);
    if (!this.shadowRoot) this.prepare();
  }

  disconnectedCallback(): void {
    removeEventListener("message", this.hear);
    this.dialog?.close();
  }

  /** Opens the window, as if the visitor had pressed the button. */
  open(): void {
    if (!this.shadowRoot || this.mode() === "inline") return;
    const dialog = (this.dialog ??= this.window());
    if (dialog.open) return;
    dialog.showModal();
    dialog.querySelector<HTMLElement>(".x")!.focus();
    // A page behind a window does not scroll; set as a property, which strict policies allow.
    document.documentElement.style.overflow = "hidden";
  }

  /** Closes the window; what was chosen in it is still there when it is opened again. */
  close(): void {
    this.dialog?.close();
  }

  private mode(): "inline" | "popup" | "floating" {
    const mode = this.getAttribute("mode");
    return mode === "popup" || mode === "floating" ? mode : "inline";
  }

  private prepare(): void {
    this.language = languageOf(this.getAttribute("language"));
    this.words = WORDS[this.language];
    const root = this.attachShadow({ mode: "open" });
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      root.adoptedStyleSheets = [sheet];
    } catch {
      const style = document.createElement("style");
      style.textContent = css;
      root.append(style);
    }
    const mode = this.mode();
    if (mode === "inline") {
      root.append((this.frame = this.page()));
      return;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.className = mode === "floating" ? "go floating" : "go";
    button.textContent = this.getAttribute("label") || this.words.button;
    button.lang = this.language;
    button.dir = this.language === "ar" ? "rtl" : "ltr";
    button.setAttribute("aria-haspopup", "dialog");
    button.onclick = () => this.open();
    root.append(button);
  }

  private page(): HTMLIFrameElement {
    const frame = document.createElement("iframe");
    frame.title = this.getAttribute("label") || this.words.frame;
    frame.lang = this.language;
    frame.src = addressOf(this, this.language);
    frame.setAttribute("allow", "payment");
    return frame;
  }

  private window(): HTMLDialogElement {
    const dialog = document.createElement("dialog");
    dialog.lang = this.language;
    dialog.dir = this.language === "ar" ? "rtl" : "ltr";
    dialog.setAttribute("aria-label", this.getAttribute("label") || this.words.frame);
    const cross = document.createElement("button");
    cross.type = "button";
    cross.className = "x";
    cross.setAttribute("aria-label", this.words.close);
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 16 16");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", "M2 2l12 12M14 2L2 14");
    svg.append(path);
    cross.append(svg);
    cross.onclick = () => dialog.close();
    dialog.append(cross, (this.frame = this.page()));
    // Pressed beside the window; the window itself is covered by the frame and the cross.
    dialog.onclick = (event) => event.target === dialog && this.beside(event) && dialog.close();
    dialog.onclose = () => {
      document.documentElement.style.overflow = "";
      this.shadowRoot!.querySelector<HTMLElement>(".go")?.focus();
      this.tell("barid.closed");
    };
    this.shadowRoot!.append(dialog);
    return dialog;
  }

  private beside({ clientX: x, clientY: y }: MouseEvent): boolean {
    const { top, bottom, left, right } = this.dialog!.getBoundingClientRect();
    return y < top || y > bottom || x < left || x > right;
  }

  /** Only the frame's own page is listened to, and only from the server that it was asked from. */
  private told({ source, origin, data }: MessageEvent<Told | null>): void {
    const { frame } = this;
    if (!frame || source !== frame.contentWindow || origin !== new URL(frame.src).origin || typeof data?.type !== "string") return;
    const { type, height } = data;
    if (type === "barid.height" && typeof height === "number" && height > 0) {
      if (!this.dialog) frame.style.blockSize = `${Math.min(Math.ceil(height), HIGHEST)}px`;
    } else if (type === "barid.escape") this.close();
    else if (type.startsWith("barid.")) this.tell(type, data);
  }

  private tell(type: string, detail?: object): void {
    this.dispatchEvent(new CustomEvent(type, { bubbles: true, composed: true, detail }));
  }
}
