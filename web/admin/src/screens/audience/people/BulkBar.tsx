import { Button, Card, Group, Menu, Text } from "@mantine/core";
import { Archive, ChevronDown, Download, Eraser, Tag as TagIcon, UserMinus, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fetchClient, stale } from "@/api/client";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { confirm } from "@/ui/confirm";
import { refused } from "@/ui/notify";
import type { BulkStart } from "../shapes";
import { BulkTags, BulkUnsubscribe } from "./BulkForms";
import type { Filter } from "./filter";

interface Props {
  selected: ReadonlySet<string>;
  filter: Filter;
  total: number;
  everybody: boolean;
  takeEverybody: () => void;
  done: () => void;
}

export type Asked = Omit<BulkStart, "ids" | "select">;

/** What can be done to those who are selected. Each becomes a job of the server; who is meant is fixed when it starts. */
export function BulkBar({ selected, filter, total, everybody, takeEverybody, done }: Props) {
  const { t } = useTranslation("app_audience");
  const may = useMay();
  const format = useFormat();
  const [form, setForm] = useState<"tag" | "untag" | "unsubscribe" | null>(null);
  const count = everybody ? total : selected.size;
  const n = format.number(count);
  const start = async (asked: Asked) => {
    const who = everybody ? { select: filter } : { ids: [...selected] };
    const { error } = await fetchClient.POST("/v1/contacts/bulk", { body: { ...who, ...asked } });
    if (error) throw error;
    await stale("/v1/contacts/bulk", "/v1/activity");
    done();
  };
  const now = (asked: Asked) => void start(asked).catch(refused);
  const archive = () => confirm({ title: t("bulk.archive.title", { count, n }), text: t("bulk.archive.text"), button: t("bulk.archive"), act: () => start({ action: "archive" }) });
  const erase = () => confirm({
    title: t("bulk.erase.title", { count, n }), text: t("bulk.erase.text", { count, n }), button: t("bulk.erase"), destroys: true, type: String(count),
    act: () => start({ action: "erase", confirm_count: count }),
  });
  return (
    <Card padding="sm" role="region" aria-label={t("bulk")} style={{ position: "sticky", insetBlockStart: 60, zIndex: 5 }}>
      <Group gap="xs" justify="space-between">
        <Group gap="xs">
          <Text size="sm" fw={600} aria-live="polite">{t("bulk.selected", { count, n })}</Text>
          {!everybody && total > selected.size && <Button size="compact-sm" variant="subtle" onClick={takeEverybody}>{t("bulk.everybody", { count: total, n: format.number(total) })}</Button>}
          <Button size="compact-sm" variant="subtle" color="gray" leftSection={<X aria-hidden size={14} />} onClick={done}>{t("bulk.none")}</Button>
        </Group>
        <Group gap="xs">
          {may("contacts:write") && <Button size="xs" variant="default" leftSection={<TagIcon aria-hidden size={14} />} onClick={() => setForm("tag")}>{t("bulk.tag")}</Button>}
          {may("contacts:export") && <Button size="xs" variant="default" leftSection={<Download aria-hidden size={14} />} onClick={() => now({ action: "export" })}>{t("bulk.export")}</Button>}
          {(may("contacts:write") || may("contacts:erase")) && (
            <Menu position="bottom-end">
              <Menu.Target><Button size="xs" variant="default" rightSection={<ChevronDown aria-hidden size={14} />}>{t("bulk.more")}</Button></Menu.Target>
              <Menu.Dropdown>
                {may("contacts:write") && <>
                  <Menu.Item leftSection={<TagIcon aria-hidden size={14} />} onClick={() => setForm("untag")}>{t("bulk.untag")}</Menu.Item>
                  <Menu.Item leftSection={<UserMinus aria-hidden size={14} />} onClick={() => setForm("unsubscribe")}>{t("bulk.unsubscribe")}</Menu.Item>
                  <Menu.Item leftSection={<Archive aria-hidden size={14} />} onClick={archive}>{t("bulk.archive")}</Menu.Item>
                </>}
                {may("contacts:erase") && <><Menu.Divider /><Menu.Item color="red" leftSection={<Eraser aria-hidden size={14} />} onClick={erase}>{t("bulk.erase")}</Menu.Item></>}
              </Menu.Dropdown>
            </Menu>
          )}
        </Group>
      </Group>
      {(form === "tag" || form === "untag") && <BulkTags action={form} count={count} start={start} close={() => setForm(null)} />}
      {form === "unsubscribe" && <BulkUnsubscribe count={count} start={start} close={() => setForm(null)} />}
    </Card>
  );
}
