import { Group, Stack, Text } from "@mantine/core";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { api } from "@/api/client";
import { isProblem } from "@/api/problem";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { Failed } from "@/ui/Failed";
import { CountryName, LanguageName } from "@/ui/Language";
import { Page } from "@/ui/Page";
import { Tabs } from "@/ui/Tabs";
import { Ltr, When } from "@/ui/text";
import { Waiting } from "@/ui/Waiting";
import { ContactStatus } from "../ContactStatus";
import type { Contact as Person } from "../shapes";
import { Actions } from "./actions/Actions";
import { ErasedPerson } from "./Certificate";
import { Consent } from "./Consent";
import { Details } from "./Details";
import { Membership } from "./Membership";
import { Messages } from "./Messages";
import { nameOf, statusOf } from "./person";
import { Provenance } from "./Provenance";
import { Timeline } from "./Timeline";

const Bookings = lazy(() => import("@/screens/bookings/OfPerson"));

/** What identifies a person at a glance. */
function Head({ person }: { person: Person }) {
  const { t } = useTranslation("app_contact");
  const may = useMay();
  const consent = api.useQuery("get", "/v1/contacts/{id}/consent", { params: { path: { id: person.id } } }, { enabled: may("privacy:read") });
  return (
    <Group gap="md">
      <ContactStatus code={statusOf(person, consent.data?.suppressions ?? [])} />
      {person.email && <Text size="sm"><Ltr>{person.email}</Ltr></Text>}
      {person.phone && <Text size="sm"><Ltr>{person.phone}</Ltr></Text>}
      {person.company && <Text size="sm"><bdi>{person.company}</bdi></Text>}
      {person.language && <Text size="sm"><LanguageName code={person.language} /></Text>}
      {person.country && <Text size="sm"><CountryName code={person.country} /></Text>}
      <Text size="sm" c="dimmed">{t("added")} <When at={person.created_at} /></Text>
    </Group>
  );
}

export default function Contact() {
  const { t } = useTranslation("app_contact");
  const { id = "" } = useParams();
  const may = useMay();
  const query = api.useQuery("get", "/v1/contacts/{id}", { params: { path: { id } } });
  const above = [{ label: t("audience"), href: to("/audience") }];
  const gone = isProblem(query.error) && (query.error.status === 404 || query.error.status === 410);
  if (gone && may("privacy:read")) return <ErasedPerson id={id} />;
  if (!query.data) {
    return <Page title={t("person")} above={above} permission="contacts:read">{query.error ? <Failed error={query.error} again={() => void query.refetch()} /> : <Waiting lines={6} />}</Page>;
  }
  const person = query.data;
  const tabs = [
    { code: "timeline", label: t("tab.timeline"), body: () => <Timeline id={id} /> },
    { code: "details", label: t("tab.details"), body: () => <Details key={person.version} person={person} /> },
    { code: "membership", label: t("tab.membership"), body: () => <Membership person={person} /> },
    ...(may("privacy:read") ? [
      { code: "consent", label: t("tab.consent"), body: () => <Consent id={id} /> },
      { code: "provenance", label: t("tab.provenance"), body: () => <Provenance id={id} /> },
    ] : []),
    ...(may("messages:read") ? [{ code: "messages", label: t("tab.messages"), body: () => <Messages id={id} /> }] : []),
    ...(may("bookings:read") ? [{ code: "bookings", label: t("tab.bookings"), body: () => <Suspense fallback={<Waiting />}><Bookings id={id} /></Suspense> }] : []),
  ];
  return (
    <Page title={nameOf(person) ?? t("person")} above={above} permission="contacts:read" actions={<Actions person={person} />}>
      <Stack gap="lg">
        <Head person={person} />
        <Tabs tabs={tabs} label={t("tabs")} />
      </Stack>
    </Page>
  );
}
