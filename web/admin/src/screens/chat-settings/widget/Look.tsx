import { Alert, ColorInput, NumberInput, SegmentedControl, SimpleGrid, Slider, Stack, Switch, Text, TextInput, Title } from "@mantine/core";
import { TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { contrast } from "@/theme/palette";
import { BOTH_ENDS_OFF, FEATURES, type Theme } from "../shapes";
import type { Work } from "./WidgetPage";

const READABLE = 4.5;
const HEX = /^#[0-9a-f]{6}$/i;

/** Colours, place, launcher, and what visitors can do. */
export function Look({ work: { draft, put, wrong } }: { work: Work }) {
  const { t } = useTranslation("app_chat");
  const format = useFormat();
  const { theme, features } = draft;
  const set = (change: Partial<Theme>) => put({ theme: { ...theme, ...change } });
  const ratio = HEX.test(theme.colour) && HEX.test(theme.text_colour) ? contrast(theme.colour, theme.text_colour) : READABLE;
  const choice = <Name extends "position" | "launcher" | "dark">(name: Name, values: readonly Theme[Name][]) => (
    <Stack gap={4}><Text size="sm" fw={500}>{t(`look.${name}`)}</Text><SegmentedControl aria-label={t(`look.${name}`)} value={theme[name]} onChange={(value) => set({ [name]: value } as Partial<Theme>)} data={values.map((value) => ({ value, label: t(`look.${name}.${value}` as "look.position.end") }))} style={{ alignSelf: "flex-start" }} /></Stack>
  );
  return (
    <Stack gap="md">
      <TextInput label={t("name")} description={t("widgets.name.about")} dir="auto" maxLength={200} value={draft.name} onChange={(event) => put({ name: event.currentTarget.value })} error={wrong("name")} />
      <Switch label={t("in_use")} checked={draft.enabled} onChange={(event) => put({ enabled: event.currentTarget.checked })} />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <ColorInput label={t("look.colour")} dir="ltr" format="hex" value={theme.colour} onChange={(value) => set({ colour: value.toLowerCase() })} eyeDropperButtonProps={{ "aria-label": t("look.pick") }} error={wrong("theme.colour")} />
        <ColorInput label={t("look.text_colour")} dir="ltr" format="hex" value={theme.text_colour} onChange={(value) => set({ text_colour: value.toLowerCase() })} eyeDropperButtonProps={{ "aria-label": t("look.pick") }} error={wrong("theme.text_colour")} />
      </SimpleGrid>
      {ratio < READABLE && <Alert color="amber" icon={<TriangleAlert aria-hidden />} role="status">{t("look.faint", { ratio: format.number(Math.floor(ratio * 10) / 10), least: format.number(READABLE) })}</Alert>}
      {choice("dark", ["auto", "light", "dark"])}
      {choice("position", ["end", "start"])}
      {choice("launcher", ["bubble", "bar", "none"])}
      <Stack gap={4}><Text size="sm" fw={500}>{t("look.radius")}</Text><Slider maw={320} min={0} max={32} value={theme.radius} onChange={(radius) => set({ radius })} label={format.number} thumbLabel={t("look.radius")} /></Stack>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <NumberInput label={t("look.offset.x")} min={0} max={400} value={theme.offset.x} onChange={(x) => set({ offset: { ...theme.offset, x: Number(x) || 0 } })} />
        <NumberInput label={t("look.offset.y")} min={0} max={400} value={theme.offset.y} onChange={(y) => set({ offset: { ...theme.offset, y: Number(y) || 0 } })} />
      </SimpleGrid>
      <TextInput label={t("look.logo")} description={t("look.logo.about")} dir="ltr" value={theme.logo_url ?? ""} onChange={(event) => set({ logo_url: event.currentTarget.value.trim() || null })} error={wrong("theme.logo_url")} />
      <Title order={3}>{t("features")}</Title>
      {FEATURES.map((name) => <Switch key={name} label={t(`features.${name}`)} description={t(`features.${name}.about`)} checked={features[name]} disabled={draft.encryption === "end_to_end" && name in BOTH_ENDS_OFF} onChange={(event) => put({ features: { ...features, [name]: event.currentTarget.checked } })} />)}
      {features.files && <NumberInput label={t("files.max")} suffix=" MB" min={1} max={25} maw={240} value={Math.round(draft.files.max_bytes / 1_048_576)} onChange={(value) => put({ files: { ...draft.files, max_bytes: (Number(value) || 1) * 1_048_576 } })} error={wrong("files.max_bytes")} />}
    </Stack>
  );
}
