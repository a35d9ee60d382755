import { Box, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { useDebouncedValue, useElementSize } from "@mantine/hooks";
import { Monitor, Moon, Smartphone, Sun } from "lucide-react";
import { useMemo, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { isLanguage, LANGUAGES, type Language } from "@/i18n";
import { Waiting } from "@/ui/Waiting";
import type { WidgetDraft } from "../shapes";
import { page, type Shown } from "./page";
import { useChatWords } from "./words";

const REST = 400;
const DEVICES = { phone: { width: 375, height: 640 }, desktop: { width: 520, height: 700 } } as const;
type Device = keyof typeof DEVICES;
const SHOWS = ["talk", "pre_chat", "offline", "closed"] as const;

/** The chat as visitors will see it, in a frame whose origin is nobody's and which sends nothing. */
export function Preview({ draft }: { draft: WidgetDraft }) {
  const { t, i18n } = useTranslation("app_chat");
  const [language, setLanguage] = useState<Language>(isLanguage(i18n.language) ? i18n.language : "en");
  const [device, setDevice] = useState<Device>("desktop");
  const [dark, setDark] = useState(false);
  const [show, setShow] = useState<Shown>("talk");
  const words = useChatWords(language);
  const [rested] = useDebouncedValue(draft, REST);
  const scheme = draft.theme.dark === "auto" ? (dark ? "dark" : "light") : draft.theme.dark;
  const html = useMemo(() => words && page(rested, { language, words, scheme, show, sample: t(language === "ar" ? "preview.sample.ar" : "preview.sample.en"), reply: t(language === "ar" ? "preview.reply.ar" : "preview.reply.en") }), [rested, language, words, scheme, show, t]);
  return (
    <Stack gap="sm" component="section" aria-label={t("preview")}>
      <Group gap="xs">
        <SegmentedControl size="xs" aria-label={t("preview.language")} value={language} onChange={(value) => isLanguage(value) && setLanguage(value)} data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label: <span lang={value}>{label}</span> }))} />
        <SegmentedControl size="xs" aria-label={t("preview.device")} value={device} onChange={(value) => setDevice(value === "phone" ? "phone" : "desktop")} data={[{ value: "desktop", label: <Picture icon={<Monitor aria-hidden size={16} />} name={t("preview.desktop")} /> }, { value: "phone", label: <Picture icon={<Smartphone aria-hidden size={16} />} name={t("preview.phone")} /> }]} />
        {draft.theme.dark === "auto" && <SegmentedControl size="xs" aria-label={t("preview.scheme")} value={scheme} onChange={(value) => setDark(value === "dark")} data={[{ value: "light", label: <Picture icon={<Sun aria-hidden size={16} />} name={t("preview.light")} /> }, { value: "dark", label: <Picture icon={<Moon aria-hidden size={16} />} name={t("preview.dark")} /> }]} />}
        <SegmentedControl size="xs" aria-label={t("preview.show")} value={show} onChange={(value) => setShow(value as Shown)} data={SHOWS.map((value) => ({ value, label: t(`preview.show.${value}`) }))} style={{ maxWidth: "100%", overflowX: "auto" }} />
      </Group>
      {html === null ? <Waiting lines={6} /> : <Frame html={html} device={device} dark={scheme === "dark"} title={t("preview")} />}
      <Text size="xs" c="dimmed">{t("preview.note")}</Text>
    </Stack>
  );
}

function Picture({ icon, name }: { icon: ReactNode; name: string }) {
  return <Group gap={4} wrap="nowrap" title={name}>{icon}<span style={{ position: "absolute", clipPath: "inset(50%)" }}>{name}</span></Group>;
}

function Frame({ html, device, dark, title }: { html: string; device: Device; dark: boolean; title: string }) {
  const { ref, width: room } = useElementSize();
  const { width, height } = DEVICES[device];
  const scale = room > 0 ? Math.min(1, room / width) : 1;
  return (
    <Box ref={ref} dir="ltr" style={{ overflow: "hidden", height: height * scale, borderRadius: 8, border: "1px solid var(--mantine-color-default-border)", width: Math.min(width, room || width), maxWidth: "100%", marginInline: "auto" }}>
      <iframe sandbox="allow-scripts" title={title} srcDoc={html} referrerPolicy="no-referrer" style={{ width, height, border: 0, display: "block", transform: `scale(${scale})`, transformOrigin: "0 0", colorScheme: dark ? "dark" : "light", background: dark ? "#121110" : "#ffffff" }} />
    </Box>
  );
}
