import { Anchor, SegmentedControl } from "@mantine/core";
import { MessagesSquare } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { api } from "@/api/client";
import { to, useUrlState } from "@/app/place";
import { DataTable } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { Section } from "@/ui/Section";
import { Status } from "@/ui/Status";
import { When } from "@/ui/text";

/** A message in the queue; its words are read one at a time. */
export interface Inbox {
  id: string;
  contact: string | null;
  delivery: string | null;
  kind: string;
  intent: string | null;
  severity: string | null;
  triage: string | null;
  decision: string | null;
  created_at: string;
  settled_at: string | null;
  waiting: boolean;
}

/** What people wrote back and a human must look at. */
export default function Replies() {
  const { t } = useTranslation("app_privacy");
  const navigate = useNavigate();
  const [state, setState] = useUrlState("show", "waiting");
  const replies = api.useQuery("get", "/v1/replies", { params: { query: { state, limit: 100 } } });
  return (
    <Section title={t("replies.title")} about={t("replies.about")}>
      <SegmentedControl aria-label={t("requests.show")} value={state} onChange={setState} data={[{ value: "waiting", label: t("replies.waiting") }, { value: "settled", label: t("replies.settled") }]} />
      <Loaded query={replies}>
        {({ items }) => (
          <DataTable label={t("replies.title")} rows={items as Inbox[]} rowKey={({ id }) => id} open={({ id }) => void navigate(to(`/privacy/replies/${id}`))}
            empty={<Nothing icon={MessagesSquare} title={t("replies.none")} text={t("replies.none_text")} />} columns={[
              { key: "intent", title: t("replies.intent"), cell: ({ id, intent }) => <Anchor component={Link} to={to(`/privacy/replies/${id}`)} size="sm">{t(`intent.${(intent ?? "unknown") as "optout"}`)}</Anchor> },
              { key: "state", title: t("requests.state"), cell: ({ waiting, severity }) => <Status tone={!waiting ? "good" : severity === "p1" ? "bad" : "attention"}>{!waiting ? t("replies.done") : severity === "p1" ? t("replies.urgent") : t("replies.waits")}</Status> },
              { key: "at", title: t("requests.received"), cell: ({ created_at }) => <When at={created_at} /> },
            ]} />
        )}
      </Loaded>
    </Section>
  );
}
