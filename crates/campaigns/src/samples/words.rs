//! What the samples say. Invented people; every address ends in `.example` (RFC 2606), so that none can
//! ever be reached.

use std::fmt::Write;

use kernel::Timestamp;

use super::Language;

/// First names: as written, and as they stand in an address.
const ARABIC_FIRST: [(&str, &str); 20] = [
    ("لينا", "lina"),
    ("عمر", "omar"),
    ("نور", "nour"),
    ("ياسمين", "yasmin"),
    ("خالد", "khaled"),
    ("سارة", "sara"),
    ("فهد", "fahad"),
    ("ريم", "reem"),
    ("يوسف", "yousef"),
    ("هدى", "huda"),
    ("مريم", "maryam"),
    ("طارق", "tareq"),
    ("دانة", "dana"),
    ("سلمان", "salman"),
    ("رنا", "rana"),
    ("حسن", "hassan"),
    ("أمل", "amal"),
    ("زياد", "ziad"),
    ("جود", "joud"),
    ("ماجد", "majed"),
];
const ARABIC_LAST: [(&str, &str); 11] = [
    ("حداد", "haddad"),
    ("الفاسي", "elfassi"),
    ("السعيد", "alsaeed"),
    ("خليل", "khalil"),
    ("العتيبي", "alotaibi"),
    ("منصور", "mansour"),
    ("القحطاني", "alqahtani"),
    ("الشامي", "alshami"),
    ("الحربي", "alharbi"),
    ("نصار", "nassar"),
    ("الزهراني", "alzahrani"),
];
const ARABIC_COUNTRIES: [(&str, &str); 7] = [
    ("SA", "Asia/Riyadh"),
    ("AE", "Asia/Dubai"),
    ("EG", "Africa/Cairo"),
    ("JO", "Asia/Amman"),
    ("MA", "Africa/Casablanca"),
    ("KW", "Asia/Kuwait"),
    ("QA", "Asia/Qatar"),
];
const ENGLISH_FIRST: [&str; 12] =
    ["Emma", "Olivia", "Liam", "Noah", "Sofia", "Lucas", "Mia", "Hannah", "Oliver", "Grace", "Thomas", "Clara"];
const ENGLISH_LAST: [&str; 11] =
    ["Jansen", "Brown", "Tremblay", "Fischer", "Rossi", "Novak", "Smith", "Dubois", "Larsen", "Keller", "Walsh"];
const ENGLISH_COUNTRIES: [(&str, &str); 8] = [
    ("GB", "Europe/London"),
    ("NL", "Europe/Amsterdam"),
    ("DE", "Europe/Berlin"),
    ("FR", "Europe/Paris"),
    ("CA", "America/Toronto"),
    ("IE", "Europe/Dublin"),
    ("AT", "Europe/Vienna"),
    ("DK", "Europe/Copenhagen"),
];

/// The tags that some of them have.
pub(super) const TAGS: [&str; 2] = ["vip", "event guest"];

/// How many people there are.
pub(super) const PEOPLE: usize = 120;

struct Person {
    first: &'static str,
    last: &'static str,
    address: String,
    language: &'static str,
    place: (&'static str, &'static str),
}

fn person(number: usize, domain: &str) -> Person {
    if number.is_multiple_of(2) {
        let n = number / 2;
        let (first, last) = (ARABIC_FIRST[n % ARABIC_FIRST.len()], ARABIC_LAST[n % ARABIC_LAST.len()]);
        let place = ARABIC_COUNTRIES[n % ARABIC_COUNTRIES.len()];
        let address = format!("{}.{}@{domain}", first.1, last.1);
        return Person { first: first.0, last: last.0, address, language: "ar", place };
    }
    let n = number / 2;
    let (first, last) = (ENGLISH_FIRST[n % ENGLISH_FIRST.len()], ENGLISH_LAST[n % ENGLISH_LAST.len()]);
    let place = ENGLISH_COUNTRIES[n % ENGLISH_COUNTRIES.len()];
    let address = format!("{}.{}@{domain}", first.to_lowercase(), last.to_lowercase());
    Person { first, last, address, language: "en", place }
}

/// The addresses of a round's people.
pub(super) fn addresses(domain: &str) -> impl Iterator<Item = String> {
    (0..PEOPLE).map(|number| person(number, domain).address)
}

/// The people as a file: each with the evidence of a confirmed sign-up, spread over the months before.
pub(super) fn csv(domain: &str, now: Timestamp) -> String {
    const EARLIER: i64 = 210 * 86_400;
    const APART: i64 = 130_000;
    let mut out = String::from(
        "email,first name,last name,language,country,time zone,tags,consent time,consent source,confirmed at\n",
    );
    for number in 0..PEOPLE {
        let Person { first, last, address, language, place: (country, zone) } = person(number, domain);
        let tags = match number % 10 {
            0 | 3 => TAGS[0],
            5 => TAGS[1],
            _ => "",
        };
        let asked = now.plus_seconds(APART * number as i64 - EARLIER);
        let confirmed = asked.plus_seconds(90 + 41 * number as i64);
        // Writing to a String never fails.
        let _ = writeln!(
            out,
            "{address},{first},{last},{language},{country},{zone},{tags},{asked},sign-up form,{confirmed}"
        );
    }
    out
}

/// The words of one message.
pub struct Letter {
    /// The subject.
    pub subject: &'static str,
    /// The line beside it.
    pub preheader: &'static str,
    /// The heading.
    pub heading: &'static str,
    /// The paragraphs.
    pub paragraphs: [&'static str; 2],
    /// Label and target of the button.
    pub button: (&'static str, &'static str),
    /// A second link: label and target.
    pub also: (&'static str, &'static str),
}

/// A message in both languages.
pub struct Letters {
    /// What members call it, in English and Arabic.
    pub name: (&'static str, &'static str),
    /// In English.
    pub en: Letter,
    /// In Arabic.
    pub ar: Letter,
}

impl Letters {
    /// In the language.
    pub(super) fn letter(&self, language: Language) -> &Letter {
        match language {
            Language::English => &self.en,
            Language::Arabic => &self.ar,
        }
    }
}

/// The month's news.
pub const NEWS: Letters = Letters {
    name: ("Newsletter of the month", "نشرة الشهر"),
    en: Letter {
        subject: "{{ first_name | fallback: \"Hello\" }}, this is what we did this month",
        preheader: "Two new workshops, one open day, and a thank-you",
        heading: "The month in three minutes",
        paragraphs: [
            "Hello {{ first_name | fallback: \"friend\" }}, the two workshops you asked for are ready: one for beginners on Tuesday evenings, one for everybody else on Saturdays.",
            "On the last Sunday our doors are open. Bring somebody who does not know us yet; there is tea, and somebody to show you around.",
        ],
        button: ("See the workshops", "https://sample.example/workshops"),
        also: ("Open day: how to get there", "https://sample.example/open-day"),
    },
    ar: Letter {
        subject: "{{ first_name | fallback: \"أهلًا\" }}، هذا ما أنجزناه هذا الشهر",
        preheader: "ورشتان جديدتان ويوم مفتوح وكلمة شكر",
        heading: "الشهر في ثلاث دقائق",
        paragraphs: [
            "مرحبًا {{ first_name | fallback: \"صديقنا العزيز\" }}، الورشتان اللتان طلبتموهما جاهزتان: واحدة للمبتدئين مساء كل ثلاثاء، وأخرى للجميع كل سبت.",
            "وفي آخر أحد من الشهر نفتح أبوابنا للجميع. اصطحبوا من لا يعرفنا بعد؛ الشاي حاضر، ومن يرافقكم في الجولة كذلك.",
        ],
        button: ("تصفّح الورش", "https://sample.example/ar/workshops"),
        also: ("اليوم المفتوح: كيف تصلون إلينا", "https://sample.example/ar/open-day"),
    },
};

/// An invitation.
pub const INVITATION: Letters = Letters {
    name: ("Invitation to the autumn evening", "دعوة إلى أمسية الخريف"),
    en: Letter {
        subject: "An evening with you: will you come?",
        preheader: "Thursday at seven, with music and something to eat",
        heading: "You are invited",
        paragraphs: [
            "Once a year we sit down with the people we work for. This year it is Thursday at seven, in the hall by the harbour.",
            "There is room for sixty. Tell us whether you will come, so that nobody stands at the door.",
        ],
        button: ("I will come", "https://sample.example/evening/yes"),
        also: ("See the programme", "https://sample.example/evening"),
    },
    ar: Letter {
        subject: "أمسية معكم: هل نراكم؟",
        preheader: "الخميس في السابعة مساءً، مع موسيقى وضيافة",
        heading: "أنتم مدعوون",
        paragraphs: [
            "مرة في كل عام نجتمع بالناس الذين نعمل من أجلهم. موعدنا هذا العام الخميس في السابعة مساءً في قاعة الميناء.",
            "تتسع القاعة لستين ضيفًا. أخبرونا إن كنتم ستحضرون حتى لا يقف أحد عند الباب.",
        ],
        button: ("سأحضر", "https://sample.example/ar/evening/yes"),
        also: ("برنامج الأمسية", "https://sample.example/ar/evening"),
    },
};

/// An offer.
pub const OFFER: Letters = Letters {
    name: ("Early places in the course", "حجز مبكر في الدورة"),
    en: Letter {
        subject: "Early places in the spring course, until Friday",
        preheader: "Twenty percent less for readers of this newsletter",
        heading: "Twenty places, a fifth less",
        paragraphs: [
            "The spring course begins in four weeks. Readers of this newsletter choose their place first, and pay a fifth less until Friday.",
            "Nothing to lose: who cannot come gives the place back and gets everything back.",
        ],
        button: ("Choose a place", "https://sample.example/course"),
        also: ("Questions and answers", "https://sample.example/course/questions"),
    },
    ar: Letter {
        subject: "مقاعد مبكرة في دورة الربيع حتى يوم الجمعة",
        preheader: "خصم عشرين في المئة لقرّاء هذه النشرة",
        heading: "عشرون مقعدًا بسعر أقل",
        paragraphs: [
            "تبدأ دورة الربيع بعد أربعة أسابيع. قرّاء هذه النشرة يختارون مقاعدهم أولًا، وبخصم عشرين في المئة حتى يوم الجمعة.",
            "لا شيء تخسرونه: من لم يستطع الحضور يُعِد مقعده ويستردّ ما دفع كاملًا.",
        ],
        button: ("اختيار مقعد", "https://sample.example/ar/course"),
        also: ("أسئلة وأجوبة", "https://sample.example/ar/course/questions"),
    },
};

/// A letter as MJML: heading, two paragraphs, a button, what law asks for.
pub(super) fn mjml(letter: &Letter, language: Language) -> String {
    let (align, font) = match language {
        Language::English => ("left", "Arial, sans-serif"),
        Language::Arabic => ("right", "Tahoma, Arial, sans-serif"),
    };
    let (view, leave, change) = match language {
        Language::English => ("View in a browser", "Unsubscribe", "My preferences"),
        Language::Arabic => ("عرض الرسالة في المتصفح", "إلغاء الاشتراك", "تفضيلاتي"),
    };
    let Letter { heading, paragraphs: [first, second], button: (label, target), also: (more, place), .. } = letter;
    format!(
        "<mjml>\n  <mj-head>\n    <mj-attributes>\n      <mj-text font-family=\"{font}\" align=\"{align}\" font-size=\"16px\" \
         line-height=\"1.7\" color=\"#1f2933\" />\n      <mj-button font-family=\"{font}\" background-color=\"#0b6e63\" \
         color=\"#ffffff\" border-radius=\"8px\" font-size=\"16px\" align=\"{align}\" />\n    </mj-attributes>\n  </mj-head>\n  \
         <mj-body background-color=\"#f5f4f1\">\n    <mj-section padding=\"16px 0 0\">\n      <mj-column>\n        \
         <mj-text align=\"center\" font-size=\"12px\" color=\"#52606d\"><a href=\"{{{{ view_url }}}}\" \
         style=\"color:#52606d\">{view}</a></mj-text>\n      </mj-column>\n    </mj-section>\n    \
         <mj-section background-color=\"#ffffff\" padding=\"24px\">\n      <mj-column>\n        \
         <mj-text font-size=\"26px\" font-weight=\"bold\">{heading}</mj-text>\n        <mj-text>{first}</mj-text>\n        \
         <mj-text>{second}</mj-text>\n        <mj-button href=\"{target}\">{label}</mj-button>\n        \
         <mj-text><a href=\"{place}\" style=\"color:#0b6e63\">{more}</a></mj-text>\n      </mj-column>\n    </mj-section>\n    \
         <mj-section padding=\"16px 24px\">\n      <mj-column>\n        \
         <mj-text align=\"center\" font-size=\"12px\" color=\"#52606d\">{{{{ organisation }}}}<br />{{{{ postal_address }}}}</mj-text>\n        \
         <mj-text align=\"center\" font-size=\"12px\" color=\"#52606d\"><a href=\"{{{{ unsubscribe_url }}}}\" \
         style=\"color:#52606d\">{leave}</a> &nbsp;|&nbsp; <a href=\"{{{{ preferences_url }}}}\" \
         style=\"color:#52606d\">{change}</a></mj-text>\n      </mj-column>\n    </mj-section>\n  </mj-body>\n</mjml>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_person_has_an_address_of_their_own_that_cannot_be_reached() {
        let all: std::collections::BTreeSet<String> = addresses("people.example").collect();
        assert_eq!(all.len(), PEOPLE);
        assert!(all.iter().all(|address| address.ends_with(".example") && address.is_ascii()));
        let file = csv("people.example", Timestamp(1_790_000_000_000_000));
        assert_eq!(file.lines().count(), PEOPLE + 1);
        assert!(file.lines().all(|line| line.split(',').count() == 10));
    }
}
