import { Anchor, Button, Modal, Stack, Text } from "@mantine/core";
import { ExternalLink, Link2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Design } from "@/screens/content/document";
import { DataTable } from "@/ui/DataTable";
import { Nothing } from "@/ui/Nothing";
import { Status, type Tone } from "@/ui/Status";
import { Ltr } from "@/ui/text";
import { linksOf, type LinkState } from "./links";

const TONE: Record<LinkState, Tone> = { good: "good", other: "good", merge: "good", plain: "attention", missing: "bad", wrong: "bad" };

/** What a browser can open from here, in a window of its own. */
const OPENS: readonly LinkState[] = ["good", "plain"];

/** Every link of the message, what is wrong with it, and the way to it. */
export function LinkList({ design, go, close }: { design: Design; go: (block: string) => void; close: () => void }) {
  const { t } = useTranslation(["app_content", "app_shell"]);
  const links = linksOf(design);
  return (
    <Modal opened onClose={close} size="xl" title={<Text fw={600} component="span">{t("links")}</Text>} closeButtonProps={{ "aria-label": t("app_shell:close") }}>
      <Stack>
        <Text size="sm" c="dimmed">{t("links.about")}</Text>
        <DataTable label={t("links")} rows={links.map((link, at) => ({ ...link, at }))} rowKey={({ at }) => String(at)} empty={<Nothing icon={Link2} title={t("links.none")} text={t("links.none.text")} />} columns={[
          { key: "words", title: t("links.words"), cell: ({ words, type }) => <><bdi>{words || "–"}</bdi><Text size="xs" c="dimmed">{t(`block.${type}`)}</Text></> },
          { key: "url", title: t("url"), cell: ({ url, state }) => (OPENS.includes(state)
            ? <Anchor href={url.trim()} target="_blank" rel="noopener noreferrer" size="sm" title={t("links.open")} style={{ overflowWrap: "anywhere" }}><Ltr>{url}</Ltr> <ExternalLink aria-label={t("links.open")} size={12} /></Anchor>
            : <Text span size="sm" style={{ overflowWrap: "anywhere" }}><Ltr>{url || "–"}</Ltr></Text>) },
          { key: "state", title: t("links.state"), cell: ({ state }) => <Status tone={TONE[state]}>{t(`links.state.${state}`)}</Status> },
          { key: "go", title: "", cell: ({ block }) => <Button size="compact-sm" variant="subtle" onClick={() => go(block)}>{t("links.go")}</Button> },
        ]} />
      </Stack>
    </Modal>
  );
}
