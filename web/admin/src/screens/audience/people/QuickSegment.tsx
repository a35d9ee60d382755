import { Button } from "@mantine/core";
import { Filter as FilterIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api, fetchClient } from "@/api/client";
import { to } from "@/app/place";
import { refused } from "@/ui/notify";
import type { Condition } from "../segments/model";
import { conditionOf, type Filter } from "./filter";

/** Makes a segment of the filter on the screen; it opens in the builder, not saved yet. */
export function QuickSegment({ filter }: { filter: Filter }) {
  const { t } = useTranslation("app_audience");
  const navigate = useNavigate();
  const topics = api.useQuery("get", "/v1/topics");
  const go = async () => {
    let within: Condition | null = null;
    if (filter.segment) {
      const { data, error } = await fetchClient.GET("/v1/segments/{id}", { params: { path: { id: filter.segment } } });
      if (error) return refused(error);
      within = data.where as Condition;
    }
    const where = conditionOf(filter, (topics.data?.items ?? []).map(({ id }) => id), within);
    void navigate(to("/audience/segments/new"), { state: { where } });
  };
  return <Button variant="default" leftSection={<FilterIcon aria-hidden size={16} />} onClick={() => void go()}>{t("quick_segment")}</Button>;
}
