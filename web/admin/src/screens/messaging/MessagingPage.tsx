import { Button, Group, Select } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { ChartNoAxesCombined, Hash, KeyRound, MessageSquareText, Phone, Plug, Route, Wallet, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, Navigate, useNavigate } from "react-router";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { Page } from "@/ui/Page";

export type PlaceCode = "log" | "numbers" | "verify" | "calls" | "smpp" | "routes" | "balance" | "traffic";

interface Place {
  code: PlaceCode;
  path: string;
  icon: LucideIcon;
  /** One of these is enough. */
  permissions: readonly string[];
}

const PLACES: readonly Place[] = [
  { code: "log", path: "/messaging", icon: MessageSquareText, permissions: ["messages:send"] },
  { code: "numbers", path: "/messaging/numbers", icon: Hash, permissions: ["routes:read", "messages:send"] },
  { code: "verify", path: "/messaging/verify", icon: KeyRound, permissions: ["routes:read", "messages:send"] },
  { code: "calls", path: "/messaging/calls", icon: Phone, permissions: ["calls:read", "routes:read"] },
  { code: "smpp", path: "/messaging/smpp", icon: Plug, permissions: ["routes:read"] },
  { code: "routes", path: "/messaging/routes", icon: Route, permissions: ["routes:read"] },
  { code: "balance", path: "/messaging/balance", icon: Wallet, permissions: ["balance:read"] },
  { code: "traffic", path: "/messaging/traffic", icon: ChartNoAxesCombined, permissions: ["messages:send"] },
];

interface MessagingPageProps {
  code: PlaceCode;
  actions?: ReactNode;
  /** What this part of a place needs when it is less or more than the place itself. */
  permission?: string;
  children: ReactNode;
}

/** The frame of everything about messages: one heading, and the way between the places that one may see. */
export function MessagingPage({ code, actions, permission, children }: MessagingPageProps) {
  const { t } = useTranslation("app_messaging");
  const may = useMay();
  const places = PLACES.filter(({ permissions }) => permissions.some(may));
  const [first] = places;
  // The section's own address leads to the first place that one may see.
  if (code === "log" && first && first.code !== "log") return <Navigate replace to={to(first.path)} />;
  const needed = PLACES.find((place) => place.code === code)?.permissions ?? [];
  return (
    <Page title={t(`place.${code}`)} about={t(`about.${code}`)} permission={permission ?? needed.find(may) ?? needed[0]} actions={actions}>
      {places.length > 1 && <Ways here={code} places={places} />}
      {children}
    </Page>
  );
}

/** A line of links on a desk, a box to choose from on a phone. */
function Ways({ here, places }: { here: PlaceCode; places: readonly Place[] }) {
  const { t } = useTranslation("app_messaging");
  const navigate = useNavigate();
  const small = useMediaQuery("(max-width: 48em)");
  if (small) {
    return (
      <Select label={t("places")} allowDeselect={false} data={places.map(({ code }) => ({ value: code, label: t(`place.${code}`) }))} value={here}
        onChange={(code) => { const place = places.find((one) => one.code === code); if (place) void navigate(to(place.path)); }} />
    );
  }
  return (
    <Group component="nav" aria-label={t("places")} gap={2} pb={4}>
      {places.map(({ code, path, icon: Icon }) => (
        <Button key={code} component={Link} to={to(path)} px={8} variant={here === code ? "light" : "subtle"} color={here === code ? "teal" : "gray"} aria-current={here === code ? "page" : undefined}
          leftSection={<Icon aria-hidden size={16} />}>{t(`place.${code}`)}</Button>
      ))}
    </Group>
  );
}
