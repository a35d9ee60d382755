import { Anchor, Radio, Select, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { useCodes } from "../codes";
import { FORWARDS, useFlowChoices } from "./server";

interface ForwardFieldsProps {
  sms: string;
  voice: string;
  /** What the number can do; what it cannot is not asked. */
  takes: readonly string[];
  readOnly?: boolean;
  errors?: { sms?: React.ReactNode; voice?: React.ReactNode };
  change: (part: { sms?: string; voice?: string }) => void;
}

/** Where messages go, and who takes calls. */
export function ForwardFields({ sms, voice, takes, readOnly, errors, change }: ForwardFieldsProps) {
  const { t } = useTranslation("app_numbers");
  const codes = useCodes("app_numbers");
  const sees = useMay()("calls:read");
  const flows = useFlowChoices(sees);
  const choices = (flows.data?.items ?? []).map(({ id, flow }) => ({ value: id, label: flow.title || t("flow.untitled") }));
  const known = voice === "" || choices.some(({ value }) => value === voice);
  return (
    <>
      {takes.some((one) => one !== "voice") && (
        <Radio.Group label={t("messages.to")} value={sms} readOnly={readOnly} error={errors?.sms} onChange={(sms) => change({ sms })}>
          <Stack gap="xs" mt="xs">{FORWARDS.map((code) => <Radio key={code} value={code} disabled={readOnly && code !== sms} label={codes("forward", code)} description={codes("forward.about", code)} />)}</Stack>
        </Radio.Group>
      )}
      {takes.includes("voice") && (
        <Select clearable={!readOnly} readOnly={readOnly} label={t("calls.to")} placeholder={t("nobody")} error={errors?.voice} value={voice || null} onChange={(voice) => change({ voice: voice ?? "" })}
          clearButtonProps={{ "aria-label": t("nobody") }} searchable={choices.length > 10} data={known ? choices : [...choices, { value: voice, label: t("flow") }]}
          description={choices.length === 0 && sees ? <Text span inherit>{t("flows.none")} <Anchor component={Link} to={to("/messaging/flows")} inherit underline="always">{t("flows.make")}</Anchor></Text> : t("calls.to.note")} />
      )}
    </>
  );
}
