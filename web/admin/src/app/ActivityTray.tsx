import { ActionIcon, Indicator, Popover } from "@mantine/core";
import { Activity as ActivityIcon } from "lucide-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";

const Works = lazy(() => import("./Works"));

/** What works in the background: it goes on when the page is left, and is here again after a reload. */
export function ActivityTray() {
  const { t } = useTranslation();
  const query = api.useQuery("get", "/v1/activity", {}, { refetchInterval: 30_000 });
  const items = query.data?.items ?? [];
  const running = items.filter(({ state }) => state === "running" || state === "waiting").length;
  return (
    <Popover position="bottom-end" width={360} shadow="md" trapFocus>
      <Indicator disabled={running === 0} color="teal" size={10} offset={6}>
        <Popover.Target><ActionIcon aria-label={t("activity.title", { count: running })}><ActivityIcon aria-hidden size={20} /></ActionIcon></Popover.Target>
      </Indicator>
      <Popover.Dropdown mah={480} style={{ overflowY: "auto", maxWidth: "calc(100vw - 16px)" }}>
        <Suspense fallback={null}><Works items={items} /></Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
