//! Countries as people write them: ISO 3166-1 codes, and English, Arabic and native names.

use std::collections::HashMap;
use std::sync::LazyLock;

use kernel::fold;

/// ISO 3166-1 alpha-2 codes, each followed by names of the country: alpha-3 code, English, Arabic,
/// native. Countries of which nobody writes out the name in a sheet stand with their codes alone.
const COUNTRIES: &str = "\
AD AND|Andorra|أندورا
AE ARE|United Arab Emirates|UAE|U.A.E.|Emirates|الإمارات|الإمارات العربية المتحدة
AF AFG|Afghanistan|أفغانستان
AG ATG|Antigua and Barbuda
AI AIA|Anguilla
AL ALB|Albania|ألبانيا|Shqipëria
AM ARM|Armenia|أرمينيا
AO AGO|Angola|أنغولا
AQ ATA|Antarctica
AR ARG|Argentina|الأرجنتين
AS ASM|American Samoa
AT AUT|Austria|النمسا|Österreich|Oesterreich|Autriche
AU AUS|Australia|أستراليا
AW ABW|Aruba
AX ALA|Åland
AZ AZE|Azerbaijan|أذربيجان
BA BIH|Bosnia and Herzegovina|البوسنة والهرسك|Bosna i Hercegovina
BB BRB|Barbados
BD BGD|Bangladesh|بنغلاديش
BE BEL|Belgium|بلجيكا|België|Belgique|Belgien
BF BFA|Burkina Faso
BG BGR|Bulgaria|بلغاريا|България
BH BHR|Bahrain|البحرين
BI BDI|Burundi
BJ BEN|Benin
BL BLM|Saint Barthélemy
BM BMU|Bermuda
BN BRN|Brunei|بروناي
BO BOL|Bolivia|بوليفيا
BQ BES|Bonaire
BR BRA|Brazil|البرازيل|Brasil
BS BHS|Bahamas|The Bahamas
BT BTN|Bhutan
BV BVT
BW BWA|Botswana
BY BLR|Belarus|بيلاروسيا
BZ BLZ|Belize
CA CAN|Canada|كندا|Kanada
CC CCK
CD COD|Democratic Republic of the Congo|DR Congo
CF CAF|Central African Republic
CG COG|Congo
CH CHE|Switzerland|سويسرا|Schweiz|Suisse|Svizzera
CI CIV|Ivory Coast|Côte d'Ivoire|ساحل العاج
CK COK
CL CHL|Chile|تشيلي
CM CMR|Cameroon|الكاميرون|Cameroun
CN CHN|China|الصين|中国
CO COL|Colombia|كولومبيا
CR CRI|Costa Rica
CU CUB|Cuba|كوبا
CV CPV|Cape Verde|Cabo Verde
CW CUW|Curaçao
CX CXR
CY CYP|Cyprus|قبرص|Κύπρος
CZ CZE|Czech Republic|Czechia|التشيك|Česko|Česká republika
DE DEU|Germany|ألمانيا|المانيا|Deutschland|Allemagne
DJ DJI|Djibouti|جيبوتي
DK DNK|Denmark|الدنمارك|Danmark|Dänemark|Danemark
DM DMA|Dominica
DO DOM|Dominican Republic
DZ DZA|Algeria|الجزائر|Algérie
EC ECU|Ecuador
EE EST|Estonia|إستونيا|Eesti
EG EGY|Egypt|مصر|Ägypten|Égypte
EH ESH|Western Sahara
ER ERI|Eritrea|إريتريا
ES ESP|Spain|إسبانيا|España|Spanien|Espagne
ET ETH|Ethiopia|إثيوبيا
FI FIN|Finland|فنلندا|Suomi|Finnland|Finlande
FJ FJI|Fiji
FK FLK
FM FSM
FO FRO|Faroe Islands
FR FRA|France|فرنسا|Frankreich
GA GAB|Gabon|الغابون
GB GBR|United Kingdom|UK|U.K.|Great Britain|Britain|England|Scotland|Wales|Northern Ireland|بريطانيا|المملكة المتحدة|إنجلترا|Vereinigtes Königreich|Royaume-Uni
GD GRD|Grenada
GE GEO|Georgia|جورجيا
GF GUF
GG GGY|Guernsey
GH GHA|Ghana|غانا
GI GIB|Gibraltar
GL GRL|Greenland
GM GMB|Gambia
GN GIN|Guinea|غينيا
GP GLP|Guadeloupe
GQ GNQ|Equatorial Guinea
GR GRC|Greece|اليونان|Ελλάδα|Griechenland|Grèce
GS SGS
GT GTM|Guatemala
GU GUM|Guam
GW GNB|Guinea-Bissau
GY GUY|Guyana
HK HKG|Hong Kong|هونغ كونغ
HM HMD
HN HND|Honduras
HR HRV|Croatia|كرواتيا|Hrvatska|Kroatien|Croatie
HT HTI|Haiti
HU HUN|Hungary|المجر|هنغاريا|Magyarország|Ungarn|Hongrie
ID IDN|Indonesia|إندونيسيا
IE IRL|Ireland|أيرلندا|إيرلندا|Éire|Irland|Irlande
IL ISR|Israel|إسرائيل
IM IMN|Isle of Man
IN IND|India|الهند
IO IOT
IQ IRQ|Iraq|العراق
IR IRN|Iran|إيران
IS ISL|Iceland|آيسلندا|Ísland
IT ITA|Italy|إيطاليا|Italia|Italien|Italie
JE JEY|Jersey
JM JAM|Jamaica
JO JOR|Jordan|الأردن
JP JPN|Japan|اليابان|日本
KE KEN|Kenya|كينيا
KG KGZ|Kyrgyzstan
KH KHM|Cambodia|كمبوديا
KI KIR
KM COM|Comoros|جزر القمر
KN KNA
KP PRK|North Korea
KR KOR|South Korea|Korea|Republic of Korea|كوريا الجنوبية|대한민국
KW KWT|Kuwait|الكويت
KY CYM|Cayman Islands
KZ KAZ|Kazakhstan|كازاخستان
LA LAO|Laos
LB LBN|Lebanon|لبنان|Liban|Libanon
LC LCA|Saint Lucia
LI LIE|Liechtenstein
LK LKA|Sri Lanka|سريلانكا
LR LBR|Liberia
LS LSO|Lesotho
LT LTU|Lithuania|ليتوانيا|Lietuva
LU LUX|Luxembourg|لوكسمبورغ|Luxemburg
LV LVA|Latvia|لاتفيا|Latvija
LY LBY|Libya|ليبيا
MA MAR|Morocco|المغرب|Maroc|Marokko
MC MCO|Monaco|موناكو
MD MDA|Moldova
ME MNE|Montenegro|الجبل الأسود|Crna Gora
MF MAF
MG MDG|Madagascar|مدغشقر
MH MHL
MK MKD|North Macedonia|Macedonia
ML MLI|Mali|مالي
MM MMR|Myanmar
MN MNG|Mongolia
MO MAC|Macao|Macau
MP MNP
MQ MTQ|Martinique
MR MRT|Mauritania|موريتانيا
MS MSR
MT MLT|Malta|مالطا
MU MUS|Mauritius|موريشيوس
MV MDV|Maldives|المالديف
MW MWI|Malawi
MX MEX|Mexico|المكسيك|México
MY MYS|Malaysia|ماليزيا
MZ MOZ|Mozambique
NA NAM|Namibia
NC NCL|New Caledonia
NE NER|Niger|النيجر
NF NFK
NG NGA|Nigeria|نيجيريا
NI NIC|Nicaragua
NL NLD|Netherlands|The Netherlands|Holland|هولندا|Nederland|Niederlande|Pays-Bas
NO NOR|Norway|النرويج|Norge|Norwegen|Norvège
NP NPL|Nepal|نيبال
NR NRU
NU NIU
NZ NZL|New Zealand|نيوزيلندا
OM OMN|Oman|عمان|سلطنة عمان
PA PAN|Panama|بنما
PE PER|Peru|بيرو|Perú
PF PYF|French Polynesia
PG PNG|Papua New Guinea
PH PHL|Philippines|الفلبين
PK PAK|Pakistan|باكستان
PL POL|Poland|بولندا|Polska|Polen|Pologne
PM SPM
PN PCN
PR PRI|Puerto Rico
PS PSE|Palestine|فلسطين|State of Palestine|دولة فلسطين
PT PRT|Portugal|البرتغال
PW PLW
PY PRY|Paraguay
QA QAT|Qatar|قطر
RE REU|Réunion
RO ROU|Romania|رومانيا|România|Rumänien|Roumanie
RS SRB|Serbia|صربيا|Srbija|Србија
RU RUS|Russia|Russian Federation|روسيا|Россия
RW RWA|Rwanda|رواندا
SA SAU|Saudi Arabia|KSA|Kingdom of Saudi Arabia|السعودية|المملكة العربية السعودية
SB SLB
SC SYC|Seychelles
SD SDN|Sudan|السودان
SE SWE|Sweden|السويد|Sverige|Schweden|Suède
SG SGP|Singapore|سنغافورة
SH SHN
SI SVN|Slovenia|سلوفينيا|Slovenija
SJ SJM
SK SVK|Slovakia|سلوفاكيا|Slovensko
SL SLE|Sierra Leone
SM SMR|San Marino
SN SEN|Senegal|السنغال|Sénégal
SO SOM|Somalia|الصومال
SR SUR|Suriname
SS SSD|South Sudan|جنوب السودان
ST STP
SV SLV|El Salvador
SX SXM
SY SYR|Syria|سوريا|سورية|Syrien|Syrie
SZ SWZ|Eswatini
TC TCA
TD TCD|Chad|تشاد
TF ATF
TG TGO|Togo
TH THA|Thailand|تايلاند
TJ TJK|Tajikistan
TK TKL
TL TLS|Timor-Leste
TM TKM|Turkmenistan
TN TUN|Tunisia|تونس|Tunisie|Tunesien
TO TON|Tonga
TR TUR|Turkey|Türkiye|Turkiye|تركيا|Türkei|Turquie
TT TTO|Trinidad and Tobago
TV TUV
TW TWN|Taiwan|تايوان
TZ TZA|Tanzania|تنزانيا
UA UKR|Ukraine|أوكرانيا|Україна
UG UGA|Uganda|أوغندا
UM UMI
US USA|United States|United States of America|U.S.|U.S.A.|America|أمريكا|الولايات المتحدة|الولايات المتحدة الأمريكية|États-Unis|Vereinigte Staaten
UY URY|Uruguay
UZ UZB|Uzbekistan|أوزبكستان
VA VAT|Vatican
VC VCT
VE VEN|Venezuela|فنزويلا
VG VGB
VI VIR
VN VNM|Vietnam|Viet Nam|فيتنام
VU VUT
WF WLF
WS WSM|Samoa
XK XKX|Kosovo|كوسوفو|Kosova
YE YEM|Yemen|اليمن
YT MYT|Mayotte
ZA ZAF|South Africa|جنوب أفريقيا
ZM ZMB|Zambia
ZW ZWE|Zimbabwe";

static BY_NAME: LazyLock<HashMap<String, [u8; 2]>> = LazyLock::new(|| {
    let mut map = HashMap::new();
    for line in COUNTRIES.lines() {
        let (code, names) = line.split_once(' ').unwrap_or((line, ""));
        let &[a, b] = code.as_bytes() else { continue };
        map.insert(fold(code), [a, b]);
        for name in names.split('|') {
            map.insert(name_key(name), [a, b]);
        }
    }
    map
});

fn name_key(name: &str) -> String {
    fold(name).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// A country as its ISO 3166-1 alpha-2 code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Country([u8; 2]);

impl Country {
    /// Reads a code or a name.
    pub fn parse(text: &str) -> Option<Self> {
        if let &[a, b] = text.trim().as_bytes()
            && a.is_ascii_uppercase()
            && b.is_ascii_uppercase()
            && is_code(a, b)
        {
            return Some(Self([a, b]));
        }
        if text.len() > 200 {
            return None;
        }
        BY_NAME.get(&name_key(text)).copied().map(Self)
    }

    /// The two letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// A bit per pair of letters, for the common case that a file has codes.
static CODES: LazyLock<[u32; 26]> = LazyLock::new(|| {
    let mut bits = [0u32; 26];
    for line in COUNTRIES.lines() {
        if let [a, b, ..] = line.as_bytes() {
            bits[usize::from(a - b'A')] |= 1 << (b - b'A');
        }
    }
    bits
});

fn is_code(a: u8, b: u8) -> bool {
    CODES[usize::from(a - b'A')] & (1 << (b - b'A')) != 0
}

#[cfg(test)]
mod tests {
    use super::Country;

    #[test]
    fn codes_and_names_are_read() {
        for (text, code) in [
            ("DE", "DE"),
            ("de", "DE"),
            ("DEU", "DE"),
            (" Deutschland ", "DE"),
            ("المانيا", "DE"),
            ("السعوديه", "SA"),
            ("المملكة العربية السعودية", "SA"),
            ("U.K.", "GB"),
            ("UK", "GB"),
            ("united states", "US"),
            ("Österreich", "AT"),
            ("Türkiye", "TR"),
            ("CÔTE D’IVOIRE", "CI"),
            ("مصر", "EG"),
        ] {
            assert_eq!(Country::parse(text).map(|c| c.as_str().to_owned()).as_deref(), Some(code), "{text}");
        }
        for text in ["", "ZZ", "Atlantis", "D", "DEUT"] {
            assert_eq!(Country::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_table_is_sorted_and_names_are_unambiguous() {
        let codes: Vec<&str> = super::COUNTRIES.lines().map(|line| &line[..2]).collect();
        assert!(codes.is_sorted());
        for line in super::COUNTRIES.lines() {
            for name in line[2..].trim().split('|') {
                assert_eq!(Country::parse(name).unwrap().as_str(), &line[..2], "{name}");
            }
        }
    }
}
