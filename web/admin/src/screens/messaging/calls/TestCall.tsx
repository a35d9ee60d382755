import { Button, Group, Modal, Select, SimpleGrid, Stack, Switch, Text, TextInput } from "@mantine/core";
import { PhoneOutgoing } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { to as placeOf } from "@/app/place";
import { useMay } from "@/app/session";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { useWord } from "@/ui/words";
import { plainNumber } from "../numbers/list";
import { variablesOf, type Draft } from "./flows/flow";
import { useCalling, useTrunks, type Definition } from "./server";

const BASES = ["contract", "subject_request", "legal_obligation"] as const;

interface TestCallProps {
  /** The flow as it stands in the editor, or the id of one that is kept. */
  flow?: Definition;
  flow_id?: string;
  draft: Draft;
  close: () => void;
}

/** Calls somebody with a flow, for real or as a trial that rings nowhere. */
export function TestCall({ flow, flow_id, draft, close }: TestCallProps) {
  const { t } = useTranslation(["app_calls", "app_shell"]);
  const navigate = useNavigate();
  const word = useWord();
  const call = useCalling();
  const { data } = useTrunks(useMay()("routes:read"));
  const shown = [...new Set((data?.items ?? []).flatMap(({ rules }) => rules.caller_ids ?? []))];
  const names = variablesOf(draft);
  const form = useServerForm({ initialValues: { to: "", from: "", basis: "contract", trial: true, variables: Object.fromEntries(names.map((name) => [name, ""])) } });
  const submit = form.send(async ({ to, from, basis, trial, variables }) => {
    const { id } = await call({ to: plainNumber(to), from: from || null, basis, trial, purpose: "service", variables, ...(flow ? { flow } : { flow_id }) });
    close();
    void navigate(placeOf(`/messaging/calls/${id}`));
  });
  const { values } = form;
  return (
    <Modal opened onClose={close} size="lg" title={<Text fw={600}>{t("test")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          <Switch label={t("test.trial")} description={t("test.trial.note")} {...form.getInputProps("trial", { type: "checkbox" })} />
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput data-autofocus required type="tel" dir="ltr" label={t("test.to")} description={t("test.to.note")} {...form.getInputProps("to")} />
            <Select allowDeselect={false} label={t("field.from")} description={t("test.from.note")} data={[{ value: "", label: t("field.from.first") }, ...shown]} {...form.getInputProps("from")} />
          </SimpleGrid>
          <Select allowDeselect={false} label={t("test.basis")} description={t("test.basis.note")} data={BASES.map((value) => ({ value, label: word("basis", value) }))} {...form.getInputProps("basis")} />
          {names.length > 0 && (
            <Stack gap="xs" role="group" aria-label={t("test.variables")}>
              <Text size="sm" fw={500}>{t("test.variables")}</Text>
              <SimpleGrid cols={{ base: 1, sm: 2 }}>{names.map((name) => <TextInput key={name} dir="auto" label={<bdi dir="ltr">{name}</bdi>} value={values.variables[name] ?? ""} onChange={(event) => form.setFieldValue("variables", { ...values.variables, [name]: event.currentTarget.value })} />)}</SimpleGrid>
            </Stack>
          )}
          <Group justify="flex-end"><Button variant="default" onClick={close}>{t("app_shell:cancel")}</Button><Button type="submit" loading={form.busy} disabled={values.to.trim() === ""} leftSection={<PhoneOutgoing aria-hidden size={16} />}>{t(values.trial ? "test.try" : "test.call")}</Button></Group>
          <Text size="xs" c="dimmed">{t("test.gate")}</Text>
        </Stack>
      </form>
    </Modal>
  );
}
