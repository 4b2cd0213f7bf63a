//! Axis steps that people can read: 1, 2 or 5 times a power of ten.

/// From a value to a pixel, with the steps to label.
pub(crate) struct Scale {
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) step: f64,
}

impl Scale {
    /// Covers all `values` with about `steps` steps. `cap` bounds the top (1.0 for shares that cannot exceed it).
    pub(crate) fn over(values: impl Iterator<Item = f64>, steps: f64, cap: Option<f64>) -> Self {
        let (mut low, mut high) = values.filter(|v| v.is_finite()).fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        // From zero, unless the movement would be flattened to a line: then the axis says where it begins.
        if low >= 0.0 && low < high * 0.6 {
            low = 0.0;
        }
        if high - low < f64::EPSILON.max(high.abs() * 1e-9) {
            let pad = if high == 0.0 { 1.0 } else { high.abs() * 0.05 };
            low -= pad;
            high += pad;
        }
        let step = nice((high - low) / steps);
        let mut scale = Self { low: (low / step).floor() * step, high: (high / step).ceil() * step, step };
        if let Some(cap) = cap.filter(|cap| high <= *cap * (1.0 + 1e-9)) {
            scale.high = scale.high.min(cap);
        }
        scale
    }

    /// Begins lower, where the axis covers less than `span`; never below zero.
    pub(crate) fn widen(&mut self, span: f64) {
        if self.high - self.low >= span {
            return;
        }
        self.step = nice(span / 4.0);
        self.low = ((self.high - span) / self.step + 1e-9).floor().max(0.0) * self.step;
    }

    /// The values to label, lowest first.
    pub(crate) fn ticks(&self) -> Vec<f64> {
        let mut out = Vec::new();
        let mut i = 0.0;
        while self.low + i * self.step <= self.high + self.step * 1e-6 && out.len() < 20 {
            out.push(self.low + i * self.step);
            i += 1.0;
        }
        out
    }

    /// 0 at the low end, 1 at the high end.
    pub(crate) fn share(&self, value: f64) -> f64 {
        ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }
}

fn nice(raw: f64) -> f64 {
    let power = 10f64.powf(raw.log10().floor());
    let lead = raw / power;
    power
        * if lead <= 1.0 + 1e-9 {
            1.0
        } else if lead <= 2.0 {
            2.0
        } else if lead <= 5.0 {
            5.0
        } else {
            10.0
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_cover_the_values() {
        for values in [vec![0.132, 0.682], vec![0.9935, 0.9999], vec![3.0, 1_246.0], vec![7.0], vec![0.0], vec![]] {
            let scale = Scale::over(values.iter().copied(), 4.0, None);
            let ticks = scale.ticks();
            assert!((2..=8).contains(&ticks.len()), "{values:?} → {ticks:?}");
            for v in &values {
                assert!(scale.low <= *v + 1e-12 && *v <= scale.high + 1e-12, "{v} outside {ticks:?}");
            }
        }
    }

    #[test]
    fn a_narrow_axis_is_widened_to_round_steps() {
        let mut scale = Scale::over([0.9702, 0.9985].into_iter(), 4.0, Some(1.0));
        scale.widen(0.1);
        assert!((scale.low - 0.9).abs() < 1e-9 && scale.ticks().len() == 3, "{:?}", scale.ticks());
        let mut wide = Scale::over([0.132, 0.682].into_iter(), 4.0, Some(1.0));
        let before = wide.low;
        wide.widen(0.1);
        assert!((wide.low - before).abs() < 1e-12);
    }

    #[test]
    fn a_share_never_gets_an_axis_above_one_hundred_per_cent() {
        let scale = Scale::over([0.985, 0.9985].into_iter(), 4.0, Some(1.0));
        assert!(scale.high <= 1.0);
    }
}
