import { Anchor, Button, Modal, Stack, Text, Title } from "@mantine/core";
import { Megaphone } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import type { components } from "@/api/schema";
import { useUrlState } from "@/app/place";
import { useFormat } from "@/i18n/format";
import { DataTable } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { Pager } from "@/ui/Pager";
import { Section } from "@/ui/Section";
import { Status } from "@/ui/Status";
import { Ltr, Moment } from "@/ui/text";
import { useCodes } from "./codes";

type Announcement = components["schemas"]["AnnouncementEntry"];

const LETTERS = ["en", "ar"] as const;

/** What the registers had the organisation say, and how many it reached. */
export default function Announcements() {
  const { t } = useTranslation("app_registers");
  const say = useCodes();
  const format = useFormat();
  const [cursor, setCursor] = useUrlState("from");
  const [read, setRead] = useState<Announcement | null>(null);
  const announcements = api.useQuery("get", "/v1/privacy/announcements", { params: { query: { limit: 50, cursor: cursor || undefined } } });
  return (
    <Section title={t("announcements.title")} about={t("announcements.about")}>
      <Loaded query={announcements}>
        {({ items, next }) => (
          <DataTable label={t("announcements.title")} rows={items} rowKey={({ id }) => id} open={setRead} empty={<Nothing icon={Megaphone} title={t("announcements.none")} text={t("announcements.none_text")} />} columns={[
            { key: "what", title: t("announcements.what"), cell: ({ kind }) => <Text span size="sm">{say("announcement", kind)}</Text> },
            { key: "to", title: t("announcements.to"), cell: ({ audience }) => <Text span size="sm">{say("announced_to", audience)}</Text> },
            { key: "at", title: t("announcements.at"), cell: ({ created_at }) => <Moment at={created_at} /> },
            { key: "state", title: t("announcements.state"), cell: ({ finished_at }) => <Status tone={finished_at ? "good" : "busy"}>{t(finished_at ? "announcements.done" : "announcements.going")}</Status> },
            { key: "reached", title: t("announcements.reached"), cell: ({ queued, refused }) => t("announcements.reached_n", { queued: format.number(queued), refused: format.number(refused) }), wideOnly: true },
            { key: "read", title: "", cell: (one) => <Button size="compact-sm" variant="subtle" onClick={() => setRead(one)}>{t("announcements.read")}</Button> },
          ]} footer={(next || cursor) && <Pager back={cursor ? () => setCursor("") : undefined} on={next ? () => setCursor(next) : undefined} />} />
        )}
      </Loaded>
      {read && <Letter one={read} close={() => setRead(null)} />}
    </Section>
  );
}

function Letter({ one, close }: { one: Announcement; close: () => void }) {
  const { t } = useTranslation(["app_registers", "app_shell"]);
  const say = useCodes();
  return (
    <Modal opened onClose={close} size="lg" title={<Text fw={600} component="span">{say("announcement", one.kind)}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <Stack>
        {LETTERS.map((language) => (
          <Stack key={language} gap={4} lang={language} dir={language === "ar" ? "rtl" : "ltr"}>
            <Title order={3}>{one.letter[language].subject}</Title>
            <Text size="sm" style={{ whiteSpace: "pre-wrap" }}>{one.letter[language].text}</Text>
          </Stack>
        ))}
        {one.letter.path && <Text size="sm">{t("announcements.path")}: <Anchor href={one.letter.path} target="_blank" rel="noreferrer"><Ltr>{one.letter.path}</Ltr></Anchor></Text>}
      </Stack>
    </Modal>
  );
}
