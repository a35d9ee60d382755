import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/ui/Dialog";
import { Loaded } from "@/ui/Loaded";
import { Section } from "@/ui/Section";
import { Status } from "@/ui/Status";
import { CopyText, Ltr } from "@/ui/text";
import { saveProvider, useProviders } from "../server";
import type { Provider } from "../shapes";

const NAME: Record<Provider["kind"], string> = { google: "Google", microsoft: "Microsoft 365", caldav: "CalDAV", feed: "iCalendar" };

/** The organisation's own registration with providers of calendars, which their sign-in needs. */
export function Providers() {
  const { t } = useTranslation(["app_bookings", "app_shell"]);
  const providers = useProviders();
  const [editing, setEditing] = useState<Provider | null>(null);
  return (
    <Section title={t("providers")} about={t("providers.about")}>
      <Loaded query={providers} lines={2}>
        {({ items }) => items.map((provider) => (
          <div key={provider.kind}>
            <Group justify="space-between" mb={4}>
              <Group gap="xs"><Text size="sm" fw={600}>{NAME[provider.kind]}</Text><Status tone={provider.configured ? "good" : "off"}>{t(provider.configured ? "provider.ready" : "provider.missing")}</Status>{provider.client_id && <Text size="xs" c="dimmed"><Ltr>{provider.client_id}</Ltr></Text>}</Group>
              <Button size="xs" variant="default" aria-label={`${t("provider.set_up")} ${NAME[provider.kind]}`} onClick={() => setEditing(provider)}>{t("provider.set_up")}</Button>
            </Group>
            <Text size="xs" c="dimmed">{t("provider.redirect")}</Text>
            <CopyText value={provider.redirect_uri} label={t("provider.redirect")} />
          </div>
        ))}
      </Loaded>
      {editing && (
        <Dialog title={NAME[editing.kind]} about={t("provider.text")} button={t("app_shell:save")} close={() => setEditing(null)} initial={{ client_id: editing.client_id ?? "", client_secret: "" }}
          fields={[{ name: "client_id", label: t("provider.client_id"), needed: true, code: true }, { name: "client_secret", label: t("provider.client_secret"), needed: true, code: true }]}
          send={(body) => saveProvider(editing.kind, body)} />
      )}
    </Section>
  );
}
