import { Anchor, Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Bot, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { stale } from "@/api/client";
import { to } from "@/app/place";
import { useFormat } from "@/i18n/format";
import { DataTable, type Column } from "@/ui/DataTable";
import { Dialog } from "@/ui/Dialog";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { Section } from "@/ui/Section";
import { Status } from "@/ui/Status";
import { EMPTY, type BotOf, type Step } from "./shapes";
import { bots, makeBot } from "./server";

const PATH = "/v1/bots";

const begin: Step[] = [{ id: "hello", kind: "say", text: EMPTY, save: null, field: null, choices: [], conditions: [], next: null, group: null }];

/** Assistants that answer first and hand over to people. */
export default function Bots() {
  const { t } = useTranslation(["app_chat", "app_shell"]);
  const format = useFormat();
  const navigate = useNavigate();
  const query = useQuery(bots());
  const [making, make] = useState(false);
  const place = (id: string) => to(`/inbox/settings/bots/${id}`);
  const columns: Array<Column<BotOf>> = [
    { key: "name", title: t("name"), cell: ({ id, name }) => <Anchor component={Link} to={place(id)} fw={600}><bdi>{name}</bdi></Anchor> },
    { key: "state", title: t("state"), cell: ({ enabled }) => <Status tone={enabled ? "good" : "off"}>{t(enabled ? "in_use" : "not_in_use")}</Status> },
    { key: "steps", title: t("bots.steps"), numeric: true, cell: ({ steps }) => format.number(steps.length) },
    { key: "articles", title: t("bots.articles"), cell: ({ articles }) => t(articles ? "app_shell:yes" : "app_shell:no") },
  ];
  return (
    <Section title={t("part.bots")} about={t("bots.about")} actions={<Button leftSection={<Plus aria-hidden size={16} />} onClick={() => make(true)}>{t("bots.new")}</Button>}>
      <Loaded query={query}>
        {({ items }) => <DataTable label={t("part.bots")} columns={columns} rows={items} rowKey={({ id }) => id} open={({ id }) => void navigate(place(id))} empty={<Nothing icon={Bot} title={t("bots.none")} text={t("bots.none.text")} action={{ label: t("bots.new"), act: () => make(true) }} />} />}
      </Loaded>
      {making && (
        <Dialog title={t("bots.new")} close={() => make(false)} button={t("app_shell:add")} initial={{ name: "", en: "", ar: "" }}
          fields={[{ name: "name", label: t("name"), note: t("bots.name.about"), needed: true }, { name: "en", label: t("bots.hello.en"), needed: true }, { name: "ar", label: t("bots.hello.ar"), needed: true }]}
          send={async ({ name, en, ar }) => {
            const steps = begin.map((step) => ({ ...step, text: { en, ar } }));
            const made = await makeBot({ name: name.trim(), enabled: false, articles: false, hand_over: null, languages: [], steps });
            await stale(PATH);
            void navigate(place(made.id));
          }} />
      )}
    </Section>
  );
}
