import { Button, Group, Radio, Stack, Text, Textarea } from "@mantine/core";
import { FileJson, FileText } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fetchClient, stale } from "@/api/client";
import { directionOf } from "@/i18n";
import { useMay } from "@/app/session";
import { Failed } from "@/ui/Failed";
import { download } from "@/ui/download";
import type { Contact } from "../../shapes";
import { Dialogue } from "./Dialogue";
import { packPage } from "./pack";

type Way = "look" | "request";

/** Everything held, to look at; nothing is written but the audit trail. */
async function held(id: string): Promise<unknown> {
  const { data, error } = await fetchClient.GET("/v1/contacts/{id}/answer", { params: { path: { id } } });
  if (error) throw error;
  return data;
}

/** Answers a request for access: the request is written down, fulfilled, and the person is told. */
async function answered(id: string, evidence: string): Promise<unknown> {
  const made = await fetchClient.POST("/v1/privacy/requests", { body: { type: "access", subject: id, evidence, fulfil: true } });
  if (made.error) throw made.error;
  const { data, error } = await fetchClient.GET("/v1/privacy/requests/{id}/pack", { params: { path: { id: made.data.id } } });
  if (error) throw error;
  await stale("/v1/privacy/requests", "/v1/contacts");
  return data;
}

export function Export({ person, close }: { person: Contact; close: () => void }) {
  const { t, i18n } = useTranslation("app_contact");
  const may = useMay();
  const [way, setWay] = useState<Way>("look");
  const [evidence, setEvidence] = useState("");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<unknown>(null);
  const [kept, setKept] = useState<{ way: Way; pack: unknown } | null>(null);
  const go = async (as: "json" | "html") => {
    setBusy(true);
    setTrouble(null);
    try {
      const pack = kept?.way === way ? kept.pack : way === "look" ? await held(person.id) : await answered(person.id, evidence);
      setKept({ way, pack });
      if (as === "json") download(`${person.id}.json`, JSON.stringify(pack, null, 2), "application/json");
      else download(`${person.id}.html`, packPage(pack, { title: t("export.title"), language: i18n.language, direction: directionOf(i18n.language) }), "text/html");
    } catch (error) {
      setTrouble(error);
    } finally {
      setBusy(false);
    }
  };
  const missing = way === "request" && kept?.way !== "request" && evidence.trim().length < 3;
  return (
    <Dialogue title={t("export.title")} close={close}>
      <Stack>
        {trouble !== null && <Failed error={trouble} />}
        <Radio.Group label={t("export.why")} value={way} onChange={(value) => setWay(value as Way)}>
          <Stack gap="xs" mt="xs">
            <Radio value="look" label={t("export.look")} description={t("export.look_help")} />
            <Radio value="request" disabled={!may("privacy:write")} label={t("export.request")} description={t("export.request_help")} />
          </Stack>
        </Radio.Group>
        {way === "request" && <Textarea dir="auto" required autosize minRows={2} label={t("export.evidence")} description={t("export.evidence_help")} value={evidence} onChange={(event) => setEvidence(event.currentTarget.value)} />}
        {kept && <Text size="sm" role="status">{t("export.done")}</Text>}
        <Group justify="flex-end">
          <Button variant="default" disabled={missing} loading={busy} leftSection={<FileText aria-hidden size={16} />} onClick={() => void go("html")}>{t("export.html")}</Button>
          <Button disabled={missing} loading={busy} leftSection={<FileJson aria-hidden size={16} />} onClick={() => void go("json")}>{t("export.json")}</Button>
        </Group>
      </Stack>
    </Dialogue>
  );
}
