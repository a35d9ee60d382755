import { Button, Chip, Group, Stack, Switch, Text } from "@mantine/core";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Section } from "@/ui/Section";
import { useLength } from "../words";
import { BothLanguages, LengthInput } from "./inputs";
import type { Work } from "./useWork";

const COMMON = [10_080, 2880, 1440, 180, 60, 15];

/** What people are written around the appointment; confirmations go out in any case. */
export default function Messages({ work }: { work: Work }) {
  const { t } = useTranslation("app_bookings");
  const { follow_up } = work.draft.definition;
  return (
    <div>
      <Section title={t("messages.instructions")} about={t("messages.instructions.about")}><BothLanguages work={work} name="instructions" label={t("messages.instructions.label")} long /></Section>
      <Reminders work={work} name="reminders" most={5} />
      <Reminders work={work} name="sms_reminders" most={3} />
      <Section title={t("messages.follow_up")} about={t("messages.follow_up.about")}>
        <Switch label={t("messages.follow_up.on")} checked={follow_up !== null} onChange={(event) => work.define({ follow_up: event.currentTarget.checked ? 1440 : null })} />
        {follow_up !== null && (
          <Stack>
            <LengthInput label={t("messages.follow_up.after")} value={follow_up} onChange={(value) => work.define({ follow_up: value })} error={work.wrong("follow_up")} />
            <BothLanguages work={work} name="follow_up" label={t("messages.follow_up.text")} long />
          </Stack>
        )}
      </Section>
    </div>
  );
}

/** When people are reminded: by mail, and by text message those who give a number for it. */
function Reminders({ work, name, most }: { work: Work; name: "reminders" | "sms_reminders"; most: number }) {
  const { t } = useTranslation("app_bookings");
  const length = useLength();
  const [other, setOther] = useState(120);
  const chosen = work.draft.definition[name];
  const put = (minutes: number[]) => work.define({ [name]: [...new Set(minutes)].sort((a, b) => b - a).slice(0, most) });
  const choices = [...new Set([...COMMON, ...chosen])].sort((a, b) => b - a);
  return (
    <Section title={t(`messages.${name}`)} about={t(`messages.${name}.about`)}>
      <Chip.Group multiple value={chosen.map(String)} onChange={(values) => put(values.map(Number))}>
        <Group gap={6} role="group" aria-label={t(`messages.${name}`)}>{choices.map((minutes) => <Chip key={minutes} value={String(minutes)} size="sm" variant="light">{t("messages.before", { length: length(minutes) })}</Chip>)}</Group>
      </Chip.Group>
      <Group align="flex-end"><LengthInput label={t("messages.other")} min={1} value={other} onChange={setOther} /><Button variant="default" leftSection={<Plus aria-hidden size={15} />} onClick={() => put([...chosen, other])}>{t("messages.add")}</Button></Group>
      {work.wrong(name) && <Text size="sm" c="var(--mantine-color-error)" dir="auto">{work.wrong(name)}</Text>}
      {chosen.length === 0 && <Text size="sm" c="dimmed">{t("messages.no_reminders")}</Text>}
    </Section>
  );
}
