import { Anchor, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api } from "@/api/client";
import { to } from "@/app/place";
import { useFormat } from "@/i18n/format";
import { DataTable } from "@/ui/DataTable";
import { Loaded } from "@/ui/Loaded";

/** How often forms were shown, filled in and confirmed in the last thirty days, whatever the period above. */
export function FormTable() {
  const { t } = useTranslation("app_reports");
  const format = useFormat();
  const query = api.useQuery("get", "/v1/forms");
  return (
    <Stack gap="xs">
      <Title order={2}>{t("forms")}</Title>
      <Loaded query={query} lines={2}>
        {({ items }) => (
          <DataTable label={t("forms")} rows={items.filter(({ archived_at }) => !archived_at)} rowKey={({ id }) => id} empty={<Text size="sm" c="dimmed">{t("forms.none")}</Text>} columns={[
            { key: "name", title: t("forms.name"), cell: ({ id, name }) => <Anchor component={Link} to={to(`/forms/${id}`)} size="sm" fw={600}><bdi>{name}</bdi></Anchor> },
            { key: "views", title: t("forms.views"), numeric: true, cell: ({ last_30_days: month }) => format.number(month.views) },
            { key: "submissions", title: t("forms.submissions"), numeric: true, cell: ({ last_30_days: month }) => format.number(month.submissions) },
            { key: "confirmed", title: t("forms.confirmed"), numeric: true, cell: ({ last_30_days: month }) => format.number(month.confirmed) },
            { key: "share", title: t("forms.share"), numeric: true, cell: ({ last_30_days: month }) => format.share(month.confirmed, month.views) },
          ]} />
        )}
      </Loaded>
    </Stack>
  );
}
