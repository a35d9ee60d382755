import { Anchor, Badge, Button, Chip, Group, Stack, Text, Timeline as Line } from "@mantine/core";
import { CalendarCheck, CalendarClock, FileUp, Inbox, Mail, Megaphone, MousePointerClick, Scale, Sparkles, Tag as TagIcon, UserPlus, type LucideIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api } from "@/api/client";
import { to, useUrlState } from "@/app/place";
import { Failed } from "@/ui/Failed";
import { Nothing } from "@/ui/Nothing";
import { When } from "@/ui/text";
import { Waiting } from "@/ui/Waiting";
import { useWord } from "@/ui/words";
import type { Moment } from "../shapes";

const KINDS = ["message", "event", "consent", "topic", "tag", "import", "request", "reply", "enrichment", "booking"] as const;
const ICON: Record<string, LucideIcon> = {
  message: Mail, event: MousePointerClick, consent: Scale, topic: Megaphone, tag: TagIcon, import: FileUp, request: CalendarClock, reply: Inbox, enrichment: Sparkles, created: UserPlus, booking: CalendarCheck,
};
const PAGE = 30;

function placeOf(ref: string | null | undefined): string | null {
  if (ref?.startsWith("cmp_")) return `/campaigns/${ref}`;
  if (ref?.startsWith("dsr_")) return `/privacy/requests/${ref}`;
  if (ref?.startsWith("imp_")) return `/audience/import/${ref}`;
  if (ref?.startsWith("bkg_")) return `/bookings?booking=${ref}`;
  return null;
}

/** What happened, in words: by kind and code, else by kind alone with the code's own word. */
function useTitle() {
  const { t, i18n } = useTranslation("app_contact");
  const word = useWord();
  const families: Record<string, string> = { message: "message_state", event: "event", consent: "ledger_kind", topic: "topic_state", request: "request_type" };
  return ({ kind, what }: Moment): string => {
    const key = `moment.${kind}.${what}`;
    if (i18n.exists(key, { ns: "app_contact" })) return t(key as "moment.created");
    const family = families[kind];
    const name = t(`moment.${kind}` as "moment.created");
    return family ? `${name}: ${word(family, what)}` : name;
  };
}

function Facts({ detail }: { detail: Moment["detail"] }) {
  const { t } = useTranslation("app_contact");
  const word = useWord();
  const facts = [
    detail.reason && word("reason", detail.reason),
    detail.basis && t("fact.basis", { basis: word("basis", detail.basis) }),
    detail.rule && t("fact.rule", { rule: detail.rule }),
    detail.purpose && word("purpose", detail.purpose),
    detail.channel && word("channel", detail.channel),
    detail.class && (word("event_class", detail.class) !== detail.class ? word("event_class", detail.class) : word("bounce", detail.class)),
    detail.state && word("consent_state", detail.state),
    detail.source,
  ].filter((fact): fact is string => Boolean(fact));
  if (facts.length === 0) return null;
  return <Group gap={4} mt={4}>{facts.map((fact) => <Badge key={fact} color="gray" fw={400}><bdi>{fact}</bdi></Badge>)}</Group>;
}

function Entry({ moment }: { moment: Moment }) {
  const title = useTitle();
  const place = placeOf(moment.detail.campaign ?? moment.ref);
  const name = moment.name ?? moment.detail.campaign_name;
  return (
    <>
      <Text size="sm" component="div">{title(moment)}{name && <> · {place ? <Anchor component={Link} to={to(place)} size="sm"><bdi>{name}</bdi></Anchor> : <bdi>{name}</bdi>}</>}</Text>
      <Facts detail={moment.detail} />
      <Text size="xs" c="dimmed" component="div"><When at={moment.at} /></Text>
    </>
  );
}

/** Everything that happened with a person, newest first. */
export function Timeline({ id }: { id: string }) {
  const { t } = useTranslation("app_contact");
  const [kinds, setKinds] = useUrlState("kinds");
  const chosen = kinds ? kinds.split(",") : [];
  const query = api.useInfiniteQuery("get", "/v1/contacts/{id}/timeline",
    { params: { path: { id }, query: { limit: PAGE, ...(kinds ? { kinds } : {}) } } },
    { pageParamName: "cursor", initialPageParam: null as string | null, getNextPageParam: (page) => page.next ?? undefined });
  const moments = query.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Stack>
      <Chip.Group multiple value={chosen} onChange={(next) => setKinds(next.join(","))}>
        <Group gap={6} role="group" aria-label={t("timeline.filter")}>{KINDS.map((kind) => <Chip key={kind} value={kind} size="xs" variant="light">{t(`kind.${kind}`)}</Chip>)}</Group>
      </Chip.Group>
      {query.isPending && <Waiting lines={6} />}
      {query.error && <Failed error={query.error} again={() => void query.refetch()} />}
      {query.data && moments.length === 0 && <Nothing icon={CalendarClock} title={t("timeline.empty.title")} text={t("timeline.empty.text")} />}
      <Line bulletSize={28} lineWidth={2} color="gray">
        {moments.map((moment) => {
          const Icon = ICON[moment.kind] ?? CalendarClock;
          return <Line.Item key={moment.id} bullet={<Icon aria-hidden size={14} />}><Entry moment={moment} /></Line.Item>;
        })}
      </Line>
      {query.hasNextPage && <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t("earlier")}</Button>}
    </Stack>
  );
}
