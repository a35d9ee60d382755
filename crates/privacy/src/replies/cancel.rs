//! A lone "cancel". Below a message about something that can be called off it calls that off; below any other it
//! is an opt-out like the other lone words.

use std::collections::BTreeSet;
use std::sync::OnceLock;

/// Words that mean "call it off" and are a whole answer.
const WORDS: &[&str] = &[
    "cancel",
    "cancel it",
    "cancel please",
    "please cancel",
    "cancel booking",
    "cancel my booking",
    "cancel appointment",
    "cancel my appointment",
    "إلغاء",
    "ألغ",
    "ألغِ",
    "إلغاء الحجز",
    "إلغاء الموعد",
    "إلغاء موعدي",
    "إلغاء حجزي",
    "ألغوا الموعد",
    "ألغوا الحجز",
    "لغو",
    "absagen",
    "stornieren",
    "bitte absagen",
    "bitte stornieren",
    "termin absagen",
    "annuler",
    "annulation",
    "annuler rendez-vous",
    "annuler le rendez-vous",
    "cancelar",
    "cancelar cita",
    "cancelar la cita",
    "annuleren",
    "afzeggen",
    "afspraak annuleren",
    "отменить",
    "отмена",
    "отменить запись",
    "iptal",
    "iptal et",
    "randevu iptal",
    "cancella",
];

/// Folded, without what stands around and more than one blank between words.
fn bare(text: &str) -> String {
    let folded = kernel::fold(text);
    let inner = folded.trim_matches(|c: char| !c.is_alphanumeric());
    inner.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether somebody wrote "cancel" and nothing else, in one of the languages of the phrases. Quotes and
/// signatures below it do not count.
pub fn is_lone_cancel(text: &str) -> bool {
    static KNOWN: OnceLock<BTreeSet<String>> = OnceLock::new();
    let own = super::own_words(text);
    own.len() <= 160 && KNOWN.get_or_init(|| WORDS.iter().map(|word| bare(word)).collect()).contains(&bare(&own))
}

#[cfg(test)]
mod tests {
    use super::is_lone_cancel;

    #[test]
    fn one_word_in_many_dresses() {
        for text in ["Cancel", " CANCEL! ", "إلغاء", "الغاء الموعد.", "İptal", "Bitte absagen", "please  cancel"]
        {
            assert!(is_lone_cancel(text), "{text}");
        }
        assert!(is_lone_cancel("Cancel\n\nOn Sat, Al Noor wrote:\n> Your appointment is tomorrow"));
    }

    #[test]
    fn stops_and_sentences_are_none() {
        for text in ["STOP", "توقف", "", "Can I cancel?", "Cancel my subscription", "Don't cancel", "unsubscribe"] {
            assert!(!is_lone_cancel(text), "{text}");
        }
    }
}
