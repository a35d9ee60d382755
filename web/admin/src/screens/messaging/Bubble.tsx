import { Box, Text } from "@mantine/core";

/** A text as a telephone shows it: in its own direction, line by line. */
export function Bubble({ text, mine = true }: { text: string; mine?: boolean }) {
  return (
    <Box maw={360} px="md" py="xs" style={{
      background: mine ? "var(--barid-teal-tint)" : "var(--barid-gray-tint)", color: mine ? "var(--barid-teal-on-tint)" : "var(--barid-gray-on-tint)",
      borderRadius: 18, borderEndStartRadius: mine ? 4 : 18, borderEndEndRadius: mine ? 18 : 4, width: "fit-content",
    }}>
      <Text dir="auto" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere", unicodeBidi: "plaintext" }}>{text}</Text>
    </Box>
  );
}
