import { Box } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { PreviewFrame } from "./PreviewFrame";
import { usePreview, type Content } from "./server";

const WIDTH = 640;

/** The beginning of a message, small. */
export function Thumbnail({ content, language, height }: { content: Content; language: string; height: number }) {
  const { t } = useTranslation("app_content");
  const { ref, width } = useElementSize();
  // There is no picture of a message without a subject, and a piece of one has none.
  const shown = usePreview({ ...content, subject: content.subject.trim() || "–" }, { language });
  const scale = Math.max(width, 120) / WIDTH;
  return (
    <Box ref={ref} h={height} dir="ltr" style={{ overflow: "hidden", background: "#ffffff", borderRadius: 8, border: "1px solid var(--mantine-color-default-border)", pointerEvents: "none" }}>
      <Box style={{ width: WIDTH, transformOrigin: "0 0", transform: `scale(${scale})` }}>
        {shown.data?.html && width > 0 && <PreviewFrame decorative html={shown.data.html} title={t("thumbnail")} width={WIDTH} height={height / scale} />}
      </Box>
    </Box>
  );
}
