import { ActionIcon, Button, Group, MultiSelect, Radio, Select, Stack, TagsInput, Text, TextInput, Title } from "@mantine/core";
import { Plus, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import type { PutDisplay } from "./DisplayTab";
import type { Display, PageRule } from "./definition";
import { EXAMPLES } from "./examples";
import type { Work } from "./useWork";

const MOST = 20;
const SPOKEN = ["ar", "en", "fr", "de", "es", "tr", "fa", "ur", "he", "it", "pt", "nl", "ru", "id", "ms"];

const named = (tag: string, code: string) => {
  try {
    return new Intl.DisplayNames([tag], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
};

/** On which pages, devices and languages, and for whom. */
export function Targeting({ work, put }: { work: Work; put: PutDisplay }) {
  const { t, i18n } = useTranslation("app_forms");
  const { display } = work.definition;
  const languages = [...new Set([...SPOKEN, ...display.languages])].map((code) => ({ value: code, label: named(i18n.language, code) }));
  return (
    <Stack gap="md">
      <Title order={2}>{t("where")}</Title>
      <Pages work={work} put={put} />
      <Select maw={320} label={t("part.device")} allowDeselect={false} value={display.device} onChange={(device) => device && put({ device: device as Display["device"] })}
        data={(["all", "phone", "desktop"] as const).map((value) => ({ value, label: t(`device.${value}`) }))} />
      <MultiSelect maw={480} label={t("part.languages")} description={t("languages.about")} data={languages} value={display.languages} maxValues={MOST} searchable clearable clearButtonProps={{ "aria-label": t("languages.clear") }}
        onChange={(languages) => put({ languages })} error={work.wrong("display.languages")} nothingFoundMessage={t("languages.none")} />
      <TagsInput maw={480} label={t("part.referrers")} description={t("referrers.about")} placeholder={display.referrers.length === 0 ? EXAMPLES.referrer : undefined} value={display.referrers} maxTags={MOST} onChange={(referrers) => put({ referrers })} error={work.wrong("display.referrers")} />
      <Radio.Group label={t("part.visitors")} description={t("visitors.about")} value={display.visitors} onChange={(visitors) => put({ visitors: visitors as Display["visitors"] })}>
        <Stack gap="xs" mt="xs">{(["all", "new", "returning"] as const).map((value) => <Radio key={value} value={value} label={t(`visitors.${value}`)} />)}</Stack>
      </Radio.Group>
    </Stack>
  );
}

function Pages({ work, put }: { work: Work; put: PutDisplay }) {
  const { t } = useTranslation("app_forms");
  const format = useFormat();
  const { pages } = work.definition.display;
  const change = (at: number, rule: Partial<PageRule>) => put({ pages: pages.map((other, index) => (index === at ? { ...other, ...rule } : other)) });
  return (
    <Stack gap="xs" role="group" aria-label={t("part.pages")}>
      <Text size="sm" fw={500}>{t("part.pages")}</Text>
      <Text size="sm" c="dimmed">{t("pages.about")}</Text>
      {pages.map(({ match, value }, at) => (
        <Group key={at} gap="xs" wrap="wrap">
          <Select aria-label={t("pages.match", { n: format.number(at + 1) })} w={190} allowDeselect={false} value={match} onChange={(match) => match && change(at, { match: match as PageRule["match"] })}
            data={(["contains", "equals", "not_contains"] as const).map((value) => ({ value, label: t(`match.${value}`) }))} />
          <TextInput aria-label={t("pages.value", { n: format.number(at + 1) })} dir="ltr" style={{ flex: "1 1 9rem" }} placeholder={EXAMPLES.part} value={value} maxLength={300} onChange={(event) => change(at, { value: event.currentTarget.value })} />
          {!work.readOnly && <ActionIcon aria-label={t("pages.remove", { n: format.number(at + 1) })} onClick={() => put({ pages: pages.filter((_, index) => index !== at) })}><X aria-hidden size={16} /></ActionIcon>}
        </Group>
      ))}
      {work.wrong("display.pages") && <Text size="sm" c="var(--mantine-color-error)">{work.wrong("display.pages")}</Text>}
      {!work.readOnly && <Group><Button size="xs" variant="default" disabled={pages.length >= MOST} leftSection={<Plus aria-hidden size={14} />} onClick={() => put({ pages: [...pages, { match: "contains", value: "/" }] })}>{t("pages.add")}</Button></Group>}
    </Stack>
  );
}
