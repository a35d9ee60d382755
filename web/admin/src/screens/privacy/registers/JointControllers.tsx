import { ActionIcon, Button, Card, Fieldset, Group, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { Plus, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { components } from "@/api/schema";

type Party = components["schemas"]["Party"];

const BLANK: Party = { name: "", address: "", email: "", phone: "" };
const PARTS = ["name", "address", "email", "phone"] as const;
const MOST = 20;

/** Organisations that decide together with the controller (GDPR Art. 26); one without a name is left out. */
export function JointControllers({ parties, change, readOnly }: { parties: Party[]; change: (parties: Party[]) => void; readOnly: boolean }) {
  const { t } = useTranslation("app_registers");
  const set = (at: number, part: (typeof PARTS)[number], text: string) => change(parties.map((party, here) => (here === at ? { ...party, [part]: text } : party)));
  return (
    <Fieldset legend={t("responsible.joint")}>
      <Stack>
        <Text size="sm" c="dimmed">{t("responsible.joint_about")}</Text>
        {parties.length === 0 && <Text size="sm">{t("responsible.joint_none")}</Text>}
        {parties.map((party, at) => (
          <Card key={at} padding="sm">
            <Group align="flex-start" wrap="nowrap">
              <SimpleGrid cols={{ base: 1, sm: 2 }} style={{ flex: 1 }}>
                {PARTS.map((part) => (
                  <TextInput key={part} label={t(`responsible.${part}`)} required={part === "name"} readOnly={readOnly} value={party[part]} dir={part === "email" || part === "phone" ? "ltr" : "auto"}
                    onChange={({ currentTarget: { value } }) => set(at, part, value)} />
                ))}
              </SimpleGrid>
              {!readOnly && <ActionIcon color="red" aria-label={t("responsible.joint_remove", { name: party.name })} onClick={() => change(parties.filter((_, here) => here !== at))}><Trash2 aria-hidden size={16} /></ActionIcon>}
            </Group>
          </Card>
        ))}
        {!readOnly && parties.length < MOST && <Group><Button variant="default" size="compact-sm" leftSection={<Plus aria-hidden size={14} />} onClick={() => change([...parties, BLANK])}>{t("responsible.joint_add")}</Button></Group>}
      </Stack>
    </Fieldset>
  );
}
