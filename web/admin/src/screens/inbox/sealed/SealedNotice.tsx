import { Alert, Button, Code, Group, List, Stack, Text } from "@mantine/core";
import { LockKeyhole, ShieldAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { to } from "@/app/place";
import type { SealedChat } from "./useSealed";

/** Above an encrypted conversation: that it is, what that leaves out, and whether this browser may read it. */
export function SealedNotice({ sealed }: { sealed: SealedChat }) {
  const { t } = useTranslation("app_inbox");
  const { mine, ready, waiting, strangers, meet } = sealed;
  const settings = <Button component={Link} to={to("/inbox/settings/devices")} size="compact-sm" variant="default">{t("sealed.devices")}</Button>;
  const why = mine.standing === "approved" ? (waiting || ready ? null : "sealed.no_share" as const)
    : mine.standing === "reading" ? null
    : mine.standing === "impossible" ? "sealed.impossible" as const
    : mine.standing === "pending" ? "sealed.pending" as const : "sealed.not_mine" as const;
  return (
    <Stack gap={0} px="sm" py={6} style={{ borderBottom: "1px solid var(--mantine-color-default-border)" }}>
      <Group gap={6} wrap="nowrap"><LockKeyhole aria-hidden size={14} style={{ flexShrink: 0 }} /><Text size="xs">{t("sealed.about")}</Text></Group>
      {why && <Alert mt={6} p="xs" color="amber" role="status"><Group justify="space-between" gap="xs"><Text size="sm" style={{ flex: "1 1 16rem" }}>{t(why)}</Text>{settings}</Group></Alert>}
      {strangers.length > 0 && (
        <Alert mt={6} p="xs" color="amber" icon={<ShieldAlert aria-hidden />} role="alert" title={t("sealed.strangers")}>
          <Stack gap={6}>
            <List size="sm">{strangers.map(({ recipient, member, fingerprint }) => <List.Item key={recipient}><bdi>{member}</bdi> <Code dir="ltr">{fingerprint}</Code></List.Item>)}</List>
            <Text size="sm">{t("sealed.strangers.about")}</Text>
            <Group gap="xs"><Button size="compact-sm" onClick={() => void meet()}>{t("sealed.meet")}</Button>{settings}</Group>
          </Stack>
        </Alert>
      )}
    </Stack>
  );
}
