//! Documents of the block editor: read, mended, and turned into messages.
#![no_main]

use content::design::{Design, repair};
use content::{Body, Element, FieldCatalog, Source, compile};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|data: &[u8]| {
    let Ok(value) = serde_json::from_slice::<Value>(data) else { return };
    let read = Design::read(value.clone());
    let Ok(mended) = repair(value, "ar") else {
        assert!(read.is_err());
        return;
    };
    let design = mended.design;
    assert_eq!(Design::read(design.to_json()).as_ref(), Ok(&design));
    let source = Source {
        language: design.lang.clone(),
        body: Body::Design(Box::new(design)),
        text: None,
        subject: "S".to_owned(),
        preheader: None,
    };
    if let Ok(compiled) = compile(&source, &FieldCatalog::standard()) {
        assert!(compiled.elements().missing(Element::MARKETING).is_empty());
    }
});
