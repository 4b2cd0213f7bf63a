//! What the steering programme did in the year: plans of the wards, monthly updates with evidence, figures handed in, approved or
//! returned, a contradiction decided, periods closed. Each through the programme's own use cases, at its own time.

use std::sync::Arc;

use jiff::civil::{Date, date};
use rules::{Period, Timestamp, access::Actor};

use super::{
    Plan, Summary,
    cast::Cast,
    dice::Dice,
    reports::{CITY, CityUpdate, DIFFICULTIES, PROPOSALS},
    run::together,
};
use crate::{
    Office,
    error::{Error, Result},
    one_stop::Upload,
    programme::{DIRECTIVE, FIGURE, FigureInput, NewTask, TARGET, TASK, UpdateInput},
};

/// One thing that the programme does.
#[derive(Clone)]
enum Step {
    /// Tasks for all wards: their own plan, and the end-to-end target.
    Cascade,
    /// Wards hand in their plans; the second time those that were returned.
    Plans {
        again: bool,
    },
    AnswerPlans {
        again: bool,
    },
    /// Wards report on the end-to-end task; the last month some hand it in.
    WardUpdates {
        month: usize,
    },
    AnswerWards,
    /// A ward waits for guidance.
    Wait,
    /// An agency reports on a task of the city.
    City(&'static CityUpdate),
    AnswerCity {
        id: &'static str,
        approve: bool,
        reason: &'static str,
    },
    /// Wards and the city hand figures in for a month.
    Figures {
        year: i16,
        month: i8,
        as_of: Date,
    },
    /// All of the month before are answered, or only some.
    AnswerFigures {
        all: bool,
    },
    /// Two sources for one figure.
    Contradiction,
    AnswerContradiction,
    Decide,
    Spending,
    Freeze(Period, &'static str),
}

/// The programme's part of a simulation.
pub struct Programme<'a> {
    office: &'a Office,
    cast: &'a Cast,
    dice: Dice,
    plan_tasks: Vec<String>,
    ward_tasks: Vec<String>,
    waiting_ward: Option<usize>,
    /// Figures handed in and not answered yet, with the reason to return some.
    open: Vec<(String, Option<&'static str>)>,
    rivals: Vec<String>,
    steps: std::collections::VecDeque<(Timestamp, Step)>,
}

fn at(day: Date, hour: i64, minute: i64) -> Timestamp {
    Timestamp::start_of(day).plus_micros((hour * 60 + minute) * 60_000_000)
}

impl<'a> Programme<'a> {
    pub fn new(office: &'a Office, plan: &'a Plan, cast: &'a Cast) -> Self {
        let mut steps: Vec<(Timestamp, Step)> = vec![
            (at(date(2025, 1, 8), 9, 0), Step::Freeze(Period::Year(2024), "Chốt số liệu năm 2024 để báo cáo tổng kết")),
            (at(date(2025, 1, 13), 10, 0), Step::Contradiction),
            (at(date(2025, 1, 15), 15, 0), Step::AnswerContradiction),
            (at(date(2025, 1, 20), 8, 45), Step::Decide),
            (
                at(date(2025, 4, 8), 9, 0),
                Step::Freeze(Period::Quarter { year: 2025, quarter: 1 }, "Chốt số liệu quý I/2025 để báo cáo UBND tỉnh"),
            ),
            (at(date(2025, 4, 9), 14, 0), Step::Spending),
            (at(date(2025, 4, 14), 8, 0), Step::Cascade),
            (at(date(2025, 4, 25), 9, 0), Step::Plans { again: false }),
            (at(date(2025, 4, 29), 14, 0), Step::AnswerPlans { again: false }),
            (at(date(2025, 5, 7), 9, 0), Step::Plans { again: true }),
            (at(date(2025, 5, 9), 14, 0), Step::AnswerPlans { again: true }),
            (at(date(2025, 4, 28), 10, 0), Step::WardUpdates { month: 0 }),
            (at(date(2025, 5, 28), 10, 0), Step::WardUpdates { month: 1 }),
            (at(date(2025, 6, 26), 10, 0), Step::WardUpdates { month: 2 }),
            (at(date(2025, 6, 10), 10, 0), Step::Wait),
            (at(date(2025, 6, 27), 15, 0), Step::AnswerWards),
            (at(date(2025, 5, 5), 9, 0), Step::Figures { year: 2025, month: 4, as_of: date(2025, 4, 30) }),
            (at(date(2025, 5, 7), 15, 0), Step::AnswerFigures { all: true }),
            (at(date(2025, 6, 3), 9, 0), Step::Figures { year: 2025, month: 5, as_of: date(2025, 5, 31) }),
            (at(date(2025, 6, 5), 15, 0), Step::AnswerFigures { all: true }),
            (at(date(2025, 6, 26), 14, 0), Step::Figures { year: 2025, month: 6, as_of: date(2025, 6, 25) }),
            (at(date(2025, 6, 27), 16, 0), Step::AnswerFigures { all: false }),
            (at(date(2025, 6, 2), 9, 0), Step::AnswerCity { id: "PL-05.1", approve: true, reason: "" }),
            (
                at(date(2025, 5, 30), 9, 0),
                Step::AnswerCity {
                    id: "PL-05.2",
                    approve: false,
                    reason: "Thiếu số tài khoản VNeID mức 2 kích hoạt mới theo từng phường.",
                },
            ),
            (at(date(2025, 6, 9), 9, 0), Step::AnswerCity { id: "PL-05.2", approve: true, reason: "" }),
        ];
        steps.extend(CITY.iter().map(|u| (at(u.on, 16, 0), Step::City(u))));
        steps.retain(|(t, _)| *t >= Timestamp::start_of(plan.from) && *t < plan.start());
        steps.sort_by_key(|s| s.0);
        Self {
            office,
            cast,
            dice: Dice::new(plan.seed, "programme"),
            plan_tasks: Vec::new(),
            ward_tasks: Vec::new(),
            waiting_ward: None,
            open: Vec::new(),
            rivals: Vec::new(),
            steps: steps.into(),
        }
    }

    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// When the next thing happens.
    pub fn next(&self) -> Option<Timestamp> {
        self.steps.front().map(|s| s.0)
    }

    /// Does the next thing.
    pub async fn step(&mut self, summary: &mut Summary) -> Result<()> {
        let Some((moment, step)) = self.steps.pop_front() else { return Ok(()) };
        let office = self.office.at(moment);
        match step {
            Step::Cascade => self.cascade(&office).await?,
            Step::Plans { again } => self.plans(&office, again, summary).await?,
            Step::AnswerPlans { again } => self.answer_plans(&office, again, summary).await?,
            Step::WardUpdates { month } => self.ward_updates(&office, month, summary).await?,
            Step::AnswerWards => self.answer_wards(&office, summary).await?,
            Step::Wait => self.wait(&office).await?,
            Step::City(update) => self.city(&office, update, summary).await?,
            Step::AnswerCity { id, approve, reason } => {
                if let Some(r) = found(office.find(TASK, id).await)? {
                    office.answer_task(&self.cast.coordinator, id, r.version, approve, reason).await?;
                    if approve { summary.tasks_approved += 1 } else { summary.tasks_returned += 1 }
                }
            }
            Step::Figures { year, month, as_of } => self.figures(&office, year, month, as_of, summary).await?,
            Step::AnswerFigures { all } => self.answer_figures(&office, all, summary).await?,
            Step::Contradiction => self.contradiction(&office, summary).await?,
            Step::AnswerContradiction => {
                for id in &self.rivals {
                    let version = office.find(FIGURE, id).await?.version;
                    office.answer_figure(&self.cast.coordinator, id, version, true, "").await?;
                    summary.figures_approved += 1;
                }
            }
            Step::Decide => {
                if let Some(id) = self.rivals.last() {
                    let reason = "Số của Phòng Văn hóa và Thông tin đo tại hiện trường cuối tháng 12, mới và đủ 17 đơn vị hơn.";
                    let open = office.conflicts(&self.cast.chair).await?;
                    let of = |c: &&crate::programme::Conflict| c.figures.iter().any(|f| f.record.id.to_string() == *id);
                    let seen = open.iter().find(of).map(crate::programme::Conflict::seen).unwrap_or_default();
                    office.decide_figure(&self.cast.chair, id, &seen, reason).await?;
                    summary.conflicts_decided += 1;
                }
            }
            Step::Spending => {
                self.hand_in(
                    &office,
                    &self.cast.data.clone(),
                    "IN-008",
                    &self.cast.city.to_string(),
                    "2025Q1",
                    "2025-03-31",
                    "2,64%",
                    summary,
                )
                .await?;
                self.answer_figures(&office.at(moment.plus_days(1)), true, summary).await?;
            }
            Step::Freeze(period, reason) => {
                let head = office.store().head().await?.size;
                office.live().wait_for(head as u64, std::time::Duration::from_secs(120)).await;
                let freeze = office.freeze(&self.cast.coordinator, period, reason).await?;
                summary.frozen.push((period.to_string(), freeze.figures.len()));
            }
        }
        Ok(())
    }

    /// The id when the register has it: packs differ.
    async fn known(&self, office: &Office, register: &str, id: &str) -> Result<String> {
        Ok(found(office.find(register, id).await)?.map_or_else(String::new, |_| id.to_owned()))
    }

    async fn cascade(&mut self, office: &Office) -> Result<()> {
        let each: Vec<String> = self.cast.wards.iter().map(|w| w.key.to_string()).collect();
        if each.is_empty() {
            return Ok(());
        }
        let base = NewTask {
            responsibility: "Chủ tịch UBND phường, xã chịu trách nhiệm trước Chủ tịch UBND thành phố.".into(),
            authority: "Trong thẩm quyền của UBND phường, xã; vượt thẩm quyền thì trình UBND thành phố.".into(),
            starts_on: "2025-04-14".into(),
            ..NewTask::default()
        };
        let plans = NewTask {
            title: "Ban hành kế hoạch của phường, xã thực hiện các chỉ tiêu chuyển đổi số".into(),
            deadline: "2025-05-15".into(),
            product: "Kế hoạch đã ký số".into(),
            directive: self.known(office, DIRECTIVE, "DI-12").await?,
            ..base.clone()
        };
        self.plan_tasks = office.assign_task(&self.cast.coordinator, &plans, &each).await?;
        let rate = NewTask {
            title: "Đưa tỷ lệ hồ sơ toàn trình của phường, xã đạt tối thiểu 70 %".into(),
            deadline: "2025-08-30".into(),
            product: "Báo cáo hằng tháng kèm minh chứng".into(),
            directive: self.known(office, DIRECTIVE, "DI-09").await?,
            target: self.known(office, TARGET, "T-01").await?,
            parent: self.known(office, TASK, "PL-01").await?,
            ..base
        };
        self.ward_tasks = office.assign_task(&self.cast.chair, &rate, &each).await?;
        Ok(())
    }

    /// Those whose first plan is returned.
    fn returned(i: usize) -> bool {
        i == 5 || i == 15
    }

    async fn plans(&mut self, office: &Office, again: bool, summary: &mut Summary) -> Result<()> {
        let list: Vec<usize> = (0..self.plan_tasks.len()).filter(|i| !again || Self::returned(*i)).collect();
        together(list.iter().map(|i| {
            let ward = &self.cast.wards[*i];
            let input = UpdateInput {
                progress: 100,
                text: format!("{} đã ban hành kế hoạch{}.", ward.name, if again { ", bổ sung tiêu chí từng chỉ tiêu" } else { "" }),
                submit: true,
                ..UpdateInput::default()
            };
            report(office, &ward.officer, &self.plan_tasks[*i], input, format!("Kế hoạch của {} (mô phỏng)", ward.name))
        }))
        .await?;
        summary.task_updates += list.len();
        summary.evidence_files += list.len();
        Ok(())
    }

    async fn answer_plans(&mut self, office: &Office, again: bool, summary: &mut Summary) -> Result<()> {
        let list: Vec<usize> = (0..self.plan_tasks.len()).filter(|i| !again || Self::returned(*i)).collect();
        together(list.iter().map(|i| {
            let approve = again || !Self::returned(*i);
            let reason = if approve {
                ""
            } else {
                "Kế hoạch chưa nêu thời gian hoàn thành và tiêu chí cụ thể cho từng chỉ tiêu."
            };
            answer(office, &self.cast.coordinator, &self.plan_tasks[*i], approve, reason)
        }))
        .await?;
        let returned = list.iter().filter(|i| !again && Self::returned(**i)).count();
        summary.tasks_approved += list.len() - returned;
        summary.tasks_returned += returned;
        Ok(())
    }

    /// How far a ward is with the end-to-end target in the last months of the year, 0…1.
    fn share(&self, ward: usize, months_back: f64) -> f64 {
        let (from, to) = self.cast.wards[ward].end_to_end;
        from + (to - from) * (11.0 - months_back) / 11.0
    }

    async fn ward_updates(&mut self, office: &Office, month: usize, summary: &mut Summary) -> Result<()> {
        let mut reports = Vec::new();
        for i in (0..self.ward_tasks.len()).filter(|i| Some(*i) != self.waiting_ward) {
            let ward = &self.cast.wards[i];
            let share = self.share(i, 2.0 - month as f64);
            let done = month == 2 && share >= 0.7;
            // Two wards forget a month; the rule about silence sees it.
            if month == 1 && (i == 13 || i == 16) {
                continue;
            }
            let behind = share < 0.58;
            let progress = ((share / 0.7 * 100.0) as u8).min(if done { 100 } else { 99 });
            let input = UpdateInput {
                progress,
                text: format!(
                    "Tháng {}/2025: tỷ lệ toàn trình khoảng {:.0} %; {}.",
                    month + 4,
                    share * 100.0,
                    *self.dice.pick(&[
                        "tổ công nghệ số hướng dẫn tại khu phố",
                        "mở điểm hỗ trợ nộp hồ sơ tại nhà văn hóa",
                        "rà soát thủ tục còn nộp giấy",
                        "trực hỗ trợ vào thứ Sáu"
                    ])
                ),
                difficulties: if behind || self.dice.chance(0.4) { (*self.dice.pick(DIFFICULTIES)).into() } else { String::new() },
                proposals: if behind || self.dice.chance(0.3) { (*self.dice.pick(PROPOSALS)).into() } else { String::new() },
                evidence: Vec::new(),
                submit: done,
            };
            let name = format!("Minh chứng tháng {}/2025 của {} (mô phỏng)", month + 4, ward.name);
            reports.push((ward.officer.clone(), self.ward_tasks[i].clone(), input, name));
        }
        let n = reports.len();
        together(reports.into_iter().map(|(actor, id, input, name)| async move { report(office, &actor, &id, input, name).await })).await?;
        summary.task_updates += n;
        summary.evidence_files += n;
        Ok(())
    }

    /// What the best wards handed in: approved, one returned, one still waiting for an answer.
    async fn answer_wards(&mut self, office: &Office, summary: &mut Summary) -> Result<()> {
        let mut submitted = Vec::new();
        for id in &self.ward_tasks {
            if office.find(TASK, id).await?.state == "submitted" {
                submitted.push(id.clone());
            }
        }
        for (k, id) in submitted.iter().enumerate() {
            match k {
                0 => {
                    let reason = "Thiếu danh sách hồ sơ toàn trình tháng 6 theo thủ tục.";
                    answer(office, &self.cast.coordinator, id, false, reason).await?;
                    summary.tasks_returned += 1;
                }
                1 => {}
                _ => {
                    answer(office, &self.cast.coordinator, id, true, "").await?;
                    summary.tasks_approved += 1;
                }
            }
        }
        Ok(())
    }

    async fn wait(&mut self, office: &Office) -> Result<()> {
        let Some(last) = self.ward_tasks.len().checked_sub(1) else { return Ok(()) };
        let version = office.find(TASK, &self.ward_tasks[last]).await?.version;
        let what = "Chờ hướng dẫn của tỉnh về thủ tục đất đai được nộp toàn trình tại xã đảo";
        office.wait_task(&self.cast.wards[last].officer, &self.ward_tasks[last], version, what).await?;
        self.waiting_ward = Some(last);
        Ok(())
    }

    async fn city(&mut self, office: &Office, update: &CityUpdate, summary: &mut Summary) -> Result<()> {
        let Some(task) = found(office.find(TASK, update.id).await)? else { return Ok(()) };
        if !matches!(task.state.as_str(), "assigned" | "in_progress" | "returned" | "waiting" | "draft") {
            return Ok(());
        }
        let actor = self.cast.reporter(&task.unit).clone();
        let input = UpdateInput {
            progress: update.progress,
            text: update.text.into(),
            difficulties: update.difficulties.into(),
            proposals: update.proposals.into(),
            evidence: Vec::new(),
            submit: update.submit,
        };
        report(office, &actor, update.id, input, format!("Minh chứng {} ngày {} (mô phỏng)", update.id, update.on)).await?;
        summary.task_updates += 1;
        summary.evidence_files += 1;
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "a figure in all its parts")]
    async fn hand_in(
        &mut self,
        office: &Office,
        actor: &Arc<Actor>,
        indicator: &str,
        unit: &str,
        period: &str,
        as_of: &str,
        written: &str,
        summary: &mut Summary,
    ) -> Result<()> {
        if office.world().indicator(indicator).is_none() {
            return Ok(());
        }
        let id = office.submit_figure(actor, &figure(indicator, unit, period, as_of, written, Vec::new())).await?;
        self.open.push((id, None));
        summary.figures_submitted += 1;
        Ok(())
    }

    /// What wards and the city count by hand: fee exemption (IN-004), coverage (IN-036), work files online (IN-009).
    async fn figures(&mut self, office: &Office, year: i16, month: i8, as_of: Date, summary: &mut Summary) -> Result<()> {
        let (period, day) = (format!("{year}-{month:02}"), as_of.to_string());
        let k = f64::from(month - 4);
        let mut list = Vec::new();
        for (i, ward) in self.cast.wards.iter().enumerate() {
            let unit = ward.key.to_string();
            // Eleven wards have it by June.
            let exemption =
                if i % 3 != 2 { (50.0 + 25.0 * k + 4.0 * (i % 4) as f64).min(100.0) } else { 20.0 + 22.0 * k + 2.0 * (i % 5) as f64 };
            let exemption = if month >= 6 && i % 3 != 2 { 100.0 } else { exemption };
            let coverage = (95.5 + (i % 5) as f64 + k * 0.7).min(100.0);
            for (indicator, value) in [("IN-004", exemption), ("IN-036", coverage)] {
                if office.world().indicator(indicator).is_some() {
                    let written = format!("{value:.1}%").replace('.', ",").replace(",0%", "%");
                    let reason = (month == 5 && indicator == "IN-036" && i % 8 == 3).then_some("Chưa có bản đồ vùng phủ sóng kèm theo.");
                    list.push((
                        ward.officer.clone(),
                        figure(indicator, &unit, &period, &day, &written, Vec::new()),
                        reason,
                        ward.name.clone(),
                    ));
                }
            }
        }
        let submitted = together(list.into_iter().map(|(actor, mut input, reason, name)| async move {
            let text = format!("Bảng số liệu {} {} của {name} (mô phỏng)", input.indicator, input.period);
            input.evidence = vec![evidence(office, &actor, text).await?];
            Ok((office.submit_figure(&actor, &input).await?, reason))
        }))
        .await?;
        summary.figures_submitted += submitted.len();
        summary.evidence_files += submitted.len();
        self.open.extend(submitted);
        let city = self.cast.city.to_string();
        let data = self.cast.data.clone();
        let online = ["78%", "86%", "93%"][usize::try_from(month - 4).unwrap_or(0).min(2)];
        self.hand_in(office, &data, "IN-009", &city, &period, &day, online, summary).await?;
        let wards = ["4/17", "8/17", "11/17"][usize::try_from(month - 4).unwrap_or(0).min(2)];
        self.hand_in(office, &data, "IN-004", &city, &period, &day, wards, summary).await?;
        Ok(())
    }

    async fn answer_figures(&mut self, office: &Office, all: bool, summary: &mut Summary) -> Result<()> {
        let mut open = std::mem::take(&mut self.open);
        if !all {
            // The rest waits on the coordinator's desk.
            open.truncate(open.len() * 2 / 3);
        }
        let returned = open.iter().filter(|(_, r)| r.is_some()).count();
        summary.figures_returned += returned;
        summary.figures_approved += open.len() - returned;
        let coordinator = &self.cast.coordinator;
        together(open.into_iter().map(|(id, reason)| async move {
            let version = office.find(FIGURE, &id).await?.version;
            office.answer_figure(coordinator, &id, version, reason.is_none(), reason.unwrap_or_default()).await
        }))
        .await?;
        Ok(())
    }

    async fn contradiction(&mut self, office: &Office, summary: &mut Summary) -> Result<()> {
        if office.world().indicator("IN-036").is_none() {
            return Ok(());
        }
        let city = self.cast.city.to_string();
        for (written, from) in [("98,5%", "Phòng Quản lý đô thị"), ("99,2%", "Phòng Văn hóa và Thông tin")] {
            let mut input = figure("IN-036", &city, "2024", "2024-12-31", written, Vec::new());
            input.source = format!("Báo cáo năm 2024 của {from} (mô phỏng)");
            self.rivals.push(office.submit_figure(&self.cast.data, &input).await?);
            summary.figures_submitted += 1;
        }
        Ok(())
    }
}

fn found<T>(r: Result<T>) -> Result<Option<T>> {
    match r {
        Ok(v) => Ok(Some(v)),
        Err(Error::Refused(r)) if r.code == "not_found" => Ok(None),
        Err(e) => Err(e),
    }
}

fn figure(indicator: &str, unit: &str, period: &str, as_of: &str, written: &str, evidence: Vec<String>) -> FigureInput {
    FigureInput {
        indicator: indicator.into(),
        unit: unit.into(),
        period: period.into(),
        as_of: as_of.into(),
        written: written.into(),
        source: "Báo cáo của đơn vị (mô phỏng)".into(),
        note: String::new(),
        evidence,
    }
}

async fn evidence(office: &Office, actor: &Actor, title: String) -> Result<String> {
    let text = format!("DỮ LIỆU MÔ PHỎNG\n{title}\nNgười lập: {}\nNgày: {}\n", actor.name, office.today());
    let upload = Upload { name: format!("{title}.txt"), media_type: String::new(), bytes: text.into_bytes() };
    Ok(office.keep_evidence(&actor.account, upload).await?.sha256)
}

async fn report(office: &Office, actor: &Actor, id: &str, mut input: UpdateInput, name: String) -> Result<()> {
    input.evidence.push(evidence(office, actor, name).await?);
    let version = office.find(TASK, id).await?.version;
    office.update_task(actor, id, version, &input).await
}

async fn answer(office: &Office, actor: &Actor, id: &str, approve: bool, reason: &str) -> Result<()> {
    let version = office.find(TASK, id).await?.version;
    office.answer_task(actor, id, version, approve, reason).await
}
