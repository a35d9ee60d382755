import { Alert, Checkbox, NumberInput, Radio, Stack, TagsInput, Text, Title } from "@mantine/core";
import { ShieldCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import { originOf } from "./definition";
import { EXAMPLES } from "./examples";
import type { Work } from "./useWork";

const MOST_ORIGINS = 50;
const GROWN = 18;

/** Confirmation, age, the sites that may show the form, and what keeps robots out. */
export function ProtectionTab({ work }: { work: Work }) {
  const { t } = useTranslation("app_forms");
  const { double_opt_in, origins } = work.definition;
  const wrong = Object.keys(work.problems).find((path) => path.startsWith("origins"));
  return (
    <Stack gap="xl">
      <Stack gap="sm">
        <Title order={2}>{t("confirming")}</Title>
        <Checkbox label={t("double_opt_in")} description={t("double_opt_in.about")} checked={double_opt_in} onChange={(event) => work.define({ double_opt_in: event.currentTarget.checked })} />
      </Stack>
      <Age work={work} />
      <Stack gap="sm">
        <Title order={2}>{t("part.origins")}</Title>
        <TagsInput label={t("origins.label")} description={t("origins.about")} dir="ltr" placeholder={origins.length === 0 ? EXAMPLES.site : undefined} value={origins} maxTags={MOST_ORIGINS} splitChars={[",", " "]}
          onChange={(origins) => work.define({ origins: [...new Set(origins.map(originOf).filter(Boolean))] })} error={wrong && work.wrong(wrong)} />
        {origins.length === 0 && <Text size="sm" c="dimmed">{t("origins.none")}</Text>}
      </Stack>
      <Alert color="gray" icon={<ShieldCheck aria-hidden />} title={t("robots")}>{t("robots.text")}</Alert>
    </Stack>
  );
}

function Age({ work }: { work: Work }) {
  const { t } = useTranslation("app_forms");
  const { minimum_age } = work.definition;
  const asked = minimum_age === null ? "no" : minimum_age.years === null ? "workspace" : "own";
  const choose = (value: string) => work.define({ minimum_age: value === "no" ? null : { years: value === "own" ? GROWN : null } });
  return (
    <Stack gap="sm">
      <Title order={2}>{t("age")}</Title>
      <Text size="sm" c="dimmed">{t("age.about")}</Text>
      <Radio.Group aria-label={t("age")} value={asked} onChange={choose}>
        <Stack gap="xs">{(["no", "workspace", "own"] as const).map((value) => <Radio key={value} value={value} label={t(`age.${value}`)} />)}</Stack>
      </Radio.Group>
      {minimum_age?.years != null && (
        <NumberInput maw={220} label={t("age.years")} min={1} max={120} allowDecimal={false} value={minimum_age.years} onChange={(years) => work.define({ minimum_age: { years: typeof years === "number" ? years : GROWN } })} error={work.wrong("minimum_age.years")} />
      )}
    </Stack>
  );
}
