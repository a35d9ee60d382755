import { Group, SimpleGrid, Stack, Text, Textarea } from "@mantine/core";
import { useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { isRtl } from "@/screens/content/document";
import { Bubble } from "@/screens/messaging/Bubble";
import { Counter } from "@/screens/messaging/Counter";
import { MergeTags } from "./MergeTags";
import { plainerAround, sampleOf } from "./shapes";

interface TextBoxProps {
  text: string;
  change: (text: string) => void;
  language: string;
  shorten: boolean;
  locked?: boolean;
  error?: ReactNode;
  label: string;
}

/** A text with its values, counted and shown as one of its readers gets it. */
export function TextBox({ text, change, language, shorten, locked, error, label }: TextBoxProps) {
  const { t } = useTranslation("app_messaging");
  const box = useRef<HTMLTextAreaElement>(null);
  const sample = sampleOf(text, shorten, window.location.host);
  const insert = (tag: string) => {
    const { selectionStart = text.length, selectionEnd = text.length } = box.current ?? {};
    change(text.slice(0, selectionStart) + tag + text.slice(selectionEnd));
    const at = selectionStart + tag.length;
    requestAnimationFrame(() => { box.current?.focus(); box.current?.setSelectionRange(at, at); });
  };
  return (
    <Stack gap="sm">
      <Textarea ref={box} lang={language} dir={text === "" ? (isRtl(language) ? "rtl" : "ltr") : "auto"} autosize minRows={3} maxRows={12} label={label} readOnly={locked} error={error} value={text} onChange={({ currentTarget: { value } }) => change(value)} />
      {!locked && <Group><MergeTags insert={insert} /></Group>}
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Counter text={sample} change={locked ? undefined : () => change(plainerAround(text))} />
        {sample.trim() !== "" && <Stack gap={4}><Text size="xs" c="dimmed">{t("sms.as_example")}</Text><Bubble text={sample} /></Stack>}
      </SimpleGrid>
    </Stack>
  );
}
