import { Alert, Box, Button, Grid, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Save, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { isProblem } from "@/api/problem";
import { stale } from "@/api/client";
import { to } from "@/app/place";
import { confirm } from "@/ui/confirm";
import { Failed } from "@/ui/Failed";
import { Loaded } from "@/ui/Loaded";
import { told } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { Tabs } from "@/ui/Tabs";
import { useUnsaved } from "@/ui/unsaved";
import { dropWidget, saveWidget, widget as readWidget } from "../server";
import { draftOf, sentOf, type Widget, type WidgetDraft } from "../shapes";
import { Availability } from "./Availability";
import { Encryption } from "./Encryption";
import { Forms } from "./Forms";
import { Greetings } from "./Greetings";
import { Install } from "./Install";
import { Look } from "./Look";
import { Preview } from "./Preview";
import { Texts } from "./Texts";

/** What is being changed of a widget, and what the server said about it. */
export interface Work {
  draft: WidgetDraft;
  put: (change: Partial<WidgetDraft>) => void;
  /** What is wrong with a field, by its name. */
  wrong: (field: string) => string | undefined;
}

/** One chat of a site: look, words, questions, hours, greetings, and the code for the site. */
export default function WidgetPage() {
  const { id = "" } = useParams();
  const query = useQuery({ ...readWidget(id), refetchOnWindowFocus: false });
  return <Loaded query={query} lines={8}>{(widget) => <Form key={widget.id} widget={widget} />}</Loaded>;
}

function Form({ widget }: { widget: Widget }) {
  const { t } = useTranslation(["app_chat", "app_shell"]);
  const navigate = useNavigate();
  const [draft, setDraft] = useState(() => draftOf(widget));
  const [saved, setSaved] = useState(draft);
  const [version, setVersion] = useState(widget.version);
  const [trouble, setTrouble] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const unsaved = JSON.stringify(draft) !== JSON.stringify(saved);
  useUnsaved(unsaved);
  const work: Work = {
    draft,
    put: (change) => setDraft((now) => ({ ...now, ...change })),
    wrong: (field) => (isProblem(trouble) ? trouble.fields?.find((one) => one.field === field || one.field === `settings.${field}`)?.detail : undefined),
  };
  const save = async () => {
    setBusy(true);
    setTrouble(null);
    try {
      const kept = await saveWidget(widget.id, { ...sentOf(draft), version });
      setVersion(kept.version);
      setSaved(draft);
      await stale("/v1/widgets");
      told(t("app_shell:saved"));
    } catch (error) {
      setTrouble(error);
    } finally {
      setBusy(false);
    }
  };
  const remove = () => confirm({
    title: t("delete.name", { name: widget.name }), text: t("widgets.delete.text"), button: t("app_shell:delete"), destroys: true,
    act: async () => { await dropWidget(widget.id); await stale("/v1/widgets"); void navigate(to("/inbox/settings/widgets")); },
  });
  const tabs = [
    { code: "look", label: t("tab.look"), body: () => <Look work={work} /> },
    { code: "texts", label: t("tab.texts"), body: () => <Texts work={work} /> },
    { code: "forms", label: t("tab.forms"), body: () => <Forms work={work} /> },
    { code: "availability", label: t("tab.availability"), body: () => <Availability work={work} /> },
    ...(draft.encryption ? [{ code: "encryption", label: t("encryption"), body: () => <Encryption work={work} /> }] : []),
    { code: "greetings", label: t("tab.greetings"), body: () => <Greetings widget={widget.id} /> },
    { code: "install", label: t("tab.install"), body: () => <Install id={widget.id} work={work} unsaved={unsaved} /> },
  ];
  return (
    <Section title={draft.name} actions={<Group gap="xs"><Button variant="subtle" color="red" leftSection={<Trash2 aria-hidden size={16} />} onClick={remove}>{t("app_shell:delete")}</Button><Button leftSection={<Save aria-hidden size={16} />} loading={busy} disabled={!unsaved} onClick={() => void save()}>{t("app_shell:save")}</Button></Group>}>
      <Stack>
        {trouble !== null && <Failed error={trouble} />}
        {!draft.enabled && <Alert color="amber"><Text size="sm">{t("widgets.off")}</Text></Alert>}
        <Grid gap="xl">
          <Grid.Col span={{ base: 12, xl: 7 }}><Tabs tabs={tabs} label={t("widgets.parts")} /></Grid.Col>
          <Grid.Col span={{ base: 12, xl: 5 }}><Box style={{ position: "sticky", top: 72 }}><Preview draft={draft} /></Box></Grid.Col>
        </Grid>
      </Stack>
    </Section>
  );
}
