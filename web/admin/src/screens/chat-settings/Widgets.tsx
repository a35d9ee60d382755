import { Anchor, Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { MessagesSquare, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { stale } from "@/api/client";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { DataTable, type Column } from "@/ui/DataTable";
import { Dialog, entries } from "@/ui/Dialog";
import { Loaded } from "@/ui/Loaded";
import { NoPermission } from "@/ui/NoPermission";
import { Nothing } from "@/ui/Nothing";
import { Section } from "@/ui/Section";
import { Status } from "@/ui/Status";
import { Ltr } from "@/ui/text";
import { makeWidget, widgets } from "./server";
import type { Widget } from "./shapes";

/** The chats of the organisation's sites. */
export default function Widgets() {
  const { t } = useTranslation(["app_chat", "app_shell"]);
  const may = useMay();
  const navigate = useNavigate();
  const query = useQuery(widgets());
  const [making, make] = useState(false);
  if (!may("conversations:manage")) return <NoPermission permission="conversations:manage" />;
  const columns: Array<Column<Widget>> = [
    { key: "name", title: t("name"), cell: ({ id, name }) => <Anchor component={Link} to={to(`/inbox/settings/widgets/${id}`)} fw={600}><bdi>{name}</bdi></Anchor> },
    { key: "state", title: t("state"), cell: ({ enabled }) => <Status tone={enabled ? "good" : "off"}>{t(enabled ? "in_use" : "not_in_use")}</Status> },
    { key: "origins", title: t("sites"), cell: ({ settings: { origins } }) => (origins.length > 0 ? <Ltr>{origins.join(", ")}</Ltr> : <Text size="sm" c="dimmed">{t("sites.none")}</Text>) },
  ];
  return (
    <Section title={t("part.widgets")} about={t("widgets.about")} actions={<Button leftSection={<Plus aria-hidden size={16} />} onClick={() => make(true)}>{t("widgets.new")}</Button>}>
      <Loaded query={query}>
        {({ items }) => <DataTable label={t("part.widgets")} columns={columns} rows={items} rowKey={({ id }) => id} open={({ id }) => void navigate(to(`/inbox/settings/widgets/${id}`))}
          empty={<Nothing icon={MessagesSquare} order={2} title={t("widgets.none")} text={t("widgets.none.text")} action={{ label: t("widgets.new"), act: () => make(true) }} />} />}
      </Loaded>
      {making && (
        <Dialog title={t("widgets.new")} close={() => make(false)} button={t("app_shell:add")} initial={{ name: "", origins: "" }}
          fields={[{ name: "name", label: t("name"), needed: true }, { name: "origins", label: t("sites"), note: t("sites.about"), kind: "lines", code: true, needed: true }]}
          send={async ({ name, origins }) => {
            const made = await makeWidget({ name: name.trim(), enabled: true, settings: { origins: entries(origins) } });
            await stale("/v1/widgets");
            void navigate(to(`/inbox/settings/widgets/${made.id}`));
          }} />
      )}
    </Section>
  );
}
