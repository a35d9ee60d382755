import {
  createTheme, defaultVariantColorsResolver, type CSSVariablesResolver, type VariantColorsResolver,
} from "@mantine/core";
import { AMBER, INK, NIGHT, RED, TEAL } from "./palette";

const TINTED = ["teal", "amber", "red", "gray"];

/** Tints come in tested pairs, one for each scheme; Mantine's own mix misses 4.5 : 1. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const resolved = defaultVariantColorsResolver(input);
  const color = input.color ?? input.theme.primaryColor;
  if (!TINTED.includes(color)) return resolved;
  if (input.variant === "light") {
    return {
      ...resolved,
      background: `var(--barid-${color}-tint)`,
      hover: `var(--barid-${color}-tint-hover)`,
      color: `var(--barid-${color}-on-tint)`,
    };
  }
  if (input.variant === "subtle" || input.variant === "outline" || input.variant === "transparent") {
    return { ...resolved, color: `var(--barid-${color}-text)`, hover: `var(--barid-${color}-tint)` };
  }
  return resolved;
};

export const theme = createTheme({
  primaryColor: "teal",
  primaryShade: { light: 7, dark: 7 },
  colors: { teal: TEAL, amber: AMBER, red: RED, gray: INK, dark: NIGHT },
  white: "#ffffff",
  black: INK[9],
  fontFamily: '"IBM Plex Sans Arabic", system-ui, "Segoe UI", Tahoma, Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", Menlo, monospace',
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "1.75rem", lineHeight: "1.4" },
      h2: { fontSize: "1.25rem", lineHeight: "1.5" },
      h3: { fontSize: "1.0625rem", lineHeight: "1.5" },
    },
  },
  lineHeights: { xs: "1.5", sm: "1.55", md: "1.6", lg: "1.6", xl: "1.6" },
  fontSizes: { xs: "0.8125rem", sm: "0.875rem", md: "0.9375rem", lg: "1.0625rem", xl: "1.25rem" },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  autoContrast: true,
  variantColorResolver,
  components: {
    Badge: { defaultProps: { variant: "light", tt: "none", fw: 600, miw: "max-content", radius: "xl" } },
    Button: { defaultProps: { size: "sm" }, styles: { label: { paddingBlock: 2 } } },
    Card: { defaultProps: { withBorder: true, radius: "lg", padding: "lg", shadow: "none" } },
    Paper: { defaultProps: { radius: "lg" } },
    ModalHeader: { defaultProps: { role: "presentation" } },
    DrawerHeader: { defaultProps: { role: "presentation" } },
    Modal: { defaultProps: { radius: "lg", centered: true } },
    Drawer: { defaultProps: { position: "right" } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true } },
    Menu: { defaultProps: { shadow: "md", radius: "md", withinPortal: true } },
    Table: { defaultProps: { verticalSpacing: "sm", horizontalSpacing: "md" } },
    Anchor: { defaultProps: { underline: "hover" } },
    ActionIcon: { defaultProps: { variant: "subtle", color: "gray", size: "lg" } },
    ThemeIcon: { defaultProps: { variant: "light", radius: "xl" } },
    Loader: { defaultProps: { size: "sm", type: "dots" } },
    Skeleton: { defaultProps: { radius: "md" } },
  },
});

const tint = (name: string, ground: string, hover: string, on: string, text: string) => ({
  [`--barid-${name}-tint`]: ground,
  [`--barid-${name}-tint-hover`]: hover,
  [`--barid-${name}-on-tint`]: on,
  [`--barid-${name}-text`]: text,
});

export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-body": "#ffffff",
    "--barid-ground": INK[0],
    "--mantine-color-text": INK[9],
    "--mantine-color-dimmed": INK[6],
    "--mantine-color-placeholder": INK[6],
    "--mantine-color-default-border": INK[2],
    "--mantine-color-anchor": TEAL[7],
    "--mantine-color-error": RED[7],
    ...tint("teal", TEAL[0], TEAL[1], TEAL[8], TEAL[7]),
    ...tint("amber", AMBER[0], AMBER[1], AMBER[8], AMBER[8]),
    ...tint("red", RED[0], RED[1], RED[7], RED[7]),
    ...tint("gray", INK[1], INK[2], INK[7], INK[7]),
  },
  dark: {
    "--mantine-color-body": NIGHT[7],
    "--barid-ground": NIGHT[8],
    "--mantine-color-text": NIGHT[0],
    "--mantine-color-dimmed": NIGHT[2],
    "--mantine-color-placeholder": NIGHT[2],
    "--mantine-color-default": NIGHT[6],
    "--mantine-color-default-border": NIGHT[5],
    "--mantine-color-anchor": TEAL[3],
    "--mantine-color-error": RED[3],
    ...tint("teal", "#12332e", "#18423c", TEAL[2], TEAL[3]),
    ...tint("amber", "#3a2c0c", "#4a3910", AMBER[2], AMBER[3]),
    ...tint("red", "#431d19", "#55251f", RED[2], RED[3]),
    ...tint("gray", NIGHT[6], NIGHT[5], NIGHT[0], NIGHT[1]),
  },
});
