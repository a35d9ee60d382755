import { Alert, Button, Group, Modal, Select, SimpleGrid, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { Info } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { LANGUAGES } from "@/i18n";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { Loaded } from "@/ui/Loaded";
import { told } from "@/ui/notify";
import { book, useEventTypes, useHosts } from "../server";
import type { EventType } from "../shapes";
import { useLength, useTitle } from "../words";
import { civil } from "../zone";
import { useShownZone, ZoneSelect } from "../ZoneSelect";
import { SlotPicker } from "./SlotPicker";

interface Values extends Record<string, unknown> {
  event_type: string;
  duration: string;
  host: string;
  start: string;
  attendee: { name: string; email: string; phone: string; language: string; timezone: string };
  answers: Record<string, string>;
}

/** Books for somebody who called or wrote: the same times, the same rules as on the public page. */
export default function NewBooking({ close }: { close: () => void }) {
  const { t } = useTranslation(["app_bookings", "app_shell"]);
  const types = useEventTypes();
  return (
    <Modal opened onClose={close} size="xl" title={<Text fw={600} component="span">{t("new")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <Loaded query={types}>
        {({ items }) => {
          const open = items.filter(({ state }) => state !== "archived");
          return open.length > 0 ? <Form types={open} close={close} /> : <Alert color="gray" icon={<Info aria-hidden />}>{t("new.no_types")}</Alert>;
        }}
      </Loaded>
    </Modal>
  );
}

function Form({ types, close }: { types: EventType[]; close: () => void }) {
  const { t, i18n } = useTranslation(["app_bookings", "app_shell"]);
  const title = useTitle();
  const length = useLength();
  const hosts = useHosts();
  const [zone] = useShownZone();
  const [asked, setAsked] = useState(false);
  const form = useServerForm<Values>({
    initialValues: { event_type: types[0]?.id ?? "", duration: "", host: "", start: "", attendee: { name: "", email: "", phone: "", language: i18n.language, timezone: zone }, answers: {} },
  });
  const { values } = form;
  const type = types.find(({ id }) => id === values.event_type);
  const { definition } = type ?? {};
  const lengths = definition ? [...new Set([definition.duration, ...definition.durations])] : [];
  const chosen = Number(values.duration) || definition?.duration;
  const change = (part: Partial<Values>) => form.setValues({ ...part, start: "" });
  const send = form.send(async ({ event_type, host, start, attendee: { phone, ...attendee }, answers }) => {
    setAsked(true);
    if (!start) return;
    const given = Object.fromEntries(Object.entries(answers).filter(([, value]) => value.trim()));
    await book({ event_type, start, duration: chosen, host: host || undefined, attendee: { ...attendee, ...(phone ? { phone } : {}) }, answers: given });
    told(t("new.done"));
    close();
  });
  return (
    <form onSubmit={send} noValidate>
      <Stack>
        {form.trouble !== null && <Failed error={form.trouble} />}
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <Select label={t("filter.type")} allowDeselect={false} data={types.map((one) => ({ value: one.id, label: title(one) }))} value={values.event_type} onChange={(value) => value && change({ event_type: value, duration: "", host: "" })} />
          {lengths.length > 1 && <Select label={t("new.duration")} allowDeselect={false} data={lengths.map((minutes) => ({ value: String(minutes), label: length(minutes) }))} value={String(chosen)} onChange={(value) => change({ duration: value ?? "" })} />}
          {(definition?.hosts.length ?? 0) > 1 && definition?.mode === "round_robin" && (
            <Select label={t("filter.host")} placeholder={t("new.any_host")} clearable value={values.host || null} onChange={(value) => change({ host: value ?? "" })}
              data={definition.hosts.map(({ host }) => ({ value: host, label: hosts.data?.items.find(({ id }) => id === host)?.name ?? t("host.gone") }))} />
          )}
        </SimpleGrid>
        <SlotPicker key={`${values.event_type} ${values.duration} ${values.host}`} eventType={values.event_type} zone={zone} duration={chosen} host={values.host || undefined} from={civil(new Date(), zone).day} value={values.start || null} onChange={({ start }) => form.setFieldValue("start", start)} />
        {asked && !values.start && <Text size="sm" c="var(--mantine-color-error)" role="alert">{t("new.choose_time")}</Text>}
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput label={t("attendee.name")} required dir="auto" {...form.getInputProps("attendee.name")} />
          <TextInput label={t("attendee.email")} required type="email" dir="ltr" {...form.getInputProps("attendee.email")} />
        </SimpleGrid>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput label={t("attendee.phone")} dir="ltr" inputMode="tel" {...form.getInputProps("attendee.phone")} />
          <Select label={t("attendee.language")} allowDeselect={false} data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))} {...form.getInputProps("attendee.language")} />
        </SimpleGrid>
        <ZoneSelect label={t("attendee.zone")} note={t("attendee.zone.note")} value={values.attendee.timezone} onChange={(value) => form.setFieldValue("attendee.timezone", value)} />
        {(definition?.questions ?? []).map((question) => (
          <Textarea key={question.key} autosize minRows={1} dir="auto" label={(i18n.language === "ar" ? question.label_ar : question.label_en) || question.key} value={values.answers[question.key] ?? ""}
            error={form.errors[`answers.${question.key}`]} onChange={(event) => form.setFieldValue(`answers.${question.key}`, event.currentTarget.value)} />
        ))}
        <Text size="sm" c="dimmed">{t("new.tells")}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>{t("app_shell:cancel")}</Button>
          <Button type="submit" loading={form.busy}>{t("new.button")}</Button>
        </Group>
      </Stack>
    </form>
  );
}
