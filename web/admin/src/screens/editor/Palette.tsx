import { ScrollArea, UnstyledButton } from "@mantine/core";
import { Columns2 } from "lucide-react";
import type { PointerEvent } from "react";
import { useTranslation } from "react-i18next";
import { ICONS, OFFERED } from "@/screens/content/blocks/look";
import type { BlockType } from "@/screens/content/document";

interface PaletteProps {
  add: (type: Exclude<BlockType, "footer">) => void;
  columns: () => void;
  press: (type: Exclude<BlockType, "footer">, event: PointerEvent) => void;
  height: string;
}

/** Everything that can be put into a message: pressed, it comes after what is chosen; carried, where it is let go. */
export function Palette({ add, columns, press, height }: PaletteProps) {
  const { t } = useTranslation("app_content");
  return (
    <ScrollArea h={height} type="auto" scrollbarSize={6} offsetScrollbars role="group" aria-label={t("palette")} viewportProps={{ tabIndex: -1 }}>
      {OFFERED.map((type) => {
        const Icon = ICONS[type];
        return <UnstyledButton key={type} className="barid-palette-item" aria-label={t("palette.add", { name: t(`block.${type}`) })} onPointerDown={(event) => press(type, event)} onClick={() => add(type)}><Icon aria-hidden size={19} /><span>{t(`block.${type}`)}</span></UnstyledButton>;
      })}
      <UnstyledButton className="barid-palette-item" aria-label={t("palette.add", { name: t("add.columns") })} onClick={columns}><Columns2 aria-hidden size={19} /><span>{t("add.columns")}</span></UnstyledButton>
    </ScrollArea>
  );
}
