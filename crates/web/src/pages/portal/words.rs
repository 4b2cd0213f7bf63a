//! Terms, money and degrees as the portal says them.

use rules::{
    calendar::Term,
    procedure::{Channel, FeeDef, Online, PartDef, PartKind, ProcedureDef},
};

use crate::i18n::Lang;

/// "5 ngày làm việc", "trong ngày".
pub fn term(t: Lang, term: Term) -> String {
    match term {
        Term::WorkingDays(0) => t.msg("portal-term-same-day"),
        Term::WorkingHours(n) => t.msg1("portal-term-working-hours", "count", i64::from(n)),
        Term::WorkingDays(n) => t.msg1("portal-term-working-days", "count", i64::from(n)),
        Term::Days(n) => t.msg1("portal-term-days", "count", i64::from(n)),
        Term::Months(n) => t.msg1("portal-term-months", "count", i64::from(n)),
    }
}

/// "8.000 đồng"
pub fn money(t: Lang, vnd: u64) -> String {
    t.msg1("portal-vnd", "amount", t.int(i64::try_from(vnd).unwrap_or(i64::MAX)))
}

/// What a procedure costs, in a few words.
pub fn cost(t: Lang, def: &ProcedureDef) -> String {
    if def.fees.is_empty() {
        return t.msg("portal-free-short");
    }
    // One fee that always falls due, by the piece.
    if let [only] = def.fees.as_slice()
        && only.when.is_none()
        && only.per.is_some()
    {
        return fee(t, only);
    }
    let fixed: Vec<u64> = def.fees.iter().filter(|f| f.when.is_none() && f.per.is_none()).filter_map(|f| f.amount_vnd).collect();
    match (fixed.len() == def.fees.len(), def.fees.iter().filter_map(|f| f.amount_vnd).max()) {
        (true, _) => money(t, fixed.iter().sum()),
        (false, Some(most)) if fixed.is_empty() => t.msg1("portal-cost-some", "amount", money(t, most)),
        _ => t.msg("portal-cost-depends"),
    }
}

/// Amount of one fee with what it is counted by.
pub fn fee(t: Lang, fee: &FeeDef) -> String {
    let amount = fee.amount_vnd.map(|v| money(t, v));
    let piece = |_: &String| fee.per_name.as_ref().map_or_else(|| t.msg("portal-fee-piece"), |p| t.pick(p).to_owned());
    let each = fee.per.as_ref().map(piece);
    match (amount, each) {
        (Some(a), Some(each)) => t.msg2("portal-fee-each", "amount", a, "each", each),
        (Some(a), None) => a,
        (None, _) => t.msg("portal-cost-depends"),
    }
}

pub fn online(t: Lang, online: Online) -> String {
    t.msg(&format!("portal-online-{}", online.id()))
}

pub fn channels(t: Lang, list: &[Channel]) -> String {
    let word = |c: &Channel| match c {
        Channel::Online => t.msg("portal-channel-online"),
        Channel::Counter => t.msg("portal-channel-counter"),
        Channel::Post => t.msg("portal-channel-post"),
    };
    list.iter().map(word).collect::<Vec<_>>().join("; ")
}

/// "bản chính, 1 bản; nếu có". Whether the answers ask for it is said only until they are `settled`.
pub fn part(t: Lang, part: &PartDef, settled: bool) -> String {
    let kind = match part.kind {
        PartKind::Original => "portal-part-original",
        PartKind::Copy => "portal-part-copy",
        PartKind::Electronic => "portal-part-electronic",
        PartKind::Shown => "portal-part-shown",
    };
    let mut out = vec![t.msg(kind)];
    if part.copies > 1 {
        out.push(t.msg1("portal-part-copies", "count", i64::from(part.copies)));
    }
    if part.when.is_some() && !settled {
        out.push(t.msg("portal-part-when"));
    } else if !part.required {
        out.push(t.msg("portal-part-optional"));
    }
    let hint = part.hint.as_ref().map(|h| t.pick(h).to_owned());
    [Some(out.join(", ")), hint].into_iter().flatten().collect::<Vec<_>>().join(". ")
}

/// "1,2 MB"
pub fn size(t: Lang, bytes: i64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "shown with one digit")]
    let kb = bytes as f64 / 1024.0;
    if kb >= 1024.0 { format!("{} MB", t.decimal(kb / 1024.0, 1)) } else { format!("{} KB", t.decimal(kb.max(1.0), 0)) }
}
