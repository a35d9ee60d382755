import { Alert, Button, Group, Stack, Text, UnstyledButton } from "@mantine/core";
import { CircleAlert, Lock, PencilLine, Save, Users } from "lucide-react";
import { lazy, Suspense, useMemo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { to, useUrlState } from "@/app/place";
import { useMay, useSession } from "@/app/session";
import { useShortcuts } from "@/app/shortcuts";
import { Failed } from "@/ui/Failed";
import { Loaded } from "@/ui/Loaded";
import { Page } from "@/ui/Page";
import { Tabs } from "@/ui/Tabs";
import { useLeaving } from "@/ui/useLeaving";
import { Waiting } from "@/ui/Waiting";
import { useEventType, useHosts } from "../server";
import type { EventType } from "../shapes";
import { useTitle } from "../words";
import { Basics } from "./Basics";
import { EMPTY, tabOf, type Draft, type TabCode } from "./draft";
import { TypeHosts } from "./TypeHosts";
import { Times } from "./Times";
import { useWork, type Work } from "./useWork";

const Questions = lazy(() => import("./Questions"));
const Rules = lazy(() => import("./Rules"));
const Messages = lazy(() => import("./Messages"));
const PrivacyTab = lazy(() => import("./PrivacyTab"));
const Share = lazy(() => import("./Share"));
const Why = lazy(() => import("./Why"));

/** One event type in all its parts; a new one is the same page with nothing saved yet. */
export default function EventTypePage() {
  const { id } = useParams();
  return id ? <Known id={id} /> : <New />;
}

function Known({ id }: { id: string }) {
  const { t } = useTranslation("app_bookings");
  const type = useEventType(id);
  if (!type.data) return <Page title={t("type")} above={[{ label: t("place.types"), href: to("/bookings/types") }]} permission="bookings:read"><Loaded query={type} lines={8}>{() => null}</Loaded></Page>;
  return <Editor key={id} type={type.data} fresh={FRESH} />;
}

const FRESH: Draft = { slug: "", state: "active", definition: EMPTY };

/** Whoever makes an event type is its first host, when they can be booked at all. */
function New() {
  const { user } = useSession();
  const hosts = useHosts();
  const me = hosts.data?.items.find(({ member }) => member === user.id) ?? hosts.data?.items[0];
  const fresh = useMemo<Draft>(() => ({ ...FRESH, definition: { ...EMPTY, hosts: me ? [{ host: me.id, fixed: false, weight: 100, priority: 0, schedule: null, since: null }] : [] } }), [me]);
  if (hosts.isPending) return <Waiting />;
  return <Editor key="new" type={null} fresh={fresh} />;
}

/** Whether the parts may be written in; a member who may only read sees them all the same. */
function Written({ work, children }: { work: Work; children: ReactNode }) {
  return <fieldset disabled={work.readOnly} style={{ border: 0, margin: 0, padding: 0, minInlineSize: 0 }}><Suspense fallback={<Waiting />}>{children}</Suspense></fieldset>;
}

function Editor({ type, fresh }: { type: EventType | null; fresh: Draft }) {
  const { t } = useTranslation("app_bookings");
  const title = useTitle();
  const readOnly = !useMay()("bookings:manage");
  const work = useWork(type, fresh, readOnly);
  useLeaving(work.unsaved && !readOnly, work.discard);
  useShortcuts({ "Mod+KeyS": () => { if (work.unsaved && !readOnly && !work.busy) work.save(); } });
  const part = (code: TabCode, body: ReactNode) => ({ code, label: t(`tab.${code}`), body: () => <Written work={work}>{body}</Written> });
  const tabs = [
    part("basics", <Basics work={work} url={type?.url} />), part("hosts", <TypeHosts work={work} type={type} />), part("times", <Times work={work} />),
    part("questions", <Questions work={work} />), part("rules", <Rules work={work} />), part("messages", <Messages work={work} />), part("privacy", <PrivacyTab work={work} />),
    ...(type ? [
      { code: "share", label: t("tab.share"), body: () => <Suspense fallback={<Waiting />}><Share type={type} unsaved={work.unsaved} /></Suspense> },
      { code: "why", label: t("tab.why"), body: () => <Suspense fallback={<Waiting />}><Why type={type} unsaved={work.unsaved} /></Suspense> },
    ] : []),
  ];
  return (
    <Page title={title({ slug: work.draft.slug, definition: work.draft.definition }) || t("type.new")} above={[{ label: t("place.types"), href: to("/bookings/types") }]} permission="bookings:read" actions={<Saving work={work} fresh={type === null} />}>
      <div>
        <Notices work={work} />
        <Tabs tabs={tabs} label={t("type.tabs")} />
      </div>
    </Page>
  );
}

function Saving({ work, fresh }: { work: Work; fresh: boolean }) {
  const { t } = useTranslation(["app_bookings", "app_shell"]);
  if (work.readOnly) return null;
  return (
    <>
      {work.unsaved && !fresh && <Button variant="default" onClick={work.discard}>{t("discard")}</Button>}
      <Button leftSection={<Save aria-hidden size={16} />} disabled={!work.unsaved && !fresh} loading={work.busy} onClick={work.save}>{t(fresh ? "type.make" : "app_shell:save")}</Button>
    </>
  );
}

function Notices({ work }: { work: Work }) {
  const { t } = useTranslation("app_bookings");
  const [, setTab] = useUrlState("tab", "basics");
  const paths = Object.entries(work.problems);
  return (
    <Stack gap="sm" mb={paths.length > 0 || work.trouble !== null || work.readOnly || work.restored || work.newer ? "md" : 0}>
      {work.readOnly && <Alert color="gray" icon={<Lock aria-hidden />} title={t("read_only")}>{t("read_only.manage")}</Alert>}
      {work.restored && work.unsaved && <Alert color="amber" icon={<PencilLine aria-hidden />} title={t("restored")}>{t("restored.text")}</Alert>}
      {work.newer && (
        <Alert color="amber" icon={<Users aria-hidden />} title={t("conflict")} role="alert">
          <Stack gap="xs"><Text size="sm">{t("conflict.text")}</Text><Group gap="xs"><Button size="xs" variant="default" onClick={work.takeTheirs}>{t("conflict.theirs")}</Button><Button size="xs" variant="default" onClick={work.overwrite}>{t("conflict.mine")}</Button></Group></Stack>
        </Alert>
      )}
      {paths.length > 0 ? (
        <Alert color="red" icon={<CircleAlert aria-hidden />} title={t("wrong")} role="alert">
          <Stack gap={4} align="flex-start">
            {paths.map(([path, detail]) => <UnstyledButton key={path} onClick={() => setTab(tabOf(path) === "basics" ? "" : tabOf(path))} fz="sm" style={{ textDecoration: "underline" }}>{t("wrong.at", { tab: t(`tab.${tabOf(path)}`) })} <bdi dir="auto">{detail}</bdi></UnstyledButton>)}
          </Stack>
        </Alert>
      ) : work.trouble !== null && <Failed error={work.trouble} />}
    </Stack>
  );
}
