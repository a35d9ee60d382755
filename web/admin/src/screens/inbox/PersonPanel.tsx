import { Accordion, Anchor, Badge, Button, Group, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Ban, MailX, UserRoundPlus } from "lucide-react";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { fetchClient, got, stale } from "@/api/client";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { confirm } from "@/ui/confirm";
import { CountryName, LanguageName } from "@/ui/Language";
import { told } from "@/ui/notify";
import { Status } from "@/ui/Status";
import { Ltr, When } from "@/ui/text";
import { Waiting } from "@/ui/Waiting";
import { act, acts } from "./actions";
import { about, conversation, type Full } from "./api";
import { ConsentNow, ConversationsNow, MessagesNow } from "./Known";
import { LinkContact } from "./LinkContact";

const Bookings = lazy(() => import("@/screens/bookings/OfPerson"));

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return <Group justify="space-between" gap="xs" align="baseline"><Text size="xs" c="dimmed">{name}</Text><Text size="sm" component="div" style={{ overflowWrap: "anywhere", minWidth: 0 }}>{children}</Text></Group>;
}

/** What is known about the person, what they allowed, and what was sent to them. */
export function PersonPanel({ id }: { id: string }) {
  const { data } = useQuery(conversation(id));
  return data ? <Panel full={data} /> : <Waiting lines={6} />;
}

function Panel({ full }: { full: Full }) {
  const { t } = useTranslation("app_inbox");
  const may = useMay();
  const [linking, setLinking] = useState(false);
  const { person, answers, visit, tags, threads } = full;
  const contact = may("contacts:read") ? person.contact : null;
  return (
    <Stack gap="md">
      <Stack gap={6}>
        <Title order={2} size="h3"><bdi>{person.name || t("visitor")}</bdi></Title>
        <Group gap={6}><Status tone={person.online ? "good" : "off"}>{t(person.online ? "online" : "away")}</Status>{person.identified && <Status tone="good">{t("identified")}</Status>}{full.visitor_banned && <Status tone="bad">{t("banned")}</Status>}</Group>
        {person.email && <Text size="sm"><Ltr>{person.email}</Ltr></Text>}
        {full.language && <Text size="sm"><LanguageName code={full.language} /></Text>}
        {contact && <Anchor component={Link} to={to(`/audience/people/${contact}`)} size="sm">{t("contact.open")}</Anchor>}
        {!person.contact && may("conversations:write") && <Button size="compact-sm" variant="default" leftSection={<UserRoundPlus aria-hidden size={14} />} onClick={() => setLinking(true)}>{t("contact.link")}</Button>}
        {linking && <LinkContact full={full} close={() => setLinking(false)} />}
        {tags.length > 0 && <Group gap={4}>{tags.map((tag) => <Badge key={tag} color="gray"><bdi>{tag}</bdi></Badge>)}</Group>}
      </Stack>
      <Accordion multiple defaultValue={["answers", "visit", "consent"]} chevronPosition="left" variant="default" styles={{ content: { paddingInline: 0 }, control: { paddingInline: 0 } }} order={3}>
        {answers.length > 0 && <Part code="answers" title={t("answers")}>{answers.map(({ key, label, value }) => <Fact key={key} name={label}><bdi>{value}</bdi></Fact>)}</Part>}
        {visit && <Part code="visit" title={t("visit")}><VisitFacts full={full} /></Part>}
        {contact && may("privacy:read") && <Part code="consent" title={t("consent")}><ConsentNow id={contact} /></Part>}
        {contact && <Part code="messages" title={t("messages")}><MessagesNow id={contact} /></Part>}
        {contact && may("bookings:read") && <Part code="bookings" title={t("bookings")}><Suspense fallback={<Waiting lines={2} />}><Bookings id={contact} /></Suspense></Part>}
        {contact && <Part code="earlier" title={t("earlier.conversations")}><ConversationsNow id={contact} here={full.id} /></Part>}
        {threads.length > 0 && <Part code="threads" title={t("threads")}><Threads full={full} /></Part>}
        <Part code="acts" title={t("rights")}><Rights full={full} /></Part>
      </Accordion>
    </Stack>
  );
}

function Part({ code, title, children }: { code: string; title: string; children: ReactNode }) {
  return <Accordion.Item value={code}><Accordion.Control>{title}</Accordion.Control><Accordion.Panel><Stack gap={6}>{children}</Stack></Accordion.Panel></Accordion.Item>;
}

function VisitFacts({ full }: { full: Full }) {
  const { t } = useTranslation("app_inbox");
  const format = useFormat();
  const { visit } = full;
  if (!visit) return null;
  return (
    <>
      {!visit.consented && <Text size="xs" c="dimmed">{t("visit.no_consent")}</Text>}
      {visit.page && <Fact name={t("visit.page")}><Anchor href={visit.page.url} target="_blank" rel="noopener noreferrer nofollow" size="sm"><bdi>{visit.page.title || visit.page.url}</bdi></Anchor></Fact>}
      {visit.referrer && <Fact name={t("visit.referrer")}><Ltr>{visit.referrer}</Ltr></Fact>}
      {visit.country && <Fact name={t("visit.country")}><CountryName code={visit.country} /></Fact>}
      {visit.browser && <Fact name={t("visit.browser")}><bdi>{visit.browser}</bdi></Fact>}
      {visit.consented && <Fact name={t("visit.visits")}>{format.number(visit.visits)}</Fact>}
      <Fact name={t("visit.since")}><When at={visit.since} /></Fact>
      {visit.pages.map(({ url, title, at }) => <Fact key={at + url} name={format.time(at)}><bdi>{title || url}</bdi></Fact>)}
    </>
  );
}

function Threads({ full }: { full: Full }) {
  const { t } = useTranslation("app_inbox");
  return full.threads.map(({ id, started_at, ended_at, rating, tags }) => (
    <Stack key={id} gap={2}>
      <Group justify="space-between"><Text size="sm"><When at={started_at} /></Text><Text size="xs" c="dimmed">{t(ended_at ? "state.closed" : "state.open")}</Text></Group>
      {rating && <Group gap={6}><Status tone={rating.score > 0 ? "good" : "bad"}>{t(rating.score > 0 ? "rated.good" : "rated.bad")}</Status>{rating.comment && <Text size="sm" dir="auto">{rating.comment}</Text>}</Group>}
      {tags.length > 0 && <Text size="xs" c="dimmed"><bdi>{tags.join(" · ")}</bdi></Text>}
    </Stack>
  ));
}

const DAY = 24;

/** What a visitor may ask for in a chat, and what protects members. */
function Rights({ full }: { full: Full }) {
  const { t } = useTranslation("app_inbox");
  const may = useMay();
  const navigate = useNavigate();
  const { id, person } = full;
  if (!may("conversations:write")) return null;
  const objection = () => confirm({
    title: t("objection"), text: t("objection.text", { name: person.name || t("visitor") }), button: t("objection"),
    act: async () => {
      await got(fetchClient.POST("/v1/conversations/{id}/objection", about(id)));
      await stale("/v1/conversations", "/v1/contacts");
      told(t("objection.done"));
    },
  });
  const ban = () => (full.visitor_banned ? void act(acts.unban(id)) : confirm({ title: t("ban"), text: t("ban.text"), button: t("ban"), destroys: true, act: () => act(acts.ban(id, { hours: DAY })) }));
  const erase = () => confirm({
    title: t("erase"), text: t("erase.text"), button: t("erase"), destroys: true,
    act: async () => {
      await got(fetchClient.DELETE("/v1/conversations/{id}", about(id)));
      void navigate(to("/inbox/conversations"));
      await stale("/v1/conversations");
    },
  });
  return (
    <Stack gap={6} align="flex-start">
      {(person.contact || person.email) && <Button size="compact-sm" variant="default" leftSection={<MailX aria-hidden size={14} />} onClick={objection}>{t("objection")}</Button>}
      {full.channel === "web_chat" && <Button size="compact-sm" variant="default" leftSection={<Ban aria-hidden size={14} />} onClick={ban}>{t(full.visitor_banned ? "unban" : "ban")}</Button>}
      {may("conversations:manage") && <Button size="compact-sm" variant="subtle" color="red" onClick={erase}>{t("erase")}</Button>}
    </Stack>
  );
}
