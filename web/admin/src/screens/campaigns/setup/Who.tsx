import { Radio, Select, Stack, Text, Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { AudienceCount } from "../AudienceCount";
import { useSegments, useTopics } from "../server";
import type { Part } from "./part";

/** Who gets it: the people of a topic, perhaps narrowed to a segment, or people who did not ask. */
export function Who({ draft, locked, errors, campaign }: Part) {
  const { t } = useTranslation(["app_campaigns", "app_words"]);
  const format = useFormat();
  const topics = useTopics();
  const segments = useSegments();
  const { fields, change, saving } = draft;
  const topicItems = (topics.data?.items ?? []).filter(({ id, archived_at }) => !archived_at || id === fields.topic);
  const people = topicItems.find(({ id }) => id === fields.topic)?.members?.subscribed;
  const prospects = fields.prospecting !== null;
  const count = `${fields.topic} ${fields.segment} ${fields.purpose} ${JSON.stringify(fields.prospecting)}`;
  return (
    <Stack>
      <Select label={t("who.topic")} description={people === undefined ? t("who.topic.about") : t("who.topic.people", { count: people, n: format.number(people) })} data={topicItems.map(({ id, name }) => ({ value: id, label: name }))}
        value={fields.topic} allowDeselect={false} searchable disabled={locked} error={errors.topic} onChange={(topic) => topic && change({ topic })} />
      <Select label={t("who.segment")} description={t("who.segment.about")} placeholder={t("who.segment.none")} clearable searchable disabled={locked} error={errors.segment}
        clearButtonProps={{ "aria-label": t("who.segment.none") }}
        data={(segments.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))} value={fields.segment} onChange={(segment) => change({ segment })} />
      <Radio.Group label={t("who.kind")} value={prospects ? "prospecting" : "subscribers"}
        onChange={(kind) => change({ prospecting: kind === "prospecting" ? { targeting: "", activity: null, assessment: null } : null })}>
        <Stack gap="xs" mt={4}>
          <Radio value="subscribers" disabled={locked} label={t("who.subscribers")} description={t("who.subscribers.about")} />
          <Radio value="prospecting" disabled={locked} label={t("who.prospecting")} description={t("who.prospecting.about")} />
        </Stack>
      </Radio.Group>
      {prospects && <Prospecting draft={draft} locked={locked} errors={errors} campaign={campaign} />}
      <AudienceCount id={campaign.id} changes={count} saved={saving.kind === "saved"} />
    </Stack>
  );
}

function Prospecting({ draft, locked, errors }: Part) {
  const { t } = useTranslation("app_campaigns");
  const may = useMay()("privacy:read");
  const { fields, change } = draft;
  const activities = api.useQuery("get", "/v1/privacy/business-activities", {}, { enabled: may });
  const assessments = api.useQuery("get", "/v1/privacy/assessments", {}, { enabled: may });
  const stated = fields.prospecting ?? { targeting: "", activity: null, assessment: null };
  const state = (part: Partial<typeof stated>) => change({ prospecting: { ...stated, ...part } });
  const approved = (assessments.data?.items ?? []).filter((one) => one.state === "approved" || one.id === stated.assessment);
  return (
    <Stack ps="md" style={{ borderInlineStart: "3px solid var(--mantine-color-default-border)" }}>
      <Textarea dir="auto" autosize minRows={2} required label={t("prospecting.targeting")} description={t("prospecting.targeting.about")} value={stated.targeting} readOnly={locked} error={errors["prospecting.targeting"]} onChange={({ currentTarget: { value } }) => state({ targeting: value })} />
      <Textarea dir="auto" autosize minRows={2} required label={t("prospecting.reason")} description={t("prospecting.reason.about")} value={fields.reason ?? ""} readOnly={locked} error={errors.reason} onChange={({ currentTarget: { value } }) => change({ reason: value === "" ? null : value })} />
      <Select label={t("prospecting.activity")} description={t("prospecting.activity.about")} required disabled={locked || !may} error={errors["prospecting.activity"]} value={stated.activity}
        data={(activities.data?.items ?? []).filter(({ id, retired_at }) => !retired_at || id === stated.activity).map(({ id, code, description }) => ({ value: id, label: `${code} – ${description}` }))} onChange={(activity) => state({ activity })} />
      <Select label={t("prospecting.assessment")} description={t("prospecting.assessment.about")} required disabled={locked || !may} error={errors["prospecting.assessment"]} value={stated.assessment}
        data={approved.map(({ id, name }) => ({ value: id, label: name }))} onChange={(assessment) => state({ assessment })} />
      {!may && <Text size="sm" c="dimmed">{t("prospecting.no_permission")}</Text>}
    </Stack>
  );
}
