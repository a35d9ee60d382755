import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";

/** A custom field's value as its kind reads. */
export function AttributeValue({ value, kind }: { value: unknown; kind: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (value === undefined || value === null || value === "") return <Text span c="dimmed">–</Text>;
  if (kind === "bool") return <span>{value === true || value === "true" ? t("yes") : t("no")}</span>;
  if (kind === "number" && typeof value === "number") return <span className="tabular">{format.number(value)}</span>;
  if (kind === "date") return <span>{format.date(String(value))}</span>;
  return <bdi>{String(value)}</bdi>;
}
