import { Alert, Button, Card, Group, Menu, Select, Stack, Switch, Text, TextInput, Title } from "@mantine/core";
import { Languages, Lock, Plus, Send, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { Presence } from "@/app/Presence";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { useShortcuts } from "@/app/shortcuts";
import { LANGUAGES } from "@/i18n";
import { latinDigits } from "@/i18n/format";
import { useSenders } from "@/screens/messaging/server";
import { LanguageName } from "@/ui/Language";
import { undoable } from "@/ui/notify";
import { Page } from "@/ui/Page";
import { DirIcon } from "@/ui/text";
import { AudienceCount } from "../AudienceCount";
import { ConflictDialog } from "../ConflictDialog";
import { languagesOf, pieceOf, withPiece } from "../fields";
import { SaveState } from "../SaveState";
import { Scheduled } from "../Scheduled";
import { errorsOf, useSegments, useTopics, type Campaign } from "../server";
import { Timing } from "../setup/Timing";
import { StateBadge } from "../StateBadge";
import { ChannelBadge } from "./ChannelBadge";
import { CostCard } from "./Estimate";
import { saying } from "./shapes";
import { TextBox } from "./TextBox";
import { useSmsDraft, type SmsDraft } from "./useSmsDraft";

interface Part { draft: SmsDraft; locked: boolean; errors: Record<string, string> }

/** Everything that is decided about a campaign by SMS, on one page. */
export default function SmsSetup({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation(["app_campaigns", "app_messaging"]);
  const may = useMay();
  const navigate = useNavigate();
  const draft = useSmsDraft(campaign);
  const { fields, saving, change } = draft;
  const locked = !may("campaigns:write") || campaign.state !== "draft";
  const errors = saving.kind === "refused" ? errorsOf(saving.error) : {};
  const review = async (at?: Date) => {
    await draft.flush();
    void navigate(to(`/campaigns/${campaign.id}/review${at ? `?at=${encodeURIComponent(at.toISOString())}` : ""}`));
  };
  useShortcuts({ "Mod+KeyS": () => void draft.flush() });
  const parts = { draft, locked, errors };
  const audience = `${fields.topic} ${fields.segment} ${fields.purpose}`;
  const weight = `${audience} ${fields.text} ${JSON.stringify(fields.variants)} ${fields.originator} ${fields.shorten}`;
  return (
    <Page title={fields.name || t("unnamed")} above={[{ label: t("title"), href: to("/campaigns") }]} permission="campaigns:read"
      actions={<Button onClick={() => void review()} leftSection={<DirIcon icon={Send} size={16} />}>{t("review")}</Button>}>
      <Group justify="space-between" gap="sm" mt={-12}>
        <Group gap="sm"><ChannelBadge channel="sms" /><StateBadge state={campaign.state} /><SaveState saving={saving} again={() => void draft.flush()} /></Group>
        <Presence object={`campaign:${campaign.id}`} mode={locked ? "viewing" : "editing"} />
      </Group>
      {campaign.state === "scheduled" ? <Scheduled campaign={campaign} /> : locked && <Alert color="gray" icon={<Lock aria-hidden />}>{t("read_only")}</Alert>}
      <Stack gap="md" maw={860}>
        <Section title={t("section.name")}>
          <TextInput dir="auto" label={t("name")} description={t("name.about")} value={fields.name} readOnly={locked} error={errors.name} onChange={({ currentTarget: { value } }) => change({ name: value })} />
        </Section>
        <Section title={t("section.who")}><Who {...parts} /><AudienceCount id={campaign.id} changes={audience} saved={saving.kind === "saved"} /></Section>
        <Section title={t("section.from")}><From {...parts} /></Section>
        <Section title={t("app_messaging:words")}><Words {...parts} /></Section>
        <Section title={t("app_messaging:sms.cost")}><CostCard id={campaign.id} changes={weight} saved={saving.kind === "saved"} /></Section>
        {campaign.state === "draft" && <Section title={t("section.when")}><Timing go={(at) => void review(at)} /></Section>}
      </Stack>
      {draft.conflict && <ConflictDialog conflict={draft.conflict} mine={draft.fields} resolve={draft.resolve} />}
    </Page>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return <Card component="section" aria-label={title}><Title order={2} mb="sm">{title}</Title><Stack>{children}</Stack></Card>;
}

function Who({ draft: { fields, change }, locked, errors }: Part) {
  const { t } = useTranslation("app_campaigns");
  const topics = useTopics();
  const segments = useSegments();
  const open = (topics.data?.items ?? []).filter(({ id, archived_at }) => !archived_at || id === fields.topic);
  return (
    <>
      <Select label={t("who.topic")} description={t("who.topic.about")} allowDeselect={false} searchable disabled={locked} error={errors.topic} data={open.map(({ id, name }) => ({ value: id, label: name }))} value={fields.topic} onChange={(topic) => topic && change({ topic })} />
      <Select label={t("who.segment")} description={t("who.segment.about")} placeholder={t("who.segment.none")} clearable searchable disabled={locked} error={errors.segment} clearButtonProps={{ "aria-label": t("who.segment.none") }}
        data={(segments.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))} value={fields.segment} onChange={(segment) => change({ segment })} />
    </>
  );
}

const HOUR = 3_600;
const MOST_HOURS = 48;

function From({ draft: { fields, change }, locked, errors }: Part) {
  const { t } = useTranslation("app_messaging");
  const sees = useMay()("routes:read");
  const { data } = useSenders(sees);
  const known = (data?.items ?? []).map(({ value }) => value);
  const values = fields.originator && !known.includes(fields.originator) ? [fields.originator, ...known] : known;
  const hours = (text: string) => {
    const typed = Number(latinDigits(text));
    change({ validity: text.trim() === "" || !(typed > 0) ? null : Math.round(Math.min(typed, MOST_HOURS) * HOUR) });
  };
  const chosen = data?.items.find(({ value }) => value === fields.originator);
  return (
    <>
      <Select label={t("column.from")} description={t("sms.from.note")} allowDeselect={false} disabled={locked} error={errors.originator} data={[{ value: "", label: t("sms.from.any") }, ...values.map((value) => ({ value, label: value }))]}
        value={fields.originator ?? ""} onChange={(value) => change({ originator: value || null })} />
      {chosen && !chosen.two_way && <Alert color="amber">{t("sms.from.one_way")}</Alert>}
      <TextInput dir="ltr" inputMode="numeric" maw={320} label={t("new.hours")} description={t("new.hours.note")} readOnly={locked} error={errors.validity} value={fields.validity ? String(fields.validity / HOUR) : ""} onChange={({ currentTarget: { value } }) => hours(value)} />
    </>
  );
}

const OFFERED = [...Object.keys(LANGUAGES), "fr", "de", "es", "tr", "ur", "fa"];

function Words({ draft: { fields, put, change }, locked, errors }: Part) {
  const { t } = useTranslation(["app_messaging", "app_campaigns"]);
  const languages = languagesOf(fields);
  const free = OFFERED.filter((code) => !languages.includes(code));
  const remove = (language: string) => {
    const { [language]: gone, ...rest } = fields.variants;
    put({ ...fields, variants: rest });
    if (gone) undoable(t("app_campaigns:language.removed"), () => put({ ...fields, variants: { ...rest, [language]: gone } }));
  };
  return (
    <>
      {languages.map((language) => (
        <Stack key={language} gap="xs">
          {languages.length > 1 && (
            <Group justify="space-between">
              <Title order={3}><LanguageName code={language} />{language === fields.language && <Text component="span" size="sm" c="dimmed"> · {t("app_campaigns:language.first")}</Text>}</Title>
              {language !== fields.language && !locked && <Button size="compact-xs" variant="subtle" color="red" leftSection={<Trash2 aria-hidden size={14} />} onClick={() => remove(language)}>{t("app_campaigns:language.remove")}</Button>}
            </Group>
          )}
          <TextBox label={t("words")} language={language} shorten={fields.shorten} locked={locked} text={pieceOf(fields, language).text ?? ""} error={language === fields.language ? errors.text : errors[`variants.${language}.text`]}
            change={(text) => put(withPiece(fields, language, saying(text)))} />
        </Stack>
      ))}
      {!locked && free.length > 0 && (
        <Group>
          <Menu>
            <Menu.Target><Button variant="default" size="xs" leftSection={<Plus aria-hidden size={14} />}>{t("app_campaigns:language.add")}</Button></Menu.Target>
            <Menu.Dropdown>{free.map((code) => <Menu.Item key={code} leftSection={<Languages aria-hidden size={14} />} onClick={() => put({ ...fields, variants: { ...fields.variants, [code]: saying(fields.text ?? "") } })}><LanguageName code={code} /></Menu.Item>)}</Menu.Dropdown>
          </Menu>
          <Text size="sm" c="dimmed" style={{ flex: 1 }}>{t("app_campaigns:language.about")}</Text>
        </Group>
      )}
      <Switch label={t("sms.shorten")} description={t("sms.shorten.note")} disabled={locked} checked={fields.shorten} onChange={({ currentTarget: { checked } }) => change({ shorten: checked })} />
      <Switch label={t("sms.track")} description={t("sms.track.note")} disabled={locked || !fields.shorten} checked={fields.track && fields.shorten} onChange={({ currentTarget: { checked } }) => change({ track: checked })} />
    </>
  );
}
