import { Button, Group, MultiSelect, Select, Stack, Switch, TextInput, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Plus, Save, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { stale } from "@/api/client";
import { to } from "@/app/place";
import { LANGUAGES } from "@/i18n";
import { groups } from "@/screens/inbox/api";
import { confirm } from "@/ui/confirm";
import { Failed } from "@/ui/Failed";
import { Loaded } from "@/ui/Loaded";
import { told } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { useUnsaved } from "@/ui/unsaved";
import { changed, moved, without } from "../order";
import { bot, dropBot, saveBot } from "../server";
import { EMPTY, type BotDraft, type BotOf, type Step } from "../shapes";
import { StepCard } from "./StepCard";
import { dangling, freshStep } from "./script";

/** One assistant: its name, when it answers, and its script step by step. */
export default function BotPage() {
  const { id = "" } = useParams();
  const query = useQuery(bot(id));
  return <Loaded query={query}>{(bot) => <Form key={bot.id} bot={bot} />}</Loaded>;
}

const draftOf = ({ name, enabled, articles, hand_over, languages, steps }: BotOf): BotDraft => ({ name, enabled, articles, hand_over, languages, steps: steps.map((step) => ({ ...step, text: step.text ?? EMPTY })) });

function Form({ bot }: { bot: BotOf }) {
  const { t } = useTranslation(["app_chat", "app_shell"]);
  const navigate = useNavigate();
  const teams = useQuery(groups());
  const [draft, setDraft] = useState(() => draftOf(bot));
  const [saved, setSaved] = useState(draft);
  const [trouble, setTrouble] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const unsaved = JSON.stringify(draft) !== JSON.stringify(saved);
  useUnsaved(unsaved);
  const put = (change: Partial<BotDraft>) => setDraft((now) => ({ ...now, ...change }));
  const steps = (list: Step[]) => put({ steps: list });
  const lost = dangling(draft.steps);
  const save = async () => {
    setBusy(true);
    setTrouble(null);
    try {
      await saveBot(bot.id, draft);
      setSaved(draft);
      await stale("/v1/bots");
      told(t("app_shell:saved"));
    } catch (error) {
      setTrouble(error);
    } finally {
      setBusy(false);
    }
  };
  const remove = () => confirm({
    title: t("delete.name", { name: bot.name }), text: t("bots.delete.text"), button: t("app_shell:delete"), destroys: true,
    act: async () => { await dropBot(bot.id); await stale("/v1/bots"); void navigate(to("/inbox/settings/bots")); },
  });
  const teamData = (teams.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Section title={bot.name} about={t("bots.script.about")} actions={<Group gap="xs"><Button variant="subtle" color="red" leftSection={<Trash2 aria-hidden size={16} />} onClick={remove}>{t("app_shell:delete")}</Button><Button leftSection={<Save aria-hidden size={16} />} loading={busy} disabled={!unsaved} onClick={() => void save()}>{t("app_shell:save")}</Button></Group>}>
      <Stack>
        {trouble !== null && <Failed error={trouble} />}
        <TextInput label={t("name")} description={t("bots.name.about")} dir="auto" maxLength={100} value={draft.name} onChange={(event) => put({ name: event.currentTarget.value })} />
        <Switch label={t("in_use")} checked={draft.enabled} onChange={(event) => put({ enabled: event.currentTarget.checked })} />
        <Switch label={t("bots.articles")} description={t("bots.articles.about")} checked={draft.articles} onChange={(event) => put({ articles: event.currentTarget.checked })} />
        <Select label={t("bots.hand_over")} clearable data={teamData} value={draft.hand_over} onChange={(hand_over) => put({ hand_over })} />
        <MultiSelect label={t("languages")} description={t("bots.languages.about")} data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))} value={draft.languages} onChange={(languages) => put({ languages })} />
        <Title order={3}>{t("bots.steps")}</Title>
        {draft.steps.map((step, at) => (
          <StepCard key={step.id} step={step} at={at} steps={draft.steps} groups={teamData} lost={lost.has(step.id)} put={(change) => steps(changed(draft.steps, at, change))} move={(by) => steps(moved(draft.steps, at, by))} remove={() => steps(without(draft.steps, at))} />
        ))}
        <Group><Button variant="default" leftSection={<Plus aria-hidden size={16} />} onClick={() => steps([...draft.steps, freshStep(draft.steps)])}>{t("bots.step.add")}</Button></Group>
      </Stack>
    </Section>
  );
}
