//! Words of non-delivery reports, for servers that give no codes. Compared after [`kernel::fold`].

use super::Class;

/// Phrases in folded form. The first list with a hit decides: reputation before existence, because
/// "user rejected: listed in …" must not suppress anyone.
const PHRASES: &[(Class, &[&str])] = &[
    (
        Class::SizeContent,
        &[
            "message size exceeds",
            "message too large",
            "message is too large",
            "exceeds the maximum message size",
            "message file too big",
            "exceeds size limit",
            "maximum message size",
            "nachricht ist zu gro",
            "message trop volumineux",
        ],
    ),
    (
        Class::Policy,
        &[
            "spam",
            "blacklist",
            "blocklist",
            "block list",
            "blocked",
            "blocking list",
            "reputation",
            "dmarc",
            "dkim",
            "spf ",
            "unauthenticated",
            "unsolicited",
            "policy",
            "policies",
            "rate limit",
            "too many messages",
            "poor reputation",
            "not authorized",
            "relay access denied",
            "relaying denied",
            "greylist",
            "virus",
            "phish",
        ],
    ),
    (
        Class::Full,
        &[
            "mailbox full",
            "mailbox is full",
            "mailbox quota",
            "over quota",
            "overquota",
            "quota exceeded",
            "exceeded storage",
            "exceeded its quota",
            "out of storage",
            "insufficient storage",
            "inbox is full",
            "storage allocation",
            "postfach ist voll",
            "postfach voll",
            "boite aux lettres pleine",
            "boite est pleine",
            "صندوق البريد ممتلي",
            "تجاوز الحصه",
        ],
    ),
    (
        Class::HardAddress,
        &[
            "user unknown",
            "unknown user",
            "no such user",
            "no such recipient",
            "no such mailbox",
            "unknown recipient",
            "recipient unknown",
            "unknown mailbox",
            "unknown address",
            "address unknown",
            "invalid recipient",
            "invalid mailbox",
            "invalid address",
            "user not found",
            "recipient not found",
            "mailbox not found",
            "address not found",
            "recipientnotfound",
            "mailbox unavailable",
            "mailbox does not exist",
            "does not exist",
            "doesn't exist",
            "doesn t exist",
            "no mailbox",
            "not a valid mailbox",
            "address rejected",
            "recipient rejected",
            "mailbox disabled",
            "account disabled",
            "account has been disabled",
            "account is disabled",
            "account inactive",
            "user doesn't have",
            "no longer valid",
            "no longer available",
            "host not found",
            "domain not found",
            "no such domain",
            "unrouteable address",
            "undeliverable address",
            "couldn't be found",
            "could not be found",
            "wasn't found",
            "empfanger unbekannt",
            "unbekannter empfanger",
            "benutzer unbekannt",
            "adresse existiert nicht",
            "existiert nicht",
            "utilisateur inconnu",
            "destinataire inconnu",
            "adresse inconnue",
            "n'existe pas",
            "no existe",
            "المستخدم غير موجود",
            "العنوان غير موجود",
            "المستلم غير موجود",
            "لم يتم العثور علي العنوان",
            "العنوان غير صحيح",
        ],
    ),
    (
        Class::Transient,
        &[
            "try again later",
            "temporarily",
            "temporary failure",
            "timed out",
            "connection refused",
            "has been delayed",
            "delivery is delayed",
            "delayed",
            "will keep trying",
            "will be retried",
            "will retry",
            "deferred",
        ],
    ),
];

/// The class the words point at, if any.
pub(super) fn class(text: &str) -> Option<Class> {
    let bounded: String = text.chars().take(4000).collect();
    let folded = kernel::fold(&bounded);
    PHRASES.iter().find(|(_, phrases)| phrases.iter().any(|phrase| folded.contains(phrase))).map(|&(class, _)| class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_written_in_folded_form() {
        for (_, phrases) in PHRASES {
            for phrase in *phrases {
                assert_eq!(kernel::fold(phrase).trim(), phrase.trim());
            }
        }
    }

    #[test]
    fn reputation_comes_before_existence() {
        assert_eq!(class("Recipient address rejected: listed as spam source"), Some(Class::Policy));
        assert_eq!(class("Empfänger unbekannt"), Some(Class::HardAddress));
        assert_eq!(class("all is well"), None);
    }
}
