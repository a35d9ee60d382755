import { Modal, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

/** The frame of a dialogue about one person. */
export function Dialogue({ title, close, children, size }: { title: string; close: () => void; children: ReactNode; size?: string }) {
  const { t } = useTranslation();
  return <Modal opened onClose={close} size={size} title={<Text fw={600}>{title}</Text>} closeButtonProps={{ "aria-label": t("close") }}>{children}</Modal>;
}
