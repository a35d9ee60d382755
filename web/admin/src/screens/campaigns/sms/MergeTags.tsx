import { Button, Group, Popover, Select, Stack, TextInput } from "@mantine/core";
import { UserRoundPen } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { useMay } from "@/app/session";
import { tagOf } from "./shapes";

const PERSONAL = ["first_name", "last_name", "company", "country"] as const;
const MESSAGE = ["organisation", "list_name"] as const;
const LEAVE = "unsubscribe_url";
const needsFallback = (field: string) => field !== LEAVE && !(MESSAGE as readonly string[]).includes(field);

/** Puts a value of the reader into a text, with words for those who lack it; or the link by which people leave. */
export function MergeTags({ insert }: { insert: (tag: string) => void }) {
  const { t } = useTranslation(["app_content", "app_messaging"]);
  const may = useMay()("fields:read");
  const own = api.useQuery("get", "/v1/fields", {}, { enabled: may, staleTime: 300_000 });
  const [opened, setOpened] = useState(false);
  const [field, setField] = useState("first_name");
  const [fallback, setFallback] = useState("");
  const wants = needsFallback(field);
  const fields = (own.data?.items ?? []).map(({ key, label }) => ({ value: key, label }));
  const choices = [
    { group: t("merge.person"), items: PERSONAL.map((value) => ({ value: value as string, label: t(`merge.${value}`) })) },
    ...(fields.length > 0 ? [{ group: t("merge.own"), items: fields }] : []),
    { group: t("merge.message"), items: [...MESSAGE.map((value) => ({ value: value as string, label: t(`merge.${value}`) })), { value: LEAVE, label: t("app_messaging:sms.leave_link") }] },
  ];
  const put = () => {
    insert(tagOf(field, wants ? fallback.trim() : ""));
    setFallback("");
    setOpened(false);
  };
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus withArrow shadow="md">
      <Popover.Target><Button size="compact-sm" variant="subtle" color="gray" leftSection={<UserRoundPen aria-hidden size={15} />} onClick={() => setOpened(!opened)}>{t("merge.insert")}</Button></Popover.Target>
      <Popover.Dropdown aria-label={t("merge.insert")}>
        <Stack gap="xs" w={260}>
          <Select label={t("merge.field")} data={choices} value={field} allowDeselect={false} comboboxProps={{ withinPortal: false }} onChange={(value) => value && setField(value)} />
          {wants && <TextInput required dir="auto" label={t("merge.fallback")} description={t("merge.fallback.about")} value={fallback} onChange={({ currentTarget: { value } }) => setFallback(value)}
            onKeyDown={(event) => { if (event.key === "Enter" && fallback.trim() !== "") { event.preventDefault(); put(); } }} />}
          <Group justify="flex-end"><Button size="xs" disabled={wants && fallback.trim() === ""} onClick={put}>{t("merge.put")}</Button></Group>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
