import { Button } from "@mantine/core";
import { Plus, Send } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { to } from "@/app/place";
import { useMay } from "@/app/session";
import { useShortcuts } from "@/app/shortcuts";
import { Tabs } from "@/ui/Tabs";
import { MessagingPage } from "../MessagingPage";
import { Services } from "./Services";
import { TryOut } from "./TryOut";
import { Verifications } from "./Verifications";
import { WatchForm } from "./WatchForm";

/** Codes that prove that a number or address is somebody's own. */
export default function Verify() {
  const { t } = useTranslation("app_verify");
  const navigate = useNavigate();
  const may = useMay();
  const [trying, setTrying] = useState(false);
  useShortcuts({ KeyC: () => void navigate(to("/messaging/verify/new")) }, may("routes:write"));
  const actions = (
    <>
      {may("messages:send") && <Button variant="default" leftSection={<Send aria-hidden size={16} className="dir-icon" />} onClick={() => setTrying(true)}>{t("try")}</Button>}
      {may("routes:write") && <Button component={Link} to={to("/messaging/verify/new")} leftSection={<Plus aria-hidden size={16} />}>{t("service.new")}</Button>}
    </>
  );
  return (
    <MessagingPage code="verify" actions={actions}>
      <Tabs label={t("tabs")} tabs={[
        ...(may("routes:read") ? [{ code: "services", label: t("services"), body: () => <Services /> }] : []),
        ...(may("messages:send") ? [{ code: "log", label: t("log"), body: () => <Verifications begin={() => setTrying(true)} /> }] : []),
        ...(may("routes:read") ? [{ code: "watch", label: t("watch"), body: () => <WatchForm /> }] : []),
      ]} />
      {trying && <TryOut close={() => setTrying(false)} />}
    </MessagingPage>
  );
}
