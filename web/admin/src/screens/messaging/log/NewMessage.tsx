import { Anchor, Button, Checkbox, Collapse, Group, Modal, Select, SimpleGrid, Stack, Switch, Text, Textarea, TextInput } from "@mantine/core";
import { ChevronDown, ChevronUp, Send } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { latinDigits } from "@/i18n/format";
import { MomentInput } from "@/screens/campaigns/MomentInput";
import { fromParts, localParts } from "@/ui/days";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { useWord } from "@/ui/words";
import { Bubble } from "../Bubble";
import { Counter } from "../Counter";
import { useSend, useSenders, type NewSms } from "../server";

const PURPOSES = ["service", "marketing"] as const;
const BASES = ["contract", "subject_request", "legal_obligation"] as const;
const HOUR = 3_600;

interface Values extends Record<string, unknown> {
  to: string; from: string; text: string; purpose: string; basis: string; reference: string; later: boolean; day: string; time: string; hours: string; flash: boolean; trial: boolean;
}

const soon = () => {
  const at = new Date();
  at.setHours(at.getHours() + 1, 0, 0, 0);
  return localParts(at);
};

/** A number as it is handed in: without the spaces and brackets that people write. `00` in front is a plus. */
const numberOf = (typed: string) => latinDigits(typed).replace(/[\s()\-.\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "").replace(/^00/, "+");

function bodyOf(values: Values): NewSms {
  const { to, from, text, purpose, basis, reference, later, day, time, hours, flash, trial } = values;
  return {
    to: numberOf(to), text, purpose, flash, trial,
    from: from.trim() || null, basis: purpose === "marketing" ? null : basis || null, reference: reference.trim() || null,
    send_at: later ? fromParts(day, time).toISOString() : null, validity: hours.trim() ? Math.round(Number(latinDigits(hours)) * HOUR) : null,
  };
}

/** Asks for a message to one person: counted while it is written, allowed by the gate or not. */
export default function NewMessage({ close }: { close: () => void }) {
  const { t } = useTranslation(["app_messaging", "app_shell"]);
  const navigate = useNavigate();
  const word = useWord();
  const send = useSend();
  const [more, setMore] = useState(false);
  const form = useServerForm<Values>({
    initialValues: { to: "", from: "", text: "", purpose: "service", basis: "", reference: "", later: false, ...soon(), hours: "", flash: false, trial: false },
    validate: {
      hours: (hours) => (hours.trim() === "" || Number(latinDigits(hours)) > 0 ? null : t("new.hours.wrong")),
      day: (day, { later, time }) => (later && Number.isNaN(fromParts(day, time).getTime()) ? t("new.later.wrong") : null),
    },
  });
  const { values } = form;
  const submit = form.send(async (values) => {
    const { id } = await send(bodyOf(values));
    close();
    void navigate(to(`/messaging/messages/${id}`));
  });
  return (
    <Modal opened onClose={close} size="xl" title={<Text fw={600}>{t("new")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput data-autofocus required type="tel" dir="ltr" label={t("new.to")} description={t("new.to.note")} {...form.getInputProps("to")} />
            <From value={values.from} error={form.errors.from} change={(from) => form.setFieldValue("from", from)} />
          </SimpleGrid>
          <Textarea required dir="auto" autosize minRows={3} maxRows={10} label={t("words")} {...form.getInputProps("text")} />
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <Counter text={values.text} change={(text) => form.setFieldValue("text", text)} />
            {values.text.trim() !== "" && <Stack gap={4}><Text size="xs" c="dimmed">{t("bubble")}</Text><Bubble text={values.text} /></Stack>}
          </SimpleGrid>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <Select allowDeselect={false} label={t("column.purpose")} description={t("new.purpose.note")} data={PURPOSES.map((code) => ({ value: code, label: word("purpose", code) }))} {...form.getInputProps("purpose")} />
            {values.purpose === "marketing" ? <Text size="sm" c="dimmed" mt={{ sm: 26 }}>{t("new.marketing")}</Text> : (
              <Select label={t("facts.basis")} description={t("new.basis.note")} data={[{ value: "", label: t("new.basis.known") }, ...BASES.map((code) => ({ value: code, label: word("basis", code) }))]} allowDeselect={false} {...form.getInputProps("basis")} />
            )}
          </SimpleGrid>
          <Switch label={t("trial")} description={t("new.trial.note")} {...form.getInputProps("trial", { type: "checkbox" })} />
          <Group><Button variant="subtle" size="compact-sm" color="gray" aria-expanded={more} onClick={() => setMore(!more)} rightSection={more ? <ChevronUp aria-hidden size={14} /> : <ChevronDown aria-hidden size={14} />}>{t("new.more")}</Button></Group>
          <Collapse expanded={more}>
            <Stack>
              <Switch label={t("new.later")} {...form.getInputProps("later", { type: "checkbox" })} />
              {values.later && <MomentInput parts={{ day: values.day, time: values.time }} error={(form.errors.day ?? form.errors.send_at) as string | undefined} change={({ day, time }) => form.setValues({ day, time })} />}
              <SimpleGrid cols={{ base: 1, sm: 2 }}>
                <TextInput inputMode="numeric" dir="ltr" label={t("new.hours")} description={t("new.hours.note")} {...form.getInputProps("hours")} error={form.errors.hours ?? form.errors.validity} />
                <TextInput dir="auto" maxLength={100} label={t("facts.reference")} description={t("new.reference.note")} {...form.getInputProps("reference")} />
              </SimpleGrid>
              <Checkbox label={t("new.flash")} description={t("new.flash.note")} {...form.getInputProps("flash", { type: "checkbox" })} />
            </Stack>
          </Collapse>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>{t("app_shell:cancel")}</Button>
            <Button type="submit" loading={form.busy} disabled={values.to.trim() === "" || values.text.trim() === ""} leftSection={<Send aria-hidden size={16} className="dir-icon" />}>{t(values.trial ? "new.try" : "new.send")}</Button>
          </Group>
          <Text size="xs" c="dimmed">{t("new.gate")}</Text>
        </Stack>
      </form>
    </Modal>
  );
}

/** Which sender. Who may not see the list leaves the choice to Barid. */
function From({ value, change, error }: { value: string; change: (value: string) => void; error?: React.ReactNode }) {
  const { t } = useTranslation("app_messaging");
  const sees = useMay()("routes:read");
  const { data } = useSenders(sees);
  if (!sees) return <TextInput dir="ltr" label={t("new.from")} description={t("new.from.note")} value={value} error={error} onChange={(event) => change(event.currentTarget.value)} />;
  const none = data?.items.length === 0;
  return (
    <Select label={t("new.from")} description={none ? <>{t("new.from.none")} <Anchor component={Link} to={to("/messaging/routes?tab=senders")} inherit underline="always">{t("place.routes")}</Anchor></> : t("new.from.note")} allowDeselect={false} error={error}
      data={[{ value: "", label: t("new.from.any") }, ...(data?.items ?? []).map(({ value }) => ({ value, label: value }))]} value={value} onChange={(chosen) => change(chosen ?? "")} />
  );
}
