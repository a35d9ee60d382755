import { Alert, Button, Card, ColorInput, Group, SegmentedControl, SimpleGrid, Slider, Stack, Text, TextInput, Title } from "@mantine/core";
import { ImagePlus, Trash2, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { LANGUAGES } from "@/i18n";
import { useFormat } from "@/i18n/format";
import { faint, SIDES, type Theme } from "./definition";
import { EXAMPLES } from "./examples";
import { Pair } from "./Pair";
import type { Work } from "./useWork";

const COLOURS = [
  ["light", ["background", "text", "button"]],
  ["dark", ["dark_background", "dark_text", "dark_button"]],
] as const;

/** Colours, corners and a picture. */
export function LookTab({ work }: { work: Work }) {
  const { t } = useTranslation("app_forms");
  const { theme } = work.definition;
  const put = (change: Partial<Theme>) => work.define({ theme: { ...theme, ...change } });
  return (
    <Stack gap="xl">
      <Stack gap="xs">
        <Title order={2}>{t("colours")}</Title>
        <Text size="sm" c="dimmed">{t("scheme.about")}</Text>
        <SegmentedControl aria-label={t("part.scheme")} value={theme.scheme} disabled={work.readOnly} style={{ alignSelf: "flex-start" }}
          onChange={(scheme) => put({ scheme: scheme as Theme["scheme"] })} data={(["auto", "light", "dark"] as const).map((value) => ({ value, label: t(`scheme.${value}`) }))} />
        {COLOURS.map(([scheme, names]) => (theme.scheme === "auto" || theme.scheme === scheme) && <Palette key={scheme} work={work} scheme={scheme} names={names} put={put} />)}
      </Stack>
      <Corners theme={theme} put={put} off={work.readOnly} />
      <Picture work={work} put={put} />
    </Stack>
  );
}

type Put = (change: Partial<Theme>) => void;

function Palette({ work, scheme, names, put }: { work: Work; scheme: "light" | "dark"; names: (typeof COLOURS)[number][1]; put: Put }) {
  const { t } = useTranslation("app_forms");
  const format = useFormat();
  const { theme } = work.definition;
  const weak = faint(theme).filter(({ name }) => (names as readonly string[]).includes(name));
  return (
    <Card padding="md" component="section" aria-label={t(`scheme.${scheme}`)}>
      <Stack gap="sm">
        <Title order={3}>{t(`scheme.${scheme}`)}</Title>
        <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
          {names.map((name) => (
            <ColorInput key={name} label={t(`part.${name}`)} dir="ltr" format="hex" value={theme[name]} onChange={(value) => put({ [name]: value.toLowerCase() })} eyeDropperButtonProps={{ "aria-label": t("colour.pick") }}
              error={work.wrong(`theme.${name}`) !== undefined && !weak.some((one) => one.name === name) ? work.wrong(`theme.${name}`) : undefined} />
          ))}
        </SimpleGrid>
        {weak.map(({ name, ratio, least }) => (
          <Alert key={name} color="amber" icon={<TriangleAlert aria-hidden />} role="status">
            {t("colour.faint", { name: t(`part.${name}`), ratio: format.number(Math.floor(ratio * 10) / 10), least: format.number(least) })}
          </Alert>
        ))}
      </Stack>
    </Card>
  );
}

const ROUNDEST = 24;

function Corners({ theme, put, off }: { theme: Theme; put: Put; off: boolean }) {
  const { t } = useTranslation("app_forms");
  const format = useFormat();
  return (
    <Stack gap={6}>
      <Title order={2}>{t("corners")}</Title>
      <Text size="sm" c="dimmed">{t("corners.about", { count: theme.radius, n: format.number(theme.radius) })}</Text>
      <Slider maw={320} min={0} max={ROUNDEST} value={theme.radius} disabled={off} onChange={(radius) => put({ radius })} label={format.number} thumbLabel={t("part.radius")} />
    </Stack>
  );
}

function Picture({ work, put }: { work: Work; put: Put }) {
  const { t } = useTranslation("app_forms");
  const { image } = work.definition.theme;
  return (
    <Stack gap="sm" align="stretch">
      <Title order={2}>{t("part.image")}</Title>
      <Text size="sm" c="dimmed">{t("image.about")}</Text>
      {!image && !work.readOnly && <Group><Button variant="default" size="xs" leftSection={<ImagePlus aria-hidden size={14} />} onClick={() => put({ image: { url: "", alt_en: "", alt_ar: "" } })}>{t("image.add")}</Button></Group>}
      {image && (
        <>
          <TextInput dir="ltr" label={t("image.url")} placeholder={EXAMPLES.picture} value={image.url} onChange={(event) => put({ image: { ...image, url: event.currentTarget.value } })} error={work.wrong("theme.image.url")} />
          <Pair>
            {SIDES.map((side) => (
              <TextInput key={side} lang={side} dir={side === "ar" ? "rtl" : "ltr"} maxLength={300} label={t("in_language", { what: t("image.alt"), language: LANGUAGES[side] })} value={image[`alt_${side}`]}
                onChange={(event) => put({ image: { ...image, [`alt_${side}`]: event.currentTarget.value } })} error={work.wrong(`theme.image.alt_${side}`)} />
            ))}
          </Pair>
          {!work.readOnly && <Group><Button variant="subtle" color="gray" size="xs" leftSection={<Trash2 aria-hidden size={14} />} onClick={() => put({ image: null })}>{t("image.remove")}</Button></Group>}
        </>
      )}
    </Stack>
  );
}
