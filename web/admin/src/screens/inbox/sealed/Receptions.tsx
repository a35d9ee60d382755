import { Button, Select, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, stale } from "@/api/client";
import { DataTable } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { refused } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { Status } from "@/ui/Status";
import { When } from "@/ui/text";
import { groups } from "../api";
import { makeReception, spreadReception } from "./keys";
import type { KeptDevice } from "./vault";

const PATH = "/v1/conversations/reception-keys";

/** Keys of groups: a chat that waits is sealed to its group, so that whoever joins later can read it. */
export function Receptions({ kept }: { kept: KeptDevice }) {
  const { t } = useTranslation("app_chat");
  const query = api.useQuery("get", PATH, { params: { query: { device: kept.device } } });
  const teams = useQuery(groups());
  const [group, setGroup] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const nameOf = (id: string | null | undefined) => teams.data?.items.find((one) => one.id === id)?.name ?? t("devices.reception.everybody");
  const run = async (act: () => Promise<void>) => {
    setBusy(true);
    await act().then(() => stale(PATH), refused);
    setBusy(false);
  };
  return (
    <Section title={t("devices.reception")} about={t("devices.reception.about")}>
      <Stack>
        <Stack gap="xs" align="flex-start">
          <Select label={t("devices.reception.group")} clearable data={(teams.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))} placeholder={t("devices.reception.everybody")} value={group} onChange={setGroup} />
          <Button variant="default" leftSection={<KeyRound aria-hidden size={16} />} loading={busy} onClick={() => void run(() => makeReception(group, kept))}>{t("devices.reception.make")}</Button>
        </Stack>
        <Loaded query={query} lines={2}>
          {({ items }) => (
            <DataTable label={t("devices.reception")} rows={items} rowKey={({ id }) => id} empty={<Text size="sm" c="dimmed">{t("devices.reception.none")}</Text>} columns={[
              { key: "group", title: t("devices.reception.group"), cell: (one) => <bdi>{nameOf(one.group)}</bdi> },
              { key: "state", title: t("devices.state"), cell: ({ active, share }) => <Status tone={active ? (share ? "good" : "attention") : "off"}>{t(active ? (share ? "devices.reception.mine" : "devices.reception.not_mine") : "devices.reception.old")}</Status> },
              { key: "at", title: t("devices.since"), cell: ({ created_at }) => <When at={created_at} /> },
              { key: "act", title: t("actions"), cell: (one) => one.share && one.missing.length > 0 && <Button size="compact-sm" variant="default" loading={busy} onClick={() => void run(() => spreadReception(one, kept))}>{t("devices.reception.spread", { count: one.missing.length })}</Button> },
            ]} />
          )}
        </Loaded>
      </Stack>
    </Section>
  );
}
