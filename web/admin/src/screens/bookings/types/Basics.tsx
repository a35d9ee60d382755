import { ActionIcon, Button, Card, Checkbox, Group, Menu, NumberInput, Radio, SimpleGrid, Stack, Text, TextInput, Title } from "@mantine/core";
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { Section } from "@/ui/Section";
import { Ltr } from "@/ui/text";
import type { Place } from "../shapes";
import { useLength } from "../words";
import { asKind, KINDS, kindOf, newPlace, slugOf, type Kind } from "./draft";
import { BothLanguages, CountInput, LengthInput } from "./inputs";
import type { Work } from "./useWork";

/** What is offered: its name, kind, length and place. */
export function Basics({ work, url }: { work: Work; url?: string }) {
  const { t } = useTranslation("app_bookings");
  const { slug, state, definition } = work.draft;
  const suggested = slugOf(definition.en.title);
  return (
    <div>
      <Section title={t("basics.kind")}>
        <Radio.Group aria-label={t("basics.kind")} value={kindOf(definition)} onChange={(kind) => work.define(asKind(kind as Kind, definition))} error={work.wrong("mode")}>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>{KINDS.map((kind) => <Radio key={kind} value={kind} disabled={work.readOnly} label={t(`kind.${kind}`)} description={t(`kind.${kind}.text`)} />)}</SimpleGrid>
        </Radio.Group>
        {definition.capacity > 1 && (
          <Group align="flex-end">
            <NumberInput label={t("basics.seats")} min={2} max={1000} allowDecimal={false} dir="ltr" value={definition.capacity} onChange={(value) => work.define({ capacity: Math.max(2, Number(value) || 2) })} error={work.wrong("capacity")} />
            <Checkbox mb={8} label={t("basics.show_seats")} checked={definition.show_seats} onChange={(event) => work.define({ show_seats: event.currentTarget.checked })} />
          </Group>
        )}
      </Section>
      <Section title={t("basics.words")} about={t("basics.words.about")}>
        <BothLanguages work={work} name="title" label={t("basics.title")} required />
        <BothLanguages work={work} name="description" label={t("basics.description")} long />
        <TextInput label={t("basics.slug")} description={url ? <Ltr>{url}</Ltr> : t("basics.slug.note")} required dir="ltr" value={slug} error={work.wrong("slug")} onChange={(event) => work.put({ slug: event.currentTarget.value })}
          rightSectionWidth={110} rightSection={!slug && suggested ? <Button size="compact-xs" variant="subtle" onClick={() => work.put({ slug: suggested })}>{t("basics.slug.take")}</Button> : undefined} />
        <Radio.Group label={t("basics.state")} value={state} onChange={(value) => work.put({ state: value === "hidden" ? "hidden" : value === "archived" ? "archived" : "active" })}>
          <Stack gap="xs" mt={6}>{(["active", "hidden", "archived"] as const).map((one) => <Radio key={one} value={one} label={t(`type.${one}`)} description={t(`type.${one}.text`)} />)}</Stack>
        </Radio.Group>
      </Section>
      <Lengths work={work} />
      <Places work={work} />
    </div>
  );
}

const COMMON = [15, 20, 30, 45, 60, 90, 120];

function Lengths({ work }: { work: Work }) {
  const { t } = useTranslation("app_bookings");
  const length = useLength();
  const { duration, durations } = work.draft.definition;
  const [further, setFurther] = useState<number | null>(null);
  const others = durations.filter((minutes) => minutes !== duration);
  const choices = [...new Set([...COMMON, ...others])].sort((a, b) => a - b).filter((minutes) => minutes !== duration);
  const add = () => { if (further && further !== duration) work.define({ durations: [...new Set([...durations, further])].sort((a, b) => a - b) }); setFurther(null); };
  return (
    <Section title={t("basics.lengths")} about={t("basics.lengths.about")}>
      <LengthInput label={t("basics.length")} min={1} value={duration} onChange={(value) => work.define({ duration: value })} error={work.wrong("duration")} />
      <Checkbox.Group label={t("basics.durations")} value={others.map(String)} error={work.wrong("durations")} onChange={(values) => work.define({ durations: values.length > 0 ? [...new Set([duration, ...values.map(Number)])].sort((a, b) => a - b) : [] })}>
        <Group mt={6}>{choices.map((minutes) => <Checkbox key={minutes} value={String(minutes)} label={length(minutes)} />)}</Group>
      </Checkbox.Group>
      <Group align="flex-end">
        <CountInput label={t("basics.other_length")} value={further} onChange={setFurther} max={1440} />
        <Button variant="default" leftSection={<Plus aria-hidden size={15} />} disabled={!further} onClick={add}>{t("basics.add_length")}</Button>
      </Group>
    </Section>
  );
}

const PLACES: ReadonlyArray<Place["kind"]> = ["link", "address", "we_call", "call_us", "attendee"];

function Places({ work }: { work: Work }) {
  const { t } = useTranslation("app_bookings");
  const { number } = useFormat();
  const { locations } = work.draft.definition;
  const put = (at: number, place: Place) => work.define({ locations: locations.map((other, index) => (index === at ? place : other)) });
  return (
    <Section title={t("places.where")} about={t("places.where.about")} actions={
      <Menu position="bottom-end">
        <Menu.Target><Button variant="default" size="xs" disabled={work.readOnly} leftSection={<Plus aria-hidden size={14} />}>{t("places.add")}</Button></Menu.Target>
        <Menu.Dropdown>{PLACES.map((kind) => <Menu.Item key={kind} onClick={() => work.define({ locations: [...locations, newPlace(kind)] })}>{t(`location.${kind}`)}</Menu.Item>)}</Menu.Dropdown>
      </Menu>}>
      {locations.length === 0 && <Text size="sm" c="dimmed">{t("places.none")}</Text>}
      {locations.map((place, at) => (
        <Card key={at} padding="sm">
          <Group justify="space-between" wrap="nowrap" align="flex-start">
            <Stack gap={4} style={{ flex: 1, minWidth: 0 }}>
              <Title order={3} fz="sm">{number(at + 1)}. {t(`location.${place.kind}`)}</Title>
              <Text size="xs" c="dimmed">{t(`location.${place.kind}.text`)}</Text>
              {place.kind === "address" && <TextInput dir="auto" aria-label={t("location.address")} value={place.text} error={work.wrong(`locations[${at}]`)} onChange={(event) => put(at, { ...place, text: event.currentTarget.value })} />}
              {place.kind === "call_us" && <TextInput dir="ltr" inputMode="tel" aria-label={t("location.call_us")} value={place.number} error={work.wrong(`locations[${at}]`)} onChange={(event) => put(at, { ...place, number: event.currentTarget.value })} />}
              {place.kind === "link" && <TextInput dir="ltr" type="url" aria-label={t("location.link")} value={place.template} error={work.wrong(`locations[${at}]`)} onChange={(event) => put(at, { ...place, template: event.currentTarget.value })} />}
            </Stack>
            <ActionIcon aria-label={`${t("places.remove")} ${number(at + 1)}`} onClick={() => work.define({ locations: locations.filter((other) => other !== place) })}><Trash2 aria-hidden size={16} /></ActionIcon>
          </Group>
        </Card>
      ))}
    </Section>
  );
}
