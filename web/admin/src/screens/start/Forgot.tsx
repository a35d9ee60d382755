import { Anchor, Button, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { fetchClient } from "@/api/client";
import { Failed } from "@/ui/Failed";
import { useServerForm } from "@/ui/form";
import { Outside } from "./Outside";

/** Asks for a link that sets a new password. The answer is the same whether the address is known or not. */
export default function Forgot() {
  const { t } = useTranslation("app_start");
  const [asked, setAsked] = useState(false);
  const form = useServerForm({ mode: "uncontrolled", initialValues: { email: "" } });
  const send = form.send(async ({ email }) => {
    const { error } = await fetchClient.POST("/v1/account/reset", { body: { email: email.trim() } });
    if (error) throw error;
    setAsked(true);
  });
  return (
    <Outside title={t("forgot.title")} about={t("forgot.about")}>
      {asked ? <Text role="status">{t("forgot.asked")}</Text> : (
        <form onSubmit={send} noValidate>
          <Stack>
            {form.trouble !== null && <Failed error={form.trouble} />}
            <TextInput label={t("email")} type="email" autoComplete="username" autoFocus dir="ltr" required {...form.getInputProps("email")} />
            <Button type="submit" loading={form.busy} fullWidth>{t("forgot.button")}</Button>
          </Stack>
        </form>
      )}
      <Anchor component={Link} to="/sign-in" size="sm">{t("forgot.back")}</Anchor>
    </Outside>
  );
}
