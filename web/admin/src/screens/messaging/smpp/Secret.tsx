import { Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { KeyRound } from "lucide-react";
import { useTranslation } from "react-i18next";
import { CopyText } from "@/ui/text";

export interface Shown {
  title: string;
  system_id: string;
  secret: string;
}

/** A secret, this once. It does not go away by a slip: only the button closes it. */
export function Secret({ shown: { title, system_id, secret }, close }: { shown: Shown; close: () => void }) {
  const { t } = useTranslation("app_numbers");
  return (
    <Modal opened onClose={close} withCloseButton={false} closeOnClickOutside={false} closeOnEscape={false} title={<Text fw={600}>{title}</Text>}>
      <Stack>
        <Alert color="amber" icon={<KeyRound aria-hidden />}>{t("smpp.made.text")}</Alert>
        <Stack gap={2}><Text size="xs" c="dimmed">{t("smpp.system_id")}</Text><CopyText value={system_id} label={t("smpp.system_id")} /></Stack>
        <Stack gap={2}><Text size="xs" c="dimmed">{t("smpp.secret")}</Text><CopyText value={secret} label={t("smpp.secret")} /></Stack>
        <Text size="sm" c="dimmed">{t("smpp.port")}</Text>
        <Group justify="flex-end"><Button onClick={close}>{t("smpp.kept")}</Button></Group>
      </Stack>
    </Modal>
  );
}
