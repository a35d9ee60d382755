import { Anchor, Button, Card, Group, SimpleGrid, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { CalendarClock, Check, Circle, Mail, Plus, ShieldAlert, TriangleAlert, X } from "lucide-react";
import { lazy, Suspense, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, fetchClient, stale } from "@/api/client";
import { to } from "@/app/place";
import { useMay, useSession } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { Failed } from "@/ui/Failed";
import { Figure, Sparkline } from "@/ui/Figure";
import { Loaded } from "@/ui/Loaded";
import { Page } from "@/ui/Page";
import { Moment, When } from "@/ui/text";
import { Waiting } from "@/ui/Waiting";

const WaitingChats = lazy(() => import("@/screens/inbox/WaitingChats"));

const Today = lazy(() => import("@/screens/bookings/Today"));

const STEP_OF: Record<string, string> = { organisation: "organisation", sending: "sending", people: "people", campaign: "campaign" };
const MONTH = 29 * 86_400_000;
const day = (at: number) => new Date(at).toISOString().slice(0, 10);

/** What needs somebody today: the way to a first campaign, figures, what is planned, what waits. */
export default function Home() {
  const { t } = useTranslation("app_start");
  const { user } = useSession();
  const may = useMay();
  const name = user.name.trim();
  return (
    <Page title={name ? t("home.hello", { name }) : t("home.title")}
      actions={may("campaigns:write") && <Button component={Link} to={to("/campaigns/new")} leftSection={<Plus aria-hidden size={16} />}>{t("home.new_campaign")}</Button>}>
      {may("workspace:write") && <Checklist />}
      {may("reports:read") && <Figures />}
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        {may("bookings:read") && <Suspense fallback={<Card />}><Today /></Suspense>}
        {may("campaigns:read") && <Planned />}
        {may("campaigns:read") && <Latest />}
        {may("conversations:read") && <Chats />}
        {may("privacy:read") && <Requests />}
        {may("workspace:read") && <Warnings />}
      </SimpleGrid>
    </Page>
  );
}

function Part({ title, children, more }: { title: string; children: ReactNode; more?: { label: string; href: string } }) {
  return (
    <Card component="section">
      <Group justify="space-between" mb="sm">
        <Title order={2}>{title}</Title>
        {more && <Anchor component={Link} to={more.href} size="sm">{more.label}</Anchor>}
      </Group>
      {children}
    </Card>
  );
}

function Chats() {
  const { t } = useTranslation("app_start");
  return <Part title={t("home.chats")} more={{ label: t("home.all_chats"), href: to("/inbox/conversations") }}><Suspense fallback={<Waiting lines={2} />}><WaitingChats /></Suspense></Part>;
}

function Checklist() {
  const { t } = useTranslation("app_start");
  const checklist = api.useQuery("get", "/v1/setup/checklist", {});
  if (!checklist.data || checklist.data.dismissed || checklist.data.done) return null;
  const dismiss = async () => {
    await fetchClient.PUT("/v1/setup/checklist", { body: { dismissed: true } });
    await stale("/v1/setup");
  };
  return (
    <Card component="section">
      <Group justify="space-between" mb="sm">
        <Title order={2}>{t("checklist.title")}</Title>
        <Button variant="subtle" color="gray" size="compact-sm" leftSection={<X aria-hidden size={14} />} onClick={() => void dismiss()}>{t("checklist.dismiss")}</Button>
      </Group>
      <Stack gap="xs" component="ol" m={0} p={0} style={{ listStyle: "none" }}>
        {checklist.data.steps.map(({ code, done }) => (
          <Group key={code} component="li" gap="sm" wrap="nowrap">
            <ThemeIcon size={26} color={done ? "teal" : "gray"}>{done ? <Check aria-hidden size={16} /> : <Circle aria-hidden size={14} />}</ThemeIcon>
            {done ? <Text c="dimmed">{t(`checklist.${code as "people"}`)} · {t("checklist.done")}</Text> : <Anchor component={Link} to={to(`/setup?step=${STEP_OF[code] ?? "organisation"}`)}>{t(`checklist.${code as "people"}`)}</Anchor>}
          </Group>
        ))}
      </Stack>
    </Card>
  );
}

function Figures() {
  const { t } = useTranslation("app_start");
  const format = useFormat();
  const now = Date.now();
  const overview = api.useQuery("get", "/v1/reports/overview", { params: { query: { from: day(now - MONTH), to: day(now) } } });
  return (
    <Loaded query={overview} lines={2}>
      {({ audience, campaigns }) => {
        const sum = (key: "sent" | "opened" | "clicked") => campaigns.reduce((total, campaign) => total + campaign[key], 0);
        return (
          <SimpleGrid cols={{ base: 2, md: 4 }}>
            <Figure label={t("home.people")} value={format.number(audience.people)} note={t("home.subscribed", { n: format.number(audience.subscribed) })} />
            <Figure label={t("home.joined")} value={format.number(audience.totals.joined)} note={t("home.left", { n: format.number(audience.totals.left) })} aside={<Sparkline values={audience.series.map(({ joined }) => joined)} />} />
            <Figure label={t("home.sent")} value={format.number(sum("sent"))} note={t("home.days")} />
            <Figure label={t("home.clicked")} value={format.share(sum("clicked"), sum("sent"))} note={t("home.opened", { n: format.share(sum("opened"), sum("sent")) })} hint={t("home.opened_hint")} />
          </SimpleGrid>
        );
      }}
    </Loaded>
  );
}

function Planned() {
  const { t } = useTranslation("app_start");
  const campaigns = api.useQuery("get", "/v1/campaigns", { params: { query: { state: "scheduled,preparing,sending,paused", limit: 5, sort: "when" } } });
  return (
    <Part title={t("home.planned")} more={{ label: t("home.calendar"), href: to("/campaigns?view=calendar") }}>
      <Loaded query={campaigns}>
        {({ items }) => items.length === 0 ? <Text size="sm" c="dimmed">{t("home.none_planned")}</Text> : (
          <Stack gap="xs">
            {items.map(({ id, name, scheduled_at }) => (
              <Group key={id} justify="space-between" wrap="nowrap" align="flex-start">
                <Group gap="xs" wrap="nowrap"><CalendarClock aria-hidden size={16} /><Anchor component={Link} to={to(`/campaigns/${id}`)} size="sm"><bdi>{name}</bdi></Anchor></Group>
                <Text size="sm" c="dimmed" style={{ whiteSpace: "nowrap" }}><Moment at={scheduled_at} /></Text>
              </Group>
            ))}
          </Stack>
        )}
      </Loaded>
    </Part>
  );
}

function Latest() {
  const { t } = useTranslation("app_start");
  const format = useFormat();
  const campaigns = api.useQuery("get", "/v1/campaigns", { params: { query: { state: "sent", limit: 5, sort: "-when" } } });
  return (
    <Part title={t("home.latest")} more={{ label: t("home.all_campaigns"), href: to("/campaigns") }}>
      <Loaded query={campaigns}>
        {({ items }) => items.length === 0 ? <Text size="sm" c="dimmed">{t("home.none_sent")}</Text> : (
          <Stack gap="xs">
            {items.map(({ id, name, counts, finished_at }) => (
              <Group key={id} justify="space-between" wrap="nowrap" align="flex-start">
                <Group gap="xs" wrap="nowrap"><Mail aria-hidden size={16} /><Anchor component={Link} to={to(`/campaigns/${id}/report`)} size="sm"><bdi>{name}</bdi></Anchor></Group>
                <Text size="sm" c="dimmed" style={{ whiteSpace: "nowrap" }}>{t("home.sent_to", { count: counts.sent, n: format.number(counts.sent) })} · <When at={finished_at} /></Text>
              </Group>
            ))}
          </Stack>
        )}
      </Loaded>
    </Part>
  );
}

function Requests() {
  const { t } = useTranslation("app_start");
  const requests = api.useQuery("get", "/v1/privacy/requests", { params: { query: { limit: 30 } } });
  return (
    <Part title={t("home.requests")} more={{ label: t("home.all_requests"), href: to("/privacy/requests") }}>
      <Loaded query={requests}>
        {({ items }) => items.every(({ closed_at }) => closed_at) ? <Text size="sm" c="dimmed">{t("home.no_requests")}</Text> : (
          <Stack gap="xs">
            {items.filter(({ closed_at }) => !closed_at).slice(0, 5).map(({ id, type, due_at, late }) => (
              <Group key={id} justify="space-between" wrap="nowrap">
                <Group gap="xs" wrap="nowrap">{late ? <TriangleAlert aria-hidden size={16} /> : <ShieldAlert aria-hidden size={16} />}<Anchor component={Link} to={to(`/privacy/requests/${id}`)} size="sm">{t(`home.request.${type as "access"}`)}</Anchor></Group>
                <Text size="sm" c={late ? "var(--barid-red-text)" : "dimmed"}>{t("home.due")} <When at={due_at} /></Text>
              </Group>
            ))}
          </Stack>
        )}
      </Loaded>
    </Part>
  );
}

function Warnings() {
  const { t } = useTranslation("app_start");
  const sending = api.useQuery("get", "/v1/sending", {});
  if (sending.error) return <Failed error={sending.error} />;
  const warnings = sending.data?.warnings ?? [];
  return (
    <Part title={t("home.sending")} more={{ label: t("home.sending_settings"), href: to("/settings/sending") }}>
      {warnings.length === 0 ? <Text size="sm" c="dimmed">{t("home.sending_fine")}</Text> : (
        <Stack gap="xs">
          {warnings.map(({ code, level }) => (
            <Group key={code} gap="xs" wrap="nowrap" align="flex-start">
              {level === "warning" ? <TriangleAlert aria-hidden size={16} style={{ flexShrink: 0, marginTop: 3 }} /> : <Circle aria-hidden size={16} style={{ flexShrink: 0, marginTop: 3 }} />}
              <Text size="sm">{t(`warning.${code as "no_default_sender"}`)}</Text>
            </Group>
          ))}
        </Stack>
      )}
    </Part>
  );
}
