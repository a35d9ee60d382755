import { Anchor, Select, Stack, Text } from "@mantine/core";
import { UsersRound } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api } from "@/api/client";
import { to, useUrlState } from "@/app/place";
import { DataTable } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { Pager } from "@/ui/Pager";
import { Ltr, When } from "@/ui/text";
import { useWord } from "@/ui/words";

const OUTCOMES = ["all", "sent", "delivered", "opened", "clicked", "not_opened", "bounced", "failed", "denied", "unsubscribed", "complained", "queued", "in_doubt", "cancelled"];

/** What no telephone tells. */
const OF_MAIL = new Set(["opened", "not_opened", "bounced", "complained"]);

/** The number, parts and cost of a message by SMS, as far as they are told. */
const ofSms = (row: object) => row as { phone?: string | null; parts?: number | null };

/** Who got it and what they did, each with the basis that allowed or the reason that forbade it. */
export function Recipients({ id, sms = false }: { id: string; sms?: boolean }) {
  const { t } = useTranslation("app_campaigns");
  const word = useWord();
  const [outcome, setOutcome] = useUrlState("outcome", "all");
  const [cursors, setCursors] = useState<string[]>([]);
  useEffect(() => setCursors([]), [outcome]);
  const people = api.useQuery("get", "/v1/campaigns/{id}/recipients", { params: { path: { id }, query: { outcome, limit: 50, cursor: cursors.at(-1) } } }, { placeholderData: (before) => before });
  return (
    <Stack gap="sm">
      <Select maw={280} label={t("people.outcome")} allowDeselect={false} value={outcome} data={OUTCOMES.filter((code) => !sms || !OF_MAIL.has(code)).map((value) => ({ value, label: word("outcome", value) }))} onChange={(value) => setOutcome(value ?? "all")} />
      <Loaded query={people}>
        {({ items, next }) => (
          <DataTable label={t("report.people")} rows={items} rowKey={({ message }) => message} empty={<Nothing icon={UsersRound} title={t("people.none")} text={t("people.none.text")} />}
            footer={(next || cursors.length > 0) && <Pager back={cursors.length > 0 ? () => setCursors(cursors.slice(0, -1)) : undefined} on={next ? () => setCursors([...cursors, next]) : undefined} />}
            columns={[
              { key: "who", title: t("people.who"), cell: (row) => {
                const address = sms ? ofSms(row).phone : row.email;
                return <Stack gap={0}><Anchor component={Link} size="sm" to={to(`/audience/people/${row.contact}`)}><bdi>{row.display_name || address || row.contact}</bdi></Anchor>{address && row.display_name && <Text size="xs" c="dimmed"><Ltr>{address}</Ltr></Text>}</Stack>;
              } },
              { key: "state", title: t("people.state"), cell: ({ state, reason }) => <Stack gap={0}><Text size="sm">{word("message_state", state)}</Text>{reason && <Text size="xs" c="dimmed">{word(state === "denied" ? "reason" : "bounce", reason)}</Text>}</Stack> },
              { key: "basis", title: t("people.basis"), wideOnly: true, cell: ({ basis }) => <Text size="sm">{word("basis", basis)}</Text> },
              { key: "sent", title: t("people.sent"), cell: ({ sent_at }) => <When at={sent_at} /> },
              sms ? { key: "parts", title: t("people.parts"), numeric: true, cell: (row) => ofSms(row).parts ?? "–" } : { key: "opened", title: t("people.opened"), cell: ({ opened_at }) => <When at={opened_at} /> },
              { key: "clicked", title: t("people.clicked"), cell: ({ clicked_at }) => <When at={clicked_at} /> },
            ]} />
        )}
      </Loaded>
    </Stack>
  );
}
