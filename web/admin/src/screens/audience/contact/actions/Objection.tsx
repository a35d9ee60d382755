import { Button, Group, Radio, Stack, Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { fetchClient, stale } from "@/api/client";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { told } from "@/ui/notify";
import { Dialogue } from "./Dialogue";

const KINDS = ["objection", "restriction"] as const;

/** Writes down what a person told a member, an objection or a wish for restriction, and does it at once. */
export function Objection({ id, close }: { id: string; close: () => void }) {
  const { t } = useTranslation("app_contact");
  const form = useServerForm({
    initialValues: { type: "objection", evidence: "", text: "" },
    validate: { evidence: (evidence) => (evidence.trim().length < 3 ? t("object.evidence_needed") : null) },
  });
  const send = form.send(async ({ type, evidence, text }) => {
    const { error } = await fetchClient.POST("/v1/privacy/requests", { body: { type, subject: id, evidence, text, fulfil: true } });
    if (error) throw error;
    await stale("/v1/contacts", "/v1/privacy/requests");
    told(t("object.done"));
    close();
  });
  return (
    <Dialogue title={t("object")} close={close}>
      <form noValidate onSubmit={send}>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <Radio.Group label={t("object.what")} {...form.getInputProps("type")}>
            <Stack gap="xs" mt="xs">{KINDS.map((kind) => <Radio key={kind} value={kind} label={t(`object.${kind}`)} description={t(`object.${kind}_help`)} />)}</Stack>
          </Radio.Group>
          <Textarea dir="auto" required autosize minRows={2} label={t("object.evidence")} description={t("object.evidence_help")} {...form.getInputProps("evidence")} />
          <Textarea dir="auto" autosize minRows={2} label={t("object.text")} {...form.getInputProps("text")} />
          <Group justify="flex-end"><Button type="submit" loading={form.busy}>{t("object.go")}</Button></Group>
        </Stack>
      </form>
    </Dialogue>
  );
}
