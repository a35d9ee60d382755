import { Group, Select, SimpleGrid, Stack, Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Amount, Colour } from "./blocks/parts";
import { FONTS, type Colours, type Theme } from "./document";

const NAMES = ["brand", "link", "text", "surface", "bg"] as const;
const DARK: Colours = { bg: "#121619", surface: "#1c2226", text: "#e9ecee", link: "#6fd0c4", brand: "#2ba598" };

/** Colours, font and measures of the whole message. */
export function ThemeForm({ theme, change }: { theme: Theme; change: (theme: Theme, what: string) => void }) {
  const { t } = useTranslation("app_content");
  const colours = (values: Colours, put: (values: Colours) => void) => (
    <SimpleGrid cols={2} spacing="xs">
      {NAMES.map((name) => <Colour key={name} required label={t(`theme.${name}`)} value={values[name]} change={(value) => value && put({ ...values, [name]: value })} />)}
    </SimpleGrid>
  );
  return (
    <Stack gap="sm">
      {colours(theme, (values) => change({ ...theme, ...values }, "theme colours"))}
      <Group gap="sm" align="flex-end">
        <Select size="xs" w={180} label={t("theme.font")} allowDeselect={false} value={theme.font} data={FONTS.map((value) => ({ value, label: t(`font.${value}`) }))} onChange={(font) => font && change({ ...theme, font: font as Theme["font"] }, "font")} />
        <Amount label={t("radius")} value={theme.radius} min={0} max={40} change={(radius) => change({ ...theme, radius: radius ?? 0 }, "radius")} />
        <Amount label={t("theme.width")} value={theme.width} min={320} max={900} change={(width) => change({ ...theme, width: width ?? 600 }, "width")} />
      </Group>
      <Switch size="sm" label={t("theme.dark")} description={t("theme.dark.about")} checked={Boolean(theme.dark)} onChange={({ currentTarget: { checked } }) => change({ ...theme, dark: checked ? DARK : null }, "dark")} />
      {theme.dark && colours(theme.dark, (dark) => change({ ...theme, dark }, "dark colours"))}
    </Stack>
  );
}
