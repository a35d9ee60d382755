import { Alert, Button, Checkbox, Group, List, Stack, Text, ThemeIcon } from "@mantine/core";
import { Eraser, ShieldCheck } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, fetchClient, queryClient, stale } from "@/api/client";
import { Failed } from "@/ui/Failed";
import { told } from "@/ui/notify";
import type { Contact } from "../../shapes";
import { nameOf } from "../person";
import { Dialogue } from "./Dialogue";

const GONE = ["values", "history", "messages", "backups"] as const;
const STAYS = ["suppression", "evidence", "tax"] as const;

/** Erases a person for good. Says first what is destroyed, and what stays by which article. */
export function Erase({ person, close }: { person: Contact; close: () => void }) {
  const { t } = useTranslation(["app_contact", "app_shell"]);
  const [sure, setSure] = useState(false);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<unknown>(null);
  const go = async () => {
    setBusy(true);
    const { data, error } = await fetchClient.POST("/v1/contacts/{id}/erase", { params: { path: { id: person.id } } });
    setBusy(false);
    if (error) return setTrouble(error);
    queryClient.setQueryData(api.queryOptions("get", "/v1/privacy/erasures/{contact}", { params: { path: { contact: person.id } } }).queryKey, data);
    close();
    told(t("erase.done"));
    await stale("/v1/contacts");
  };
  return (
    <Dialogue title={t("erase.title", { name: nameOf(person) ?? person.id })} close={close} size="lg">
      <Stack>
        {trouble !== null && <Failed error={trouble} />}
        <Text size="sm" fw={600}>{t("erase.gone")}</Text>
        <List size="sm" spacing={4} icon={<ThemeIcon color="red" size={20}><Eraser aria-hidden size={12} /></ThemeIcon>}>{GONE.map((what) => <List.Item key={what}>{t(`erase.gone.${what}`)}</List.Item>)}</List>
        <Text size="sm" fw={600}>{t("erase.stays")}</Text>
        <List size="sm" spacing={4} icon={<ThemeIcon size={20}><ShieldCheck aria-hidden size={12} /></ThemeIcon>}>{STAYS.map((what) => <List.Item key={what}>{t(`erase.stays.${what}`)}</List.Item>)}</List>
        <Alert color="amber">{t("erase.final")}</Alert>
        <Checkbox checked={sure} onChange={(event) => setSure(event.currentTarget.checked)} label={t("erase.sure")} />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>{t("app_shell:cancel")}</Button>
          <Button color="red" disabled={!sure} loading={busy} onClick={() => void go()}>{t("erase")}</Button>
        </Group>
      </Stack>
    </Dialogue>
  );
}
