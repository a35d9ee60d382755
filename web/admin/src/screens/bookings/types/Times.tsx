import { Radio, SimpleGrid, Stack, Switch, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Section } from "@/ui/Section";
import { homeZone } from "../zone";
import { ZoneSelect } from "../ZoneSelect";
import { CountInput, LengthInput } from "./inputs";
import type { Work } from "./useWork";

/** Which times are offered: grid, buffers, notice, how far ahead, and how many. */
export function Times({ work }: { work: Work }) {
  const { t } = useTranslation("app_bookings");
  const { definition } = work.draft;
  const { wrong, define } = work;
  return (
    <div>
      <Section title={t("times.buffers")} about={t("times.buffers.about")}>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <LengthInput label={t("times.before")} value={definition.buffer_before} onChange={(buffer_before) => define({ buffer_before })} error={wrong("buffer_before")} />
          <LengthInput label={t("times.after")} value={definition.buffer_after} onChange={(buffer_after) => define({ buffer_after })} error={wrong("buffer_after")} />
        </SimpleGrid>
      </Section>
      <Section title={t("times.window")}>
        <LengthInput label={t("times.notice")} note={t("times.notice.note")} value={definition.min_notice} onChange={(min_notice) => define({ min_notice })} error={wrong("min_notice")} />
        <Window work={work} />
      </Section>
      <Section title={t("times.grid")} about={t("times.grid.about")}>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <CountInput label={t("times.step")} note={t("times.step.note")} max={1440} value={definition.step} onChange={(step) => define({ step })} error={wrong("step")} />
          <CountInput label={t("times.align")} note={t("times.align.note")} max={60} value={definition.align} onChange={(align) => define({ align })} error={wrong("align")} />
        </SimpleGrid>
      </Section>
      <Section title={t("times.limits")} about={t("times.limits.about")}>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <CountInput label={t("times.per_day")} note={t("times.no_limit")} max={1000} value={definition.max_per_day} onChange={(max_per_day) => define({ max_per_day })} error={wrong("max_per_day")} />
          <CountInput label={t("times.per_week")} note={t("times.no_limit")} max={10_000} value={definition.max_per_week} onChange={(max_per_week) => define({ max_per_week })} error={wrong("max_per_week")} />
        </SimpleGrid>
      </Section>
      <Section title={t("times.clocks")}>
        <Switch label={t("times.own_zone")} description={t("times.own_zone.note")} checked={definition.timezone !== null} onChange={(event) => define({ timezone: event.currentTarget.checked ? homeZone() : null })} />
        {definition.timezone !== null && <ZoneSelect label={t("schedule.zone")} value={definition.timezone} onChange={(timezone) => define({ timezone })} error={wrong("timezone")} readOnly={work.readOnly} />}
        <Switch label={t("times.tentative")} description={t("times.tentative.note")} checked={definition.tentative_blocks} onChange={(event) => define({ tentative_blocks: event.currentTarget.checked })} />
      </Section>
    </div>
  );
}

type Ahead = "rolling" | "dates" | "always";

function Window({ work }: { work: Work }) {
  const { t } = useTranslation("app_bookings");
  const { rolling_days, first_date, last_date } = work.draft.definition;
  const kind: Ahead = rolling_days !== null ? "rolling" : first_date || last_date ? "dates" : "always";
  const today = new Date().toISOString().slice(0, 10);
  const choose = (next: string) => work.define({ rolling_days: next === "rolling" ? 60 : null, first_date: next === "dates" ? today : null, last_date: null });
  return (
    <Stack gap="sm">
      <Radio.Group label={t("times.ahead")} value={kind} onChange={choose}>
        <Stack gap="xs" mt={6}>{(["rolling", "dates", "always"] as const).map((one) => <Radio key={one} value={one} label={t(`times.ahead.${one}`)} />)}</Stack>
      </Radio.Group>
      {kind === "rolling" && <CountInput label={t("times.days")} note={t("times.days.note")} min={0} max={730} value={rolling_days} onChange={(value) => work.define({ rolling_days: value ?? 0 })} error={work.wrong("rolling_days")} />}
      {kind === "dates" && (
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput type="date" label={t("times.first")} value={first_date ?? ""} error={work.wrong("first_date")} onChange={(event) => work.define({ first_date: event.currentTarget.value || (last_date ? null : today) })} />
          <TextInput type="date" label={t("times.last")} value={last_date ?? ""} error={work.wrong("last_date")} onChange={(event) => work.define({ last_date: event.currentTarget.value || null })} />
        </SimpleGrid>
      )}
    </Stack>
  );
}
