import { Anchor, Group } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { MessagingPage } from "../MessagingPage";

const PARTS = [
  ["calls", "/messaging/calls", "calls:read"], ["flows", "/messaging/flows", "calls:read"], ["trunks", "/messaging/trunks", "routes:read"], ["limits", "/messaging/call-limits", "routes:read"],
] as const;
export type CallsPart = (typeof PARTS)[number][0];

/** The frame of everything about calls, with the way between its parts. */
export function CallsPage({ part, actions, children }: { part: CallsPart; actions?: ReactNode; children: ReactNode }) {
  const { t } = useTranslation("app_calls");
  const may = useMay();
  const permission = PARTS.find(([code]) => code === part)?.[2];
  const parts = PARTS.filter(([, , needed]) => may(needed));
  return (
    <MessagingPage code="calls" permission={permission} actions={actions}>
      {parts.length > 1 && (
        <Group component="nav" aria-label={t("parts")} gap="lg" wrap="nowrap" style={{ overflowX: "auto", borderBottom: "1px solid var(--mantine-color-default-border)" }}>
          {parts.map(([code, path]) => (
            <Anchor key={code} component={Link} to={to(path)} underline="never" size="sm" py={8} aria-current={code === part ? "page" : undefined} c={code === part ? "var(--barid-teal-text)" : "var(--mantine-color-text)"} fw={code === part ? 600 : 400}
              style={{ whiteSpace: "nowrap", borderBottom: `2px solid ${code === part ? "var(--mantine-primary-color-filled)" : "transparent"}` }}>{t(`part.${code}`)}</Anchor>
          ))}
        </Group>
      )}
      {children}
    </MessagingPage>
  );
}
