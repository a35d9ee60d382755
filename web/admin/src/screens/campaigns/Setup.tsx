import { Alert, Button, Card, Group, Stack, TextInput, Title } from "@mantine/core";
import { Lock, Send } from "lucide-react";
import { lazy, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, Navigate, useNavigate, useParams } from "react-router";
import { Presence } from "@/app/Presence";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { useShortcuts } from "@/app/shortcuts";
import { Loaded } from "@/ui/Loaded";
import { Page } from "@/ui/Page";
import { DirIcon } from "@/ui/text";
import { placeOf } from "./CampaignTable";
import { ConflictDialog } from "./ConflictDialog";
import { Content } from "./setup/Content";
import { From } from "./setup/From";
import { Subject } from "./setup/Subject";
import { Timing } from "./setup/Timing";
import { Who } from "./setup/Who";
import { SaveState } from "./SaveState";
import { Scheduled } from "./Scheduled";
import { smsOf } from "./sms/shapes";
import { StateBadge } from "./StateBadge";
import { errorsOf, isWritable, useCampaign, useCampaignDraft, type Campaign } from "./server";

const SmsSetup = lazy(() => import("./sms/SmsSetup"));

/** Everything that is decided about a campaign, on one page. */
export default function Setup() {
  const { id = "" } = useParams();
  const campaign = useCampaign(id);
  return <Loaded query={campaign} lines={10}>{(read) => (isWritable(read.state) ? smsOf(read) ? <SmsSetup key={read.id} campaign={read} /> : <Form key={read.id} campaign={read} /> : <Navigate replace to={placeOf(read)} />)}</Loaded>;
}

function Form({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation("app_campaigns");
  const may = useMay();
  const navigate = useNavigate();
  const draft = useCampaignDraft(campaign);
  const { fields, saving, change } = draft;
  const locked = !may("campaigns:write") || campaign.state !== "draft";
  const errors = saving.kind === "refused" ? errorsOf(saving.error) : {};
  const review = async (at?: Date) => {
    await draft.flush();
    void navigate(to(`/campaigns/${campaign.id}/review${at ? `?at=${encodeURIComponent(at.toISOString())}` : ""}`));
  };
  useShortcuts({ "Mod+KeyS": () => void draft.flush() });
  const parts = { draft, locked, errors, campaign };
  const actions = <Button onClick={() => void review()} leftSection={<DirIcon icon={Send} size={16} />}>{t("review")}</Button>;
  return (
    <Page title={fields.name || t("unnamed")} above={[{ label: t("title"), href: to("/campaigns") }]} actions={actions} permission="campaigns:read">
      <Group justify="space-between" gap="sm" mt={-12}>
        <Group gap="sm"><StateBadge state={campaign.state} /><SaveState saving={saving} again={() => void draft.flush()} /></Group>
        <Presence object={`campaign:${campaign.id}`} mode={locked ? "viewing" : "editing"} />
      </Group>
      {campaign.state === "scheduled" ? <Scheduled campaign={campaign} /> : locked && <Alert color="gray" icon={<Lock aria-hidden />}>{t("read_only")}</Alert>}
      <Stack gap="md" maw={860}>
        <Section title={t("section.name")}>
          <TextInput dir="auto" label={t("name")} description={t("name.about")} value={fields.name} readOnly={locked} error={errors.name} onChange={({ currentTarget: { value } }) => change({ name: value })} />
        </Section>
        <Section title={t("section.who")}><Who {...parts} /></Section>
        <Section title={t("section.from")}><From {...parts} /></Section>
        <Section title={t("section.subject")}><Subject {...parts} /></Section>
        <Section title={t("section.content")} aside={<Button component={Link} to={to(`/campaigns/${campaign.id}/content`)} variant="light">{locked ? t("content.look") : t("content.edit")}</Button>}><Content {...parts} /></Section>
        {campaign.state === "draft" && <Section title={t("section.when")}><Timing go={(at) => void review(at)} /></Section>}
      </Stack>
      {draft.conflict && <ConflictDialog conflict={draft.conflict} mine={draft.fields} resolve={draft.resolve} />}
    </Page>
  );
}

function Section({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <Card component="section" aria-label={title}>
      <Group justify="space-between" mb="sm"><Title order={2}>{title}</Title>{aside}</Group>
      {children}
    </Card>
  );
}
