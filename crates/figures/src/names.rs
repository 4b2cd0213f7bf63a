//! From numbers back to names.

use crate::engine::{Engine, IndicatorIdx, RegisterIdx};

impl Engine {
    /// Id of an indicator.
    #[must_use]
    pub fn indicator_id(&self, indicator: IndicatorIdx) -> Option<&str> {
        let (register, item) = self.item(indicator)?;
        register.set.def(item).map(|d| d.id.as_str())
    }

    /// Name of a register.
    #[must_use]
    pub fn register_name(&self, register: RegisterIdx) -> Option<&str> {
        self.registers.get(register.0 as usize).map(|r| r.name.as_str())
    }
}
