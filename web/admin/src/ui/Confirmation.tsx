import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { latinDigits } from "@/i18n/format";
import { answered, type Question } from "./confirm";
import { refused } from "./notify";

/** The dialogue of a question: says what will happen, and does it only then. */
export default function Confirmation({ question }: { question: Question }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const { title, text, button, destroys, type, act } = question;
  const go = async () => {
    setBusy(true);
    try {
      await act();
      answered();
    } catch (error) {
      refused(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={answered} title={<Text fw={600}>{title}</Text>} closeButtonProps={{ "aria-label": t("close") }}>
      <Stack>
        <Text component="div" size="sm">{text}</Text>
        {type && <TextInput data-autofocus label={t("confirm.type", { what: type })} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={answered}>{t("cancel")}</Button>
          <Button color={destroys ? "red" : "teal"} loading={busy} disabled={type !== undefined && latinDigits(typed.trim()) !== type} onClick={() => void go()}>{button}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
