import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { frameOfCell } from "./rendered";
import type { Look } from "./BlockView";

/** HTML of the author's own as the server cleaned and rendered it, as high as it is. In its frame nothing runs, nothing
 *  can be pressed, and nothing is loaded from elsewhere; it shares this page's origin only so that it can be measured. */
export function CodeFrame({ cell, dir, lang }: { cell: HTMLElement } & Pick<Look, "dir" | "lang">) {
  const { t } = useTranslation("app_content");
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(0);
  const [watched, watch] = useState<HTMLElement | null>(null);
  useEffect(() => {
    if (!watched) return;
    const observer = new ResizeObserver(() => setHeight(watched.getBoundingClientRect().height));
    observer.observe(watched);
    return () => observer.disconnect();
  }, [watched]);
  return (
    <iframe ref={frame} inert aria-hidden tabIndex={-1} title={t("block.code")} sandbox="allow-same-origin" referrerPolicy="no-referrer" srcDoc={frameOfCell(cell, { dir, lang }, window.location.origin)}
      onLoad={() => watch(frame.current?.contentDocument?.body ?? null)} style={{ display: "block", width: "100%", height, border: 0, pointerEvents: "none", colorScheme: "light" }} />
  );
}
