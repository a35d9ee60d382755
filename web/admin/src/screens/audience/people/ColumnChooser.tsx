import { Button, Checkbox, Popover, Stack, Text } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { Columns3 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/app/session";
import { useWord } from "@/ui/words";
import type { Field } from "../shapes";
import { FIRST_COLUMNS, STANDARD_COLUMNS } from "./columns";

/** The columns this member wants to see, kept in this browser for them alone. */
export function useChosenColumns(): [string[], (columns: string[]) => void] {
  const { user } = useSession();
  const [chosen, choose] = useLocalStorage({ key: `barid.audience.columns.${user.id}`, defaultValue: FIRST_COLUMNS, getInitialValueInEffect: false });
  return [chosen, choose];
}

interface Props {
  fields: readonly Field[];
  chosen: readonly string[];
  choose: (columns: string[]) => void;
}

export function ColumnChooser({ fields, chosen, choose }: Props) {
  const { t } = useTranslation("app_audience");
  const word = useWord();
  const all = [...STANDARD_COLUMNS.map((key) => ({ key: key as string, label: word("field", key) })), ...fields.map(({ key, label }) => ({ key: `attributes.${key}`, label }))];
  const turn = (key: string) => choose(all.map((column) => column.key).filter((other) => (other === key ? !chosen.includes(key) : chosen.includes(other))));
  return (
    <Popover position="bottom-end" shadow="md" trapFocus>
      <Popover.Target><Button variant="default" leftSection={<Columns3 aria-hidden size={16} />}>{t("columns")}</Button></Popover.Target>
      <Popover.Dropdown mah={420} style={{ overflowY: "auto" }}>
        <Stack gap="xs" role="group" aria-label={t("columns")}>
          {all.map(({ key, label }) => <Checkbox key={key} checked={chosen.includes(key)} onChange={() => turn(key)} label={<bdi>{label}</bdi>} />)}
          <Button size="compact-sm" variant="subtle" onClick={() => choose(FIRST_COLUMNS)}>{t("columns.reset")}</Button>
          <Text size="xs" c="dimmed" maw={220}>{t("columns.note")}</Text>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
