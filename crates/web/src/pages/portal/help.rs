//! Filling in for somebody: an officer or a member of the community team sits beside a person who cannot do it alone. The dossier says who did.

use axum::response::{IntoResponse, Redirect};
use office::one_stop::DRAFT;
use rules::access::Action;

use super::frame::{HELP_COOKIE, Sent, Visit};
use crate::{
    http::{Ctx, PageResult, Posted, error::render},
    pages::work::common::{form, form_page},
    view::{Link, Section},
};

/// `GET /desk/help`: what it means, and the button.
pub async fn page(ctx: Ctx) -> PageResult {
    let t = ctx.t;
    ctx.demand_somewhere(Action::Edit, Some(DRAFT))?;
    let mut page =
        form_page(&ctx, Section::Desk, t.msg("help-title"), t.msg("help-lead"), |s| form(s, "/desk/help", t.msg("help-begin"), Vec::new()))
            .await?;
    page.s.crumbs = vec![Link::new(page.s.link("/desk"), t.msg("desk-title"))];
    Ok(render(&page))
}

/// `POST /desk/help`: from now on the portal's forms are filled in for others, until it is ended or the browser is closed.
pub async fn begin(posted: Posted) -> PageResult {
    let ctx = posted.ctx;
    ctx.demand_somewhere(Action::Edit, Some(DRAFT))?;
    let visit = Visit::of_officer(ctx);
    let mut response = visit.go("/portal");
    visit.set(&mut response, HELP_COOKIE, "1", None);
    Ok(response)
}

/// `POST /portal/help/end`: nothing of the person stays in the browser.
pub async fn end(sent: Sent) -> PageResult {
    let mut response = Redirect::to("/desk").into_response();
    sent.visit.forget(&mut response);
    Ok(response)
}
