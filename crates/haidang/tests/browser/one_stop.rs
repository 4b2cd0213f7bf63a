//! A dossier's way as its people go it: found with ordinary words and filed from a phone, left and taken up again, asked back and
//! completed, paid, decided, opened, rated. Every page on the way is looked at.

use std::path::Path;

use fantoccini::Locator;
use serde_json::json;

use crate::{
    kit::{Look, Window, plain},
    pages::of_page,
};

/// Phường Thắng Tam: `thangtam` receives there; `chutich` decides.
const WARD: &str = "26508@2004-07-08";
const BIRTH: &str = "1.001193";
/// What the citizen is told of the paper that cannot be read.
const ASKED: &str = "Ảnh chụp mờ, không đọc được số giấy chứng sinh";
const COPIES: &str = "3";
const FEE: &str = "24.000";

/// A phone and a desk, and what is wrong with the pages they saw.
struct Way<'a> {
    phone: &'a Window,
    desk: &'a Window,
    faults: Vec<String>,
    /// The paper that the citizen photographs.
    paper: String,
}

/// The way of one birth registration. Gives everything that is wrong with its pages.
pub async fn a_birth_is_registered(phone: &Window, desk: &Window, dir: &Path) -> Vec<String> {
    let paper = dir.join("giay-chung-sinh.pdf");
    std::fs::write(&paper, PDF).unwrap();
    let mut way = Way { phone, desk, faults: Vec::new(), paper: paper.display().to_string() };
    for w in [phone, desk] {
        w.client.delete_all_cookies().await.unwrap();
        w.bring_axe().await;
    }
    way.find().await;
    way.answer().await;
    let code = way.file().await;
    way.ask_back(&code).await;
    way.complete(&code).await;
    way.pay(&code).await;
    way.decide(&code).await;
    way.open_and_rate(&code).await;
    way.complain(&code).await;
    way.faults
}

impl Way<'_> {
    /// Looks at the page of a window.
    async fn look(&mut self, w: &Window, what: &str) {
        let found = of_page(w, w.status().await.filter(|s| *s == 422).unwrap_or(200), Look::Colours).await;
        self.faults.extend(found.into_iter().map(|f| format!("{what}: {f}")));
    }

    async fn phone_opens(&mut self, path: &str, what: &str) {
        self.phone.open(path).await;
        self.look(self.phone, what).await;
    }

    async fn phone_goes(&mut self, css: &str, what: &str) {
        self.phone.follow(css).await;
        self.look(self.phone, what).await;
    }

    /// The main button of the page's form.
    async fn on(&mut self, what: &str) {
        self.phone_goes("main form button.main", what).await;
    }

    async fn type_in(&self, fields: &[(&str, &str)]) {
        for (name, value) in fields {
            self.phone.fill_at(&format!("main [name=\"{name}\"]"), value).await;
        }
    }

    async fn tick(&self, name: &str, value: &str) {
        self.phone.click(&format!("main [name={name}][value=\"{value}\"]")).await;
    }

    /// By words without marks to the procedure, through the sign-in to the first question.
    async fn find(&mut self) {
        self.phone_opens("/portal?lang=vi", "the portal").await;
        self.phone.fill("q", "lam giay khai sinh cho con").await;
        self.phone_goes("main form button", "what was found").await;
        self.phone_goes(&format!("main a[href*='{BIRTH}']"), "the procedure").await;
        self.on("the procedure without a ward").await;
        assert!(self.phone.has("#faults").await, "nobody says that the ward is missing");
        for again in ["signing in", "back from signing in", "the first question"] {
            if self.phone.has("main select[name=unit]").await {
                self.phone.choose("unit", WARD).await;
            }
            self.on(again).await;
        }
        assert!(self.phone.place().await.contains("/q/who"), "{}", self.phone.place().await);
    }

    /// The questions; after the second page the phone is put away, and taken up again from the list of one's own things.
    async fn answer(&mut self) {
        let name = self.phone.value("applicant_name").await;
        assert!(name.contains(' '), "the identity's name is not filled in: {name:?}");
        self.on("a question left out").await;
        assert!(self.phone.has("#faults a[href='#relation']").await, "the summary does not lead to the question");
        assert_eq!(self.phone.value("applicant_name").await, name);
        self.tick("relation", "mother").await;
        self.on("the child").await;
        self.type_in(&[
            ("child_name", "Nguyễn An Nhiên"),
            ("child_birth_date.d", "1"),
            ("child_birth_date.m", "6"),
            ("child_birth_date.y", "2027"),
            ("child_ethnicity", "Kinh"),
            ("child_nationality", "Việt Nam"),
            ("birth_place", "Bệnh viện Vũng Tàu"),
            ("home_town", "Thành phố Vũng Tàu"),
        ])
        .await;
        for (field, value) in [("child_sex", "female"), ("has_notice", "none"), ("surrogacy", "false")] {
            self.tick(field, value).await;
        }
        self.on("a date to come").await;
        assert!(self.phone.text("#faults").await.contains("sau ngày hôm nay"), "{}", self.phone.text("#faults").await);
        self.type_in(&[("child_birth_date.y", "2025")]).await;
        self.tick("has_notice", "paper").await;
        self.phone_goes("main form button[value=later]", "saved for later").await;
        assert!(self.phone.text("main").await.contains("29/08/2025"), "until when it is kept: {}", self.phone.text("main").await);
        self.phone.follow(".who form button").await;
        self.phone_opens("/portal/sign-in?next=%2Fportal%2Fmine&lang=vi", "signing in again").await;
        self.on("one's own things").await;
        self.phone_goes("main a[href*='/portal/drafts/']", "what is kept").await;
        self.phone_goes("main a.button.main", "taken up again").await;
        if !self.phone.place().await.contains("/q/child") {
            self.phone_goes("main a.back", "back to the child").await;
        }
        assert_eq!(self.phone.value("child_name").await, "Nguyễn An Nhiên", "what was typed is lost");
        self.on("a question that an answer brings").await;
        if self.phone.has("main [name=notice_number]").await {
            self.type_in(&[("notice_number", "123/2025")]).await;
            self.on("the mother").await;
        }
        self.type_in(&[("mother_name", "Nguyễn Thị Mai"), ("mother_address", "12 Lê Lợi"), ("mother_nationality", "Việt Nam")]).await;
        self.on("the father").await;
        self.tick("parents_married", "false").await;
        self.on("more of the father").await;
        if self.phone.has("main [name=father_known]").await {
            self.tick("father_known", "false").await;
            self.on("the rest").await;
        }
        while !self.phone.place().await.contains("/papers") {
            if self.phone.has("main [name=copies]").await {
                self.phone.fill("copies", COPIES).await;
            }
            if self.phone.has("main [name=exempt]").await {
                self.tick("exempt", "none").await;
            }
            self.on("further questions").await;
        }
    }

    /// The notice of birth as a file, everything once more, and the code.
    async fn file(&mut self) -> String {
        self.phone_goes("main button[value=next]", "papers that are missing").await;
        assert!(self.phone.has("#faults").await);
        self.phone.attach("#birth_notice-file", &self.paper).await;
        self.phone_goes("#birth_notice form:last-of-type button", "a file received").await;
        assert_eq!(self.phone.text("#birth_notice .got code").await.len(), 64, "the file is not acknowledged with its hash");
        self.phone_goes("main button[value=next]", "how the result is wanted").await;
        assert!(
            self.phone.has("main [name=result_way][value=online]:checked").await,
            "end to end, the result is online unless one says so"
        );
        self.tick("result_way", "post").await;
        self.phone.fill("result_address", "").await;
        self.on("the post without an address").await;
        assert!(self.phone.has("#faults a[href='#result_address']").await);
        self.tick("result_way", "online").await;
        self.on("everything once more").await;
        let page = self.phone.text("main").await;
        assert!(page.contains("Nguyễn An Nhiên") && page.contains(FEE), "{page}");
        self.on("filed").await;
        let code = self.phone.text("#code").await;
        assert!(code.contains('-') && self.phone.text("#secret").await.len() >= 8, "{code}");
        self.phone_goes("main a.button.main", "the dossier").await;
        assert_eq!(self.phone.text("#status").await, "Mới đăng ký");
        code
    }

    /// Opens the form of an act on the officer's page, and sends it as it was filled in.
    async fn act(&mut self, login: &str, code: &str, act: &str, fields: &[(&str, &str)], file: Option<&str>) {
        self.desk.sign_in(login).await;
        self.desk.open(&format!("/desk/dossiers/{code}?lang=vi")).await;
        let form = format!("form[action*='/do/{act}']");
        self.desk.click(&format!("details:has({form}) > summary")).await;
        for (name, value) in fields {
            let css = format!("{form} [name={name}]");
            if self.desk.has(&format!("{form} select[name={name}]")).await {
                self.desk.choose_at(&css, value).await;
            } else if value.is_empty() {
                self.desk.click(&css).await;
            } else if self.desk.has(&format!("{css}[value='{value}'][type=radio]")).await {
                self.desk.click(&format!("{css}[value='{value}']")).await;
            } else {
                self.desk.fill_at(&css, value).await;
            }
        }
        if let Some(file) = file {
            self.desk.attach(&format!("{form} input[type=file]"), file).await;
        }
        self.desk.follow(&format!("{form} button.main, {form} .buttons button")).await;
        assert!(self.desk.has(".notice.good").await, "{act}: {}", self.desk.text("main").await);
        self.look(self.desk, &format!("the desk after {act}")).await;
    }

    async fn ask_back(&mut self, code: &str) {
        self.desk.sign_in("thangtam").await;
        self.desk.open("/desk?lang=vi").await;
        self.look(self.desk, "the desk").await;
        self.desk.follow(&format!("main a[href*='{code}'], main td a, main th a.num")).await;
        self.look(self.desk, "a dossier at the desk").await;
        let reasons = [("reason_kind_1", "illegible"), ("reason_part_1", "birth_notice"), ("reason_text_1", ASKED)];
        self.act("thangtam", code, "ask_supplement", &reasons, None).await;
    }

    async fn complete(&mut self, code: &str) {
        self.phone_opens(&format!("/portal/track/{code}?lang=vi"), "asked for more").await;
        let page = self.phone.text("main").await;
        assert!(page.contains(ASKED) && page.contains("Giấy chứng sinh"), "the citizen does not see why: {page}");
        self.phone_goes("main a[href*='/supplement']", "completing").await;
        self.on("completing with nothing").await;
        assert!(self.phone.has("#faults").await, "nothing is sent, and nobody says so");
        self.phone.attach("#birth_notice-file", &self.paper).await;
        self.phone.fill("note", "Em chụp lại hai mặt.").await;
        self.on("completed").await;
        assert_eq!(self.phone.text("#status").await, "Mới đăng ký", "{}", self.phone.text("main").await);
    }

    /// Received, the fee is asked for by the program; the gateway takes the order now and then, and tells late.
    async fn pay(&mut self, code: &str) {
        self.act("thangtam", code, "accept", &[], None).await;
        let page = self.desk.text("main").await;
        assert!(page.contains(FEE) && self.desk.has(".pay-qr img").await, "the desk does not show what is owed: {page}");
        self.phone_opens(&format!("/portal/track/{code}?lang=vi"), "a fee to pay").await;
        let page = self.phone.text("main").await;
        assert!(page.contains(FEE) && self.phone.has(".qr img[src^='data:image/svg']").await, "{page}");
        for _ in 0..20 {
            self.phone_goes("main form[action*='/gateway'] button", "towards the gateway").await;
            if self.phone.place().await.starts_with("/portal/gateway/") {
                break;
            }
            assert!(self.phone.text("main").await.contains("không trả lời"), "{}", self.phone.text("main").await);
        }
        self.on("back from the gateway").await;
        let began = std::time::Instant::now();
        while self.phone.text("#status").await != "Được tiếp nhận" {
            assert!(began.elapsed().as_secs() < 60, "the money never came: {}", self.phone.text("main").await);
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            self.phone.open(&format!("/portal/track/{code}?lang=vi")).await;
        }
        self.look(self.phone, "paid").await;
        self.phone_goes("main a[href*='/receipt/']", "the receipt").await;
        assert!(self.phone.text("main").await.contains(FEE));
    }

    async fn decide(&mut self, code: &str) {
        // To whoever appraises, then to whoever signs.
        for _ in 0..2 {
            self.act("thangtam", code, "hand_over", &[], None).await;
        }
        let paper = self.paper.clone();
        self.act("chutich", code, "resolve", &[("number", "57/2025"), ("electronic", "")], Some(&paper)).await;
        self.act("thangtam", code, "return_result", &[("way", "online")], None).await;
    }

    async fn open_and_rate(&mut self, code: &str) {
        self.phone_opens(&format!("/portal/track/{code}?lang=vi"), "the result").await;
        let got = self
            .phone
            .client
            .execute_async(
                "const done = arguments[0]; const a = document.querySelector('main a.button.main[href*=\"/file/\"]'); \
                 fetch(a.href).then(async (r) => done([r.status, r.headers.get('content-type'), (await r.text()).slice(0, 5)]))\
                 .catch((e) => done([String(e)]))",
                Vec::new(),
            )
            .await
            .unwrap();
        assert_eq!(got, json!([200, "application/pdf", "%PDF-"]), "the result does not open");
        self.tick("stars", "5").await;
        self.phone.fill("note", "Nhanh, rõ ràng.").await;
        self.phone_goes("main form[action*='/rate'] button", "rated").await;
        let page = self.phone.text("main").await;
        assert!(!self.phone.has("main [name=stars]").await && page.contains('5'), "{page}");
        let steps = self.phone.client.find_all(Locator::Css(".timeline li b")).await.unwrap();
        let mut said = Vec::new();
        for step in steps {
            said.push(plain(&step.text().await.unwrap()));
        }
        assert!(said.len() >= 8, "the way is not told: {said:?}");
    }

    /// What was not right is said, and the leader's answer stands where the citizen looks.
    async fn complain(&mut self, code: &str) {
        const SAID: &str = "Tôi phải chụp lại giấy hai lần; mong có hướng dẫn chụp rõ hơn.";
        const ANSWER: &str = "Phường cảm ơn và đã thêm ảnh mẫu vào hướng dẫn.";
        self.phone_goes("main a[href*='/complain']", "complaining").await;
        self.on("complaining with nothing").await;
        assert!(self.phone.has("#faults a[href='#text']").await);
        self.phone.fill("text", SAID).await;
        self.on("complained").await;
        assert!(self.phone.text("main").await.contains(SAID));
        self.desk.sign_in("chutich").await;
        self.desk.open("/desk/complaints?lang=vi").await;
        self.look(self.desk, "complaints").await;
        assert!(self.desk.text("main").await.contains(SAID), "{}", self.desk.text("main").await);
        self.desk.click("details:has(form[action*='/answer']) > summary").await;
        self.desk.fill("answer", ANSWER).await;
        self.desk.follow("form[action*='/answer'] button").await;
        self.look(self.desk, "a complaint answered").await;
        self.phone_opens(&format!("/portal/track/{code}?lang=vi"), "the answer").await;
        assert!(self.phone.text("main").await.contains(ANSWER));
    }
}

/// The smallest page that a reader opens.
const PDF: &str = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
                   3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
