import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { to } from "@/app/place";
import type { Happening } from "./api";

const DECLINED = "barid.inbox.quiet";

type Permission = NotificationPermission | "none";

const permissionNow = (): Permission => ("Notification" in window ? Notification.permission : "none");

/** Tells a member whose window is behind others that somebody wrote. What was written stays in the window. */
export function useNotifications() {
  const { t } = useTranslation("app_inbox");
  const navigate = useNavigate();
  const [permission, setPermission] = useState(permissionNow);
  const [declined, setDeclined] = useState(() => localStorage.getItem(DECLINED) === "yes");
  const told = useRef(new Map<string, number>());
  useEffect(() => {
    // The worker that shows pushes asks the open window to go where its notification leads.
    const go = (event: MessageEvent<{ open?: string }>) => event.data.open && void navigate(event.data.open);
    navigator.serviceWorker?.addEventListener("message", go);
    return () => navigator.serviceWorker?.removeEventListener("message", go);
  }, [navigate]);
  const heard = useCallback((conversation: string, { author, seq, kind }: Happening) => {
    if (author.kind !== "visitor" || kind === "filled_form" || !document.hidden || permissionNow() !== "granted") return;
    if ((told.current.get(conversation) ?? 0) >= seq) return;
    told.current.set(conversation, seq);
    const note = new Notification(t("notify.title"), { body: author.name ? t("notify.from", { name: author.name }) : undefined, tag: conversation, icon: "/icon.svg" });
    note.onclick = () => {
      window.focus();
      note.close();
      void navigate(to(`/inbox/conversations/${conversation}`));
    };
  }, [t, navigate]);
  const decline = () => {
    localStorage.setItem(DECLINED, "yes");
    setDeclined(true);
  };
  const askLeave = () => void Notification.requestPermission().then(setPermission);
  return { heard, permission, askLeave, declined, decline };
}
