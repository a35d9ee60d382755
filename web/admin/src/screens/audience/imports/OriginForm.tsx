import { Autocomplete, Card, Checkbox, Collapse, Radio, Select, SimpleGrid, Stack, Text, TextInput, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { useMay } from "@/app/session";
import { useWord } from "@/ui/words";
import { BASES, has, type Mapping, type Origin } from "./mapping";

interface Props {
  origin: Origin;
  mapping: Mapping;
  change: (part: Partial<Origin>) => void;
  /** What the server, or the form before it, says is wrong, by field. */
  errors: Readonly<Record<string, string>>;
}

function Assessment({ origin, change, errors }: Omit<Props, "mapping">) {
  const { t } = useTranslation("app_import");
  const may = useMay();
  const list = api.useQuery("get", "/v1/privacy/assessments", {}, { enabled: may("privacy:read") });
  const approved = (list.data?.items ?? []).filter(({ state }) => state === "approved" || state === "live");
  if (approved.length === 0) return <TextInput dir="ltr" label={t("origin.assessment")} description={t("origin.assessment_help")} value={origin.assessment} error={errors.assessment} onChange={(event) => change({ assessment: event.currentTarget.value })} />;
  return <Select label={t("origin.assessment")} description={t("origin.assessment_help")} data={approved.map(({ id, name }) => ({ value: id, label: name }))} value={origin.assessment || null} error={errors.assessment} onChange={(value) => change({ assessment: value ?? "" })} />;
}

function Purchase({ origin, change, errors }: Omit<Props, "mapping">) {
  const { t } = useTranslation("app_import");
  return (
    <Stack gap="sm">
      <Checkbox checked={origin.purchased} onChange={(event) => change({ purchased: event.currentTarget.checked })} label={t("origin.purchased")} description={t("origin.purchased_help")} />
      <Collapse expanded={origin.purchased}>
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          {(["vendor", "contract", "collection"] as const).map((name) => <TextInput key={name} dir="auto" label={t(`origin.${name}`)} value={origin[name]} error={errors[name]} onChange={(event) => change({ [name]: event.currentTarget.value })} />)}
        </SimpleGrid>
      </Collapse>
    </Stack>
  );
}

/** Why these people may be written to. Nothing is imported without it. */
export function OriginForm({ origin, mapping, change, errors }: Props) {
  const { t } = useTranslation("app_import");
  const word = useWord();
  const topics = api.useQuery("get", "/v1/topics");
  const names = (topics.data?.items ?? []).filter(({ archived_at }) => !archived_at).map(({ name }) => name);
  const today = new Date().toISOString().slice(0, 10);
  return (
    <Card component="section" aria-label={t("origin")}>
      <Stack>
        <Title order={2}>{t("origin")}</Title>
        <Radio.Group required label={t("origin.basis")} description={t("origin.basis_help")} value={origin.basis} onChange={(basis) => change({ basis })} error={errors.basis}>
          <Stack gap="xs" mt="xs">{BASES.map((basis) => <Radio key={basis} value={basis} label={word("import_basis", basis)} description={t(`needs.${basis}`)} />)}</Stack>
        </Radio.Group>
        {errors.confirmed_at && <Text size="sm" c="red" role="alert">{errors.confirmed_at}</Text>}
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {origin.basis === "soft_opt_in" && !has(mapping, "sale_date") && <TextInput type="date" dir="ltr" max={today} label={t("origin.sale_date")} description={t("origin.sale_date_help")} value={origin.sale_date} error={errors.sale_date} onChange={(event) => change({ sale_date: event.currentTarget.value })} />}
          {origin.basis === "legitimate_interest" && <>
            {!has(mapping, "assessment_id") && <Assessment origin={origin} change={change} errors={errors} />}
            {!has(mapping, "reason") && <TextInput dir="auto" label={t("origin.reason")} description={t("origin.reason_help")} value={origin.reason} error={errors.reason} onChange={(event) => change({ reason: event.currentTarget.value })} />}
          </>}
          <Autocomplete required dir="auto" label={t("origin.topic")} description={t("origin.topic_help")} data={names} value={origin.topic} error={errors.topic} onChange={(topic) => change({ topic })} />
          <TextInput required dir="auto" maxLength={200} label={t("origin.source")} description={t("origin.source_help")} placeholder={t("origin.source_example")} value={origin.source} error={errors.source} onChange={(event) => change({ source: event.currentTarget.value })} />
          <TextInput required type="date" dir="ltr" max={today} label={t("origin.collected_on")} description={t("origin.collected_help")} value={origin.collected_on} error={errors.collected_on} onChange={(event) => change({ collected_on: event.currentTarget.value })} />
        </SimpleGrid>
        {origin.basis.startsWith("consent") && <Checkbox checked={origin.tracking} onChange={(event) => change({ tracking: event.currentTarget.checked })} label={t("origin.tracking")} description={t("origin.tracking_help")} />}
        <Purchase origin={origin} change={change} errors={errors} />
        <Text size="sm" c="dimmed">{t("origin.duplicates")}</Text>
      </Stack>
    </Card>
  );
}
