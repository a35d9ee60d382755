import { Badge, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Status, type Tone } from "@/ui/Status";
import { useWord } from "@/ui/words";
import type { Import } from "../shapes";

const TONE: Record<string, Tone> = { running: "busy", waiting: "waiting", finished: "good", cancelled: "off", failed: "bad" };

/** How an import stands, and whether it was only tried. */
export function ImportState({ of }: { of: Pick<Import, "state" | "dry_run"> }) {
  const { t } = useTranslation("app_import");
  const word = useWord();
  return <Group gap={4}><Status tone={TONE[of.state] ?? "waiting"}>{word("import_state", of.state)}</Status>{of.dry_run && <Badge color="gray">{t("trial")}</Badge>}</Group>;
}
