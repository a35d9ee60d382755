import { Alert, Anchor, Group, SegmentedControl, Select, Stack, Text, TextInput } from "@mantine/core";
import { ExternalLink, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isLanguage, LANGUAGES, type Language } from "@/i18n";
import { Section } from "@/ui/Section";
import { CopyText, DirIcon } from "@/ui/text";
import type { EventType } from "../shapes";
import { listOf, policyOf, snippetOf } from "./embed";

const WIDTHS = { desktop: "100%", phone: "390px" } as const;
const WAYS = ["inline", "popup", "floating"] as const;

/** The public page, and how it stands on other people's pages. */
export default function Share({ type, unsaved }: { type: EventType; unsaved: boolean }) {
  const { t, i18n } = useTranslation("app_bookings");
  const [language, setLanguage] = useState<Language>(isLanguage(i18n.language) ? i18n.language : "en");
  const [way, setWay] = useState<(typeof WAYS)[number]>("inline");
  const [label, setLabel] = useState<string | null>(null);
  const button = label ?? i18n.getFixedT(language, "app_bookings")("share.button.example");
  const page = `${type.url}?lang=${language}`;
  return (
    <div>
      {unsaved && <Alert mb="md" color="amber" icon={<TriangleAlert aria-hidden />}>{t("share.unsaved")}</Alert>}
      {type.state === "archived" && <Alert mb="md" color="amber" icon={<TriangleAlert aria-hidden />}>{t("share.archived")}</Alert>}
      <Group mb="md">
        <Text size="sm" fw={500}>{t("share.language")}</Text>
        <SegmentedControl size="xs" aria-label={t("share.language")} value={language} onChange={(value) => setLanguage(value === "ar" ? "ar" : "en")} data={Object.entries(LANGUAGES).map(([value, name]) => ({ value, label: <span lang={value}>{name}</span> }))} />
      </Group>
      <Section title={t("share.link")} about={t("share.link.about")}>
        <CopyText value={page} label={t("share.link")} />
        <Anchor size="sm" href={page} target="_blank" rel="noreferrer"><Group gap={4} component="span">{t("type.open.short")}<DirIcon icon={ExternalLink} size={14} /></Group></Anchor>
      </Section>
      <Section title={t("share.list")} about={t("share.list.about")}>
        <CopyText value={`${listOf(type.url)}?lang=${language}`} label={t("share.list")} />
      </Section>
      <Section title={t("share.embed")} about={t("share.embed.about")}>
        <Select label={t("share.way")} description={t(`share.${way}.text`)} maw={420} allowDeselect={false} data={WAYS.map((one) => ({ value: one, label: t(`share.${one}`) }))} value={way} onChange={(value) => value && setWay(value as typeof way)} />
        {way !== "inline" && <TextInput maw={420} label={t("share.button")} lang={language} dir={language === "ar" ? "rtl" : "ltr"} value={button} onChange={(event) => setLabel(event.currentTarget.value)} />}
        <CopyText block value={snippetOf(type.url, way, language, button)} label={t("share.embed")} />
        <Text size="sm" c="dimmed">{t("share.policy")}</Text>
        <CopyText value={policyOf(type.url)} label={t("share.policy.label")} />
        <Text size="sm" c="dimmed">{t("share.messages")}</Text>
      </Section>
      {type.state !== "archived" && <Preview page={page} />}
    </div>
  );
}

function Preview({ page }: { page: string }) {
  const { t } = useTranslation("app_bookings");
  const [device, setDevice] = useState<keyof typeof WIDTHS>("desktop");
  const { pathname, search } = new URL(page);
  return (
    <Section title={t("share.preview")} about={t("share.preview.about")} actions={<SegmentedControl size="xs" aria-label={t("share.device")} value={device} onChange={(value) => setDevice(value === "phone" ? "phone" : "desktop")} data={[{ value: "desktop", label: t("share.desktop") }, { value: "phone", label: t("share.phone") }]} />}>
      <Stack align="center">
        <iframe title={t("share.preview")} src={`${pathname}${search}&embed=1`} style={{ width: WIDTHS[device], maxWidth: "100%", height: 640, border: "1px solid var(--mantine-color-default-border)", borderRadius: 12, background: "#fff" }} />
      </Stack>
    </Section>
  );
}
