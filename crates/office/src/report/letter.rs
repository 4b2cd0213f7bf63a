//! The parts of an official letter around its body: heading block, title, legal basis, signature and recipients
//! (Decree 30/2020, appendix I).

use super::labels;
use super::model::ReportModel;
use super::values::{self, NBSP};
use super::word::{Align, BODY, GAP, Look, Stand, bold_width, line, paragraph, rule, run, side_by_side};
use super::{Lang, clean};

/// Text width of a portrait page: 210 mm less the margins of 30 and 15 mm.
pub const PORTRAIT_WIDTH: i32 = 9354;
/// Left for the agency, right for the national name, which is 88 mm long at 12 pt.
const HEADING: (i32, i32) = (3954, 5400);
const SIGNATURE: (i32, i32) = (4354, 5000);
/// 12 pt, 13 pt and 11 pt.
const SIZE_12: u16 = 24;
const SIZE_13: u16 = 26;
const SIZE_11: u16 = 22;
/// Rules of ⅓ to ½ of the line above: we draw two fifths.
const RULE_SHARE: (i32, i32) = (2, 5);
/// Room for signature and seal.
const SIGNATURE_ROOM: u32 = 1300;

/// Agency and national name, number and place.
pub fn heading(model: &ReportModel, lang: Lang) -> String {
    let centre = Stand::new(Align::Center);
    let letterhead = &model.letterhead;

    let mut agency = String::new();
    for text in &letterhead.superior {
        agency += &line(text, Look::plain(SIZE_12), centre);
    }
    for text in &letterhead.issuer {
        agency += &line(text, Look::bold(SIZE_12), centre);
    }
    let last = letterhead.issuer.last().map_or(0, |text| bold_width(text, SIZE_12).min(HEADING.0));
    agency += &rule(HEADING.0, share(last.max(1500)), 0);

    let mut nation = line(labels::national_name(lang), Look::bold(SIZE_12), centre);
    nation += &line(labels::motto(lang), Look::bold(SIZE_13), centre);
    nation += &rule(HEADING.1, bold_width(labels::motto(lang), SIZE_13), 0);

    let spaced = Stand { before: GAP, ..centre };
    let number = format!("{} {}", labels::number_prefix(lang), full_number(model));
    let issued = values::place_and_date(&letterhead.place, letterhead.date, letterhead.year, lang);
    let rows = [(agency, nation), (line(&number, Look::plain(SIZE_13), spaced), line(&issued, Look::italic(SIZE_13), spaced))];
    side_by_side(HEADING, &rows)
}

fn share(length: i32) -> i32 {
    length * RULE_SHARE.0 / RULE_SHARE.1
}

/// "05/BC-UBND"; an open number leaves room. Numbers below 10 take a zero.
pub fn full_number(model: &ReportModel) -> String {
    let number = match model.letterhead.number.as_deref().map(str::trim) {
        None | Some("") => NBSP.to_string().repeat(6),
        Some(n) if n.len() == 1 && n.bytes().all(|b| b.is_ascii_digit()) => format!("0{n}"),
        Some(n) => n.to_owned(),
    };
    format!("{number}/{}", model.letterhead.notation)
}

/// Type of document, subject, rule; then addressees, legal basis and the opening sentence.
pub fn opening(model: &ReportModel, lang: Lang) -> String {
    let centre = Stand::new(Align::Center);
    let mut out = line(labels::document_type(lang), Look::bold(BODY), Stand { before: 240, ..centre }.keep());
    out += &line(&model.subject, Look::bold(BODY), centre.keep());
    out += &rule(PORTRAIT_WIDTH, share(bold_width(&clean(&model.subject), BODY).clamp(2400, 6800)), 240);

    match model.addressed_to.as_slice() {
        [] => {}
        [one] => {
            let text = format!("{} {one}", labels::addressed_to(lang));
            out += &line(&text, Look::plain(BODY), Stand { before: GAP, after: 240, ..centre });
        }
        many => {
            let indent = Stand { left: 2000, after: 0, ..Stand::new(Align::Left) };
            out += &line(labels::addressed_to(lang), Look::plain(BODY), Stand { before: GAP, ..indent });
            for (i, name) in many.iter().enumerate() {
                let end = if i + 1 == many.len() { '.' } else { ';' };
                let after = if i + 1 == many.len() { 240 } else { 0 };
                out += &line(&format!("- {}{end}", unpunctuated(name)), Look::plain(BODY), Stand { left: 3000, after, ..indent });
            }
        }
    }
    for (i, basis) in model.legal_basis.iter().enumerate() {
        let end = if i + 1 == model.legal_basis.len() { '.' } else { ';' };
        let basis = unpunctuated(basis);
        let lead = labels::legal_basis_lead(lang);
        let text = if basis.starts_with(lead) { format!("{basis}{end}") } else { format!("{lead} {basis}{end}") };
        let text = if lang == Lang::Vi { values::dates_in_words(&text) } else { text };
        out += &line(&text, Look::italic(BODY), Stand::body());
    }
    if !model.opening.is_empty() {
        out += &line(&model.opening, Look::plain(BODY), Stand::body());
    }
    out
}

/// The last sentence, then recipients on the left and the signer on the right.
pub fn signature(model: &ReportModel, lang: Lang) -> String {
    let mut out = String::new();
    if !model.closing.is_empty() {
        // Decree 30/2020: the text of an official document ends with "./."
        let text = format!("{}./.", unpunctuated(&model.closing));
        out += &line(&text, Look::plain(BODY), Stand { after: 240, ..Stand::body() }.keep());
    }
    let left = Stand::new(Align::Left);
    let mut recipients = line(labels::recipients(lang), Look { bold: true, ..Look::italic(SIZE_12) }, left);
    let as_addressed = (!model.addressed_to.is_empty()).then(|| labels::as_addressed(lang).to_owned());
    let hanging = Stand { left: 140, first_line: -140, right: 200, ..left };
    for name in as_addressed.iter().chain(&model.recipients) {
        recipients += &line(&format!("- {};", unpunctuated(name)), Look::plain(SIZE_11), hanging);
    }
    let filing = if model.filing.is_empty() { "VT" } else { &model.filing };
    recipients += &line(&format!("- {} {}.", labels::filing(lang), unpunctuated(filing)), Look::plain(SIZE_11), hanging);

    let centre = Stand::new(Align::Center);
    let mut signer = String::new();
    for text in &model.signature.capacity {
        signer += &line(text, Look::bold(BODY), centre);
    }
    signer += &line(&model.signature.name, Look::bold(BODY), Stand { before: SIGNATURE_ROOM, ..centre });
    out += &side_by_side(SIGNATURE, &[(recipients, signer)]);
    out
}

/// Heading of an annex: number and title 14 pt bold, then what it is attached to.
/// Only the first begins a page (that of its section): a short annex then leaves no page half empty.
pub fn annex_heading(number: &str, title: &str, model: &ReportModel, lang: Lang, first: bool) -> String {
    let centre = Stand::new(Align::Center);
    let (style, before) = if first { ("AnnexFirst", 0) } else { ("Annex", 400) };
    let mut out =
        line(&format!("{} {number}", labels::annex(lang)), Look::bold(BODY), Stand { style: Some(style), before, ..centre }.keep());
    out += &line(title, Look::bold(BODY), centre.keep());
    let issued = values::place_and_date("", model.letterhead.date, model.letterhead.year, lang);
    let issued = issued.trim_start_matches([',', ' ']);
    let attached = labels::attached_to(&full_number(model), issued, &issuer_in_text(model), lang);
    out += &line(&attached, Look::italic(SIZE_13), Stand { after: 160, ..centre }.keep());
    out
}

fn issuer_in_text(model: &ReportModel) -> String {
    let letterhead = &model.letterhead;
    if letterhead.issuer_in_text.is_empty() { letterhead.issuer.join(" ") } else { letterhead.issuer_in_text.clone() }
}

fn unpunctuated(text: &str) -> &str {
    text.trim().trim_end_matches([';', '.', ',', '/'])
}

/// The notice of simulated data, as a line of the page header.
pub fn simulated_notice(lang: Lang) -> String {
    paragraph(&run(labels::simulated(lang), Look { colour: Some("B91C1C"), ..Look::bold(SIZE_11) }), Stand::new(Align::Center))
}
