import { Alert, Anchor, Box, Button, Card, Group, SegmentedControl, SimpleGrid, Stack, Text, TextInput, Title, UnstyledButton } from "@mantine/core";
import { CodeXml, TriangleAlert } from "lucide-react";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { fetchClient, stale } from "@/api/client";
import { to, useUrlState } from "@/app/place";
import { useMembership } from "@/app/session";
import { isLanguage, LANGUAGES } from "@/i18n";
import { BLANK } from "@/screens/content/blank";
import { Thumbnail } from "@/screens/content/Thumbnail";
import { useStarters, useTemplates, type Starter } from "@/screens/content/server";
import { contentOf } from "./fields";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { Loaded } from "@/ui/Loaded";
import { Page } from "@/ui/Page";
import { Waiting } from "@/ui/Waiting";
import { useWord } from "@/ui/words";
import { pieceTold, useTopics, type Told } from "./server";

interface Choice {
  key: string;
  title: string;
  about?: string;
  language: string;
  content: ReturnType<typeof contentOf>;
}



const ofStarter = ({ id, name, description, language, subject, preheader, design }: Starter): Choice =>
  ({ key: id, title: name, about: description, language, content: contentOf({ subject, preheader, text: null, body: { design } }) });

const NewSms = lazy(() => import("./sms/NewSms"));

/** By what it goes out is asked first: everything else depends on it. */
export default function NewCampaign() {
  const { t } = useTranslation("app_campaigns");
  const word = useWord();
  const [channel, setChannel] = useUrlState("channel", "email");
  return (
    <Page title={t("new")} above={[{ label: t("title"), href: to("/campaigns") }]} permission="campaigns:write">
      <SegmentedControl style={{ alignSelf: "start" }} aria-label={t("new.channel")} value={channel} onChange={setChannel} data={["email", "sms"].map((value) => ({ value, label: word("channel", value) }))} />
      {channel === "sms" ? <Suspense fallback={<Waiting />}><NewSms /></Suspense> : <ByMail />}
    </Page>
  );
}

/** Asks for a name and where to begin; everything else comes afterwards. */
function ByMail() {
  const { t, i18n } = useTranslation("app_campaigns");
  const navigate = useNavigate();
  const { language: home } = useMembership();
  const topics = useTopics();
  const first = isLanguage(home) ? home : i18n.language;
  const [language, setLanguage] = useUrlState("language", first);
  const [from] = useUrlState("from");
  const form = useServerForm({ initialValues: { name: "" }, validate: { name: (name) => (name.trim() === "" ? t("name.missing") : null) } });
  const [chosen, setChosen] = useState<Choice | null>(null);
  const name = useRef<HTMLInputElement>(null);
  useEffect(() => name.current?.focus(), []);
  const make = form.send(async ({ name }) => {
    const topic = topics.data?.items.find(({ archived_at }) => !archived_at);
    const content = chosen?.content ?? contentOf({ subject: "", preheader: "", text: null, body: { mjml: BLANK.mjml } });
    const { data, error } = await fetchClient.POST("/v1/campaigns", {
      body: { name, topic: topic?.id ?? "", language: chosen?.language ?? language, ...content, subject: content.subject || name, variants: {} },
    });
    if (error) throw error;
    await stale("/v1/campaigns");
    if (data) navigate(to(`/campaigns/${data.id}`));
  });
  const blank: Choice = { key: "blank", title: t("new.blank"), about: t("new.blank.text"), language, content: contentOf({ subject: "", preheader: "", text: null, body: { mjml: BLANK.mjml } }) };
  return (
      <form noValidate onSubmit={make}>
        <Stack gap="lg" maw={960}>
          {form.trouble !== null && <Failed error={form.trouble} />}
          {topics.data && !topics.data.items.some(({ archived_at }) => !archived_at) && <Alert color="amber" icon={<TriangleAlert aria-hidden />}>{t("new.no_topic")} <Anchor component={Link} to={to("/audience/topics")}>{t("new.to_topics")}</Anchor></Alert>}
          <TextInput ref={name} required dir="auto" size="md" label={t("name")} description={t("name.about")} {...form.getInputProps("name")} maw={520} />
          <Box role="radiogroup" aria-label={t("new.begin")}>
            <Group justify="space-between" mb="sm">
              <Title order={2}>{t("new.begin")}</Title>
              <Group gap={4} role="group" aria-label={t("new.language")}>
                {Object.entries(LANGUAGES).map(([code, name]) => <Button key={code} lang={code} size="xs" variant={language === code ? "light" : "subtle"} aria-pressed={language === code} onClick={() => setLanguage(code)}>{name}</Button>)}
              </Group>
            </Group>
            {/* What loads here must not hide the box that is written in: it would lose the focus. */}
            <Suspense fallback={<Waiting />}><Starters language={language} preferred={from} chosen={chosen} choose={setChosen} blank={blank} /></Suspense>
          </Box>
          <Group><Button type="submit" size="md" loading={form.busy}>{t("new.make")}</Button></Group>
        </Stack>
      </form>
  );
}

interface Choosing {
  chosen: Choice | null;
  choose: (choice: Choice) => void;
}

function Starters({ language, preferred, chosen, choose, blank }: Choosing & { language: string; preferred: string; blank: Choice }) {
  const starters = useStarters();
  const templates = useTemplates();
  return (
    <Loaded query={starters}>
      {({ items }) => {
        const own = (templates.data?.items ?? []).flatMap(({ id, name, source }) => {
          const told = source as { default?: Told } | null | undefined;
          return told?.default ? [{ key: id, title: name, language: told.default.language, content: contentOf(pieceTold(told.default)) }] : [];
        });
        const choices: Choice[] = [...items.filter((starter) => starter.language === language).map(ofStarter), ...own, blank];
        return <Tiles choices={choices} preferred={preferred} chosen={chosen} choose={choose} />;
      }}
    </Loaded>
  );
}

/** One is always chosen: the one that was asked for, or the first. */
function Tiles({ choices, preferred, chosen, choose }: Choosing & { choices: Choice[]; preferred: string }) {
  const { t } = useTranslation("app_campaigns");
  const first = choices.find(({ key }) => key === preferred) ?? choices[0];
  const gone = !chosen || !choices.some(({ key }) => key === chosen.key);
  useEffect(() => { if (gone && first) choose(first); }, [gone, first, choose]);
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 4 }} spacing="sm">
      {choices.map((choice) => <Tile key={choice.key} choice={choice} chosen={chosen?.key === choice.key} choose={choose} blank={choice.key === "blank"} label={t("new.choose", { name: choice.title })} />)}
    </SimpleGrid>
  );
}

function Tile({ choice, chosen, choose, blank, label }: { choice: Choice; chosen: boolean; choose: (choice: Choice) => void; blank: boolean; label: string }) {
  const { title, about, language, content } = choice;
  return (
    <UnstyledButton role="radio" aria-checked={chosen} aria-label={label} onClick={() => choose(choice)}>
      <Card padding={0} h="100%" style={{ outline: chosen ? "3px solid var(--mantine-primary-color-filled)" : undefined, outlineOffset: -1 }}>
        {blank ? <Group h={180} justify="center" style={{ background: "var(--barid-ground)" }}><CodeXml aria-hidden size={40} /></Group> : <Thumbnail content={content} language={language} height={180} />}
        <Box p="sm">
          <Text fw={600}><bdi>{title}</bdi></Text>
          {about && <Text size="xs" c="dimmed" lineClamp={2} dir="auto">{about}</Text>}
        </Box>
      </Card>
    </UnstyledButton>
  );
}
