import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { confirm } from "@/ui/confirm";

/** Asks before what is unsaved is left: closing the window, and links to other places of the application. */
export function useLeaving(unsaved: boolean, discard: () => void) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const leave = useRef(discard);
  leave.current = discard;
  useEffect(() => {
    if (!unsaved) return;
    const closing = (event: BeforeUnloadEvent) => event.preventDefault();
    const pressed = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
      if (!(link instanceof HTMLAnchorElement) || link.target === "_blank" || link.hasAttribute("download")) return;
      if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      const { origin, pathname, search, hash } = new URL(link.href);
      if (origin !== window.location.origin || pathname === window.location.pathname) return;
      event.preventDefault();
      event.stopPropagation();
      confirm({
        title: t("leave.title"), text: t("leave.text"), button: t("leave.go"), destroys: true,
        act: () => {
          leave.current();
          void navigate(pathname + search + hash);
        },
      });
    };
    window.addEventListener("beforeunload", closing);
    document.addEventListener("click", pressed, true);
    return () => {
      window.removeEventListener("beforeunload", closing);
      document.removeEventListener("click", pressed, true);
    };
  }, [unsaved, navigate, t]);
}
