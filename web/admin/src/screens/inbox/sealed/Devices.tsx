import { Alert, Button, Code, Group, List, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { KeyRound, LaptopMinimal, ShieldAlert, ShieldCheck } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "@/api/client";
import { useMay } from "@/app/session";
import { confirm } from "@/ui/confirm";
import { DataTable, type Column } from "@/ui/DataTable";
import { Dialog } from "@/ui/Dialog";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { refused, told } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { Status, type Tone } from "@/ui/Status";
import { Moment, When } from "@/ui/text";
import { acquaint, approve, deviceLog, devices, enrol, keptAgain, rememberLog, revoke, useMyDevice, type MyDevice } from "./device";
import { judged, type LogState } from "./log";
import { Receptions } from "./Receptions";
import type { Device, Devices as Known, LogEntry } from "./shapes";

const TONE: Record<Device["state"], Tone> = { pending: "attention", approved: "good", revoked: "off" };

/** Who can read encrypted chats: the members' browsers, who let each of them in, and what the encryption leaves open. */
export default function Devices() {
  const { t } = useTranslation("app_chat");
  const mine = useMyDevice();
  const all = useQuery(devices());
  const log = useQuery(deviceLog());
  return (
    <>
      <Section title={t("part.devices")} about={t("devices.about")}>
        <Loaded query={all}>
          {(known) => (
            <Stack>
              <ThisOne mine={mine} known={known} />
              <Everyone known={known} mine={mine} />
            </Stack>
          )}
        </Loaded>
      </Section>
      {mine.standing === "approved" && mine.kept && <Receptions kept={mine.kept} />}
      <Section title={t("devices.honest")}>
        <List size="sm" spacing={4}>
          <List.Item>{t("devices.honest.protects")}</List.Item>
          <List.Item>{t("devices.honest.visible")}</List.Item>
          <List.Item>{t("devices.honest.operator")}</List.Item>
          <List.Item>{t("devices.honest.lost")}</List.Item>
        </List>
      </Section>
      <Section title={t("devices.log")} about={t("devices.log.about")}>
        <Loaded query={log}>{({ items }) => <Log items={items} mine={mine} />}</Loaded>
      </Section>
    </>
  );
}

/** This browser: unknown, waiting for somebody's approval, or one that reads along. */
function ThisOne({ mine, known }: { mine: MyDevice; known: Known }) {
  const { t } = useTranslation("app_chat");
  const writes = useMay()("conversations:write");
  const [naming, setNaming] = useState(false);
  const { standing, owner, device } = mine;
  const make = async ({ name }: { name: string }) => {
    await enrol(owner, name, known.items);
    await queryClient.invalidateQueries({ queryKey: keptAgain(owner) });
    told(t("devices.added"));
  };
  if (standing === "reading") return null;
  if (standing === "impossible") return <Alert color="amber" icon={<ShieldAlert aria-hidden />}>{t("devices.impossible")}</Alert>;
  if (standing === "approved") return <Alert color="teal" icon={<ShieldCheck aria-hidden />}>{t("devices.this.approved")} <Code dir="ltr">{device?.fingerprint ?? ""}</Code></Alert>;
  if (standing === "pending") return <Alert color="amber" icon={<KeyRound aria-hidden />} title={t("devices.this.pending")}><Stack gap={4}><Text size="sm">{t(known.first ? "devices.first" : "devices.compare")}</Text><Code dir="ltr" fz="md">{device?.fingerprint ?? ""}</Code></Stack></Alert>;
  return (
    <Alert color="gray" icon={<LaptopMinimal aria-hidden />} title={t("devices.this.none")}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{t("devices.this.none.text")}</Text>
        {writes && <Button onClick={() => setNaming(true)}>{t("devices.add")}</Button>}
      </Stack>
      {naming && <Dialog title={t("devices.add")} about={t("devices.add.about")} initial={{ name: "" }} button={t("devices.add")} send={make} close={() => setNaming(false)} fields={[{ name: "name", label: t("devices.name"), note: t("devices.name.note"), needed: true }]} />}
    </Alert>
  );
}

function Everyone({ known, mine }: { known: Known; mine: MyDevice }) {
  const { t } = useTranslation("app_chat");
  const manages = useMay()("conversations:manage");
  const { owner, kept, standing } = mine;
  const mayApprove = (one: Device) => one.state === "pending" && (known.first ? manages : standing === "approved" && (known.can_approve || one.mine));
  const letIn = (one: Device) => confirm({
    title: t("devices.approve"), text: t("devices.approve.text", { name: one.name, member: one.member.name, fingerprint: one.fingerprint }), button: t("devices.approve"),
    act: async () => {
      await approve(one.id, known.first ? null : (kept?.device ?? null));
      await acquaint(owner, [one.fingerprint]);
      await queryClient.invalidateQueries({ queryKey: keptAgain(owner) });
    },
  });
  const shutOut = (one: Device) => confirm({
    title: t("devices.revoke"), text: t("devices.revoke.text", { name: one.name }), button: t("devices.revoke"), destroys: true,
    act: async () => {
      await revoke(one.id, owner, one.id === kept?.device);
      await queryClient.invalidateQueries({ queryKey: keptAgain(owner) });
    },
  });
  const columns: Array<Column<Device>> = [
    { key: "name", title: t("devices.device"), cell: ({ id, name, member }) => <><Text size="sm" fw={600}><bdi>{name}</bdi>{id === kept?.device && <Text span size="xs" c="dimmed"> · {t("devices.here")}</Text>}</Text><Text size="xs" c="dimmed"><bdi>{member.name}</bdi></Text></> },
    { key: "fingerprint", title: t("devices.fingerprint"), cell: ({ fingerprint }) => <Code dir="ltr">{fingerprint}</Code> },
    { key: "state", title: t("devices.state"), cell: ({ state }) => <Status tone={TONE[state]}>{t(`devices.state.${state}`)}</Status> },
    { key: "since", title: t("devices.since"), cell: ({ approved_at, added_at }) => <When at={approved_at ?? added_at} /> },
    {
      key: "act", title: t("actions"),
      cell: (one) => (
        <Group gap={4}>
          {mayApprove(one) && <Button size="compact-sm" onClick={() => letIn(one)}>{t("devices.approve")}</Button>}
          {one.state !== "revoked" && (one.mine || manages) && <Button size="compact-sm" variant="subtle" color="red" onClick={() => shutOut(one)}>{t("devices.revoke")}</Button>}
        </Group>
      ),
    },
  ];
  return <DataTable label={t("part.devices")} columns={columns} rows={known.items} rowKey={({ id }) => id} empty={<Nothing icon={LaptopMinimal} title={t("devices.none")} text={t("devices.none.text")} />} />;
}

function Log({ items, mine }: { items: readonly LogEntry[]; mine: MyDevice }) {
  const { t } = useTranslation("app_chat");
  const [state, setState] = useState<LogState | null>(null);
  const { owner, kept } = mine;
  useEffect(() => {
    let stopped = false;
    void judged(items, kept?.log ?? null).then((found) => {
      if (stopped) return;
      setState(found);
      const last = items.at(-1);
      if (found === "whole" && last) void rememberLog(owner, { n: last.n, hash: last.hash }).catch(refused);
    });
    return () => { stopped = true; };
  }, [items, kept, owner]);
  return (
    <Stack>
      {state && items.length > 0 && <Alert role="status" color={state === "whole" ? "teal" : "red"} icon={state === "whole" ? <ShieldCheck aria-hidden /> : <ShieldAlert aria-hidden />}>{t(`devices.log.${state}`)}</Alert>}
      <DataTable label={t("devices.log")} rows={[...items].reverse()} rowKey={({ n }) => String(n)} empty={<Text size="sm" c="dimmed">{t("devices.log.none")}</Text>} columns={[
        { key: "what", title: t("devices.log.what"), cell: ({ action, member }) => <>{t(`devices.log.action.${action}`)} <Text span size="xs" c="dimmed"><bdi>{member.name}</bdi></Text></> },
        { key: "by", title: t("devices.log.by"), cell: ({ by }) => <bdi>{by?.name ?? t("devices.log.itself")}</bdi> },
        { key: "fingerprint", title: t("devices.fingerprint"), cell: ({ fingerprint }) => <Code dir="ltr">{fingerprint}</Code>, wideOnly: true },
        { key: "at", title: t("devices.log.at"), cell: ({ at }) => <Moment at={at} /> },
      ]} />
    </Stack>
  );
}
