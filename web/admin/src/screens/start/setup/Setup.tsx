import { Button, Group, Stack, Stepper } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api } from "@/api/client";
import { to, useUrlState } from "@/app/place";
import { Loaded } from "@/ui/Loaded";
import { Page } from "@/ui/Page";
import { About } from "./About";
import { FirstCampaign } from "./FirstCampaign";
import { Organisation } from "./Organisation";
import { People } from "./People";
import { Sending } from "./Sending";

const STEPS = ["organisation", "about", "sending", "people", "campaign"] as const;
type Step = (typeof STEPS)[number];

/** The way to a first campaign: five steps, each of which may be left out and come back to. */
export default function Setup() {
  const { t } = useTranslation("app_start");
  const navigate = useNavigate();
  const narrow = useMediaQuery("(max-width: 48em)");
  const [at, go] = useUrlState("step", STEPS[0]);
  const place = Math.max(0, STEPS.indexOf(at as Step));
  const checklist = api.useQuery("get", "/v1/setup/checklist", {});
  const on = () => {
    const next = STEPS[place + 1];
    if (next) go(next);
    else void navigate(to("/home"));
  };
  return (
    <Page title={t("setup.title")} about={t("setup.about")} permission="workspace:write">
      <Loaded query={checklist}>
        {({ steps, answers, suggested }) => (
          <Stack gap="xl" maw={760}>
            <Stepper active={place} onStepClick={(step) => go(STEPS[step] ?? STEPS[0])} size="sm" orientation={narrow ? "vertical" : "horizontal"} iconSize={32}
              aria-label={t("setup.title")}>
              {STEPS.map((step) => (
                <Stepper.Step key={step} label={t(step === "about" ? "setup.about_step" : `setup.${step}`)} color={steps.some(({ code, done }) => code === step && done) ? "teal" : undefined} />
              ))}
            </Stepper>
            {at === "organisation" && <Organisation done={on} />}
            {at === "about" && <About answers={answers ?? null} done={on} />}
            {at === "sending" && <Sending done={on} />}
            {at === "people" && <People done={on} />}
            {at === "campaign" && <FirstCampaign suggested={suggested} />}
            <Group justify="space-between">
              <Button variant="subtle" color="gray" disabled={place === 0} onClick={() => go(STEPS[place - 1] ?? STEPS[0])}>{t("setup.back")}</Button>
              <Button variant="subtle" color="gray" onClick={on}>{t("setup.skip")}</Button>
            </Group>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}
