import { Alert, Button, Card, Group, Progress, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { ChartNoAxesCombined, Pause, Play, UsersRound, X } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, Navigate, useNavigate, useParams } from "react-router";
import { api } from "@/api/client";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { confirm } from "@/ui/confirm";
import { Figure } from "@/ui/Figure";
import { Loaded } from "@/ui/Loaded";
import { refused, told } from "@/ui/notify";
import { Page } from "@/ui/Page";
import { useWord } from "@/ui/words";
import { placeOf } from "./CampaignTable";
import { StateBadge } from "./StateBadge";
import { ToSegment } from "./ToSegment";
import { haltOf } from "./sms/shapes";
import { act, isMoving, isWritable, useCampaign, type Campaign, type Counts } from "./server";

const Halted = lazy(() => import("./sms/Estimate").then(({ Halted }) => ({ default: Halted })));

/** A campaign while it leaves. */
export default function Live() {
  const { id = "" } = useParams();
  const campaign = useCampaign(id);
  const { t } = useTranslation("app_campaigns");
  return (
    <Loaded query={campaign} lines={8}>
      {(read) => {
        if (isWritable(read.state)) return <Navigate replace to={placeOf(read)} />;
        const report = to(`/campaigns/${id}/report`);
        return (
          <Page title={read.name} above={[{ label: t("title"), href: to("/campaigns") }]} permission="campaigns:read"
            actions={<Button component={Link} to={report} variant={isMoving(read.state) ? "default" : "filled"} leftSection={<ChartNoAxesCombined aria-hidden size={16} />}>{t("report")}</Button>}>
            <Going campaign={read} />
          </Page>
        );
      }}
    </Loaded>
  );
}

const ended = ({ sent, bounced, failed, denied, cancelled, in_doubt }: Counts) => sent + bounced + failed + denied + cancelled + in_doubt;
const waiting = ({ queued, sending }: Counts) => queued + sending;

function Going({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation("app_campaigns");
  const format = useFormat();
  const { counts } = campaign;
  const moving = isMoving(campaign.state);
  const activity = api.useQuery("get", "/v1/activity", {}, { refetchInterval: moving ? 5000 : false });
  const mine = activity.data?.items.find(({ object }) => object === campaign.id);
  const total = ended(counts) + waiting(counts);
  const share = total > 0 ? ended(counts) / total : 0;
  return (
    <Stack gap="lg">
      <Suspense fallback={null}>{haltOf(campaign) && <Halted by={haltOf(campaign)} />}</Suspense>
      {campaign.state === "preparing" && haltOf(campaign) === null && <Grace campaign={campaign} />}
      <Card>
        <Group justify="space-between" mb="xs">
          <Group gap="sm"><StateBadge state={campaign.state} /><Text className="tabular" aria-live="polite">{t("live.done", { n: format.number(ended(counts)), of: format.number(total) })}</Text></Group>
          <Controls campaign={campaign} />
        </Group>
        <Progress value={share * 100} size="lg" color={campaign.state === "paused" ? "amber" : "teal"} animated={campaign.state === "sending"} aria-label={t("live.progress")} />
        <Group gap="lg" mt="xs">
          {mine?.rate != null && campaign.state === "sending" && <Text size="sm" c="dimmed">{t("live.rate", { n: format.number(Math.round(mine.rate * 60)) })}</Text>}
          {mine?.eta_seconds != null && campaign.state === "sending" && <Text size="sm" c="dimmed">{t("live.left", { when: format.relative(Date.now() + mine.eta_seconds * 1000) })}</Text>}
        </Group>
      </Card>
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
        <Figure label={t("live.sent")} value={format.number(counts.sent)} />
        <Figure label={t("live.waiting")} value={format.number(waiting(counts))} />
        <Figure label={t("live.bounced")} value={format.number(counts.bounced + counts.failed)} note={format.share(counts.bounced + counts.failed, ended(counts))} />
        <Figure label={t("live.denied")} value={format.number(counts.denied)} />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        <Causes title={t("live.failed_by")} causes={counts.failed_by_class} family="bounce" none={t("live.none_failed")} />
        <Causes title={t("live.denied_by")} causes={counts.denied_by_reason} family="reason" none={t("live.none_denied")} />
      </SimpleGrid>
      {counts.sent > 0 && <AlreadyGot campaign={campaign} />}
    </Stack>
  );
}

function Causes({ title, causes, family, none }: { title: string; causes: Record<string, number>; family: string; none: string }) {
  const word = useWord();
  const format = useFormat();
  const rows = Object.entries(causes).sort(([, a], [, b]) => b - a);
  return (
    <Card>
      <Title order={2} mb="xs">{title}</Title>
      {rows.length === 0 ? <Text size="sm" c="dimmed">{none}</Text> : (
        <Stack gap={4} component="ul" m={0} p={0} style={{ listStyle: "none" }}>
          {rows.map(([code, people]) => <Group key={code} component="li" justify="space-between" wrap="nowrap"><Text size="sm">{word(family, code)}</Text><Text size="sm" className="tabular">{format.number(people)}</Text></Group>)}
        </Stack>
      )}
    </Card>
  );
}

/** The time in which everything can be taken back. */
function Grace({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation("app_campaigns");
  const format = useFormat();
  const navigate = useNavigate();
  const may = useMay()("campaigns:send");
  const begun = new Date(campaign.started_at ?? campaign.updated_at).getTime();
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const left = Math.max(0, Math.ceil((begun + 60_000 - now) / 1000));
  const stop = () => act(campaign.id, "cancel").then(() => { told(t("grace.stopped")); void navigate(to("/campaigns")); }, refused);
  return (
    <Alert color="amber" title={left > 0 ? t("grace.title", { count: left, n: format.number(left) }) : t("grace.over")}>
      <Group justify="space-between"><Text size="sm" style={{ flex: 1 }}>{t("grace.text")}</Text>{may && <Button color="red" leftSection={<X aria-hidden size={16} />} onClick={() => void stop()}>{t("grace.stop")}</Button>}</Group>
    </Alert>
  );
}

function Controls({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation("app_campaigns");
  const format = useFormat();
  if (!useMay()("campaigns:send") || !isMoving(campaign.state) || campaign.state === "preparing") return null;
  const left = waiting(campaign.counts);
  const people = t("people", { count: left, n: format.number(left) });
  const gone = t("people", { count: campaign.counts.sent, n: format.number(campaign.counts.sent) });
  const cancel = () => confirm({
    title: t("cancel.title"), button: t("cancel.button"), destroys: true, text: t("cancel.text", { people, gone }),
    act: () => act(campaign.id, "cancel"),
  });
  return (
    <Group gap="xs">
      {campaign.state === "sending" && <Button size="xs" variant="default" leftSection={<Pause aria-hidden size={14} />} onClick={() => void act(campaign.id, "pause").catch(refused)}>{t("pause")}</Button>}
      {campaign.state === "paused" && <Button size="xs" leftSection={<Play aria-hidden size={14} className="dir-icon" />} onClick={() => void act(campaign.id, "resume").catch(refused)}>{t("resume")}</Button>}
      <Button size="xs" variant="light" color="red" leftSection={<X aria-hidden size={14} />} onClick={cancel}>{t("cancel")}</Button>
    </Group>
  );
}

function AlreadyGot({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation("app_campaigns");
  const may = useMay()("segments:write");
  const [asking, setAsking] = useState(false);
  if (!may) return null;
  return (
    <Card>
      <Group justify="space-between"><Text size="sm" style={{ flex: 1 }}>{t("already.about")}</Text><Button variant="default" leftSection={<UsersRound aria-hidden size={16} />} onClick={() => setAsking(true)}>{t("already.make")}</Button></Group>
      {asking && <ToSegment campaign={campaign} outcome="sent" close={() => setAsking(false)} />}
    </Card>
  );
}
