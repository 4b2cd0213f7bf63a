//! The counter: a citizen stands there, and no hand leaves the keyboard.

use std::time::{Duration, Instant};

use fantoccini::{Locator, key::Key};

use crate::{
    kit::{Look, Window},
    pages::of_page,
};

/// Presses of Tab after which a field is held to be out of reach.
const FAR: usize = 60;

impl Window {
    /// Types where the page's attention is.
    async fn keys(&self, keys: &str) {
        self.client.active_element().await.unwrap().send_keys(keys).await.unwrap();
    }

    /// Types what leads to another page, and waits for it.
    async fn keys_lead(&self, keys: &str) {
        let before = self.client.find(Locator::Css("html")).await.unwrap();
        self.keys(keys).await;
        let began = Instant::now();
        while before.tag_name().await.is_ok() {
            assert!(began.elapsed() < Duration::from_secs(20), "{keys:?} leads nowhere from {}", self.place().await);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.client.wait().for_element(Locator::Css("footer")).await.unwrap();
    }

    async fn tab_to(&self, name: &str) {
        for _ in 0..FAR {
            if self.js("return document.activeElement.name || ''").await == name {
                return;
            }
            self.keys(&Key::Tab.to_string()).await;
        }
        panic!("{name} is not reached by Tab");
    }
}

/// From the inbox to the appointment slip in less than a minute, with all that a form wants.
pub async fn a_dossier_is_received_by_keyboard(window: &Window) {
    window.sign_in("longson").await;
    window.open("/desk?lang=vi").await;
    let began = Instant::now();
    window.keys_lead("n").await;
    window.keys_lead(&format!("chung thuc ban sao{}", Key::Enter)).await;
    window.keys_lead(&Key::Enter.to_string()).await;
    for (name, text) in [
        ("id_number", "077190004321"),
        ("name", "Lê Thị Bàn Phím"),
        ("phone", "0903123456"),
        ("address", "Thôn 5, xã Long Sơn"),
        ("f_paper_name", "Bằng tốt nghiệp"),
        ("f_language", "T"),
        ("f_sheets", "2"),
        ("f_copies", "3"),
        ("f_form", "B"),
        ("part", " "),
    ] {
        window.tab_to(name).await;
        window.keys(text).await;
    }
    window.keys_lead(&format!("{}{}{}", Key::Control, Key::Enter, Key::Null)).await;
    let spent = began.elapsed();
    let said = window.text("main").await;
    assert!(window.has(".done-code").await, "it was not received: {said}");
    assert!(spent < Duration::from_secs(60), "{spent:?}");
    // The next one is a key away, and the slip can be printed without a mouse, too.
    window.keys_lead("n").await;
    assert!(window.place().await.starts_with("/desk/receive"), "{}", window.place().await);
}

/// On a narrow window: what is missing is asked for before receiving, and the same dossier is received when its owner comes back. Gives
/// what is wrong with the pages.
pub async fn what_is_missing_is_asked_for(w: &Window) -> Vec<String> {
    let mut faults = Vec::new();
    let mut look = async |what: &str| faults.extend(of_page(w, 200, Look::Colours).await.into_iter().map(|f| format!("{what}: {f}")));
    w.sign_in("longson").await;
    w.open("/desk/receive?procedure=2.000815&lang=vi").await;
    for (name, text) in [("id_number", "077190004322"), ("name", "Lê Thị Bổ Sung"), ("address", "Thôn 5, xã Long Sơn")] {
        w.fill(name, text).await;
    }
    w.click(".instead:has([name=ask_reason_text_1]) > summary").await;
    look("asking at the counter").await;
    w.fill("ask_reason_text_1", "Thiếu bản chính, mời mang đến.").await;
    w.follow("button[formaction*='/ask']").await;
    assert!(w.has(".done-code").await, "it was not written down: {}", w.text("main").await);
    look("asked at the counter").await;
    w.follow("main a.button[href*='/desk/dossiers/']").await;
    look("a dossier that waits").await;
    w.follow("main a.button.main[href*='dossier=']").await;
    look("a dossier that comes back").await;
    assert_eq!(w.value("name").await, "Lê Thị Bổ Sung");
    for (name, text) in [("f_paper_name", "Bằng tốt nghiệp"), ("f_sheets", "2"), ("f_copies", "3"), ("phone", "0903123456")] {
        w.fill(name, text).await;
    }
    for (name, value) in [("f_language", "vi"), ("f_form", "paper")] {
        w.choose(name, value).await;
    }
    w.click("[name=part]").await;
    w.follow("form.receive button.main").await;
    assert!(w.has(".done-code").await, "it was not received: {}", w.text("main").await);
    look("received after all").await;
    faults
}

/// Keys work from a tick box; the one for several goes to the first choice, and sends nothing.
pub async fn several_are_handed_over_by_keyboard(window: &Window) {
    const AT: &str = "return document.activeElement.name || ''";
    window.open("/desk?lang=vi").await;
    let place = window.place().await;
    window.keys("h").await;
    assert_eq!(window.js(AT).await, "", "nothing is ticked");
    window.js("document.querySelector('tbody input[type=checkbox]').focus()").await;
    window.keys("x").await;
    assert_eq!(window.js("return document.activeElement.checked").await, true);
    window.keys("h").await;
    assert_eq!(window.js(AT).await, "step");
    assert_eq!(window.place().await, place, "nothing was sent");
}
