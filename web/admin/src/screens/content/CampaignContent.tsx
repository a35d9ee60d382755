import { Alert, Button, Group } from "@mantine/core";
import { Lock } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { Presence } from "@/app/Presence";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { useShortcuts } from "@/app/shortcuts";
import { ConflictDialog } from "@/screens/campaigns/ConflictDialog";
import { languagesOf, pieceOf, withPiece } from "@/screens/campaigns/fields";
import { apart } from "@/i18n/format";
import { SaveState } from "@/screens/campaigns/SaveState";
import { TestSend } from "@/screens/campaigns/TestSend";
import { useCampaign, useCampaignDraft, type Campaign } from "@/screens/campaigns/server";
import { keepGivenUp } from "@/screens/editor/pieces";
import { Loaded } from "@/ui/Loaded";
import { Page } from "@/ui/Page";
import { ContentEditor } from "./ContentEditor";
import { KeepAsTemplate } from "./KeepAsTemplate";
import { LanguageSwitch, useLanguageHere } from "./LanguageSwitch";

/** The message of a campaign. */
export default function CampaignContent() {
  const { id = "" } = useParams();
  const campaign = useCampaign(id);
  return <Loaded query={campaign} lines={10}>{(read) => <Editing key={read.id} campaign={read} />}</Loaded>;
}

function Editing({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation(["app_content", "app_campaigns", "app_shell"]);
  const draft = useCampaignDraft(campaign);
  const { fields, saving, put } = draft;
  const languages = languagesOf(fields);
  const [language, setLanguage] = useLanguageHere(languages);
  const may = useMay();
  const locked = !may("campaigns:write") || campaign.state !== "draft";
  useShortcuts({ "Mod+KeyS": () => void draft.flush() });
  const place = to(`/campaigns/${campaign.id}`);
  return (
    <Page title={t("title_of", { name: apart(fields.name) })} above={[{ label: t("app_campaigns:title"), href: to("/campaigns") }, { label: fields.name, href: place }]} permission="campaigns:read"
      actions={<><KeepAsTemplate fields={fields} /><Button component={Link} to={place} onClick={() => void draft.flush()}>{t("app_shell:done")}</Button></>}>
      <Group justify="space-between" gap="sm" mt={-12}>
        <Group gap="sm"><LanguageSwitch languages={languages} language={language} choose={setLanguage} /><SaveState saving={saving} again={() => void draft.flush()} /></Group>
        <Presence object={`campaign:${campaign.id}`} mode={locked ? "viewing" : "editing"} />
      </Group>
      {locked && <Alert color="gray" icon={<Lock aria-hidden />}>{t("app_campaigns:read_only")}</Alert>}
      <ContentEditor key={language} of={campaign.id} piece={pieceOf(fields, language)} language={language} epoch={draft.epoch} locked={locked} test={may("campaigns:test") && <TestSend campaign={campaign} before={draft.flush} />} change={(body) => put(withPiece(fields, language, { body }))} />
      {draft.conflict && <ConflictDialog conflict={draft.conflict} mine={fields} keeps={may("templates:write")} resolve={(choice) => { keepGivenUp(campaign.id, fields, choice); draft.resolve(choice); }} />}
    </Page>
  );
}
