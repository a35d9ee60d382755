//! A code that is said on the telephone: digit by digit, twice.

use std::collections::BTreeMap;

use kernel::Phone;
use privacy::vocabulary::{BasisKind, Purpose};
use serde_json::json;
use store::Ctx;

use super::accept::{NewCall, Said, accept};
use super::model::CallView;
use super::service::Voice;
use crate::flows::Flow;
use crate::{Error, Result};

/// A code to be said to somebody.
#[derive(Clone)]
pub struct CodeCall {
    /// To whom.
    pub to: Phone,
    /// Which of our numbers is shown.
    pub from: Option<Phone>,
    /// The digits, 3 to 12.
    pub code: String,
    /// `en` or `ar`.
    pub language: String,
    /// On whose behalf: it is said before the code.
    pub organisation: String,
    /// Checked and kept, but nobody is called.
    pub trial: bool,
}

fn words(language: &str) -> BTreeMap<String, String> {
    let text = match language {
        "ar" => include_str!("../../../../i18n/ar/voice.json"),
        _ => include_str!("../../../../i18n/en/voice.json"),
    };
    serde_json::from_str(text).unwrap_or_default()
}

/// The flow that says a code: every digit as a word of its own, slowly, twice.
///
/// # Errors
/// [`Error::Field`] when it is no code, or the language is not spoken.
pub fn code_flow(code: &str, language: &str, organisation: &str) -> Result<Flow> {
    if !(3..=12).contains(&code.len()) || !code.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Error::field("code", "3 to 12 digits"));
    }
    let words = words(language);
    let word = |name: &str| words.get(name).cloned().unwrap_or_default();
    let digits: Vec<String> = code.chars().map(|digit| word(&format!("digit_{digit}"))).collect();
    // A full stop after each digit makes the voice pause.
    let spoken = digits.join(". ");
    let say = |name: &str| {
        let text = word(name).replace("{organisation}", organisation).replace("{code}", &spoken);
        json!({ "action": "say", "text": text })
    };
    let pause = json!({ "action": "pause", "seconds": 1 });
    let steps = json!([pause, say("code_first"), pause, say("code_again"), pause, say("code_bye")]);
    Flow::read(&json!({ "title": "", "language": language, "steps": steps }))
}

/// Calls somebody and says a code they asked for.
///
/// # Errors
/// As [`accept`].
pub async fn call_with_code(voice: &Voice, ctx: &Ctx, wanted: CodeCall) -> Result<CallView> {
    let flow = code_flow(&wanted.code, &wanted.language, &wanted.organisation)?;
    let new = NewCall {
        from: wanted.from,
        purpose: Purpose::SERVICE,
        basis: Some(BasisKind::SubjectRequest),
        longest: 60,
        trial: wanted.trial,
        ..NewCall::new(wanted.to, Said::Flow(Box::new(flow)))
    };
    accept(voice, ctx, new).await
}

#[cfg(test)]
mod tests {
    use super::code_flow;
    use crate::flows::Action;

    #[test]
    fn codes_are_said_digit_by_digit_and_twice_in_both_languages() {
        for (language, zero, seven) in [("en", "zero", "seven"), ("ar", "صفر", "سبعة")] {
            let flow = code_flow("0770", language, "Noor").unwrap();
            let said: Vec<&str> = flow
                .steps
                .iter()
                .filter_map(|step| match &step.action {
                    Action::Say(say) => Some(say.text.as_str()),
                    _ => None,
                })
                .collect();
            let code = format!("{zero}. {seven}. {seven}. {zero}");
            assert_eq!(said.iter().filter(|text| text.contains(&code)).count(), 2, "{said:?}");
            assert!(said.iter().all(|text| !text.contains('{')) && said[0].contains("Noor"));
        }
        for wrong in ["12", "12a4", "1234567890123", "١٢٣٤"] {
            assert!(code_flow(wrong, "en", "x").is_err());
        }
        assert!(code_flow("1234", "fr", "x").is_err());
    }
}
