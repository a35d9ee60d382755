import { ActionIcon, Button, Group, Menu, Stack, Text } from "@mantine/core";
import { ArrowDown, ArrowUp, Mail, MessageSquareText, Phone, Plus, Trash2, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { moved, without } from "@/screens/chat-settings/order";
import { useCodes } from "../codes";
import { CHANNELS } from "./server";

const ICON: Record<string, LucideIcon> = { sms: MessageSquareText, voice: Phone, email: Mail };
const MOST = 10;

/** By what the first message goes, the second, and so on. */
export function Ladder({ channels, change, readOnly, error }: { channels: string[]; change: (channels: string[]) => void; readOnly: boolean; error?: ReactNode }) {
  const { t } = useTranslation(["app_verify", "app_shell"]);
  const codes = useCodes("app_verify");
  const format = useFormat();
  return (
    <Stack gap={6} role="group" aria-label={t("channels")}>
      <Text size="sm" fw={500}>{t("channels")}</Text>
      <Text size="xs" c="dimmed">{t("channels.about")}</Text>
      <Stack component="ol" gap={4} m={0} p={0} style={{ listStyle: "none" }}>
        {channels.map((channel, at) => {
          const Icon = ICON[channel] ?? MessageSquareText;
          const name = t("channels.place", { n: format.number(at + 1), what: codes("channel", channel) });
          return (
            <Group key={`${channel}-${at}`} component="li" justify="space-between" wrap="nowrap" px="sm" py={4} style={{ border: "1px solid var(--mantine-color-default-border)", borderRadius: 8 }}>
              <Group gap="xs" wrap="nowrap"><Text size="sm" c="dimmed" className="tabular">{format.number(at + 1)}</Text><Icon aria-hidden size={16} /><Text size="sm">{codes("channel", channel)}</Text></Group>
              {!readOnly && channels.length > 1 && (
                <Group gap={0} wrap="nowrap">
                  <ActionIcon aria-label={t("up", { name })} disabled={at === 0} onClick={() => change(moved(channels, at, -1))}><ArrowUp aria-hidden size={16} /></ActionIcon>
                  <ActionIcon aria-label={t("down", { name })} disabled={at === channels.length - 1} onClick={() => change(moved(channels, at, 1))}><ArrowDown aria-hidden size={16} /></ActionIcon>
                  <ActionIcon color="red" aria-label={t("remove", { name })} onClick={() => change(without(channels, at))}><Trash2 aria-hidden size={16} /></ActionIcon>
                </Group>
              )}
            </Group>
          );
        })}
      </Stack>
      {error && <Text size="xs" c="var(--mantine-color-error)">{error}</Text>}
      {!readOnly && channels.length < MOST && (
        <Group>
          <Menu position="bottom-start">
            <Menu.Target><Button variant="default" size="xs" leftSection={<Plus aria-hidden size={14} />}>{t("channels.add")}</Button></Menu.Target>
            <Menu.Dropdown>{CHANNELS.map((channel) => { const Icon = ICON[channel]!; return <Menu.Item key={channel} leftSection={<Icon aria-hidden size={16} />} onClick={() => change([...channels, channel])}>{codes("channel", channel)}</Menu.Item>; })}</Menu.Dropdown>
          </Menu>
        </Group>
      )}
    </Stack>
  );
}
