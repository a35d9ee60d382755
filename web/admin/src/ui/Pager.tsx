import { ActionIcon, Group, Text } from "@mantine/core";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { DirIcon } from "./text";

/** Forwards and backwards through a list that the server cuts into pages. */
export function Pager({ total, back, on }: { total?: number; back?: () => void; on?: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Group justify="space-between">
      <Text size="sm" c="dimmed" aria-live="polite">{total === undefined ? "" : t("table.total", { count: total, n: format.number(total) })}</Text>
      <Group gap={4}>
        <ActionIcon variant="default" disabled={!back} onClick={back} aria-label={t("table.back")}><DirIcon icon={ChevronLeft} size={18} /></ActionIcon>
        <ActionIcon variant="default" disabled={!on} onClick={on} aria-label={t("table.on")}><DirIcon icon={ChevronRight} size={18} /></ActionIcon>
      </Group>
    </Group>
  );
}
