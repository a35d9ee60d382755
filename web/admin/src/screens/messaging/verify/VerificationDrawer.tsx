import { Anchor, Badge, Button, Drawer, Group, Stack, Text, Timeline, Title } from "@mantine/core";
import { Ban, Mail, MessageSquareText, Phone, RotateCcw, type LucideIcon } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { to } from "@/app/place";
import { useFormat } from "@/i18n/format";
import { confirm } from "@/ui/confirm";
import { CountryName } from "@/ui/Language";
import { Loaded } from "@/ui/Loaded";
import { refused, told } from "@/ui/notify";
import { Status } from "@/ui/Status";
import { Ltr, Moment } from "@/ui/text";
import { useCodes } from "../codes";
import { PersonName } from "../PersonName";
import { useServiceNames } from "./names";
import { cancelVerification, isOpen, resendCode, useVerification, type Verification } from "./server";
import { toneOf } from "./states";

const ICON: Record<string, LucideIcon> = { sms: MessageSquareText, voice: Phone, email: Mail };

/** One verification with its address and each time its code left. It never shows the code. */
export function VerificationDrawer({ id, close }: { id: string; close: () => void }) {
  const { t } = useTranslation(["app_verify", "app_shell"]);
  const verification = useVerification(id);
  return (
    <Drawer opened onClose={close} size="md" title={<Text fw={600}>{t("verification")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <Loaded query={verification}>{(known) => <Whole verification={known} />}</Loaded>
    </Drawer>
  );
}

function Whole({ verification }: { verification: Verification }) {
  const { t } = useTranslation("app_verify");
  const codes = useCodes("app_verify");
  const format = useFormat();
  const nameOf = useServiceNames();
  const { state, reason, test, to: address, contact, country, service, attempts, attempts_left, reference, created_at, expires_at, finished_at, sent } = verification;
  const fact = (name: string, value: ReactNode) => (
    <Group key={name} justify="space-between" gap="sm" align="baseline" wrap="nowrap">
      <Text component="dt" size="sm" c="dimmed" style={{ flexShrink: 0 }}>{name}</Text><Text component="dd" size="sm" m={0} ta="end" style={{ overflowWrap: "anywhere" }}>{value}</Text>
    </Group>
  );
  return (
    <Stack>
      <Group gap="xs" aria-live="polite"><Status tone={toneOf(state)}>{codes("state", state)}</Status>{test && <Badge color="gray">{t("test")}</Badge>}{reason && <Text size="sm" c="dimmed">{codes("why", reason)}</Text>}</Group>
      <Stack component="dl" gap={6} m={0}>
        {fact(t("to"), address ? <Ltr>{address}</Ltr> : t("gone"))}
        {contact && fact(t("person"), <PersonName id={contact} />)}
        {country && fact(t("country"), <CountryName code={country} />)}
        {fact(t("service"), service ? <bdi>{nameOf(service)}</bdi> : t("service.none"))}
        {reference && fact(t("reference"), <bdi>{reference}</bdi>)}
        {fact(t("attempts"), t("attempts.of", { n: format.number(attempts), left: format.number(attempts_left) }))}
        {fact(t("began"), <Moment at={created_at} />)}
        {fact(t("good_until"), <Moment at={expires_at} />)}
        {finished_at && fact(t("ended"), <Moment at={finished_at} />)}
      </Stack>
      <Title order={3}>{t("sent")}</Title>
      <Timeline active={sent.length} bulletSize={28} lineWidth={2}>
        {sent.map(({ at, channel, message }, place) => {
          const Icon = ICON[channel] ?? MessageSquareText;
          return (
            <Timeline.Item key={place} bullet={<Icon aria-hidden size={15} />} title={<Text size="sm" fw={600} span>{codes("channel", channel)}</Text>}>
              <Text size="xs" c="dimmed"><Moment at={at} /></Text>
              {message && <Anchor component={Link} to={to(`/messaging/messages/${message}`)} size="sm">{t("sent.message")}</Anchor>}
            </Timeline.Item>
          );
        })}
      </Timeline>
      {isOpen(verification) && <Acts verification={verification} />}
    </Stack>
  );
}

function Acts({ verification: { id } }: { verification: Verification }) {
  const { t } = useTranslation("app_verify");
  const [busy, setBusy] = useState(false);
  const again = () => {
    setBusy(true);
    void resendCode(id).then(() => told(t("resent")), refused).finally(() => setBusy(false));
  };
  const back = () => confirm({
    title: t("cancel.title"), text: t("cancel.text"), button: t("cancel"), destroys: true,
    act: async () => { await cancelVerification(id); told(t("cancelled")); },
  });
  return (
    <Group>
      <Button variant="default" loading={busy} leftSection={<RotateCcw aria-hidden size={16} className="dir-icon" />} onClick={again}>{t("resend")}</Button>
      <Button variant="subtle" color="red" leftSection={<Ban aria-hidden size={16} />} onClick={back}>{t("cancel")}</Button>
    </Group>
  );
}
