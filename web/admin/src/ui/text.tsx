import { ActionIcon, Box, CopyButton, Group, Tooltip } from "@mantine/core";
import { Check, Copy, type LucideIcon, type LucideProps } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";

/** Addresses, numbers of telephones, codes, ids and URLs: read left to right in every language. */
export function Ltr({ children }: { children: string | number }) {
  return <bdi dir="ltr">{children}</bdi>;
}

/** A directional icon (arrow, send, back, undo): it turns with the language. */
export function DirIcon({ icon: Icon, ...rest }: { icon: LucideIcon } & LucideProps) {
  return <Icon aria-hidden {...rest} className="dir-icon" />;
}

/** A moment: how long ago, and exactly in the tooltip. */
export function When({ at }: { at: string | null | undefined }) {
  const format = useFormat();
  if (!at) return <span>–</span>;
  return <Tooltip label={format.dateTime(at)}><time dateTime={at}>{format.relative(at)}</time></Tooltip>;
}

/** A moment, exactly. */
export function Moment({ at }: { at: string | null | undefined }) {
  const format = useFormat();
  return at ? <time dateTime={at}>{format.dateTime(at)}</time> : <span>–</span>;
}

/** Text to take elsewhere: keys, DNS records, embed code. */
export function CopyText({ value, label, block = false }: { value: string; label: string; block?: boolean }) {
  const { t } = useTranslation();
  return (
    <Group gap="xs" wrap="nowrap" align={block ? "flex-start" : "center"}>
      <Box component={block ? "pre" : "code"} dir="ltr" tabIndex={0} aria-label={label} role="group"
        style={{ flex: 1, minWidth: 0, margin: 0, padding: "6px 10px", borderRadius: 8, background: "var(--barid-gray-tint)", color: "var(--barid-gray-on-tint)",
          overflowX: "auto", whiteSpace: block ? "pre-wrap" : "nowrap", overflowWrap: "anywhere", fontSize: 13, textAlign: "left" }}>
        {value}
      </Box>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? t("copied") : t("copy", { what: label })}>
            <ActionIcon onClick={copy} aria-label={t("copy", { what: label })}>{copied ? <Check aria-hidden size={16} /> : <Copy aria-hidden size={16} />}</ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  );
}
