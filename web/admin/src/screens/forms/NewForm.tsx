import { Alert, Anchor, Box, Button, Card, Group, Select, SimpleGrid, Stack, Text, TextInput, Title, UnstyledButton } from "@mantine/core";
import { AppWindow, PanelBottom, PanelBottomOpen, TextCursorInput, TriangleAlert, type LucideIcon } from "lucide-react";
import { useRef, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { to } from "@/app/place";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { Loaded } from "@/ui/Loaded";
import { Page } from "@/ui/Page";
import { begin, KINDS, type Kind, type Texts } from "./definition";
import { make, useTopics } from "./server";

const PICTURES: Record<Kind, LucideIcon> = { inline: TextCursorInput, popup: AppWindow, slide_in: PanelBottomOpen, bar: PanelBottom };

/** Asks what it shall be, what it is called and what people join; everything else comes afterwards. */
export default function NewForm() {
  const { t } = useTranslation("app_forms");
  const topics = useTopics();
  return (
    <Page title={t("new")} about={t("new.about")} above={[{ label: t("title"), href: to("/forms") }]} permission="forms:write">
      <Loaded query={topics}>{({ items }) => <Questions topics={items.filter(({ archived_at }) => !archived_at)} />}</Loaded>
    </Page>
  );
}

function Questions({ topics }: { topics: Array<{ id: string; name: string }> }) {
  const { t, i18n } = useTranslation("app_forms");
  const navigate = useNavigate();
  const form = useServerForm({
    initialValues: { kind: "inline" as Kind, name: "", topic: topics[0]?.id ?? "" },
    validate: { name: (name) => (name.trim() === "" ? t("name.missing") : null), topic: (topic) => (topic === "" ? t("topic.missing") : null) },
  });
  const send = form.send(async ({ kind, name, topic }) => {
    await i18n.loadLanguages(["en", "ar"]);
    const [en, ar] = [i18n.getFixedT("en", "app_forms"), i18n.getFixedT("ar", "app_forms")];
    const joined = topics.find(({ id }) => id === topic)?.name ?? "";
    const words = (say: typeof en): Texts => ({ title: say("begin.title", { topic: joined }), intro: "", consent: say("begin.consent", { topic: joined }), button: say("begin.button"), thanks: "" });
    const made = await make({ name, topic, definition: begin(kind, { label_en: en("standard.email"), label_ar: ar("standard.email") }, { en: words(en), ar: words(ar) }) });
    void navigate(to(`/forms/${made.id}`));
  });
  return (
    <form onSubmit={send}>
      <Stack gap="lg" maw={820}>
        {form.trouble !== null && <Failed error={form.trouble} />}
        {topics.length === 0 && (
          <Alert color="amber" icon={<TriangleAlert aria-hidden />} title={t("no_topic")}>
            <Anchor component={Link} to={to("/audience/topics")}>{t("no_topic.go")}</Anchor>
          </Alert>
        )}
        <Box>
          <Title order={2} mb="sm" id="form-kind">{t("kind.choose")}</Title>
          <Kinds value={form.values.kind} choose={(kind) => form.setFieldValue("kind", kind)} />
        </Box>
        <TextInput required dir="auto" label={t("name")} description={t("name.about")} maw={480} {...form.getInputProps("name")} />
        <Select required label={t("topic")} description={t("topic.about")} maw={480} allowDeselect={false} data={topics.map(({ id, name }) => ({ value: id, label: name }))} {...form.getInputProps("topic")} />
        <Group><Button type="submit" size="md" loading={form.busy} disabled={topics.length === 0}>{t("new.make")}</Button></Group>
      </Stack>
    </form>
  );
}

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

function Kinds({ value, choose }: { value: Kind; choose: (kind: Kind) => void }) {
  const { t, i18n } = useTranslation("app_forms");
  const box = useRef<HTMLDivElement>(null);
  const press = (event: KeyboardEvent) => {
    const turned = i18n.dir() === "rtl" && event.key.match(/Left|Right/) ? -1 : 1;
    const step = (STEPS[event.key] ?? 0) * turned;
    const next = KINDS[(KINDS.indexOf(value) + step + KINDS.length) % KINDS.length];
    if (step === 0 || !next) return;
    event.preventDefault();
    choose(next);
    box.current?.querySelector<HTMLElement>(`[data-kind="${next}"]`)?.focus();
  };
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" role="radiogroup" aria-labelledby="form-kind" ref={box} onKeyDown={press}>
      {KINDS.map((kind) => {
        const Icon = PICTURES[kind];
        return (
          <UnstyledButton key={kind} role="radio" type="button" data-kind={kind} aria-checked={kind === value} tabIndex={kind === value ? 0 : -1} onClick={() => choose(kind)}>
            <Card padding="md" h="100%" style={{ outline: kind === value ? "3px solid var(--mantine-primary-color-filled)" : undefined, outlineOffset: -1 }}>
              <Group wrap="nowrap" align="flex-start">
                <Icon aria-hidden size={28} style={{ flexShrink: 0, color: "var(--barid-teal-text)" }} />
                <Box><Text fw={600}>{t(`kind.${kind}`)}</Text><Text size="sm" c="dimmed">{t(`kind.${kind}.text`)}</Text></Box>
              </Group>
            </Card>
          </UnstyledButton>
        );
      })}
    </SimpleGrid>
  );
}
