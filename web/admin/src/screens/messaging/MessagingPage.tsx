import { Button, Group } from "@mantine/core";
import { MessageSquareText, Route, Wallet, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, Navigate, useLocation } from "react-router";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { Page } from "@/ui/Page";

type Code = "log" | "routes" | "balance";

const PLACES: ReadonlyArray<readonly [code: Code, path: string, icon: LucideIcon, permission: string]> = [
  ["log", "/messaging", MessageSquareText, "messages:send"],
  ["routes", "/messaging/routes", Route, "routes:read"],
  ["balance", "/messaging/balance", Wallet, "balance:read"],
];

/** On a phone the places are wider than the window. */
const intoView = (link: HTMLAnchorElement | null) => link?.scrollIntoView({ inline: "nearest", block: "nearest" });

/** The frame of everything about messages: one heading, and the way between the places that one may see. */
export function MessagingPage({ code, actions, children }: { code: Code; actions?: ReactNode; children: ReactNode }) {
  const { t } = useTranslation("app_messaging");
  const { pathname } = useLocation();
  const may = useMay();
  const places = PLACES.filter(([, , , permission]) => may(permission));
  const [, , , permission] = PLACES.find(([name]) => name === code) ?? PLACES[0]!;
  const [first] = places;
  // The section's own address leads to the first place that one may see.
  if (code === "log" && first && first[0] !== "log") return <Navigate replace to={to(first[1])} />;
  return (
    <Page title={t(`place.${code}`)} about={t(`about.${code}`)} permission={permission} actions={actions}>
      {places.length > 1 && (
        <Group component="nav" aria-label={t("places")} gap={4} wrap="nowrap" style={{ overflowX: "auto" }} pb={4}>
          {places.map(([name, path, Icon]) => {
            const here = pathname === to(path);
            return (
              <Button key={name} ref={here ? intoView : undefined} component={Link} to={to(path)} variant={here ? "light" : "subtle"} color={here ? "teal" : "gray"} aria-current={here ? "page" : undefined}
                leftSection={<Icon aria-hidden size={16} />} style={{ flexShrink: 0 }}>{t(`place.${name}`)}</Button>
            );
          })}
        </Group>
      )}
      {children}
    </Page>
  );
}
