import { Badge, Box, Group, Paper, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { CannedReply } from "./api";

/** The canned replies that what is written may mean; the keyboard stays in the box. */
export function Canned({ id, options, place, use }: { id: string; options: CannedReply[]; place: number; use: (reply: CannedReply) => void }) {
  const { t } = useTranslation("app_inbox");
  return (
    <Paper withBorder shadow="md" radius="md" id={id} role="listbox" aria-label={t("canned")} style={{ position: "absolute", insetInline: 12, bottom: "100%", maxHeight: 280, overflowY: "auto", zIndex: 2 }}>
      {options.map((reply, at) => (
        <Box key={reply.id} id={`${id}-${at}`} role="option" aria-selected={at === place} px="sm" py={8} bg={at === place ? "var(--barid-teal-tint)" : undefined} style={{ cursor: "pointer" }}
          onMouseDown={(event) => { event.preventDefault(); use(reply); }}>
          <Group gap="xs" wrap="nowrap"><Badge color="gray"><bdi>/{reply.shortcut}</bdi></Badge><Text size="sm" truncate dir="auto" style={{ flex: 1 }}>{reply.text}</Text></Group>
        </Box>
      ))}
    </Paper>
  );
}
