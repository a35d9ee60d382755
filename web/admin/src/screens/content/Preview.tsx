import { Alert, Anchor, Box, Card, Group, Progress, SegmentedControl, Select, Stack, Switch, Tabs, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { Monitor, Moon, Smartphone, Sun, Tablet, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { Failed } from "@/ui/Failed";
import { Waiting } from "@/ui/Waiting";
import { CLIPPED_AT, fullness, hasDark, type Scheme } from "./preview";
import { PreviewFrame } from "./PreviewFrame";
import { usePreview, type Content, type Finding } from "./server";

const KB = 1024;
const DEVICES = { desktop: 640, tablet: 520, phone: 375 } as const;
type Device = keyof typeof DEVICES;

/** The message as somebody would get it, always from the server's own renderer. */
export function Preview({ content, language, go, height = 640 }: { content: Content; language: string; go?: (finding: Finding) => void; height?: number }) {
  const { t } = useTranslation("app_content");
  const [settled] = useDebouncedValue(content, 400);
  const [contact, setContact] = useState<string | null>(null);
  const [device, setDevice] = useState<Device>("desktop");
  const [scheme, setScheme] = useState<Scheme>("light");
  const [remote, setRemote] = useState(false);
  const [images, setImages] = useState(true);
  const shown = usePreview(settled, { language, contact: contact ?? undefined });
  if (!shown.data) return shown.error ? <Failed error={shown.error} again={() => void shown.refetch()} /> : <Waiting lines={8} />;
  const { html, text, subject, preheader, bytes, findings, ok } = shown.data;
  const inbox = preheader === "" ? subject : `${subject} – ${preheader}`;
  return (
    <Stack gap="sm">
      <Group gap="xs" justify="space-between">
        <AsContact contact={contact} choose={setContact} />
        <Group gap="xs">
          <SegmentedControl size="xs" aria-label={t("preview.device")} value={device} onChange={(value) => setDevice(value as Device)} data={[
            { value: "desktop", label: <Group gap={4} wrap="nowrap"><Monitor aria-hidden size={14} />{t("preview.desktop")}</Group> },
            { value: "tablet", label: <Group gap={4} wrap="nowrap"><Tablet aria-hidden size={14} />{t("preview.tablet")}</Group> },
            { value: "phone", label: <Group gap={4} wrap="nowrap"><Smartphone aria-hidden size={14} />{t("preview.phone")}</Group> },
          ]} />
          <SegmentedControl size="xs" aria-label={t("preview.scheme")} value={scheme} onChange={(value) => setScheme(value as Scheme)} data={[
            { value: "light", label: <Group gap={4} wrap="nowrap"><Sun aria-hidden size={14} />{t("preview.light")}</Group> },
            { value: "dark", label: <Group gap={4} wrap="nowrap"><Moon aria-hidden size={14} />{t("preview.dark")}</Group> },
          ]} />
        </Group>
      </Group>
      <Tabs defaultValue="mail" keepMounted={false}>
        <Tabs.List><Tabs.Tab value="mail">{t("preview.mail")}</Tabs.Tab><Tabs.Tab value="text">{t("preview.text")}</Tabs.Tab></Tabs.List>
        <Tabs.Panel value="mail" pt="xs">
          <Card padding={0}>
            <Text size="sm" p="xs" truncate dir="auto" style={{ borderBlockEnd: "1px solid var(--mantine-color-default-border)" }}><bdi>{inbox || t("preview.no_subject")}</bdi></Text>
            <Box style={{ display: "flex", justifyContent: "center", overflowX: "auto", background: "var(--barid-ground)" }}>
              {html === "" ? <Text p="xl" size="sm" c="dimmed">{t("preview.broken")}</Text> : <PreviewFrame html={html} title={t("preview.frame")} width={DEVICES[device]} height={height} scheme={scheme} remote={remote} images={images} />}
            </Box>
          </Card>
        </Tabs.Panel>
        <Tabs.Panel value="text" pt="xs">
          <Card padding="sm" component="pre" dir="auto" tabIndex={0} aria-label={t("preview.text")} m={0} mah={height} fz="sm" style={{ overflow: "auto", whiteSpace: "pre-wrap", overflowWrap: "anywhere", fontFamily: "inherit" }}>{text || t("preview.broken")}</Card>
        </Tabs.Panel>
      </Tabs>
      {scheme === "dark" && ok && !hasDark(html) && <Text size="sm" c="dimmed">{t("preview.no_dark")}</Text>}
      <Size bytes={bytes} />
      <Switch size="xs" label={t("preview.images_off")} description={t("preview.images_off.about")} checked={!images} onChange={({ currentTarget: { checked } }) => setImages(!checked)} />
      <Switch size="xs" disabled={!images} label={t("preview.remote")} description={t("preview.remote.about")} checked={remote} onChange={({ currentTarget: { checked } }) => setRemote(checked)} />
      <Findings findings={findings} go={go} />
    </Stack>
  );
}

function AsContact({ contact, choose }: { contact: string | null; choose: (contact: string | null) => void }) {
  const { t } = useTranslation("app_content");
  const may = useMay()("contacts:read");
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed, 300);
  const people = api.useQuery("post", "/v1/contacts/search", { body: { q: q || undefined, limit: 12, columns: ["email"] } }, { enabled: may, placeholderData: (before) => before, staleTime: 60_000 });
  if (!may) return null;
  const items = people.data?.items ?? [];
  return (
    <Select size="xs" w={220} aria-label={t("preview.as")} placeholder={t("preview.as_sample")} searchable clearable clearButtonProps={{ "aria-label": t("preview.as_sample") }} nothingFoundMessage={t("preview.nobody")}
      data={items.map(({ id, display_name, email }) => ({ value: id, label: display_name || email || id }))} filter={({ options }) => options} value={contact} onChange={choose} searchValue={typed} onSearchChange={setTyped} />
  );
}

/** How much of what mail programs show is used up. */
export function Size({ bytes }: { bytes: number }) {
  const { t } = useTranslation("app_content");
  const format = useFormat();
  const { share, level } = fullness(bytes);
  return (
    <Box>
      <Group justify="space-between"><Text size="xs" c="dimmed">{t("size")}</Text><Text size="xs" className="tabular">{t("size.of", { size: format.number(Math.ceil(bytes / KB)), of: format.number(CLIPPED_AT / KB) })}</Text></Group>
      <Progress value={Math.min(100, share * 100)} color={level === "good" ? "teal" : level === "near" ? "amber" : "red"} size="sm" aria-label={t("size")} />
      {level !== "good" && <Alert mt="xs" color={level === "over" ? "red" : "amber"} icon={<TriangleAlert aria-hidden />}>{t(level === "over" ? "size.over" : "size.near")}</Alert>}
    </Box>
  );
}

/** What the server found, worst first; each leads to its place. */
export function Findings({ findings, go }: { findings: readonly Finding[]; go?: (finding: Finding) => void }) {
  const { t } = useTranslation("app_content");
  if (findings.length === 0) return <Text size="sm" c="dimmed" role="status">{t("findings.none")}</Text>;
  const sorted = [...findings].sort((a, b) => a.severity.localeCompare(b.severity));
  return (
    <Stack gap="xs" role="status" aria-label={t("findings")}>
      {sorted.map((finding, at) => (
        <Alert key={at} p="xs" color={finding.severity === "error" ? "red" : "amber"} icon={<TriangleAlert aria-hidden size={16} />} title={<FindingTitle finding={finding} go={go} />}>
          <Text size="sm" dir="auto">{finding.detail}</Text>
        </Alert>
      ))}
    </Stack>
  );
}

function FindingTitle({ finding, go }: { finding: Finding; go?: (finding: Finding) => void }) {
  const { t, i18n } = useTranslation("app_content");
  const format = useFormat();
  const key = `finding.${finding.code}`;
  const said = i18n.exists(key, { ns: "app_content" }) ? t(key as "finding.markup") : finding.code;
  const place = finding.part === "design" ? "" : ` – ${t("finding.place", { line: format.number(finding.line), column: format.number(finding.column) })}`;
  return go ? <Anchor component="button" type="button" size="sm" ta="start" c="inherit" td="underline" onClick={() => go(finding)}>{said}{place}</Anchor> : <>{said}{place}</>;
}
