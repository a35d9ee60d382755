import { Button, Group, Select, Stack, Text } from "@mantine/core";
import { Palmtree } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { Dialog } from "@/ui/Dialog";
import { Loaded } from "@/ui/Loaded";
import { refused, undoable } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { dropAbsence, makeAbsence, useAbsences, useHosts } from "../server";
import type { Absence, Host } from "../shapes";
import { useClock } from "../words";
import { civil, clockOf, instantAt } from "../zone";

/** Who is away, and who takes over what is booked meanwhile. */
export function Absences() {
  const { t } = useTranslation("app_bookings");
  const writes = useMay()("bookings:write");
  const hosts = useHosts();
  const [chosen, setChosen] = useState<string | null>(null);
  const [adding, setAdding] = useState(false);
  const present = (hosts.data?.items ?? []).filter(({ left_at }) => !left_at);
  const host = present.find(({ id }) => id === chosen) ?? present[0];
  if (!host) return null;
  return (
    <Section title={t("absences")} about={t("absences.about")} actions={writes && <Button variant="default" leftSection={<Palmtree aria-hidden size={16} />} onClick={() => setAdding(true)}>{t("absence.new")}</Button>}>
      <Select label={t("column.host")} allowDeselect={false} maw={320} data={present.map(({ id, name }) => ({ value: id, label: name ?? t("host.gone") }))} value={host.id} onChange={setChosen} />
      <OfHost host={host} hosts={present} />
      {adding && <New host={host} hosts={present} close={() => setAdding(false)} />}
    </Section>
  );
}

function OfHost({ host, hosts }: { host: Host; hosts: Host[] }) {
  const { t } = useTranslation("app_bookings");
  const writes = useMay()("bookings:write");
  const clock = useClock(host.timezone);
  const absences = useAbsences(host.id);
  const remove = ({ id, host: whose, from, to, hand_over }: Absence) =>
    dropAbsence(id).then(() => undoable(t("absence.removed"), () => void makeAbsence(whose, { from, to, ...(hand_over ? { hand_over } : {}) }).catch(refused)), refused);
  return (
    <Loaded query={absences} lines={2}>
      {({ items }) => items.length === 0 ? <Text size="sm" c="dimmed">{t("absences.none")}</Text> : (
        <Stack gap="xs">
          {items.map((one) => (
            <Group key={one.id} justify="space-between">
              <div>
                <Text size="sm" fw={600}>{clock.moments(one.from, one.to)}</Text>
                <Text size="sm" c="dimmed">{one.hand_over ? t("absence.to", { name: hosts.find(({ id }) => id === one.hand_over)?.name ?? t("host.gone") }) : t("absence.nobody")}</Text>
              </div>
              {writes && <Button size="xs" variant="default" onClick={() => void remove(one)}>{t("absence.remove")}</Button>}
            </Group>
          ))}
        </Stack>
      )}
    </Loaded>
  );
}

function New({ host, hosts, close }: { host: Host; hosts: Host[]; close: () => void }) {
  const { t } = useTranslation("app_bookings");
  const { list } = useFormat();
  const now = civil(new Date(), host.timezone);
  const local = (text: string) => { const [day = "", time = "00:00"] = text.split("T"); const [hour = 0, minute = 0] = time.split(":").map(Number); return instantAt(day, hour * 60 + minute, host.timezone).toISOString(); };
  return (
    <Dialog title={t("absence.new")} about={t("absence.new.about", { name: list([host.name ?? t("host.gone")]), zone: host.timezone.replaceAll("_", " ") })} button={t("absence.new.button")} close={close}
      initial={{ from: `${now.day}T${clockOf(Math.min(now.minutes, 1439))}`, to: "", hand_over: "" }}
      fields={[
        { name: "from", label: t("absence.from"), kind: "moment", needed: true }, { name: "to", label: t("absence.until"), kind: "moment", needed: true },
        { name: "hand_over", label: t("absence.hand_over"), note: t("absence.hand_over.note"), kind: "choice", choices: hosts.filter(({ id }) => id !== host.id).map(({ id, name }) => ({ value: id, label: name ?? t("host.gone") })) },
      ]}
      send={({ from, to, hand_over }) => makeAbsence(host.id, { from: local(from), to: local(to), ...(hand_over ? { hand_over } : {}) })} />
  );
}
