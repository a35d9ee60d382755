import { Autocomplete, Button, Checkbox, Group, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fetchClient, stale } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { confirm } from "@/ui/confirm";
import { refused, told } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { Status } from "@/ui/Status";
import { useCodes } from "../registers/codes";
import type { Edition } from "./Notices";

interface Readability { level: "plain" | "fair" | "hard"; words: number; sentences: number; words_per_sentence: number; long_sentences: number; hardest: string[] }
type Texts = Record<"en" | "ar", string>;

const AUDIENCES = ["contacts", "members", "visitors"] as const;
const LANGUAGES = ["en", "ar"] as const;

/** A new version of a notice, in both languages. */
export default function Publish({ known, close }: { known: Edition[]; close: () => void }) {
  const { t } = useTranslation(["app_registers", "app_shell"]);
  const say = useCodes();
  const [notice, setNotice] = useState("contacts");
  const [texts, setTexts] = useState<Texts>({ en: "", ar: "" });
  const [material, setMaterial] = useState(false);
  const [purposes, setPurposes] = useState(false);
  const first = !known.some((one) => one.notice === notice);
  const prepare = async (audience: (typeof AUDIENCES)[number]) => {
    const { data, error } = await fetchClient.GET("/v1/privacy/notice-templates", { params: { query: { audience } } });
    if (error) return refused(error);
    setTexts((data as { texts: Texts }).texts);
    setNotice(audience);
  };
  const publish = () =>
    confirm({
      title: t("notices.publish"), button: t("notices.publish"), type: material ? notice : undefined,
      text: t(purposes ? "notices.publish_purposes" : material ? "notices.publish_material" : "notices.publish_text", { name: say("notice", notice) }),
      act: async () => {
        const written = Object.fromEntries(Object.entries(texts).filter(([, text]) => text.trim()));
        const { error } = await fetchClient.POST("/v1/privacy/notices", { body: { notice, texts: written, material, purposes_changed: purposes } });
        if (error) throw error;
        await stale("/v1/privacy");
        told(t("notices.done"));
        close();
      },
    });
  return (
    <Section title={t("notices.write")} about={t("notices.write_about")}>
      <Group gap="xs"><Text size="sm">{t("notices.begin")}</Text>{AUDIENCES.map((audience) => <Button key={audience} size="compact-sm" variant="default" onClick={() => void prepare(audience)}>{say("notice", audience)}</Button>)}</Group>
      <Autocomplete label={t("notices.code")} description={t("notices.code_note")} dir="ltr" data={[...new Set(known.map((one) => one.notice))]} value={notice} onChange={setNotice} />
      {LANGUAGES.map((language) => (
        <Stack key={language} gap={4}>
          <Textarea label={t(`notices.text_${language}`)} autosize minRows={6} maxRows={18} dir={language === "ar" ? "rtl" : "ltr"} lang={language} value={texts[language]} onChange={(event) => setTexts({ ...texts, [language]: event.currentTarget.value })} />
          <Hint text={texts[language]} />
        </Stack>
      ))}
      {!first && <Checkbox label={t("notices.material")} description={t("notices.material_note")} checked={material} onChange={(event) => { setMaterial(event.currentTarget.checked); if (!event.currentTarget.checked) setPurposes(false); }} />}
      {!first && material && <Checkbox label={t("notices.new_purposes")} description={t("notices.new_purposes_note")} checked={purposes} onChange={(event) => setPurposes(event.currentTarget.checked)} />}
      <Group><Button disabled={!notice.trim() || !(texts.en.trim() || texts.ar.trim())} onClick={publish}>{t("notices.publish")}</Button><Button variant="default" onClick={close}>{t("app_shell:cancel")}</Button></Group>
    </Section>
  );
}

/** How hard a text is to read: a hint, asked for. */
function Hint({ text }: { text: string }) {
  const { t } = useTranslation("app_registers");
  const format = useFormat();
  const [found, setFound] = useState<Readability | null>(null);
  const look = async () => {
    const { data, error } = await fetchClient.POST("/v1/privacy/notice-readability", { body: { text } });
    if (error) return refused(error);
    setFound(data as unknown as Readability);
  };
  return (
    <Group gap="xs" aria-live="polite">
      <Button size="compact-xs" variant="subtle" disabled={!text.trim()} onClick={() => void look()}>{t("readability.look")}</Button>
      {found && <Status tone={found.level === "plain" ? "good" : found.level === "fair" ? "waiting" : "attention"}>{t(`readability.${found.level}`)}</Status>}
      {found && <Text size="xs" c="dimmed">{t("readability.figures", { words: format.number(Math.round(found.words_per_sentence)), long: format.number(found.long_sentences) })}</Text>}
    </Group>
  );
}
