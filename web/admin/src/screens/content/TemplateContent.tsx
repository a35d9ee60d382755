import { Button, Card, Group, SimpleGrid, TextInput } from "@mantine/core";
import { Plus } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { api, fetchClient, queryClient, stale } from "@/api/client";
import type { components } from "@/api/schema";
import { Presence } from "@/app/Presence";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { useShortcuts } from "@/app/shortcuts";
import { ConflictDialog } from "@/screens/campaigns/ConflictDialog";
import { contentOf, languagesOf, pieceOf, unflat, withPiece, type MessageFields } from "@/screens/campaigns/fields";
import { apart } from "@/i18n/format";
import { SaveState } from "@/screens/campaigns/SaveState";
import { pieceTold, type Told } from "@/screens/campaigns/server";
import { useDraft } from "@/screens/campaigns/useDraft";
import { keepGivenUp } from "@/screens/editor/pieces";
import { Loaded } from "@/ui/Loaded";
import { Page } from "@/ui/Page";
import { ContentEditor } from "./ContentEditor";
import { LanguageSwitch, useLanguageHere } from "./LanguageSwitch";

type Template = components["schemas"]["Template"];
/** A template's message as the server tells it; the description leaves its shape open. */
interface Source { default: Told; by_language?: Record<string, Told> }

const PATH = "/v1/templates/{id}";

function fieldsOf(template: Template): MessageFields {
  const source = template.source as unknown as Source;
  const others = Object.entries(source.by_language ?? {}).map(([language, piece]) => [language, pieceTold(piece)] as const);
  return { name: template.name, language: source.default.language, ...pieceTold(source.default), variants: Object.fromEntries(others) };
}

/** The message of a template. */
export default function TemplateContent() {
  const { id = "" } = useParams();
  const template = api.useQuery("get", PATH, { params: { path: { id } } });
  return <Loaded query={template} lines={10}>{(read) => <Editing key={read.id} template={read} />}</Loaded>;
}

function useTemplateDraft(template: Template) {
  const { id, revision } = template;
  const fields = useMemo(() => fieldsOf(template), [template]);
  return useDraft<MessageFields>({
    key: `barid.draft.${id}`, fields, revision,
    save: async (_, mine, at) => {
      const { name, language, variants, ...piece } = unflat<MessageFields>(mine);
      const others = Object.fromEntries(Object.entries(variants).map(([code, other]) => [code, contentOf(other)]));
      const { data, error } = await fetchClient.PATCH(PATH, { params: { path: { id } }, body: { name, content: { ...contentOf(piece), language, variants: others }, revision: at } });
      if (error) throw error;
      if (!data) throw new TypeError("no answer");
      queryClient.setQueryData(api.queryOptions("get", PATH, { params: { path: { id } } }).queryKey, data);
      void stale("/v1/templates");
      return data.revision;
    },
    read: (current) => fieldsOf(current as Template),
  });
}

function Editing({ template }: { template: Template }) {
  const { t } = useTranslation(["app_content", "app_campaigns"]);
  const may = useMay();
  const draft = useTemplateDraft(template);
  const { fields, saving, put, change } = draft;
  useShortcuts({ "Mod+KeyS": () => void draft.flush() });
  const languages = languagesOf(fields);
  const [language, setLanguage] = useLanguageHere(languages);
  const locked = !may("templates:write");
  const piece = pieceOf(fields, language);
  return (
    <Page title={t("title_of", { name: apart(fields.name) })} above={[{ label: t("app_campaigns:title"), href: to("/campaigns") }, { label: t("app_campaigns:templates"), href: to("/campaigns/templates") }]} permission="templates:read"
      actions={may("campaigns:write") && <Button component={Link} to={to(`/campaigns/new?from=${template.id}`)} variant="default" leftSection={<Plus aria-hidden size={16} />}>{t("app_campaigns:templates.use")}</Button>}>
      <Group justify="space-between" gap="sm" mt={-12}>
        <Group gap="sm"><LanguageSwitch languages={languages} language={language} choose={setLanguage} /><SaveState saving={saving} again={() => void draft.flush()} /></Group>
        <Presence object={`template:${template.id}`} mode={locked ? "viewing" : "editing"} />
      </Group>
      <Card padding="sm">
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
          <TextInput dir="auto" label={t("app_campaigns:name")} value={fields.name} readOnly={locked} onChange={({ currentTarget: { value } }) => change({ name: value })} />
          <TextInput dir="auto" lang={language} label={t("app_campaigns:subject")} value={piece.subject} readOnly={locked} onChange={({ currentTarget: { value } }) => put(withPiece(fields, language, { subject: value }))} />
        </SimpleGrid>
      </Card>
      <ContentEditor template of={template.id} key={language} piece={piece} language={language} epoch={draft.epoch} locked={locked} change={(body) => put(withPiece(fields, language, { body }))} />
      {draft.conflict && <ConflictDialog conflict={draft.conflict} mine={fields} keeps={may("templates:write")} resolve={(choice) => { keepGivenUp(template.id, fields, choice); draft.resolve(choice); }} />}
    </Page>
  );
}
