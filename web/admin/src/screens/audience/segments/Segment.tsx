import { ActionIcon, Button, Card, Grid, Menu, Stack, Text, TextInput, Title } from "@mantine/core";
import { useDebouncedValue, useDocumentTitle } from "@mantine/hooks";
import { Copy, EllipsisVertical, Save, Trash2, Users } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useNavigate, useParams } from "react-router";
import { api, fetchClient, stale } from "@/api/client";
import { Presence } from "@/app/Presence";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { Loaded } from "@/ui/Loaded";
import { refused, told, undoable } from "@/ui/notify";
import { Page } from "@/ui/Page";
import { Waiting } from "@/ui/Waiting";
import { useUnsaved } from "@/ui/unsaved";
import type { SavedSegment } from "../shapes";
import { Builder } from "./Builder";
import { Live } from "./Live";
import { group, isComplete, toCondition, toModel, type Condition, type Group } from "./model";
import { inWords } from "./sentence";
import { useSpeech } from "./speech";
import { Uses } from "./Uses";
import { useNames, type Names } from "./vocabulary";

const SETTLED = 150;
const PATH = "/v1/segments";

/** The saved segment, or a fresh one that starts from what another screen handed over. */
export default function Segment() {
  const { id } = useParams();
  const { t } = useTranslation("app_segments");
  const { state } = useLocation() as { state: { where?: Condition; name?: string } | null };
  const saved = api.useQuery("get", "/v1/segments/{id}", { params: { path: { id: id ?? "" } } }, { enabled: id !== undefined });
  const names = useNames();
  const above = [{ label: t("title"), href: to("/audience/segments") }];
  if (id && !saved.data) return <Page title={t("segment")} above={above} permission="segments:read"><Loaded query={saved}>{() => <Waiting />}</Loaded></Page>;
  if (!names.data) return <Page title={t("segment")} above={above} permission="segments:read">{names.error ? <Failed error={names.error} again={() => void names.refetch()} /> : <Waiting />}</Page>;
  return <Editor key={id ?? "new"} saved={id ? saved.data : undefined} names={names.data} start={{ name: state?.name ?? "", where: state?.where ?? {} }} />;
}

interface EditorProps {
  saved: SavedSegment | undefined;
  names: Names;
  start: { name: string; where: Condition };
}

/** Saves what is on the screen: a new segment, or a change against the version that was opened. */
async function store(saved: SavedSegment | undefined, name: string, where: Condition): Promise<SavedSegment> {
  const answer = saved
    ? await fetchClient.PATCH("/v1/segments/{id}", { params: { path: { id: saved.id } }, body: { name, where, version: saved.version } })
    : await fetchClient.POST(PATH, { body: { name, where } });
  if (answer.error) throw answer.error;
  await stale(PATH);
  return answer.data;
}

function Editor({ saved, names, start }: EditorProps) {
  const { t } = useTranslation(["app_segments", "app_shell"]);
  const navigate = useNavigate();
  const writes = useMay()("segments:write");
  const speech = useSpeech(names);
  const first = useMemo(() => toModel((saved?.where as Condition | undefined) ?? start.where), [saved, start.where]);
  const [root, setRoot] = useState<Group>(first.parts.length === 0 && !saved ? group(true) : first);
  const form = useServerForm({ initialValues: { name: saved?.name ?? start.name }, validate: { name: (name) => (name.trim() ? null : t("name_needed")) } });
  const where = toCondition(root);
  const complete = isComplete(root);
  const [settled] = useDebouncedValue(complete ? where : null, SETTLED);
  const changed = JSON.stringify(where) !== JSON.stringify(saved ? toCondition(first) : start.where) || form.isDirty();
  useUnsaved(writes && changed);
  useDocumentTitle(saved?.name ?? t("new"));
  const save = form.send(async ({ name }) => {
    const stored = await store(saved, name, where);
    form.resetDirty();
    told(t("saved", { name: stored.name }));
    if (!saved) void navigate(to(`/audience/segments/${stored.id}`), { replace: true });
  });
  const duplicate = () => void navigate(to("/audience/segments/new"), { state: { where, name: t("copy_of", { name: form.getValues().name }) } });
  const remove = async () => {
    if (!saved) return;
    const path = { params: { path: { id: saved.id } } };
    const { error } = await fetchClient.DELETE("/v1/segments/{id}", path);
    if (error) return refused(error);
    await stale(PATH);
    void navigate(to("/audience/segments"));
    undoable(t("binned", { name: saved.name }), () => void fetchClient.POST("/v1/segments/{id}/restore", path).then(() => stale(PATH)));
  };
  const actions = (
    <>
      {saved && <Button variant="default" component={Link} to={to(`/audience?segment=${saved.id}`)} leftSection={<Users aria-hidden size={16} />}>{t("show_people")}</Button>}
      {writes && <Button type="submit" form="segment" loading={form.busy} disabled={!complete} leftSection={<Save aria-hidden size={16} />}>{t("app_shell:save")}</Button>}
      {writes && saved && (
        <Menu position="bottom-end">
          <Menu.Target><ActionIcon variant="default" aria-label={t("app_shell:more")}><EllipsisVertical aria-hidden size={16} /></ActionIcon></Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<Copy aria-hidden size={14} />} onClick={duplicate}>{t("duplicate")}</Menu.Item>
            <Menu.Item color="red" leftSection={<Trash2 aria-hidden size={14} />} onClick={() => void remove()}>{t("bin")}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  );
  return (
    <Page title={saved?.name ?? t("new")} about={t("about_builder")} above={[{ label: t("title"), href: to("/audience/segments") }]} permission="segments:read" actions={actions}>
      {saved && <Presence object={`segment:${saved.id}`} mode={writes ? "editing" : "viewing"} />}
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <form id="segment" noValidate onSubmit={save}>
            <Stack>
              {form.trouble !== null && <Failed error={form.trouble} />}
              <TextInput dir="auto" required={writes} readOnly={!writes} maxLength={200} maw={480} label={t("name")} placeholder={t("name_example")} {...form.getInputProps("name")} />
              <Card component="section" aria-label={t("conditions")}>
                <Stack gap="md">
                  <Title order={2}>{t("conditions")}</Title>
                  <fieldset disabled={!writes} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}><Builder root={root} names={names} change={setRoot} /></fieldset>
                </Stack>
              </Card>
              <Card component="section" aria-label={t("in_words")}><Title order={2} mb={4}>{t("in_words")}</Title><Text>{inWords(where, speech)}</Text></Card>
            </Stack>
          </form>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Stack style={{ position: "sticky", insetBlockStart: 72 }}>
            <Live where={settled} />
            {saved && <Uses id={saved.id} />}
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}
