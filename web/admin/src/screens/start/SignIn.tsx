import { Anchor, Button, PasswordInput, PinInput, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, Navigate, useNavigate, useSearchParams } from "react-router";
import { fetchClient, queryClient } from "@/api/client";
import { latinDigits } from "@/i18n/format";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { useSessionQuery } from "@/app/session";
import { Outside } from "./Outside";

/** Only places of this application: an address from elsewhere cannot send anybody away. */
export function safePlace(next: string | null): string {
  return next && /^\/app(\/|$)/.test(next) && !next.includes("\\") ? next : "/";
}

export default function SignIn() {
  const { t } = useTranslation("app_start");
  const navigate = useNavigate();
  const [parameters] = useSearchParams();
  const session = useSessionQuery();
  const [challenge, setChallenge] = useState<string | null>(null);
  const enter = async () => {
    await queryClient.invalidateQueries({ queryKey: ["get", "/v1/session"] });
    await navigate(safePlace(parameters.get("next")), { replace: true });
  };
  if (session.data && challenge === null) return <Navigate replace to={safePlace(parameters.get("next"))} />;
  if (challenge !== null) return <SecondStep challenge={challenge} enter={enter} restart={() => setChallenge(null)} />;
  return (
    <Outside title={t("sign_in.title")} about={t("sign_in.about")}>
      <FirstStep enter={enter} ask={setChallenge} />
      <Anchor component={Link} to="/forgot" size="sm">{t("sign_in.forgot")}</Anchor>
    </Outside>
  );
}

function FirstStep({ enter, ask }: { enter: () => Promise<void>; ask: (challenge: string) => void }) {
  const { t } = useTranslation("app_start");
  const form = useServerForm({ mode: "uncontrolled", initialValues: { email: "", password: "" } });
  const send = form.send(async ({ email, password }) => {
    const { data, error } = await fetchClient.POST("/v1/session", { body: { email: latinDigits(email.trim()), password } });
    if (error) throw error;
    if ("challenge" in data) ask(data.challenge);
    else await enter();
  });
  return (
    <form onSubmit={send} noValidate>
      <Stack>
        {form.trouble !== null && <Failed error={form.trouble} />}
        <TextInput label={t("email")} type="email" autoComplete="username" autoFocus dir="ltr" required {...form.getInputProps("email")} />
        <PasswordInput label={t("password")} autoComplete="current-password" dir="ltr" required {...form.getInputProps("password")}
          visibilityToggleButtonProps={{ "aria-label": t("show_password") }} />
        <Button type="submit" loading={form.busy} fullWidth>{t("sign_in.button")}</Button>
      </Stack>
    </form>
  );
}

function SecondStep({ challenge, enter, restart }: { challenge: string; enter: () => Promise<void>; restart: () => void }) {
  const { t } = useTranslation("app_start");
  const [recovery, setRecovery] = useState(false);
  const form = useServerForm({ initialValues: { code: "" } });
  const send = form.send(async ({ code }) => {
    const { error } = await fetchClient.POST("/v1/session/second-factor", { body: { challenge, code: latinDigits(code.trim()) } });
    if (error) throw error;
    await enter();
  });
  return (
    <Outside title={t("second.title")} about={recovery ? t("second.about_recovery") : t("second.about")}>
      <form onSubmit={send} noValidate>
        <Stack>
          {form.trouble !== null && <Failed error={form.trouble} />}
          {recovery ? (
            <TextInput label={t("second.recovery_code")} autoFocus dir="ltr" autoComplete="one-time-code" {...form.getInputProps("code")} />
          ) : (
            <div dir="ltr" role="group" aria-label={t("second.code")}>
              <PinInput length={6} type={/^[0-9\u0660-\u0669\u06f0-\u06f9]*$/} inputMode="numeric" oneTimeCode autoFocus aria-label={t("second.digit")} value={form.values.code} onChange={(code) => form.setFieldValue("code", latinDigits(code))} error={form.errors.code !== undefined} />
            </div>
          )}
          {form.errors.code && !recovery && <Text size="sm" c="var(--mantine-color-error)" role="alert">{form.errors.code}</Text>}
          <Button type="submit" loading={form.busy} fullWidth>{t("second.button")}</Button>
          <Anchor component="button" type="button" size="sm" onClick={() => setRecovery(!recovery)}>{recovery ? t("second.use_app") : t("second.use_recovery")}</Anchor>
          <Anchor component="button" type="button" size="sm" onClick={restart}>{t("second.restart")}</Anchor>
        </Stack>
      </form>
    </Outside>
  );
}
