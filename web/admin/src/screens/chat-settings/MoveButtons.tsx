import { ActionIcon, Group } from "@mantine/core";
import { ArrowDown, ArrowUp, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";

/** Up, down, away: for one of several things in an order. */
export function MoveButtons({ name, at, of, move, remove }: { name: string; at: number; of: number; move: (by: -1 | 1) => void; remove: () => void }) {
  const { t } = useTranslation("app_chat");
  return (
    <Group gap={2} wrap="nowrap">
      <ActionIcon aria-label={t("up.name", { name })} disabled={at === 0} onClick={() => move(-1)}><ArrowUp aria-hidden size={16} /></ActionIcon>
      <ActionIcon aria-label={t("down.name", { name })} disabled={at === of - 1} onClick={() => move(1)}><ArrowDown aria-hidden size={16} /></ActionIcon>
      <ActionIcon color="red" aria-label={t("delete.name", { name })} onClick={remove}><Trash2 aria-hidden size={16} /></ActionIcon>
    </Group>
  );
}
