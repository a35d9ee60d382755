import { Button, Group } from "@mantine/core";
import { ContactRound, FileUp, Filter, Megaphone, SlidersHorizontal, Tags as TagsIcon, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { Page } from "@/ui/Page";

type Code = "people" | "segments" | "topics" | "tags" | "fields" | "import";

const PLACES: ReadonlyArray<readonly [code: Code, path: string, icon: LucideIcon, permission: string]> = [
  ["people", "/audience", ContactRound, "contacts:read"],
  ["segments", "/audience/segments", Filter, "segments:read"],
  ["topics", "/audience/topics", Megaphone, "topics:read"],
  ["tags", "/audience/tags", TagsIcon, "tags:read"],
  ["fields", "/audience/fields", SlidersHorizontal, "fields:read"],
  ["import", "/audience/import", FileUp, "contacts:import"],
];

interface Props {
  code: Code;
  permission: string;
  actions?: ReactNode;
  children: ReactNode;
}

/** The frame of the lists about people: one heading, and the way between them. */
export function AudiencePage({ code, permission, actions, children }: Props) {
  const { t } = useTranslation("app_audience");
  const may = useMay();
  const { pathname } = useLocation();
  return (
    <Page title={t(`place.${code}`)} about={t(`about.${code}`)} permission={permission} actions={actions}>
      <Group component="nav" aria-label={t("places")} gap={4} wrap="nowrap" style={{ overflowX: "auto" }} pb={4}>
        {PLACES.filter(([, , , needed]) => may(needed)).map(([name, path, Icon]) => {
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
