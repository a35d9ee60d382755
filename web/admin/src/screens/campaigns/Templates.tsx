import { ActionIcon, Button, Card, Group, Menu, Modal, SimpleGrid, Stack, Text, TextInput, Title } from "@mantine/core";
import { Ellipsis, LayoutTemplate, Pencil, Plus, Trash2, Undo2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { api, fetchClient, stale } from "@/api/client";
import type { components } from "@/api/schema";
import { to, useUrlState } from "@/app/place";
import { useMay } from "@/app/session";
import { Thumbnail } from "@/screens/content/Thumbnail";
import { useStarters, useTemplates, type Starter } from "@/screens/content/server";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { Loaded } from "@/ui/Loaded";
import { LanguageName } from "@/ui/Language";
import { Nothing } from "@/ui/Nothing";
import { refused, undoable } from "@/ui/notify";
import { Page } from "@/ui/Page";
import { Tabs } from "@/ui/Tabs";
import { DirIcon, When } from "@/ui/text";
import { contentOf } from "./fields";
import { pieceTold, type Told } from "./server";

type Template = components["schemas"]["Template"];
const PATH = "/v1/templates/{id}";

/** Designs to begin with, and those that were kept. */
export default function Templates() {
  const { t } = useTranslation("app_campaigns");
  return (
    <Page title={t("templates")} about={t("templates.about")} above={[{ label: t("title"), href: to("/campaigns") }]} permission="templates:read">
      <Tabs label={t("templates")} tabs={[
        { code: "saved", label: t("templates.saved"), body: () => <Saved /> },
        { code: "starters", label: t("templates.starters"), body: () => <Starters /> },
        { code: "bin", label: t("filter.bin"), body: () => <Bin /> },
      ]} />
    </Page>
  );
}

const GRID = { base: 1, xs: 2, md: 3, xl: 4 };

function Starters() {
  const { t, i18n } = useTranslation("app_campaigns");
  const may = useMay();
  const navigate = useNavigate();
  const starters = useStarters();
  const [language] = useUrlState("language", i18n.language);
  const keep = async ({ name, language: lang, subject, preheader, design }: Starter) => {
    const { data, error } = await fetchClient.POST("/v1/templates", { body: { name, content: { subject, preheader, language: lang, design, variants: {} } } });
    if (error) return refused(error);
    await stale("/v1/templates");
    if (data) void navigate(to(`/campaigns/templates/${data.id}`));
  };
  return (
    <Loaded query={starters}>
      {({ items }) => (
        <SimpleGrid cols={GRID} spacing="md">
          {[...items].sort((a, b) => Number(b.language === language) - Number(a.language === language)).map((starter) => (
            <Card key={starter.id} padding={0}>
              <Thumbnail content={{ subject: starter.subject, design: starter.design }} language={starter.language} height={260} />
              <Stack gap={4} p="sm">
                <Title order={2} fz="md">{starter.name} <Text span size="sm" c="dimmed">(<LanguageName code={starter.language} />)</Text></Title>
                <Text size="sm" c="dimmed" dir="auto" lineClamp={2}>{starter.description}</Text>
                <Group gap="xs" mt={4}>
                  {may("campaigns:write") && <Button size="xs" component={Link} variant="light" to={to(`/campaigns/new?from=${starter.id}&language=${starter.language}`)}>{t("templates.use")}</Button>}
                  {may("templates:write") && <Button size="xs" variant="default" onClick={() => void keep(starter)}>{t("templates.keep")}</Button>}
                </Group>
              </Stack>
            </Card>
          ))}
        </SimpleGrid>
      )}
    </Loaded>
  );
}

const toldOf = (template: Template) => (template.source as unknown as { default?: Told } | null)?.default;

function Saved() {
  const { t } = useTranslation("app_campaigns");
  const templates = useTemplates();
  return (
    <Loaded query={templates}>
      {({ items }) => (items.length === 0
        ? <Nothing icon={LayoutTemplate} title={t("templates.none")} text={t("templates.none.text")} action={{ label: t("templates.starters"), href: to("/campaigns/templates?tab=starters") }} />
        : <SimpleGrid cols={GRID} spacing="md">{items.map((template) => <SavedCard key={template.id} template={template} />)}</SimpleGrid>)}
    </Loaded>
  );
}

function SavedCard({ template }: { template: Template }) {
  const { t } = useTranslation("app_campaigns");
  const may = useMay();
  const [naming, setNaming] = useState(false);
  const full = api.useQuery("get", PATH, { params: { path: { id: template.id } } }, { enabled: !template.source, staleTime: 300_000 });
  const message = toldOf(template) ?? (full.data && toldOf(full.data));
  const place = to(`/campaigns/templates/${template.id}`);
  const restore = () => void fetchClient.POST("/v1/templates/{id}/restore", { params: { path: { id: template.id } } }).then(() => stale("/v1/templates"));
  const remove = async () => {
    const { error } = await fetchClient.DELETE(PATH, { params: { path: { id: template.id } } });
    if (error) return refused(error);
    await stale("/v1/templates");
    undoable(t("binned", { name: template.name }), restore);
  };
  return (
    <Card padding={0}>
      {message && <Thumbnail content={contentOf(pieceTold(message))} language={message.language} height={260} />}
      <Stack gap={4} p="sm">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Title order={2} fz="md" style={{ overflowWrap: "anywhere" }}><Link to={place} style={{ color: "inherit" }}><bdi>{template.name}</bdi></Link></Title>
          {may("templates:write") && (
            <Menu position="bottom-end">
              <Menu.Target><ActionIcon aria-label={t("more", { name: template.name })}><Ellipsis aria-hidden size={18} /></ActionIcon></Menu.Target>
              <Menu.Dropdown>
                <Menu.Item leftSection={<Pencil aria-hidden size={16} />} onClick={() => setNaming(true)}>{t("rename")}</Menu.Item>
                <Menu.Item color="red" leftSection={<Trash2 aria-hidden size={16} />} onClick={() => void remove()}>{t("bin")}</Menu.Item>
              </Menu.Dropdown>
            </Menu>
          )}
        </Group>
        <Text size="sm" c="dimmed">{message && <><LanguageName code={message.language} /> · </>}<When at={template.updated_at} /></Text>
        <Group gap="xs" mt={4}>
          {may("campaigns:write") && <Button size="xs" component={Link} variant="light" leftSection={<Plus aria-hidden size={14} />} to={to(`/campaigns/new?from=${template.id}`)}>{t("templates.use")}</Button>}
          <Button size="xs" component={Link} variant="default" to={place}>{t("templates.open")}</Button>
        </Group>
      </Stack>
      {naming && <Rename template={template} close={() => setNaming(false)} />}
    </Card>
  );
}

function Rename({ template, close }: { template: Template; close: () => void }) {
  const { t } = useTranslation(["app_campaigns", "app_shell"]);
  const form = useServerForm({ initialValues: { name: template.name } });
  const save = form.send(async ({ name }) => {
    const { error } = await fetchClient.PATCH(PATH, { params: { path: { id: template.id } }, body: { name, revision: template.revision } });
    if (error) throw error;
    await stale("/v1/templates");
    close();
  });
  return (
    <Modal opened onClose={close} title={<Text fw={600}>{t("rename")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <form onSubmit={save}>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <TextInput data-autofocus required dir="auto" label={t("name")} {...form.getInputProps("name")} />
          <Group justify="flex-end"><Button type="submit" loading={form.busy}>{t("app_shell:save")}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Bin() {
  const { t } = useTranslation("app_campaigns");
  const may = useMay()("templates:write");
  const gone = api.useQuery("get", "/v1/templates", { params: { query: { bin: true, limit: 200 } } });
  const restore = async (id: string) => {
    const { error } = await fetchClient.POST("/v1/templates/{id}/restore", { params: { path: { id } } });
    if (error) return refused(error);
    await stale("/v1/templates");
  };
  return (
    <Loaded query={gone}>
      {({ items }) => (items.length === 0 ? <Nothing icon={Trash2} title={t("bin.empty")} text={t("bin.about")} /> : (
        <Stack gap="xs">
          {items.map(({ id, name, ends_at }) => (
            <Card key={id} padding="sm"><Group justify="space-between"><Text><bdi>{name}</bdi></Text><Group gap="sm"><Text size="sm" c="dimmed">{t("column.ends")} <When at={ends_at} /></Text>{may && <Button size="xs" variant="default" leftSection={<DirIcon icon={Undo2} size={14} />} onClick={() => void restore(id)}>{t("restore")}</Button>}</Group></Group></Card>
          ))}
        </Stack>
      ))}
    </Loaded>
  );
}
