import { Alert, Box, Button, Grid, Group, Stack, Text, UnstyledButton } from "@mantine/core";
import { Archive, CircleAlert, CircleCheck, CloudOff, Eye, Lock, PencilLine, Save } from "lucide-react";
import { lazy, Suspense, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { to, useUrlState } from "@/app/place";
import { useMay } from "@/app/session";
import { useShortcuts } from "@/app/shortcuts";
import { Page } from "@/ui/Page";
import { Tabs } from "@/ui/Tabs";
import { Waiting } from "@/ui/Waiting";
import { refused } from "@/ui/notify";
import { ConflictDialog } from "./ConflictDialog";
import { ContentTab } from "./ContentTab";
import { tabOf } from "./definition";
import { DisplayTab } from "./DisplayTab";
import { EmbedTab } from "./EmbedTab";
import { LookTab } from "./LookTab";
import { Preview } from "./Preview";
import { ProtectionTab } from "./ProtectionTab";
import { archive, type Form } from "./server";
import { useLeaving } from "@/ui/useLeaving";
import { useWork, type Work } from "./useWork";

const FormReport = lazy(() => import("./FormReport"));

/** Whether the parts may be written in; a member who may only read sees them all the same. */
function Written({ work, children }: { work: Work; children: ReactNode }) {
  return <fieldset disabled={work.readOnly} style={{ border: 0, margin: 0, padding: 0, minInlineSize: 0 }}>{children}</fieldset>;
}

export function Builder({ form }: { form: Form }) {
  const { t } = useTranslation("app_forms");
  const readOnly = !useMay()("forms:write") || form.archived_at != null;
  const work = useWork(form, readOnly);
  const [tab] = useUrlState("tab", "content");
  useLeaving(work.unsaved && !readOnly, work.discard);
  useShortcuts({ "Mod+KeyS": () => { if (work.unsaved && !readOnly && work.state !== "saving") work.save(); } });
  const alone = tab === "report" || tab === "embed";
  const tabs = (
    <Tabs label={t("tabs")} tabs={[
      { code: "content", label: t("tab.content"), body: () => <Written work={work}><ContentTab work={work} /></Written> },
      { code: "look", label: t("tab.look"), body: () => <Written work={work}><LookTab work={work} /></Written> },
      { code: "display", label: t("tab.display"), body: () => <Written work={work}><DisplayTab work={work} /></Written> },
      { code: "protection", label: t("tab.protection"), body: () => <Written work={work}><ProtectionTab work={work} /></Written> },
      { code: "embed", label: t("tab.embed"), body: () => <EmbedTab form={form} unsaved={work.unsaved} /> },
      { code: "report", label: t("tab.report"), body: () => <Suspense fallback={<Waiting />}><FormReport id={form.id} /></Suspense> },
    ]} />
  );
  return (
    <Page title={work.draft.name || t("unnamed")} above={[{ label: t("title"), href: to("/forms") }]} permission="forms:read" actions={<Saving work={work} />}>
      {work.conflict && !readOnly && <ConflictDialog conflict={work.conflict} mine={work.draft} resolve={work.resolve} />}
      <Box>
        <Notices work={work} form={form} />
        <Grid gap="xl">
          <Grid.Col order={{ base: 2, md: 1 }} span={{ base: 12, md: alone ? 12 : 6, lg: alone ? 12 : 7 }} style={{ minWidth: 0 }}>{tabs}</Grid.Col>
          {!alone && (
            <Grid.Col order={{ base: 1, md: 2 }} span={{ base: 12, md: 6, lg: 5 }} style={{ minWidth: 0 }}>
              <Box style={{ position: "sticky", insetBlockStart: 76 }}><Preview work={work} /></Box>
            </Grid.Col>
          )}
        </Grid>
      </Box>
    </Page>
  );
}

function Saving({ work }: { work: Work }) {
  const { t } = useTranslation("app_forms");
  const { unsaved, state, readOnly } = work;
  if (readOnly) return null;
  const Icon = state === "offline" ? CloudOff : unsaved ? PencilLine : CircleCheck;
  return (
    <>
      <Group gap={6} wrap="nowrap" role="status"><Icon aria-hidden size={15} /><Text size="sm" c="dimmed">{t(state === "offline" ? "state.offline" : unsaved ? "state.unsaved" : "state.saved")}</Text></Group>
      {unsaved && <Button variant="default" onClick={work.discard}>{t("discard")}</Button>}
      <Button leftSection={<Save aria-hidden size={16} />} disabled={!unsaved} loading={state === "saving"} onClick={work.save}>{t("save")}</Button>
    </>
  );
}

function Notices({ work, form }: { work: Work; form: Form }) {
  const { t } = useTranslation("app_forms");
  const writes = useMay()("forms:write");
  const back = () => void archive(form.id, false).catch(refused);
  return (
    <>
      {form.archived_at && (
        <Alert mb="md" color="amber" icon={<Archive aria-hidden />} title={t("archived")}>
          <Stack gap="xs" align="flex-start"><Text size="sm">{t("archived.text")}</Text>{writes && <Button size="xs" variant="default" onClick={back}>{t("restore")}</Button>}</Stack>
        </Alert>
      )}
      {!writes && <Alert mb="md" color="gray" icon={<Lock aria-hidden />} title={t("read_only")}>{t("read_only.text")}</Alert>}
      {work.restored && work.unsaved && (
        <Alert mb="md" color="amber" icon={<PencilLine aria-hidden />} title={t("restored")}>{t("restored.text")}</Alert>
      )}
      {work.state === "offline" && <Alert mb="md" color="red" icon={<CloudOff aria-hidden />} title={t("lost")} role="alert">{t("lost.text")}</Alert>}
      <Problems work={work} />
    </>
  );
}

/** Everything that is wrong, wherever it stands: each leads to its tab. */
function Problems({ work }: { work: Work }) {
  const { t } = useTranslation("app_forms");
  const [, setTab] = useUrlState("tab", "content");
  const paths = Object.keys(work.problems);
  const trouble = work.trouble as { detail?: string } | null;
  if (paths.length === 0 && !trouble) return null;
  const texts = new Map(paths.map((path) => [`${tabOf(path)} ${work.wrong(path)}`, path]));
  return (
    <Alert mb="md" color="red" icon={<CircleAlert aria-hidden />} title={t("wrong")}>
      <Stack gap={4} align="flex-start">
        {paths.length === 0 && <Text size="sm" dir="auto">{trouble?.detail}</Text>}
        {[...texts.values()].map((path) => (
          <UnstyledButton key={path} onClick={() => setTab(tabOf(path))} fz="sm" style={{ textDecoration: "underline" }}>
            {t("wrong.at", { tab: t(`tab.${tabOf(path)}`) })} <bdi>{work.wrong(path)}</bdi>
          </UnstyledButton>
        ))}
        {paths.length > 0 && <Group gap={6}><Eye aria-hidden size={14} /><Text size="xs">{t("wrong.preview")}</Text></Group>}
      </Stack>
    </Alert>
  );
}
