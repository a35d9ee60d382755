import { Alert, Anchor, Box, Button, Group, Loader, Progress, Stack, Table, Text } from "@mantine/core";
import { CircleCheck, Languages, Wallet } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { to } from "@/app/place";
import { useFormat } from "@/i18n/format";
import { moneyOf } from "@/screens/messaging/money";
import { isArabic, signOf } from "@/screens/messaging/text";
import { useTexts } from "@/screens/messaging/useTexts";
import { Failed } from "@/ui/Failed";
import { Figure } from "@/ui/Figure";
import { CountryName, LanguageName } from "@/ui/Language";
import { Ltr } from "@/ui/text";
import { useWord } from "@/ui/words";
import { useEstimate, type CountryCost, type Estimate } from "./shapes";

/** An average is told in thousandths. */
const FINE = 1000;

/** What the campaign weighs and costs as it stands. */
export function CostCard({ id, changes, saved }: { id: string; changes: string; saved: boolean }) {
  const { t } = useTranslation("app_messaging");
  const estimate = useEstimate(id, changes, saved);
  if (estimate.data) return <Shown estimate={estimate.data} />;
  if (estimate.error) return <Failed error={estimate.error} again={() => void estimate.refetch()} />;
  return <Group gap="xs" role="status"><Loader size="xs" /><Text size="sm">{t("sms.counting")}</Text></Group>;
}

function Shown({ estimate }: { estimate: Estimate }) {
  const { t } = useTranslation("app_messaging");
  const format = useFormat();
  const { recipients, parts, cost_micros, currency, available_micros, covered, by_country, by_encoding, by_parts } = estimate;
  const money = (micros: number) => <bdi>{moneyOf(format.tag, micros, currency)}</bdi>;
  return (
    <Stack gap="md" aria-live="polite">
      <Box style={{ display: "grid", gap: "var(--mantine-spacing-sm)", gridTemplateColumns: "repeat(auto-fit, minmax(11rem, 1fr))" }}>
        <Figure label={t("sms.recipients")} value={format.number(recipients)} />
        <Figure label={t("column.parts")} value={format.number(parts)} note={recipients > 0 ? t("sms.each", { n: format.number(Math.round((parts / recipients) * 10) / 10) }) : undefined} />
        <Figure label={t("facts.cost")} value={money(cost_micros)} note={recipients > 0 ? <>{t("sms.each_cost")} {money(Math.round(cost_micros / recipients / FINE) * FINE)}</> : undefined} />
      </Box>
      {available_micros === null || available_micros === undefined ? <Text size="sm" c="dimmed">{t("sms.unlimited")}</Text> : covered ? (
        <Alert color="teal" icon={<CircleCheck aria-hidden />}>{t("sms.covered")} {money(available_micros)}</Alert>
      ) : (
        <Alert color="red" icon={<Wallet aria-hidden />} title={t("sms.uncovered")}>
          <Stack gap="xs"><Text size="sm">{t("sms.missing")} {money(cost_micros - available_micros)}</Text><Group><Button component={Link} to={to("/messaging/balance")} size="xs" variant="default">{t("place.balance")}</Button></Group></Stack>
        </Alert>
      )}
      <LeftOut estimate={estimate} />
      {estimate.wordings.map((wording) => <Wording key={wording.language} wording={wording} several={estimate.wordings.length > 1} />)}
      {by_country.length > 0 && <Countries rows={by_country} currency={currency} />}
      {recipients > 0 && by_parts.length > 1 && (
        <Stack gap={6}>
          <Text size="sm" fw={600}>{t("sms.by_parts")}</Text>
          {by_parts.map(({ parts, recipients: people }) => (
            <Group key={parts} gap="sm" wrap="nowrap"><Text size="sm" w={90} style={{ flexShrink: 0 }}>{t("parts", { count: parts, n: format.number(parts) })}</Text><Progress flex={1} value={(people / recipients) * 100} aria-label={t("parts", { count: parts, n: format.number(parts) })} /><Text size="sm" className="tabular">{format.number(people)}</Text></Group>
          ))}
        </Stack>
      )}
      {(by_encoding.UCS2 ?? 0) > 0 && <Text size="sm" c="dimmed">{t("sms.unicode_people", { count: by_encoding.UCS2 ?? 0, n: format.number(by_encoding.UCS2 ?? 0) })}</Text>}
    </Stack>
  );
}

/** Who does not get it, and why the channel cannot reach them. */
function LeftOut({ estimate: { without_phone, denied, deferred, messages_refused } }: { estimate: Estimate }) {
  const { t } = useTranslation("app_messaging");
  const format = useFormat();
  const texts = useTexts();
  const word = useWord();
  const said = (code: string) => (texts("refused", code) !== code ? texts("refused", code) : word("reason", code));
  const rows = [
    ["without_phone", t("sms.without_phone"), without_phone], ["denied", t("sms.denied"), denied], ["deferred", t("sms.deferred"), deferred],
    ...Object.entries(messages_refused).map(([code, people]) => [code, said(code), people] as const),
  ] as const;
  const shown = rows.filter(([, , people]) => people > 0);
  if (shown.length === 0) return null;
  return (
    <Stack gap={4} component="ul" m={0} p={0} style={{ listStyle: "none" }} aria-label={t("sms.left_out")}>
      {shown.map(([code, label, people]) => <Group key={code} component="li" justify="space-between" wrap="nowrap"><Text size="sm">{label}</Text><Text size="sm" className="tabular">{format.number(people)}</Text></Group>)}
    </Stack>
  );
}

/** Stray signs that make a text dearer, and what the law wants it to say, by language. */
function Wording({ wording: { language, encoding, parts, because, says_stop }, several }: { wording: Estimate["wordings"][number]; several: boolean }) {
  const { t } = useTranslation("app_messaging");
  const format = useFormat();
  const stray = encoding === "UCS2" && because.length > 0 && !isArabic(because.join(""));
  if (!stray && says_stop) return null;
  return (
    <Alert color="amber" icon={<Languages aria-hidden />} title={several ? <LanguageName code={language} /> : undefined}>
      <Stack gap={4}>
        {stray && <Text size="sm">{t("sms.stray", { count: parts, n: format.number(parts) })} <Ltr>{because.map(signOf).join(" ")}</Ltr></Text>}
        {!says_stop && <Text size="sm">{t("sms.no_stop")}</Text>}
      </Stack>
    </Alert>
  );
}

/** People, parts and money by country. */
export function Countries({ rows, currency }: { rows: CountryCost[]; currency: string }) {
  const { t } = useTranslation("app_messaging");
  const format = useFormat();
  return (
    <Table aria-label={t("sms.by_country")}>
      <Table.Thead><Table.Tr><Table.Th>{t("facts.country")}</Table.Th><Table.Th ta="end">{t("sms.recipients")}</Table.Th><Table.Th ta="end">{t("column.parts")}</Table.Th><Table.Th ta="end">{t("facts.cost")}</Table.Th></Table.Tr></Table.Thead>
      <Table.Tbody>
        {rows.map(({ country, recipients, messages, parts, cost_micros }) => (
          <Table.Tr key={country}><Table.Td>{country ? <CountryName code={country} /> : "–"}</Table.Td><Table.Td ta="end">{format.number(recipients ?? messages ?? 0)}</Table.Td><Table.Td ta="end">{format.number(parts)}</Table.Td><Table.Td ta="end"><bdi>{moneyOf(format.tag, cost_micros, currency)}</bdi></Table.Td></Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** Why a campaign waits by itself, and what lets it go on. */
export function Halted({ by }: { by: string | null }) {
  const { t } = useTranslation("app_messaging");
  if (!by) return null;
  const money = by === "insufficient_balance";
  return (
    <Alert color="amber" icon={<Wallet aria-hidden />} title={t(money ? "halted.money" : "halted.cap")}>
      <Text size="sm">{t(money ? "halted.money.text" : "halted.cap.text")} <Anchor component={Link} to={to(money ? "/messaging/balance" : "/messaging/routes?tab=limits")} inherit underline="always">{t(money ? "place.balance" : "limits")}</Anchor></Text>
    </Alert>
  );
}
