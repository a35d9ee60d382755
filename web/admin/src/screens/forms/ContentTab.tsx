import { Divider, MultiSelect, Select, Stack, TagsInput, Text, Textarea, TextInput, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/session";
import { LANGUAGES } from "@/i18n";
import { useWord } from "@/ui/words";
import { SIDES, type Language, type Texts } from "./definition";
import { Fields } from "./Fields";
import { useNotices, useTopics } from "./server";
import { Pair } from "./Pair";
import type { Work } from "./useWork";

/** What a form asks for, says, and has people join. */
export function ContentTab({ work }: { work: Work }) {
  const { t } = useTranslation("app_forms");
  return (
    <Stack gap="xl">
      <Basics work={work} />
      <Fields work={work} />
      <Words work={work} />
      <FurtherTopics work={work} />
      <Notice work={work} />
      <TagsInput label={t("tags")} description={t("tags.about")} value={work.definition.tags} onChange={(tags) => work.define({ tags })} error={work.wrong("tags")} />
    </Stack>
  );
}

function Basics({ work }: { work: Work }) {
  const { t } = useTranslation("app_forms");
  const topics = useTopics();
  const offered = (topics.data?.items ?? []).filter(({ id, archived_at }) => !archived_at || id === work.draft.topic);
  return (
    <Stack>
      <TextInput required dir="auto" label={t("name")} description={t("name.about")} value={work.draft.name} onChange={(event) => work.put({ name: event.currentTarget.value })} error={work.wrong("name")} />
      <Select required allowDeselect={false} label={t("topic")} description={t("topic.about")} value={work.draft.topic} data={offered.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(topic) => topic && work.put({ topic })} error={work.wrong("topic")} />
    </Stack>
  );
}

const ROWS: ReadonlyArray<readonly [keyof Texts, number]> = [["title", 1], ["intro", 2], ["consent", 2], ["button", 1], ["thanks", 2]];

/** The words, each in both languages side by side, so that neither is forgotten. */
function Words({ work }: { work: Work }) {
  const { t } = useTranslation("app_forms");
  return (
    <Stack>
      <Title order={2}>{t("words")}</Title>
      <Text size="sm" c="dimmed">{t("words.about")}</Text>
      {ROWS.map(([part, rows]) => (
        <Pair key={part}>
          {SIDES.map((side) => <Word key={side} work={work} side={side} part={part} rows={rows} />)}
        </Pair>
      ))}
    </Stack>
  );
}

const NEEDED: ReadonlyArray<keyof Texts> = ["title", "consent", "button"];

function Word({ work, side, part, rows }: { work: Work; side: Language; part: keyof Texts; rows: number }) {
  const { t } = useTranslation("app_forms");
  const texts = work.definition[side];
  const label = t("in_language", { what: t(`part.${part}`), language: LANGUAGES[side] });
  const put = (text: string) => work.define({ [side]: { ...texts, [part]: text } });
  const shared = { label, lang: side, dir: side === "ar" ? "rtl" : "ltr", required: NEEDED.includes(part), value: texts[part], error: work.wrong(`${side}.${part}`), maxLength: 4000 };
  return rows === 1
    ? <TextInput {...shared} onChange={(event) => put(event.currentTarget.value)} />
    : <Textarea {...shared} autosize minRows={rows} maxRows={8} onChange={(event) => put(event.currentTarget.value)} />;
}

const MOST_TOPICS = 9;

function FurtherTopics({ work }: { work: Work }) {
  const { t } = useTranslation("app_forms");
  const topics = useTopics();
  const { topics: chosen } = work.definition;
  const offered = (topics.data?.items ?? []).filter(({ id, archived_at }) => id !== work.draft.topic && (!archived_at || chosen.includes(id)));
  const wrong = Object.keys(work.problems).find((path) => path.startsWith("topics"));
  return (
    <Stack gap="xs">
      <Divider />
      <Title order={2}>{t("further")}</Title>
      <MultiSelect label={t("further.label")} description={t("further.about")} data={offered.map(({ id, name }) => ({ value: id, label: name }))} value={chosen} maxValues={MOST_TOPICS}
        onChange={(topics) => work.define({ topics })} error={wrong && work.wrong(wrong)} searchable={offered.length > 8} clearable clearButtonProps={{ "aria-label": t("further.clear") }} nothingFoundMessage={t("further.none")} />
    </Stack>
  );
}

/** Which privacy notice is shown. */
function Notice({ work }: { work: Work }) {
  const { t } = useTranslation("app_forms");
  const word = useWord();
  const notices = useNotices(useMay()("privacy:read"));
  const { notice } = work.definition;
  const known = (notices.data ?? []).map((one) => ({ value: one.id, label: t("notice.version", { name: word("notice", one.notice), version: one.version }) }));
  const data = notice && !known.some(({ value }) => value === notice) ? [...known, { value: notice, label: notice }] : known;
  return (
    <Stack gap="xs">
      <Divider />
      <Title order={2}>{t("notice")}</Title>
      <Select label={t("notice.label")} description={t("notice.about")} data={data} value={notice} clearable clearButtonProps={{ "aria-label": t("notice.clear") }} placeholder={t("notice.none")}
        onChange={(notice) => work.define({ notice })} error={work.wrong("notice")} />
    </Stack>
  );
}
