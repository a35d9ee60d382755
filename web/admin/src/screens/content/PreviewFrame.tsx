import { frameOf, type Scheme } from "./preview";

interface PreviewFrameProps {
  html: string;
  title: string;
  width: number | string;
  height: number | string;
  scheme?: Scheme;
  /** Whether pictures of other servers are loaded. */
  remote?: boolean;
  /** Whether pictures are shown at all, as many mail programs ask first. */
  images?: boolean;
  style?: string;
  /** A picture of the message only: not reached by keyboard, not read aloud. */
  decorative?: boolean;
}

/** A message in a frame of its own. An empty `sandbox` gives it no scripts, no forms, no pop-ups, and an origin that
 *  is nobody's, so that nothing in it can reach this page. */
export function PreviewFrame({ html, title, width, height, scheme = "light", remote = false, images = true, style, decorative = false }: PreviewFrameProps) {
  return (
    <iframe sandbox="" title={title} referrerPolicy="no-referrer" srcDoc={frameOf(html, { scheme, origin: window.location.origin, remote, images, style })}
      tabIndex={decorative ? -1 : undefined} aria-hidden={decorative || undefined}
      style={{ width, height, maxWidth: decorative ? undefined : "100%", border: 0, display: "block", colorScheme: scheme, background: scheme === "dark" ? "#121110" : "#ffffff" }} />
  );
}
