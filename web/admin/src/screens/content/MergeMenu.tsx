import { Button, Group, Popover, Select, Stack, Text, TextInput } from "@mantine/core";
import { useEditorState, type Editor } from "@tiptap/react";
import { UserRoundPen } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { useMay } from "@/app/session";
import { MESSAGE, needsFallback } from "./richtext";

const PERSONAL = ["first_name", "last_name", "email", "company", "country"] as const;
function useFieldChoices() {
  const { t } = useTranslation("app_content");
  const may = useMay()("fields:read");
  const fields = api.useQuery("get", "/v1/fields", {}, { enabled: may, staleTime: 300_000 });
  const own = (fields.data?.items ?? []).map(({ key, label }) => ({ value: key, label }));
  return [
    { group: t("merge.person"), items: PERSONAL.map((value) => ({ value: value as string, label: t(`merge.${value}`) })) },
    ...(own.length > 0 ? [{ group: t("merge.own"), items: own }] : []),
    { group: t("merge.message"), items: MESSAGE.map((value) => ({ value: value as string, label: t(`merge.${value}`) })) },
  ];
}

/** Puts a value of the reader into the text; without words for those who lack it there is none. */
export function MergeMenu({ insert }: { insert: (field: string, fallback: string) => void }) {
  const { t } = useTranslation(["app_content", "app_shell"]);
  const [opened, setOpened] = useState(false);
  const [field, setField] = useState("first_name");
  const [fallback, setFallback] = useState("");
  const choices = useFieldChoices();
  const wants = needsFallback(field);
  const put = () => {
    insert(field, wants ? fallback.trim() : "");
    setFallback("");
    setOpened(false);
  };
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus withArrow shadow="md">
      <Popover.Target><Button size="compact-sm" variant="subtle" color="gray" leftSection={<UserRoundPen aria-hidden size={15} />} onClick={() => setOpened(!opened)}>{t("merge.insert")}</Button></Popover.Target>
      <Popover.Dropdown>
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

/** Below the text while such a value is chosen in it: its words for those who lack it. */
export function MergeEditor({ editor }: { editor: Editor }) {
  const { t } = useTranslation("app_content");
  const chosen = useEditorState({ editor, selector: ({ editor: now }) => (now.isActive("merge") ? (now.getAttributes("merge") as { field: string; fallback: string }) : null) });
  if (!chosen || !needsFallback(chosen.field)) return null;
  return (
    <Group gap="xs" p="xs" style={{ borderBlockStart: "1px solid var(--mantine-color-default-border)" }}>
      <Text size="sm"><bdi dir="ltr">{chosen.field}</bdi></Text>
      <TextInput size="xs" style={{ flex: 1 }} dir="auto" aria-label={t("merge.fallback")} placeholder={t("merge.fallback")} value={chosen.fallback} error={chosen.fallback === "" ? t("merge.fallback.missing") : undefined}
        onChange={({ currentTarget: { value } }) => editor.commands.updateAttributes("merge", { fallback: value })} />
    </Group>
  );
}
