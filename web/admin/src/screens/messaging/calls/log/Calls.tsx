import { Anchor, Badge, Group, Stack, Text } from "@mantine/core";
import { MicVocal, Phone, PhoneIncoming, PhoneOutgoing } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { to, useUrlState } from "@/app/place";
import { DataTable } from "@/ui/DataTable";
import { CountryName } from "@/ui/Language";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { Pager } from "@/ui/Pager";
import { Status } from "@/ui/Status";
import { Tabs } from "@/ui/Tabs";
import { Ltr, When } from "@/ui/text";
import { useCodes } from "../../codes";
import { useMoney } from "../../money";
import { PersonName } from "../../PersonName";
import { usePages } from "../../usePages";
import { CallsPage } from "../CallsPage";
import { useCalls, useRecordings, type Call, type Recording } from "../server";
import { RecordingCard } from "./Recordings";
import { clockOf, toneOf } from "./states";
import { useCallReason } from "./useCallReason";

/** Every call, made and taken, and what was recorded. */
export default function Calls() {
  const { t } = useTranslation("app_calls");
  return (
    <CallsPage part="calls">
      <Tabs label={t("part.calls")} tabs={[
        { code: "calls", label: t("calls"), body: () => <CallList /> },
        { code: "recordings", label: t("recordings"), body: () => <AllRecordings /> },
      ]} />
    </CallsPage>
  );
}

function CallList() {
  const { t } = useTranslation("app_calls");
  const codes = useCodes("app_calls");
  const money = useMoney();
  const navigate = useNavigate();
  const [contact] = useUrlState("contact");
  const pages = usePages(contact);
  const calls = useCalls({ cursor: pages.cursor, contact: contact || undefined });
  const columns = [
    { key: "at", title: t("at"), cell: ({ id, created_at, direction }: Call) => (
      <Group gap={8} wrap="nowrap">
        {direction === "inbound" ? <PhoneIncoming aria-label={t("direction.inbound")} size={16} /> : <PhoneOutgoing aria-label={t("direction.outbound")} size={16} />}
        <Anchor component={Link} to={to(`/messaging/calls/${id}`)} size="sm" fw={600}><When at={created_at} /></Anchor>
      </Group>
    ) },
    { key: "person", title: t("person"), cell: ({ contact, country }: Call) => <Stack gap={0}>{contact ? <PersonName id={contact} /> : <Text size="sm" c="dimmed">{t("hidden")}</Text>}{country && <Text size="xs" c="dimmed"><CountryName code={country} /></Text>}</Stack> },
    { key: "ours", title: t("ours"), wideOnly: true, cell: ({ our_number }: Call) => (our_number ? <Ltr>{our_number}</Ltr> : "–") },
    { key: "seconds", title: t("seconds"), numeric: true, cell: ({ seconds }: Call) => <Ltr>{clockOf(seconds)}</Ltr> },
    { key: "cost", title: t("cost"), numeric: true, wideOnly: true, cell: ({ cost_micros, trial }: Call) => (trial ? "–" : <bdi>{money(cost_micros)}</bdi>) },
    { key: "state", title: t("state"), cell: ({ state, reason, trial }: Call) => (
      <Stack gap={2} align="flex-start"><Group gap={4}><Status tone={toneOf(state)}>{codes("state", state)}</Status>{trial && <Badge color="gray">{t("trial")}</Badge>}</Group>{reason && reason !== "trial" && <Reason code={reason} />}</Stack>
    ) },
  ];
  return (
    <Loaded query={calls}>
      {({ items, next }) => (
        <DataTable label={t("calls")} columns={columns} rows={items} rowKey={({ id }) => id} open={({ id }) => void navigate(to(`/messaging/calls/${id}`))}
          empty={pages.back ? undefined : <Nothing icon={Phone} title={t("calls.none")} text={t("calls.none.text")} action={{ label: t("calls.first"), href: to("/messaging/flows") }} />}
          footer={(next || pages.back) ? <Pager back={pages.back} on={next ? () => pages.on(next) : undefined} /> : undefined} />
      )}
    </Loaded>
  );
}

function Reason({ code }: { code: string }) {
  const reason = useCallReason();
  return <Text size="xs" c="dimmed" maw={260}>{reason(code)}</Text>;
}

function AllRecordings() {
  const { t } = useTranslation("app_calls");
  const pages = usePages();
  const recordings = useRecordings({ cursor: pages.cursor });
  return (
    <Loaded query={recordings}>
      {({ items, next }) => items.length === 0 && !pages.back ? <Nothing icon={MicVocal} title={t("recordings.none")} text={t("recordings.none.text")} /> : (
        <Stack maw={720}>
          {items.map((recording) => <Stack key={recording.id} gap={4}><Head recording={recording} /><RecordingCard recording={recording} /></Stack>)}
          {(next || pages.back) && <Pager back={pages.back} on={next ? () => pages.on(next) : undefined} />}
        </Stack>
      )}
    </Loaded>
  );
}

function Head({ recording: { call, contact } }: { recording: Recording }) {
  const { t } = useTranslation("app_calls");
  return <Group gap="xs">{contact ? <PersonName id={contact} /> : <Text size="sm" c="dimmed">{t("hidden")}</Text>}<Anchor component={Link} to={to(`/messaging/calls/${call}`)} size="sm">{t("recording.call")}</Anchor></Group>;
}
