import { Group, NumberInput, Select, SimpleGrid, Text, TextInput, Textarea } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { LANGUAGES } from "@/i18n";
import { latinDigits } from "@/i18n/format";
import type { Definition, Language, Texts } from "../shapes";
import type { Work } from "./useWork";

export const SIDES: readonly Language[] = ["en", "ar"];

const UNITS = [["days", 1440], ["hours", 60], ["minutes", 1]] as const;
type Unit = (typeof UNITS)[number][0];
const unitOf = (minutes: number): Unit => (minutes === 0 ? "minutes" : (UNITS.find(([, size]) => minutes % size === 0)?.[0] ?? "minutes"));
const sizeOf = (unit: Unit) => UNITS.find(([name]) => name === unit)?.[1] ?? 1;

interface LengthProps {
  label: string;
  note?: string;
  value: number;
  onChange: (minutes: number) => void;
  error?: ReactNode;
  min?: number;
}

/** A length of time in the unit that fits it. */
export function LengthInput({ label, note, value, onChange, error, min = 0 }: LengthProps) {
  const { t } = useTranslation("app_bookings");
  const [chosen, setChosen] = useState<Unit>(unitOf(value));
  const unit = value % sizeOf(chosen) === 0 ? chosen : unitOf(value);
  return (
    <Group gap={6} align="flex-end" wrap="nowrap">
      <NumberInput style={{ flex: 1 }} label={label} description={note} value={value / sizeOf(unit)} min={min} allowDecimal={false} hideControls dir="ltr" error={error}
        onChange={(typed) => onChange(Math.max(min, Math.round(Number(latinDigits(String(typed || 0))) * sizeOf(unit))))} />
      <Select w={108} aria-label={t("unit.of", { what: label })} allowDeselect={false} value={unit} data={UNITS.map(([name]) => ({ value: name, label: t(`unit.${name}`) }))}
        onChange={(next) => { if (next) { setChosen(next as Unit); onChange((value / sizeOf(unit)) * sizeOf(next as Unit)); } }} />
    </Group>
  );
}

/** A number that may be left out. */
export function CountInput({ label, note, value, onChange, error, min = 1, max }: { label: string; note?: string; value: number | null; onChange: (value: number | null) => void; error?: ReactNode; min?: number; max?: number }) {
  return (
    <TextInput label={label} description={note} inputMode="numeric" dir="ltr" value={value === null ? "" : String(value)} error={error}
      onChange={(event) => {
        const digits = latinDigits(event.currentTarget.value).replace(/\D/g, "");
        onChange(digits === "" ? null : Math.min(max ?? Number.MAX_SAFE_INTEGER, Math.max(min, Number(digits))));
      }} />
  );
}

/** The same text in both languages, side by side where there is room. */
export function Pair({ children }: { children: ReactNode }) {
  return <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="xs">{children}</SimpleGrid>;
}

/** A text of the event type in both languages. */
export function BothLanguages({ work, name, label, note, long, required }: { work: Work; name: keyof Texts; label: string; note?: string; long?: boolean; required?: boolean }) {
  const { t } = useTranslation("app_bookings");
  const { definition } = work.draft;
  return (
    <div>
      {note && <Text size="sm" c="dimmed" mb={4}>{note}</Text>}
      <Pair>
        {SIDES.map((side) => {
          const shared = {
            lang: side, dir: side === "ar" ? "rtl" : "ltr", required, label: t("in_language", { what: label, language: LANGUAGES[side] }), value: definition[side][name], error: work.wrong(`${side}.${name}`),
            onChange: (event: { currentTarget: { value: string } }) => work.define({ [side]: { ...definition[side], [name]: event.currentTarget.value } } as Partial<Definition>),
          } as const;
          return long ? <Textarea key={side} autosize minRows={3} maxRows={12} {...shared} /> : <TextInput key={side} {...shared} />;
        })}
      </Pair>
    </div>
  );
}
