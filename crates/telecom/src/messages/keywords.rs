//! Keywords that are a whole message, and what is answered to them.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use privacy::replies::{Intent, ReplyInput, classify};
use privacy::vocabulary::Channel;

/// What a keyword asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keyword {
    /// No more messages.
    Stop,
    /// Messages again.
    Start,
    /// What is this?
    Help,
}

const STOP: &[&str] = &[
    "stop",
    "stopall",
    "stop all",
    "unsubscribe",
    "end",
    "quit",
    "cancel",
    "revoke",
    "optout",
    "opt out",
    "opt-out",
    "قف",
    "توقف",
    "إيقاف",
    "أوقف",
    "وقف",
    "إلغاء",
    "إلغاء الاشتراك",
    "stopp",
    "abmelden",
    "abbestellen",
    "arret",
    "desabonner",
    "desinscrire",
    "baja",
    "alto",
    "cancelar",
    "parar",
    "sair",
    "dur",
    "iptal",
    "red",
    "cik",
    "stoppen",
    "afmelden",
    "стоп",
    "отписаться",
    "отписка",
    "لغو",
    "بند کرو",
    "berhenti",
    "hinto",
    "rimuovi",
    "cancella",
];
const START: &[&str] = &[
    "start",
    "unstop",
    "yes",
    "subscribe",
    "optin",
    "opt in",
    "opt-in",
    "ابدأ",
    "ابدا",
    "بدء",
    "اشترك",
    "اشتراك",
    "نعم",
    "anmelden",
    "starten",
    "demarrer",
    "reprendre",
    "alta",
    "empezar",
    "basla",
    "aanmelden",
    "старт",
    "подписаться",
    "شروع",
];
const HELP: &[&str] = &[
    "help",
    "info",
    "مساعدة",
    "معلومات",
    "مساعده",
    "hilfe",
    "aide",
    "ayuda",
    "yardim",
    "bilgi",
    "hulp",
    "помощь",
    "ajuda",
    "aiuto",
    "مدد",
];

/// Words of [`STOP`] that stand for nothing else in a text: "reply STOP", "للإلغاء أرسل قف".
const SAYS_STOP: &[&str] = &[
    "stop",
    "stopall",
    "unsubscribe",
    "optout",
    "opt-out",
    "قف",
    "توقف",
    "إيقاف",
    "أوقف",
    "إلغاء",
    "stopp",
    "abmelden",
    "abbestellen",
    "arret",
    "desabonner",
    "baja",
    "iptal",
    "stoppen",
    "afmelden",
    "стоп",
    "لغو",
];

/// Whether a text names a word by which people stop messages, and one by which they ask for help.
pub(super) fn named(text: &str) -> (bool, bool) {
    let folded = kernel::fold(text);
    let list = |known: &[&str]| known.iter().map(|word| kernel::fold(word)).collect::<Vec<_>>();
    let (stop, help) = (list(SAYS_STOP), list(HELP));
    let words = || folded.split(|c: char| !(c.is_alphanumeric() || c == '-')).filter(|word| !word.is_empty());
    let among = |known: &[String]| words().any(|word| known.iter().any(|one| one == word));
    (among(&stop), among(&help))
}

/// Folded, without what stands around a word.
fn bare(text: &str) -> String {
    let folded = kernel::fold(text);
    folded.trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
}

fn lists() -> &'static BTreeMap<String, Keyword> {
    static LISTS: OnceLock<BTreeMap<String, Keyword>> = OnceLock::new();
    LISTS.get_or_init(|| {
        let all = [(START, Keyword::Start), (HELP, Keyword::Help), (STOP, Keyword::Stop)];
        all.iter().flat_map(|(words, keyword)| words.iter().map(|word| (bare(word), *keyword))).collect()
    })
}

/// The keyword that a message is, and what the message asks for. A keyword is the whole message; an
/// opt-out in other words counts as [`Keyword::Stop`] too.
pub fn keyword(text: &str) -> (Option<Keyword>, Intent) {
    let known = (text.len() <= 160).then(|| lists().get(&bare(text)).copied()).flatten();
    let intent = match known {
        Some(Keyword::Stop) => Intent::Optout,
        Some(_) => Intent::NotOptout,
        None => classify(&ReplyInput::plain(Channel::Sms, text)),
    };
    match intent {
        Intent::Optout => (Some(Keyword::Stop), intent),
        _ => (known, intent),
    }
}

impl Keyword {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Start => "start",
            Self::Help => "help",
        }
    }

    /// What is answered, in the language that the person wrote in or has.
    pub(super) fn answer(self, arabic: bool, organisation: &str) -> String {
        let text = if arabic {
            include_str!("../../../../i18n/ar/sms.json")
        } else {
            include_str!("../../../../i18n/en/sms.json")
        };
        let words: BTreeMap<String, String> = serde_json::from_str(text).unwrap_or_default();
        let kind = match self {
            Self::Stop => "stopped",
            Self::Start => "started",
            Self::Help => "help",
        };
        words.get(kind).map(|text| text.replace("{organisation}", organisation)).unwrap_or_default()
    }
}

/// Whether a text is written in Arabic letters.
pub(super) fn is_arabic(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}'))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_text_says_how_to_stop_it() {
        assert_eq!(super::named("Sale today. Reply STOP to end, HELP for help"), (true, true));
        assert_eq!(super::named("عرض اليوم. لإيقاف الرسائل أرسل: إلغاء"), (true, false));
        assert_eq!(super::named("The weekend ends the nonstop sale"), (false, false));
    }

    use super::{Intent, Keyword, keyword};

    #[test]
    fn keywords_in_many_languages_and_dresses() {
        for text in
            ["STOP", " stop. ", "Stop!", "إلغاء", "الغاء", "توقّف", "قف", "Arrêt", "İptal", "СТОП", "opt-out", "QUIT"]
        {
            assert_eq!(keyword(text), (Some(Keyword::Stop), Intent::Optout), "{text}");
        }
        for text in ["START", "ابدأ", "إبدأ", "Başla", "نعم"] {
            assert_eq!(keyword(text).0, Some(Keyword::Start), "{text}");
        }
        for text in ["Help", "مساعدة", "INFO?"] {
            assert_eq!(keyword(text).0, Some(Keyword::Help), "{text}");
        }
        for text in ["When do you stop serving?", "متى يبدأ العرض؟", "", "I start on Monday"] {
            assert_eq!(keyword(text).0, None, "{text}");
        }
    }

    #[test]
    fn answers_are_there_in_both_languages_and_fit_two_parts() {
        for keyword in [Keyword::Stop, Keyword::Start, Keyword::Help] {
            for arabic in [false, true] {
                let text = keyword.answer(arabic, "Barid");
                assert!(text.contains("Barid") && !text.contains('{'), "{text}");
                assert!(crate::sms::explain(&text).unwrap().parts <= 2, "{text}");
            }
        }
        // What the answers tell people to write is understood.
        assert_eq!(keyword("ابدأ").0, Some(Keyword::Start));
        assert_eq!(keyword("توقف").0, Some(Keyword::Stop));
    }
}
