import { Button, Group, Stack, TagsInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/session";
import { Failed } from "@/ui/Failed";
import { Loaded } from "@/ui/Loaded";
import { told } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { plainNumber } from "../../numbers/list";
import { useSomeNumbers } from "../../numbers/server";
import { saveFlowNumbers, useFlowNumbers, useTrunks } from "../server";

/** Whose calls the flow answers. A number has one flow: naming it here takes it from another. */
export function Answered({ id }: { id: string }) {
  const { t } = useTranslation("app_calls");
  const numbers = useFlowNumbers(id);
  return <Section title={t("answered")} about={t("answered.about")}><Loaded query={numbers} lines={2}>{(known) => <Form key={known.numbers.join()} id={id} known={known.numbers} />}</Loaded></Section>;
}

function Form({ id, known }: { id: string; known: string[] }) {
  const { t } = useTranslation(["app_calls", "app_shell"]);
  const may = useMay();
  const writes = may("calls:write");
  const own = useSomeNumbers(may("routes:read"));
  const trunks = useTrunks(may("routes:read"));
  const [numbers, setNumbers] = useState(known);
  const [trouble, setTrouble] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const choices = [...new Set([...(own.data?.items ?? []).filter(({ capabilities }) => capabilities.includes("voice")).map(({ number }) => number), ...(trunks.data?.items ?? []).flatMap(({ rules }) => rules.caller_ids ?? [])])];
  const save = async () => {
    setBusy(true);
    setTrouble(null);
    try {
      await saveFlowNumbers(id, numbers.map(plainNumber));
      told(t("app_shell:saved"));
    } catch (error) {
      setTrouble(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Stack>
      {trouble !== null && <Failed error={trouble} />}
      <TagsInput dir="ltr" readOnly={!writes} label={t("answered.numbers")} description={t("answered.numbers.note")} data={choices} splitChars={[",", "،"]} acceptValueOnBlur value={numbers} onChange={setNumbers} />
      {writes && <Group justify="flex-end"><Button variant="default" loading={busy} disabled={numbers.join() === known.join()} onClick={() => void save()}>{t("answered.save")}</Button></Group>}
    </Stack>
  );
}
