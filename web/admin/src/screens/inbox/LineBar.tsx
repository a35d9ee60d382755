import { Alert, Box, Button, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { CircleAlert, LayoutTemplate } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, fetchClient, got } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { Failed } from "@/ui/Failed";
import { Waiting } from "@/ui/Waiting";
import { about, type Full } from "./api";
import type { Sending } from "./events";

const PAUSE = 350;

/** What an answer would be, asked of the server as it is written: parts, price, and what speaks against it. */
function useQuote(full: Full, text: string, on: boolean) {
  const [asked] = useDebouncedValue(text.trim(), PAUSE);
  return useQuery({
    queryKey: ["inbox-quote", full.id, asked],
    queryFn: () => got(fetchClient.POST("/v1/conversations/{id}/quote", { ...about(full.id), body: { text: asked } })),
    enabled: on && asked.length > 0,
    staleTime: 10_000,
    placeholderData: (known) => known,
  });
}

/** Below an answer by SMS or a chat app: how many parts it has, what it costs, until when it may be said. */
export function LineBar({ full, text }: { full: Full; text: string }) {
  const { t } = useTranslation("app_inbox");
  const format = useFormat();
  const { data } = useQuote(full, text, Boolean(full.line?.open));
  if (!full.line) return null;
  const sms = full.channel === "sms";
  const said = text.trim().length > 0 ? data : undefined;
  const refused = said?.refused;
  return (
    <Group gap="sm" mt={6} justify="space-between" aria-live="polite">
      <Text size="xs" c="dimmed">
        {sms && said && said.parts > 0 && t("line.parts", { count: said.parts, n: format.number(said.parts), left: format.number(said.left ?? 0) })}
        {sms && said && said.encoding === "UCS2" && <> · {said.because.length > 0 ? t("line.unicode.because", { what: said.because.join(" ") }) : t("line.unicode")}</>}
        {sms && said && said.price_micros > 0 && <> · {t("line.price", { price: format.number(said.price_micros / 1_000_000) })}</>}
        {!sms && full.line.window_until && full.line.open && t("line.until", { when: format.dateTime(full.line.window_until) })}
      </Text>
      {refused && <Group gap={4} wrap="nowrap"><CircleAlert aria-hidden size={13} color="var(--mantine-color-error)" /><Text size="xs" c="red" dir="auto">{refused.detail}</Text></Group>}
    </Group>
  );
}

type Send_ = (sending: Omit<Sending, "client_id" | "at" | "failed">) => void;

/** Where free words may not leave any more: why, and on WhatsApp the approved texts that may. */
export function WindowClosed({ full, send }: { full: Full; send: Send_ }) {
  const { t } = useTranslation("app_inbox");
  const [choosing, setChoosing] = useState(false);
  const templates = full.channel === "whatsapp";
  return (
    <Box p="sm" style={{ borderTop: "1px solid var(--mantine-color-default-border)" }}>
      <Alert color="amber" title={t("line.closed")} icon={<CircleAlert aria-hidden />}>
        <Text size="sm">{t(templates ? "line.closed.whatsapp" : "line.closed.other")}</Text>
        {templates && !choosing && <Button mt="xs" size="compact-md" variant="light" leftSection={<LayoutTemplate aria-hidden size={16} />} onClick={() => setChoosing(true)}>{t("line.template")}</Button>}
        {templates && choosing && <Templates account={full.line?.account ?? ""} send={(sending) => { send(sending); setChoosing(false); }} />}
      </Alert>
    </Box>
  );
}

const PLACE = /\{\{(\d+)\}\}/g;

function Templates({ account, send }: { account: string; send: Send_ }) {
  const { t } = useTranslation("app_inbox");
  const query = api.useQuery("get", "/v1/channels/{id}/templates", { params: { path: { id: account } } });
  const [chosen, choose] = useState("");
  const [values, setValues] = useState<Record<number, string>>({});
  if (!query.data) return query.error ? <Failed error={query.error} again={() => void query.refetch()} /> : <Waiting lines={2} />;
  const { items } = query.data;
  const template = items.find((one) => `${one.name}/${one.language}` === chosen);
  const parameters = Array.from({ length: template?.parameters ?? 0 }, (_, at) => (values[at] ?? "").trim());
  const text = (template?.body ?? "").replace(PLACE, (whole, n: string) => parameters[Number(n) - 1] || whole);
  return (
    <Stack gap="xs" mt="xs">
      <Select size="sm" label={t("line.template")} data={items.map((one) => ({ value: `${one.name}/${one.language}`, label: `${one.name} · ${one.language}` }))} value={chosen || null} onChange={(value) => { choose(value ?? ""); setValues({}); }} searchable nothingFoundMessage={t("line.template.none")} />
      {parameters.map((_, at) => <TextInput key={at} size="sm" label={t("line.template.value", { n: at + 1 })} dir="auto" value={values[at] ?? ""} onChange={(event) => { const { value } = event.currentTarget; setValues((now) => ({ ...now, [at]: value })); }} />)}
      {template && <Text size="sm" dir="auto" style={{ whiteSpace: "pre-wrap", unicodeBidi: "plaintext" }}>{text}</Text>}
      <Group><Button size="compact-md" disabled={!template || parameters.some((one) => !one)} onClick={() => template && send({ kind: "template", text, template: { name: template.name, language: template.language, parameters } })}>{t("send")}</Button></Group>
    </Stack>
  );
}
