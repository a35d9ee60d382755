import { Anchor, Button, Text } from "@mantine/core";
import { Plus, UserRoundCheck } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, fetchClient, stale } from "@/api/client";
import { to, useUrlState } from "@/app/place";
import { useMay } from "@/app/session";
import { DataTable } from "@/ui/DataTable";
import { Dialog } from "@/ui/Dialog";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { refused, told } from "@/ui/notify";
import { Pager } from "@/ui/Pager";
import { Section } from "@/ui/Section";
import { When } from "@/ui/text";
import { useChoices, useCodes } from "./codes";

const PATH = "/v1/privacy/purpose-reviews";
const RELATIONSHIPS = ["lead", "subscriber", "customer", "former"] as const;
const BLANK = { contact: "", before: "", after: "" };

/** People who became something else to the organisation: their purposes are looked at again. */
export default function Reviews() {
  const { t } = useTranslation("app_registers");
  const say = useCodes();
  const may = useMay()("privacy:write");
  const [cursor, setCursor] = useUrlState("from");
  const [adding, setAdding] = useState(false);
  const reviews = api.useQuery("get", PATH, { params: { query: { limit: 50, cursor: cursor || undefined } } });
  const close = async (id: string) => {
    const { error } = await fetchClient.POST(`${PATH}/{id}/close`, { params: { path: { id } } });
    if (error) return refused(error);
    await stale(PATH);
    told(t("reviews.closed"));
  };
  return (
    <Section title={t("reviews.title")} about={t("reviews.about")} actions={may && <Button variant="default" leftSection={<Plus aria-hidden size={16} />} onClick={() => setAdding(true)}>{t("reviews.add")}</Button>}>
      <Loaded query={reviews}>
        {({ items, next }) => (
          <DataTable label={t("reviews.title")} rows={items} rowKey={({ id }) => id} empty={<Nothing icon={UserRoundCheck} title={t("reviews.none")} text={t("reviews.none_text")} />} columns={[
            { key: "person", title: t("reviews.person"), cell: ({ contact }) => <Anchor component={Link} to={to(`/audience/people/${contact}`)} size="sm">{t("reviews.open")}</Anchor> },
            { key: "was", title: t("reviews.was"), cell: ({ before }) => <Text span size="sm">{say("relationship", before)}</Text> },
            { key: "is", title: t("reviews.is"), cell: ({ after }) => <Text span size="sm">{say("relationship", after)}</Text> },
            { key: "since", title: t("reviews.since"), cell: ({ opened_at }) => <When at={opened_at} /> },
            { key: "act", title: "", cell: ({ id, closed_at }) => may && !closed_at && <Button size="compact-sm" variant="subtle" onClick={() => void close(id)}>{t("reviews.close")}</Button> },
          ]} footer={(next || cursor) && <Pager back={cursor ? () => setCursor("") : undefined} on={next ? () => setCursor(next) : undefined} />} />
        )}
      </Loaded>
      {adding && <Add close={() => setAdding(false)} />}
    </Section>
  );
}

function Add({ close }: { close: () => void }) {
  const { t } = useTranslation("app_registers");
  const relationships = useChoices()("relationship", RELATIONSHIPS);
  const send = async (body: typeof BLANK) => {
    const { error } = await fetchClient.POST(PATH, { body });
    if (error) throw error;
    await stale(PATH);
  };
  return (
    <Dialog title={t("reviews.add")} about={t("reviews.add_about")} initial={BLANK} button={t("reviews.add")} send={send} close={close} fields={[
      { name: "contact", label: t("reviews.contact"), note: t("reviews.contact_note"), code: true, needed: true },
      { name: "before", label: t("reviews.was"), kind: "choice", choices: relationships, needed: true },
      { name: "after", label: t("reviews.is"), kind: "choice", choices: relationships, needed: true },
    ]} />
  );
}
