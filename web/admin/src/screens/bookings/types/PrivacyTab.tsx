import { Anchor, Radio, Select, Stack, Switch, Text, Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api } from "@/api/client";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { LANGUAGES } from "@/i18n";
import { useFormat } from "@/i18n/format";
import { Section } from "@/ui/Section";
import { BothLanguages, CountInput, Pair, SIDES } from "./inputs";
import type { Work } from "./useWork";

interface Notice { id: string; notice: string; version: number }

/** How long bookings are kept, what people are told, and what they may agree to besides. */
export default function PrivacyTab({ work }: { work: Work }) {
  const { t } = useTranslation("app_bookings");
  const { number } = useFormat();
  const may = useMay();
  const notices = api.useQuery("get", "/v1/privacy/notices", {}, { staleTime: 60_000, enabled: may("privacy:read"), select: ({ items }) => items as unknown as Notice[] });
  const { definition } = work.draft;
  return (
    <div>
      <Section title={t("privacy.retention")} about={t("privacy.retention.about")}>
        <CountInput label={t("privacy.days")} note={t("privacy.days.note", { n: number(365) })} min={1} max={3650} value={definition.retention_days} onChange={(retention_days) => work.define({ retention_days })} error={work.wrong("retention_days")} />
        <Radio.Group label={t("privacy.copies")} description={t("privacy.copies.about")} value={definition.calendar_copies} error={work.wrong("calendar_copies")} onChange={(value) => work.define({ calendar_copies: value === "keep_time" ? "keep_time" : "delete" })}>
          <Stack gap="xs" mt="xs">{(["delete", "keep_time"] as const).map((value) => <Radio key={value} value={value} label={t(`privacy.copies.${value}`)} />)}</Stack>
        </Radio.Group>
      </Section>
      <Section title={t("privacy.notice")} about={t("privacy.notice.about")}>
        <Select label={t("privacy.notice.choose")} clearable maw={420} placeholder={t("privacy.notice.usual")} value={definition.notice} error={work.wrong("notice")} onChange={(notice) => work.define({ notice })}
          data={(notices.data ?? []).map(({ id, notice, version }) => ({ value: id, label: `${notice} · ${number(version)}` }))} />
        <BothLanguages work={work} name="privacy" label={t("privacy.own")} note={t("privacy.own.note")} long />
        {may("privacy:read") && <Text size="sm"><Anchor component={Link} to={to("/privacy/notices")} size="sm">{t("privacy.notice.go")}</Anchor></Text>}
      </Section>
      <Marketing work={work} />
      <Section title={t("privacy.hijri")}>
        <Switch label={t("privacy.hijri.on")} description={t("privacy.hijri.note")} checked={definition.hijri} onChange={(event) => work.define({ hijri: event.currentTarget.checked })} />
      </Section>
    </div>
  );
}

/** Agreeing to news is a question of its own: never ticked beforehand, never a condition. */
function Marketing({ work }: { work: Work }) {
  const { t } = useTranslation("app_bookings");
  const topics = api.useQuery("get", "/v1/topics", {}, { staleTime: 60_000 });
  const { marketing } = work.draft.definition;
  const first = topics.data?.items[0];
  return (
    <Section title={t("marketing")} about={t("marketing.about")}>
      <Switch label={t("marketing.on")} disabled={!first && !marketing} description={topics.data && !first ? t("marketing.no_topics") : undefined} checked={marketing !== null}
        onChange={(event) => work.define({ marketing: event.currentTarget.checked && first ? { topic: first.id, consent_en: "", consent_ar: "" } : null })} />
      {marketing && (
        <>
          <Select label={t("marketing.topic")} allowDeselect={false} maw={420} data={(topics.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))} value={marketing.topic} onChange={(topic) => topic && work.define({ marketing: { ...marketing, topic } })} error={work.wrong("marketing.topic")} />
          <Pair>
            {SIDES.map((side) => <Textarea key={side} autosize minRows={2} required lang={side} dir={side === "ar" ? "rtl" : "ltr"} label={t("in_language", { what: t("marketing.consent"), language: LANGUAGES[side] })} value={marketing[`consent_${side}`]} error={work.wrong(`marketing.consent_${side}`)} onChange={(event) => work.define({ marketing: { ...marketing, [`consent_${side}`]: event.currentTarget.value } })} />)}
          </Pair>
        </>
      )}
    </Section>
  );
}
