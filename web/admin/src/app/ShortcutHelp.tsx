import { Group, Kbd, Modal, Stack, Switch, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Section } from "./navigation";
import { usePreferences } from "./preferences";

const key = (code: string) => code.replace("Key", "");

/** What keys do in an open conversation. */
const INBOX = [["R", "reply"], ["N", "note"], ["E", "close_chat"], ["Z", "snooze"], ["A", "assign"], ["L", "tags"]] as const;

/** Every shortcut, and the switch that turns them off. */
export default function ShortcutHelp({ onClose, sections }: { onClose: () => void; sections: readonly Section[] }) {
  const { t } = useTranslation();
  const { preferences, change } = usePreferences();
  const rows: Array<readonly [keys: readonly string[], what: string]> = [
    [["Ctrl", "K"], t("palette.open")],
    [["/"], t("palette.open")],
    [["?"], t("help.title")],
    ...sections.map(({ key: code, code: name }) => [["G", key(code)], t(`nav.${name}`)] as const),
    [["C"], t("help.create")],
    [["J"], t("help.down")],
    [["K"], t("help.up")],
    [["X"], t("help.select")],
    [["Enter"], t("help.open")],
    [["Esc"], t("help.back")],
    ...(sections.some(({ code }) => code === "inbox") ? INBOX.map(([code, name]) => [[code], t(`help.${name}`)] as const) : []),
  ];
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{t("help.title")}</Text>} closeButtonProps={{ "aria-label": t("close") }}>
      <Stack gap="xs">
        <Switch checked={preferences.shortcuts} onChange={(event) => change({ shortcuts: event.currentTarget.checked })} label={t("help.switch")} description={t("help.switch_note")} />
        {rows.map(([keys, what]) => (
          <Group key={keys.join()} justify="space-between">
            <Text size="sm">{what}</Text>
            <Group gap={4} dir="ltr">{keys.map((name) => <Kbd key={name}>{name}</Kbd>)}</Group>
          </Group>
        ))}
      </Stack>
    </Modal>
  );
}
