import { ActionIcon, Alert, Box, Button, Card, DirectionProvider, Group, Slider, Stack, Text } from "@mantine/core";
import { Download, Pause, Play, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { confirm } from "@/ui/confirm";
import { download } from "@/ui/download";
import { Failed } from "@/ui/Failed";
import { refused, told } from "@/ui/notify";
import { Ltr, Moment } from "@/ui/text";
import { useCodes } from "../../codes";
import { dropRecording, readSound, type Recording } from "../server";
import { clockOf } from "./states";
import { usePlayer } from "./usePlayer";

const CLASS = "comms.recording";
const DAYS = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?$/;

/** Until when a recording of an instant is kept, by an ISO 8601 period; nothing when it says no end. */
export function keptUntil(from: string, period: string | undefined): Date | null {
  const found = period ? DAYS.exec(period) : null;
  if (!found || found.slice(1).every((part) => part === undefined)) return null;
  const [years, months, weeks, days] = found.slice(1).map((part) => Number(part ?? 0)) as [number, number, number, number];
  const at = new Date(from);
  at.setFullYear(at.getFullYear() + years, at.getMonth() + months, at.getDate() + weeks * 7 + days);
  return at;
}

/** How long recordings are kept here, for those who may see it. */
export function useKeeping(): (from: string) => Date | null {
  const { data } = api.useQuery("get", "/v1/privacy/retention", {}, { enabled: useMay()("privacy:read"), staleTime: 300_000 });
  const period = data?.classes.find(({ name }) => name === CLASS)?.effective;
  return (from) => keptUntil(from, period);
}

// The style sheet goes by the page's direction, not by the one that is set here.
const THUMB = { thumb: { left: "var(--slider-thumb-offset)", right: "auto" } };

/** A recording to be heard, taken along or deleted, and until when it is kept. */
export function RecordingCard({ recording }: { recording: Recording }) {
  const { t } = useTranslation(["app_calls", "app_shell"]);
  const codes = useCodes("app_calls");
  const format = useFormat();
  const keeping = useKeeping();
  const writes = useMay()("calls:write");
  const player = usePlayer(recording.id);
  const { id, created_at, seconds, ended } = recording;
  const until = keeping(created_at);
  const length = player.length || seconds;
  const remove = () => confirm({
    title: t("recording.delete.title"), text: t("recording.delete.text", { when: format.dateTime(created_at) }), button: t("app_shell:delete"), destroys: true,
    act: async () => { await dropRecording(id); told(t("recording.deleted")); },
  });
  const take = () => void readSound(id).then((sound) => download(`recording-${created_at.slice(0, 10)}.wav`, sound), refused);
  const playing = player.state === "playing";
  return (
    <Card padding="md" component="article" aria-label={t("recording.of", { when: format.dateTime(created_at) })}>
      <Stack gap="xs">
        <Group justify="space-between" align="flex-start">
          <Stack gap={0}><Text size="sm" fw={600}><Moment at={created_at} /></Text><Text size="xs" c="dimmed">{codes("recorded", ended)}{until && <> · {t("recording.until", { when: format.date(until) })}</>}</Text></Stack>
          <Group gap={2} wrap="nowrap">
            <ActionIcon aria-label={t("recording.take")} onClick={take}><Download aria-hidden size={16} /></ActionIcon>
            {writes && <ActionIcon color="red" aria-label={t("recording.delete")} onClick={remove}><Trash2 aria-hidden size={16} /></ActionIcon>}
          </Group>
        </Group>
        {player.trouble !== null && (player.trouble instanceof Error && !(player.trouble instanceof TypeError) ? <Alert color="red">{t("recording.broken")}</Alert> : <Failed error={player.trouble} />)}
        {/* Time runs from left to right in every language, as on every player. */}
        <Group dir="ltr" wrap="nowrap" gap="sm">
          <Button size="xs" w={44} px={0} loading={player.state === "reading"} aria-label={t(playing ? "recording.pause" : "recording.play")} onClick={player.toggle}>{playing ? <Pause aria-hidden size={16} /> : <Play aria-hidden size={16} />}</Button>
          <Box style={{ flex: 1 }}>
            <DirectionProvider initialDirection="ltr" detectDirection={false}>
              <Slider size="sm" min={0} max={Math.max(length, 0.1)} step={0.1} disabled={player.length === 0} value={player.at} onChange={player.seek} label={(value) => clockOf(value)} thumbLabel={t("recording.place")} thumbSize={18} styles={THUMB} />
            </DirectionProvider>
          </Box>
          <Text size="xs" c="dimmed" className="tabular"><Ltr>{`${clockOf(player.at)} / ${clockOf(length)}`}</Ltr></Text>
        </Group>
        {player.state === "away" && <Text size="xs" c="dimmed">{t("recording.noted")}</Text>}
      </Stack>
    </Card>
  );
}
