import { Alert, Button, Checkbox, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { CirclePause, CirclePlay } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, fetchClient, stale } from "@/api/client";
import type { components } from "@/api/schema";
import { useMay } from "@/app/session";
import { confirm } from "@/ui/confirm";
import { Asked, numberOf } from "@/ui/Dialog";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { Loaded } from "@/ui/Loaded";
import { refused, told } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { useWord } from "@/ui/words";
import { useChoices } from "../registers/codes";
import { CHANNELS } from "./Approvals";

/** What the workspace decides about its own sending. */
type Settings = components["schemas"]["GateSettings"];

const BASES = ["consent", "explicit_consent", "express_consent", "express_written_consent", "implied_consent", "inferred_consent", "soft_opt_in", "legitimate_interest", "contract"] as const;

const put = (body: Settings) => fetchClient.PUT("/v1/privacy/settings", { body });

/** The gate: pause, age, hours, frequency, bases. */
export default function Gate() {
  const settings = api.useQuery("get", "/v1/privacy/settings", {});
  return <Loaded query={settings}>{(data) => <><Pause known={data} /><Limits key={JSON.stringify(data)} known={data} /></>}</Loaded>;
}

function Pause({ known }: { known: Settings }) {
  const { t } = useTranslation("app_registers");
  const may = useMay()("privacy:write");
  const set = async (paused: boolean) => {
    const { error } = await put({ ...known, paused });
    if (error) throw error;
    await stale("/v1/privacy");
  };
  const ask = () => confirm({ title: t("gate.pause"), text: t("gate.pause_text"), button: t("gate.pause"), destroys: true, act: () => set(true) });
  return (
    <Section title={t("gate.sending")} about={t("gate.sending_about")}>
      {known.paused ? (
        <Alert color="amber" icon={<CirclePause aria-hidden />} title={t("gate.paused")}>{may && <Button leftSection={<CirclePlay aria-hidden size={16} />} onClick={() => void set(false).catch(refused)}>{t("gate.resume")}</Button>}</Alert>
      ) : (
        <Group><Text size="sm">{t("gate.open")}</Text>{may && <Button variant="light" color="red" leftSection={<CirclePause aria-hidden size={16} />} onClick={ask}>{t("gate.pause")}</Button>}</Group>
      )}
    </Section>
  );
}

function Limits({ known }: { known: Settings }) {
  const { t } = useTranslation(["app_registers", "app_shell"]);
  const word = useWord();
  const choices = useChoices();
  const may = useMay()("privacy:write");
  const [every, setEvery] = useState(!known.bases);
  const initial = {
    min_age: known.min_age == null ? "" : String(known.min_age), quiet_start: known.quiet?.start ?? "", quiet_end: known.quiet?.end ?? "",
    sunday: known.quiet?.sunday == null ? "country" : known.quiet.sunday ? "open" : "closed",
    cap: known.frequency ? String(known.frequency.cap) : "", days: known.frequency ? String(known.frequency.days) : "",
    approvals: (known.approvals_required_on ?? []).join("\n"), bases: (known.bases ?? BASES).join("\n"),
  };
  const form = useServerForm<Record<keyof typeof initial, string>>({ initialValues: initial });
  const send = form.send(async (values) => {
    const cap = numberOf(values.cap);
    const list = (text: string) => text.split("\n").filter(Boolean);
    const sunday = values.sunday === "country" ? {} : { sunday: values.sunday === "open" };
    const body: Settings = {
      ...known, min_age: numberOf(values.min_age), frequency: cap === null ? null : { cap, days: numberOf(values.days) ?? 1 },
      quiet: values.quiet_start && values.quiet_end ? { start: values.quiet_start, end: values.quiet_end, ...sunday } : null,
      approvals_required_on: list(values.approvals).length > 0 ? list(values.approvals) : null,
      ...("bases" in known ? { bases: every ? null : list(values.bases) } : {}),
    };
    const { error } = await put(body);
    if (error) throw error;
    await stale("/v1/privacy");
    told(t("app_shell:saved"));
  });
  const ask = (field: Parameters<typeof Asked<keyof typeof initial>>[0]["field"]) => <Asked key={field.name} field={field} form={form} readOnly={!may} />;
  const channels = CHANNELS.map((value) => ({ value, label: word("channel", value) }));
  return (
    <Section title={t("gate.limits")} about={t("gate.limits_about")}>
      <form onSubmit={send} noValidate>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            {ask({ name: "min_age", label: t("gate.min_age"), note: t("gate.min_age_note"), kind: "number" })}
            <span />
            {ask({ name: "cap", label: t("gate.cap"), note: t("gate.cap_note"), kind: "number" })}
            {ask({ name: "days", label: t("gate.days"), note: t("gate.days_note"), kind: "number" })}
            {ask({ name: "quiet_start", label: t("gate.quiet_start"), note: t("gate.quiet_note"), code: true })}
            {ask({ name: "quiet_end", label: t("gate.quiet_end"), note: t("gate.quiet_note"), code: true })}
            {ask({ name: "sunday", label: t("gate.sunday"), kind: "choice", choices: choices("sunday", ["country", "open", "closed"]), needed: true })}
            {ask({ name: "approvals", label: t("gate.approvals"), note: t("gate.approvals_note"), kind: "many", choices: channels })}
          </SimpleGrid>
          {"bases" in known && <Checkbox label={t("gate.every_basis")} checked={every} disabled={!may} onChange={(event) => setEvery(event.currentTarget.checked)} />}
          {"bases" in known && !every && ask({ name: "bases", label: t("gate.bases"), note: t("gate.bases_note"), kind: "many", choices: BASES.map((value) => ({ value, label: word("basis", value) })) })}
          {may && <Group><Button type="submit" loading={form.busy} disabled={!form.isDirty() && every === !known.bases}>{t("app_shell:save")}</Button></Group>}
        </Stack>
      </form>
    </Section>
  );
}
