import { ActionIcon, Box, Button, Card, Group, Stack, Text, Title, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { CalendarDays, ChevronLeft, ChevronRight } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api } from "@/api/client";
import { useUrlState } from "@/app/place";
import { usePreferences } from "@/app/preferences";
import { useMay } from "@/app/session";
import { useFormat } from "@/i18n/format";
import { Loaded } from "@/ui/Loaded";
import { Nothing } from "@/ui/Nothing";
import { DirIcon } from "@/ui/text";
import { byDay, dayOf, firstWeekday, noonOf, plusMonths, weeksOf, type Day } from "@/ui/days";
import { placeOf } from "./CampaignTable";
import { Reschedule } from "./Reschedule";
import { StateBadge } from "./StateBadge";
import { asRow, type CampaignRow } from "./server";

const whenOf = ({ started_at, scheduled_at }: CampaignRow) => started_at ?? scheduled_at;

/** The month's campaigns: scheduled ones can be put on another day. */
export function CampaignCalendar() {
  const { t } = useTranslation("app_campaigns");
  const format = useFormat();
  const phone = useMediaQuery("(max-width: 48em)");
  const { preferences } = usePreferences();
  const today = dayOf(new Date());
  const [month, setMonth] = useUrlState("month", today.slice(0, 7));
  const [q] = useUrlState("q");
  const [moving, setMoving] = useState<CampaignRow | null>(null);
  const weeks = weeksOf(month, firstWeekday(preferences.first_weekday, format.tag));
  const [from, to] = [weeks[0]?.[0] ?? today, weeks.at(-1)?.at(-1) ?? today];
  const list = api.useQuery("get", "/v1/campaigns", {
    params: { query: { from: new Date(`${from}T00:00:00`).toISOString(), to: new Date(`${to}T23:59:59`).toISOString(), q: q || undefined, sort: "when", limit: 200 } },
  }, { placeholderData: (before) => before });
  const title = new Intl.DateTimeFormat(format.tag, { month: "long", year: "numeric" }).format(noonOf(`${month}-15`));
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={2} aria-live="polite">{title}</Title>
        <Group gap={4}>
          <ActionIcon variant="default" aria-label={t("calendar.before")} onClick={() => setMonth(plusMonths(month, -1))}><DirIcon icon={ChevronLeft} size={18} /></ActionIcon>
          <Button variant="default" size="xs" onClick={() => setMonth(today.slice(0, 7))}>{t("calendar.today")}</Button>
          <ActionIcon variant="default" aria-label={t("calendar.after")} onClick={() => setMonth(plusMonths(month, 1))}><DirIcon icon={ChevronRight} size={18} /></ActionIcon>
        </Group>
      </Group>
      <Loaded query={list}>
        {({ items }) => {
          const days = byDay(items.map(asRow), whenOf);
          const parts = { days, today, month, move: setMoving };
          return phone ? <Agenda {...parts} /> : <Month {...parts} weeks={weeks} />;
        }}
      </Loaded>
      {moving && <Reschedule campaign={moving} close={() => setMoving(null)} />}
    </Stack>
  );
}

interface Parts {
  days: Map<Day, CampaignRow[]>;
  today: Day;
  month: string;
  move: (campaign: CampaignRow) => void;
}

function Month({ weeks, days, today, month, move }: Parts & { weeks: Day[][] }) {
  const format = useFormat();
  const { t } = useTranslation("app_campaigns");
  const weekday = (style: "short" | "long") => new Intl.DateTimeFormat(format.tag, { weekday: style });
  const date = new Intl.DateTimeFormat(format.tag, { day: "numeric" });
  return (
    <Card padding={0}>
      <table style={{ width: "100%", tableLayout: "fixed", borderCollapse: "collapse" }}>
        <caption><VisuallyHidden>{t("calendar.label")}</VisuallyHidden></caption>
        <thead><tr>{weeks[0]?.map((day) => <th key={day} scope="col" abbr={weekday("long").format(noonOf(day))} style={{ padding: 8, fontWeight: 600, fontSize: 13, textAlign: "start" }}>{weekday("short").format(noonOf(day))}</th>)}</tr></thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]}>
              {week.map((day) => (
                <td key={day} style={{ verticalAlign: "top", height: 104, padding: 6, borderBlockStart: "1px solid var(--mantine-color-default-border)", borderInlineStart: "1px solid var(--mantine-color-default-border)", background: day.startsWith(month) ? undefined : "var(--barid-ground)" }}>
                  <Text component="time" dateTime={day} size="sm" fw={day === today ? 600 : 400} c={day.startsWith(month) ? undefined : "dimmed"} aria-current={day === today ? "date" : undefined}
                    style={day === today ? { display: "inline-block", minWidth: 26, textAlign: "center", borderRadius: 13, background: "var(--mantine-primary-color-filled)", color: "#fff" } : undefined}>{date.format(noonOf(day))}</Text>
                  <Stack gap={4} mt={4}>{(days.get(day) ?? []).map((campaign) => <Entry key={campaign.id} campaign={campaign} move={move} />)}</Stack>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function Agenda({ days, month, move }: Parts) {
  const { t } = useTranslation("app_campaigns");
  const format = useFormat();
  const shown = [...days].filter(([day]) => day.startsWith(month));
  if (shown.length === 0) return <Nothing icon={CalendarDays} title={t("calendar.none")} text={t("calendar.none.text")} />;
  return shown.map(([day, campaigns]) => (
    <Box key={day}>
      <Title order={3} mb={4}>{format.date(noonOf(day))}</Title>
      <Stack gap="xs">{campaigns.map((campaign) => <Card key={campaign.id} padding="sm"><Group justify="space-between" mb={4}><StateBadge state={campaign.state} /></Group><Entry campaign={campaign} move={move} /></Card>)}</Stack>
    </Box>
  ));
}

function Entry({ campaign, move }: { campaign: CampaignRow; move: (campaign: CampaignRow) => void }) {
  const { t } = useTranslation("app_campaigns");
  const format = useFormat();
  const may = useMay();
  const movable = campaign.state === "scheduled" && may("campaigns:send");
  const at = whenOf(campaign);
  const tone = campaign.state === "scheduled" ? "amber" : campaign.state === "cancelled" ? "gray" : "teal";
  return (
    <Box px={6} py={3} style={{ borderRadius: 6, background: `var(--barid-${tone}-tint)`, color: `var(--barid-${tone}-on-tint)`, overflowWrap: "anywhere" }}>
      <UnstyledButton component={Link} to={placeOf(campaign)} fz="xs" style={{ color: "inherit" }}>
        {at && <span className="tabular">{format.time(at)} </span>}<bdi>{campaign.name}</bdi>
      </UnstyledButton>
      {movable && <UnstyledButton fz="xs" display="block" td="underline" style={{ color: "inherit" }} aria-label={t("calendar.move_one", { name: campaign.name })} onClick={() => move(campaign)}>{t("calendar.move")}</UnstyledButton>}
    </Box>
  );
}
