import { Box, Button, Stack, Text, ThemeIcon } from "@mantine/core";
import { FileUp } from "lucide-react";
import { useId, useRef, useState, type DragEvent } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  take: (file: File) => void;
  busy?: boolean;
  /** What was wrong with the last file. */
  error?: string;
}

/** Takes one file, dropped or chosen. The button is the way for the keyboard; the box around it for the mouse. */
export function DropArea({ take, busy = false, error }: Props) {
  const { t } = useTranslation("app_import");
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const about = useId();
  const dropped = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file) take(file);
  };
  return (
    <Box onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={dropped} py={40} px="md"
      style={{ border: `2px dashed ${over ? "var(--mantine-primary-color-filled)" : "var(--mantine-color-default-border)"}`, borderRadius: 12, background: over ? "var(--barid-teal-tint)" : "var(--mantine-color-body)", transition: "background 120ms" }}>
      <Stack align="center" gap="sm" ta="center">
        <ThemeIcon size={52}><FileUp aria-hidden size={24} /></ThemeIcon>
        <Text fw={600}>{t("drop")}</Text>
        <Text size="sm" c="dimmed" id={about} maw={480}>{t("drop.about")}</Text>
        <Button loading={busy} onClick={() => input.current?.click()} aria-describedby={about}>{t("drop.choose")}</Button>
        {error && <Text size="sm" c="red" role="alert">{error}</Text>}
        <input ref={input} type="file" hidden accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain" aria-label={t("drop.choose")}
          onChange={(event) => { const file = event.currentTarget.files?.[0]; event.currentTarget.value = ""; if (file) take(file); }} />
      </Stack>
    </Box>
  );
}
