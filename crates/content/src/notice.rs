//! The built-in wording of the lawful notice (GDPR Art. 13 and 14 in one breath): which fields
//! are processed, and how to see, change or delete them.

use kernel::Locale;

use crate::fields::FieldCatalog;

const ARABIC: [(&str, &str); 8] = [
    ("email", "عنوان بريدك الإلكتروني"),
    ("first_name", "اسمك الأول"),
    ("last_name", "اسم عائلتك"),
    ("phone", "رقم هاتفك"),
    ("language", "لغتك"),
    ("country", "بلدك"),
    ("time_zone", "منطقتك الزمنية"),
    ("company", "جهة عملك"),
];

/// "We process only …": exactly the address and the fields that the template reads.
pub(crate) fn processing(language: &Locale, catalog: &FieldCatalog, fields: &[String], tags: &[String]) -> String {
    let arabic = language.language() == "ar";
    let label = |name: &str| -> String {
        let built_in = ARABIC.iter().find(|(known, _)| arabic && *known == name);
        match (built_in, catalog.find(name)) {
            (Some((_, label)), _) => (*label).to_owned(),
            (None, Some(field)) => field.label.clone(),
            (None, None) => name.to_owned(),
        }
    };
    let mut labels = vec![label("email")];
    labels.extend(fields.iter().filter(|name| *name != "email").map(|name| label(name)));
    if !tags.is_empty() {
        labels.push(if arabic { "المجموعات التي أنت فيها" } else { "the groups you are in" }.to_owned());
    }
    if arabic {
        format!("لا نعالج من بياناتك سوى: {}، ولا نستخدمها إلا لإرسال هذه الرسالة إليك.", labels.join("، "))
    } else {
        format!("Of your data we process only: {}, and only to send you this message.", labels.join(", "))
    }
}

/// The sentence before the link to the preference centre.
pub(crate) fn rights(language: &Locale) -> &'static str {
    if language.language() == "ar" {
        "يمكنك الاطلاع على بياناتك أو تعديلها أو حذفها هنا:"
    } else {
        "See, change or delete your data here:"
    }
}

/// The text of that link in HTML.
pub(crate) fn rights_link(language: &Locale) -> &'static str {
    if language.language() == "ar" { "بياناتي وتفضيلاتي" } else { "my data and preferences" }
}
