import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { CircleAlert, CircleCheck } from "lucide-react";
import i18next from "i18next";
import { isProblem } from "@/api/problem";

const TEN_SECONDS = 10_000;

export function told(message: string) {
  notifications.show({ message, icon: <CircleCheck aria-hidden size={18} />, color: "teal", withCloseButton: true, closeButtonProps: { "aria-label": i18next.t("close") } });
}

/** A mutation that did not work; says what the server said. */
export function refused(error: unknown) {
  const message = isProblem(error) ? error.detail : i18next.t("failed.offline.text");
  notifications.show({ title: i18next.t("failed.refused.title"), message, icon: <CircleAlert aria-hidden size={18} />, color: "red", autoClose: TEN_SECONDS, closeButtonProps: { "aria-label": i18next.t("close") } });
}

/** Something done at once that can be taken back for ten seconds. */
export function undoable(message: string, undo: () => void) {
  const id = notifications.show({
    autoClose: TEN_SECONDS, color: "teal", closeButtonProps: { "aria-label": i18next.t("close") },
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" dir="auto">{message}</Text>
        <Button size="compact-sm" variant="subtle" onClick={() => { notifications.hide(id); undo(); }}>{i18next.t("undo")}</Button>
      </Group>
    ),
  });
}
