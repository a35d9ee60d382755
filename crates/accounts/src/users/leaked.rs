//! Passwords that everybody knows: a short list of our own and, when the operator supplies one, a file of SHA-1
//! hashes of leaked passwords. Nothing is asked over the network.
//!
//! The file has one hash a line in hexadecimal, sorted, each with an optional `:count` behind it: the format in
//! which lists of leaked passwords are published ("ordered by hash"). It is searched where it lies, so its size
//! does not matter.

use std::cmp::Ordering;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};

/// Digits of a SHA-1 in hexadecimal.
const DIGITS: usize = 40;
/// The longest line that is read: hash, colon, count.
const LONGEST_LINE: u64 = 80;
/// How many places of a file are compared with each other before it is believed to be sorted.
const PROBES: u64 = 64;

/// Passwords of ten characters and more that head every published list; shorter ones are refused anyway.
/// Compared without regard to case.
const BEST_KNOWN: &[&str] = &[
    "0123456789",
    "0987654321",
    "1029384756",
    "1122334455",
    "1234512345",
    "123456789a",
    "1234567890",
    "12345678910",
    "1234567891",
    "1234567899",
    "123456789q",
    "123456789z",
    "1234qwerasdf",
    "123qwe123qwe",
    "1357924680",
    "147258369a",
    "1q2w3e4r5t",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "2wsx3edc4rfv",
    "7894561230",
    "9876543210",
    "a123456789",
    "a1b2c3d4e5",
    "aa123456789",
    "aa12345678",
    "abc1234567",
    "abcd123456",
    "abcdefghij",
    "adminadmin",
    "administrator",
    "asdfasdfasdf",
    "asdfghjkl1",
    "asdfghjkl123",
    "asdfghjkl;",
    "barcelona1",
    "basketball",
    "basketball1",
    "bismillah1",
    "bismillah123",
    "changeme123",
    "chelsea123",
    "christopher",
    "computer123",
    "cristiano7",
    "dragonball",
    "elizabeth1",
    "football123",
    "galatasaray",
    "helloworld",
    "iloveyou12",
    "iloveyou123",
    "iloveyou1234",
    "iloveyou2",
    "iloveyousomuch",
    "jessica123",
    "letmein123",
    "liverpool1",
    "liverpoolfc",
    "manchester",
    "manchester1",
    "mohamed123",
    "mohammed123",
    "muhammad123",
    "mustafa123",
    "newpassword",
    "nopassword",
    "p@ssw0rd123",
    "p@ssword123",
    "pa$$w0rd123",
    "passw0rd123",
    "password01",
    "password10",
    "password11",
    "password12",
    "password123",
    "password1234",
    "password12345",
    "password123456",
    "password2024",
    "password2025",
    "password2026",
    "password99",
    "passwordpassword",
    "playstation",
    "princess12",
    "princess123",
    "q1w2e3r4t5",
    "q1w2e3r4t5y6",
    "qazwsxedc1",
    "qazwsxedc123",
    "qazwsxedcrfv",
    "qwaszx1234",
    "qwer123456",
    "qwerty1234",
    "qwerty12345",
    "qwerty123456",
    "qwertyqwerty",
    "qwertyuiop",
    "qwertyuiop1",
    "qwertyuiop123",
    "qwertyuiop[]",
    "realmadrid",
    "realmadrid1",
    "sunshine12",
    "sunshine123",
    "superman12",
    "superman123",
    "testtest12",
    "testtesttest",
    "trustno1trustno1",
    "welcome123",
    "welcome1234",
    "welcome2024",
    "welcome2025",
    "welcome2026",
    "zaq12wsxcde3",
    "zxcvbnm123",
    "zxcvbnm1234",
    "zxcvbnmzxcvbnm",
];

/// What is known to have leaked.
#[derive(Debug, Clone, Default)]
pub struct List {
    file: Option<PathBuf>,
}

impl List {
    /// Our own short list and the operator's file. Reads a few places of the file to see whether it is one.
    ///
    /// # Errors
    /// When it cannot be read, is empty, has lines that begin with no hash, or is not sorted.
    pub fn with_file(path: &Path) -> io::Result<Self> {
        let wrong = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what);
        let mut file = Sorted::open(path)?;
        if file.length == 0 {
            return Err(wrong("the file is empty"));
        }
        let mut before: Option<[u8; DIGITS]> = None;
        for probe in 0..=PROBES {
            let at = file.length / PROBES * probe;
            let Some(hash) = file.line_from(if probe == 0 { 0 } else { at })? else { continue };
            if before.is_some_and(|before| before > hash) {
                return Err(wrong("the file is not sorted by hash"));
            }
            before = Some(hash);
        }
        Ok(Self { file: Some(path.to_owned()) })
    }

    /// Whether a password is known. A file that cannot be read any more is logged and left aside: nobody is
    /// locked out by it. Reads the disk: for blocking threads.
    pub fn contains(&self, password: &str) -> bool {
        let lower = password.to_lowercase();
        if BEST_KNOWN.contains(&lower.as_str()) {
            return true;
        }
        let Some(path) = &self.file else { return false };
        match Sorted::open(path).and_then(|mut file| file.has(&hash(password))) {
            Ok(found) => found,
            Err(error) => {
                tracing::warn!(%error, "the list of leaked passwords cannot be read");
                false
            }
        }
    }
}

fn hash(password: &str) -> [u8; DIGITS] {
    let mut text = String::with_capacity(DIGITS);
    for byte in digest(&SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes()).as_ref() {
        let _ = write!(text, "{byte:02X}");
    }
    let mut out = [0; DIGITS];
    out.copy_from_slice(&text.as_bytes()[..DIGITS]);
    out
}

/// A file of sorted lines.
struct Sorted {
    input: BufReader<File>,
    length: u64,
}

impl Sorted {
    fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        Ok(Self { input: BufReader::with_capacity(256, file), length })
    }

    fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::with_capacity(DIGITS + 12);
        let read = io::Read::take(&mut self.input, LONGEST_LINE).read_until(b'\n', &mut line)?;
        Ok((read > 0).then_some(line))
    }

    /// The hash of the first line that begins at `at` or later; none behind the last one.
    fn line_from(&mut self, at: u64) -> io::Result<Option<[u8; DIGITS]>> {
        if at == 0 {
            self.input.seek(SeekFrom::Start(0))?;
        } else {
            // From the octet before, so that a line that begins exactly here is found.
            self.input.seek(SeekFrom::Start(at - 1))?;
            self.line()?;
        }
        let Some(line) = self.line()? else { return Ok(None) };
        let mut hash = [0; DIGITS];
        match line.get(..DIGITS) {
            Some(digits) if digits.iter().all(u8::is_ascii_hexdigit) => {
                hash.copy_from_slice(&digits.to_ascii_uppercase());
                Ok(Some(hash))
            }
            _ => Err(io::Error::new(io::ErrorKind::InvalidData, "a line does not begin with a SHA-1 in hexadecimal")),
        }
    }

    fn has(&mut self, wanted: &[u8; DIGITS]) -> io::Result<bool> {
        let (mut low, mut high) = (0, self.length);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.line_from(middle)?.map(|hash| hash.cmp(wanted)) {
                Some(Ordering::Equal) => return Ok(true),
                Some(Ordering::Less) => low = middle + 1,
                Some(Ordering::Greater) | None => high = middle,
            }
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(lines: &[String]) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), lines.concat()).unwrap();
        file
    }

    #[test]
    fn the_best_known_are_refused_without_a_file() {
        let list = List::default();
        assert!(list.contains("password123") && list.contains("QwertyUiop") && list.contains("1234567890"));
        assert!(!list.contains("correct horse battery"));
        assert!(BEST_KNOWN.iter().all(|known| known.chars().count() >= 9 && *known == known.to_lowercase()));
    }

    #[test]
    fn every_line_of_a_file_is_found_and_nothing_else() {
        for count in [1, 2, 3, 10, 257] {
            let words: Vec<String> = (0..count).map(|n| format!("leaked password {n}")).collect();
            let mut lines: Vec<String> = words
                .iter()
                .map(|word| format!("{}:{}\r\n", String::from_utf8_lossy(&hash(word)), word.len() * 31))
                .collect();
            lines.sort();
            let file = written(&lines);
            let list = List::with_file(file.path()).unwrap();
            assert!(words.iter().all(|word| list.contains(word)), "{count}");
            assert!((0..100).all(|n| !list.contains(&format!("another password {n}"))), "{count}");
        }
    }

    #[test]
    fn a_file_that_is_none_is_refused() {
        let line = |digit: &str| format!("{}\n", digit.repeat(DIGITS));
        for wrong in [vec![], vec!["password\n".to_owned()], vec![line("B"), line("A")]] {
            let file = written(&wrong);
            assert!(List::with_file(file.path()).is_err(), "{wrong:?}");
        }
        assert!(List::with_file(Path::new("/nowhere/at/all")).is_err());
        assert!(List::with_file(written(&[line("A"), line("B")]).path()).is_ok());
    }

    proptest::proptest! {
        #[test]
        fn no_file_upsets_a_choice(octets in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(file.path(), &octets).unwrap();
            let _ = List::with_file(file.path());
            let list = List { file: Some(file.path().to_owned()) };
            let found = list.contains("correct horse battery");
            proptest::prop_assert!(!found);
        }
    }
}
