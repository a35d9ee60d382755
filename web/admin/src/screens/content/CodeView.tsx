import "./code.css";
import { Box, Group, Stack, Text } from "@mantine/core";
import { useImperativeHandle, useRef, type Ref } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { offsetOf } from "./lines";
import type { Finding } from "./server";

export interface CodeHandle { goTo: (line: number, column: number) => void }

const LINE = 21;

interface CodeViewProps {
  kind: "mjml" | "html";
  text: string;
  change: (text: string) => void;
  findings: readonly Finding[];
  ref?: Ref<CodeHandle>;
}

/** MJML or HTML in a plain text box, so that every aid for writing works in it; lines are numbered and those with
 *  something wrong are marked. */
export function CodeView({ kind, text, change, findings, ref }: CodeViewProps) {
  const { t } = useTranslation("app_content");
  const format = useFormat();
  const box = useRef<HTMLTextAreaElement>(null);
  const numbers = useRef<HTMLDivElement>(null);
  const lines = text.split("\n").length;
  const marked = new Map(findings.filter(({ part }) => part === kind).map(({ line, severity }) => [line, severity]));
  useImperativeHandle(ref, () => ({
    goTo: (line, column) => {
      const at = offsetOf(text, line, column);
      box.current?.focus();
      box.current?.setSelectionRange(at, at);
      if (box.current) box.current.scrollTop = Math.max(0, (line - 5) * LINE);
    },
  }));
  const shared = { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13, lineHeight: `${LINE}px`, paddingBlock: 10 };
  return (
    <Stack gap={4}>
      <Group gap={0} wrap="nowrap" align="stretch" h={560} dir="ltr" className="barid-code" style={{ border: "1px solid var(--mantine-color-default-border)", borderRadius: 8, overflow: "hidden", background: "var(--mantine-color-body)" }}>
        <Box aria-hidden style={{ overflow: "hidden", flexShrink: 0, background: "var(--barid-gray-tint)", color: "var(--barid-gray-on-tint)", textAlign: "end", userSelect: "none" }}>
          <div ref={numbers} style={{ ...shared, paddingInline: 10 }}>
            {Array.from({ length: lines }, (_, at) => <div key={at} style={marked.has(at + 1) ? { color: "var(--barid-red-text)", fontWeight: 700 } : undefined}>{format.number(at + 1)}</div>)}
          </div>
        </Box>
        <textarea ref={box} aria-label={t(`code.${kind}`)} aria-invalid={[...marked.values()].includes("error")} value={text} wrap="off" spellCheck={false} autoCapitalize="off" autoComplete="off" dir="ltr"
          onChange={({ currentTarget: { value } }) => change(value)} onScroll={({ currentTarget: { scrollTop } }) => { if (numbers.current) numbers.current.style.transform = `translateY(${-scrollTop}px)`; }}
          style={{ ...shared, flex: 1, minWidth: 0, border: 0, resize: "none", paddingInline: 10, background: "transparent", color: "var(--mantine-color-text)", whiteSpace: "pre", overflow: "auto" }} />
      </Group>
      <Text size="xs" c="dimmed">{t("code.keys")}</Text>
    </Stack>
  );
}
