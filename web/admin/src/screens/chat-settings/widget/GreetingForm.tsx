import { Button, Drawer, Group, MultiSelect, NumberInput, Select, SimpleGrid, Stack, Switch, Text, TextInput, Title } from "@mantine/core";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCountries } from "@/screens/start/countries";
import { instantOf, momentOf } from "@/ui/Dialog";
import { Failed } from "@/ui/Failed";
import { BothInput } from "../BothInput";
import { changed, without } from "../order";
import { CONDITIONS, EMPTY, TRACKING, type Condition, type ConditionKind, type GreetingDraft } from "../shapes";
import { conditionOf, opsOf, valueKind } from "./conditions";

const MOST_BUTTONS = 3;
const ACTIONS = ["open", "reply", "link"] as const;

/** A greeting: what it says, what can be pressed, and when it comes up. */
export function GreetingForm({ initial, close, save }: { initial: GreetingDraft; close: () => void; save: (draft: GreetingDraft) => Promise<unknown> }) {
  const { t } = useTranslation(["app_chat", "app_shell"]);
  const [draft, setDraft] = useState(initial);
  const [trouble, setTrouble] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const put = (change: Partial<GreetingDraft>) => setDraft((now) => ({ ...now, ...change }));
  const go = async () => {
    setBusy(true);
    setTrouble(null);
    try {
      await save(draft);
      close();
    } catch (error) {
      setTrouble(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Drawer opened onClose={close} size="xl" title={<Text fw={600}>{t("greetings.one")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <Stack>
        {trouble !== null && <Failed error={trouble} />}
        <TextInput data-autofocus required label={t("name")} description={t("greetings.name.about")} dir="auto" maxLength={100} value={draft.name} onChange={(event) => put({ name: event.currentTarget.value })} />
        <Switch label={t("in_use")} checked={draft.enabled} onChange={(event) => put({ enabled: event.currentTarget.checked })} />
        <BothInput label={t("greetings.text")} lines={2} value={draft.text} change={(text) => put({ text })} />
        <Buttons draft={draft} put={put} />
        <Title order={3}>{t("greetings.when")}</Title>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <Select label={t("greetings.once")} allowDeselect={false} value={draft.once} data={(["visit", "ever", "always"] as const).map((value) => ({ value, label: t(`greetings.once.${value}`) }))} onChange={(once) => once && put({ once: once as GreetingDraft["once"] })} />
          <Select label={t("match")} allowDeselect={false} value={draft.match} data={(["all", "any"] as const).map((value) => ({ value, label: t(`match.${value}`) }))} onChange={(match) => put({ match: match === "any" ? "any" : "all" })} />
          <TextInput type="datetime-local" label={t("greetings.from")} value={momentOf(draft.active_from)} onChange={(event) => put({ active_from: instantOf(event.currentTarget.value) })} />
          <TextInput type="datetime-local" label={t("greetings.until")} value={momentOf(draft.active_until)} onChange={(event) => put({ active_until: instantOf(event.currentTarget.value) })} />
        </SimpleGrid>
        {draft.conditions.map((one, at) => <ConditionRow key={at} one={one} put={(next) => put({ conditions: draft.conditions.map((old, place) => (place === at ? next : old)) })} remove={() => put({ conditions: without(draft.conditions, at) })} />)}
        <Group><Button size="compact-sm" variant="subtle" leftSection={<Plus aria-hidden size={14} />} onClick={() => put({ conditions: [...draft.conditions, conditionOf("url")] })}>{t("rules.condition")}</Button></Group>
        {draft.conditions.some(({ kind }) => TRACKING.includes(kind)) && <Text size="sm" c="dimmed">{t("greetings.consent.about")}</Text>}
        <Group justify="flex-end"><Button variant="default" onClick={close}>{t("app_shell:cancel")}</Button><Button loading={busy} disabled={!draft.name.trim() || (!draft.text.en.trim() && !draft.text.ar.trim())} onClick={() => void go()}>{t("app_shell:save")}</Button></Group>
      </Stack>
    </Drawer>
  );
}

function Buttons({ draft, put }: { draft: GreetingDraft; put: (change: Partial<GreetingDraft>) => void }) {
  const { t } = useTranslation("app_chat");
  const { buttons } = draft;
  return (
    <Stack gap="xs">
      {buttons.map((one, at) => (
        <Stack key={at} gap={4}>
          <BothInput label={t("greetings.button")} most={80} value={one.label} change={(label) => put({ buttons: changed(buttons, at, { label }) })} />
          <Group gap="xs" align="flex-end">
            <Select size="xs" label={t("greetings.action")} allowDeselect={false} value={one.action} data={ACTIONS.map((value) => ({ value, label: t(`greetings.action.${value}`) }))} onChange={(action) => action && put({ buttons: changed(buttons, at, { action: action as "open" }) })} />
            {one.action !== "open" && <TextInput size="xs" label={t(one.action === "link" ? "greetings.address" : "greetings.says")} dir={one.action === "link" ? "ltr" : "auto"} value={one.value} onChange={(event) => put({ buttons: changed(buttons, at, { value: event.currentTarget.value }) })} />}
            <Button size="compact-xs" variant="subtle" color="gray" mb={6} onClick={() => put({ buttons: without(buttons, at) })}>{t("remove")}</Button>
          </Group>
        </Stack>
      ))}
      {buttons.length < MOST_BUTTONS && <Group><Button size="compact-sm" variant="subtle" leftSection={<Plus aria-hidden size={14} />} onClick={() => put({ buttons: [...buttons, { label: EMPTY, action: "open", value: "" }] })}>{t("greetings.button.add")}</Button></Group>}
    </Stack>
  );
}

function Countries({ value, change }: { value: string[]; change: (all: string[]) => void }) {
  const { t } = useTranslation("app_chat");
  return <MultiSelect size="xs" label={t("condition.country.any")} description={t("condition.country.note")} data={useCountries()} searchable value={value.map((code) => code.toUpperCase())} onChange={change} style={{ flex: "1 1 14rem" }} />;
}

function ConditionRow({ one, put, remove }: { one: Condition; put: (next: Condition) => void; remove: () => void }) {
  const { t } = useTranslation("app_chat");
  const kind = valueKind(one.kind);
  const { value } = one;
  const pair = typeof value === "object" && !Array.isArray(value) ? value : null;
  const seen = pair && "url" in pair ? pair : { count: 1, url: "" };
  const said = pair && "name" in pair ? pair : { name: "", value: "" };
  const ops = opsOf(one.kind);
  return (
    <Group gap="xs" align="flex-end">
      <Select size="xs" label={t("rules.kind")} allowDeselect={false} value={one.kind} data={CONDITIONS.map((code) => ({ value: code, label: t(`condition.${code}`) }))} onChange={(next) => next && put(conditionOf(next as ConditionKind))} />
      {ops.length > 1 && <Select size="xs" label={t("rules.op")} allowDeselect={false} value={one.op} data={ops.map((code) => ({ value: code, label: t(`op.${code}` as "op.is") }))} onChange={(op) => op && put({ ...one, op })} />}
      {kind === "number" && <NumberInput size="xs" label={t(`unit.${one.kind}` as "unit.scroll", { defaultValue: t("rules.value") })} min={0} max={100000} value={Number(value)} onChange={(next) => put({ ...one, value: Number(next) || 0 })} />}
      {kind === "text" && <TextInput size="xs" label={t("rules.value")} dir="auto" value={String(value)} onChange={(event) => put({ ...one, value: event.currentTarget.value })} />}
      {kind === "list" && <TextInput size="xs" label={t("condition.funnel")} dir="ltr" value={Array.isArray(value) ? value.join(" > ") : ""} onChange={(event) => put({ ...one, value: event.currentTarget.value.split(">").map((part) => part.trim()) })} style={{ flex: "1 1 12rem" }} />}
      {kind === "countries" && <Countries value={[value].flat().map(String)} change={(all) => put({ ...one, value: all })} />}
      {kind === "views" && <><NumberInput size="xs" label={t("unit.page_views")} min={1} value={seen.count} onChange={(count) => put({ ...one, value: { ...seen, count: Number(count) || 1 } })} /><TextInput size="xs" label={t("condition.url_part")} dir="ltr" value={seen.url} onChange={(event) => put({ ...one, value: { ...seen, url: event.currentTarget.value } })} /></>}
      {kind === "attribute" && <><TextInput size="xs" label={t("rules.key")} dir="ltr" value={said.name} onChange={(event) => put({ ...one, value: { ...said, name: event.currentTarget.value } })} /><TextInput size="xs" label={t("rules.value")} dir="auto" value={said.value} onChange={(event) => put({ ...one, value: { ...said, value: event.currentTarget.value } })} /></>}
      <Button size="compact-xs" variant="subtle" color="gray" mb={6} onClick={remove}>{t("remove")}</Button>
    </Group>
  );
}
