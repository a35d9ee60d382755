import { Alert, Button, Card, Grid, Group, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { RadioTower, Search, TriangleAlert } from "lucide-react";
import { useState, type FormEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "react-router";
import { codeOf } from "@/api/problem";
import { useCountries } from "@/screens/start/countries";
import { Failed } from "@/ui/Failed";
import { CountryName } from "@/ui/Language";
import { Loaded } from "@/ui/Loaded";
import { Status, type Tone } from "@/ui/Status";
import { CopyText, Ltr, Moment } from "@/ui/text";
import { useCodes } from "../codes";
import { useMoney } from "../money";
import { plainNumber } from "./list";
import { askNetwork, useFacts, type Facts, type NetworkAnswer } from "./server";

/** What number plans and, when asked, the network say of a number. */
export function LookUp() {
  const { t } = useTranslation("app_numbers");
  const countries = useCountries();
  const given = (useLocation().state as { number?: string } | null)?.number ?? "";
  const [number, setNumber] = useState(given);
  const [country, setCountry] = useState("");
  const [asked, setAsked] = useState({ number: given, country: "" });
  const facts = useFacts(asked.number, asked.country);
  const look = (event: FormEvent) => {
    event.preventDefault();
    setAsked({ number: plainNumber(number), country });
  };
  return (
    <Stack>
      <form onSubmit={look} role="search">
        <Group align="flex-end" gap="sm">
          <TextInput type="tel" dir="ltr" label={t("lookup.number")} value={number} onChange={(event) => setNumber(event.currentTarget.value)} style={{ flex: "1 1 14rem" }} maw={360} />
          <Select searchable clearable label={t("lookup.country")} placeholder={t("lookup.country.none")} data={countries} value={country || null} onChange={(code) => setCountry(code ?? "")} style={{ flex: "1 1 14rem" }} maw={320} clearButtonProps={{ "aria-label": t("lookup.country.none") }} />
          <Button type="submit" disabled={number.trim() === ""} leftSection={<Search aria-hidden size={16} />}>{t("lookup.go")}</Button>
        </Group>
      </form>
      <Text size="sm" c="dimmed">{t("lookup.free")}</Text>
      {asked.number !== "" && <Loaded query={facts}>{(found) => <Found key={found.formats.e164} facts={found} />}</Loaded>}
    </Stack>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Group justify="space-between" gap="sm" align="baseline" wrap="nowrap">
      <Text component="dt" size="sm" c="dimmed" style={{ flexShrink: 0 }}>{name}</Text><Text component="dd" size="sm" m={0} ta="end" style={{ overflowWrap: "anywhere" }}>{children}</Text>
    </Group>
  );
}

const FORMS = ["e164", "international", "national", "rfc3966"] as const;

function Found({ facts: { valid, country, country_prefix, kind, sms, formats } }: { facts: Facts }) {
  const { t } = useTranslation("app_numbers");
  const codes = useCodes("app_numbers");
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, md: 6 }}>
        <Card>
          <Stack gap="sm" aria-live="polite">
            <Group justify="space-between"><Title order={2}>{t("plan")}</Title><Status tone={valid ? "good" : "bad"}>{t(valid ? "plan.valid" : "plan.invalid")}</Status></Group>
            {!valid && <Text size="sm">{t("plan.invalid.text")}</Text>}
            <Stack component="dl" gap={6} m={0}>
              <Row name={t("plan.kind")}>{codes("kind", kind)}</Row>
              <Row name={t("plan.country")}>{country ? <CountryName code={country} /> : t("plan.nowhere")}</Row>
              <Row name={t("plan.prefix")}><Ltr>{`+${country_prefix}`}</Ltr></Row>
              <Row name={t("plan.sms")}>{t(sms ? "yes" : "no")}</Row>
            </Stack>
            <Title order={3}>{t("formats")}</Title>
            {FORMS.map((form) => <Stack key={form} gap={2}><Text size="xs" c="dimmed">{codes("format", form)}</Text><CopyText value={formats[form]} label={codes("format", form)} /></Stack>)}
          </Stack>
        </Card>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 6 }}><Network number={formats.e164} country={country ?? ""} /></Grid.Col>
    </Grid>
  );
}

const TONE: Record<string, Tone> = { active: "good", absent: "attention", unassigned: "bad", unknown: "waiting" };

function Network({ number, country }: { number: string; country: string }) {
  const { t } = useTranslation("app_numbers");
  const [answer, setAnswer] = useState<NetworkAnswer | null>(null);
  const [trouble, setTrouble] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const ask = async () => {
    setBusy(true);
    setTrouble(null);
    try {
      setAnswer(await askNetwork(number, country));
    } catch (error) {
      setTrouble(error);
    } finally {
      setBusy(false);
    }
  };
  const alone = trouble !== null && ["not_connected", "provider_missing", "conflict"].includes(codeOf(trouble));
  return (
    <Card>
      <Stack gap="sm">
        <Title order={2}>{t("network")}</Title>
        <Text size="sm" c="dimmed">{t("network.about")}</Text>
        {alone && <Alert color="amber" icon={<TriangleAlert aria-hidden />}>{t("network.none")}</Alert>}
        {trouble !== null && !alone && <Failed error={trouble} />}
        <div aria-live="polite">{answer && <Answered answer={answer} />}</div>
        <Group><Button variant="default" loading={busy} leftSection={<RadioTower aria-hidden size={16} />} onClick={() => void ask()}>{t("network.ask")}</Button></Group>
      </Stack>
    </Card>
  );
}

function Answered({ answer: { status, network, country, ported, roaming, asked_at, remembered, price_micros } }: { answer: NetworkAnswer }) {
  const { t } = useTranslation("app_numbers");
  const codes = useCodes("app_numbers");
  const money = useMoney();
  const yes = (value: boolean | null | undefined) => (value === null || value === undefined ? "–" : t(value ? "yes" : "no"));
  return (
    <Stack gap="sm">
      <Group><Status tone={TONE[status] ?? "waiting"}>{codes("network", status)}</Status></Group>
      <Stack component="dl" gap={6} m={0}>
        <Row name={t("network.code")}>{network ? <Ltr>{network}</Ltr> : "–"}</Row>
        <Row name={t("plan.country")}>{country ? <CountryName code={country} /> : "–"}</Row>
        <Row name={t("network.ported")}>{yes(ported)}</Row>
        <Row name={t("network.roaming")}>{yes(roaming)}</Row>
        <Row name={t("network.when")}><Moment at={asked_at} />{remembered && ` · ${t("network.remembered")}`}</Row>
        <Row name={t("network.price")}><bdi>{money(price_micros)}</bdi></Row>
      </Stack>
    </Stack>
  );
}
