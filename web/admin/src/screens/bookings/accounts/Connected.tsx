import { Button, Group, Stack } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router";
import { to } from "@/app/place";
import { Failed } from "@/ui/Failed";
import { told } from "@/ui/notify";
import { Nothing } from "@/ui/Nothing";
import { Page } from "@/ui/Page";
import { Waiting } from "@/ui/Waiting";
import { CalendarX2 } from "lucide-react";
import { finishOauth } from "../server";

/** The end of connecting a calendar at a provider: hands in what the provider gave. */
export default function Connected() {
  const { t } = useTranslation("app_bookings");
  const [parameters] = useSearchParams();
  const navigate = useNavigate();
  const [trouble, setTrouble] = useState<unknown>(null);
  const begun = useRef(false);
  const [code, state] = [parameters.get("code"), parameters.get("state")];
  useEffect(() => {
    if (!code || !state || begun.current) return;
    begun.current = true;
    finishOauth({ code, state }).then(({ label }) => {
      told(t("account.connected", { name: label }));
      void navigate(to("/bookings/calendars"), { replace: true });
    }, setTrouble);
  }, [code, state, navigate, t]);
  return (
    <Page title={t("connecting")} above={[{ label: t("place.calendars"), href: to("/bookings/calendars") }]} permission="bookings:read">
      {!code || !state ? <Nothing icon={CalendarX2} title={t("connecting.refused")} text={t("connecting.refused.text")} action={{ label: t("connecting.back"), href: to("/bookings/calendars") }} />
        : trouble !== null ? <Stack><Failed error={trouble} /><Group><Button component={Link} to={to("/bookings/calendars")} variant="default">{t("connecting.back")}</Button></Group></Stack> : <Waiting />}
    </Page>
  );
}
