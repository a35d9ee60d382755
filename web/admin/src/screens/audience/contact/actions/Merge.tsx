import { Alert, Button, Group, Radio, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, fetchClient, stale } from "@/api/client";
import { Failed } from "@/ui/Failed";
import { told } from "@/ui/notify";
import { Ltr } from "@/ui/text";
import type { Contact } from "../../shapes";
import { nameOf } from "../person";
import { Dialogue } from "./Dialogue";

/** Makes one person of two: this one stays, the duplicate goes into it. */
export function Merge({ person, close }: { person: Contact; close: () => void }) {
  const { t } = useTranslation(["app_contact", "app_shell"]);
  const [asked, setAsked] = useState(person.last_name ?? person.first_name ?? "");
  const [settled] = useDebouncedValue(asked.trim(), 200);
  const [duplicate, setDuplicate] = useState("");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<unknown>(null);
  const found = api.useQuery("post", "/v1/contacts/search", { body: { q: settled, limit: 8, columns: ["email", "phone"] } }, { enabled: settled.length > 1, placeholderData: keepPreviousData });
  const others = settled.length > 1 ? (found.data?.items ?? []).filter(({ id }) => id !== person.id) : [];
  const go = async () => {
    setBusy(true);
    const { error } = await fetchClient.POST("/v1/contacts/{id}/merge", { params: { path: { id: person.id } }, body: { duplicate } });
    setBusy(false);
    if (error) return setTrouble(error);
    await stale("/v1/contacts");
    told(t("merge.done"));
    close();
  };
  return (
    <Dialogue title={t("merge.title", { name: nameOf(person) ?? person.id })} close={close} size="lg">
      <Stack>
        {trouble !== null && <Failed error={trouble} />}
        <Text size="sm">{t("merge.text")}</Text>
        <TextInput data-autofocus type="search" dir="auto" label={t("merge.search")} value={asked} onChange={(event) => setAsked(event.currentTarget.value)} leftSection={<Search aria-hidden size={16} />} />
        <Radio.Group label={t("merge.choose")} value={duplicate} onChange={setDuplicate}>
          <Stack gap="xs" mt="xs">
            {others.map(({ id, display_name, email, phone }) => <Radio key={id} value={id} label={<bdi>{display_name}</bdi>} description={<Ltr>{email ?? phone ?? id}</Ltr>} />)}
            {others.length === 0 && <Text size="sm" c="dimmed">{t("merge.nobody")}</Text>}
          </Stack>
        </Radio.Group>
        <Alert color="amber">{t("merge.final")}</Alert>
        <Group justify="flex-end"><Button variant="default" onClick={close}>{t("app_shell:cancel")}</Button><Button disabled={!duplicate} loading={busy} onClick={() => void go()}>{t("merge")}</Button></Group>
      </Stack>
    </Dialogue>
  );
}
