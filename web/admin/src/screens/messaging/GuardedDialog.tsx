import { Alert, Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { KeyRound } from "lucide-react";
import type { FormEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Failed } from "@/ui/Failed";
import type { Form } from "@/ui/form";
import { Ltr } from "@/ui/text";

interface Props<Values> {
  title: string;
  words: Record<"name" | "nameNote" | "account" | "change" | "note", string>;
  form: Form<Values>;
  submit: (event?: FormEvent<HTMLFormElement>) => void;
  complete: boolean;
  close: () => void;
  /** The account with an operator: as it is known now, whether it is being entered anew, and its fields. */
  account: { known: string | null; entered: boolean; enter: () => void; fields: ReactNode };
  /** The rules. */
  children: ReactNode;
}

/** Makes or changes a way to an operator. Its account is handed in as a whole: without the password it stays as it is. */
export function GuardedDialog<Values>({ title, words, form, submit, complete, close, account, children }: Props<Values>) {
  const { t } = useTranslation("app_shell");
  return (
    <Modal opened onClose={close} size="xl" title={<Text fw={600} component="span"><bdi>{title}</bdi></Text>} closeButtonProps={{ "aria-label": t("close") }}>
      <form onSubmit={submit} noValidate autoComplete="off">
        <Stack gap="lg">
          {form.trouble !== null && <Failed error={form.trouble} />}
          <TextInput data-autofocus required dir="auto" label={words.name} description={words.nameNote} {...form.getInputProps("name")} />
          {account.entered ? account.fields : (
            <Group justify="space-between">
              <Stack gap={0}><Text fw={600}>{words.account}</Text><Text size="sm" c="dimmed"><Ltr>{account.known ?? ""}</Ltr></Text></Stack>
              <Button variant="default" leftSection={<KeyRound aria-hidden size={16} />} onClick={account.enter}>{words.change}</Button>
            </Group>
          )}
          {account.known !== null && account.entered && <Alert color="amber">{words.note}</Alert>}
          {children}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>{t("cancel")}</Button>
            <Button type="submit" loading={form.busy} disabled={!complete}>{t("save")}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
