import { Button, Group, Modal, Select, Stack, Text } from "@mantine/core";
import { UserPlus, UsersRound } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { useMay, useMembership } from "@/app/session";
import { DataTable } from "@/ui/DataTable";
import { Failed } from "@/ui/Failed";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { refused, told } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { Status } from "@/ui/Status";
import { Ltr } from "@/ui/text";
import { makeHost, saveHost, useHosts, useSchedules } from "../server";
import type { Host } from "../shapes";
import { homeZone, isZone } from "../zone";
import { ZoneSelect } from "../ZoneSelect";

/** Members who can be booked, their zones and the schedules they follow. */
export function Hosts() {
  const { t } = useTranslation("app_bookings");
  const manages = useMay()("bookings:manage");
  const hosts = useHosts();
  const schedules = useSchedules();
  const [editing, setEditing] = useState<Host | "new" | null>(null);
  return (
    <Section title={t("hosts")} about={t("hosts.about")} actions={manages && <Button variant="default" leftSection={<UserPlus aria-hidden size={16} />} onClick={() => setEditing("new")}>{t("host.new")}</Button>}>
      <Loaded query={hosts}>
        {({ items }) => (
          <DataTable label={t("hosts")} rows={items} rowKey={({ id }) => id} empty={<Nothing icon={UsersRound} title={t("hosts.none")} text={t("hosts.none.text")} />} columns={[
            { key: "name", title: t("column.host"), cell: ({ name, left_at }) => <Group gap="xs"><Text size="sm" fw={600}><bdi>{name ?? t("host.gone")}</bdi></Text>{left_at && <Status tone="off">{t("host.left")}</Status>}</Group> },
            { key: "zone", title: t("schedule.zone"), cell: ({ timezone }) => <Ltr>{timezone.replaceAll("_", " ")}</Ltr> },
            { key: "schedule", title: t("schedule"), cell: ({ schedule }) => <bdi>{schedules.data?.items.find(({ id }) => id === schedule)?.name ?? t("schedule.nobody")}</bdi> },
            ...(manages ? [{ key: "actions", title: t("actions"), cell: (host: Host) => !host.left_at && <Button size="compact-sm" variant="subtle" aria-label={t("host.change", { name: host.name ?? "" })} onClick={() => setEditing(host)}>{t("change")}</Button> }] : []),
          ]} />
        )}
      </Loaded>
      {editing && <Editor host={editing === "new" ? null : editing} close={() => setEditing(null)} />}
    </Section>
  );
}

function Editor({ host, close }: { host: Host | null; close: () => void }) {
  const { t } = useTranslation(["app_bookings", "app_shell"]);
  const membership = useMembership();
  const members = api.useQuery("get", "/v1/members", {}, { enabled: host === null });
  const known = useHosts();
  const schedules = useSchedules();
  const [member, setMember] = useState<string | null>(null);
  const [zone, setZone] = useState(host?.timezone ?? (membership.time_zone && isZone(membership.time_zone) ? membership.time_zone : homeZone()));
  const [schedule, setSchedule] = useState<string | null>(host?.schedule ?? null);
  const [trouble, setTrouble] = useState<unknown>(null);
  const others = (members.data?.items ?? []).filter(({ user }) => !known.data?.items.some((one) => one.member === user));
  const save = async () => {
    setTrouble(null);
    try {
      if (host) await saveHost(host.id, { timezone: zone, schedule });
      else if (member) await makeHost({ member, timezone: zone, ...(schedule ? { schedule } : {}) });
      told(t("app_shell:saved"));
      close();
    } catch (error) {
      setTrouble(error);
    }
  };
  return (
    <Modal opened onClose={close} title={<Text fw={600} component="span"><bdi>{host?.name ?? t("host.new")}</bdi></Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <Stack>
        {trouble !== null && <Failed error={trouble} />}
        {!host && <Select label={t("host.member")} required searchable data={others.map(({ user, name, email }) => ({ value: user, label: name || email }))} value={member} onChange={setMember} nothingFoundMessage={t("host.all")} />}
        <ZoneSelect label={t("schedule.zone")} note={t("host.zone.note")} value={zone} onChange={setZone} />
        <Select label={t("schedule")} clearable data={(schedules.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))} value={schedule} onChange={setSchedule} />
        <Group justify="flex-end"><Button variant="default" onClick={close}>{t("app_shell:cancel")}</Button><Button disabled={!host && !member} onClick={() => void save().catch(refused)}>{t("app_shell:save")}</Button></Group>
      </Stack>
    </Modal>
  );
}
