import "i18next";

/** Keys are the English files' keys: one that is not there does not compile. */
declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "app_shell";
    keySeparator: false;
    resources: {
      app_shell: typeof import("../../../../i18n/en/app_shell.json");
      app_start: typeof import("../../../../i18n/en/app_start.json");
      app_campaigns: typeof import("../../../../i18n/en/app_campaigns.json");
      app_content: typeof import("../../../../i18n/en/app_content.json");
      app_inbox: typeof import("../../../../i18n/en/app_inbox.json");
      app_chat: typeof import("../../../../i18n/en/app_chat.json");
      app_reports: typeof import("../../../../i18n/en/app_reports.json");
      app_audience: typeof import("../../../../i18n/en/app_audience.json");
      app_audit: typeof import("../../../../i18n/en/app_audit.json");
      app_bookings: typeof import("../../../../i18n/en/app_bookings.json");
      app_contact: typeof import("../../../../i18n/en/app_contact.json");
      app_import: typeof import("../../../../i18n/en/app_import.json");
      app_segments: typeof import("../../../../i18n/en/app_segments.json");
      app_forms: typeof import("../../../../i18n/en/app_forms.json");
      app_messaging: typeof import("../../../../i18n/en/app_messaging.json");
      app_numbers: typeof import("../../../../i18n/en/app_numbers.json");
      app_verify: typeof import("../../../../i18n/en/app_verify.json");
      app_calls: typeof import("../../../../i18n/en/app_calls.json");
      app_money: typeof import("../../../../i18n/en/app_money.json");
      app_privacy: typeof import("../../../../i18n/en/app_privacy.json");
      app_registers: typeof import("../../../../i18n/en/app_registers.json");
      app_settings: typeof import("../../../../i18n/en/app_settings.json");
      app_words: typeof import("../../../../i18n/en/app_words.json");
    };
  }
}
