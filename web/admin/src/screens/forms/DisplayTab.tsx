import { Alert, NumberInput, Radio, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { Cookie, Info } from "lucide-react";
import { useTranslation } from "react-i18next";
import { KINDS, remembers, type Display, type Frequency, type Kind, type Success, type Trigger } from "./definition";
import { EXAMPLES } from "./examples";
import { Targeting } from "./Targeting";
import type { Work } from "./useWork";

export type PutDisplay = (change: Partial<Display>) => void;

/** When a form comes up, where, how often, and what happens once it was sent. */
export function DisplayTab({ work }: { work: Work }) {
  const { t } = useTranslation("app_forms");
  const { kind, display } = work.definition;
  const put: PutDisplay = (change) => work.define({ display: { ...display, ...change } });
  return (
    <Stack gap="xl">
      <Select label={t("column.kind")} description={t(`kind.${kind}.text`)} maw={420} allowDeselect={false} value={kind} data={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))} onChange={(value) => value && work.define({ kind: value as Kind })} />
      {kind === "inline" ? <Alert color="gray" icon={<Info aria-hidden />}>{t("display.inline")}</Alert> : (
        <>
          <When work={work} put={put} />
          <HowOften work={work} put={put} />
          <Targeting work={work} put={put} />
        </>
      )}
      <Afterwards work={work} />
    </Stack>
  );
}

const TRIGGERS: Record<Trigger["on"], Trigger> = {
  delay: { on: "delay", seconds: 5 }, scroll: { on: "scroll", percent: 50 }, exit: { on: "exit" }, click: { on: "click", selector: "" },
};

interface Bounded {
  label: string;
  value: number;
  min: number;
  max: number;
  set: (value: number) => void;
}

function Amount({ label, value, min, max, set }: Bounded) {
  return <NumberInput label={label} maw={220} value={value} min={min} max={max} allowDecimal={false} allowNegative={false} clampBehavior="blur" onChange={(next) => set(typeof next === "number" ? next : min)} />;
}

function When({ work, put }: { work: Work; put: PutDisplay }) {
  const { t } = useTranslation("app_forms");
  const { trigger } = work.definition.display;
  return (
    <Stack gap="sm">
      <Title order={2}>{t("when")}</Title>
      <Radio.Group aria-label={t("when")} value={trigger.on} onChange={(on) => put({ trigger: TRIGGERS[on as Trigger["on"]] })}>
        <Stack gap="xs">{(["delay", "scroll", "exit", "click"] as const).map((on) => <Radio key={on} value={on} label={t(`trigger.${on}`)} description={on === "exit" ? t("trigger.exit.about") : undefined} />)}</Stack>
      </Radio.Group>
      {trigger.on === "delay" && <Amount label={t("trigger.seconds")} value={trigger.seconds} min={0} max={3600} set={(seconds) => put({ trigger: { on: "delay", seconds } })} />}
      {trigger.on === "scroll" && <Amount label={t("trigger.percent")} value={trigger.percent} min={1} max={100} set={(percent) => put({ trigger: { on: "scroll", percent } })} />}
      {trigger.on === "click" && <TextInput dir="ltr" maw={420} label={t("trigger.selector")} description={t("trigger.selector.about")} placeholder={EXAMPLES.selector} value={trigger.selector} onChange={(event) => put({ trigger: { on: "click", selector: event.currentTarget.value } })} />}
      {work.wrong("display.trigger") && <Text size="sm" c="var(--mantine-color-error)">{work.wrong("display.trigger")}</Text>}
    </Stack>
  );
}

const FREQUENCIES: Record<Frequency["show"], Frequency> = {
  always: { show: "always" }, once: { show: "once" }, days: { show: "days", days: 7 }, until_subscribed: { show: "until_subscribed" },
};

/** How often; with what has to be remembered for it, and what of that waits for the visitor's consent. */
function HowOften({ work, put }: { work: Work; put: PutDisplay }) {
  const { t } = useTranslation("app_forms");
  const { display } = work.definition;
  const { frequency } = display;
  return (
    <Stack gap="sm">
      <Title order={2}>{t("often")}</Title>
      <Radio.Group aria-label={t("often")} value={frequency.show} onChange={(show) => put({ frequency: FREQUENCIES[show as Frequency["show"]] })}>
        <Stack gap="xs">{(["days", "once", "until_subscribed", "always"] as const).map((show) => <Radio key={show} value={show} label={t(`often.${show}`)} />)}</Stack>
      </Radio.Group>
      {frequency.show === "days" && <Amount label={t("often.number")} value={frequency.days} min={1} max={365} set={(days) => put({ frequency: { show: "days", days } })} />}
      {work.wrong("display.frequency") && <Text size="sm" c="var(--mantine-color-error)">{work.wrong("display.frequency")}</Text>}
      <Alert color="gray" icon={<Cookie aria-hidden />} title={t("remembers")}>{t(`remembers.${remembers(display)}`)}</Alert>
    </Stack>
  );
}

function Afterwards({ work }: { work: Work }) {
  const { t } = useTranslation("app_forms");
  const { success } = work.definition;
  const put = (success: Success) => work.define({ success });
  return (
    <Stack gap="sm">
      <Title order={2}>{t("after")}</Title>
      <Radio.Group aria-label={t("after")} value={success.then} onChange={(then) => put(then === "redirect" ? { then: "redirect", url: "/" } : { then: "message" })}>
        <Stack gap="xs"><Radio value="message" label={t("after.message")} /><Radio value="redirect" label={t("after.redirect")} /></Stack>
      </Radio.Group>
      {success.then === "redirect" && <TextInput dir="ltr" maw={480} label={t("after.url")} description={t("place.about")} placeholder={EXAMPLES.page} value={success.url} onChange={(event) => put({ then: "redirect", url: event.currentTarget.value })} error={work.wrong("success.url")} />}
    </Stack>
  );
}
