import { Alert, Button, Code, FileButton, Group, List, Modal, Stack, Switch, Text, Textarea } from "@mantine/core";
import { FileUp } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { Failed } from "@/ui/Failed";
import { told } from "@/ui/notify";
import { Ltr } from "@/ui/text";
import { readNumbers } from "./list";
import { importNumbers } from "./server";

const MOST = 2000;
const SHOWN = 8;
const EXAMPLE = "number,capabilities,route,tags\n+966112345678,sms voice,Main,shop\n+962790000000,sms,,";

interface Outcome {
  added: number;
  unchanged: number;
  refused: Array<{ line: number; number: string; detail: string }>;
}

/** Takes many numbers out of a spreadsheet. What cannot be read is named before; what the server refuses afterwards. */
export function ImportDialog({ close }: { close: () => void }) {
  const { t } = useTranslation(["app_numbers", "app_shell"]);
  const format = useFormat();
  const [text, setText] = useState("");
  const [sends, setSends] = useState(false);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<unknown>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const { items, wrong } = useMemo(() => readNumbers(text, sends), [text, sends]);
  const tooMany = items.length > MOST;
  const add = async () => {
    setBusy(true);
    setTrouble(null);
    try {
      const { added, unchanged, refused } = await importNumbers(items.map(({ item }) => item));
      if (refused.length === 0) {
        told(t("import.done", { count: added.length, n: format.number(added.length) }));
        close();
        return;
      }
      setOutcome({ added: added.length, unchanged, refused: refused.map(({ place, detail }) => ({ line: items[place]?.line ?? 0, number: items[place]?.item.number ?? "", detail })) });
    } catch (error) {
      setTrouble(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={close} size="xl" title={<Text fw={600}>{t("import")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      {outcome ? <Came outcome={outcome} close={close} /> : (
        <Stack>
          {trouble !== null && <Failed error={trouble} />}
          <Text size="sm">{t("import.about")}</Text>
          <Code block dir="ltr">{EXAMPLE}</Code>
          <Textarea data-autofocus dir="ltr" autosize minRows={8} maxRows={16} label={t("import.list")} value={text} onChange={(event) => setText(event.currentTarget.value)} styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }} />
          <Group><FileButton accept=".csv,.tsv,.txt,text/csv" onChange={(file) => void file?.text().then(setText)}>{(props) => <Button {...props} variant="default" size="xs" leftSection={<FileUp aria-hidden size={14} />}>{t("import.file")}</Button>}</FileButton></Group>
          <Switch label={t("originator")} description={t("originator.note")} checked={sends} onChange={(event) => setSends(event.currentTarget.checked)} />
          <Stack gap="xs" aria-live="polite">
            {items.length > 0 && <Text size="sm">{t("import.read", { count: items.length, n: format.number(items.length) })}</Text>}
            {tooMany && <Alert color="red">{t("import.many", { n: format.number(MOST) })}</Alert>}
            {wrong.length > 0 && (
              <Alert color="red" title={t("import.wrong", { count: wrong.length, n: format.number(wrong.length) })}>
                <List size="sm">{wrong.slice(0, SHOWN).map(({ line, column }) => <List.Item key={line}>{t("import.line", { n: format.number(line), why: t(`import.why.${column}`) })}</List.Item>)}</List>
                {wrong.length > SHOWN && <Text size="sm">{t("import.more", { count: wrong.length - SHOWN, n: format.number(wrong.length - SHOWN) })}</Text>}
              </Alert>
            )}
          </Stack>
          <Group justify="flex-end"><Button variant="default" onClick={close}>{t("app_shell:cancel")}</Button><Button loading={busy} disabled={items.length === 0 || wrong.length > 0 || tooMany} onClick={() => void add()}>{t("import.add")}</Button></Group>
        </Stack>
      )}
    </Modal>
  );
}

function Came({ outcome: { added, unchanged, refused }, close }: { outcome: Outcome; close: () => void }) {
  const { t } = useTranslation(["app_numbers", "app_shell"]);
  const format = useFormat();
  return (
    <Stack>
      <Text>{t("import.done", { count: added, n: format.number(added) })}</Text>
      {unchanged > 0 && <Text size="sm" c="dimmed">{t("import.unchanged", { count: unchanged, n: format.number(unchanged) })}</Text>}
      <Alert color="amber" title={t("import.refused", { count: refused.length, n: format.number(refused.length) })}>
        <List size="sm">{refused.map(({ line, number, detail }) => <List.Item key={line}><Ltr>{number}</Ltr>: <bdi>{detail}</bdi></List.Item>)}</List>
      </Alert>
      <Group justify="flex-end"><Button data-autofocus onClick={close}>{t("app_shell:close")}</Button></Group>
    </Stack>
  );
}
