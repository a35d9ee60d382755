import { Button, Group } from "@mantine/core";
import { CalendarDays, CalendarSync, ChartNoAxesCombined, ClipboardList, Clock, DoorOpen, Settings2, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { to } from "@/app/place";
import { Page } from "@/ui/Page";

type Code = "calendar" | "types" | "availability" | "resources" | "calendars" | "reports" | "settings";

const PLACES: ReadonlyArray<readonly [code: Code, path: string, icon: LucideIcon]> = [
  ["calendar", "/bookings", CalendarDays],
  ["types", "/bookings/types", ClipboardList],
  ["availability", "/bookings/availability", Clock],
  ["resources", "/bookings/resources", DoorOpen],
  ["calendars", "/bookings/calendars", CalendarSync],
  ["reports", "/bookings/reports", ChartNoAxesCombined],
  ["settings", "/bookings/settings", Settings2],
];

/** The frame of everything about booking: one heading, and the way between the places. */
export function BookingsPage({ code, actions, children }: { code: Code; actions?: ReactNode; children: ReactNode }) {
  const { t } = useTranslation("app_bookings");
  const { pathname } = useLocation();
  return (
    <Page title={t(`place.${code}`)} about={t(`about.${code}`)} permission="bookings:read" actions={actions}>
      <Group component="nav" aria-label={t("places")} gap={4} wrap="nowrap" style={{ overflowX: "auto" }} pb={4}>
        {PLACES.map(([name, path, Icon]) => {
          const here = pathname === to(path);
          return (
            <Button key={name} component={Link} to={to(path)} variant={here ? "light" : "subtle"} color={here ? "teal" : "gray"} aria-current={here ? "page" : undefined}
              leftSection={<Icon aria-hidden size={16} />} style={{ flexShrink: 0 }}>{t(`place.${name}`)}</Button>
          );
        })}
      </Group>
      {children}
    </Page>
  );
}
