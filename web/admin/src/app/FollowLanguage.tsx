import { useEffect } from "react";
import { useDirection } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { directionOf } from "@/i18n";

/** Turns the page around when the language changes, without a reload. */
export function FollowLanguage() {
  const { i18n } = useTranslation();
  const { setDirection } = useDirection();
  useEffect(() => setDirection(directionOf(i18n.language)), [i18n.language, setDirection]);
  return null;
}
