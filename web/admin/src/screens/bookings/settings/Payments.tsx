import { Alert, Button, Code, Group, List, Stack, Text } from "@mantine/core";
import { CreditCard, FlaskConical } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/session";
import { confirm } from "@/ui/confirm";
import { Dialog } from "@/ui/Dialog";
import { Loaded } from "@/ui/Loaded";
import { Section } from "@/ui/Section";
import { Status } from "@/ui/Status";
import { CopyText, Ltr, When } from "@/ui/text";
import { connectPayments, disconnectPayments, usePaymentProvider } from "../server";

const STRIPE = "https://api.stripe.com";

/** Who takes money for bookings: its account, and what it must be told about us. Cards are shown to it alone. */
export function Payments() {
  const { t } = useTranslation(["app_bookings", "app_shell"]);
  const manages = useMay()("bookings:manage");
  const provider = usePaymentProvider();
  const [editing, setEditing] = useState(false);
  const leave = () => confirm({ title: t("pay.disconnect"), text: t("pay.disconnect.text"), button: t("pay.disconnect"), destroys: true, act: disconnectPayments });
  return (
    <Section title={t("pay.provider")} about={t("pay.set_up.about")}>
      <Loaded query={provider} lines={3}>
        {({ connected, connected_at, api_base, has_secret_key, has_webhook_secret, test, webhook_url, webhook_events }) => (
          <Stack>
            <Group justify="space-between">
              <Group gap="xs"><CreditCard aria-hidden size={18} /><Status tone={connected ? "good" : "off"}>{t(connected ? "pay.connected" : "pay.not_connected")}</Status>{connected_at && <Text size="sm" c="dimmed"><When at={connected_at} /></Text>}{connected && <Text size="xs" c="dimmed"><Ltr>{api_base}</Ltr></Text>}</Group>
              {manages && <Group gap="xs">{connected && <Button size="xs" variant="subtle" color="red" onClick={leave}>{t("pay.disconnect")}</Button>}<Button size="xs" variant={connected ? "default" : "filled"} onClick={() => setEditing(true)}>{t(connected ? "pay.change" : "pay.set_up")}</Button></Group>}
            </Group>
            {connected && test && <Alert color="amber" icon={<FlaskConical aria-hidden />}>{t("pay.test")}</Alert>}
            <div>
              <Text size="sm" fw={500}>{t("pay.webhook")}</Text>
              <Text size="xs" c="dimmed" mb={4}>{t("pay.webhook.about")}</Text>
              <CopyText label={t("pay.webhook")} value={webhook_url} />
              <List size="xs" mt={6}>{webhook_events.map((event) => <List.Item key={event}><Code dir="ltr">{event}</Code></List.Item>)}</List>
            </div>
            {editing && (
              <Dialog title={t("pay.set_up")} about={t("pay.keys.about")} button={t("pay.keep")} close={() => setEditing(false)} initial={{ api_base: api_base || STRIPE, secret_key: "", webhook_secret: "" }}
                fields={[
                  { name: "secret_key", label: t("pay.secret_key"), note: has_secret_key ? t("account.unchanged") : undefined, code: true, needed: !has_secret_key },
                  { name: "webhook_secret", label: t("pay.webhook_secret"), note: has_webhook_secret ? t("account.unchanged") : undefined, code: true, needed: !has_webhook_secret },
                  { name: "api_base", label: t("pay.api_base"), note: t("pay.api_base.note"), needed: true, code: true },
                ]}
                send={(body) => connectPayments({ provider: "stripe", ...body })} />
            )}
          </Stack>
        )}
      </Loaded>
    </Section>
  );
}
