import { ActionIcon, Button, Indicator, Popover, Select, Stack, Switch, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ListFilter } from "lucide-react";
import { useTranslation } from "react-i18next";
import { agents, groups } from "./api";
import type { Filter } from "./ListPane";

const CHANNELS = ["web_chat", "email", "sms", "whatsapp", "messenger", "telegram"] as const;

/** What narrows a queue: group, member, tag, channel, unread. */
export function Filters({ filter }: { filter: Filter }) {
  const { t } = useTranslation("app_inbox");
  const { values, set } = filter;
  const teams = useQuery(groups());
  const members = useQuery(agents());
  const narrowed = [values.group, values.assignee, values.tag, values.channel, values.unread].filter(Boolean).length;
  const clear = () => (["group", "assignee", "tag", "channel", "unread"] as const).forEach((name) => set[name](""));
  return (
    <Popover position="bottom-end" width={260} trapFocus withinPortal>
      <Indicator disabled={narrowed === 0} color="teal" size={8}>
        <Popover.Target><ActionIcon variant="default" aria-label={t("filters")}><ListFilter aria-hidden size={18} /></ActionIcon></Popover.Target>
      </Indicator>
      <Popover.Dropdown aria-label={t("filters")}>
        <Stack gap="xs">
          <Select size="xs" label={t("group")} clearable comboboxProps={{ withinPortal: false }} value={values.group || null} onChange={(value) => set.group(value ?? "")} data={(teams.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))} />
          <Select size="xs" label={t("assignee")} clearable comboboxProps={{ withinPortal: false }} value={values.assignee || null} onChange={(value) => set.assignee(value ?? "")} data={(members.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))} />
          <Select size="xs" label={t("channel")} clearable comboboxProps={{ withinPortal: false }} value={values.channel || null} onChange={(value) => set.channel(value ?? "")} data={CHANNELS.map((value) => ({ value, label: t(`channel.${value}`) }))} />
          <TextInput size="xs" label={t("tag")} dir="auto" defaultValue={values.tag} onBlur={(event) => set.tag(event.currentTarget.value.trim())} onKeyDown={(event) => event.key === "Enter" && set.tag(event.currentTarget.value.trim())} />
          <Switch size="sm" label={t("only_unread")} checked={values.unread === "yes"} onChange={(event) => set.unread(event.currentTarget.checked ? "yes" : "")} />
          {narrowed > 0 && <Button size="compact-sm" variant="subtle" onClick={clear}>{t("filters.clear")}</Button>}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
