import { ActionIcon, Alert, Button, Group, Stack, Text } from "@mantine/core";
import { BellOff, BellRing, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, fetchClient, got, stale } from "@/api/client";
import type { components } from "@/api/schema";
import { DataTable, type Column } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { refused, told } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { When } from "@/ui/text";
import { canPush, subscribe, subscription } from "./push";

type Subscription = components["schemas"]["PushSubscription"];

const PATH = "/v1/push/subscriptions";

/** Notifications that arrive with every window closed: on which of the member's own browsers. */
export default function Push() {
  const { t, i18n } = useTranslation(["app_chat", "app_shell"]);
  const query = api.useQuery("get", PATH, {});
  const [busy, setBusy] = useState(false);
  const [results, setResults] = useState<components["schemas"]["PushResult"][] | null>(null);
  const known = api.useQuery("get", "/v1/push/key", {});
  const allowed = known.data?.enabled !== false;
  const possible = canPush() && allowed;
  const turnOn = async () => {
    setBusy(true);
    try {
      if ((await Notification.requestPermission()) !== "granted") return refused({ code: "forbidden", status: 403, detail: t("push.denied") });
      const { public_key } = known.data ?? (await got(fetchClient.GET("/v1/push/key")));
      const { endpoint = "", keys } = (await subscribe(public_key)).toJSON();
      await got(fetchClient.POST(PATH, { body: { endpoint, keys: { p256dh: keys?.p256dh ?? "", auth: keys?.auth ?? "" }, label: navigator.platform || undefined, language: i18n.language === "ar" ? "ar" : "en" } }));
      await stale(PATH);
      told(t("push.on.done"));
    } catch (error) {
      refused(error);
    } finally {
      setBusy(false);
    }
  };
  const remove = async (id: string, last: boolean) => {
    await got(fetchClient.DELETE("/v1/push/subscriptions/{id}", { params: { path: { id } } })).catch(refused);
    if (last) await (await subscription())?.unsubscribe();
    await stale(PATH);
  };
  const test = () => got(fetchClient.POST("/v1/push/test")).then((answer) => setResults(answer.results), refused);
  const columns = (items: Subscription[]): Array<Column<Subscription>> => [
    { key: "label", title: t("push.browser"), cell: ({ label }) => <bdi>{label || t("push.browser")}</bdi> },
    { key: "at", title: t("push.since"), cell: ({ created_at }) => <When at={created_at} /> },
    ...(results ? [{ key: "test", title: t("push.test.result"), cell: ({ id }: Subscription) => String(results.find((one) => one.id === id)?.status ?? "–") }] : []),
    { key: "act", title: t("actions"), cell: ({ id }) => <ActionIcon color="red" aria-label={t("push.remove")} onClick={() => void remove(id, items.length === 1)}><Trash2 aria-hidden size={16} /></ActionIcon> },
  ];
  return (
    <Section title={t("part.notifications")} about={t("push.about")} actions={possible && <Button loading={busy} leftSection={<BellRing aria-hidden size={16} />} onClick={() => void turnOn()}>{t("push.on")}</Button>}>
      <Stack>
        {!allowed && <Alert color="amber" icon={<BellOff aria-hidden />}><Text size="sm">{t("push.not_allowed")}</Text></Alert>}
        {!canPush() && <Alert color="amber" icon={<BellOff aria-hidden />}><Text size="sm">{t("push.impossible")}</Text></Alert>}
        <Loaded query={query}>
          {({ items }) => <DataTable label={t("push.browsers")} columns={columns(items)} rows={items} rowKey={({ id }) => id} empty={<Nothing icon={BellRing} title={t("push.none")} text={t("push.none.text")} />}
            footer={items.length > 0 && <Group><Button variant="default" size="xs" onClick={() => void test()}>{t("push.test")}</Button></Group>} />}
        </Loaded>
      </Stack>
    </Section>
  );
}
