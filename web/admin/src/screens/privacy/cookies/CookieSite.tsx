import { Anchor, Button, ColorInput, Group, Paper, SimpleGrid, Stack, Text } from "@mantine/core";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams } from "react-router";
import { api, fetchClient, stale } from "@/api/client";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { confirm } from "@/ui/confirm";
import { DataTable } from "@/ui/DataTable";
import { Asked, Dialog, entries, numberOf } from "@/ui/Dialog";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { Loaded } from "@/ui/Loaded";
import { told } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { CopyText } from "@/ui/text";
import { useChoices, useCodes } from "../registers/codes";
import { CATEGORIES, readEntries, writeEntries, type Design, type Service, type Site } from "./design";


async function save(site: Site, design: Design, name = site.name) {
  const { error } = await fetchClient.PATCH("/v1/cookie-sites/{id}", { params: { path: { id: site.id } }, body: { name, design: design, version: site.version } });
  if (error) throw error;
  await stale("/v1/cookie-sites");
}

/** One site: its line for the pages, what it asks, what it loads, what visitors chose. */
export default function CookieSite() {
  const { id = "" } = useParams();
  const { t } = useTranslation("app_registers");
  const site = api.useQuery("get", "/v1/cookie-sites/{id}", { params: { path: { id } } });
  return (
    <Stack gap={0}>
      <Anchor component={Link} to={to("/privacy/cookies")} size="sm" mb="sm">{t("cookies.title")}</Anchor>
      <Loaded query={site}>{(data) => <><Embed site={data} /><Services site={data} /><Looks key={data.version} site={data} /><Choices id={id} /></>}</Loaded>
    </Stack>
  );
}

function Embed({ site }: { site: Site }) {
  const { t } = useTranslation("app_registers");
  const navigate = useNavigate();
  const may = useMay()("privacy:write");
  const archive = () =>
    confirm({
      title: t("cookies.archive"), text: t("cookies.archive_text", { name: site.name }), button: t("cookies.archive"), destroys: true,
      act: async () => {
        const { error } = await fetchClient.POST("/v1/cookie-sites/{id}/archive", { params: { path: { id: site.id } } });
        if (error) throw error;
        await stale("/v1/cookie-sites");
        void navigate(to("/privacy/cookies"));
      },
    });
  return (
    <Section title={site.name} about={t("cookies.embed_about")} actions={may && !site.archived_at && <Button variant="subtle" color="red" onClick={archive}>{t("cookies.archive")}</Button>}>
      <CopyText block label={t("cookies.embed")} value={site.embed} />
    </Section>
  );
}

function Services({ site }: { site: Site }) {
  const { t } = useTranslation("app_registers");
  const say = useCodes();
  const { i18n } = useTranslation();
  const may = useMay()("privacy:write") && !site.archived_at;
  const [edited, setEdited] = useState<number | null>(null);
  const { services } = site.design;
  const remove = (place: number) =>
    confirm({ title: t("cookies.remove"), text: t("cookies.remove_text", { name: services[place]?.name ?? "" }), button: t("cookies.remove"), destroys: true, act: () => save(site, { ...site.design, services: services.filter((_, at) => at !== place) }) });
  return (
    <Section title={t("cookies.services")} about={t("cookies.services_about")} actions={may && <Button variant="default" leftSection={<Plus aria-hidden size={16} />} onClick={() => setEdited(services.length)}>{t("cookies.service_add")}</Button>}>
      <DataTable label={t("cookies.services")} rows={services.map((service, place) => ({ ...service, place }))} rowKey={({ place }) => String(place)} empty={<Text size="sm" c="dimmed">{t("cookies.no_services")}</Text>} columns={[
        { key: "name", title: t("cookies.service"), cell: ({ name, provider }) => <><bdi>{name}</bdi><Text size="xs" c="dimmed"><bdi>{provider}</bdi></Text></> },
        { key: "category", title: t("cookies.category"), cell: ({ category }) => say("cookie", category) },
        { key: "purpose", title: t("cookies.purpose"), cell: ({ purpose_en, purpose_ar }) => <Text span size="sm" dir="auto">{i18n.language === "ar" ? purpose_ar : purpose_en}</Text> },
        { key: "act", title: "", cell: ({ place }) => may && <Group gap={4}><Button size="compact-sm" variant="subtle" onClick={() => setEdited(place)}>{t("edit")}</Button><Button size="compact-sm" variant="subtle" color="red" onClick={() => remove(place)}>{t("cookies.remove")}</Button></Group> },
      ]} />
      {edited !== null && <ServiceForm site={site} place={edited} close={() => setEdited(null)} />}
    </Section>
  );
}

function ServiceForm({ site, place, close }: { site: Site; place: number; close: () => void }) {
  const { t } = useTranslation(["app_registers", "app_shell"]);
  const choices = useChoices();
  const one = site.design.services[place];
  const initial = {
    name: one?.name ?? "", provider: one?.provider ?? "", category: one?.category ?? "statistics", purpose_en: one?.purpose_en ?? "", purpose_ar: one?.purpose_ar ?? "",
    without_en: one?.without_en ?? "", without_ar: one?.without_ar ?? "", hosts: (one?.hosts ?? []).join("\n"), entries: writeEntries(one?.entries ?? []),
  };
  const send = async (values: typeof initial) => {
    const service: Service = { ...values, hosts: entries(values.hosts), entries: readEntries(values.entries) };
    const services = [...site.design.services];
    services[place] = service;
    await save(site, { ...site.design, services });
  };
  return (
    <Dialog title={one ? one.name : t("cookies.service_add")} initial={initial} button={t("app_shell:save")} send={send} close={close} fields={[
      { name: "name", label: t("cookies.service"), needed: true },
      { name: "provider", label: t("cookies.provider"), needed: true },
      { name: "category", label: t("cookies.category"), kind: "choice", choices: choices("cookie", CATEGORIES), needed: true },
      { name: "purpose_en", label: t("cookies.purpose_en"), needed: true },
      { name: "purpose_ar", label: t("cookies.purpose_ar"), needed: true },
      { name: "without_en", label: t("cookies.without_en") },
      { name: "without_ar", label: t("cookies.without_ar") },
      { name: "hosts", label: t("cookies.service_hosts"), note: t("cookies.hosts_note"), kind: "lines", code: true },
      { name: "entries", label: t("cookies.entries"), note: t("cookies.entries_note"), kind: "lines", code: true },
    ]} />
  );
}

function Looks({ site }: { site: Site }) {
  const { t } = useTranslation(["app_registers", "app_shell"]);
  const choices = useChoices();
  const may = useMay()("privacy:write") && !site.archived_at;
  const { design } = site;
  const initial = {
    name: site.name, hosts: design.hosts.join("\n"), shared_domain: design.shared_domain ?? "", days: String(design.days), position: design.position, colour: design.colour, notice_url: design.notice_url ?? "",
    title_en: design.texts.en?.title ?? "", text_en: design.texts.en?.text ?? "", title_ar: design.texts.ar?.title ?? "", text_ar: design.texts.ar?.text ?? "",
  };
  type Key = keyof typeof initial;
  const form = useServerForm<Record<Key, string>>({ initialValues: initial });
  const send = form.send(async (values) => {
    const texts: Design["texts"] = {};
    if (values.title_en || values.text_en) texts.en = { title: values.title_en, text: values.text_en };
    if (values.title_ar || values.text_ar) texts.ar = { title: values.title_ar, text: values.text_ar };
    await save(site, { ...design, hosts: entries(values.hosts), shared_domain: values.shared_domain || null, days: numberOf(values.days) ?? 180, position: values.position, colour: values.colour, notice_url: values.notice_url || null, texts }, values.name);
    told(t("app_shell:saved"));
  });
  const ask = (field: Parameters<typeof Asked<Key>>[0]["field"]) => <Asked key={field.name} field={field} form={form} readOnly={!may} />;
  return (
    <Section title={t("cookies.looks")} about={t("cookies.looks_about")}>
      <form onSubmit={send} noValidate>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            {ask({ name: "name", label: t("cookies.name") })}
            {ask({ name: "position", label: t("cookies.position"), kind: "choice", choices: choices("position", ["bottom", "center"]), needed: true })}
            {ask({ name: "hosts", label: t("cookies.hosts"), note: t("cookies.hosts_note"), kind: "lines", code: true })}
            {ask({ name: "shared_domain", label: t("cookies.shared"), note: t("cookies.shared_note"), code: true })}
            {ask({ name: "days", label: t("cookies.days"), note: t("cookies.days_note"), kind: "number" })}
            {ask({ name: "notice_url", label: t("cookies.notice_url"), code: true })}
            <ColorInput label={t("cookies.colour")} withEyeDropper={false} dir="ltr" readOnly={!may} {...form.getInputProps("colour")} />
          </SimpleGrid>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <Stack gap="xs">{ask({ name: "title_en", label: t("cookies.title_en") })}{ask({ name: "text_en", label: t("cookies.text_en"), note: t("cookies.text_note"), kind: "text" })}<Banner language="en" title={form.values.title_en} text={form.values.text_en} colour={form.values.colour} /></Stack>
            <Stack gap="xs">{ask({ name: "title_ar", label: t("cookies.title_ar") })}{ask({ name: "text_ar", label: t("cookies.text_ar"), note: t("cookies.text_note"), kind: "text" })}<Banner language="ar" title={form.values.title_ar} text={form.values.text_ar} colour={form.values.colour} /></Stack>
          </SimpleGrid>
          {may && <Group><Button type="submit" loading={form.busy} disabled={!form.isDirty()}>{t("cookies.publish")}</Button></Group>}
        </Stack>
      </form>
    </Section>
  );
}

/** How the banner will look: three buttons of equal weight, in the colour chosen. */
function Banner({ language, title, text, colour }: { language: "en" | "ar"; title: string; text: string; colour: string }) {
  const { t } = useTranslation("app_registers");
  const { t: words } = useTranslation("app_registers", { lng: language });
  const known = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(colour);
  return (
    <Paper withBorder p="md" dir={language === "ar" ? "rtl" : "ltr"} lang={language} role="group" aria-label={t("cookies.preview")} style={{ borderBlockStart: `4px solid ${known ? colour : "var(--mantine-color-default-border)"}` }}>
      <Text fw={600}>{title || words("cookies.banner_title")}</Text>
      <Text size="sm" mb="sm" style={{ whiteSpace: "pre-wrap" }}>{text || words("cookies.banner_text")}</Text>
      <Group gap="xs">{(["reject", "choose", "accept"] as const).map((code) => <Button key={code} size="xs" variant="default" tabIndex={-1}>{words(`cookies.banner_${code}`)}</Button>)}</Group>
    </Paper>
  );
}

function Choices({ id }: { id: string }) {
  const { t } = useTranslation("app_registers");
  const say = useCodes();
  const format = useFormat();
  const choices = api.useQuery("get", "/v1/cookie-sites/{id}/choices", { params: { path: { id } } });
  return (
    <Section title={t("cookies.choices")} about={t("cookies.choices_about")}>
      <Loaded query={choices} lines={2}>
        {(data) => {
          const tallies = data;
          const all = tallies.reduce((sum, { count }) => sum + count, 0);
          return (
            <DataTable label={t("cookies.choices")} rows={tallies} rowKey={({ action, choices: allowed }) => action + allowed.join()} empty={<Text size="sm" c="dimmed">{t("cookies.no_choices")}</Text>} columns={[
              { key: "action", title: t("cookies.action"), cell: ({ action }) => say("cookie_action", action) },
              { key: "allowed", title: t("cookies.allowed"), cell: ({ choices: allowed }) => (allowed.length > 0 ? format.list(allowed.map((code) => say("cookie", code))) : say("cookie", "necessary")) },
              { key: "count", title: t("cookies.count"), numeric: true, cell: ({ count }) => `${format.number(count)} (${format.share(count, all)})` },
            ]} />
          );
        }}
      </Loaded>
    </Section>
  );
}
