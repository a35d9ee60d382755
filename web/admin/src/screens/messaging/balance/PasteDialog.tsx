import { Alert, Button, Code, FileButton, Group, List, Modal, Stack, Text, Textarea } from "@mantine/core";
import { FileUp } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { Failed } from "@/ui/Failed";
import { told } from "@/ui/notify";
import { savePrices } from "../server";
import { useTexts } from "../useTexts";
import { readPrices } from "./prices";

const MOST = 20_000;
const SHOWN = 8;
const EXAMPLE = "service,country,network,sender,amount\nsms,SA,,,0.085\nsms,JO,41601,name,0.15";

/** Takes a whole price list out of a spreadsheet. Nothing is added while a line is wrong. */
export function PasteDialog({ currency, close }: { currency: string; close: () => void }) {
  const { t } = useTranslation(["app_messaging", "app_shell"]);
  const format = useFormat();
  const texts = useTexts();
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<unknown>(null);
  const { lines, wrong } = useMemo(() => readPrices(text), [text]);
  const tooMany = lines.length > MOST;
  const add = async () => {
    setBusy(true);
    setTrouble(null);
    try {
      await savePrices(lines);
      told(t("paste.done", { count: lines.length, n: format.number(lines.length) }));
      close();
    } catch (error) {
      setTrouble(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={close} size="xl" title={<Text fw={600}>{t("price.paste")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <Stack>
        {trouble !== null && <Failed error={trouble} />}
        <Text size="sm">{t("paste.about", { currency })}</Text>
        <Code block dir="ltr">{EXAMPLE}</Code>
        <Textarea data-autofocus dir="ltr" autosize minRows={8} maxRows={16} label={t("paste.list")} value={text} onChange={(event) => setText(event.currentTarget.value)} styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }} />
        <Group><FileButton accept=".csv,.tsv,.txt,text/csv" onChange={(file) => void file?.text().then(setText)}>{(props) => <Button {...props} variant="default" size="xs" leftSection={<FileUp aria-hidden size={14} />}>{t("paste.file")}</Button>}</FileButton></Group>
        <Stack gap="xs" aria-live="polite">
          {lines.length > 0 && <Text size="sm">{t("paste.read", { count: lines.length, n: format.number(lines.length) })}</Text>}
          {tooMany && <Alert color="red">{t("paste.many", { n: format.number(MOST) })}</Alert>}
          {wrong.length > 0 && (
            <Alert color="red" title={t("paste.wrong", { count: wrong.length, n: format.number(wrong.length) })}>
              <List size="sm">{wrong.slice(0, SHOWN).map(({ line, column }) => <List.Item key={line}>{t("paste.line", { n: format.number(line), why: texts("paste.why", column) })}</List.Item>)}</List>
              {wrong.length > SHOWN && <Text size="sm">{t("paste.more", { count: wrong.length - SHOWN, n: format.number(wrong.length - SHOWN) })}</Text>}
            </Alert>
          )}
        </Stack>
        <Group justify="flex-end"><Button variant="default" onClick={close}>{t("app_shell:cancel")}</Button><Button loading={busy} disabled={lines.length === 0 || wrong.length > 0 || tooMany} onClick={() => void add()}>{t("paste.add")}</Button></Group>
      </Stack>
    </Modal>
  );
}
