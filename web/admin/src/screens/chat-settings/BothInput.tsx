import { SimpleGrid, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { LANGUAGES } from "@/i18n";
import type { Both } from "./shapes";

const SIDES = ["en", "ar"] as const;

interface BothProps {
  label: string;
  note?: string;
  value: Both;
  change: (value: Both) => void;
  lines?: number;
  most?: number;
  error?: string;
  required?: boolean;
}

/** One text in English and in Arabic, side by side, each in its own direction. */
export function BothInput({ label, note, value, change, lines, most = 1000, error, required }: BothProps) {
  const { t } = useTranslation("app_chat");
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
      {SIDES.map((side) => {
        const shared = {
          label: t("in_language", { what: label, language: LANGUAGES[side] }), description: note, lang: side, dir: side === "ar" ? "rtl" : "ltr", maxLength: most, value: value[side] ?? "", required, error: side === "en" ? error : undefined,
          onChange: (event: { currentTarget: { value: string } }) => change({ ...value, [side]: event.currentTarget.value }),
        };
        return lines ? <Textarea key={side} {...shared} autosize minRows={lines} maxRows={14} /> : <TextInput key={side} {...shared} />;
      })}
    </SimpleGrid>
  );
}
