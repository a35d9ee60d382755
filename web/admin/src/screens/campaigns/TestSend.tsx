import { Button, Group, MultiSelect, Stack, Text } from "@mantine/core";
import { MailCheck } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, fetchClient, stale } from "@/api/client";
import { useMay, useSession } from "@/app/session";
import { Failed } from "@/ui/Failed";
import { told } from "@/ui/notify";
import { When } from "@/ui/text";
import { useFormat } from "@/i18n/format";
import type { Campaign } from "./server";

const KEPT = "barid.testers";
const MOST = 10;

function kept(own: string): string[] {
  try {
    const found = JSON.parse(localStorage.getItem(KEPT) ?? "null") as unknown;
    return Array.isArray(found) && found.length > 0 ? found.filter((one) => typeof one === "string") : [own];
  } catch {
    return [own];
  }
}

/** The campaign as it stands, to oneself or other members, outside all counting. `before` runs first: what is being
 *  written is kept, so that the test is of it. */
export function TestSend({ campaign, before }: { campaign: Campaign; before?: () => unknown }) {
  const { t } = useTranslation("app_campaigns");
  const format = useFormat();
  const { user } = useSession();
  const may = useMay()("members:read");
  const members = api.useQuery("get", "/v1/members", { params: { query: { limit: 200 } } }, { enabled: may, staleTime: 300_000 });
  const [chosen, setChosen] = useState(() => kept(user.email));
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<unknown>(null);
  const addresses = [...new Set([user.email, ...(members.data?.items ?? []).filter(({ invited }) => !invited).map(({ email }) => email)])];
  const to = chosen.filter((address) => addresses.includes(address));
  const send = async () => {
    setBusy(true);
    setTrouble(null);
    await before?.();
    const { error } = await fetchClient.POST("/v1/campaigns/{id}/test", { params: { path: { id: campaign.id } }, body: { to } }).catch((lost: unknown) => ({ error: lost }));
    setBusy(false);
    if (error) return setTrouble(error);
    told(t("test.sent", { count: to.length, n: format.number(to.length) }));
    void stale("/v1/campaigns");
  };
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">{t("test.about")} {campaign.tested_at && <>{t("test.last")} <When at={campaign.tested_at} /></>}</Text>
      {trouble !== null && <Failed error={trouble} />}
      <MultiSelect label={t("test.to")} data={addresses} value={to} maxValues={MOST} hidePickedOptions styles={{ pill: { direction: "ltr" } }}
        onChange={(next) => { setChosen(next); localStorage.setItem(KEPT, JSON.stringify(next)); }} />
      <Group><Button variant="default" loading={busy} disabled={to.length === 0} leftSection={<MailCheck aria-hidden size={16} />} onClick={() => void send()}>{t("test.send")}</Button></Group>
    </Stack>
  );
}
