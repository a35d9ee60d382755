import { ActionIcon, Button, ColorInput, Group, NumberInput, SegmentedControl, Stack, Text, TextInput, VisuallyHidden } from "@mantine/core";
import { AlignCenter, ArrowLeftToLine, ArrowRightToLine, Plus, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { DirIcon } from "@/ui/text";
import type { Align } from "../document";
import { asLink, isLink } from "../richtext";

export const SWATCHES = ["#0b6e63", "#157e70", "#1b1917", "#5d5850", "#c48712", "#a02a20", "#ffffff", "#f2f4f3"];

const SCHEME = "https://";

/** A colour, or the theme's own. */
export function Colour({ label, value, change, required = false }: { label: string; value: string | undefined; change: (value: string | undefined) => void; required?: boolean }) {
  const { t } = useTranslation("app_content");
  const set = (text: string) => {
    if (/^#[0-9a-f]{6}$/i.test(text)) change(text.toLowerCase());
    else if (text === "" && !required) change(undefined);
  };
  return <ColorInput size="xs" maw={200} label={label} value={value ?? ""} placeholder={required ? undefined : t("colour.theme")} format="hex" swatches={SWATCHES} swatchesPerRow={8} onChange={set} eyeDropperButtonProps={{ "aria-label": t("colour.pick") }} styles={{ input: { direction: "ltr" } }} />;
}

export function Alignment({ value, change }: { value: Align; change: (value: Align) => void }) {
  const { t } = useTranslation("app_content");
  const icon = (name: string, glyph: ReactNode) => <>{glyph}<VisuallyHidden>{name}</VisuallyHidden></>;
  return (
    <Stack gap={2}>
      <Text size="xs" fw={500}>{t("align")}</Text>
      <SegmentedControl size="xs" aria-label={t("align")} value={value} onChange={(next) => change(next as Align)} data={[
        { value: "start", label: icon(t("align.start"), <DirIcon icon={ArrowLeftToLine} size={14} />) },
        { value: "center", label: icon(t("align.center"), <AlignCenter aria-hidden size={14} />) },
        { value: "end", label: icon(t("align.end"), <DirIcon icon={ArrowRightToLine} size={14} />) },
      ]} />
    </Stack>
  );
}

/** An address of the web; completed when one leaves the box. */
export function Url({ label, value, change, required = false }: { label: string; value: string; change: (value: string) => void; required?: boolean }) {
  const { t } = useTranslation("app_content");
  const wrong = value !== "" && !isLink(value);
  const missing = required && value === "";
  return (
    <TextInput size="xs" dir="ltr" label={label} value={value} placeholder={SCHEME} spellCheck={false} error={wrong ? t("url.wrong") : undefined} description={missing ? t("url.missing") : undefined}
      styles={{ label: { direction: "inherit" } }} onChange={({ currentTarget }) => change(currentTarget.value)} onBlur={() => { const url = asLink(value); if (url !== value) change(url); }} />
  );
}

export function Words({ label, value, change, about, lang }: { label: string; value: string | undefined; change: (value: string) => void; about?: string; lang?: string }) {
  return <TextInput size="xs" dir="auto" lang={lang} label={label} description={about} value={value ?? ""} onChange={({ currentTarget }) => change(currentTarget.value)} />;
}

export function Amount({ label, value, change, min, max }: { label: string; value: number | undefined; change: (value: number | undefined) => void; min: number; max: number }) {
  return <NumberInput size="xs" w={120} label={label} value={value ?? ""} min={min} max={max} clampBehavior="blur" allowDecimal={false} hideControls onChange={(next) => change(typeof next === "number" ? next : undefined)} />;
}

/** A list of like things inside a block. */
export function Items<T>({ items, change, add, label, most, children }: { items: readonly T[]; change: (items: T[]) => void; add: () => T; label: string; most: number; children: (item: T, change: (item: T) => void) => ReactNode }) {
  const { t } = useTranslation("app_content");
  return (
    <Stack gap="xs" role="list" aria-label={label}>
      {items.map((item, at) => (
        <Group key={at} role="listitem" gap="xs" align="flex-end" wrap="nowrap" p="xs" style={{ border: "1px solid var(--mantine-color-default-border)", borderRadius: 8 }}>
          <Stack gap={6} style={{ flex: 1, minWidth: 0 }}>{children(item, (next) => change(items.map((one, place) => (place === at ? next : one))))}</Stack>
          <ActionIcon color="red" aria-label={t("item.remove")} onClick={() => change(items.filter((_, place) => place !== at))}><Trash2 aria-hidden size={16} /></ActionIcon>
        </Group>
      ))}
      {items.length < most && <Group><Button size="xs" variant="default" leftSection={<Plus aria-hidden size={14} />} onClick={() => change([...items, add()])}>{t("item.add")}</Button></Group>}
    </Stack>
  );
}
