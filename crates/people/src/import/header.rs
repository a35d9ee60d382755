//! What the columns of a file mean: known names in four languages, in any order and case.

use std::collections::BTreeMap;

use kernel::fold;

use super::records::Record;

/// A column that means something by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// A given name.
    FirstName,
    /// A family name.
    LastName,
    /// A language tag or name.
    Language,
    /// A country.
    Country,
    /// An IANA time zone.
    TimeZone,
    /// A company's name.
    Company,
    /// What kind of recipient: individual, sole trader, …
    RecipientType,
    /// Tags, separated by comma or semicolon.
    Tags,
    /// When consent was given.
    ConsentTime,
    /// Where consent was given.
    ConsentSource,
    /// The address it was given from.
    ConsentIp,
    /// When it was confirmed (double opt-in).
    ConfirmedAt,
    /// The address it was confirmed from.
    ConfirmedIp,
    /// When the sale took place (soft opt-in).
    SaleDate,
    /// The legitimate-interest assessment.
    Assessment,
    /// Why this person (legitimate interest).
    Reason,
    /// The page the row was read from.
    SourceUrl,
    /// The day it was read.
    SourceDate,
    /// SHA-256 of the page as it was.
    SourceHash,
}

impl Column {
    /// The name as contract and reports write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::FirstName => "first name",
            Self::LastName => "last name",
            Self::Language => "language",
            Self::Country => "country",
            Self::TimeZone => "time zone",
            Self::Company => "company",
            Self::RecipientType => "recipient type",
            Self::Tags => "tags",
            Self::ConsentTime => "consent time",
            Self::ConsentSource => "consent source",
            Self::ConsentIp => "consent IP",
            Self::ConfirmedAt => "confirmed at",
            Self::ConfirmedIp => "confirmed IP",
            Self::SaleDate => "sale date",
            Self::Assessment => "assessment id",
            Self::Reason => "reason",
            Self::SourceUrl => "source url",
            Self::SourceDate => "source date",
            Self::SourceHash => "source hash",
        }
    }

    /// Names by which files call the column: English, Arabic, German, French, and what widely used
    /// products export. Compared after [`key`].
    const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Email => &[
                "email",
                "e-mail",
                "email address",
                "e-mail address",
                "mail",
                "البريد",
                "البريد الإلكتروني",
                "الإيميل",
                "إيميل",
                "بريد إلكتروني",
                "عنوان البريد الإلكتروني",
                "e-mail-adresse",
                "mailadresse",
                "adresse e-mail",
                "adresse mail",
                "courriel",
                "adresse électronique",
            ],
            Self::Phone => &[
                "phone",
                "phone number",
                "telephone",
                "mobile",
                "mobile number",
                "mobile phone",
                "cell",
                "cell phone",
                "sms",
                "sms phone number",
                "tel",
                "الهاتف",
                "هاتف",
                "رقم الهاتف",
                "الجوال",
                "جوال",
                "رقم الجوال",
                "الموبايل",
                "موبايل",
                "المحمول",
                "telefon",
                "telefonnummer",
                "handy",
                "handynummer",
                "mobilnummer",
                "téléphone",
                "numéro de téléphone",
                "portable",
            ],
            Self::FirstName => &[
                "first name",
                "given name",
                "firstname",
                "fname",
                "forename",
                "الاسم الأول",
                "الاسم",
                "اسم",
                "vorname",
                "prénom",
            ],
            Self::LastName => &[
                "last name",
                "surname",
                "family name",
                "lastname",
                "lname",
                "اسم العائلة",
                "العائلة",
                "الاسم الأخير",
                "اللقب",
                "الكنية",
                "nachname",
                "familienname",
                "nom",
                "nom de famille",
            ],
            Self::Language => &["language", "lang", "locale", "اللغة", "لغة", "sprache", "langue"],
            Self::Country => &["country", "country code", "cc", "البلد", "بلد", "الدولة", "دولة", "land", "pays"],
            Self::TimeZone => {
                &["time zone", "timezone", "tz", "المنطقة الزمنية", "التوقيت", "zeitzone", "fuseau horaire"]
            }
            Self::Company => &[
                "company",
                "organisation",
                "organization",
                "company name",
                "employer",
                "الشركة",
                "شركة",
                "المؤسسة",
                "اسم الشركة",
                "جهة العمل",
                "firma",
                "unternehmen",
                "société",
                "entreprise",
            ],
            Self::RecipientType => &[
                "recipient type",
                "type of recipient",
                "نوع المستلم",
                "نوع المتلقي",
                "empfängertyp",
                "empfängerart",
                "type de destinataire",
            ],
            Self::Tags => &[
                "tags",
                "tag",
                "labels",
                "الوسوم",
                "وسوم",
                "الوسم",
                "schlagworte",
                "schlagwörter",
                "étiquettes",
                "mots clés",
            ],
            Self::ConsentTime => &[
                "consent time",
                "consent date",
                "consent at",
                "consented at",
                "opt-in time",
                "optin time",
                "opt-in date",
                "optin date",
                "subscribed at",
                "subscription date",
                "وقت الموافقة",
                "تاريخ الموافقة",
                "تاريخ الاشتراك",
                "einwilligung am",
                "einwilligungszeit",
                "zeitpunkt der einwilligung",
                "datum der einwilligung",
                "einwilligungsdatum",
                "date du consentement",
                "date de consentement",
                "heure du consentement",
            ],
            Self::ConsentSource => &[
                "consent source",
                "source of consent",
                "opt-in source",
                "مصدر الموافقة",
                "einwilligungsquelle",
                "quelle der einwilligung",
                "source du consentement",
            ],
            Self::ConsentIp => &[
                "consent ip",
                "consent ip address",
                "optin ip",
                "opt-in ip",
                "عنوان ip للموافقة",
                "ip الموافقة",
                "einwilligung ip",
                "ip der einwilligung",
                "ip du consentement",
                "ip de consentement",
            ],
            Self::ConfirmedAt => &[
                "confirmed at",
                "confirm time",
                "confirmed",
                "confirmation time",
                "confirmation date",
                "doi time",
                "double opt-in time",
                "وقت التأكيد",
                "تاريخ التأكيد",
                "bestätigt am",
                "bestätigungszeit",
                "bestätigungsdatum",
                "confirmé le",
                "date de confirmation",
            ],
            Self::ConfirmedIp => &[
                "confirmed ip",
                "confirm ip",
                "confirmation ip",
                "عنوان ip للتأكيد",
                "ip التأكيد",
                "bestätigung ip",
                "bestätigungs-ip",
                "ip de confirmation",
            ],
            Self::SaleDate => &[
                "sale date",
                "date of sale",
                "purchase date",
                "sold at",
                "sale at",
                "order date",
                "تاريخ البيع",
                "تاريخ الشراء",
                "kaufdatum",
                "verkaufsdatum",
                "date de vente",
                "date d'achat",
            ],
            Self::Assessment => {
                &["assessment id", "assessment", "lia", "lia id", "معرف التقييم", "interessenabwägung", "évaluation"]
            }
            Self::Reason => &["reason", "relevance", "السبب", "سبب", "grund", "begründung", "raison", "motif"],
            Self::SourceUrl => &[
                "source url",
                "source page",
                "source link",
                "found at",
                "رابط المصدر",
                "صفحة المصدر",
                "quelle url",
                "fundstelle",
                "url source",
                "page source",
            ],
            Self::SourceDate => &[
                "source date",
                "collected on",
                "collected at",
                "found on",
                "تاريخ المصدر",
                "تاريخ الجمع",
                "erhoben am",
                "datum der erhebung",
                "collecté le",
                "date de collecte",
            ],
            Self::SourceHash => &[
                "source hash",
                "source sha256",
                "page hash",
                "page sha256",
                "بصمة المصدر",
                "بصمة الصفحة",
                "prüfsumme der quelle",
                "empreinte de la source",
            ],
        }
    }

    /// Every known column.
    pub const ALL: [Self; 21] = [
        Self::Email,
        Self::Phone,
        Self::FirstName,
        Self::LastName,
        Self::Language,
        Self::Country,
        Self::TimeZone,
        Self::Company,
        Self::RecipientType,
        Self::Tags,
        Self::ConsentTime,
        Self::ConsentSource,
        Self::ConsentIp,
        Self::ConfirmedAt,
        Self::ConfirmedIp,
        Self::SaleDate,
        Self::Assessment,
        Self::Reason,
        Self::SourceUrl,
        Self::SourceDate,
        Self::SourceHash,
    ];

    /// The name in an import's mapping: that of reports in lower case with underscores.
    pub fn code(self) -> String {
        self.name().to_lowercase().replace(' ', "_")
    }

    /// The column of this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.code() == code)
    }

    /// The column a header names.
    pub fn named(header: &str) -> Option<Self> {
        let header = key(header);
        Self::ALL.into_iter().find(|column| column.names().iter().any(|name| key(name) == header))
    }
}

/// A header without what spelling varies in: case, accents, Arabic letter forms, spaces and
/// separators.
pub fn key(header: &str) -> String {
    fold(header).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// What somebody says a column means, whatever its name.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// One of the known columns, by [`Column::code`].
    Field(String),
    /// A custom field, called so by people.
    Attribute(String),
    /// Nothing.
    Drop,
}

/// What is known about a file's columns before it is read.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Columns {
    /// Names of columns to keep as custom fields.
    pub keep: Vec<String>,
    /// What columns mean by their place, from 0; all others mean what their names say.
    pub targets: BTreeMap<usize, Target>,
}

impl Columns {
    /// Columns mean what their names say, and these are kept.
    pub fn keeping(keep: &[String]) -> Self {
        Self { keep: keep.to_vec(), targets: BTreeMap::new() }
    }
}

/// What becomes of one column of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// A known column.
    Known(Column),
    /// A custom attribute with this index in [`Header::attributes`].
    Attribute(usize),
    /// Nobody asked for it.
    Dropped,
}

/// Why a header row cannot be used. Column names are the file's own structure, not personal data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// No row at all.
    #[error("the file is empty; the first row must name the columns")]
    Empty,
    /// The first row is not text.
    #[error("the first row cannot be read: {0}")]
    Unreadable(&'static str),
    /// Two columns are called the same or mean the same.
    #[error("the columns {0} mean the same; remove or rename all but one of each")]
    Duplicate(String),
    /// Neither e-mail nor phone.
    #[error("no column for e-mail or phone among: {0}; name one of them \"email\" or \"phone\"")]
    NoIdentifier(String),
    /// The first row holds an address instead of names.
    #[error("the first row holds data, not column names; add a row such as: email,first name,language")]
    LooksLikeData,
    /// `--attribute` names a column that is not there.
    #[error("there is no column {0:?} to keep as an attribute; the file has: {1}")]
    NoSuchAttribute(String, String),
    /// A mapping speaks of a column that is not there.
    #[error("there is no column number {0}; the file has {1}, counted from 0")]
    NoSuchColumn(usize, usize),
    /// A mapping names an unknown field.
    #[error("column {0} cannot become {1:?}; it is no field")]
    NoSuchField(usize, String),
    /// Two columns are mapped to one field.
    #[error("more than one column becomes {0}; drop all but one of them")]
    MappedTwice(String),
}

/// The header of a file, understood.
#[derive(Debug, Clone)]
pub struct Header {
    /// The columns' names as the file has them.
    pub names: Vec<String>,
    /// What each column means.
    pub meaning: Vec<Meaning>,
    /// Keys of the custom attributes asked for, in the order of the file.
    pub attributes: Vec<String>,
    /// What people call those attributes.
    pub labels: Vec<String>,
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("{:?}", clip(name))).collect::<Vec<_>>().join(", ")
}

fn clip(name: &str) -> String {
    name.chars().take(60).collect()
}

/// The key under which a custom attribute is stored: folded, words joined by underscores.
pub fn attribute_key(name: &str) -> String {
    let mut out = String::new();
    for c in fold(name).chars().take(100) {
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
    }
    out.trim_end_matches('_').to_owned()
}

impl Header {
    /// Reads the header row. `wanted` are the columns to keep as attributes.
    pub fn read(record: &Record, wanted: &[String]) -> Result<Self, HeaderError> {
        Self::read_as(record, &Columns::keeping(wanted))
    }

    /// Reads the header row of a file whose columns mean what `columns` says.
    pub fn read_as(record: &Record, columns: &Columns) -> Result<Self, HeaderError> {
        if !record.is_utf8() {
            return Err(HeaderError::Unreadable("it is not valid text in the file's encoding"));
        }
        let names: Vec<String> =
            (0..record.len()).map(|i| record.field(i).unwrap_or_default().trim().to_owned()).collect();
        if names.iter().any(|name| kernel::Email::parse(name).is_ok()) {
            return Err(HeaderError::LooksLikeData);
        }
        if let Some(far) = columns.targets.keys().find(|index| **index >= names.len()) {
            return Err(HeaderError::NoSuchColumn(*far, names.len()));
        }
        let keys: Vec<String> = columns.keep.iter().map(|name| key(name)).collect();
        let mut header =
            Self { meaning: Vec::with_capacity(names.len()), attributes: Vec::new(), labels: Vec::new(), names };
        for index in 0..header.names.len() {
            let name = header.names[index].clone();
            let meaning = match columns.targets.get(&index) {
                Some(target) => header.target(index, target)?,
                None => match Column::named(&name) {
                    Some(column) => Meaning::Known(column),
                    None if !key(&name).is_empty() && keys.contains(&key(&name)) => header.attribute(&name),
                    None => Meaning::Dropped,
                },
            };
            header.meaning.push(meaning);
        }
        if columns.targets.is_empty() {
            header.check_duplicates()?;
        } else {
            header.check_targets()?;
        }
        if !header.has(Column::Email) && !header.has(Column::Phone) {
            return Err(HeaderError::NoIdentifier(quoted(&header.names)));
        }
        let known = |wanted: &String| header.names.iter().any(|name| key(name) == key(wanted));
        if let Some(missing) = columns.keep.iter().find(|name| !known(name)) {
            return Err(HeaderError::NoSuchAttribute(clip(missing), quoted(&header.names)));
        }
        Ok(header)
    }

    fn attribute(&mut self, label: &str) -> Meaning {
        self.attributes.push(attribute_key(label));
        self.labels.push(label.to_owned());
        Meaning::Attribute(self.attributes.len() - 1)
    }

    fn target(&mut self, index: usize, target: &Target) -> Result<Meaning, HeaderError> {
        let unknown = |name: &str| HeaderError::NoSuchField(index, clip(name));
        match target {
            Target::Drop => Ok(Meaning::Dropped),
            Target::Field(code) => Column::from_code(code).map(Meaning::Known).ok_or_else(|| unknown(code)),
            Target::Attribute(label) if attribute_key(label).is_empty() => Err(unknown(label)),
            Target::Attribute(label) => Ok(self.attribute(label)),
        }
    }

    /// In a file whose columns somebody assigned, only what is used must be unique.
    fn check_targets(&self) -> Result<(), HeaderError> {
        let mut seen = std::collections::BTreeSet::new();
        for meaning in &self.meaning {
            let used = match meaning {
                Meaning::Known(column) => column.code(),
                Meaning::Attribute(index) => format!("attribute {}", self.attributes[*index]),
                Meaning::Dropped => continue,
            };
            if !seen.insert(used.clone()) {
                return Err(HeaderError::MappedTwice(used));
            }
        }
        Ok(())
    }

    fn check_duplicates(&self) -> Result<(), HeaderError> {
        let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, meaning) in self.names.iter().zip(&self.meaning) {
            let group = match meaning {
                Meaning::Known(column) => column.name().to_owned(),
                _ if key(name).is_empty() => continue,
                _ => format!("={}", key(name)),
            };
            groups.entry(group).or_default().push(name.clone());
        }
        let twice: Vec<String> =
            groups.values().filter(|names| names.len() > 1).map(|names| quoted(names).replace(", ", " and ")).collect();
        if twice.is_empty() { Ok(()) } else { Err(HeaderError::Duplicate(twice.join("; "))) }
    }

    /// Whether the file has the column.
    pub fn has(&self, column: Column) -> bool {
        self.meaning.contains(&Meaning::Known(column))
    }

    /// Column of the file → field it fills, for the report.
    pub fn mapped(&self) -> BTreeMap<String, String> {
        let fields = self.names.iter().zip(&self.meaning).filter_map(|(name, meaning)| match meaning {
            Meaning::Known(column) => Some((name.clone(), column.name().to_owned())),
            Meaning::Attribute(index) => Some((name.clone(), format!("attribute {}", self.attributes[*index]))),
            Meaning::Dropped => None,
        });
        fields.collect()
    }

    /// Columns that nobody asked for, for the report.
    pub fn dropped(&self) -> Vec<String> {
        let pairs = self.names.iter().zip(&self.meaning).enumerate();
        pairs
            .filter(|(_, (_, meaning))| **meaning == Meaning::Dropped)
            .map(|(index, (name, _))| if name.is_empty() { format!("column {}", index + 1) } else { name.clone() })
            .collect()
    }
}

/// The delimiter of a header line: the one under which most names are known, then the one that
/// separates most; comma when nothing speaks for another.
pub fn delimiter(line: &[u8]) -> u8 {
    let text = String::from_utf8_lossy(&line[..line.len().min(16 * 1024)]);
    let score = |delimiter: char| {
        let parts: Vec<&str> = text.split(delimiter).collect();
        let known = parts.iter().filter(|part| Column::named(part).is_some()).count();
        (known, parts.len())
    };
    let mut best = (b',', score(','));
    for candidate in [b';', b'\t'] {
        let score = score(char::from(candidate));
        if score > best.1 {
            best = (candidate, score);
        }
    }
    best.0
}

#[cfg(test)]
mod tests;
