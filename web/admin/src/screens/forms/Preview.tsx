import { Box, Button, Card, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { useDebouncedValue, useElementSize, useMediaQuery } from "@mantine/hooks";
import { Eye, Monitor, Moon, Smartphone, Sun } from "lucide-react";
import { useEffect, useMemo, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { isProblem } from "@/api/problem";
import { isLanguage, LANGUAGES } from "@/i18n";
import { Failed } from "@/ui/Failed";
import { Waiting } from "@/ui/Waiting";
import type { Definition, Language } from "./definition";
import { preview, type Look } from "./server";
import { problemsOf, type Work } from "./useWork";

const REST = 500;
const DEVICES = { phone: { width: 375, height: 640 }, desktop: { width: 840, height: 620 } } as const;
type Device = keyof typeof DEVICES;

/** Asks for the page anew a moment after each change; keeps the last good one while something is wrong. */
function usePage(definition: Definition, topic: string, { language, show }: Look, tell: (problems: Record<string, string>) => void) {
  const [html, setHtml] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [asked, ask] = useState(0);
  const text = useMemo(() => JSON.stringify(definition), [definition]);
  const [rested] = useDebouncedValue(text, REST);
  useEffect(() => {
    const stop = new AbortController();
    preview(JSON.parse(rested) as Definition, topic, { language, show }, stop.signal).then(
      (page) => {
        setHtml(page);
        setError(null);
        tell({});
      },
      (problem: unknown) => {
        if (stop.signal.aborted) return;
        if (isProblem(problem) && problem.status === 422) tell(problemsOf(problem));
        else setError(problem);
      },
    );
    return () => stop.abort();
    // `tell` is a setter of state and never changes.
  }, [rested, topic, language, show, asked, tell]);
  return { html, error, again: () => ask(asked + 1) };
}

/** The form as visitors will see it, in a frame whose origin is nobody's. */
export function Preview({ work }: { work: Work }) {
  const { t, i18n } = useTranslation("app_forms");
  const [language, setLanguage] = useState<Language>(isLanguage(i18n.language) ? i18n.language : "en");
  const [device, setDevice] = useState<Device>("desktop");
  const [dark, setDark] = useState(false);
  const [show, setShow] = useState<Look["show"]>("form");
  const small = useMediaQuery("(max-width: 62em)");
  const [unfolded, unfold] = useState(false);
  const { definition } = work;
  const fixed = definition.theme.scheme !== "auto";
  const seen = useMemo<Definition>(() => (fixed ? definition : { ...definition, theme: { ...definition.theme, scheme: dark ? "dark" : "light" } }), [definition, fixed, dark]);
  const { html, error, again } = usePage(seen, work.draft.topic, { language, show }, work.told);
  const scheme = fixed ? definition.theme.scheme : dark ? "dark" : "light";
  if (small && !unfolded) {
    return <Button fullWidth variant="default" aria-expanded={false} leftSection={<Eye aria-hidden size={16} />} onClick={() => unfold(true)}>{t("preview.unfold")}</Button>;
  }
  return (
    <Card padding="sm" component="section" aria-label={t("preview")}>
      <Stack gap="sm">
        {small && <Button variant="subtle" size="compact-sm" aria-expanded onClick={() => unfold(false)}>{t("preview.fold")}</Button>}
        <Group gap="xs" justify="space-between">
          <Choice label={t("preview.language")} value={language} choose={(value) => setLanguage(value === "ar" ? "ar" : "en")} data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label: <span lang={value}>{label}</span> }))} />
          <Choice label={t("preview.device")} value={device} choose={(value) => setDevice(value === "phone" ? "phone" : "desktop")} data={[
            { value: "desktop", label: <Picture icon={<Monitor aria-hidden size={16} />} name={t("preview.desktop")} /> },
            { value: "phone", label: <Picture icon={<Smartphone aria-hidden size={16} />} name={t("preview.phone")} /> }]} />
          {!fixed && <Choice label={t("preview.scheme")} value={scheme} choose={(value) => setDark(value === "dark")} data={[
            { value: "light", label: <Picture icon={<Sun aria-hidden size={16} />} name={t("preview.light")} /> },
            { value: "dark", label: <Picture icon={<Moon aria-hidden size={16} />} name={t("preview.dark")} /> }]} />}
          <Choice label={t("preview.show")} value={show} choose={(value) => setShow(value === "thanks" ? "thanks" : "form")} data={[{ value: "form", label: t("preview.form") }, { value: "thanks", label: t("preview.thanks") }]} />
        </Group>
        {error !== null && <Failed error={error} again={again} />}
        {html === null ? (error === null && <Waiting lines={6} />) : <Frame html={html} device={device} scheme={scheme === "dark" ? "dark" : "light"} title={t("preview.title", { name: work.draft.name })} />}
        <Group justify="space-between" gap="xs">
          <Text size="xs" c="dimmed">{t("preview.note")}</Text>
          {definition.kind !== "inline" && <Button size="compact-xs" variant="subtle" onClick={again}>{t("preview.again")}</Button>}
        </Group>
      </Stack>
    </Card>
  );
}

function Picture({ icon, name }: { icon: ReactNode; name: string }) {
  return <Group gap={4} wrap="nowrap" aria-label={name} title={name}>{icon}<span style={{ position: "absolute", clipPath: "inset(50%)" }}>{name}</span></Group>;
}

function Choice({ label, value, choose, data }: { label: string; value: string; choose: (value: string) => void; data: Array<{ value: string; label: ReactNode }> }) {
  return <SegmentedControl size="xs" aria-label={label} value={value} onChange={choose} data={data} />;
}

/** A window of the device's own size, made smaller until it fits. */
function Frame({ html, device, scheme, title }: { html: string; device: Device; scheme: "light" | "dark"; title: string }) {
  const { ref, width: room } = useElementSize();
  const { width, height } = DEVICES[device];
  const scale = room > 0 ? Math.min(1, room / width) : 1;
  return (
    <Box ref={ref} dir="ltr" style={{ overflow: "hidden", height: height * scale, borderRadius: 8, border: "1px solid var(--mantine-color-default-border)", width: device === "phone" ? Math.min(width, room || width) : undefined, maxWidth: "100%", marginInline: "auto" }}>
      <iframe sandbox="allow-scripts" title={title} srcDoc={html} referrerPolicy="no-referrer"
        style={{ width, height, border: 0, display: "block", transform: `scale(${scale})`, transformOrigin: "0 0", colorScheme: scheme, background: scheme === "dark" ? "#121110" : "#ffffff" }} />
    </Box>
  );
}
