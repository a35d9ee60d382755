import type { paths } from "@/api/schema";

export type Overview = paths["/v1/reports/overview"]["get"]["responses"][200]["content"]["application/json"];
export type CampaignLine = Overview["campaigns"][number];
export type GroupLine = Overview["deliverability"][number];

/** What all campaigns of the period did together. */
export function sums({ campaigns }: Pick<Overview, "campaigns">) {
  const sum = (value: (line: CampaignLine) => number) => campaigns.reduce((total, line) => total + value(line), 0);
  return { sent: sum(({ sent }) => sent), complained: sum(({ complained }) => complained) };
}
